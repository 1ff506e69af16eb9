"""Rows of charts and cells of tables, from a simulated series and the figures reported."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
import xarray as xr

from rumbo.report.page.parts import DASH, Chart, Row, Table
from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import HARD_SPACE, Words, rounded, text
from rumbo.report.read.ranges import Range, quantiles


class Line(NamedTuple):
    """A simulated series with its title, and the reported figures it is shown against."""

    title: str
    values: xr.DataArray
    observed: pd.DataFrame


def ranges(values: xr.DataArray) -> list[tuple[pd.Timestamp, Range]]:
    """Return the range over members in each month, or on each day."""
    along = time_of(values)
    ends = quantiles(values).transpose(along, "quantile")
    times = pd.DatetimeIndex(values[along].values)
    return [(at, Range(*map(float, row))) for at, row in zip(times, ends.values, strict=True)]


def time_of(values: xr.DataArray) -> str:
    """Return along which of month and day a series runs."""
    return "day" if "day" in values.dims else "month"


def fan_rows(values: xr.DataArray, words: Words, *, signed: bool = False) -> list[Row]:
    """Return the rows of a chart of ranges by month, or by day."""
    return [
        {
            "month": at.strftime("%Y-%m-%d"),
            **{name: rounded(end) for name, end in ends._asdict().items()},
            "when": words.time(at, time_of(values)),
            **_tip(ends, words, signed),
        }
        for at, ends in ranges(values)
    ]


def _tip(ends: Range, words: Words, signed: bool) -> Row:
    return {
        "wide": words.span(ends.low, ends.high, signed=signed),
        "half": words.span(ends.low_half, ends.high_half, signed=signed),
        "mid": words.signed(ends.middle) if signed else words.count(ends.middle),
    }


def observed_rows(observed: pd.DataFrame, words: Words, dimension: str = "month") -> list[Row]:
    """Return the rows of reported figures, with those who reported them."""
    return [
        {
            "month": row.month.strftime("%Y-%m-%d"),
            **{name: _known(getattr(row, name)) for name in ("value", "low", "high")},
            "at": _known(row.value if pd.notna(row.value) else row.high),
            "when": words.time(row.month, dimension),
            "seen": observed_text(row, words),
            "who": text(row.publisher),
        }
        for row in observed.itertuples()
    ]


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def observed_text(row: Any, words: Words) -> str:
    """Return a reported figure as printed: its range if it has one, then its value."""
    span = pd.notna(row.low) and pd.notna(row.high) and row.low != row.high
    wide = (
        f"{words.exact(row.low)} {words('to')}{HARD_SPACE}{words.exact(row.high)}" if span else ""
    )
    if pd.isna(row.value):
        return wide
    return f"{wide} ({words.exact(row.value)})" if wide else words.exact(row.value)


def fan(line: Line, words: Words, *, size: str = "small", colour: str = COLOURS[0]) -> Chart:
    """Return the chart of one series against its reported figures."""
    data = {
        "simulated": fan_rows(line.values, words),
        "observed": observed_rows(line.observed, words),
        "zero": [{"zero": 0}],
    }
    return Chart("fan", data, line.title, describe(line, words), colour, size)


def describe(line: Line, words: Words, *, signed: bool = False) -> str:
    """Return in words what a chart of one series shows."""
    months = ranges(line.values)
    top = max(months, key=lambda pair: pair[1].middle)
    low = min(months, key=lambda pair: pair[1].middle)
    told = words(
        "alt.series",
        title=line.title,
        first=words.month(months[0][0]),
        last=words.month(months[-1][0]),
        top=words.month(top[0]),
        top_range=words.span(top[1].low, top[1].high, signed=signed),
        low=words.month(low[0]),
        low_range=words.span(low[1].low, low[1].high, signed=signed),
    )
    count = len(line.observed)
    return f"{told} {words('alt.observed', count=count)}" if count else told


def month_table(lines: Iterable[Line], words: Words) -> Table:
    """Return the figures behind charts of series: a row for each series and month."""
    heads = ("head.series", "head.month", "head.wide", "head.half", "head.middle", "head.reported")
    rows = [row for line in lines for row in _month_rows(line, words)]
    return Table([words(head) for head in heads], rows, words("table.months"))


def _month_rows(line: Line, words: Words) -> list[list[str]]:
    said: dict[str, list[str]] = {}
    for row in observed_rows(line.observed, words):
        said.setdefault(row["month"], []).append(row["seen"])
    return [
        [
            line.title,
            words.month(at, short=True),
            words.span(ends.low, ends.high),
            words.span(ends.low_half, ends.high_half),
            words.count(ends.middle),
            "; ".join(said.get(at.strftime("%Y-%m-%d"), [])) or DASH,
        ]
        for at, ends in ranges(line.values)
    ]


def range_heads(words: Words) -> list[str]:
    """Return the titles of the columns of a range: ends, ends of the half, middle value."""
    keys = ("head.wide", "head.half", "head.middle")
    return [words(key) for key in keys if words.ranged or key != "head.half"]


def range_cells(ends: Range, words: Words, *, signed: bool = False) -> list[str]:
    """Return the cells of a range; of a single simulation, that there is none, and its value."""
    half = [words.span(ends.low_half, ends.high_half, signed=signed)] if words.ranged else []
    middle = words.signed(ends.middle) if signed else words.count(ends.middle)
    return [words.span(ends.low, ends.high, signed=signed), *half, middle]


def range_text(ends: Range, words: Words) -> str:
    """Return a range in words, its middle value last."""
    parts = {name: words.count(end) for name, end in ends._asdict().items()}
    if words.ranged:
        return words("crisis.range", **parts)
    return words("crisis.range_one", middle=parts["middle"], no_range=words("no_range"))
