"""Where a fit starts: the centre at which one expected run meets the record, and what is around."""
