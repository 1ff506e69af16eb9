"""Chapters on single mechanisms."""
