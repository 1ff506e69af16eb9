"""The form of the daily table: rates, limits and entries, and the factors of a member's day."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index, Keys

NO_INDEX: Index = np.empty(0, dtype=np.int64)
NO_FLAGS: Flags = np.empty(0, dtype=np.bool_)
EVEN: Array = np.ones((1, 1, 1))
"""The pace of days on which nobody's is another: no time is spent on it."""


def nobody(_status: str) -> Array:
    """Say of any status that nobody has it; shape (0, 0, 0)."""
    return np.empty((0, 0, 0))


class Day(NamedTuple):
    """What rules may know of a day.

    Attributes
    ----------
    date
        The day.
    step
        Length of the step in days.
    stopped
        People stopped at each place in the step before; shape (R, P).
    people
        People with a status at the start of the step, by group and place; shape (R, G, P).
    drawn
        What was drawn ahead for the step, by name; members first.
    """

    date: date
    step: float
    stopped: Array
    people: Callable[[str], Array] = nobody
    drawn: Mapping[str, Array] = MappingProxyType({})


class Room(NamedTuple):
    """How full places are before they put people off; none by default.

    Attributes
    ----------
    near, full
        People from which a place has less room, and none; shape (P,).
    turns
        Whether people turn back when less than half of the room is left; shape (P,).
    power
        Exponent of the room left.
    """

    near: Array = np.empty(0)
    full: Array = np.empty(0)
    turns: Flags = NO_FLAGS
    power: float = 1.0


class Rates(NamedTuple):
    """What the engine needs for one day.

    Attributes
    ----------
    rate
        Per person and day, the same for all members; shape (G, M).
    factor
        What rates are multiplied by, for each member and kind of groups; shape (R, K, F). Factor 0
        is 1; the last ones are those of the room left at places, which the engine sets itself.
    entry
        Persons per day from outside; shape (R, E).
    limit
        Persons per day that can pass each limit; shape (R, Q).
    room
        How full places may be.
    pace
        What rates are multiplied by besides, for all members or each, by group and number of the
        pace, of which the first is 1; shape (1 or R, G, 1 + S), or `EVEN`.
    """

    rate: Array
    factor: Array
    entry: Array
    limit: Array
    room: Room = Room()
    pace: Array = EVEN


class Wiring(NamedTuple):
    """How factors, limits and entries attach to the cells of the table.

    Attributes
    ----------
    factor_of
        Factor of each transition; shape (M,).
    factor_row
        Kind of each group, which says in which row its factors are; shape (G,).
    limit_of, limit_turn
        A transition of group g shares limit ``limit_of + limit_turn * g``, or none if ``limit_of``
        is `NOWHERE`; shape (M,).
    limit_key
        Names of the limits' random streams; shape (Q,).
    entry_group, entry_target
        Group and compartment that each entry feeds; shape (E,).
    entry_key
        Names of the entries' random streams; shape (E,).
    entry_pool
        Entries of one pool share a known number; `NOWHERE` for the others; shape (E,).
    hop
        Compartments that people pass through within a step; shape (C,), or empty if there are none.
    room_place, room_back
        The last factors: place whose room each stands for, and whether it weighs on turning back
        rather than on going there; shape (J,).
    pace_of
        Number of the pace of each transition, 0 for those without; shape (M,), or empty if none
        has one.
    """

    factor_of: Index
    factor_row: Index
    limit_of: Index
    limit_turn: Index
    limit_key: Keys
    entry_group: Index
    entry_target: Index
    entry_key: Keys
    entry_pool: Index
    hop: Flags = NO_FLAGS
    room_place: Index = NO_INDEX
    room_back: Flags = NO_FLAGS
    pace_of: Index = NO_INDEX


def rate_of_mean(days: Array | float, step: float) -> Array:
    """Rate of leaving such that the mean stay, counted in whole steps, is ``days``.

    A stay of one step or less means leaving at the next step for certain.

    Parameters
    ----------
    days
        Mean stay.
    step
        Length of the step in days.

    Returns
    -------
    numpy.ndarray
        Per day: ``-log(1 - step / days) / step``, the inverse of leaving = 1 - exp(-rate step).
    """
    stay = np.maximum(np.asarray(days, dtype=np.float64), 1e-9)  # no stay at all has no rate
    share = np.minimum(step / stay, 1 - 1e-16)  # a share of 1 would need an infinite one
    return np.asarray(-np.log1p(-share) / step)


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
