"""Charts and cells of months ahead."""

from collections.abc import Sequence

import pandas as pd

from rumbo.report.charts.ahead import AHEAD
from rumbo.report.page.parts import DASH, Chart, Legend, Mark, Row
from rumbo.report.page.words import Words, rounded
from rumbo.report.read.outlook import (
    HIGH,
    HIGH_HALF,
    LOW,
    LOW_HALF,
    MIDDLE,
    MIXED,
    NOWCAST,
    OutlookTable,
    ends_of,
)


def cell(row: Row, words: Words) -> str:
    """Return the 90 % range of a row, with its middle value."""
    ends = ends_of(row)
    return f"{words.span(ends.low, ends.high)} ({words.count(ends.middle)})"


def month_of(row: Row, words: Words, *, short: bool = True) -> str:
    """Return the month of a row, marked where it was over on the day and its figure not out."""
    told = words.month(row["month"], short=short)
    return words("forecast.nowcast", told=told) if row["kind"] == NOWCAST else told


def marks(words: Words, *, known: bool = True, came: bool = True) -> Legend:
    """Return the legend of a chart of months ahead."""
    tints = (("forecast.range_90", 22), ("forecast.range_50", 50))
    bands = [
        Mark(words(key), "", f"background:color-mix(in srgb, var(--hue) {tint}%, white)")
        for key, tint in tints
    ]
    ring = "width:9px;height:9px;border-radius:50%;border:2px solid #222;vertical-align:-1px"
    after = [Mark(words("outlook.mark.came"), "", ring)] if came else []
    before = [Mark(words("outlook.mark.known"), "observed")] if known else []
    return Legend([*bands, Mark(words("legend.middle"), "middle"), *before, *after])


def ahead_chart_of(
    told: OutlookTable, series: str, place: str, branch: str, title: str, colour: str
) -> Chart:
    """Return the chart of a series: what was known, the ranges ahead, and what came.

    Parameters
    ----------
    told
        The outlook.
    series, place, branch
        What is drawn.
    title, colour
        Heading and colour.

    Returns
    -------
    Chart
    """
    words = told.words
    rows = told.rows(series, place, branch)
    known = [one for one in told.about["seen"] if one["series"] == series and not place]
    after = {} if branch != MIXED else told.after(series, place)
    data = {
        "ahead": [_band(row, words) for row in rows],
        "known": [_known(one, words) for one in known],
        "came": [_came(month, one, words) for month, own in after.items() for one in own],
    }
    last = rows[-1]
    alt = words(
        "outlook.alt",
        title=title,
        month=words.month(last["month"]),
        range=words.span(last[LOW], last[HIGH]),
    )
    return Chart(AHEAD, data, title, alt, colour, "half")


def _band(row: Row, words: Words) -> Row:
    return {
        "month": row["month"].strftime("%Y-%m-%d"),
        **{end: rounded(row[end]) for end in (LOW, LOW_HALF, MIDDLE, HIGH_HALF, HIGH)},
        "when": month_of(row, words),
        "mid": words.count(row[MIDDLE]),
        "ninety": words.span(row[LOW], row[HIGH]),
        "fifty": words.span(row[LOW_HALF], row[HIGH_HALF]),
    }


def _known(one: Row, words: Words) -> Row:
    month = pd.Timestamp(f"{one['month']}-01")
    return {
        "month": month.strftime("%Y-%m-%d"),
        "value": one["value"],
        "when": words.month(month, short=True),
        "seen": words.exact(one["value"]),
    }


def _came(month: pd.Timestamp, one: Row, words: Words) -> Row:
    return {
        "month": month.strftime("%Y-%m-%d"),
        "value": one["came"],
        "when": words.month(month, short=True),
        "came": came_text([one], words),
    }


def came_text(rows: Sequence[Row], words: Words) -> str:
    """Return what came of a month: the figure, or each estimate with its range."""
    texts = [
        words.span(row["low"], row["high"])
        if row["low"] < row["high"]
        else words.exact(row["came"])
        for row in rows
    ]
    return "; ".join(texts) or DASH
