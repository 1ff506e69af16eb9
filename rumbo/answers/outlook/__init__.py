"""Months ahead of a day: the corridor fitted as of it, and run on along every announced branch."""
