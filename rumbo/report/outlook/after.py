"""What came after the day of an outlook, held against its ranges; nothing was made from it."""

from collections.abc import Iterator

import pandas as pd

from rumbo.report.outlook.rows import came_text, cell
from rumbo.report.page.parts import Fold, Heading, PageBlock, Row, Section, Table, Text
from rumbo.report.read.outlook import HIGH, LOW, OutlookTable


def after(told: OutlookTable) -> Section | None:
    """Return what came beside the mixed ranges, or None while nothing has."""
    words = told.words
    counts = [*_held(told, [(one, "") for one in told.families])]
    stocks = [*_held(told, [("waiting", told.about["place"]), ("queue", "")])]
    if not counts and not stocks:
        return None
    blocks: list[PageBlock] = [Text(words("outlook.after.text"), "warning")]
    if counts:
        table = _table(told, counts)
        blocks += [
            Text(share_text(told)),
            _shares(told, counts),
            Fold(table.caption, [table], data=True),
        ]
    if stocks:
        blocks += [Heading(words("outlook.after.stocks")), Text(words("outlook.after.stocks.text"))]
        blocks.append(_table(told, stocks))
    return Section("after", words("outlook.part.after"), blocks)


def counted(told: OutlookTable) -> tuple[int, int]:
    """Return how many monthly counts that came lie inside the 90 % range, and how many came."""
    counts = [*_held(told, [(one, "") for one in told.families])]
    return sum(one.inside for one in counts), len(counts)


def share_text(told: OutlookTable) -> str:
    """Return the same as a sentence; empty while nothing has come."""
    words, (inside, count) = told.words, counted(told)
    if not count:
        return ""
    share = words.percent(inside / count).lstrip("+")
    return words("outlook.after.share", inside=inside, count=count, share=share)


class _Month:
    """A month that came: its range, what came, and whether the range held it."""

    def __init__(self, series: str, row: Row, came: list[Row]) -> None:
        self.series, self.row, self.came = series, row, came

    @property
    def inside(self) -> bool:
        """Whether the 90 % range meets a figure, or the range of an estimate."""
        return any(self.row[LOW] <= _high(one) and _low(one) <= self.row[HIGH] for one in self.came)


def _low(one: Row) -> float:
    return float(one["came"] if pd.isna(one["low"]) else one["low"])


def _high(one: Row) -> float:
    return float(one["came"] if pd.isna(one["high"]) else one["high"])


def _held(told: OutlookTable, series: list[tuple[str, str]]) -> Iterator[_Month]:
    for name, place in series:
        came = told.after(name, place)
        for row in told.ahead(name, place):
            if row["month"] in came:
                yield _Month(name, row, came[row["month"]])


def _shares(told: OutlookTable, months: list[_Month]) -> Table:
    """Return of how many months each count lay inside."""
    words = told.words
    rows = []
    for name in dict.fromkeys(one.series for one in months):
        own = [one for one in months if one.series == name]
        inside = words("outlook.of", inside=sum(one.inside for one in own), count=len(own))
        rows.append([told.title(name), inside])
    return Table(words.heads("series", "inside"), rows, words("outlook.table.shares"), wrap=True)


def _table(told: OutlookTable, months: list[_Month]) -> Table:
    words = told.words
    rows = [
        [
            f"{_named(told, one)}, {words.month(one.row['month'], short=True)}",
            came_text(one.came, words),
            cell(one.row, words),
            words("outlook.inside" if one.inside else "outlook.outside"),
        ]
        for one in months
    ]
    heads = words.heads("series", "outlook.came", "range", "outlook.head.inside")
    return Table(heads, rows, words("outlook.table.after"))


def _named(told: OutlookTable, one: _Month) -> str:
    if one.row["place"]:
        return told.words("outlook.waiting", place=told.place_name)
    return told.title(one.series)
