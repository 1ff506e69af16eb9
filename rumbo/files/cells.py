"""Cells of tables: what a column may hold, and text turned into values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.faults import Collector, choose, misspelt

Index = NDArray[np.int64]

MOST_PERSONS = 1e12
"""Persons beyond which a number is a slip: a hundred times all people on earth."""

NOT_COUNTED = "more than are counted exactly"
"""What persons beyond `MOST_PERSONS` are."""

ROUND_EARTH = 40_075.0
"""Kilometres of the equator."""

BEYOND_EARTH = "further than once round the earth"
"""What kilometres beyond `ROUND_EARTH` are."""


@dataclass(frozen=True)
class Column:
    """What a column may hold.

    Attributes
    ----------
    name
        Heading.
    kind
        text, id, number, "number or inf" (no limit), date, month, or "date or part" (text of a
        date, a month or a year).
    needed
        Whether the file must have the column.
    filled
        Whether every row must have a value.
    low, high
        Range of a number; where it may be ``inf``, that is never too large.
    known
        Values that a text may take; empty allows any.
    usual
        Values that a text usually takes: a misspelt one is a fault, another word is not.
    beyond
        What a number above ``high`` would be, for messages.
    counts
        Whether the numbers are counts, of which one such as 1.240 is dubious.
    adds
        What a column that may be left out would add.
    """

    name: str
    kind: str = "text"
    needed: bool = True
    filled: bool = False
    low: float = -np.inf
    high: float = np.inf
    known: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    beyond: str = ""
    counts: bool = False
    adds: str = ""


def parse_column(
    file: str,
    column: Column,
    cells: Sequence[str],
    line: Index,
    faults: Collector,
    warnings: Collector | None = None,
) -> pd.Series:
    """Turn a column of text into values.

    Each distinct text is parsed once, and a wrong one noted at the first row that has it.

    Parameters
    ----------
    file
        Name of the file.
    column
        What the column may hold.
    cells
        The texts.
    line
        Line in the file of each; shape (n,).
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious; nowhere if None.

    Returns
    -------
    pandas.Series
        Text, floats (NaN where empty or wrong) or times (NaT where empty or wrong).
    """
    code, distinct = _stripped(cells)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[code[::-1]] = line[::-1]
    parse, empty = _PARSERS[column.kind]
    values: list[object] = [empty] * len(distinct) if empty != "" else list(distinct)
    times = np.bincount(code, minlength=len(distinct))
    for i, text in enumerate(distinct):
        try:
            values[i] = _value(column, text, parse, empty)
        except _WrongCell as wrong:
            more = f" (and {times[i] - 1} more rows)" if times[i] > 1 else ""
            message = f"{column.name} {wrong.message}{more}"
            faults.add(file, int(first[i]), message, wrong.cure, f"column {column.name}")
    if column.counts and warnings is not None:
        _warn_of_dots(file, column, distinct, first, warnings)
    return _series(column.kind, values, code)


def _stripped(cells: Sequence[str]) -> tuple[NDArray[np.intp], list[str]]:
    """Number texts without the blanks around them: that of each, and the distinct ones."""
    code, written = pd.factorize(np.array(cells, dtype=object))
    same, distinct = pd.factorize(np.array([text.strip() for text in written], dtype=object))
    return same[code], distinct.tolist()


def _warn_of_dots(
    file: str, column: Column, distinct: Sequence[str], first: Index, warnings: Collector
) -> None:
    """Note a count such as 1.240, which may be 1240 as much of the world writes it."""
    dotted = [i for i, text in enumerate(distinct) if re.fullmatch(r"\d{1,3}\.\d{3}", text)]
    if dotted:
        at = min(dotted, key=lambda i: int(first[i]))
        more = f" (and {len(dotted) - 1} more numbers)" if len(dotted) > 1 else ""
        message = (
            f"{column.name} is {distinct[at]}{more}, read as {float(distinct[at]):g}; "
            "such counts are whole numbers"
        )
        cure = "Write thousands without a dot, such as 1240, unless a fraction is meant"
        warnings.add(file, int(first[at]), message, cure)


def _series(kind: str, values: list[object], code: NDArray[np.intp]) -> pd.Series:
    if kind.startswith("number"):
        return pd.Series(np.array(values, dtype=np.float64)[code])
    if kind in ("date", "month"):
        return pd.Series(np.array(values, dtype="datetime64[ns]")[code])
    return pd.Series(np.array(values, dtype=object)[code], dtype=str)


class _WrongCell(Exception):
    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def _value(column: Column, text: str, parse: Callable[[str], object], empty: object) -> object:
    if not text:
        if column.filled:
            raise _WrongCell(f"is empty, expected {_a(column.kind)}", "Fill the cell")
        return empty
    value = parse(text)
    if column.known and text not in column.known:
        raise _WrongCell(f"is '{text}', which is unknown", choose(text, column.known))
    if text not in column.usual and misspelt(text, column.usual):
        raise _WrongCell(f"is '{text}', which is unknown", choose(text, column.usual))
    unlimited = column.kind == "number or inf" and value == np.inf
    if isinstance(value, float) and not (column.low <= value <= column.high or unlimited):
        expected = bounded(column.low, column.high, column.beyond, value)
        shown = f"{value:g}" if "e" in text.lower() else text
        raise _WrongCell(f"is {shown}, expected {expected}", "Mend the number")
    return value


def bounded(low: float, high: float, beyond: str, value: float) -> str:
    """Return the words for a range that a number misses.

    Parameters
    ----------
    low, high
        Smallest and largest value allowed.
    beyond
        What a number above ``high`` would be; empty for ranges that say it themselves.
    value
        The number.

    Returns
    -------
    str
        Such as "0 or more" where it is too small, and "0 to 8760 (a link of more than a year)"
        where it is too large.
    """
    if not beyond:
        return allowed(low, high)
    return f"{allowed(low, high)} ({beyond})" if value > high else allowed(low, np.inf)


def allowed(low: float, high: float) -> str:
    """Return the words for a range of numbers.

    Parameters
    ----------
    low, high
        Smallest and largest value allowed; may be infinite.

    Returns
    -------
    str
        Such as "0 or more".
    """
    if np.isinf(high):
        return "any number" if np.isinf(low) else f"{low:g} or more"
    return f"{low:g} to {high:g}"


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_ID = re.compile(r"\w[\w.-]*")


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text) and np.isfinite(value := float(text)):
        return value
    if re.fullmatch(r"[+-]?\d{1,3}([,. ]\d{3})+|[+-]?\d+,\d+", text):
        cure = "Write it with a decimal point and no other separators, such as 1234.5"
    else:
        cure = "Write a finite number such as 12.5, or leave the cell empty where it may be"
    raise _WrongCell(f"is '{_short(text)}', expected a number", cure)


def _number_or_inf(text: str) -> float:
    return np.inf if text == "inf" else _number(text)


def _date(text: str) -> np.datetime64:
    try:
        # A year far off is a slip of the pen, such as 0203 for 2023.
        if len(text) != 10 or not 1900 <= int(text[:4]) <= 2200:
            raise ValueError(text)
        return np.datetime64(date.fromisoformat(text), "ns")
    except ValueError:
        raise _WrongCell(
            f"is '{_short(text)}', expected a date",
            "Write it as year-month-day, such as 2023-12-27",
        ) from None


def _month(text: str) -> np.datetime64:
    try:
        return _date(f"{text}-01") if len(text) == 7 else _date("")
    except _WrongCell:
        raise _WrongCell(
            f"is '{_short(text)}', expected a month", "Write it as year-month, such as 2023-12"
        ) from None


def _date_or_part(text: str) -> str:
    try:
        _date(f"{text}-01-01"[:10] if len(text) in (4, 7) else text)
    except _WrongCell as wrong:
        cure = f"{wrong.cure}, or as 2023-12 or 2023"
        raise _WrongCell(f"is '{_short(text)}', expected a date", cure) from None
    return text


def is_id(text: str) -> bool:
    """Whether a text may be an id: letters, digits, ``_``, ``-`` and ``.``."""
    return bool(_ID.fullmatch(text))


def _name(text: str) -> str:
    if not is_id(text):
        raise _WrongCell(
            f"is '{_short(text)}', expected an id",
            "Write letters, digits, '_', '-' or '.' without blanks",
        )
    return text


def _a(kind: str) -> str:
    return {"text": "text", "id": "an id"}.get(kind, f"a {kind.partition(' ')[0]}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


_NOT_A_TIME = np.datetime64("NaT", "ns")
_PARSERS: dict[str, tuple[Callable[[str], object], object]] = {
    "text": (str, ""),
    "id": (_name, ""),
    "number": (_number, np.nan),
    "number or inf": (_number_or_inf, np.nan),
    "date": (_date, _NOT_A_TIME),
    "month": (_month, _NOT_A_TIME),
    "date or part": (_date_or_part, ""),
}
