"""Fresh months on the command line: files added to a corridor, and what they change."""
