"""The page of one forecast: ranges by month, how such ranges held, and recorded deaths beside."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from rumbo.files.code import __version__
from rumbo.report.charts.forecasts import outlook_specifications
from rumbo.report.charts.rows import observed_rows
from rumbo.report.corridor.statements import Statement
from rumbo.report.forecasts.deaths import deaths_statement, deaths_table
from rumbo.report.forecasts.held import TOLD, cover_sentence
from rumbo.report.forecasts.page import ahead_text, capital, model_name, write_page
from rumbo.report.page.parts import DASH, Chart, Figure, Row, Table
from rumbo.report.page.style import colour
from rumbo.report.page.words import Words, rounded
from rumbo.report.read.names import area_name, nationality_name
from rumbo.report.read.outlook import Outlook, read_outlook
from rumbo.report.read.scorecard import SHOWN, Scorecard, read_scorecard

PAST, NEAR = 24, 6
"""Published months that are shown before the forecast, and in the chart that looks closer: after a
steep fall the ranges would be a line in the first."""

PARTS = {
    "statements": "part.statements",
    "totals": "outlook.part.totals",
    "groups": "outlook.part.groups",
    "deaths": "outlook.part.deaths",
    "limits": "part.limits",
    "cite": "part.cite",
}
"""Parts of the page in their order, and their titles."""

RANGES = {
    "outlook.range_90": ("low_90", "high_90"),
    "outlook.range_80": ("low_80", "high_80"),
    "outlook.range_50": ("low_50", "high_50"),
}
"""Ranges that are told of, by the key of their name: columns of their ends."""


HEADS = {"nationality": "outlook.head.nationality", "location": "outlook.head.sector"}
"""By what a total is split, and the head of that column."""


class Target(NamedTuple):
    """A total that is forecast.

    Attributes
    ----------
    title
        Key of its name.
    target, component
        What it counts.
    family
        Families of the evaluation: of the total, by nationality, by sector.
    parts
        Keys of the names of its parts by nationality and by sector.
    """

    title: str
    target: str
    component: str
    family: str
    parts: dict[str, str]


TARGETS = (
    Target(
        "measure.usbp", "encounters", "USBP", "border-patrol",
        {"nationality": "figure.usbp-nationality", "location": "figure.usbp-sector"},
    ),
    Target(
        "measure.ofo", "encounters", "OFO", "ports", {"location": "figure.ofo-office"},
    ),
    Target(
        "measure.mexico", "mexico_encounters", "", "mexico",
        {"nationality": "figure.mexico-nationality"},
    ),
)  # fmt: skip
"""Totals in their order on the page."""


def write_outlook(
    forecast: str | os.PathLike[str],
    figures: pd.DataFrame,
    to: str | os.PathLike[str],
    language: str = "en",
    *,
    evaluation: str | os.PathLike[str] | None = None,
) -> Path:
    """Write one HTML file that tells of a forecast as of a day.

    Parameters
    ----------
    forecast
        The table of one model's forecast in the columns of the forecast hubs, such as a file of
        ``model-output/stack``.
    figures
        What had been published by the day of the forecast: ``rumbo.figures(scenario, day)``.
        Recorded deaths among them stand beside the forecast.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.
    evaluation
        Folder of an evaluation, from which is told how often such ranges held in the past.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If a table is missing, cannot be read or cannot be true, or a figure was published after
        the day of the forecast; then nothing is written.
    ValueError
        If the language is unknown.
    """
    words = Words(language)
    outlook = read_outlook(Path(forecast), figures)
    card = None if evaluation is None else read_scorecard(Path(evaluation))
    targets = [one for one in TARGETS if len(outlook.of(one.target, one.component))]
    totals = [_figure(outlook, one, number, words) for number, one in enumerate(targets)]
    groups = [group for one in targets for group in _groups(outlook, one, words)]
    told = {
        "totals": [
            (
                figure,
                _total_table(outlook, one, words),
                held_before(card, one, outlook.model, words),
            )
            for figure, one in zip(totals, targets, strict=True)
        ],
        "groups": groups,
        "sections": [(part, words(PARTS[part])) for part in PARTS if groups or part != "groups"],
        **_texts(outlook, targets, words),
    }
    specs = outlook_specifications(words)
    return write_page("outlook", told, totals, specs, Path(to), words)


def _texts(outlook: Outlook, targets: Sequence[Target], words: Words) -> Row:
    day = words.day(outlook.day.isoformat(), short=False)
    named = {"model": model_name(outlook.model, words), "version": __version__}
    cards = [_statement(outlook, one, n, words) for n, one in enumerate(targets)]
    return {
        "title": words("outlook.title"),
        "about": words("outlook.about", day=day),
        "period": day,
        "facts": [
            (words("outlook.fact.day"), day),
            (words("scorecard.head.model"), named["model"]),
            (words("fact.version"), named["version"]),
        ],
        "statements": [*cards, deaths_statement(outlook, words)],
        "deaths": deaths_table(outlook, words),
        "citation": words("outlook.cite", day=day, **named),
        "notes": [],
    }


def _statement(outlook: Outlook, target: Target, number: int, words: Words) -> Statement:
    """Return the ranges of a total in the nearest and the furthest month."""
    rows = outlook.of(target.target, target.component).sort_values("horizon")
    near, far = rows.iloc[0], rows.iloc[-1]
    told = [_told(near, words)] + ([_told(far, words)] if len(rows) > 1 else [])
    counted = words("outlook.counted_from", month=words.month(_before(near)))
    short = words.span(near["low_90"], near["high_90"])
    topic = f"{words(target.title)}, {words.month(near['month'])}"
    return Statement(topic, short, " ".join([*told, counted]), colour(number))


def _told(row: "pd.Series[Any]", words: Words) -> str:
    return words(
        "outlook.told",
        month=capital(words.month(row["month"])),
        low=words.count(row["low_90"]),
        high=words.count(row["high_90"]),
        low_half=words.count(row["low_50"]),
        high_half=words.count(row["high_50"]),
        middle=words.count(row["middle"]),
    )


def _before(row: "pd.Series[Any]") -> pd.Timestamp:
    """Return the last published month that months ahead are counted from."""
    return row["month"] - pd.DateOffset(months=int(row["horizon"]))


def _figure(outlook: Outlook, target: Target, number: int, words: Words) -> Figure:
    rows = outlook.of(target.target, target.component).sort_values("horizon")
    seen = outlook.observed(target.target, target.component).tail(PAST)
    title, hue = words(target.title), colour(number)
    charts = [_chart(rows, seen.tail(past), title, hue, words) for past in (PAST, NEAR)]
    table = _behind(rows, seen, title, words)
    told, legend = words("outlook.text.bands"), ("middle", "observed")
    return Figure(f"outlook-{number}", title, told, charts, table, legend, hue)


def _chart(rows: pd.DataFrame, seen: pd.DataFrame, title: str, hue: str, words: Words) -> Chart:
    last = rows.iloc[-1]
    data = {
        "forecast": [_band(row, words) for _, row in rows.iterrows()],
        "observed": observed_rows(seen, words),
    }
    alt = words(
        "outlook.alt",
        title=title,
        seen=len(seen),
        month=words.month(last["month"]),
        range=words.span(last["low_90"], last["high_90"]),
    )
    return Chart("bands", data, words("outlook.past", count=len(seen)), alt, hue, "half")


def _band(row: "pd.Series[Any]", words: Words) -> Row:
    names = dict(zip(("ninety", "eighty", "fifty"), RANGES.values(), strict=True))
    return {
        "month": row["month"].strftime("%Y-%m-%d"),
        **{end: rounded(row[end]) for pair in RANGES.values() for end in pair},
        "middle": rounded(row["middle"]),
        "when": words.month(row["month"]),
        "mid": words.count(row["middle"]),
        **{name: words.span(row[low], row[high]) for name, (low, high) in names.items()},
    }


def _range_cells(row: "pd.Series[Any]", words: Words) -> list[str]:
    spans = [words.span(row[low], row[high]) for low, high in RANGES.values()]
    return [*spans, words.count(row["middle"])]


def _range_heads(words: Words) -> list[str]:
    return [*(words(key) for key in RANGES), words("head.middle")]


def _behind(rows: pd.DataFrame, seen: pd.DataFrame, title: str, words: Words) -> Table:
    heads = [words("head.month"), words("head.reported"), *_range_heads(words)]
    past = [
        [words.month(pd.Timestamp(each["month"]), short=True), each["seen"], *[DASH] * 4]
        for each in observed_rows(seen, words)
    ]
    ahead = [
        [words.month(row["month"], short=True), DASH, *_range_cells(row, words)]
        for _, row in rows.iterrows()
    ]
    return Table(heads, past + ahead, words("outlook.table.behind", title=title))


def _total_table(outlook: Outlook, target: Target, words: Words) -> Table:
    rows = outlook.of(target.target, target.component).sort_values("horizon")
    heads = [words("head.month"), words("scorecard.head.ahead"), *_range_heads(words)]
    cells = [
        [words.month(row["month"]), str(row["horizon"]), *_range_cells(row, words)]
        for _, row in rows.iterrows()
    ]
    return Table(heads, cells, words("outlook.table.total", title=words(target.title)))


def held_before(card: Scorecard | None, target: Target, model: str, words: Words) -> str:
    """Return how often such ranges of a total held in the past, where that is known."""
    if card is None:
        return words("outlook.not_scored")
    told = [cover_sentence(card, target.family, model, cover, words) for cover in TOLD]
    if not any(told):
        return words("outlook.not_scored")
    return f"{words('outlook.held_before', count=len(card.origins))} {' '.join(told)}"


class Group(NamedTuple):
    """Parts of a total: a table of few months, and one of all months and ranges."""

    title: str
    table: Table
    whole: Table


def _groups(outlook: Outlook, target: Target, words: Words) -> list[Group]:
    """Return the tables of a total's parts by nationality and by sector, where there are any."""
    found = []
    for by, key in target.parts.items():
        rows = outlook.of(target.target, target.component, by)
        if len(rows):
            title = words(key)
            parts = _part_table(rows, by, title, words), _whole_table(rows, by, title, words)
            found.append(Group(title, *parts))
    return found


