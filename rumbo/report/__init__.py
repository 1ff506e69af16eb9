"""The report: one HTML file about a result, in English or Spanish, read without a network."""

from rumbo.report.page import write_report

__all__ = ["write_report"]
