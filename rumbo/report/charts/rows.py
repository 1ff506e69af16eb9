"""Rows of charts and cells of tables, from a simulated series and the figures reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
import xarray as xr

from rumbo.report.charts.series import FAN
from rumbo.report.page.parts import DASH, Chart, Row, Table
from rumbo.report.page.style import COLOURS, colour
from rumbo.report.page.words import HARD_SPACE, Range, Words, rounded, text
from rumbo.report.read.names import publisher_name, scenario_title
from rumbo.report.read.ranges import quantiles
from rumbo.report.read.run import Run
from rumbo.scores.days import covered, length
from rumbo.scores.figures import DAYS

ZERO: list[Row] = [{"zero": 0}]
"""Data of the line at zero."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A simulated series with its title, and the reported figures it is shown against."""

    title: str
    values: xr.DataArray
    observed: pd.DataFrame = field(default_factory=pd.DataFrame)
    weak: bool = False
    """Whether it fails the record."""

    @cached_property
    def ranges(self) -> list[tuple[pd.Timestamp, Range]]:
        """The range over members in each month, or on each day."""
        return ranges(self.values)


def ranges(values: xr.DataArray) -> list[tuple[pd.Timestamp, Range]]:
    """Return the range over members in each month, or on each day."""
    along = _time_of(values)
    ends = quantiles(values).transpose(along, "quantile")
    times = pd.DatetimeIndex(values[along].values)
    return [(at, Range(*map(float, row))) for at, row in zip(times, ends.values, strict=True)]


def _time_of(values: xr.DataArray) -> str:
    """Return along which of month and day a series runs."""
    return "day" if "day" in values.dims else "month"


def _fan_rows(curve: Curve, words: Words, *, signed: bool = False) -> list[Row]:
    """Return the rows of a chart of ranges by month, or by day."""
    along, cut = _time_of(curve.values), _cut(curve.values)
    return [
        {
            "month": at.strftime("%Y-%m-%d"),
            **{name: rounded(end) for name, end in ends._asdict().items()},
            "when": _with_days(words.time(at, along), at, cut, words),
            "wide": words.span(ends.low, ends.high, signed=signed),
            "half": words.span(ends.low_half, ends.high_half, signed=signed),
            "mid": words.signed(ends.middle) if signed else words.count(ends.middle),
        }
        for at, ends in curve.ranges
    ]


def scenario_rows(
    run: Run, number: int, values: xr.DataArray, *, signed: bool = False
) -> list[Row]:
    """Return the rows of one scenario in a chart of several."""
    title = scenario_title(run.scenarios[number], run)
    about = {"scenario": number, "colour": colour(number), "title": title}
    rows = _fan_rows(Curve(title, values), run.words, signed=signed)
    return [{**row, **about} for row in rows]


def observed_rows(observed: pd.DataFrame, words: Words, dimension: str = "month") -> list[Row]:
    """Return the rows of reported figures, with those who reported them."""
    return [
        {
            "month": row.month.strftime("%Y-%m-%d"),
            **{name: _known(getattr(row, name)) for name in ("value", "low", "high")},
            "at": _known(row.value if pd.notna(row.value) else row.high),
            "when": words.time(row.month, dimension),
            "seen": observed_text(row, words),
            "who": publisher_name(text(row.publisher), words),
        }
        for row in observed.itertuples()
    ]


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def observed_text(row: Any, words: Words) -> str:
    """Return a reported figure as printed: its range if it has one, then its value."""
    value = "" if pd.isna(row.value) else words.exact(row.value)
    if pd.isna(row.low) or pd.isna(row.high) or row.low == row.high:
        return value
    span = f"{words.exact(row.low)} {words('to')}{HARD_SPACE}{words.exact(row.high)}"
    return f"{span} ({value})" if value else span


def fan(
    curve: Curve,
    words: Words,
    *,
    size: str = "small",
    colour: str = COLOURS[0],
    signed: bool = False,
    marks: Sequence[Row] = (),
) -> Chart:
    """Return the chart of one series by month against its reported figures, policies marked."""
    data = {
        "simulated": _fan_rows(curve, words, signed=signed),
        "observed": observed_rows(curve.observed, words),
        "marks": [*marks],
        "zero": ZERO,
    }
    told = _described(curve, words, signed)
    return Chart(FAN, data, curve.title, told, colour, size, weak=curve.weak)


def _described(curve: Curve, words: Words, signed: bool) -> str:
    """Return in words what a chart of one series shows."""
    months = curve.ranges
    top = max(months, key=lambda pair: pair[1].middle)
    low = min(months, key=lambda pair: pair[1].middle)
    sentence = words(
        "alt.series",
        title=curve.title,
        first=words.month(months[0][0]),
        last=words.month(months[-1][0]),
        top=words.month(top[0]),
        top_range=words.span(top[1].low, top[1].high, signed=signed),
        low=words.month(low[0]),
        low_range=words.span(low[1].low, low[1].high, signed=signed),
    )
    count = len(curve.observed)
    return f"{sentence} {words('alt.observed', count=count)}" if count else sentence


def publishers(curves: Iterable[Curve], words: Words) -> str:
    """Return who published the figures beside series, as a phrase; empty if there are none."""
    tables = [curve.observed for curve in curves if len(curve.observed)]
    names = dict.fromkeys(text(who) for one in tables for who in one["publisher"])
    return "; ".join(publisher_name(name, words) for name in names)


def month_table(curves: Iterable[Curve], words: Words) -> Table:
    """Return the figures behind charts of series: a row for each series and month."""
    rows = [row for curve in curves for row in _month_rows(curve, words)]
    heads = words.heads("series", "month", "wide", "half", "middle", "reported")
    return Table(heads, rows, words("table.months"))


def _month_rows(curve: Curve, words: Words) -> list[list[str]]:
    reported, cut = dict[str, list[str]](), _cut(curve.values)
    for row in observed_rows(curve.observed, words):
        reported.setdefault(row["month"], []).append(row["seen"])
    return [
        [
            curve.title,
            _with_days(time_cell(at, "month", words), at, cut, words),
            *words.range_cells(ends),
            "; ".join(reported.get(at.strftime("%Y-%m-%d"), [])) or DASH,
        ]
        for at, ends in curve.ranges
    ]


def time_rows(
    title: str, values: xr.DataArray, words: Words, *, signed: bool = False
) -> list[list[str]]:
    """Return the cells of a series: a row for each month or day with its range."""
    along, cut = _time_of(values), _cut(values)
    return [
        [
            title,
            _with_days(time_cell(at, along, words), at, cut, words),
            *words.range_cells(ends, signed=signed),
        ]
        for at, ends in ranges(values)
    ]


def _cut(values: xr.DataArray) -> dict[pd.Timestamp, int]:
    """Return how many days there are of each month that a run has in part."""
    if DAYS not in values.coords:
        return {}
    days = zip(values["month"].values, length(values).values, covered(values).values, strict=True)
    return {pd.Timestamp(at): int(count) for at, count, part in days if part < 1.0}


def _with_days(name: str, at: pd.Timestamp, cut: dict[pd.Timestamp, int], words: Words) -> str:
    """Return the name of a month; of one that is cut, with its days, as it is no whole one."""
    return words("month.part", month=name, days=words.digits(cut[at])) if at in cut else name


def time_cell(at: pd.Timestamp, dimension: str, words: Words) -> str:
    """Return a month, or a day that stays on one line in a narrow column."""
    if dimension == "month":
        return words.month(at, short=True)
    return words.day(at.isoformat()).replace(" ", HARD_SPACE)
