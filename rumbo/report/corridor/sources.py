"""Parameters with their sources, and the licences of the data."""

from collections import Counter
from typing import NamedTuple

from rumbo.report.corridor.levers import source_link
from rumbo.report.page.parts import DASH, Row, Table
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import dates, group_title, lever_title, selector_title
from rumbo.report.read.run import Run


class ParameterTable(NamedTuple):
    """The settings of one parameter: name, unit, meaning, and how many are assumed."""

    name: str
    unit: str
    meaning: str
    values: str
    table: Table


def parameter_tables(run: Run) -> list[ParameterTable]:
    """Return the settings, a table for each parameter."""
    named: dict[str, list[Row]] = {}
    for row in run.records("settings"):
        named.setdefault(text(row["parameter"]), []).append(row)
    return [_parameter(run, name, rows) for name, rows in sorted(named.items())]


def _parameter(run: Run, name: str, rows: list[Row]) -> ParameterTable:
    words = run.words
    known = (run.background.get("parameters") or {}).get(name) or {}
    own = [row for row in rows if text(row.get("operation")) != "multiply"] or rows
    unit = text(known.get("unit")) or text(own[0].get("unit"))
    unit = words.maybe(f"unit.{unit}", unit)
    heads = ("head.value", "head.range", "head.at", "head.for", "head.dates", "head.lever",
             "head.source", "head.quality")  # fmt: skip
    table = Table([words(h) for h in heads], [_row(run, row) for row in rows], name, wrap=True)
    values = words("parameters.count", count=len(rows), assumed=sum(map(is_assumed, rows)))
    return ParameterTable(name, unit, words.column(known, "meaning"), values, table)


def is_assumed(row: Row) -> bool:
    """Return whether a setting has no source."""
    return text(row.get("source")) in ("", "assumed")


def _row(run: Run, row: Row) -> list[str]:
    words = run.words
    low, high = as_number(row.get("low")), as_number(row.get("high"))
    both = low is not None and high is not None
    value = words.value(row.get("value"))
    if text(row.get("operation")) == "multiply":
        value = words("times", value=value)
    return [
        value,
        f"{words.value(low)} {words('to')} {words.value(high)}" if both else words("range_unknown"),
        selector_title(row.get("at"), run),
        group_title(row.get("group"), run),
        dates(row, run.words),
        lever_title(text(row["lever"]), run) if text(row.get("lever")) else DASH,
        source_link(run, row.get("source")),
        words.maybe(f"quality.{text(row.get('quality'))}", text(row.get("quality"))),
    ]


def parameter_summary(run: Run) -> str:
    """Return how many values have a source and how many are assumed."""
    rows = run.records("settings")
    assumed = sum(map(is_assumed, rows))
    words = run.words
    return words("parameters.summary", count=words.digits(len(rows)), assumed=words.digits(assumed))


def source_table(run: Run) -> Table:
    """Return the publishers of the data with their licences and number of sources."""
    words = run.words
    pairs = Counter(
        (text(each.get("publisher")), text(each.get("licence"))) for each in run.records("sources")
    )
    rows = [[publisher or DASH, words.digits(n), licence or words("licence.unknown")]
            for (publisher, licence), n in sorted(pairs.items())]  # fmt: skip
    heads = ("head.publisher", "head.sources", "head.licence")
    return Table([words(head) for head in heads], rows, words("table.sources"), wrap=True)
