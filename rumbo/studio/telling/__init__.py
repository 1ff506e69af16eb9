"""What the page is told in words: the corridor, the sentence that answers, what differs."""
