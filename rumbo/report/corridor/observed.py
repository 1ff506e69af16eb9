"""Simulated against observed: totals, by nationality, by sector, and how far apart they lie."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import xarray as xr

from rumbo.report.charts.rows import Line, fan, month_table
from rumbo.report.page.parts import DASH, Figure, Table
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


def line(run: Run, key: str, title: str, observed_at: dict[str, str], **where: object) -> Line:
    """Return a series of the first scenario with its reported figures."""
    values = run.series(key, **where).isel(scenario=0)
    return Line(title, values, run.observed(key, **observed_at))


def total_lines(run: Run) -> list[Line]:
    """Return the totals at the border and in Mexico."""
    return [line(run, key, run.words(f"measure.{key}"), {}) for key in TOTALS]


def nationality_lines(run: Run, key: str) -> list[Line]:
    """Return a series for each nationality, the largest first."""
    lines = [
        line(run, key, nationality_name(code, run.words), {"nationality": code}, nationality=code)
        for code in run.nationalities
    ]
    return _largest_first(lines)


def area_lines(run: Run, key: str) -> list[Line]:
    """Return a series for each sector or field office in which anything happened."""
    areas = [str(area) for area in run.data["area"].values]
    lines = [line(run, key, area_name(a, run.words), {"area": a}, area=a) for a in areas]
    return _largest_first([each for each in lines if float(each.values.max()) > 0])


def _largest_first(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda each: -float(each.values.mean()))


def comparison_figures(run: Run) -> list[Figure]:
    """Return the figures of simulated against observed series."""
    groups = {
        "totals": total_lines(run),
        "usbp-nationality": nationality_lines(run, "usbp"),
        "mexico-nationality": nationality_lines(run, "mexico"),
        "usbp-sector": area_lines(run, "usbp"),
        "ofo-office": area_lines(run, "ofo"),
    }
    return [_figure(name, lines, run) for name, lines in groups.items() if lines]


def _figure(name: str, lines: list[Line], run: Run) -> Figure:
    size = "wide" if name == "totals" else "small"
    return Figure(
        name,
        run.words(f"figure.{name}"),
        run.words(f"text.{name}"),
        [fan(each, run.words, size=size) for each in lines],
        month_table(lines, run.words),
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
    heads = (
        "head.series",
        "head.months",
        "head.inside",
        "head.inside_half",
        "head.ratio",
        "head.log_ratio",
    )
    found = [(each.title, misfit(each.simulated, each.observed)) for each in series]
    rows = [_misfit_row(title, fit, run.words) for title, fit in found if fit.months]
    return Table([run.words(head) for head in heads], rows, caption)


def _misfit_row(title: str, fit: Misfit, words: Words) -> list[str]:
    return [
        title,
        words.digits(fit.months),
        _share(fit.inside, fit.months, words),
        _share(fit.inside_half, fit.months, words),
        _ratio(fit, words),
        DASH if math.isnan(fit.log_ratio) else words.digits(fit.log_ratio, 2),
    ]


def _share(inside: int, months: int, words: Words) -> str:
    return words("x_of_y", x=inside, y=months, percent=words.percent(inside / months).lstrip("+"))


def _ratio(fit: Misfit, words: Words) -> str:
    if math.isnan(fit.middle):
        return DASH
    low, middle, high = (words.value(float(f"{v:.2g}")) for v in (fit.low, fit.middle, fit.high))
    return f"{low} {words('to')} {high} ({middle})"


def misfit_sentences(run: Run) -> list[str]:
    """Return, for the totals, in how many months the observed value was inside the ranges."""
    told = []
    for key in TOTALS:
        each = _compared(run, key, run.words(f"measure.{key}"), {})
        fit = misfit(each.simulated, each.observed)
        if fit.months:
            values = {"title": each.title, "x": fit.inside, "y": fit.months}
            told.append(run.words("misfit.sentence", **values, half=fit.inside_half))
    return told
