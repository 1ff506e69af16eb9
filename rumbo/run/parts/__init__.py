"""A run in parts that need not know of one another, and how they are joined."""
