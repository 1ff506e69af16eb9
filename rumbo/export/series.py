"""What is published of a result: quantiles over members, by target and location, none small."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.scores.background import background_of
from rumbo.scores.quantiles import PROBABILITIES, Array

if TYPE_CHECKING:
    import xarray as xr

QUANTILES: tuple[float, ...] = tuple(PROBABILITIES.tolist())
"""The 23 quantiles that forecast hubs exchange, as plain numbers."""

LEAST = 10.0
"""Values above zero and below this are not published."""

DECIMALS = 1
"""Decimals that are published: means over days are no whole numbers."""

ALL = "all"
"""Location of a total."""

PRICE, WAY = "price", "guided_way"
"""What a quantity is that is a price, and the dimension that it has one price along."""

FINE = ("place", "group")
"""Breakdowns of which only the locations that reach the least published value are kept."""


class ResultFacts(NamedTuple):
    """What all targets of a result share.

    Attributes
    ----------
    background
        What is known about the corridor and the scenarios.
    about
        Attributes of the result: title, seed, members, mode, version, run_id.
    scenarios
        Names of the scenarios.
    origin
        The day before the run starts.
    ends
        Last day of each month, or of the run.
    names
        Name and country of every location, by kind and identifier.
    """

    background: dict[str, Any]
    about: dict[str, Any]
    scenarios: list[str]
    origin: date
    ends: list[date]
    names: dict[tuple[str, str], tuple[str, str]]


class ExportTarget(NamedTuple):
    """One published quantity.

    Attributes
    ----------
    name
        Name in the tables.
    variable, where
        Where it is taken from.
    breakdowns
        Dimensions it is given by, beside its total.
    description, unit
        For readers.
    what
        ``flow`` (sum over the month), ``stock`` (mean over the days of the month) or ``price`` (at
        its end).
    """

    name: str
    variable: str
    where: dict[str, str]
    breakdowns: tuple[str, ...]
    description: str
    unit: str
    what: str


class QuantileBlock(NamedTuple):
    """Quantiles of one target at the locations of one kind.

    Attributes
    ----------
    target
        Name of the target.
    kind
        ``all`` or the dimension of the locations.
    locations
        Their identifiers.
    values
        Over scenario, location, month and quantile; NaN where suppressed.
    suppressed
        Where a value above zero is too small to be published.
    """

    target: str
    kind: str
    locations: list[str]
    values: Array
    suppressed: NDArray[np.bool_]


def read_facts(runs: "xr.Dataset") -> ResultFacts:
    """Return what all targets of a result share.

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
    """
    background = background_of(runs)
    start = date.fromisoformat(background["corridor"]["start"])
    end = date.fromisoformat(background["corridor"]["end"])
    return ResultFacts(
        background,
        {name: _plain(value) for name, value in runs.attrs.items()},
        [str(name) for name in runs["scenario"].values],
        start - timedelta(days=1),
        [min(_month_end(month), end) for month in runs["month"].values],
        _names(runs, background),
    )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _month_end(month: np.datetime64) -> date:
    following = (month.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return date.fromisoformat(str(following - 1))


def _names(
    runs: "xr.Dataset", background: dict[str, Any]
) -> dict[tuple[str, str], tuple[str, str]]:
    names = {(ALL, ALL): ("the whole corridor", "")}
    for place in background["places"]:
        names["place", place["id"]] = (place["name"], place["country"])
    for group in background["groups"]:
        names["group", group["id"]] = (group.get("name_en") or group["id"], "")
    for kind in ("area", "region"):
        for label in runs[kind].values if kind in runs.coords else ():
            names[kind, str(label)] = (str(label).replace("_", " "), "")
    return names


def find_targets(runs: "xr.Dataset") -> list[ExportTarget]:
    """Return the targets of a result; flows along links are on the map only.

    Parameters
    ----------
    runs
        The result.

    Returns
    -------
    list of ExportTarget
    """
    targets: list[ExportTarget] = []
    for name, values in runs.data_vars.items():
        if "month" not in values.dims or "link" in values.dims:
            continue
        if values.attrs.get("what") == PRICE:
            targets += [_price(str(name), values, str(way)) for way in values[WAY].values]
            continue
        targets.append(_target(str(name), values))
        if "component" in values.dims:
            targets += [_part(targets[-1], str(label)) for label in runs["component"].values]
    return targets


def _target(name: str, values: "xr.DataArray") -> ExportTarget:
    what = str(values.attrs.get("what", "flow"))
    dims = [dim for dim in ("area", "region", "place", "group") if dim in values.dims]
    # Areas of the two components are different regions that share names: only parts are given
    # by area. People present are given by place, and not by group as well, to bound the tables.
    if "component" in values.dims:
        dims.remove("area")
    if what == "stock" and "place" in dims and "group" in dims:
        dims.remove("group")
    description = str(values.attrs.get("long_name", name))
    return ExportTarget(
        name, name, {}, tuple(dims), description, str(values.attrs.get("units", "")), what
    )


def _price(name: str, values: "xr.DataArray", way: str) -> ExportTarget:
    """Return the price of one guided way; prices of several are not added up."""
    described = f"{values.attrs.get('long_name', name)}: {way}"
    place = re.sub(r"[^a-z0-9]+", "_", way.partition(":")[0].lower())
    unit = str(values.attrs.get("units", ""))
    return ExportTarget(f"{name}_{place}", name, {WAY: way}, ("group",), described, unit, PRICE)


def _part(target: ExportTarget, component: str) -> ExportTarget:
    return target._replace(
        name=f"{target.name}_{component.lower()}",
        where={"component": component},
        breakdowns=("area",),
        description=f"{target.description}: {component} only",
    )


def locations_of(target: ExportTarget) -> list[str]:
    """Return the kinds of locations that a target is given for; prices have no total."""
    return [*target.breakdowns] if target.what == PRICE else [ALL, *target.breakdowns]


def blocks(runs: "xr.Dataset", target: ExportTarget) -> Iterator[QuantileBlock]:
    """Return the total of a target, then its breakdowns.

    Parameters
    ----------
    runs
        The result.
    target
        The target.

    Yields
    ------
    QuantileBlock
    """
    values = runs[target.variable].sel(target.where)
    if target.what != PRICE:
        yield _block(target.name, ALL, [ALL], quantiles(values, None, QUANTILES))
    for kind in target.breakdowns:
        labels = [str(label) for label in values[kind].values]
        block = _block(target.name, kind, labels, quantiles(values, kind, QUANTILES))
        if block.locations:
            yield block


def _block(target: str, kind: str, locations: list[str], levels: Array) -> QuantileBlock:
    if kind in FINE:
        large = np.flatnonzero((levels >= LEAST).any(axis=(0, 2, 3)))
        locations, levels = [locations[i] for i in large], levels[:, large]
    return QuantileBlock(target, kind, locations, *published(levels))


def published(values: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return values rounded and with small ones taken out, and where that was done.

    Parameters
    ----------
    values
        Persons or events.

    Returns
    -------
    tuple of numpy.ndarray
        The values, NaN where suppressed, and the marks.
    """
    small = (values > 0) & (values < LEAST)
    return np.where(small, np.nan, np.round(values, DECIMALS)), small


def quantiles(values: "xr.DataArray", by: str | None, levels: tuple[float, ...]) -> Array:
    """Return quantiles over members of a quantity summed over what it is not given by.

    Parameters
    ----------
    values
        The quantity over scenario, member, month and other dimensions.
    by
        Dimension to give it by; None for the total.
    levels
        The quantiles.

    Returns
    -------
    numpy.ndarray
        Over scenario, location, month and quantile.
    """
    # One scenario at a time keeps the double-precision copies small.
    parts = [_of_one(values.isel(scenario=i), by, levels) for i in range(values.sizes["scenario"])]
    return np.stack(parts)


def _of_one(values: "xr.DataArray", by: str | None, levels: tuple[float, ...]) -> Array:
    axes = ("member", "month") if by is None else ("member", by, "month")
    ordered = values.transpose(*axes, ...).to_numpy()
    total = ordered.sum(axis=tuple(range(len(axes), ordered.ndim)), dtype=np.float64)
    if by is None:
        total = total[:, np.newaxis, :]
    return np.moveaxis(np.quantile(total, levels, axis=0), 0, -1)
