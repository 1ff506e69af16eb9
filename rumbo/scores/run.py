"""How well a run meets the counted figures, beside two plain references."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from rumbo.scores.background import background_of
from rumbo.scores.figures import last_published, of_months, on_days
from rumbo.scores.members import (
    block_range,
    cover,
    crps,
    even_split,
    held_shares,
    mean,
    relative_difference,
    weighted_interval_score,
)
from rumbo.scores.quantiles import Array

SETTLED = 30
"""Days after which shares are held in the reference, and from which errors are also given."""

BLOCK, MANY = (3, 30), 60
"""Periods in a block of the bootstrap: 3 months, or 30 days in a run of more than 60 periods."""

HELD, EVEN = "shares held at day 30", "even split"
"""Names of the references; both are given the true totals."""

AREAS = {"encounters": "area", "waiting": "place", "stops": "place"}
"""Dimension along which the areas of a measure lie."""


class Pair(NamedTuple):
    """Figures of one measure and the simulated counts that they stand for.

    Attributes
    ----------
    name
        Measure, and by what it is split.
    observed
        Shape (T, C); NaN where there is no figure.
    simulated
        Shape (S, N, T, C) for S scenarios and N members.
    when
        First days of the periods; shape (T,).
    """

    name: str
    observed: Array
    simulated: Array
    when: NDArray[np.datetime64]


def score(runs: xr.Dataset) -> pd.DataFrame:
    """Score a run against the figures of its corridor.

    Parameters
    ----------
    runs
        What `rumbo.simulate` returned, or the ``result.nc`` of a run folder.

    Returns
    -------
    pandas.DataFrame
        One row for each series, and in it for each scenario and reference: ``error``, the averaged
        relative difference of the members' median after rescaling to the observed total (Flee's),
        with its 90 % range over blocks of 30 days or 3 months (``error_low``, ``error_high``) and
        the standard deviation of single members' errors (``error_spread``), the same without
        rescaling (``error_not_rescaled``) and from day 30 on (``error_from_day30``), ``crps`` and
        ``wis`` over the observed total, and the shares of counts inside the 50 and 90 % ranges
        (``cover_50``, ``cover_90``). Empty if no figure fits the run.
    """
    rows = [row for series in each_series(runs) for row in _rows(series, runs)]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "series", "scenario", "periods", "parts", "error", "error_low", "error_high", "error_spread",
    "error_not_rescaled", "error_from_day30", "crps", "wis", "cover_50", "cover_90",
]  # fmt: skip


def _rows(series: Pair, runs: xr.Dataset) -> Iterator[dict[str, Any]]:
    later = _settled(series.when)
    begin = int(np.argmax(later)) if later.any() else len(later) - 1
    for name, members in zip(runs["scenario"].values, series.simulated, strict=True):
        yield {"scenario": str(name), **_scores(series, members, later)}
    references = {HELD: held_shares(series.observed, begin), EVEN: even_split(series.observed)}
    for name, counts in references.items() if series.observed.shape[1] > 1 else ():
        yield {"scenario": name, **_scores(series, counts[None], later)}


def _settled(when: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Which periods begin at least 30 days after the first."""
    return np.asarray(when >= when[0] + np.timedelta64(SETTLED, "D"))


def _scores(series: Pair, members: Array, later: NDArray[np.bool_]) -> dict[str, Any]:
    observed = series.observed
    middle = np.median(members, axis=0)
    each = relative_difference(middle, observed)
    # Where nobody was counted, a score over the total is endless rather than undefined.
    mean_total = max(mean(np.nansum(observed, axis=1)), 1e-300)
    low, high = block_range(each, BLOCK[len(each) > MANY])
    single = relative_difference(members, observed).mean(axis=1)
    parts = observed.shape[1]
    return {
        "series": series.name,
        "periods": len(observed),
        "parts": parts,
        "error": float(each.mean()),
        "error_low": low,
        "error_high": high,
        "error_spread": float(single.std(ddof=1)) if len(single) > 1 else float("nan"),
        "error_not_rescaled": float(relative_difference(middle, observed, rescale=False).mean()),
        "error_from_day30": mean(each[later]),
        "crps": mean(crps(members, observed)) * parts / mean_total,
        "wis": mean(weighted_interval_score(members, observed)) * parts / mean_total,
        "cover_50": cover(members, observed, 0.5),
        "cover_90": cover(members, observed, 0.9),
    }


def period_of(runs: xr.Dataset) -> str:
    """Return the dimension of time: ``day`` or ``month``."""
    return "day" if "day" in runs.dims else "month"


