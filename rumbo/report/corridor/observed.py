"""Simulated against observed: totals, by nationality, by sector, and how far apart they lie."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import xarray as xr

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

TOTALS = ("usbp", "ofo", "mexico")
OTHERS = ("mexico_returns", "asylum", "parole", "transfers")
REGIONS = ("darien", "mexico_central_america", "us_border")
"""Regions in which recorded deaths are compared."""


class Compared(NamedTuple):
    """One series of the misfit table."""

    title: str
    simulated: xr.DataArray
    observed: xr.DataArray


def observed(run: Run) -> Section:
    """Return simulated series against observed ones, and how far apart they lie."""
    words, sentences = run.words, misfit_sentences(run)
    table = misfit_table(run, main_series(run), words("table.misfit"))
    detail = misfit_table(run, detailed_series(run), words("misfit.detail"))
    blocks = [
        Text(f"{words('observed.text')} {levels(run)}"),
        *([Bullets(sentences)] if sentences else []),
        *comparison_figures(run),
        Heading(words("misfit.title")),
        Text(words("misfit.text")),
        *(filled(table) or [Text(words("misfit.none"))]),
        *([Fold(words("misfit.detail"), [detail])] if detail.rows else []),
    ]
    return Section("observed", words("part.observed"), blocks)


def _curve(run: Run, key: str, title: str, observed_at: dict[str, str], **where: object) -> Curve:
    """Return a series of the first scenario with its reported figures."""
    values = run.series(key, **where).isel(scenario=0)
    return Curve(title, values, run.observed(key, **observed_at))


def total_curves(run: Run) -> list[Curve]:
    """Return the totals at the border and in Mexico."""
    return [_curve(run, key, run.words(f"measure.{key}"), {}) for key in TOTALS]


def nationality_curves(run: Run, key: str) -> list[Curve]:
    """Return a series for each nationality, the largest first."""
    curves = [
        _curve(run, key, nationality_name(code, run.words), {"nationality": code}, nationality=code)
        for code in run.nationalities
    ]
    return _largest_first(curves)


def area_curves(run: Run, key: str) -> list[Curve]:
    """Return a series for each sector or field office in which anything happened."""
    areas = [str(area) for area in run.data["area"].values]
    curves = [_curve(run, key, area_name(a, run.words), {"area": a}, area=a) for a in areas]
    return _largest_first([each for each in curves if float(each.values.max()) > 0])


def _largest_first(curves: list[Curve]) -> list[Curve]:
    return sorted(curves, key=lambda each: -float(each.values.mean()))


def comparison_figures(run: Run) -> list[Figure]:
    """Return the figures of simulated against observed series."""
    groups = {
        "totals": total_curves(run),
        "usbp-nationality": nationality_curves(run, "usbp"),
        "mexico-nationality": nationality_curves(run, "mexico"),
        "usbp-sector": area_curves(run, "usbp"),
        "ofo-office": area_curves(run, "ofo"),
    }
    return [_figure(name, curves, run) for name, curves in groups.items() if curves]


def _figure(name: str, curves: list[Curve], run: Run) -> Figure:
    size = "wide" if name == "totals" else "small"
    return Figure(
        name,
        run.words(f"figure.{name}"),
        run.words(f"text.{name}"),
        [fan(each, run.words, size=size) for each in curves],
        month_table(curves, run.words),
        [legend(run.words, "wide", "half", "middle", "observed")],
    )


def main_series(run: Run) -> Iterator[Compared]:
    """Yield the totals that have monthly observed figures."""
    words = run.words
    for key in (*TOTALS, *OTHERS):
        yield _compared(run, key, words(f"measure.{key}"), {})
    for region in REGIONS:
        if region in run.data["region"].values:
            title = f"{words('measure.deaths_recorded')}: {words(f'region.{region}')}"
            yield _compared(run, "deaths_recorded", title, {"area": region}, region=region)


def detailed_series(run: Run) -> Iterator[Compared]:
    """Yield the series by nationality and by sector."""
    words = run.words
    for key in ("usbp", "mexico"):
        for code in run.nationalities:
            title = f"{words(f'measure.{key}')}: {nationality_name(code, words)}"
            yield _compared(run, key, title, {"nationality": code}, nationality=code)
    for area in map(str, run.data["area"].values):
        title = f"{words('measure.usbp')}: {area_name(area, words)}"
        yield _compared(run, "usbp", title, {"area": area}, area=area)


def _compared(
    run: Run, key: str, title: str, observed_at: dict[str, str], **where: object
) -> Compared:
    simulated = run.series(key, **where).isel(scenario=0)
    return Compared(title, simulated, run.observed_series(key, **observed_at))


def misfit_table(run: Run, series: Iterable[Compared], caption: str) -> Table:
    """Return how far each observed series lies from the simulated one."""
    words = run.words
    heads = words.heads("series", "months", "inside", "inside_half", "ratio", "log_ratio")
    pairs = [(each.title, misfit(each.simulated, each.observed)) for each in series]
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


def misfit_sentences(run: Run) -> list[str]:
    """Return, for the totals, in how many months the observed value was inside the ranges."""
    sentences = []
    for key in TOTALS:
        each = _compared(run, key, run.words(f"measure.{key}"), {})
        fit = misfit(each.simulated, each.observed)
        if fit.months:
            values = {"title": each.title, "x": fit.inside, "y": fit.months}
            sentences.append(run.words("misfit.sentence", **values, half=fit.inside_half))
    return sentences
