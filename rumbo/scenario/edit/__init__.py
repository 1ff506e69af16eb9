"""A corridor's folder made, changed and brought up to date."""
