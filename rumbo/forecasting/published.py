"""The published forecast of each origin: members joined, alike or by learned weights."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.forecasting.panel import Panel
from rumbo.forecasting.stack import Learned, learn
from rumbo.forecasting.targets import Families
from rumbo.scenario.arrays import Array, Index
from rumbo.scores.quantiles import mix, pool, widen


class Cells(NamedTuple):
    """Where a family stands in a panel.

    Attributes
    ----------
    family
        Its name.
    series
        Numbers of its series in the panel.
    ahead
        Number of the month ahead, 0 for the first.
    """

    family: str
    series: Index
    ahead: int


class Join(NamedTuple):
    """Members of some cells joined.

    Attributes
    ----------
    quantiles
        Shape (series, Q).
    learned, past
        Their weights and spread, and from how many origins these were learned.
    """

    quantiles: Array
    learned: Learned
    past: int


@dataclass(frozen=True)
class Joined(ABC):
    """Models joined to one forecast, for each family and month ahead.

    Attributes
    ----------
    members
        Models that are joined; those that a panel lacks are left out.
    name
        Name in tables.
    """

    members: tuple[str, ...]
    name: str

    def publish(
        self, panel: Panel, outcomes: Array, origin: int, families: Families
    ) -> tuple[Array, pd.DataFrame]:
        """Forecast from one origin, by nothing that came after it.

        Parameters
        ----------
        panel
            Forecasts of the members; nothing after the origin is looked at.
        outcomes
            What had been published by the origin's day; shape (O, K, H).
        origin
            Number of the origin.
        families
            Series by family; each is joined for itself.

        Returns
        -------
        tuple of numpy.ndarray and pandas.DataFrame
            Quantiles, shape (K, H, Q), NaN where no member made any; and the weights: columns
            origin, family, horizon, member, weight, spread, past (origins learned from).
        """
        quantiles = np.full(next(iter(panel.forecasts.values())).shape[1:], np.nan)
        rows = []
        for cells in _each(panel, families):
            members = self._able(panel, origin, cells)
            if members:
                join = self._join(_members(panel, members, cells), outcomes, origin, cells)
                quantiles[cells.series, cells.ahead] = join.quantiles
                rows += _rows(panel, origin, cells, members, join.learned, join.past)
        return quantiles, pd.DataFrame(rows)

    def _able(self, panel: Panel, origin: int, cells: Cells) -> list[str]:
        """Members that forecast every series of a family."""
        return [
            name
            for name in self.members
            if name in panel.forecasts
            and np.isfinite(panel.forecasts[name][origin, cells.series, cells.ahead]).all()
        ]

    @abstractmethod
    def _join(self, members: Array, outcomes: Array, origin: int, cells: Cells) -> Join:
        """Join what members (O, series, M, Q) say of cells from an origin."""


@dataclass(frozen=True)
class Stack(Joined):
    """Joins by weights, and widens by a factor, both learned from the origins before."""

    name: str = "stack"

    def _join(self, members: Array, outcomes: Array, origin: int, cells: Cells) -> Join:
        before, came = members[:origin], outcomes[:origin, cells.series, cells.ahead]
        complete = np.isfinite(came) & np.isfinite(before).all(axis=(2, 3))
        past = int(complete.any(axis=1).sum())
        series = np.nonzero(complete)[1]
        learned = learn(before[complete], came[complete], series, past / (cells.ahead + 1))
        return Join(widen(mix(members[origin], learned.weights), learned.spread), learned, past)


class OpinionPool(Joined):
    """Joins as a mixture in which each counts alike, whatever came: nothing is learned."""

    def _join(self, members: Array, outcomes: Array, origin: int, cells: Cells) -> Join:
        count = members.shape[2]
        return Join(pool(members[origin]), Learned(np.full(count, 1.0 / count), 1.0), 0)


def recalibrated(name: str) -> Stack:
    """Return the stack of one model alone: its spread is learned as the published forecast's is."""
    return Stack((name,), f"{name}-recalibrated")


def _each(panel: Panel, families: Families) -> list[Cells]:
    horizon = panel.months.shape[2]
    numbers = {name: np.array([panel.keys.index(k) for k in ks]) for name, ks in families.items()}
    return [Cells(name, numbers[name], h) for name in families for h in range(horizon)]


def _members(panel: Panel, members: list[str], cells: Cells) -> Array:
    """Quantiles of the members for a family and month ahead; shape (O, series, M, Q)."""
    forecasts = [panel.forecasts[name][:, cells.series, cells.ahead] for name in members]
    return np.stack(forecasts, axis=2)


def _rows(
    panel: Panel, origin: int, cells: Cells, members: list[str], learned: Learned, past: int
) -> list[dict[str, object]]:
    return [
        {
            "origin": str(panel.origins[origin]),
            "family": cells.family,
            "horizon": cells.ahead + 1,
            "member": member,
            "weight": float(weight),
            "spread": learned.spread,
            "past": past,
        }
        for member, weight in zip(members, learned.weights, strict=True)
    ]
