"""Guided ways and their prices: what settings may say of them, and what is checked."""
