"""Values of parameters: over time, within their ranges, held at a place of these."""
