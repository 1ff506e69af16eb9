"""Figures beside the simulated counts that they stand for."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from rumbo.scores.background import background_of
from rumbo.scores.days import whole_months
from rumbo.scores.figures import (
    ESTIMATES,
    MOST_ASSUMED,
    NO_ENTRY,
    RIDE_DAYS,
    UNDER_WAY,
    last_published,
    on_days,
    without_nested,
)
from rumbo.scores.quantiles import Array
from rumbo.scores.underway import under_way

SIMULATED = {"deaths": "deaths_recorded", "transit": "entries", UNDER_WAY: "passages"}
"""What figures of a measure are held against, where it has another name than theirs."""

EVERYWHERE = ("", "all")
"""Areas, components and nationalities that leave nothing out."""

PERIOD = ["first", "last", "number"]
"""First and last month of a figure, and its number among those of the same months."""

ENDS = ["value", "low", "high"]
"""A figure and the ends of its range."""

NONE = np.empty(0, dtype=np.int64)
"""No cells."""

Cells = dict[str, tuple[str, NDArray[np.int64]]]
"""By part, the dimension that it lies along and its cells there; no dimension for everything."""


class Pair(NamedTuple):
    """Figures of one measure and the simulated counts that they stand for.

    Attributes
    ----------
    measure, component
        What was counted.
    by
        What it is split by: ``nationality``, ``area``, or nothing.
    parts
        Nationalities or areas; ``all`` where it is not split; length C.
    observed
        Shape (T, C); NaN where there is no figure.
    low, high
        Ends of a figure that was given as a range, else the figure; shape (T, C).
    simulated
        Shape (S, N, T, C) for S scenarios and N members.
    when
        First days of the periods; shape (T,).
    months
        Months of each period, of which a flow is the sum; 1 for a day; shape (T,).
    """

    measure: str
    component: str
    by: str
    parts: tuple[str, ...]
    observed: Array
    low: Array
    high: Array
    simulated: Array
    when: NDArray[np.datetime64]
    months: Array

    @property
    def name(self) -> str:
        """Measure, component, and by what it is split."""
        return f"{self.measure} {self.component} {f'by {self.by}' if self.by else ''}".strip()


def each_series(runs: xr.Dataset) -> Iterator[Pair]:
    """Go through the figures that a run can be held against.

    Parameters
    ----------
    runs
        A result.

    Yields
    ------
    Pair
        Camps of a crisis by day; totals, nationalities and areas of a corridor by month, or by
        span of months where a figure is the sum over several.
    """
    about = background_of(runs)
    rows, daily = about.get("figures") or [], "day" in runs.dims
    # Of a day there is one count, of a month as many estimates as were made.
    figures = _figures(rows, () if daily else ESTIMATES)
    if figures.empty:
        return
    if daily:
        yield from _camps(runs, figures)
        return
    figures = _largest_on_the_way(figures)
    for (measure, component), table in figures.groupby(["measure", "component"], sort=True):
        if _is_simulated(runs, str(measure), str(component)):
            yield from _by_month(runs, about, (str(measure), str(component)), table)


def _largest_on_the_way(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures, of registers on the way the larger one of each month: each misses people."""
    on_the_way = figures["measure"] == "transit"
    counts = figures[on_the_way].sort_values("value", kind="stable").assign(component="")
    key = ["area", "nationality", "month", "month_end"]
    return pd.concat([figures[~on_the_way], counts.drop_duplicates(key, keep="last").sort_index()])


def _is_simulated(runs: xr.Dataset, measure: str, component: str) -> bool:
    """Whether a run has what figures count; not where they count a part of it, such as by bus."""
    simulated = SIMULATED.get(measure, measure)
    if simulated not in runs or component in EVERYWHERE or measure == "transit":
        return simulated in runs
    return "component" in runs[simulated].dims


def _figures(rows: list[dict[str, Any]], estimates: Collection[str]) -> pd.DataFrame:
    """Figures that a result carries, the last published of each, and all of some estimates.

    Not sums over months that have figures of their own: these would count twice.
    """
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    for name in ("component", "area", "nationality", "day", "month_end"):
        table[name] = table[name].fillna("") if name in table else ""
    for name in ("value", "low", "high"):
        table[name] = table[name].astype(float) if name in table else np.nan
    table["nationality"] = table["nationality"].replace("", "all")
    key = ["measure", "component", "area", "nationality", "month", "month_end", "day"]
    return without_nested(last_published(table, key, estimates).sort_index())


