"""The studio: a page on one's own machine where a lever is moved and the corridor answers."""
