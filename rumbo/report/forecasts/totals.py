"""Totals that are forecast: their ranges by month after what was published."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from rumbo.report.charts.forecasts import BANDS
from rumbo.report.charts.rows import observed_rows
from rumbo.report.forecasts.held import cover_sentences
from rumbo.report.page.own import TITLED
from rumbo.report.page.parts import (
    DASH,
    Chart,
    Figure,
    Legend,
    Mark,
    PageBlock,
    Row,
    Statement,
    Table,
    Text,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import Words, capital, rounded
from rumbo.report.read.forecast import NOWCAST, ForecastTable
from rumbo.report.read.names import plain
from rumbo.report.read.scorecard import Scorecard

PAST, NEAR = 24, 6
"""Published months that are shown before the forecast, and in the chart that looks closer: after a
steep fall the ranges would be a line in the first."""

RANGES = {
    "forecast.range_90": ("low_90", "high_90"),
    "forecast.range_80": ("low_80", "high_80"),
    "forecast.range_50": ("low_50", "high_50"),
}
"""Ranges that are told of, by the key of their name: columns of their ends."""

TINTS = (20, 36, 55)
"""How much of the chart's colour shows in each range, in %."""


class ForecastTotal(NamedTuple):
    """A total that is forecast.

    Attributes
    ----------
    target, component
        What it counts.
    role
        The role of its component, empty if it has none.
    """

    target: str
    component: str
    role: str

    def title(self, words: Words) -> str:
        """Return its name for readers: the corridor's, the report's, or its id as words."""
        name = self.component or self.target
        measure = words.maybe(f"measure.{self.role or name}", capital(plain(name)))
        return measure if self.role else words.maybe(f"component.{name}", measure)

    def parts_title(self, by: str, words: Words) -> str:
        """Return the name of its parts, by ``nationality`` or ``location``."""
        areas = f"figure.{self.role}-area" if self.role else "figure.by_area"
        key = "figure.by_nationality" if by == "nationality" else areas
        return words(key, title=self.title(words))


def totals_of(table: ForecastTable, roles: Mapping[str, Any]) -> list[ForecastTotal]:
    """Return the totals of a forecast, in its order, by the roles that a corridor names."""
    named = {roles[role]: role for role in TITLED if role in roles}
    return [ForecastTotal(*each, named.get(each[1], "")) for each in table.totals]


def total_statement(
    table: ForecastTable, total: ForecastTotal, number: int, words: Words
) -> Statement:
    """Return the ranges of a total in the nearest and the furthest month."""
    rows = table.rows(total.target, total.component)
    near, far = rows[0], rows[-1]
    sentences = [_sentence(near, words)] + ([_sentence(far, words)] if len(rows) > 1 else [])
    counted = words("forecast.counted_from", month=words.month(counted_from(near)))
    short = words.span(near["low_90"], near["high_90"])
    topic = f"{total.title(words)}, {month_text(near, words)}"
    return Statement(topic, short, " ".join([*sentences, counted]), colour(number))


def _sentence(row: Row, words: Words) -> str:
    return words(
        "forecast.told",
        month=capital(month_text(row, words)),
        low=words.count(row["low_90"]),
        high=words.count(row["high_90"]),
        low_half=words.count(row["low_50"]),
        high_half=words.count(row["high_50"]),
        middle=words.count(row["middle"]),
    )


def counted_from(row: Row) -> pd.Timestamp:
    """Return the last published month that months ahead are counted from."""
    month: pd.Timestamp = row["month"] - pd.DateOffset(months=int(row["step"]))
    return month


def month_text(row: Row, words: Words, *, short: bool = False) -> str:
    """Return the month of a row, called a nowcast where it was over on the day."""
    return nowcast_text(words.month(row["month"], short=short), row, words)


def nowcast_text(told: str, row: Row, words: Words) -> str:
    """Return a text of a row, marked where its month was over on the day."""
    return words("forecast.nowcast", told=told) if row["kind"] == NOWCAST else told


