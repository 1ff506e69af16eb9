"""A corridor's folder, read and checked; what is assumed; every value on every day.

Imports files and scores.
"""
