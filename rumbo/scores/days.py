"""Months that a run has in part: how many of their days, and what that means for sums and means."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rumbo.scores.figures import DAYS

if TYPE_CHECKING:
    import xarray as xr


def length(values: "xr.DataArray | xr.Dataset") -> "xr.DataArray":
    """Return how many days of each month a run has; shape (T,)."""
    return values[DAYS] if DAYS in values.coords else values["month"].dt.days_in_month


def covered(values: "xr.DataArray | xr.Dataset") -> "xr.DataArray":
    """Return which part of each month a run has, 1 where it has all of it; shape (T,)."""
    return length(values) / values["month"].dt.days_in_month


def mean_of_months(values: "xr.DataArray") -> "xr.DataArray":
    """Return the mean over days of what is a mean of each month's."""
    return values.weighted(length(values)).mean("month")


def whole_months(values: "xr.DataArray | xr.Dataset") -> NDArray[np.datetime64]:
    """Return the first days of the months that a run has whole: what is counted is by month."""
    months = np.asarray(values["month"].values)
    return months[(covered(values) == 1.0).values] if DAYS in values.coords else months
