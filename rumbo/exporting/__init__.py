"""A result as files for a spreadsheet, a map, a database or another model.

Imports files and scores.
"""

from rumbo.exporting.folder import export

__all__ = ["export"]
