"""Chapters of single mechanisms of the corridor."""
