"""Eight sets of drawn values, for ranges that no factor of members carries.

Values that shape whole tables of rates, such as those of the choice of way, cannot differ from
member to member at the cost of a factor. So there are eight sets of them, worked out once each, and
every member holds one. Over the eight, each value goes once through each eighth of its range, in an
order of its own (Latin hypercube sampling; McKay, Beckman and Conover 1979). The order follows from
the value's name alone: the sets are the same for every scenario, seed and run.
"""

import numpy as np

from rumbo.engine.draws import keys, normal_quantile
from rumbo.scenario.arrays import Array

SETS = 8
"""Number of sets; assumed. Each costs the work of compiling once more."""

AS_SET = -1
"""Number that stands for the values as they are set, nothing drawn."""


def standing(parameter: str, lever: str) -> Array:
    """Return where the values of a parameter stand in their ranges, set by set.

    Parameters
    ----------
    parameter, lever
        The parameter, and the lever that brings the values; empty if none does.

    Returns
    -------
    numpy.ndarray
        Standard deviations from the middle; shape (SETS,).
    """
    order = np.argsort(keys(("set", parameter, lever, number) for number in range(SETS)))
    return np.array([normal_quantile((part + 0.5) / SETS) for part in order])
