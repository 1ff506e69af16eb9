"""The form of a forecast, and of what makes one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known

HORIZON = 6
"""Most months ahead."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Quantiles of the months that follow each series' last published month.

    Attributes
    ----------
    keys
        What is forecast; K of them.
    months
        The months; shape (K, H). Month ``[k, 0]`` is the first after the last that had been
        published of series k.
    quantiles
        Quantiles of ``log(1 + figure)`` at `PROBABILITIES`, rising; shape (K, H, Q).
    """

    keys: tuple[Key, ...]
    months: Months
    quantiles: Array


class Component(Protocol):
    """Makes forecasts from what was known on a day, and from nothing else.

    A component is a frozen dataclass whose fields are its settings: its ``repr`` and the code
    beside it say whether a stored forecast is still good.
    """

    @property
    def name(self) -> str:
        """Name in tables: small letters, digits and hyphens."""
        ...

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series.

        Parameters
        ----------
        known
            What had been published by the day.
        keys
            The series asked for.
        horizon
            Months ahead, 1 to 6.

        Returns
        -------
        Forecast
            Of those ``keys`` that the component can forecast, in the order asked; the same for the
            same input.
        """
        ...


def months_ahead(last: np.datetime64, horizon: int) -> Months:
    """Return the months after one; shape (H,)."""
    return np.asarray(last + np.arange(1, horizon + 1))
