"""Hindcasts of the corridor itself: fitted as of a day, run on, and held against what came."""
