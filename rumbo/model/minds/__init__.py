"""What people believe, and what it makes of their setting out: arrays and their tables."""
