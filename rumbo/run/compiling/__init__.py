"""What a program is made of: structure, values in force, rates under them, ranges, wiring."""
