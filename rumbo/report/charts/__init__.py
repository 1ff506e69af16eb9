"""Charts: specifications drawn once, and the rows that fill them."""