def _name(label: str, by: str, words: Words) -> str:
    return nationality_name(label, words) if by == "nationality" else area_name(label, words)


def _part_table(rows: pd.DataFrame, by: str, title: str, words: Words) -> Table:
    """Return the 90 % range and middle value of each part, few months ahead."""
    ahead = [months for months in SHOWN if (rows["horizon"] == months).any()]
    heads = [words(HEADS[by]), words("outlook.head.last"),
             *(capital(ahead_text(words, months)) for months in ahead)]  # fmt: skip
    cells = []
    for label, mine in rows.groupby(by, sort=False):
        at = {int(row["horizon"]): row for _, row in mine.iterrows()}
        last = words.month(_before(mine.iloc[0]), short=True)
        spans = [_part(at[months], words) if months in at else DASH for months in ahead]
        cells.append([_name(str(label), by, words), last, *spans])
    return Table(heads, cells, words("outlook.table.parts", title=title))


def _part(row: "pd.Series[Any]", words: Words) -> str:
    return f"{words.span(row['low_90'], row['high_90'])} ({words.count(row['middle'])})"


def _whole_table(rows: pd.DataFrame, by: str, title: str, words: Words) -> Table:
    heads = [words(HEADS[by]), words("head.month"), *_range_heads(words)]
    cells = [
        [_name(str(row[by]), by, words), words.month(row["month"], short=True),
         *_range_cells(row, words)]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    return Table(heads, cells, words("outlook.table.whole", title=title))
