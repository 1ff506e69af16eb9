"""A scenario compiled, run day by day in many members, labelled, and kept in a folder.

Imports files, scores, engine, scenario and model.
"""
