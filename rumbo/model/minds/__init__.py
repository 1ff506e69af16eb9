"""How people reckon what going now is worth against waiting."""
