"""A named question answered, and all that is known of one place."""
