"""Factors: what rates, entries and limits are multiplied by for each member."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.model.rules.form import Following
from rumbo.scenario.values.history import Sides


class Own(NamedTuple):
    """Members' own values of a parameter, and what they follow from.

    Attributes
    ----------
    middle, sides
        Values in force and their ranges, as laid out; kept, so that no others get their numbers.
    value, own
        Values in force, (1, K or 1, P or 1), and those of members, (R, ...).
    """

    middle: Array
    sides: tuple[Sides, ...]
    value: Array
    own: Array


OwnValues = dict[Hashable, Own]
"""Members' own values that were worked out: most stay the same from month to month."""


class Factors(NamedTuple):
    """What is multiplied for each member over a stretch of days.

    Attributes
    ----------
    rate
        Rates, by kind of groups and along a `FactorAxis`; shape (R, K, F).
    entry
        Entries; shape (R, E).
    limit
        Limits; shape (R, Q).
    """

    rate: Array
    entry: Array
    limit: Array


@dataclass(frozen=True)
class FactorAxis:
    """What lies where along the factors of rates: 1, a family after the other by place, room.

    Attributes
    ----------
    families
        Names of the families that have factors of their own, in order.
    places
        Number of places P.
    rooms
        Number of factors at the end that the engine sets itself, J.
    """

    families: tuple[str, ...]
    places: int
    rooms: int = 0

    @property
    def size(self) -> int:
        """Number of factors F."""
        return 1 + len(self.families) * self.places + self.rooms

    @property
    def room(self) -> slice:
        """Those of the room left at places."""
        return slice(self.size - self.rooms, self.size)

    def of(self, family: str) -> slice:
        """Those of a family, one a place."""
        first = 1 + self.families.index(family) * self.places
        return slice(first, first + self.places)


def followed(follows: Following, value: Array, own: Array) -> Array:
    """Return what rates are multiplied by where a value is a member's own.

    Parameters
    ----------
    follows
        How rates follow the value.
    value, own
        The value in force, and members' own; of shapes that broadcast.

    Returns
    -------
    numpy.ndarray
        1 where both are alike.
    """
    if follows == "withheld":
        return _ratio(1.0 - own, 1.0 - value)
    if follows == "odds":
        return _ratio(own * (1.0 - value), value * (1.0 - own))
    return _ratio(own, value) if follows == "rate" else _ratio(value, own)


def _ratio(above: Array, below: Array) -> Array:
    """Return quotients; 1 where both are alike, or of rates of 0, where they would have no end."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.ones(above.shape), where=(below > 0.0) & (above != below))
