"""Parameters with their sources."""

from markupsafe import Markup

from rumbo.report.corridor.levers import source_link
from rumbo.report.page.parts import DASH, Fold, Row, Section, Table, Text, trimmed
from rumbo.report.page.words import as_number, capital, text
from rumbo.report.read.names import (
    cautions,
    dates,
    group_title,
    lever_title,
    parameter_title,
    selector_title,
)
from rumbo.report.read.run import Run
from rumbo.scores.figures import NO_ENTRY


def parameters(run: Run) -> Section:
    """Return the settings, a table for each parameter, and how many have a source."""
    words = run.words
    named: dict[str, list[Row]] = {}
    for row in run.records("settings"):
        named.setdefault(text(row["parameter"]), []).append(row)
    folds = [_parameter(run, name, rows) for name, rows in sorted(named.items())]
    about = f"{words('parameters.text')} {_summary(run)}"
    blocks = [Text(about), *([Fold(words("parameters.all"), folds, data=True)] if folds else [])]
    return Section("parameters", words("part.parameters"), blocks)


def _parameter(run: Run, name: str, rows: list[Row]) -> Fold:
    words = run.words
    known = (run.background.get("parameters") or {}).get(name) or {}
    own = [row for row in rows if text(row.get("operation")) != "multiply"] or rows
    unit = text(known.get("unit")) or text(own[0].get("unit"))
    count = words("parameters.count", count=len(rows), assumed=sum(map(_is_assumed, rows)))
    meaning = capital(parameter_title(name, run))
    title = Markup('{} <span class="soft">({}; {})</span> <code lang="zxx">{}</code>').format(
        meaning, words.maybe(f"unit.{unit}", unit), count, name
    )
    heads = words.heads("value", "range", "at", "for", "dates", "lever", "source", "quality")
    table = Table(heads, [_row(run, row) for row in rows], meaning, wrap=True)
    told = [Text(one, "note") for one in cautions(run, [name])]
    return Fold(title, [*told, trimmed(table) if run.dimension == "day" else table])


def _is_assumed(row: Row) -> bool:
    """Return whether a setting has no source."""
    return text(row.get("source")) in ("", "assumed") and text(row.get("quality")) != "fitted"


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


def _summary(run: Run) -> str:
    rows, words = run.records("settings"), run.words
    assumed = sum(map(_is_assumed, rows))
    counts = {"count": words.digits(len(rows)), "assumed": words.digits(assumed)}
    return f"{words('parameters.summary', **counts)} {_entrants(run)}".strip()


def _entrants(run: Run) -> str:
    """Say how many of those who come in are assumed: no value of the list, and most of the run."""
    rows = [row for row in run.records("inflows") if row["route"] not in NO_ENTRY]
    people, assumed = (sum(float(row[name]) for row in rows) for name in ("persons", "assumed"))
    if not people:
        return ""
    return run.words("parameters.entrants", assumed=run.words.digits(1000.0 * assumed / people))
