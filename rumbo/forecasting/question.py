"""What is asked of an evaluation: of which series, from which months, how far ahead."""

from dataclasses import dataclass, field

import numpy as np

from rumbo.forecasting.baselines import SEASONAL
from rumbo.forecasting.form import HORIZON
from rumbo.forecasting.published import Stack
from rumbo.forecasting.targets import Families, families
from rumbo.scenario.arrays import Months
from rumbo.scenario.figures import Key

FIRST, LAST = "2022-01", "2025-06"
"""First and last origin by which this version is judged: 42 of them."""

BURN_IN = 24
"""Origins before the first from which the stack's weights are learned."""

STACK = Stack((SEASONAL.name, "damped-ets", "policy-shock", "mechanistic"))
"""The published forecast."""


def months_between(first: str, last: str) -> Months:
    """Return the months from one to another, both included."""
    return np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of an evaluation.

    Attributes
    ----------
    origins
        Consecutive months; 2022-01 to 2025-06 unless others are given.
    burn_in
        Origins before the first that only the stack learns from.
    horizon
        Months ahead, 1 to 6.
    series
        Series by family; those of `families` unless others are given.
    stack
        The published forecast.
    """

    origins: Months = field(default_factory=lambda: months_between(FIRST, LAST))
    burn_in: int = BURN_IN
    horizon: int = HORIZON
    series: Families = field(default_factory=families)
    stack: Stack = STACK

    @property
    def every_origin(self) -> Months:
        """All origins, those that only the stack learns from first; shape (O,)."""
        return np.concatenate([self.origins[0] - np.arange(self.burn_in, 0, -1), self.origins])

    @property
    def keys(self) -> tuple[Key, ...]:
        """The series, family by family."""
        return tuple(key for family in self.series.values() for key in family)
