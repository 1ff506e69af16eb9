"""Colours and dashes of a page."""

from typing import Any

Spec = dict[str, Any]

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#5d3a00", "#56b4e9")
"""One colour for each scenario (Okabe and Ito's, told apart by the colour-blind)."""

INK, SOFT, GRID = "#222222", "#55585c", "#e4e4e0"
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])
"""One dash for each scenario, for print without colour."""


def colour(number: int) -> str:
    """Return the colour of a scenario."""
    return COLOURS[number % len(COLOURS)]
