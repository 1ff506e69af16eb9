"""Deaths on record, beside a forecast: the latest known by its day, and that they are too few."""

from typing import NamedTuple

import pandas as pd

from rumbo.report.page.parts import Statement, Table
from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import Words, capital, text
from rumbo.report.read.forecast import ForecastTable

REGIONS = ("us_border", "mexico_central_america", "darien")
"""Areas in which deaths are recorded."""

YEAR = 12
"""Months over which recorded deaths are summed."""

HUE = COLOURS[4]


class Recorded(NamedTuple):
    """Deaths recorded in one area.

    Attributes
    ----------
    area
        The area.
    first, last
        First and last of the months summed.
    month, year
        Deaths in the last month, and in all the months summed.
    months
        Months summed.
    published
        When the last month's figure was published.
    publisher
        By whom.
    """

    area: str
    first: pd.Timestamp
    last: pd.Timestamp
    month: float
    year: float
    months: int
    published: pd.Timestamp
    publisher: str


def recorded(table: ForecastTable) -> list[Recorded]:
    """Return the latest known recorded deaths of each area that has any figure."""
    return [
        _recorded(area, rows.tail(YEAR))
        for area in REGIONS
        if len(rows := table.observed("deaths", area=area).dropna(subset="value"))
    ]


def _recorded(area: str, rows: pd.DataFrame) -> Recorded:
    first, last = rows.iloc[0], rows.iloc[-1]
    return Recorded(
        area=area,
        first=first["month"],
        last=last["month"],
        month=float(last["value"]),
        year=float(rows["value"].sum()),
        months=len(rows),
        published=last["published"],
        publisher=text(last["publisher"]),
    )


def _least(count: float, words: Words) -> str:
    """Return a count of recorded deaths as the lower bound that it is."""
    written = words.exact(count)
    return words("outlook.deaths.at_least", count=written) if words.printed(count) else written


def _region(each: Recorded, words: Words) -> str:
    return capital(words(f"region.{each.area}"))


def deaths_statement(table: ForecastTable, words: Words) -> Statement:
    """Return the deaths on record in each area, or that none is known, and that many are not."""
    title, areas = words("outlook.deaths"), recorded(table)
    if not areas:
        none = words("outlook.deaths.none")
        return Statement(title, words("outlook.deaths.none_short"), none, HUE)
    sentences = [
        words(
            "outlook.deaths.told",
            area=_region(each, words),
            count=_least(each.year, words),
            first=words.month(each.first),
            last=words.month(each.last),
            day=words.day(each.published.isoformat(), short=False),
        )
        for each in areas
    ]
    sentence = f"{' '.join(sentences)} {words('outlook.deaths.under')}"
    return Statement(title, _least(areas[0].year, words), sentence, HUE)


def deaths_table(table: ForecastTable, words: Words) -> Table:
    """Return the deaths on record in each area, with the day of their publication."""
    heads = words.heads(
        "outlook.deaths.area",
        "outlook.deaths.last",
        "outlook.deaths.month",
        "outlook.deaths.months",
        "outlook.deaths.year",
        "outlook.deaths.published",
        "publisher",
    )
    rows = [_row(each, words) for each in recorded(table)]
    return Table(heads, rows, words("outlook.deaths.table"), wrap=True)


def _row(each: Recorded, words: Words) -> list[str]:
    first, last = (words.month(at, short=True) for at in (each.first, each.last))
    return [
        _region(each, words),
        words.month(each.last),
        _least(each.month, words),
        words("period", first=first, last=last),
        _least(each.year, words),
        words.day(each.published.isoformat()),
        each.publisher,
    ]
