"""On which day people expect what they believe in."""

import numpy as np
from scipy.special import ndtr

from rumbo.engine.arrays import Array, Index

EXACT = 0.01
"""Standard deviation in days that stands for none: nothing of it reaches another day."""


def blurred_date(date: float, blur: Array | float, days: Index) -> Array:
    """Return on which day people expect something whose date they know roughly.

    Parameters
    ----------
    date
        The day, a whole number where it is known exactly.
    blur
        Standard deviation of the day they have in mind, in days; 1 to 30 is assumed, 0 is exact. A
        number, or shape (G,).
    days
        Successive days ahead, from today on; shape (T,).

    Returns
    -------
    numpy.ndarray
        Share of each day, shape (T,) or (T, G): a normal distribution in whole days, given that it
        has not come before the first. What lies beyond the last day is missing from the sum; a date
        that is past is expected on the first.
    """
    width = np.maximum(blur, EXACT)
    edges = (np.r_[days, days[-1] + 1] - 0.5 - date).reshape(-1, *[1] * width.ndim)
    # Chances of coming later, not earlier, so that far days ahead keep their digits.
    later = ndtr(-edges / width)
    share = np.divide(
        later[:-1] - later[1:], later[0], out=np.zeros_like(later[1:]), where=later[0] > 0
    )
    share[0] = np.where(later[0] > 0, share[0], 1.0)
    return np.asarray(share)


def any_day(mean: float, days: Index) -> Array:
    """Return on which day people expect something without a date, "any day soon".

    Parameters
    ----------
    mean
        Days ahead in which the chance that it is still to come falls e-fold, above 0.
    days
        Successive days ahead, from today on; shape (T,).

    Returns
    -------
    numpy.ndarray
        Share of each day, shape (T,), geometric; what lies beyond the last is missing from the sum.
    """
    ahead = np.asarray(days - days[0], dtype=np.float64)
    return np.asarray(-np.expm1(-1.0 / mean) * np.exp(-ahead / mean))
