"""Fresh months: files of agencies recognised, checked, kept, and told apart from what was known.

Imports rooms below; of a corridor's folder it writes figures, sources and kept files alone.
"""
