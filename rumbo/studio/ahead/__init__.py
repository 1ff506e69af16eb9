"""Months ahead of a day, as the page asks for them and is told of them."""
