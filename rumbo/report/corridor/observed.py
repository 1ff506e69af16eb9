"""Simulated against observed: totals, by nationality, by zone, and how far apart they lie."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rumbo.report.charts.rows import Curve, fan, month_table
from rumbo.report.corridor.statements import levels
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Figure,
    Fold,
    Heading,
    Section,
    Table,
    Text,
    filled,
    legend,
)
from rumbo.report.page.words import Words
from rumbo.report.read.names import area_name, nationality_name
from rumbo.report.read.ranges import Misfit, misfit
from rumbo.report.read.run import Run
from rumbo.report.read.simulated import simulated

TOTALS = ("zones", "gates", "stops")
OTHERS = ("returns_by_transit", "asylum_applications", "parole_arrivals", "transfers")


def observed(run: Run) -> Section:
    """Return simulated series against observed ones, and how far apart they lie."""
    words, sentences = run.words, _misfit_sentences(run)
    table = _misfit_table(run, _main_curves(run), words("table.misfit"))
    detail = _misfit_table(run, _detailed_curves(run), words("misfit.detail"))
    blocks = [
        Text(f"{words('observed.text')} {levels(run)}"),
        *([Bullets(sentences)] if sentences else []),
        *_comparison_figures(run),
        Heading(words("misfit.title")),
        Text(words("misfit.text")),
        *(filled(table) or [Text(words("misfit.none"))]),
        *([Fold(words("misfit.detail"), [detail])] if detail.rows else []),
    ]
    return Section("observed", words("part.observed"), blocks)


def _curve(run: Run, key: str, title: str, **where: str) -> Curve:
    """Return a series of the first scenario with its reported figures."""
    values = run.series(key, **where).isel(scenario=0)
    areas = {"area" if name == "region" else name: label for name, label in where.items()}
    return Curve(title, values, run.observed(key, **areas))


def _totals(run: Run, keys: Sequence[str] = TOTALS) -> list[Curve]:
    """Return the totals in zones, at gates and of people stopped on the way, or others."""
    return [_curve(run, key, run.words(f"measure.{key}")) for key in simulated(run, keys)]


def _by_nationality(run: Run, key: str) -> list[Curve]:
    """Return a series for each nationality."""
    return [
        _curve(run, key, nationality_name(code, run.words), nationality=code)
        for code in run.nationalities
    ]


def _by_area(run: Run, key: str) -> list[Curve]:
    """Return a series for each zone or office."""
    areas = map(str, run.data["area"].values)
    return [_curve(run, key, area_name(a, run.words), area=a) for a in areas]


def _largest_first(curves: list[Curve]) -> list[Curve]:
    return sorted(curves, key=lambda curve: -float(curve.values.mean()))


def _busy(curves: list[Curve]) -> list[Curve]:
    """Return the series in which anything happened, the largest first."""
    return _largest_first([curve for curve in curves if float(curve.values.max()) > 0])


def _comparison_figures(run: Run) -> list[Figure]:
    """Return the figures of simulated against observed series."""
    groups = {
        "totals": _totals(run),
        "zones-nationality": _largest_first(_by_nationality(run, "zones")),
        "stops-nationality": _largest_first(_by_nationality(run, "stops")),
        "zones-area": _busy(_by_area(run, "zones")),
        "gates-area": _busy(_by_area(run, "gates")),
    }
    return [_figure(name, curves, run) for name, curves in groups.items() if curves]


def _figure(name: str, curves: list[Curve], run: Run) -> Figure:
    key, _, by = name.partition("-")
    title = "figure.by_nationality" if by == "nationality" else f"figure.{name}"
    return Figure(
        name,
        run.words(title, title=run.words(f"measure.{key}") if by else ""),
        run.words(f"text.{name}"),
        [fan(each, run.words, size="small" if by else "wide") for each in curves],
        month_table(curves, run.words),
        [legend(run.words, "wide", "half", "middle", "observed")],
    )


def _main_curves(run: Run) -> list[Curve]:
    """Return the totals that have monthly observed figures."""
    deaths = [
        _curve(run, "deaths_recorded", run.words(f"region.{region}"), region=region)
        for region in map(str, run.data["region"].values)
    ]
    named = [_titled(run, "deaths_recorded", curve) for curve in deaths]
    return [*_totals(run, (*TOTALS, *OTHERS)), *named]


def _detailed_curves(run: Run) -> list[Curve]:
    """Return the series by nationality and by zone."""
    named = [
        _titled(run, key, curve)
        for key in ("zones", "stops")
        for curve in _by_nationality(run, key)
    ]
    return named + [_titled(run, "zones", curve) for curve in _by_area(run, "zones")]


def _titled(run: Run, key: str, curve: Curve) -> Curve:
    return replace(curve, title=f"{run.words(f'measure.{key}')}: {curve.title}")


def _misfit_table(run: Run, curves: Iterable[Curve], caption: str) -> Table:
    """Return how far each observed series lies from the simulated one."""
    words = run.words
    heads = words.heads("series", "months", "inside", "inside_half", "ratio", "log_ratio")
    pairs = [(curve.title, _misfit(run, curve)) for curve in curves]
    rows = [_misfit_row(title, fit, words) for title, fit in pairs if fit.months]
    return Table(heads, rows, caption)


def _misfit_row(title: str, fit: Misfit, words: Words) -> list[str]:
    return [
        title,
        words.digits(fit.months),
        share_of(fit.inside, fit.months, words),
        share_of(fit.inside_half, fit.months, words),
        _ratio(fit, words),
        DASH if math.isnan(fit.log_ratio) else words.digits(fit.log_ratio, 2),
    ]


def share_of(inside: int, times: int, words: Words) -> str:
    """Return how many of some months or days, and which share of them."""
    if not times:
        return DASH
    return words("x_of_y", x=inside, y=times, percent=words.percent(inside / times).lstrip("+"))


def _ratio(fit: Misfit, words: Words) -> str:
    if math.isnan(fit.middle):
        return DASH
    low, middle, high = (words.value(float(f"{v:.2g}")) for v in (fit.low, fit.middle, fit.high))
    return f"{low} {words('to')} {high} ({middle})"


def _misfit(run: Run, curve: Curve) -> Misfit:
    return misfit(curve.values, run.along(curve.observed))


def _misfit_sentences(run: Run) -> list[str]:
    """Return, for the totals, in how many months the observed value was inside the ranges."""
    fits = [(curve.title, _misfit(run, curve)) for curve in _totals(run)]
    return [
        run.words("misfit.sentence", title=title, x=fit.inside, y=fit.months, half=fit.inside_half)
        for title, fit in fits
        if fit.months
    ]
