"""The values that make a difference: where, from when, how large, and which are judgement."""

from rumbo.report.corridor.levers import source_link
from rumbo.report.corridor.speaks import ASSUMED, differing, quality_of
from rumbo.report.page.parts import Fold, Row, Table, trimmed
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import dates, group_title, selector_title
from rumbo.report.read.run import Run


def sizes(run: Run, number: int) -> list[Fold]:
    """Return the values in which a scenario differs from the first; nothing if none is known."""
    rows = differing(run, number)
    if not rows:
        return []
    judged = sum(quality_of(row) == ASSUMED for row in rows)
    words = run.words
    heads = words.heads("ask.what", "value", "range", "at", "for", "dates", "source", "quality")
    table = trimmed(Table(heads, [_row(run, row) for row in rows], wrap=True))
    title = words("ask.sizes", count=len(rows), assumed=judged)
    return [Fold(title, [table])]


def _row(run: Run, row: Row) -> list[str]:
    words, name = run.words, text(row.get("parameter"))
    known = (run.background.get("parameters") or {}).get(name) or {}
    low, high = as_number(row.get("low")), as_number(row.get("high"))
    both = low is not None and high is not None
    value = words.value(row.get("value"))
    quality = quality_of(row)
    return [
        words.column(known, "meaning") or name,
        words("times", value=value) if text(row.get("operation")) == "multiply" else value,
        f"{words.value(low)} {words('to')} {words.value(high)}" if both else words("range_unknown"),
        selector_title(row.get("at"), run),
        group_title(row.get("group"), run),
        dates(row, words),
        who_says(run, text(row.get("source"))),
        words.maybe(f"quality.{quality}", quality),
    ]


def who_says(run: Run, source: str) -> str:
    """Return the sources of a value, linked; or that whoever asks gave it."""
    return run.words("source.given") if source == GIVEN else source_link(run, source)


GIVEN = "given"
"""Source of what whoever asks has given."""
