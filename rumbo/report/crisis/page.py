"""Everything the page of a run of displacement prints: figures, tables and texts."""

from dataclasses import replace
from typing import Any

from rumbo.report.charts.map import aspect, bounds, crisis_specification
from rumbo.report.charts.series import day_specifications
from rumbo.report.corridor import differences as scenarios
from rumbo.report.corridor import levers, sources
from rumbo.report.corridor import statements as headline
from rumbo.report.corridor.page import drawing, flat
from rumbo.report.crisis.camps import camp_figure, fit_sentences, fit_table, fits
from rumbo.report.crisis.costs import cost_tables, difference_figures, difference_tables
from rumbo.report.crisis.map import kind_colours, map_figure, steps
from rumbo.report.crisis.statements import crisis_warnings, ranges_hold, statements
from rumbo.report.page.parts import Figure, Row, trimmed
from rumbo.report.read.run import Run

PARTS = {
    "statements": "part.statements",
    "scenarios": "part.scenarios",
    "map": "crisis.part.map",
    "camps": "crisis.part.camps",
    "differences": "part.differences",
    "cost": "part.cost",
    "levers": "crisis.part.levers",
    "parameters": "part.parameters",
    "limits": "part.limits",
    "cite": "part.cite",
}
"""Parts of the page in their order, and their titles."""


def content(run: Run) -> Row:
    """Return the values of the template's names."""
    figures: dict[str, Figure | list[Figure]] = {
        "place_map": map_figure(run),
        "camp_charts": camp_figure(run),
        "differences": difference_figures(run),
    }
    calendar = calendar_figure(run)
    specs = {
        **day_specifications(run.words),
        "map": crisis_specification(run.words, bounds(run.records("places"))),
    }
    drawn = [*figures.values(), *([calendar] if calendar else [])]
    return {
        **figures,
        "calendar": calendar,
        **_texts(run),
        **_tables(run),
        "drawing": drawing(run.words, flat(drawn), specs),
        "sections": _sections(run),
    }


def _sections(run: Run) -> list[tuple[str, str]]:
    shown = {k: v for k, v in PARTS.items() if k != "differences" or len(run.scenarios) > 1}
    return [(part, run.words(title)) for part, title in shown.items()]


def calendar_figure(run: Run) -> Figure | None:
    """Return the timeline of closures, or None where there is none."""
    words, figure = run.words, levers.calendar_figure(run)
    if not figure.table.rows:
        return None
    alt = words("crisis.alt.calendar", count=len(figure.table.rows))
    return replace(
        figure,
        title=words("crisis.figure.calendar"),
        text=words("crisis.text.calendar"),
        charts=[replace(chart, alt=alt, data=chart.data | _ends(run)) for chart in figure.charts],
        table=replace(trimmed(figure.table), caption=words("crisis.table.calendar")),
        legend=("modelled",),
    )


def _ends(run: Run) -> dict[str, list[Row]]:
    return {"run": [{"since": day.isoformat()} for day in (run.times[0], run.closing)]}


def _texts(run: Run) -> Row:
    corridor, attrs = run.background["corridor"], run.data.attrs
    words, shown = run.words, steps(run)
    return {
        "title": words.pick(corridor.get("title"), str(attrs.get("title", ""))),
        "about": words.pick(corridor.get("description")),
        "licence": words.pick(corridor.get("licence")),
        "period": headline.period(run),
        "facts": headline.facts(run),
        "statements": statements(run),
        "warnings": crisis_warnings(run),
        "ranges_hold": ranges_hold(run),
        "notes": scenarios.scenario_notes(run),
        "map_ratio": round(aspect(bounds(run.records("places"))), 3),
        "months": [words.day(run.times[n].isoformat(), short=False) for n in shown],
        "month_shown": len(shown) - 1,
        "kind_colours": kind_colours(),
        "parameter_summary": sources.parameter_summary(run),
        "citation": headline.citation(run),
        "version": str(attrs.get("version", "")),
        "ranged": words.ranged,
    }


def _tables(run: Run) -> dict[str, Any]:
    found = fits(run)
    settings = sources.parameter_tables(run)
    return {
        "fit": fit_table(run, found),
        "fit_sentences": fit_sentences(run, found),
        "difference_tables": difference_tables(run),
        "costs": cost_tables(run),
        "parameters": [each._replace(table=trimmed(each.table)) for each in settings],
        "sources": sources.source_table(run),
    }
