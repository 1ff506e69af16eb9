"""Forecasts as of a date, kept beside plain references, and how well their ranges held.

Components forecast one to six months from what was known on a day; a stack joins them by weights
learned from past origins; a rolling evaluation keeps the score. Imports fitting and what lies
below it.
"""
