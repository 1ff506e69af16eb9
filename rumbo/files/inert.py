"""Texts in tables that a spreadsheet would run as formulas are made inert."""

from typing import Any

import pandas as pd

PLAIN = "%.12g"
"""Form of numbers: as many digits as are told apart, and none after the point of a whole one."""

RUN = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that spreadsheets take for a formula."""


def inert(value: Any) -> Any:
    """Return a value as a cell that no spreadsheet runs; numbers stay numbers.

    Parameters
    ----------
    value
        What a cell holds; a text such as ``=1+1`` gets an apostrophe before it, as spreadsheets
        themselves mark texts.

    Returns
    -------
    object
    """
    if not isinstance(value, str) or len(value) < 2 or not value.startswith(RUN):
        return value
    if _number(value):
        return value
    return f"'{value}"


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def to_csv(table: pd.DataFrame) -> str:
    """Return a table as comma-separated text with inert cells and headings.

    Parameters
    ----------
    table
        The table; its index is left out.

    Returns
    -------
    str
    """
    texts = {name: column.map(inert) for name, column in table.items() if _texts(column)}
    named = table.assign(**texts).rename(columns=inert)
    text: str = named.to_csv(index=False, lineterminator="\n", float_format=PLAIN)
    return text


def _texts(column: "pd.Series[Any]") -> bool:
    return not pd.api.types.is_numeric_dtype(column)
