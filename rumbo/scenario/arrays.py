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
