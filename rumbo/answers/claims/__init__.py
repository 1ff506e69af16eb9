"""Claims held against the record by tests whose thresholds were fixed before."""
