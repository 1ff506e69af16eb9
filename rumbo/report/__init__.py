"""The report: one HTML file about a result, in English or Spanish, read without a network."""

from rumbo.report.outlook import write_outlook
from rumbo.report.page import write_report
from rumbo.report.scorecard import write_scorecard

__all__ = ["write_outlook", "write_report", "write_scorecard"]
