"""What a page holds, its words, its template, and how it is written."""
