"""What stands before the chapters: the question, its answer, and how to write about it."""
