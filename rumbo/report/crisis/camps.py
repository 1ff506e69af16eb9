"""Camps: people in each by day in every scenario, against the registered counts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.rows import (
    fan_rows,
    observed_rows,
    range_cells,
    range_heads,
    range_text,
    ranges,
)
from rumbo.report.page.parts import DASH, Chart, Figure, Row, Table
from rumbo.report.page.style import colour
from rumbo.report.page.words import HARD_SPACE, Words
from rumbo.report.read.camps import (
    MOST_DATES,
    MOST_PANELS,
    TABLE_DATES,
    along_days,
    camp_title,
    camps,
    compared_days,
    on_road,
    present,
    registered,
    thinned,
)
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import Misfit, misfit, quantiles, spread
from rumbo.report.read.run import Run


class Panel(NamedTuple):
    """A series over scenario, member and day, its title, and the registered counts beside it."""

    title: str
    values: xr.DataArray
    counts: pd.DataFrame


def panels(run: Run) -> list[Panel]:
    """Return all camps together, the people on the road, then every camp, the largest first.

    Learned shares know no road, and their total is given: they have the camps alone.
    """
    counts, words = registered(run), run.words
    names = camps(run)
    each = [Panel(camp_title(run, name), present(run, [name]), counts[name]) for name in names]
    if run.learned:
        return each
    none = pd.DataFrame(columns=["area", "month", "value", "low", "high", "publisher"])
    return [
        Panel(words("crisis.in_camps"), present(run, names), none),
        Panel(words("crisis.on_road"), on_road(run), none),
        *each,
    ]


def camp_figure(run: Run) -> Figure:
    """Return the charts of camps, and the table behind them."""
    words, found = run.words, panels(run)
    count = len(camps(run))
    wide = len(found) - count
    told = words("learned.text.camps" if run.learned else "crisis.text.camps")
    if count > MOST_PANELS:
        told += " " + words("crisis.text.more", shown=MOST_PANELS, count=count)
    drawn = found[: wide + MOST_PANELS]
    sizes = ["half" if n < wide else "small" for n in range(len(drawn))]
    charts = [panel_chart(run, each, size) for each, size in zip(drawn, sizes, strict=True)]
    title = words("crisis.figure.camps")
    return Figure("camps", title, told, charts, _day_table(run, found), _legend(run))


def _legend(run: Run) -> tuple[str, ...]:
    scenarios = ("difference",) if len(run.scenarios) > 1 else ()
    if not run.words.ranged:
        return (*(scenarios or ("single",)), "registered")
    return (*scenarios, "wide", "half", "middle", "registered")


def panel_chart(run: Run, panel: Panel, size: str) -> Chart:
    """Return the chart of one series in every scenario."""
    rows: list[Row] = []
    few = panel.values.isel(day=thinned(panel.values.sizes["day"], MOST_DATES))
    for number, name in enumerate(run.scenarios):
        about = {
            "scenario": number, "colour": colour(number), "title": scenario_title(name, run),
        }  # fmt: skip
        rows += [{**row, **about} for row in fan_rows(few.isel(scenario=number), run.words)]
    data = {
        "simulated": rows,
        "observed": observed_rows(panel.counts, run.words, "day"),
        "zero": [{"zero": 0}],
    }
    return Chart("crowd", data, panel.title, _alt(run, panel), size=size)


def _alt(run: Run, panel: Panel) -> str:
    words = run.words
    first, last = (words.time(run.times[n], "day") for n in (0, -1))
    ends = spread(panel.values.isel(scenario=0, day=-1))
    return words(
        "crisis.alt.panel",
        title=panel.title,
        first=first,
        last=last,
        range=range_text(ends, words),
        count=len(panel.counts),
    )


def _day_table(run: Run, found: Sequence[Panel]) -> Table:
    """Return people in every camp on some days, in every scenario."""
    words = run.words
    several = len(run.scenarios) > 1
    heads = [words("crisis.head.camp"), words("crisis.head.day"), *range_heads(words)]
    if several:
        heads.insert(1, words("crisis.head.scenario"))
    rows = [row for each in found for row in _day_rows(run, each, several)]
    heads.append(words("crisis.head.by_then"))
    return Table(heads, rows, words("crisis.table.camps"))


def _day_rows(run: Run, panel: Panel, several: bool) -> list[list[str]]:
    words = run.words
    few = panel.values.isel(day=thinned(panel.values.sizes["day"], TABLE_DATES))
    return [
        [
            panel.title,
            *([scenario_title(name, run)] if several else []),
            whole_day(at, words),
            *range_cells(ends, words),
            _count_by(panel.counts, at, run),
        ]
        for number, name in enumerate(run.scenarios)
        for at, ends in ranges(few.isel(scenario=number))
    ]


def _count_by(counts: pd.DataFrame, at: pd.Timestamp, run: Run) -> str:
    known = counts[counts["month"] <= at] if len(counts) else counts
    return run.words.exact(float(known["value"].iloc[-1])) if len(known) else DASH


def whole_day(at: object, words: Words) -> str:
    """Return a day as it stands in a narrow column, on one line."""
    return words.day(pd.Timestamp(at).isoformat()).replace(" ", HARD_SPACE)


class Fit(NamedTuple):
    """A camp, its registered counts, its simulated series, and how far apart they lie."""

    camp: str
    counts: pd.DataFrame
    values: xr.DataArray
    misfit: Misfit


def fits(run: Run) -> list[Fit]:
    """Return how each camp fits its registered counts in the first scenario.

    Counts that the simulation has seen are left out.
    """
    counts, days = registered(run), compared_days(run)
    series = {camp: present(run, [camp]).isel(scenario=0) for camp in counts}
    later = {camp: values.isel(day=days) for camp, values in series.items()}
    return [
        Fit(camp, rows, series[camp], misfit(later[camp], along_days(run, rows)[days]))
        for camp, rows in counts.items()
    ]


def fit_table(run: Run, found: Sequence[Fit]) -> Table:
    """Return the last registered count of each camp against the simulation on the same day."""
    words = run.words
    heads = ["crisis.head.camp", "crisis.head.registered", "crisis.head.day"]
    inside = ["crisis.head.inside", "crisis.head.inside_half"] if words.ranged else []
    titles = [*map(words, heads), *range_heads(words), *map(words, inside)]
    caption = words("learned.table.fit" if run.learned else "crisis.table.fit")
    return Table(titles, [_fit_row(run, each) for each in found], caption)


def _fit_row(run: Run, fit: Fit) -> list[str]:
    words, known = run.words, len(fit.counts) > 0
    at = fit.counts["month"].iloc[-1] if known else fit.values["day"].values[-1]
    count = words.exact(float(fit.counts["value"].iloc[-1])) if known else words("crisis.no_count")
    shares = [fit.misfit.inside, fit.misfit.inside_half] if words.ranged else []
    return [
        camp_title(run, fit.camp),
        count,
        whole_day(at, words),
        *range_cells(spread(fit.values.sel(day=at)), words),
        *(_share(run, x, fit.misfit.months) for x in shares),
    ]


def _share(run: Run, inside: int, days: int) -> str:
    if not days:
        return DASH
    percent = run.words.percent(inside / days).lstrip("+")
    return run.words("x_of_y", x=inside, y=days, percent=percent)


def fit_sentences(run: Run, found: Sequence[Fit]) -> list[str]:
    """Return over all camps how many counts lie inside the ranges, and how far off people are."""
    words, days = run.words, sum(each.misfit.months for each in found)
    if not days:
        return [words("crisis.fit.none")]
    x, half = (sum(getattr(each.misfit, k) for each in found) for k in ("inside", "inside_half"))
    percent = words.percent(x / days).lstrip("+")
    key = "learned.fit.inside" if run.learned else "crisis.fit.inside"
    inside = words(key, x=x, y=days, half=half, percent=percent)
    return ([inside] if words.ranged else []) + _apart_sentence(run, found)


def _apart_sentence(run: Run, found: Sequence[Fit]) -> list[str]:
    share, words = apart(run, found), run.words
    if share is None:
        return []
    low, middle, high = (
        words.percent(float(end), decimals=1).lstrip("+")
        for end in quantiles(share).isel(quantile=[0, 2, 4]).values
    )
    key = "crisis.fit.apart" if words.ranged else "crisis.fit.apart_one"
    return [words(key, low=low, middle=middle, high=high, no_range=words("no_range"))]


def apart(run: Run, found: Sequence[Fit]) -> xr.DataArray | None:
    """Return the mean over days of the differences in camps over all registered, by member.

    Between counts the registered number is on a straight line, before the first and after the
    last as on that day. None where nobody is registered.
    """
    known = [each for each in found if len(each.counts)]
    days = np.arange(len(run.times))
    counts = [along_days(run, each.counts).values for each in known]
    daily = [np.interp(days, np.flatnonzero(np.isfinite(c)), c[np.isfinite(c)]) for c in counts]
    whole = np.sum(daily, axis=0)
    if not bool((whole > 0).any()):
        return None
    off = sum(
        np.abs(each.values.transpose("member", "day").values - one)
        for each, one in zip(known, daily, strict=True)
    )
    share = (off / np.where(whole > 0, whole, np.nan))[:, whole > 0].mean(axis=1)
    return xr.DataArray(share, dims="member")
