"""The calendar of levers: what was in force when, what is modelled, and what is context."""

from textwrap import wrap

from markupsafe import Markup, escape

from rumbo.report.charts.series import CALENDAR
from rumbo.report.page.parts import DASH, Chart, Figure, Row, Section, Table, legend, link
from rumbo.report.page.words import text
from rumbo.report.read.names import dates, lever_title, one_day, scenario_title, source_titles
from rumbo.report.read.run import Run

LINE = 50
"""Letters of a name that stand on one line of a phone."""


def levers(run: Run) -> Section:
    """Return the chapter of the corridor's calendar."""
    return Section("levers", run.words("part.levers"), [calendar_figure(run)])


def calendar_figure(run: Run) -> Figure:
    """Return the timeline of levers and the table behind it."""
    words, rows = run.words, _in_run(run)
    data = {"levers": [_bar(run, row, number) for number, row in enumerate(_ordered(rows))]}
    alt = words("alt.calendar", count=len(rows), modelled=sum(map(_modelled, rows)))
    height = f"--rows:{len(rows)}"
    return Figure(
        "calendar",
        words("figure.calendar"),
        words("text.calendar"),
        [Chart(CALENDAR[run.dimension], data, "", alt, size="calendar", style=height)],
        _table(run, rows),
        [legend(words, "modelled", "context")],
    )


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (not _modelled(row), _begin(row)))


def _modelled(row: Row) -> bool:
    return row.get("modelled") in (True, "true", "True", 1)


def _begin(row: Row) -> str:
    return text(row.get("since"))


def is_event(row: Row) -> bool:
    """Return whether a row is a single day: its end is the next, or it is context without end."""
    since, until = _begin(row), text(row.get("until"))
    return one_day(since, until) if until else not _modelled(row)


def _in_run(run: Run) -> list[Row]:
    """Return the levers in force at some time of the run, by their first day."""
    rows = [row for row in run.records("levers") if _touches(row, run)]
    return sorted(rows, key=_begin)


def _touches(row: Row, run: Run) -> bool:
    first, since = run.opening.isoformat(), _begin(row)
    still = since >= first if is_event(row) else (text(row.get("until")) or "9999") > first
    return still and since < run.closing.isoformat()


def _bar(run: Run, row: Row, number: int) -> Row:
    first, last = run.opening.isoformat(), run.closing.isoformat()
    since, until = _begin(row), text(row.get("until"))
    name = run.words.column(row, "name")
    begin = max(since, first)
    return {
        "row": number,
        "kind": "modelled" if _modelled(row) else "context",
        "since": begin,
        "until": begin if is_event(row) else min(until or last, last),
        "event": is_event(row),
        "name": name,
        "lines": "\n".join(wrap(name, LINE)),
        "dates": dates(row, run.words),
    }


def _table(run: Run, rows: list[Row]) -> Table:
    words = run.words
    heads = words.heads("lever", "bundle", "dates", "actor", "modelled", "in", "source", "quality")
    return Table(heads, [_row(run, row) for row in rows], words("table.calendar"), wrap=True)


def _row(run: Run, row: Row) -> list[str]:
    words = run.words
    bundled = row["lever"] in (run.background["corridor"].get("bundles") or {})
    inside = [scenario_title(each, run) for each in row.get("in") or [] if _modelled(row)]
    return [
        words.column(row, "name"),
        lever_title(row["lever"], run) if bundled else DASH,
        dates(row, run.words),
        words.maybe(f"kind.{text(row.get('actor'))}", text(row.get("actor"))),
        _acting(run, row) if _modelled(row) else words("context"),
        "; ".join(inside) or DASH,
        source_link(run, row.get("source")),
        words.maybe(f"quality.{text(row.get('quality'))}", text(row.get("quality"))),
    ]


def _acting(run: Run, row: Row) -> str:
    """Return that a lever acts in the simulation, and on which days where it was not moved."""
    words, lever = run.words, row["lever"]
    mine = [one for one in run.records("settings") if one["lever"] == lever]
    shifted = (each.get("shifted") or [] for each in run.records("scenarios"))
    if not mine or any(one["lever"] == lever for rows in shifted for one in rows):
        return words("modelled")
    ends = [text(one.get("until")) for one in mine]
    whole = {"since": min(_begin(one) for one in mine), "until": max(ends) if all(ends) else ""}
    return words("modelled.days", days=dates(whole, words))


def source_link(run: Run, keys: object) -> str:
    """Return sources as publisher and title, linked; or that the value is assumed."""
    links = [escape(link(*source)) for source in source_titles(keys, run)]
    return Markup("; ").join(links) if links else run.words("assumed")
