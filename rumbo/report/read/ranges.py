"""Ranges over members, paired differences and the misfit to observed figures."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.report.page.words import Range

Array = NDArray[np.float64]
Index = NDArray[np.int64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the 90 % and 50 % ranges, and the middle value."""


class Amount(NamedTuple):
    """A quantity over the whole run: its title, and a number per scenario and member."""

    title: str
    values: xr.DataArray


def quantiles(values: xr.DataArray) -> xr.DataArray:
    """Return the five ends over members, along a first dimension ``quantile``."""
    ends = np.quantile(values.to_numpy(), np.array(LEVELS), axis=values.get_axis_num("member"))
    return xr.DataArray(ends, dims=("quantile", *(dim for dim in values.dims if dim != "member")))


def spread(values: xr.DataArray) -> Range:
    """Return the range over members of one number per member."""
    return Range(*(float(end) for end in quantiles(values)))


def overall(values: xr.DataArray, what: str) -> xr.DataArray:
    """Return the sum of a flow, or the mean of a stock, over the months."""
    return values.sum("month") if what == "flow" else values.mean("month")


def paired(values: xr.DataArray) -> xr.DataArray:
    """Return every later scenario less the first, member by member."""
    first = values.isel(scenario=0, drop=True)
    return values.isel(scenario=slice(1, None)) - first


def relative(values: xr.DataArray) -> xr.DataArray:
    """Return every later scenario over the first, less one, member by member."""
    first = values.isel(scenario=0, drop=True)
    return paired(values) / first.where(first != 0)


class Misfit(NamedTuple):
    """How far observed figures lie from a simulated series.

    Attributes
    ----------
    months
        Months with an observed figure.
    inside_half, inside
        Of these, months in which it lies inside the 50 % and the 90 % range.
    low, middle, high
        Smallest, middle and largest ratio of observed to middle value over months, NaN where no
        month has both above zero.
    log_ratio
        Mean over months of the natural logarithm of that ratio.
    """

    months: int
    inside_half: int
    inside: int
    low: float
    middle: float
    high: float
    log_ratio: float


def misfit(simulated: xr.DataArray, observed: xr.DataArray) -> Misfit:
    """Compare a series over (member, time) with observed figures over time, NaN where unknown."""
    known = np.isfinite(observed.values)
    seen = observed.values[known]
    ends = quantiles(simulated).transpose("quantile", ...).values[:, known]
    ratio = _ratio(seen, ends[2])
    # Without a month to compare, quantiles of one NaN give NaN.
    parts = ratio if ratio.size else np.array([np.nan])
    return Misfit(
        months=int(known.sum()),
        inside_half=int(((ends[1] <= seen) & (seen <= ends[3])).sum()),
        inside=int(((ends[0] <= seen) & (seen <= ends[4])).sum()),
        low=float(parts.min()),
        middle=float(np.median(parts)),
        high=float(parts.max()),
        log_ratio=float(np.log(parts).mean()),
    )


def _ratio(seen: Array, middle: Array) -> Array:
    both = (seen > 0) & (middle > 0)
    return seen[both] / middle[both]
