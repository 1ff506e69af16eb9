"""Questions that a corridor names: what is asked, which scenarios answer it, and from when."""
