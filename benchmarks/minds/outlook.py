"""What people believe over a case's days, and the pace that each rule makes of it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.minds.inputs import Inputs
from benchmarks.minds.world import Side
from rumbo.engine.arrays import Array
from rumbo.model.minds.pace import Prospect, at_belief, pace_table, plain_step

LEAST_SHARE = 1e-6
"""Share of a believed date on a day that is not looked at."""


class Window(NamedTuple):
    """Days on which one thing is held possible.

    Attributes
    ----------
    share
        Share of the believed date that falls on each day; shape (T, G).
    belief
        Belief in it on each day, 0 outside the window; shape (T, G).
    weight
        Share of people who see it so; shape (G,).
    """

    share: Array
    belief: Array
    weight: Array


class Outlook(NamedTuple):
    """All windows of a case, and how far people hold that it has come; shape (T, G)."""

    ahead: tuple[Window, ...]
    come: Array


Rule = Callable[[Inputs, Side, Outlook], Array]
"""Makes log paces (T, G, D) of an outlook."""


def option_value(x: Inputs, side: Side, outlook: Outlook) -> Array:
    pace = outlook.come[..., None] * side.after
    for window in outlook.ahead:
        first, last = np.flatnonzero(window.belief.any(axis=1))[[0, -1]]
        # On a day on which something is believed, it is still to come.
        share = window.share[first : _end(window.share)]
        share = share / share.sum(axis=0)
        prospect = Prospect(side.usual, side.then[None], share[None])
        table = pace_table(side.chain, side.mind, prospect)[:, : last + 1 - first]
        held = at_belief(table, window.belief[first : last + 1, :, None])
        pace[first : last + 1] += window.weight[:, None] * held
    return pace


def _end(share: Array) -> int:
    """Day from which nothing that matters of a believed date is left."""
    return int(np.flatnonzero(share.max(axis=1) > LEAST_SHARE)[-1]) + 1


def plain(x: Inputs, side: Side, outlook: Outlook) -> Array:
    ahead = sum((one.weight * one.belief for one in outlook.ahead), np.zeros_like(outlook.come))
    pace = plain_step(ahead, outlook.come, x["beta"], x["gamma"])
    return np.repeat(pace[..., None], side.after.shape[1], axis=2)


def nothing(x: Inputs, side: Side, outlook: Outlook) -> Array:
    return np.zeros((*outlook.come.shape, side.after.shape[1]))


RULES: dict[str, Rule] = {"nothing": nothing, "plain step": plain, "option value": option_value}


class Days(NamedTuple):
    """The days of a case."""

    dates: pd.DatetimeIndex

    def at(self, date: str) -> int:
        return int((pd.Timestamp(date) - self.dates[0]).days)

    def to(self, date: str) -> Array:
        """Days from each day to a date, negative after it; shape (T, 1)."""
        return (self.at(date) - np.arange(len(self.dates), dtype=np.float64))[:, None]


def days(first: str, last: str) -> Days:
    return Days(pd.date_range(first, last))


def growing(to_go: Array, belief: Array, attention: Array) -> Array:
    """Belief that grows up to a date, and is nothing from then on."""
    return np.where(to_go > 0, belief * np.exp(-np.maximum(to_go, 0.0) / attention), 0.0)


def unlearned(to_go: Array, belief: Array, half: Array | float) -> Array:
    """Belief that it has come: from the date on, halved in some days."""
    return np.where(to_go <= 0, belief * 0.5 ** (-np.minimum(to_go, 0.0) / half), 0.0)
