"""What people believe of dated outcomes, as paths: the same for all members, never a state.

Letters of shapes beside those of the engine: ``T`` days, ``S`` segments of days with the same
values, ``H`` kinds of hearers (groups that are told alike). A belief is a chance, 0 to 1. On each
day, in this order:

- people hear: ``b + (1 - exp(-speed)) (signal(t - lag) - b)``, where ``signal(t)`` is what is told,
  ``level(t) exp(-(days to the news) / attention)``;
- they take up what more believing neighbours say, and do not un-hear it:
  ``b + (1 - b) (1 - exp(-contact sum_k W_k b_k [b_k > b]))``, at most the highest belief they met;
- rumours come on top, each halving and spreading on its own.

That contact is one-sided, that a rumour's size halves evenly and all speeds are assumed: no figure
tells them apart. Averaging with neighbours instead would thin a rumour out and pull the informed
down.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.model.minds.talk import Contacts, taken_up


class Hearing(NamedTuple):
    """How fast news and talk travel.

    Attributes
    ----------
    segment
        Segment of each day; shape (T,).
    speed
        Rate at which people come to believe what is told, per day; shape (S, H, P).
    lag
        What the days until news comes are multiplied by; shape (S, H, P).
    contact
        Rate at which they take up what neighbours believe, per day; shape (S,).
    contacts
        Who hears from whom.
    """

    segment: Index
    speed: Array
    lag: Array
    contact: Array
    contacts: Contacts


class Rumour(NamedTuple):
    """A rumour of an outcome.

    Attributes
    ----------
    day
        Day on which it comes up; may lie before the first day.
    hearers, places
        Among whom (H,), and where (P,).
    jump
        What it adds to belief where nothing was believed, -1 to 1; below 0 it says the contrary.
    half_life
        Days in which it loses half of its hold, above 0.
    """

    day: int
    hearers: Flags
    places: Flags
    jump: float
    half_life: float


class Announced(NamedTuple):
    """An outcome as it is told.

    Attributes
    ----------
    level
        Chance that is told of it; shape (T, H).
    attention
        Days in which attention to it grows e-fold, above 0; infinite where it is always on
        people's minds; shape (T, H).
    lag
        Days until what is told is heard; shape (T, H).
    on
        Day on which it is known whether it comes; may lie outside the days.
    came
        Whether it comes; None where that is not known in the run.
    rumours
        Rumours of it.
    """

    level: Array
    attention: Array
    lag: Array
    on: int
    came: bool | None
    rumours: tuple[Rumour, ...] = ()


def path_of(one: Announced, hearing: Hearing) -> Array:
    """Return what is believed of an outcome day by day.

    From the day on which it is known, all believe 1 if it comes and 0 if not, and rumours from
    before are over; see `unlearned` for what comes after.

    Parameters
    ----------
    one
        The outcome.
    hearing
        How fast news and talk travel.

    Returns
    -------
    numpy.ndarray
        Chances, shape (T, H, P).
    """
    path = heard(signal_of(one), one.lag, hearing)
    if one.came is not None:
        path[max(one.on, 0) :] = float(one.came)
    for rumour in one.rumours:
        _add_rumour(path, rumour, one.on if rumour.day < one.on else len(path), hearing)
    return np.clip(path, 0.0, 1.0)


def signal_of(one: Announced) -> Array:
    """Return what is told of an outcome: its level, growing as the news comes near.

    Parameters
    ----------
    one
        The outcome.

    Returns
    -------
    numpy.ndarray
        ``level exp(-(days to the news) / attention)``, shape (T, H). That belief
        must grow so to meet rushes before dates was found on a model of four of them; the form is
        assumed.
    """
    ahead = np.maximum(one.on - np.arange(len(one.level)), 0)
    return np.asarray(one.level * np.exp(-ahead[:, None] / one.attention))


def heard(signal: Array, lag: Array, hearing: Hearing) -> Array:
    """Return what people believe of what is told, hearing it late and from one another.

    Parameters
    ----------
    signal
        What is told, 0 to 1; shape (T, H). They begin with what is told on the first day.
    lag
        Days until it is heard; shape (T, H).
    hearing
        How fast news and talk travel.

    Returns
    -------
    numpy.ndarray
        Shape (T, H, P).
    """
    share = -np.expm1(-hearing.speed)
    path: Array = np.empty((len(signal), *share.shape[1:]))
    _hear(signal, lag, share, hearing, path)
    return path


@njit(cache=True, nogil=True)
def _hear(signal: Array, lag: Array, share: Array, hearing: Hearing, path: Array) -> None:
    """Fill in what is believed, of which people take up a share (S, H, P) each day."""
    for h in range(path.shape[1]):
        for p in range(path.shape[2]):
            path[0, h, p] = signal[0, h]
    for t in range(1, len(path)):
        s = hearing.segment[t]
        now = path[t - 1].copy()
        for h in range(now.shape[0]):
            for p in range(now.shape[1]):
                late = int(np.rint(lag[t, h] * hearing.lag[s, h, p]))
                told = signal[max(t - late, 0), h]
                now[h, p] += share[s, h, p] * (told - now[h, p])
        path[t] = taken_up(now, hearing.contact[s], hearing.contacts)


def _add_rumour(path: Array, rumour: Rumour, end: int, hearing: Hearing) -> None:
    """Add a rumour to beliefs (T, H, P) until a day; what it and others say comes independently."""
    first = max(rumour.day, 0)
    size = abs(rumour.jump) * 0.5 ** ((first - rumour.day) / rumour.half_life)
    hold = size * np.outer(rumour.hearers, rumour.places)
    for t in range(first, min(end, len(path))):
        if t > first:
            rate = float(hearing.contact[int(hearing.segment[t])])
            hold = taken_up(hold * 0.5 ** (1.0 / rumour.half_life), rate, hearing.contacts)
        path[t] = path[t] * (1.0 - hold) + (hold if rumour.jump > 0 else 0.0)


def unlearned(days: int, effect: int, came: bool | None, half_life: float) -> Array:
    """Return how much of a belief has given way to what is seen, once its outcome holds.

    Parameters
    ----------
    days
        Number of days, T.
    effect
        Day from which the outcome holds; may lie outside the days.
    came
        Whether it comes; nothing is unlearned of what does not come.
    half_life
        Days in which half of it gives way, above 0; 30 to 180 is assumed.

    Returns
    -------
    numpy.ndarray
        Shares ``1 - 0.5 ** (days since / half_life)``, 0 before the day; shape (T,).
    """
    since = np.maximum(np.arange(days) - effect, 0)
    return np.asarray((1.0 - 0.5 ** (since / half_life)) * float(bool(came)))
