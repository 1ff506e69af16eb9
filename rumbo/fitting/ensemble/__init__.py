"""Ensembles of unknowns: moved towards figures, weighed by kind, and put in order."""