def total_blocks(
    table: ForecastTable, card: Scorecard | None, total: ForecastTotal, number: int, words: Words
) -> list[PageBlock]:
    """Return the charts of a total, its ranges by month, and how such ranges held before."""
    rows, title = table.rows(total.target, total.component), total.title(words)
    seen = table.observed(total.target, total.component).tail(PAST)
    cells = [
        [month_text(row, words), str(row["step"]), *forecast_cells(row, words)] for row in rows
    ]
    heads = [*words.heads("month", "scorecard.head.ahead"), *forecast_heads(words)]
    over = any(row["kind"] == NOWCAST for row in rows)
    return [
        _figure(rows, seen, title, number, words),
        *([Text(words("forecast.nowcast.text"))] if over else []),
        Table(heads, cells, words("forecast.table.total", title=title)),
        Text(_held_before(card, total, table.model, words)),
    ]


def _figure(
    rows: Sequence[Row], seen: pd.DataFrame, title: str, number: int, words: Words
) -> Figure:
    bands = [
        Mark(words(key), "", f"background:color-mix(in srgb, var(--hue) {tint}%, white)")
        for key, tint in zip(RANGES, TINTS, strict=True)
    ]
    return Figure(
        f"forecast-{number}",
        title,
        words("forecast.text.bands"),
        [_chart(rows, seen.tail(past), title, colour(number), words) for past in (PAST, NEAR)],
        _behind(rows, seen, title, words),
        [legend(words, "middle", "observed"), Legend(bands)],
        colour(number),
    )


def _chart(rows: Sequence[Row], seen: pd.DataFrame, title: str, hue: str, words: Words) -> Chart:
    last = rows[-1]
    data = {"forecast": [_band(row, words) for row in rows], "observed": observed_rows(seen, words)}
    alt = words(
        "forecast.alt",
        title=title,
        seen=len(seen),
        month=words.month(last["month"]),
        range=words.span(last["low_90"], last["high_90"]),
    )
    return Chart(BANDS, data, words("forecast.past", count=len(seen)), alt, hue, "half")


def _band(row: Row, words: Words) -> Row:
    names = dict(zip(("ninety", "eighty", "fifty"), RANGES.values(), strict=True))
    return {
        "month": row["month"].strftime("%Y-%m-%d"),
        **{end: rounded(row[end]) for pair in RANGES.values() for end in pair},
        "middle": rounded(row["middle"]),
        "when": month_text(row, words),
        "mid": words.count(row["middle"]),
        **{name: words.span(row[low], row[high]) for name, (low, high) in names.items()},
    }


def forecast_cells(row: Row, words: Words) -> list[str]:
    """Return the ranges of a month ahead and its middle value."""
    spans = [words.span(row[low], row[high]) for low, high in RANGES.values()]
    return [*spans, words.count(row["middle"])]


def forecast_heads(words: Words) -> list[str]:
    """Return the titles of the columns of `forecast_cells`."""
    return words.heads(*RANGES, "middle")


def _behind(rows: Sequence[Row], seen: pd.DataFrame, title: str, words: Words) -> Table:
    heads = [*words.heads("month", "reported"), *forecast_heads(words)]
    past = [
        [words.month(pd.Timestamp(each["month"]), short=True), each["seen"], *[DASH] * 4]
        for each in observed_rows(seen, words)
    ]
    ahead = [
        [month_text(row, words, short=True), DASH, *forecast_cells(row, words)] for row in rows
    ]
    return Table(heads, past + ahead, words("forecast.table.behind", title=title))


def _held_before(card: Scorecard | None, total: ForecastTotal, model: str, words: Words) -> str:
    """Return how often such ranges of a total held in the past, where that is known."""
    family = card.family_of(total.target, total.component) if card else ""
    sentences = cover_sentences(card, family, model, words) if card else ""
    if card is None or not sentences:
        return words("forecast.not_scored")
    return f"{words('forecast.held_before', count=len(card.origins))} {sentences}"
