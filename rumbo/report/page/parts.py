"""What a page is made of: charts, tables and figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup, escape

from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import text

Row = dict[str, Any]
"""One row of a chart's data, or of a table that a result carries."""

DASH = "\u2013"


@dataclass(frozen=True)
class Table:
    """A table, its first column naming the rows.

    Parameters
    ----------
    heads
        Titles of the columns.
    rows
        Cells as they are printed.
    caption
        What the table shows.
    wrap
        Whether cells hold sentences, not numbers.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    wrap: bool = False


@dataclass(frozen=True)
class Chart:
    """One chart: the name of a specification and its data.

    Parameters
    ----------
    spec
        Name of the specification.
    data
        Rows of each named dataset.
    title
        Heading over the chart.
    alt
        What it shows, for those who do not see it.
    colour
        Colour of the series.
    size
        Class of its box: wide, half, small, map or calendar.
    height
        Height in pixels where the class does not give it.
    params
        Values of the specification's parameters beside the colour.
    """

    spec: str
    data: dict[str, list[Row]]
    title: str
    alt: str
    colour: str = COLOURS[0]
    size: str = "small"
    height: int = 0
    params: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """Charts with a title, a description and the table behind them.

    Parameters
    ----------
    name
        Anchor in the page.
    title, text
        Heading and description.
    charts
        The charts.
    table
        The figures drawn.
    legend
        Keys of the legend's entries.
    colour
        Colour of the legend's ranges.
    """

    name: str
    title: str
    text: str
    charts: Sequence[Chart]
    table: Table
    legend: Sequence[str] = field(default=("wide", "half", "middle", "observed"))
    colour: str = COLOURS[0]


def trimmed(table: Table) -> Table:
    """Return a table without the columns in which nothing stands."""
    kept = [
        n
        for n in range(len(table.heads))
        if any(str(row[n]) not in ("", DASH) for row in table.rows)
    ]
    rows = [[row[n] for n in kept] for row in table.rows]
    return replace(table, heads=[table.heads[n] for n in kept], rows=rows)


def link(label: str, address: object) -> str:
    """Return a link to a source where its address is one of the web, else its name."""
    to = text(address)
    if not to.lower().startswith(("https://", "http://")):
        return label
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(escape(to), label)
