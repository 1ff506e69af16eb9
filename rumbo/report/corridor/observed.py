"""Simulated against observed: totals, by nationality, by zone."""

from rumbo.report.charts.policies import policy_marks, policy_rows
from rumbo.report.charts.rows import Curve, fan, month_table, publishers
from rumbo.report.corridor.statements import levels
from rumbo.report.page.parts import DASH, Bullets, Figure, Fold, Legend, Section, Text, legend
from rumbo.report.page.words import Words
from rumbo.report.read.names import area_name, nationality_name
from rumbo.report.read.ranges import Misfit, misfit
from rumbo.report.read.record import fails, marked
from rumbo.report.read.run import Run
from rumbo.report.read.simulated import simulated

TOTALS = ("zones", "gates", "stops")


def observed(run: Run) -> Section:
    """Return simulated series against observed ones, and how often the ranges held them."""
    words, sentences = run.words, _misfit_sentences(run)
    totals, *others = _comparison_figures(run)
    blocks = [
        Text(f"{words('observed.text')} {levels(run)}"),
        *([Bullets(sentences)] if sentences else []),
        totals,
        *([Fold(words("observed.more"), others)] if others else []),
        Text(words("mark.note"), "note"),
    ]
    return Section("observed", words("part.observed"), blocks)


def _curve(run: Run, key: str, title: str, **where: str) -> Curve:
    """Return a series of the first scenario with its reported figures."""
    values = run.series(key, **where).isel(scenario=0)
    title, weak = marked(run, title, key, **where), fails(run, key, **where)
    return Curve(title, values, run.observed(key, **where), weak)


def _totals(run: Run) -> list[Curve]:
    """Return the totals in zones, at gates and of people stopped on the way."""
    return [_curve(run, key, run.words(f"measure.{key}")) for key in simulated(run, TOTALS)]


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
    marks = legend(run.words, "wide", "half", "middle", "observed").marks
    title = "figure.by_nationality" if by == "nationality" else f"figure.{name}"
    return Figure(
        name,
        run.words(title, title=run.words(f"measure.{key}") if by else ""),
        run.words(f"text.{name}"),
        [
            fan(each, run.words, size="small" if by else "wide", marks=policy_rows(run))
            for each in curves
        ],
        month_table(curves, run.words),
        [Legend([*marks, *policy_marks(run)])],
        source=publishers(curves, run.words),
    )


def share_of(inside: int, times: int, words: Words) -> str:
    """Return how many of some months or days, and which share of them."""
    if not times:
        return DASH
    return words("x_of_y", x=inside, y=times, percent=words.percent(inside / times).lstrip("+"))


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
