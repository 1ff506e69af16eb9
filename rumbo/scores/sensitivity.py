"""What a headline hangs on: the strongest rows of a table of sensitivities."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

HANGS = 5
"""Values that are named: as many as a reader keeps in mind."""

TOGETHER = "*"
"""Stands for the parameter where a row tells of the strongest values together."""

Row = dict[str, Any]


class Hanging(NamedTuple):
    """What an output hangs on.

    Attributes
    ----------
    rows
        The strongest rows, in order.
    share
        Share of the output's variance that these values make, each alone, with the ends of its
        range; None where it was not worked out.
    """

    rows: tuple[Row, ...]
    share: tuple[float, float, float] | None


def strongest(table: Iterable[Row], output: str) -> Hanging:
    """Return what an output hangs on.

    Parameters
    ----------
    table
        Rows of ``sensitivity.csv``; those of an output stand in order of their strength.
    output
        The output, such as ``effect``.

    Returns
    -------
    Hanging
        Values that do not move the output are left out.
    """
    rows = [row for row in table if row["output"] == output]
    named = [row for row in rows if row["parameter"] != TOGETHER and row["mu_star"]]
    shares = [
        (float(row["first"]), float(row["first_low"]), float(row["first_high"]))
        for row in rows
        if row["parameter"] == TOGETHER and not _lacks(row["first"])
    ]
    return Hanging(tuple(named[:HANGS]), shares[0] if shares else None)


def _lacks(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