def each_series(runs: xr.Dataset) -> Iterator[Pair]:
    """Go through the figures that a run can be held against.

    Parameters
    ----------
    runs
        A result.

    Yields
    ------
    Pair
        Camps of a crisis by day; totals, nationalities and areas of a corridor by month.
    """
    figures = _figures(runs)
    if figures.empty:
        return
    if period_of(runs) == "day":
        yield from _camps(runs, figures)
        return
    for (measure, component), table in figures.groupby(["measure", "component"], sort=True):
        if measure in runs:
            yield from _by_month(runs, str(measure), str(component), table)


def _figures(runs: xr.Dataset) -> pd.DataFrame:
    """Figures that a result carries, the last published of each."""
    rows = background_of(runs).get("figures") or []
    table = of_months(pd.DataFrame(rows))
    if table.empty:
        return table
    for name in ("component", "area", "nationality", "day"):
        table[name] = table[name].fillna("") if name in table else ""
    table["nationality"] = table["nationality"].replace("", "all")
    key = ["measure", "component", "area", "nationality", "month", "day"]
    return last_published(table, key).sort_index()


def _camps(runs: xr.Dataset, figures: pd.DataFrame) -> Iterator[Pair]:
    """Camps by day: counts on a straight line between figures, cut to whole persons, as in Flee."""
    table = figures[(figures["measure"] == "waiting") & figures["area"].isin(runs["place"].values)]
    camps = [str(place) for place in runs["place"].values if place in set(table["area"])]
    if not camps:
        return
    first = runs["day"].values[0].astype("datetime64[D]")
    days = len(runs["day"])
    observed = [_on_days(table[table["area"] == camp], first, days) for camp in camps]
    simulated = runs["waiting"].sel(place=camps)
    if "group" in simulated.dims:
        simulated = simulated.sum("group")
    counts = simulated.values.astype(np.float64)
    yield Pair("people in camps", np.column_stack(observed), counts, runs["day"].values)


def _on_days(rows: pd.DataFrame, first: np.datetime64, days: int) -> Array:
    day = (rows["day"].to_numpy().astype("datetime64[D]") - first).astype(np.int64)
    counts = pd.DataFrame({"day": day, "persons": rows["value"].to_numpy(dtype=np.float64)})
    return on_days(counts, days).astype(np.float64)


def _by_month(
    runs: xr.Dataset, measure: str, component: str, table: pd.DataFrame
) -> Iterator[Pair]:
    name = f"{measure} {component}".strip()
    whole_area = table["area"].isin(("", "all"))
    everyone = table["nationality"] == "all"
    splits: tuple[tuple[str, pd.DataFrame, str], ...] = (
        ("", table[whole_area & everyone], ""),
        (" by nationality", table[whole_area & ~everyone], "nationality"),
        (" by area", table[~whole_area & everyone], "area"),
    )
    for what, part, column in splits:
        pair = _split(runs, measure, component, part, column)
        if pair is not None:
            yield Pair(name + what, *pair)


def _split(
    runs: xr.Dataset, measure: str, component: str, table: pd.DataFrame, column: str
) -> tuple[Array, Array, NDArray[np.datetime64]] | None:
    """Observed and simulated counts of one split, and months; None where nothing fits."""
    values = runs[measure]
    if component not in ("", "all"):
        if "component" not in values.dims:
            return None  # a part of what is simulated, such as those taken by bus
        values = values.sel(component=component)
    along = {"nationality": "group", "area": AREAS.get(measure, ""), "": ""}[column]
    if table.empty or (along and along not in values.dims):
        return None
    labels = _labels(runs, values, along)
    counted = table.assign(
        month=pd.to_datetime(table["month"]), part=table[column] if column else "all"
    )
    parts = [part for part in counted["part"].unique() if part in labels]
    wide = counted.pivot_table(index="month", columns="part", values="value", aggfunc="last")
    months = pd.DatetimeIndex(runs["month"].values)
    known = months.isin(wide.index)
    if not parts or not known.any():
        return None
    observed = wide.reindex(index=months[known], columns=parts).to_numpy(dtype=np.float64)
    simulated = [_sum(values, along, labels, part) for part in parts]
    return observed, np.stack(simulated, axis=-1)[:, :, known], months[known].to_numpy()


def _labels(runs: xr.Dataset, values: xr.DataArray, along: str) -> list[str]:
    """Return what each cell along a dimension is called in figures."""
    if along == "group":
        return [str(code) for code in runs["nationality"].values]
    return [str(label) for label in values[along].values] if along else ["all"]


def _sum(values: xr.DataArray, along: str, labels: Sequence[str], part: str) -> Array:
    """Sum over everything but scenario, member and month, for one part; (S, N, T)."""
    if along:
        values = values.isel({along: np.flatnonzero(np.asarray(labels) == part)})
    axes = ("scenario", "member", "month")
    summed = values.sum([dim for dim in values.dims if dim not in axes])
    return np.asarray(summed.transpose(*axes).values, dtype=np.float64)
