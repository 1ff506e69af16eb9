"""Dated cases: what the record says of minds."""
