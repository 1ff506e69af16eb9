"""Caravans: what settings say of them, the way they take, and those on record."""
