"""Ranges over members, paired differences, and how often they hold observed figures."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.report.page.words import Range, place_of, rounded
from rumbo.scores.days import mean_of_months

Index = NDArray[np.int64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the 90 % and 50 % ranges, and the middle value."""


class Amount(NamedTuple):
    """A quantity over the whole run: its title, a number per scenario and member, its mark."""

    title: str
    values: xr.DataArray
    weak: bool = False
    """Whether its series fails the record."""


def quantiles(values: xr.DataArray) -> xr.DataArray:
    """Return the five ends over members, along a first dimension ``quantile``."""
    ends = np.quantile(values.to_numpy(), np.array(LEVELS), axis=values.get_axis_num("member"))
    return xr.DataArray(ends, dims=("quantile", *(dim for dim in values.dims if dim != "member")))


def spread(values: xr.DataArray) -> Range:
    """Return the range over members of one number per member."""
    return Range(*(float(end) for end in quantiles(values)))


def overall(values: xr.DataArray, what: str) -> xr.DataArray:
    """Return the sum of a flow over the months, or the mean of a stock over their days."""
    return values.sum("month") if what == "flow" else mean_of_months(values)


def paired(values: xr.DataArray) -> xr.DataArray:
    """Return every later scenario less the first, member by member."""
    first = values.isel(scenario=0, drop=True)
    return values.isel(scenario=slice(1, None)) - first


def relative(values: xr.DataArray) -> xr.DataArray:
    """Return every later scenario over the first, less one, member by member."""
    first = values.isel(scenario=0, drop=True)
    return paired(values) / first.where(first != 0)


class Misfit(NamedTuple):
    """How often observed figures lie inside the ranges of a simulated series.

    Attributes
    ----------
    months
        Months with an observed figure.
    inside_half, inside
        Of these, months in which it lies inside the 50 % and the 90 % range.
    """

    months: int
    inside_half: int
    inside: int


def misfit(simulated: xr.DataArray, observed: xr.DataArray) -> Misfit:
    """Compare a series over (member, time) with observed figures over time, NaN where unknown."""
    known = np.isfinite(observed.values)
    seen = observed.values[known]
    ends = quantiles(simulated).transpose("quantile", ...).values[:, known]
    return Misfit(
        months=int(known.sum()),
        inside_half=int(((ends[1] <= seen) & (seen <= ends[3])).sum()),
        inside=int(((ends[0] <= seen) & (seen <= ends[4])).sum()),
    )


def roomy(ends: Range, seen: float) -> Range:
    """Return a range whose ends, when printed, leave out no value that they hold.

    Parameters
    ----------
    ends
        The range.
    seen
        An observed value.

    Returns
    -------
    Range
        The same, an end that rounding would move past the value being rounded the other way.
    """
    low, high = ends.low, ends.high
    if low <= seen < rounded(low):
        low = rounded(low) - place_of(low)
    if rounded(high) < seen <= high:
        high = rounded(high) + place_of(high)
    return ends._replace(low=low, high=high)
