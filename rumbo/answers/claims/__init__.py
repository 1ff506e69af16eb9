"""Claims held against the record by tests with thresholds of a dated table."""