def _camps(runs: xr.Dataset, figures: pd.DataFrame) -> Iterator[Pair]:
    """Camps by day: counts on a straight line between figures, cut to whole persons, as in Flee."""
    table = figures[(figures["measure"] == "waiting") & figures["area"].isin(runs["place"].values)]
    camps = [str(place) for place in runs["place"].values if place in set(table["area"])]
    if not camps:
        return
    first = runs["day"].values[0].astype("datetime64[D]")
    days = len(runs["day"])
    each = [_on_days(table[table["area"] == camp], first, days) for camp in camps]
    observed = np.column_stack(each)
    simulated = runs["waiting"].sel(place=camps)
    if "group" in simulated.dims:
        simulated = simulated.sum("group")
    counts, when = simulated.values.astype(np.float64), runs["day"].values
    seen, name = (observed, observed, observed), "people in camps"
    yield Pair(name, "", "", tuple(camps), *seen, counts, when, np.ones(days))


def _on_days(rows: pd.DataFrame, first: np.datetime64, days: int) -> Array:
    day = (rows["day"].to_numpy().astype("datetime64[D]") - first).astype(np.int64)
    counts = pd.DataFrame({"day": day, "persons": rows["value"].to_numpy(dtype=np.float64)})
    return on_days(counts, days).astype(np.float64)


def _by_month(
    runs: xr.Dataset, about: dict[str, Any], what: tuple[str, str], table: pd.DataFrame
) -> Iterator[Pair]:
    values = _counted(runs, about, *what)
    months = runs["month"].values.astype("datetime64[M]")
    table = _within(table, whole_months(runs).astype("datetime64[M]"))
    whole_area, everyone = table["area"].isin(EVERYWHERE), table["nationality"] == "all"
    splits = (
        ("", table[whole_area & everyone].assign(part="all")),
        ("nationality", table[whole_area & ~everyone].assign(part=table["nationality"])),
        ("area", table[~whole_area & everyone].assign(part=table["area"])),
    )
    for by, rows in splits:
        cells = _cells(runs, about, what, by, values, list(rows["part"].unique()))
        rows = rows[rows["part"].isin(cells)]
        if len(rows):
            yield _pair(what, by, rows, values, cells, months)


def _counted(runs: xr.Dataset, about: dict[str, Any], measure: str, component: str) -> xr.DataArray:
    """Simulated counts of a measure, of one component where they are told apart."""
    values = runs[SIMULATED.get(measure, measure)]
    if component not in EVERYWHERE and "component" in values.dims:
        values = values.sel(component=component)
    if measure == UNDER_WAY:
        return under_way(values, values[RIDE_DAYS].values)
    if measure == "waiting" and "roles" in about:  # everybody, where people wait on their way
        inside = runs["country"].isin(about["roles"]["waiting"]).values
        return values.assign_coords(waits=("place", inside))
    return values


def _within(table: pd.DataFrame, months: NDArray[np.datetime64]) -> pd.DataFrame:
    """Figures whose months lie wholly inside the run, with their first and last month."""
    first = table["month"].str[:7].to_numpy().astype("datetime64[M]")
    ends = table["month_end"].str[:7].where(table["month_end"] != "", table["month"].str[:7])
    last = ends.to_numpy().astype("datetime64[M]")
    inside = np.isin(first, months) & np.isin(last, months)
    known = table.assign(first=first.astype("datetime64[s]"), last=last.astype("datetime64[s]"))
    middle = (table["low"] + table["high"]) / 2.0
    value = known["value"].fillna(middle)
    low, high = known["low"].fillna(value), known["high"].fillna(value)
    return known.assign(value=value, low=low, high=high)[inside]


def _cells(
    runs: xr.Dataset,
    about: dict[str, Any],
    what: tuple[str, str],
    by: str,
    values: xr.DataArray,
    parts: Sequence[str],
) -> Cells:
    """Cells of the parts that are simulated."""
    if not by and what[0] != "transit":  # only some nationalities are counted on the way
        return {"all": _everybody(values)}
    if by == "nationality" and "group" in values.dims:
        wanted = _of_known_entries(about, what, parts)
        return _found("group", [runs["nationality"].values.astype(str)], wanted)
    if by == "area":
        for dim in ("area", "region", "place", "link"):
            if dim in values.dims:
                return _found(dim, _names_along(runs, about, dim), parts)
    return {}


