"""Camps: people in each by day in every scenario, against the registered counts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.rows import ZERO, Curve, observed_rows, scenario_rows, time_cell, time_rows
from rumbo.report.charts.series import CROWD
from rumbo.report.corridor.observed import share_of
from rumbo.report.corridor.scenarios import scenario_marks
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Chart,
    Figure,
    Heading,
    Legend,
    Row,
    Section,
    Table,
    Text,
    filled,
    legend,
)
from rumbo.report.read.camps import (
    MOST_DATES,
    MOST_PANELS,
    TABLE_DATES,
    camp_ids,
    camp_title,
    compared_days,
    few_days,
    on_road,
    present,
    registered,
)
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import Misfit, misfit, quantiles, spread
from rumbo.report.read.run import Run

CRISIS_WORDS = ("crisis.part.camps", "crisis.fit.title", "crisis.fit.text")
LEARNED_WORDS = ("learned.part.camps", "learned.fit.title", "learned.fit.text")
"""Keys of the words for the chapter, and for how camps meet their counts."""


def camps(run: Run) -> Section:
    """Return how camps meet their registered counts, and people in each by day."""
    words, fits = run.words, camp_fits(run)
    part, title, text = LEARNED_WORDS if run.learned else CRISIS_WORDS
    blocks = [
        *([] if run.learned else [Text(words("crisis.given"))]),
        Heading(words(title)),
        *([Text(words(text))] if words.ranged else []),
        Bullets(_fit_sentences(run, fits)),
        *filled(_fit_table(run, fits)),
        _camp_figure(run),
    ]
    return Section("camps", words(part), blocks)


def _each_camp(run: Run) -> list[Curve]:
    """Return people in each camp, the largest first, beside its registered counts."""
    return [
        Curve(camp_title(run, camp), present(run, [camp]), counts)
        for camp, counts in registered(run).items()
    ]


def camp_curves(run: Run) -> list[Curve]:
    """Return all camps together, the people on the road, then every camp.

    Learned shares know no road, and their total is given: they have the camps alone.
    """
    if run.learned:
        return _each_camp(run)
    everybody = Curve(run.words("crisis.in_camps"), present(run, camp_ids(run)))
    return [everybody, Curve(run.words("crisis.on_road"), on_road(run)), *_each_camp(run)]


def _camp_figure(run: Run) -> Figure:
    """Return the charts of camps, and the table behind them."""
    words, curves = run.words, camp_curves(run)
    count = len(camp_ids(run))
    wide = len(curves) - count
    about = words("learned.text.camps" if run.learned else "crisis.text.camps")
    if count > MOST_PANELS:
        about += " " + words("crisis.text.more", shown=MOST_PANELS, count=count)
    charts = [
        _chart(run, curve, "half" if n < wide else "small")
        for n, curve in enumerate(curves[: wide + MOST_PANELS])
    ]
    title, table = words("crisis.figure.camps"), _day_table(run, curves)
    return Figure("camps", title, about, charts, table, [_legend(run)])


def _legend(run: Run) -> Legend:
    marks = scenario_marks(run) if len(run.scenarios) > 1 else []
    if run.words.ranged:
        names = ["wide", "half", "middle", "registered"]
    else:
        names = ["registered"] if marks else ["single", "registered"]
    return Legend([*marks, *legend(run.words, *names).marks])


def _chart(run: Run, curve: Curve, size: str) -> Chart:
    few = few_days(curve.values, MOST_DATES)
    rows = [
        row
        for number in range(len(run.scenarios))
        for row in scenario_rows(run, number, few.isel(scenario=number))
    ]
    last = curve.values.isel(scenario=0, day=-1)
    return crowd_chart(run, curve, rows, last, size)


def crowd_chart(run: Run, curve: Curve, rows: list[Row], last: xr.DataArray, size: str) -> Chart:
    """Return a chart of people by day: rows as drawn, and values by member on the last day."""
    words = run.words
    seen = observed_rows(curve.observed, words, "day")
    first, until = (words.time(run.times[n], "day") for n in (0, -1))
    alt = words(
        "crisis.alt.panel",
        title=curve.title,
        first=first,
        last=until,
        range=words.range_text(spread(last)),
        count=len(curve.observed),
    )
    data = {"simulated": rows, "observed": seen, "zero": ZERO}
    return Chart(CROWD, data, curve.title, alt, size=size)


def _day_table(run: Run, curves: Sequence[Curve]) -> Table:
    """Return people in every camp on some days, in every scenario."""
    words = run.words
    scenario = ["crisis.head.scenario"] if len(run.scenarios) > 1 else []
    day = ("crisis.head.day", *words.ends, "crisis.head.by_then")
    heads = words.heads("crisis.head.camp", *scenario, *day)
    rows = [row for curve in curves for row in _day_rows(run, curve)]
    return Table(heads, rows, words("crisis.table.camps"))


def _day_rows(run: Run, curve: Curve) -> list[list[str]]:
    words, few = run.words, few_days(curve.values, TABLE_DATES)
    counted = [_count_by(curve.observed, at, run) for at in few["day"].values]
    titles = [[scenario_title(each, run)] for each in run.scenarios]
    return [
        [first, *(title if len(titles) > 1 else []), *cells, count]
        for number, title in enumerate(titles)
        for (first, *cells), count in zip(
            time_rows(curve.title, few.isel(scenario=number), words), counted, strict=True
        )
    ]


def _count_by(counts: pd.DataFrame, at: pd.Timestamp, run: Run) -> str:
    known = counts[counts["month"] <= at] if len(counts) else counts
    return run.words.exact(float(known["value"].iloc[-1])) if len(known) else DASH


class CampFit(NamedTuple):
    """A camp with its registered counts in the first scenario, and how far apart they lie."""

    curve: Curve
    misfit: Misfit


def camp_fits(run: Run) -> list[CampFit]:
    """Return how each camp fits its registered counts, but those that the simulation has seen."""
    days = compared_days(run)
    first = [replace(curve, values=curve.values.isel(scenario=0)) for curve in _each_camp(run)]
    return [
        CampFit(one, misfit(one.values.isel(day=days), run.along(one.observed)[days]))
        for one in first
    ]


def _fit_table(run: Run, fits: Sequence[CampFit]) -> Table:
    """Return the last registered count of each camp against the simulation on the same day."""
    words = run.words
    inside = ["crisis.head.inside", "crisis.head.inside_half"] if words.ranged else []
    first = ("crisis.head.camp", "crisis.head.registered", "crisis.head.day")
    heads = words.heads(*first, *words.ends, *inside)
    caption = words("learned.table.fit" if run.learned else "crisis.table.fit")
    return Table(heads, [_fit_row(run, each) for each in fits], caption)


def _fit_row(run: Run, fit: CampFit) -> list[str]:
    words, curve = run.words, fit.curve
    title, values, counts = curve.title, curve.values, curve.observed
    at = counts["month"].iloc[-1] if len(counts) else values["day"].values[-1]
    shares = [fit.misfit.inside, fit.misfit.inside_half] if words.ranged else []
    return [
        title,
        words.exact(counts["value"].iloc[-1]) if len(counts) else words("crisis.no_count"),
        time_cell(pd.Timestamp(at), "day", words),
        *words.range_cells(spread(values.sel(day=at))),
        *(share_of(inside, fit.misfit.months, words) for inside in shares),
    ]


def _fit_sentences(run: Run, fits: Sequence[CampFit]) -> list[str]:
    """Return over all camps how many counts lie inside the ranges, and how far off people are."""
    words, days = run.words, sum(each.misfit.months for each in fits)
    if not days:
        return [words("crisis.fit.none")]
    x, half = (sum(getattr(each.misfit, k) for each in fits) for k in ("inside", "inside_half"))
    percent = words.percent(x / days).lstrip("+")
    key = "learned.fit.inside" if run.learned else "crisis.fit.inside"
    inside = words(key, x=x, y=days, half=half, percent=percent)
    return ([inside] if words.ranged else []) + _apart_sentence(run, fits)


def _apart_sentence(run: Run, fits: Sequence[CampFit]) -> list[str]:
    share, words = apart(run, fits), run.words
    if share is None:
        return []
    low, middle, high = (
        words.percent(float(end), decimals=1).lstrip("+")
        for end in quantiles(share).isel(quantile=[0, 2, 4]).values
    )
    key = "crisis.fit.apart" if words.ranged else "crisis.fit.apart_one"
    return [words(key, low=low, middle=middle, high=high, no_range=words("no_range"))]


def apart(run: Run, fits: Sequence[CampFit]) -> xr.DataArray | None:
    """Return the mean over days of the differences in camps over all registered, by member.

    Between counts the registered number is on a straight line, before the first and after the
    last as on that day. None where nobody is registered.
    """
    known = [fit.curve for fit in fits if len(fit.curve.observed)]
    days = np.arange(len(run.times))
    counts = [run.along(curve.observed).values for curve in known]
    daily = [np.interp(days, np.flatnonzero(np.isfinite(c)), c[np.isfinite(c)]) for c in counts]
    total = np.sum(daily, axis=0)
    if not bool((total > 0).any()):
        return None
    off = sum(
        np.abs(curve.values.transpose("member", "day").values - one)
        for curve, one in zip(known, daily, strict=True)
    )
    share = (off / np.where(total > 0, total, np.nan))[:, total > 0].mean(axis=1)
    return xr.DataArray(share, dims="member")
