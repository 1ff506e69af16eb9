"""How much faster people set out, or ask, while something may come and once it has.

See `rumbo.model.minds.value` for the values. A pace multiplies the rates of a decision, whatever
they are: its log is 0 where people believe in nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.lanes import Lay
from rumbo.model.minds.backwards import MOST, walk_back
from rumbo.model.minds.chain import Chain, going, is_open, walk
from rumbo.model.minds.value import Mind

BELIEFS: Array = np.linspace(0.0, 1.0, 5)
"""Beliefs of a table. Linear between five, log paces are wrong by 0.007 (median) where people count
on their own later chance; those of belief 1, scaled, by 0.06."""


class Prospect(NamedTuple):
    """What people hold possible, and what it would be worth to be anywhere then.

    Attributes
    ----------
    usual
        Value of each compartment if nothing changes, X; shape (G, C).
    then
        Value of each compartment once an outcome has come, Y; shape (O, G, C).
    share
        Share of the believed date of each outcome that falls on each day; sums to 1 at most over
        outcomes and days; shape (O, T), or (O, T, G) if groups hold different dates possible.
    """

    usual: Array
    then: Array
    share: Array


def chances(share: Array, belief: Array | float) -> Array:
    """Believed chance that an outcome comes on each day, if none came before it.

    Parameters
    ----------
    share
        Share of the believed date of each outcome that falls on each day; shape (O, T) or
        (O, T, G).
    belief
        Belief that any of them comes at all, from 0 to 1; a number, or shape (G,).

    Returns
    -------
    numpy.ndarray
        ``z = b l_t / (1 - b sum_{s < t} l_s)``; shape (O, T, 1) or (O, T, G).
    """
    share = share[..., None] if share.ndim == 2 else share
    held = np.asarray(belief, dtype=np.float64).reshape(1, 1, -1)
    coming = share.sum(axis=0, keepdims=True)
    past = np.cumsum(coming, axis=1) - coming
    left = 1.0 - held * past
    # Of the last of a certain belief nothing may be left but rounding.
    return np.asarray(np.clip(held * share / np.maximum(left, 1e-12), 0.0, 1.0))


def beliefs_around(belief: Array) -> Array:
    """Return the beliefs of `BELIEFS` between which some lie."""
    last = len(BELIEFS) - 1
    low, high = int(np.floor(belief.min() * last)), int(np.ceil(belief.max() * last))
    return BELIEFS[low : high + 1]


class Asked(NamedTuple):
    """What is asked for of a table of paces.

    Attributes
    ----------
    days
        Number of days from the first on, N.
    decisions
        Decisions; shape (E,).
    """

    days: int
    decisions: Index


def pace_table(
    chain: Chain,
    mind: Mind,
    prospect: Prospect,
    beliefs: Sequence[Array | float] | Array = BELIEFS,
    asked: Asked | None = None,
) -> Array:
    """Log paces by belief on each day until the last believed date; those of no belief are 0.

    Parameters
    ----------
    chain
        The usual world.
    mind
        How people reckon.
    prospect
        What they hold possible.
    beliefs
        From 0 to 1, each a number or of shape (G,); B of them.
    asked
        Days and decisions that are asked for; None for all.

    Returns
    -------
    numpy.ndarray
        By belief, day, group and decision, at most `MOST` either way; shape (B, N, G, E), which
        is (B, T, G, D) where all are asked for.
    """
    groups, size = prospect.usual.shape
    walked = walk(chain, size)
    usually = going(chain, walked, prospect.usual)
    lanes = Lay(1, groups, across=False).lanes
    days, told = asked or Asked(prospect.share.shape[1], np.arange(len(walked.at)))
    table: Array = np.zeros((len(beliefs), days, groups, len(told)))
    for belief, pace in zip(beliefs, table, strict=True):
        if np.any(belief):
            chance = chances(prospect.share, belief)
            chance = np.broadcast_to(chance, (*chance.shape[:2], groups))
            known = chain, walked, mind, prospect.usual, prospect.then, chance, usually
            walk_back(*known, told, pace, lanes)
    return table


def at_belief(table: Array, belief: Array, beliefs: Array = BELIEFS) -> Array:
    """Take log paces from a table, linear between its beliefs.

    Parameters
    ----------
    table
        By belief first; shape (B, ...).
    belief
        Beliefs from 0 to 1, inside those of the table; of a shape that broadcasts against (...).
    beliefs
        Those of the table; shape (B,).

    Returns
    -------
    numpy.ndarray
        Of the shape (...); exactly 0 where the belief is.
    """
    if len(beliefs) == 1:
        return np.asarray(table[0])
    held = np.clip(belief, beliefs[0], beliefs[-1]) - beliefs[0]
    held = np.broadcast_to(held, table.shape[1:]) * (len(BELIEFS) - 1)
    below = np.minimum(held.astype(np.int64), len(beliefs) - 2)
    low, high = (np.take_along_axis(table, (below + k)[None], axis=0)[0] for k in (0, 1))
    return np.asarray(low + (held - below) * (high - low))


def paces_after(chain: Chain, then: Chain, mind: Mind, usual: Array, value: Array) -> Array:
    """Log of the pace once an outcome has come, where people wholly believe that it stays.

    Under a weaker belief it is in proportion.

    Parameters
    ----------
    chain, then
        The usual world, and that after the outcome.
    mind
        How people reckon.
    usual, value
        Values in the two; shape (G, C).

    Returns
    -------
    numpy.ndarray
        By group and decision; 0 where the decision is not open in both; shape (G, D).
    """
    before, after = walk(chain, usual.shape[1]), walk(then, usual.shape[1])
    gain = going(then, after, value) - going(chain, before, usual)
    pace = np.clip(mind.stake[:, None] * gain, -MOST, MOST)
    return np.where(is_open(chain, before) & is_open(then, after), pace, 0.0)


def plain_step(ahead: Array, come: Array, rise: Array | float, fall: Array | float) -> Array:
    """Log of the pace by the plain rule: people rush as they believe, and stay away afterwards.

    Parameters
    ----------
    ahead, come
        Belief that an outcome will come, and that one has come and stays.
    rise, fall
        What the log of the pace rises and falls by for each.

    Returns
    -------
    numpy.ndarray
        Of the shape that these broadcast to.
    """
    return np.asarray(rise * ahead - fall * come)
