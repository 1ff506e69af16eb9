"""The report of a crisis by day, and of learned shares: their chapters."""
