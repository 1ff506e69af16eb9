"""Groups on the road: caravans that form, walk and end, beside those on record."""

import pandas as pd
import xarray as xr
from markupsafe import Markup

from rumbo.report.charts.rows import Curve, fan, month_table
from rumbo.report.page.parts import (
    DASH,
    Figure,
    Heading,
    PageBlock,
    Row,
    Section,
    Table,
    Text,
    cited,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import place_name, scenario_title
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run

SHOWN = 4
"""Most scenarios drawn."""

ENDS = {
    "caravan_left": "caravans.left",
    "caravan_accepted": "caravans.accepted",
    "caravan_stopped": "caravans.stopped",
    "caravan_arrived": "caravans.arrived",
}
"""Measures of how people leave a caravan, and their titles."""

OUTCOMES = {
    "arrived": "caravans.outcome.arrived",
    "papers": "caravans.outcome.papers",
    "dwindled": "caravans.outcome.dwindled",
    "bused": "caravans.outcome.bused",
    "stopped": "caravans.outcome.stopped",
    "dispersed": "caravans.outcome.dispersed",
    "returned": "caravans.outcome.returned",
    "halted": "caravans.outcome.halted",
    "went_on": "caravans.outcome.went_on",
}
"""Titles of how caravans on record ended."""

RECORD = (
    "caravans.day",
    "place",
    "caravans.size",
    "caravans.furthest",
    "caravans.end",
    "caravans.outcome",
    "who",
    "quality",
)
"""Heads of the table of those on record."""


def caravans(run: Run) -> Section | None:
    """Return what is told of caravans, or None where none can form."""
    if "caravan_walking" not in run.data.variables:
        return None
    words = run.words
    blocks: list[PageBlock] = [
        Text(words("caravans.text")),
        Text(words("caravans.assumed"), "warning"),
        _walking(run),
        _formed(run),
        _ended(run),
    ]
    if rows := _on_record(run):
        heads = words.heads(*RECORD)
        blocks += [Heading(words("caravans.record")), Text(words("caravans.record.text"))]
        blocks.append(Table(heads, rows, words("caravans.record.table"), wrap=True))
    return Section("caravans", words("caravans.part"), blocks)


def _walking(run: Run) -> Figure:
    """Return the figure of people walking, scenario by scenario."""
    words, people = run.words, run.sums("caravan_walking")
    curves = [
        Curve(scenario_title(name, run), people.isel(scenario=number))
        for number, name in enumerate(run.scenarios[:SHOWN])
    ]
    charts = [fan(one, words, size="wide", colour=colour(n)) for n, one in enumerate(curves)]
    titles = words("figure.caravans"), words("text.caravans")
    marks = [legend(words, "wide", "half", "middle")]
    return Figure("caravans", *titles, charts, month_table(curves, words), marks)


def _formed(run: Run) -> Table:
    """Return the table of caravans that form and of who joins, by month, beside the record."""
    words, formed, joined = run.words, run.sums("caravans_formed"), run.sums("caravan_joined")
    counted = pd.Series([row["day"][:7] for row in _departures(run)]).value_counts()
    rows = []
    for month in pd.DatetimeIndex(run.data["month"].values):
        many, people = (one.isel(scenario=0).sel(month=month) for one in (formed, joined))
        ends = spread(people)
        seen = int(counted.get(f"{month:%Y-%m}", 0))
        told = words.digits(seen) if len(counted) else DASH
        joining = words.span(ends.low, ends.high)
        rows.append([words.month(month, short=True), _whole(run, many), joining, told])
    heads = words.heads("month", "caravans.formed", "caravans.joined", "caravans.counted")
    title = words("caravans.months", scenario=scenario_title(run.scenarios[0], run))
    return Table(heads, rows, title)


def _whole(run: Run, many: xr.DataArray) -> str:
    """Return the range of a number of caravans, which are few; its mean where none are drawn."""
    words, ends = run.words, spread(many)
    if run.data.attrs.get("mode") == "expected":
        return words.digits(ends.middle, 1)
    return f"{words.digits(ends.low)}{DASH}{words.digits(ends.high)}"


def _ended(run: Run) -> Table:
    """Return the table of how people left their caravan, over the whole run."""
    words = run.words
    rows = []
    for number, name in enumerate(run.scenarios):
        joined = run.sums("caravan_joined").isel(scenario=number).sum("month")
        ends = [spread(run.sums(one).isel(scenario=number).sum("month")) for one in ENDS]
        cells = [words.span(one.low, one.high) for one in (spread(joined), *ends)]
        rows.append([scenario_title(name, run), *cells])
    heads = words.heads("tip.title", "caravans.joined", *ENDS.values())
    return Table(heads, rows, words("caravans.ended"))


def _departures(run: Run) -> list[Row]:
    """Return the caravans on record that set out in the days of the run."""
    first, last = f"{run.opening:%Y-%m-%d}", f"{run.closing:%Y-%m-%d}"
    return [row for row in run.records("events") if first <= text(row["day"]) < last]


def _on_record(run: Run) -> list[list[str]]:
    """Return a row for each caravan on record in the run."""
    words = run.words
    return [
        [
            _day(run, row),
            _place(run, row["place"]),
            _size(run, row),
            _place(run, row["furthest"]),
            words.day(row["end"]) or DASH,
            words(OUTCOMES.get(text(row["outcome"]), "caravans.outcome.unknown")),
            _who(run, row),
            words.maybe(f"quality.{row['quality']}", text(row["quality"])),
        ]
        for row in _departures(run)
    ]


def _day(run: Run, row: Row) -> str:
    if row["precision"] == "month":
        return run.words.month(pd.Timestamp(row["day"]), short=True)
    return run.words.day(row["day"])


def _place(run: Run, place: object) -> str:
    return place_name(run.places[text(place)], run.words) if text(place) else DASH


def _who(run: Run, row: Row) -> str:
    """Return who reported a caravan: the publishers of its sources."""
    keys = [key.strip() for key in text(row["source"]).split(";")]
    known = dict.fromkeys(
        text((run.sources.get(key) or {}).get("publisher")) or key for key in keys
    )
    return Markup("; ").join(cited(name) for name in known)


def _size(run: Run, row: Row) -> str:
    """Return the size that was reported: one number, or the ends of several reports."""
    ends = [n for n in (as_number(row["low"]), as_number(row["high"])) if n is not None]
    told = [run.words.exact(n) for n in dict.fromkeys(ends) if n == n]
    return f" {run.words('to')} ".join(told) or DASH
