"""Dated events whose outcome is not known before: their table, their branches, what is weighed."""
