"""The yearly rhythm of a series, from years before the pandemic."""

import numpy as np

from rumbo.scenario.arrays import Array, Index, Months
from rumbo.scenario.figures import Series

FIRST, LAST = np.datetime64("2012-01"), np.datetime64("2019-12")
"""Months that the rhythm is taken from: after the recession's fall, before the pandemic."""

FEWEST_MONTHS = 72
"""Fewest of those months; with fewer the rhythm of single years would pass for that of all."""

FEWEST_PERSONS = 100
"""Fewest persons a month: a count of 100 errs by a tenth, the mean of eight by a thirtieth."""


def factors(series: Series) -> Array:
    """Return seasonal factors on the log scale, by the classical decomposition.

    Parameters
    ----------
    series
        A series as known on a day.

    Returns
    -------
    numpy.ndarray
        How far the log of each month lies, on average over the years, from the centred mean of
        twelve months around it; they sum to 0, and are all 0 where history is too short or counts
        too small; shape (12,), January first.
    """
    inside = (series.months >= FIRST) & (series.months <= LAST)
    values, months = series.values[inside], series.months[inside]
    if len(values) < FEWEST_MONTHS or values.mean() < FEWEST_PERSONS:
        return np.zeros(12)
    logs = np.log1p(values)
    # Half a month at either end centres twelve months on a month.
    window = np.r_[0.5, np.ones(11), 0.5] / 12.0
    apart = logs[6:-6] - np.convolve(logs, window, mode="valid")
    calendar = month_numbers(months[6:-6])
    means = np.array([apart[calendar == month].mean() for month in range(12)])
    return np.asarray(means - means.mean())


def month_numbers(months: Months) -> Index:
    """Return calendar months, 0 for January."""
    return np.asarray(months.astype("datetime64[M]").astype(np.int64) % 12)
