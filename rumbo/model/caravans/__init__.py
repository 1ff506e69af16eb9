"""Caravans: when they form, who is in them, and what may happen to them on the way."""
