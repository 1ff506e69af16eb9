"""Questions answered: ahead of a day, and claims held against the record."""
