"""The command line: what is asked, what is shown.

Imports every other room.
"""
