"""Members run by the workers of a cluster that is running already."""
