"""What is told, read from a result, a forecast or an evaluation: numbers, no words."""
