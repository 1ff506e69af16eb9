"""Parts of totals that are forecast, by nationality and by area."""

from collections.abc import Sequence

from rumbo.report.forecasts.totals import (
    ForecastTotal,
    counted_from,
    forecast_cells,
    forecast_heads,
    month_text,
    nowcast_text,
)
from rumbo.report.page.parts import DASH, Fold, Heading, PageBlock, Row, Table
from rumbo.report.page.words import Words
from rumbo.report.read.forecast import ForecastTable
from rumbo.report.read.names import area_name, nationality_name
from rumbo.report.read.scorecard import SHOWN

HEADS = {"nationality": "forecast.head.nationality", "location": "forecast.head.location"}
"""By what a total is split, and the head of that column."""


def group_blocks(table: ForecastTable, total: ForecastTotal, words: Words) -> list[PageBlock]:
    """Return the tables of a total's parts, where there are any."""
    blocks: list[PageBlock] = []
    for by in HEADS:
        rows = table.rows(total.target, total.component, by)
        if rows:
            title = total.parts_title(by, words)
            behind = [_whole_table(rows, by, title, words)]
            blocks += [Heading(title), _short_table(rows, by, title, words)]
            blocks.append(Fold(words("forecast.groups.whole"), behind))
    return blocks


def _name(row: Row, by: str, words: Words) -> str:
    name = nationality_name if by == "nationality" else area_name
    return name(str(row[by]), words)


def _short_table(rows: Sequence[Row], by: str, title: str, words: Words) -> Table:
    """Return the 90 % range and middle value of each part, few months ahead."""
    shown = [ahead for ahead in SHOWN if any(row["step"] == ahead for row in rows)]
    parts: dict[str, dict[int, Row]] = {}
    for row in rows:
        parts.setdefault(row[by], {})[int(row["step"])] = row
    cells = [_part_row(months, shown, by, words) for months in parts.values()]
    heads = [
        *words.heads(HEADS[by], "forecast.head.last"),
        *(words("forecast.head.after", months=ahead) for ahead in shown),
    ]
    return Table(heads, cells, words("forecast.table.parts", title=title))


def _part_row(months: dict[int, Row], shown: list[int], by: str, words: Words) -> list[str]:
    first = next(iter(months.values()))
    last = words.month(counted_from(first), short=True)
    spans = [_span(months[ahead], words) if ahead in months else DASH for ahead in shown]
    return [_name(first, by, words), last, *spans]


def _span(row: Row, words: Words) -> str:
    told = f"{words.span(row['low_90'], row['high_90'])} ({words.count(row['middle'])})"
    return nowcast_text(told, row, words)


def _whole_table(rows: Sequence[Row], by: str, title: str, words: Words) -> Table:
    """Return all months and ranges of each part."""
    cells = [
        [_name(row, by, words), month_text(row, words, short=True), *forecast_cells(row, words)]
        for row in rows
    ]
    heads = [*words.heads(HEADS[by], "month"), *forecast_heads(words)]
    return Table(heads, cells, words("forecast.table.whole", title=title))
