"""What a rule is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import Day
from rumbo.engine.space import Move, Space
from rumbo.model.rules.ground import Ground

Values = Mapping[str, Array]
"""Every parameter's value in force, by name."""

CERTAIN = 36.0
"""Rate per day of what people do at the first opportunity: who is left after a step is fewer than
one in 10^15, even at half a day a step one in 10^7."""


@dataclass(frozen=True)
class LimitOf:
    """A daily limit that some transitions share.

    Attributes
    ----------
    name
        Names the limit's random stream.
    kinds
        Kinds of the transitions.
    parameter
        Parameter that holds the limit, persons per day; by group if the parameter is.
    by_country
        Whether each country that takes people elsewhere has one of its own.
    shock
        Parameter with the coefficient of variation of its monthly noise, or None.
    """

    name: str
    kinds: tuple[str, ...]
    parameter: str
    by_country: bool = False
    shock: str | None = None


Following = Literal["rate", "days", "odds", "withheld"]
"""How rates follow a value: they grow with it (rate) or fall as it grows (days); it is the share of
one of several ways on, which its odds give beside the others (odds); or the share of those who
would go that is kept from going (withheld)."""


Decision = Literal["going", "asking", "planning"]
"""What people decide on: to set out from where they wait, to ask for an appointment there, or to
set out from home."""


class Family(NamedTuple):
    """Transitions of a rule that share their noise.

    Attributes
    ----------
    name
        Names the random streams.
    kinds
        Kinds of the transitions.
    shock
        Parameter with the coefficient of variation of the monthly noise, or None.
    unsure
        Parameters whose ranges make members differ: name, and how rates follow the value.
    part_of
        Family whose factors multiply them as well; empty if none.
    spared
        Parameter with the share of people from whom nothing is withheld; empty if none is.
    """

    name: str
    kinds: tuple[str, ...]
    shock: str | None = None
    unsure: tuple[tuple[str, Following], ...] = ()
    part_of: str = ""
    spared: str = ""


Tables = Mapping[str, Array]
"""Rates by kind of transition; each of shape (G, transitions of the kind)."""


def no_moves(ground: Ground) -> Iterable[Move]:
    """Return no transition: what stands in a program has a name, so that it can travel."""
    return ()


def no_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Return no rate."""
    return {}


@dataclass(frozen=True)
class Rule:
    """One mechanism.

    Attributes
    ----------
    name
        Name under which it can be switched off.
    moves
        The transitions it adds.
    rates
        Their rates under the values in force, per person and day.
    neutral
        Values of its parameters that stand for the mechanism being absent.
    limits
        Daily limits it sets.
    families
        Families of its transitions, multiplied by shared noise and by a member's own values.
    responding
        Families whose rates the day's crowding multiplies.
    respond
        By how much: for each of them, shape (R, P).
    paced
        Kinds of its transitions that happen only if people decide so; what they believe makes them
        go faster or slower together, by the place where they start.
    """

    name: str
    moves: Callable[[Ground], Iterable[Move]] = no_moves
    rates: Callable[[Values, Ground, Space], Tables] = no_rates
    neutral: Mapping[str, float] = field(default_factory=dict)
    limits: tuple[LimitOf, ...] = ()
    families: tuple[Family, ...] = ()
    responding: tuple[str, ...] = ()
    respond: Callable[[Day, Values], Mapping[str, Array]] | None = None
    paced: Mapping[Decision, tuple[str, ...]] = field(default_factory=dict)

    def acts(self, space: Space) -> bool:
        """Whether the day's crowding multiplies any transition of a structure."""
        kinds = [k for one in self.families if one.name in self.responding for k in one.kinds]
        return self.respond is not None and len(space.of(*kinds)) > 0


def by_group(value: Array, groups: int) -> Array:
    """Give a value a group axis in front: (n,) or (n, G) or (G,) becomes (G, n) or (G, 1)."""
    value = np.asarray(value, dtype=np.float64)
    if value.ndim == 0:
        return np.full((groups, 1), float(value))
    return value.T if value.ndim == 2 else np.broadcast_to(value, (groups, len(value)))


def shared(value: Array, groups: int) -> Array:
    """Give a value that holds everywhere a group axis: () or (G,) becomes (G, 1)."""
    return np.broadcast_to(np.asarray(value, dtype=np.float64).reshape(-1, 1), (groups, 1))


def add_up(values: Array, at: Index, size: int) -> Array:
    """Sum the columns of ``values`` (G, n) that have the same number in ``at`` (n,): (G, size).

    Raises
    ------
    ValueError
        If there are more or fewer columns than numbers.
    """
    if values.shape[1] != len(at):
        raise ValueError(f"{values.shape[1]} columns, expected {len(at)}")
    total = np.zeros((len(values), size))
    _add_to(total, at, np.ascontiguousarray(values, dtype=np.float64))
    return total


@njit(cache=True, nogil=True)
def _add_to(total: Array, at: Index, values: Array) -> None:
    """Add columns to those of a total (G, size); all numbers in ``at`` must be below its size."""
    for g in range(len(values)):
        for n in range(len(at)):
            total[g, at[n]] += values[g, n]


def shares(values: Array, at: Index, size: int) -> Array:
    """Each value's share among those with the same number in ``at``: (G, n) to (G, n)."""
    total = add_up(values, at, size)[:, at]
    return np.divide(values, total, out=np.zeros_like(values), where=total > 0)
