"""Everything the template prints: figures, tables and texts of one run."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from rumbo.report.charts.map import aspect, bounds, map_specification
from rumbo.report.charts.series import specifications
from rumbo.report.corridor import differences as scenarios
from rumbo.report.corridor import levers, sources
from rumbo.report.corridor import map as maps
from rumbo.report.corridor import observed as compare
from rumbo.report.corridor import statements as headline
from rumbo.report.corridor import waiting as waits
from rumbo.report.page.parts import Chart, Figure, Row
from rumbo.report.page.style import Spec
from rumbo.report.page.words import Words
from rumbo.report.read.run import Run

PARTS = (
    "statements", "scenarios", "corridor", "observed", "waiting", "differences", "cost", "levers",
    "parameters", "limits", "cite",
)  # fmt: skip
"""Parts of the page, in their order."""


def content(run: Run) -> Row:
    """Return the values of the template's names."""
    figures = _figures(run)
    specs = {
        **specifications(run.words),
        "map": map_specification(run.words, bounds(run.records("places"))),
    }
    drawn = drawing(run.words, flat(figures.values()), specs)
    return {**figures, **_texts(run), **_tables(run), "drawing": drawn, "sections": _sections(run)}


def _sections(run: Run) -> list[tuple[str, str]]:
    shown = [part for part in PARTS if part != "differences" or len(run.scenarios) > 1]
    return [(part, run.words(f"part.{part}")) for part in shown]


def _figures(run: Run) -> dict[str, Any]:
    return {
        "corridor_map": maps.map_figure(run),
        "comparisons": compare.comparison_figures(run),
        "waiting": waits.waiting_figure(run),
        "differences": scenarios.difference_figures(run),
        "calendar": levers.calendar_figure(run),
    }


def _texts(run: Run) -> Row:
    corridor, attrs = run.background["corridor"], run.data.attrs
    return {
        "title": run.words.pick(corridor.get("title"), str(attrs.get("title", ""))),
        "about": run.words.pick(corridor.get("description")),
        "licence": run.words.pick(corridor.get("licence")),
        "period": headline.period(run),
        "facts": headline.facts(run),
        "statements": headline.headlines(run),
        "warnings": headline.warnings(run),
        "levels": headline.levels(run),
        "notes": scenarios.scenario_notes(run),
        "map_ratio": round(aspect(bounds(run.records("places"))), 3),
        "month_shown": maps.busiest_month(run),
        "months": [run.words.month(month) for month in run.times],
        "misfit_sentences": compare.misfit_sentences(run),
        "parameter_summary": sources.parameter_summary(run),
        "citation": headline.citation(run),
        "version": str(attrs.get("version", "")),
    }


def _tables(run: Run) -> Row:
    words, others = run.words, range(1, len(run.scenarios))
    return {
        "misfit": compare.misfit_table(run, compare.main_series(run), words("table.misfit")),
        "misfit_detail": compare.misfit_table(
            run, compare.detailed_series(run), words("misfit.detail")
        ),
        "reported": waits.reported_table(run),
        "difference_tables": [scenarios.difference_table(run, number) for number in others],
        "costs": scenarios.cost_tables(run),
        "parameters": sources.parameter_tables(run),
        "sources": sources.source_table(run),
    }


def flat(figures: Iterable[Figure | list[Figure]]) -> list[Figure]:
    """Return all figures of a page as one list."""
    parts = [[part] if isinstance(part, Figure) else part for part in figures]
    return [figure for part in parts for figure in part]


def drawing(words: Words, figures: Sequence[Figure], specs: dict[str, Spec]) -> Markup:
    """Return what the page's script draws: specifications, locale, and the data of each chart."""
    charts = [
        _packed_chart(f"{figure.name}-{number}", chart)
        for figure in figures
        for number, chart in enumerate(figure.charts)
    ]
    whole = {"specs": specs, "charts": charts, "locale": words.chart_locale()}
    return Markup(script_json(whole))


def script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _packed_chart(name: str, chart: Chart) -> Row:
    data = {key: pack(rows) for key, rows in chart.data.items()}
    params = {"colour": chart.colour, **chart.params}
    return {"id": name, "spec": chart.spec, "alt": chart.alt, "params": params, "data": data}


def pack(rows: Sequence[Row]) -> Row:
    """Return rows as columns, a column of few different values as those and their numbers."""
    names = list(rows[0]) if rows else []
    return {
        "length": len(rows),
        "columns": {name: _column([row[name] for row in rows]) for name in names},
    }


def _column(values: list[Any]) -> Any:
    if not all(isinstance(value, str) for value in values):
        return values
    different = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if 2 * len(different) > len(values):
        return values
    return {"values": list(different), "codes": [different[value] for value in values]}
