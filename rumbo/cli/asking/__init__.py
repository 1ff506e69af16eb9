"""A question asked on the command line: what it says, what it runs, and pages of places."""
