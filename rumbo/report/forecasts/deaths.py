"""Deaths on record, beside a forecast: the latest known by its day, and that they are too few."""

from typing import NamedTuple

import pandas as pd

from rumbo.report.corridor.statements import Statement
from rumbo.report.forecasts.page import capital
from rumbo.report.page.parts import Table
from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import SMALL, Words, text
from rumbo.report.read.outlook import Outlook

REGIONS = {
    "us_border": "region.us_border",
    "mexico_central_america": "region.mexico_central_america",
    "darien": "region.darien",
}
"""Areas in which deaths are recorded, and the keys of their names."""

YEAR = 12
"""Months over which recorded deaths are summed."""

HUE = COLOURS[4]


class Recorded(NamedTuple):
    """Deaths recorded in one area.

    Attributes
    ----------
    area
        Key of its name.
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


def recorded(outlook: Outlook) -> list[Recorded]:
    """Return the latest known recorded deaths of each area that has any figure.

    Parameters
    ----------
    outlook
        The forecast with the figures published by its day.

    Returns
    -------
    list of Recorded
    """
    return [
        _recorded(key, rows.tail(YEAR))
        for area, key in REGIONS.items()
        if len(rows := outlook.observed("deaths", area=area).dropna(subset="value"))
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


def least(count: float, words: Words) -> str:
    """Return a count of recorded deaths as the lower bound that it is."""
    return (
        words("outlook.deaths.at_least", count=words.exact(count))
        if count >= SMALL
        else (words.exact(count))
    )


def deaths_statement(outlook: Outlook, words: Words) -> Statement:
    """Return the deaths on record in each area, or that none is known, and that many are not.

    Parameters
    ----------
    outlook
        The forecast with the figures published by its day.
    words
        The language.

    Returns
    -------
    Statement
    """
    title, found = words("outlook.deaths"), recorded(outlook)
    if not found:
        return Statement(
            title, words("outlook.deaths.none_short"), words("outlook.deaths.none"), HUE
        )
    told = [
        words(
            "outlook.deaths.told",
            area=capital(words(each.area)),
            count=least(each.year, words),
            first=words.month(each.first),
            last=words.month(each.last),
            day=words.day(each.published.isoformat(), short=False),
        )
        for each in found
    ]
    sentence = f"{' '.join(told)} {words('outlook.deaths.under')}"
    return Statement(title, least(found[0].year, words), sentence, HUE)


def deaths_table(outlook: Outlook, words: Words) -> Table:
    """Return the deaths on record in each area, with the day of their publication."""
    heads = ("outlook.deaths.area", "outlook.deaths.last", "outlook.deaths.month",
             "outlook.deaths.months", "outlook.deaths.year", "outlook.deaths.published",
             "head.publisher")  # fmt: skip
    rows = [
        [
            capital(words(each.area)),
            words.month(each.last),
            least(each.month, words),
            words("period", first=words.month(each.first, short=True),
                  last=words.month(each.last, short=True)),
            least(each.year, words),
            words.day(each.published.isoformat()),
            each.publisher,
        ]
        for each in recorded(outlook)
    ]  # fmt: skip
    return Table([words(key) for key in heads], rows, words("outlook.deaths.table"), wrap=True)
