"""Arrays by what they hold, for scenarios and for all that is made from them."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Numbers: people, rates, shares, logs."""

Index = NDArray[np.int64]
"""Numbers of places, groups, members or days."""

Flags = NDArray[np.bool_]
"""Which of them are meant."""

Months = NDArray[np.datetime64]
"""Consecutive or chosen months."""


def times_odds(chance: Array, factor: Array | float) -> Array:
    """Multiply the odds of a chance.

    Parameters
    ----------
    chance
        Chances, from 0 to 1.
    factor
        What their odds ``chance / (1 - chance)`` are multiplied by, 0 or more.

    Returns
    -------
    numpy.ndarray
        Chances: about ``factor * chance`` where that is small, and never above 1.
    """
    for_it = chance * factor
    either = for_it + (1.0 - chance)
    return np.divide(for_it, either, out=np.zeros_like(either), where=either > 0)
