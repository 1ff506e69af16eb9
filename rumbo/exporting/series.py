"""What is published of a result: quantiles over members, by quantity and location, none small."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.exporting.names import ALL, Both, Location, Names, identifiers
from rumbo.files.faults import OLD_RESULT, Fault, Faults
from rumbo.scores.background import background_of, is_whole
from rumbo.scores.days import length, whole_months
from rumbo.scores.quantiles import PROBABILITIES, Array

if TYPE_CHECKING:
    import xarray as xr

QUANTILES: tuple[float, ...] = tuple(PROBABILITIES.tolist())
"""The 23 quantiles that forecast hubs exchange, as plain numbers."""

ENDS = {
    "low_95": 0.025,
    "low_90": 0.05,
    "low_80": 0.1,
    "low_50": 0.25,
    "median": 0.5,
    "high_50": 0.75,
    "high_80": 0.9,
    "high_90": 0.95,
    "high_95": 0.975,
}
"""Columns of the ranges that people read, and the quantiles they hold."""

COLUMNS = [QUANTILES.index(level) for level in ENDS.values()]

BY_DAY = Fault(
    "rumbo export", 0, "the run is not recorded by month", "Read its result.nc with xarray or R"
)
"""What is said of a result by day, such as that of a crisis."""

LEAST = 10.0
"""Values above zero and below this are not published."""

DIGITS = 3
"""Digits that are published of a number of a thousand or more, as in the report."""

PRICE, WAY = "price", "guided_way"
"""What a quantity is that is a price, and the dimension that it has one price along."""

NATIONALITY = "nationality"
"""Kind of location that groups are summed over to."""

ON_THE_WAY = "_on_the_way"
"""What the name of a quantity ends with that is of the places where people wait on their way."""

FINE = ("place", "group", NATIONALITY)
"""Kinds of locations of which only those that reach the least published value are kept."""


class ResultFacts(NamedTuple):
    """What all quantities of a result share.

    Attributes
    ----------
    background
        What is known about the corridor and the scenarios.
    about
        Attributes of the result: title, seed, members, mode, version, run_id.
    scenarios
        Names of the scenarios.
    ids
        Their identifiers, without blanks or signs.
    origin
        The day before the run starts.
    ends
        Last day of each month, or of the run.
    names
        What things are called.
    cut
        Days of the months that the run has in part, by month such as ``2024-01``.
    """

    background: dict[str, Any]
    about: dict[str, Any]
    scenarios: list[str]
    ids: list[str]
    origin: date
    ends: list[date]
    names: Names
    cut: Mapping[str, int] = MappingProxyType({})


class ExportTarget(NamedTuple):
    """One published quantity, given by one kind of location.

    Attributes
    ----------
    name
        Name in the tables.
    variable, where
        Where it is taken from.
    kind
        Kind of its locations: ``all`` or what it is given by.
    title
        For readers, in both languages.
    unit
        Of its values.
    what
        ``flow`` (sum over the month), ``stock`` (mean over the days of the month) or ``price`` (at
        its end).
    """

    name: str
    variable: str
    where: dict[str, str]
    kind: str
    title: Both
    unit: str
    what: str


class QuantileBlock(NamedTuple):
    """Quantiles of one quantity.

    Attributes
    ----------
    target
        The quantity.
    locations
        Where.
    values
        Over scenario, location, month and quantile; NaN where suppressed.
    suppressed
        Where a value above zero is too small to be published.
    """

    target: ExportTarget
    locations: list[Location]
    values: Array
    suppressed: NDArray[np.bool_]


class Totals(NamedTuple):
    """One quantity summed over what it is not given by.

    Attributes
    ----------
    labels
        Its locations.
    values
        Over scenario, member, location and month.
    days
        How many days of each month the run has.
    """

    labels: list[str]
    values: Array
    days: Array


def read_facts(runs: "xr.Dataset") -> ResultFacts:
    """Return what all quantities of a result share.

    Parameters
    ----------
    runs
        The result.

    Returns
    -------
    ResultFacts

    Raises
    ------
    ValueError
        If the result lacks its background.
    Faults
        If an earlier version made it, or it is not by month.
    """
    background = background_of(runs)
    if not is_whole(background):
        raise Faults([OLD_RESULT])
    if "month" not in runs.coords:
        raise Faults([BY_DAY])
    start = date.fromisoformat(background["corridor"]["start"])
    end = date.fromisoformat(background["corridor"]["end"])
    scenarios = [str(name) for name in runs["scenario"].values]
    return ResultFacts(
        background,
        {name: _plain(value) for name, value in runs.attrs.items()},
        scenarios,
        identifiers(scenarios),
        start - timedelta(days=1),
        [min(month_end(month), end) for month in runs["month"].values],
        Names(background),
        _cut(runs),
    )


def _cut(runs: "xr.Dataset") -> dict[str, int]:
    """Return the days of the months that a run has in part."""
    whole, days = {*whole_months(runs)}, length(runs)
    months = zip(runs["month"].values, days.values.tolist(), strict=True)
    return {str(month)[:7]: int(number) for month, number in months if month not in whole}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def month_end(month: np.datetime64) -> date:
    """Return the last day of a month."""
    following = (month.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return date.fromisoformat(str(following - 1))


def totals(runs: "xr.Dataset", target: ExportTarget) -> Totals:
    """Return a quantity by scenario, member, location and month.

    Parameters
    ----------
    runs
        The result.
    target
        The quantity.

    Returns
    -------
    Totals
    """
    values = runs[target.variable].sel(target.where)
    by = "group" if target.kind == NATIONALITY else target.kind
    labels = [ALL] if by == ALL else [str(label) for label in values[by].values]
    # One scenario at a time keeps the double-precision copies small.
    each = [_of_one(values.isel(scenario=i), by) for i in range(values.sizes["scenario"])]
    summed, days = np.stack(each), length(values).values
    if target.kind != NATIONALITY:
        return Totals(labels, summed, days)
    of = values[NATIONALITY].values.astype(str)
    nations = list(dict.fromkeys(of.tolist()))
    of_nations = [summed[:, :, of == nation].sum(axis=2) for nation in nations]
    return Totals(nations, np.stack(of_nations, axis=2), days)


def _of_one(values: "xr.DataArray", by: str) -> Array:
    axes = ("member", "month") if by == ALL else ("member", by, "month")
    ordered = values.transpose(*axes, ...).to_numpy()
    total: Array = ordered.sum(axis=tuple(range(len(axes), ordered.ndim)), dtype=np.float64)
    return total[:, np.newaxis, :] if by == ALL else total


def quantiles(totalled: Array, levels: tuple[float, ...]) -> Array:
    """Return quantiles over members: (scenario, member, ...) to (scenario, ..., quantile)."""
    return np.moveaxis(np.quantile(totalled, levels, axis=1), 0, -1)


def block_of(target: ExportTarget, found: Totals, names: Names) -> QuantileBlock | None:
    """Return the quantiles of a quantity, none if all of it is small.

    Parameters
    ----------
    target
        The quantity.
    found
        Its totals.
    names
        What locations are called.

    Returns
    -------
    QuantileBlock or None
    """
    levels = quantiles(found.values, QUANTILES)
    locations = [names.location(target.kind, label) for label in found.labels]
    if target.kind in FINE:
        large = np.flatnonzero((levels >= LEAST).any(axis=(0, 2, 3)))
        locations, levels = [locations[i] for i in large], levels[:, large]
    return QuantileBlock(target, locations, *published(levels)) if locations else None


def published(values: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return values rounded and with small ones taken out, and where that was done.

    Parameters
    ----------
    values
        Persons or events, or differences of them.

    Returns
    -------
    tuple of numpy.ndarray
        The values to three digits, NaN where suppressed, and the marks.
    """
    small = (values != 0) & (np.abs(values) < LEAST)
    return np.where(small, np.nan, rounded(values)), small


def rounded(values: Array) -> Array:
    """Return values to three digits, and to whole numbers where they have fewer."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1.0)))
    scale = 10.0 ** np.maximum(0.0, size - DIGITS + 1)
    whole: Array = np.round(values / scale) * scale + 0.0  # no minus before a nought
    return whole
