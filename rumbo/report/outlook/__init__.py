"""The page of an outlook: who waits at a place in the months after a day, branch by branch."""
