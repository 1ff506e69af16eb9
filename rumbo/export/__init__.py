"""A result as files for a spreadsheet, a map, a database or another model."""

from rumbo.export.folder import export

__all__ = ["export"]
