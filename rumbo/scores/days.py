"""Months that a run has in part: how many of their days, and what that means for sums and means."""

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

DAYS = "days"
"""Coordinate of a result whose run begins or ends inside a month: days of each month in the run."""


def days_of_months(start: date, end: date) -> dict[str, tuple[str, Any]]:
    """Return the coordinate `DAYS`, empty where all months are whole.

    Parameters
    ----------
    start, end
        First and last day of a run.
    """
    dates = pd.date_range(start, end)
    days = dates.to_series().groupby(dates.to_period("M")).size()
    whole = bool((days.to_numpy() == days.index.days_in_month).all())
    return {} if whole else {DAYS: ("month", days.to_numpy(dtype=np.int64))}


def length(values: "xr.DataArray | xr.Dataset") -> "xr.DataArray":
    """Return how many days of each month a run has; shape (T,)."""
    return values[DAYS] if DAYS in values.coords else values["month"].dt.days_in_month


def covered(values: "xr.DataArray | xr.Dataset") -> "xr.DataArray":
    """Return which part of each month a run has, 1 where it has all of it; shape (T,)."""
    return length(values) / values["month"].dt.days_in_month


def mean_of_months(values: "xr.DataArray") -> "xr.DataArray":
    """Return the mean over months of what is a mean of each; those in part count in part."""
    if DAYS not in values.coords:
        return values.mean("month")
    return values.weighted(covered(values)).mean("month")


def whole_months(values: "xr.DataArray | xr.Dataset") -> NDArray[np.datetime64]:
    """Return the first days of the months that a run has whole: what is counted is by month."""
    months = np.asarray(values["month"].values)
    return months[(covered(values) == 1.0).values] if DAYS in values.coords else months
