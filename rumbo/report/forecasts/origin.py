"""What the corridor, fitted as of one day, said of the months after it: a page in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from rumbo.report.page.markdown import markdown
from rumbo.report.page.parts import DASH, Heading, PageBlock, Section, Table, Text
from rumbo.report.page.words import Words

MODELS = {
    "corridor": "origin.corridor",
    "corridor-and-outline": "origin.corridor-and-outline",
    "corridor-policy-given": "origin.corridor-policy-given",
    "corridor-both-given": "origin.corridor-both-given",
    "persistence": "origin.persistence",
}
"""Titles of the columns by model, in order."""


def origin_page(
    table: pd.DataFrame,
    origin: str,
    command: str,
    language: str = "en",
    counts: Mapping[str, str] | None = None,
) -> str:
    """Return forecasts from one origin beside what came.

    Parameters
    ----------
    table
        As from `rumbo.forecasting.corridor.hindcast.from_origin`.
    origin
        The month, ``YYYY-MM``.
    command
        What shows it.
    language
        ``en`` or ``es``.
    counts
        What counts on the way are called, by id; each by its id if None.

    Returns
    -------
    str
        A page in Markdown.
    """
    words = Words(language)
    title = words("origin.title", month=words.month(_day(origin)))
    about = [Text(words("origin.text")), Text(words("origin.command", command=command))]
    blocks: list[PageBlock] = [*about, *_families(table, words, counts or {})]
    return markdown(Section("origin", title, blocks))


def _families(table: pd.DataFrame, words: Words, counts: Mapping[str, str]) -> Iterator[PageBlock]:
    heads = words.heads("month", "origin.came", *MODELS.values())
    for family, part in table.groupby("family", sort=False):
        yield Heading(_title(str(family), words, counts))
        months = [_month(str(month), own, words) for month, own in part.groupby("month")]
        yield Table(heads, months)


def _title(family: str, words: Words, counts: Mapping[str, str]) -> str:
    """Return what a family is called, a count on the way by its own name."""
    base, _, counted = family.partition(".")
    if counted in counts:
        return counts[counted]
    title = words.maybe(f"tested.{base}", base)
    return f"{title[:1].upper()}{title[1:]}" + (f" ({counted})" if counted else "")


def _month(month: str, rows: pd.DataFrame, words: Words) -> Sequence[str]:
    of = {row.model: row for row in rows.itertuples()}
    came = float(rows["came"].iloc[0])
    ranges = [_range(of[name], words) if name in of else DASH for name in MODELS]
    return [words.month(_day(month)), DASH if pd.isna(came) else words.exact(came), *ranges]


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _range(row: object, words: Words) -> str:
    low, middle, high = (float(getattr(row, name)) for name in ("low", "middle", "high"))
    return f"{words.span(low, high)} ({words.count(middle)})"
