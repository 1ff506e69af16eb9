"""The values that make an effect: how large, for whom, on what they rest, what the record says."""

from rumbo.report.corridor.levers import source_link
from rumbo.report.corridor.speaks import differing, narrower_text, sizes_between
from rumbo.report.page.parts import DASH, Fold, Row, Table, Text, trimmed
from rumbo.report.page.words import as_number, text
from rumbo.report.read.contrast import Contrast
from rumbo.report.read.names import dates, group_title, parameter_title, selector_title
from rumbo.report.read.run import Run
from rumbo.scores.speaking import ASSUMED, quality_of

HEADS = (
    "sizes.head.what",
    "value",
    "range",
    "at",
    "for",
    "dates",
    "quality",
    "sizes.head.narrowed",
    "source",
)


def sizes_fold(run: Run, asked: Contrast) -> list[Fold]:
    """Return the values that make an effect behind one title, which says how many are judged."""
    rows, words = differing(run, asked.number), run.words
    if not rows:
        return []
    judged = sum(quality_of(row) == ASSUMED for row in rows)
    counts = {"count": words.digits(len(rows)), "assumed": words.digits(judged)}
    table = Table(words.heads(*HEADS), [_row(run, asked, row) for row in rows], wrap=True)
    title = words("sizes.title", what=asked.what, **counts)
    return [Fold(title, [Text(words("sizes.text")), trimmed(table)])]


def _row(run: Run, asked: Contrast, row: Row) -> list[str]:
    words, low, high = run.words, as_number(row.get("low")), as_number(row.get("high"))
    both = low is not None and high is not None
    value = words.value(row.get("value"))
    known = sizes_between(run, asked.number).narrowed
    size = known.get((text(row.get("lever")), text(row.get("parameter"))))
    quality = quality_of(row)
    return [
        parameter_title(text(row.get("parameter")), run),
        words("times", value=value) if text(row.get("operation")) == "multiply" else value,
        f"{words.value(low)} {words('to')} {words.value(high)}" if both else words("range_unknown"),
        selector_title(row.get("at"), run),
        group_title(row.get("group"), run),
        dates(row, words),
        words.maybe(f"quality.{quality}", quality),
        narrower_text(run, size) if size and both else DASH,
        source_link(run, row.get("source")),
    ]