def _everybody(values: xr.DataArray) -> tuple[str, NDArray[np.int64]]:
    if "waits" in values.coords:
        return "place", np.flatnonzero(values["waits"].values)
    return "", NONE


def _of_known_entries(
    about: dict[str, Any], what: tuple[str, str], parts: Sequence[str]
) -> Sequence[str]:
    """Nationalities to hold against counts on the way: those whose entries rest on counts."""
    if what[0] != "transit" or not about.get("inflows"):
        return parts
    table = pd.DataFrame(about["inflows"])
    people = table[~table["route"].isin(NO_ENTRY)].groupby("nationality")[["persons", "assumed"]]
    sums = people.sum()
    known = set(sums.index[sums["assumed"] <= MOST_ASSUMED * sums["persons"]])
    return [part for part in parts if part in known]


def _names_along(runs: xr.Dataset, about: dict[str, Any], dim: str) -> list[NDArray[np.str_]]:
    """Names that areas have along a dimension: labels; of places, their state and country too."""
    labels = runs[dim].values.astype(str)
    if dim == "link":
        return [runs["mode"].values.astype(str)]
    if dim != "place":
        return [labels]
    states = {str(one["id"]): str(one.get("admin1") or "") for one in about.get("places") or []}
    state = np.array([states.get(label, "") for label in labels.tolist()])
    return [labels, state, runs["country"].values.astype(str)]


def _found(dim: str, names: Sequence[NDArray[np.str_]], parts: Sequence[str]) -> Cells:
    """Cells of parts along a dimension; of several areas joined by semicolons, those of all."""
    cells = {}
    for part in parts:
        each = [_named(names, one) for one in part.split(";")]
        if all(len(at) for at in each):
            cells[part] = (dim, np.unique(np.concatenate(each)))
    return cells


def _named(names: Sequence[NDArray[np.str_]], part: str) -> NDArray[np.int64]:
    return next((np.flatnonzero(own == part) for own in names if (own == part).any()), NONE)


def _pair(
    what: tuple[str, str],
    by: str,
    rows: pd.DataFrame,
    values: xr.DataArray,
    cells: Cells,
    months: NDArray[np.datetime64],
) -> Pair:
    """Figures and simulated counts of one split, by period."""
    rows = rows.assign(number=rows.groupby(["part", "first", "last"]).cumcount())
    parts = list(rows["part"].unique())
    table = rows.pivot_table(index=PERIOD, columns="part", values=ENDS, aggfunc="last")
    observed, low, high = (table[name][parts] for name in ENDS)
    over = _over(observed.index, months, stock=values.attrs.get("what") == "stock")
    counts = np.stack([_sum(values, *cells[part]) @ over.T for part in parts], axis=-1)
    seen, least, most = (one.to_numpy(dtype=np.float64) for one in (observed, low, high))
    when = observed.index.get_level_values("first").to_numpy()
    measure, component = what
    length = np.maximum(over.sum(axis=1), 1.0)
    return Pair(measure, component, by, tuple(parts), seen, least, most, counts, when, length)


def monthly(pair: Pair) -> Pair:
    """Return a pair without the figures that are sums over several months."""
    single = pair.months == 1.0
    known = ~np.isnan(pair.observed[single]).all(axis=0)
    seen, low, high = (ends[single][:, known] for ends in (pair.observed, pair.low, pair.high))
    return pair._replace(
        parts=tuple(part for part, there in zip(pair.parts, known, strict=True) if there),
        observed=seen,
        low=low,
        high=high,
        simulated=pair.simulated[:, :, single][..., known],
        when=pair.when[single],
        months=pair.months[single],
    )


def _over(periods: pd.MultiIndex, months: NDArray[np.datetime64], *, stock: bool) -> Array:
    """Weights of months in periods: flows are summed, stocks averaged; shape (periods, months)."""
    first, last = (
        periods.get_level_values(name).to_numpy().astype("datetime64[M]")[:, None]
        for name in ("first", "last")
    )
    held = ((first <= months) & (months <= last)).astype(np.float64)
    return np.asarray(held / held.sum(axis=1, keepdims=True) if stock else held)


def _sum(values: xr.DataArray, along: str, cells: NDArray[np.int64]) -> Array:
    """Sum over everything but scenario, member and month, for some cells; (S, N, T)."""
    if along:
        values = values.isel({along: cells})
    axes = ("scenario", "member", "month")
    summed = values.sum([dim for dim in values.dims if dim not in axes], dtype=np.float64)
    return np.asarray(summed.transpose(*axes).values, dtype=np.float64)
