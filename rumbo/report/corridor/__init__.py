"""The report of a corridor: its chapters."""
