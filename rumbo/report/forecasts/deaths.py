"""Deaths on record, beside a forecast: the latest known by its day, and that they are too few."""

from collections.abc import Sequence

import pandas as pd

from rumbo.report.page.parts import Statement, Table
from rumbo.report.page.style import COLOURS
from rumbo.report.page.words import Words, capital, text
from rumbo.report.read.forecast import ForecastTable
from rumbo.report.read.names import plain

YEAR = 12
"""Months over which recorded deaths are summed."""

HUE = COLOURS[4]


def _recorded(table: ForecastTable, regions: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the latest known months of each region that has any figure."""
    areas = {area: table.observed("deaths", area=area).dropna(subset="value") for area in regions}
    return {area: rows.tail(YEAR) for area, rows in areas.items() if len(rows)}


def _least(count: float, words: Words) -> str:
    """Return a count of recorded deaths as the lower bound that it is."""
    written = words.exact(count)
    return words("forecast.deaths.at_least", count=written) if words.printed(count) else written


def _region(area: str, words: Words) -> str:
    return capital(words.maybe(f"region.{area}", plain(area)))


def deaths_statement(table: ForecastTable, regions: Sequence[str], words: Words) -> Statement:
    """Return the deaths on record, region by region, or that none is known; many are not."""
    title, areas = words("forecast.deaths"), _recorded(table, regions)
    if not areas:
        none = words("forecast.deaths.none")
        return Statement(title, words("forecast.deaths.none_short"), none, HUE)
    totals = {area: _least(rows["value"].sum(), words) for area, rows in areas.items()}
    sentences = [
        words(
            "forecast.deaths.told",
            area=_region(area, words),
            count=totals[area],
            first=words.month(rows["month"].iloc[0]),
            last=words.month(rows["month"].iloc[-1]),
            day=words.day(rows["published"].iloc[-1].isoformat(), short=False),
        )
        for area, rows in areas.items()
    ]
    sentence = " ".join([*sentences, words("forecast.deaths.under")])
    shared = set.intersection(*({*rows["month"]} for rows in areas.values()))
    every = sum(rows.loc[rows["month"].isin(shared), "value"].sum() for rows in areas.values())
    return Statement(title, _least(every, words), sentence, HUE)


def deaths_table(table: ForecastTable, regions: Sequence[str], words: Words) -> Table:
    """Return the deaths on record in each region, with the day of their publication."""
    keys = (
        "forecast.deaths.area",
        "forecast.deaths.last",
        "forecast.deaths.month",
        "forecast.deaths.months",
        "forecast.deaths.year",
        "forecast.deaths.published",
    )
    heads = words.heads(*keys, "publisher")
    rows = [_row(area, rows, words) for area, rows in _recorded(table, regions).items()]
    return Table(heads, rows, words("forecast.deaths.table"), wrap=True)


def _row(area: str, rows: pd.DataFrame, words: Words) -> list[str]:
    last = rows.iloc[-1]
    first, until = (words.month(rows["month"].iloc[n], short=True) for n in (0, -1))
    return [
        _region(area, words),
        words.month(last["month"]),
        _least(last["value"], words),
        words("period", first=first, last=until),
        _least(rows["value"].sum(), words),
        words.day(last["published"].isoformat()),
        text(last["publisher"]),
    ]
