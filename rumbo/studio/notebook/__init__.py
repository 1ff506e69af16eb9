"""The studio in a notebook: its page in a cell, its addresses answered by the kernel."""
