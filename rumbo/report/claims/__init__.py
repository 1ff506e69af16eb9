"""Claims held against the record: the ledger as a page, and what is said of faults in its table."""
