"""A chain of one day: where people go from each compartment, and what that is worth to them."""

from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.space import NOWHERE, Space
from rumbo.model.rules.form import CERTAIN

ACROSS = ("border_release", "claim", "evade")
"""Kinds of transitions after which people are across and stay there for a time."""

BESIDE_DRAWS = ("leave_queue", "queue_settle", "queue_home")
"""Kinds of transitions out of the queue whose rates are weights beside a certain draw for a turn
(`rumbo.model.rules.staying.beside_draws`)."""

LEAST_LEFT = 1e-12
"""Share of a queue left after a day in which everybody has a turn: a certain one has no rate."""


class Chain(NamedTuple):
    """How things go while one set of values is in force.

    Attributes
    ----------
    source, target
        Compartments of each transition, sorted by source; target `NOWHERE` leaves; shape (M,).
    decision
        Decision that each transition is part of, or `NOWHERE`: transitions out of one compartment
        that people choose together (to set out, or to ask); shape (M,).
    rate
        Per person and day; shape (G, M).
    worth
        What taking a transition is worth, in open crossings; shape (G, M).
    """

    source: Index
    target: Index
    decision: Index
    rate: Array
    worth: Array


class Walk(NamedTuple):
    """A chain as the recursion walks it; decisions are numbered from 0 to D - 1.

    Attributes
    ----------
    first
        Transitions ``first[c]:first[c + 1]`` leave compartment ``c``; shape (C + 1,).
    at
        Compartment of each decision; shape (D,).
    chosen
        Transitions that are part of a decision, in order.
    part
        Share of each transition in the rates of its decision, 0 outside; shape (G, M).
    """

    first: Index
    at: Index
    chosen: Index
    part: Array


def walk(chain: Chain, size: int) -> Walk:
    """Lay out a chain for the recursion.

    Parameters
    ----------
    chain
        The chain.
    size
        Number of compartments, C.

    Returns
    -------
    Walk
    """
    chosen = np.flatnonzero(chain.decision != NOWHERE)
    number = chain.decision[chosen]
    at = np.zeros(int(number.max(initial=NOWHERE)) + 1, dtype=np.int64)
    at[number] = chain.source[chosen]
    total = _by_decision(chain.rate[:, chosen], number, len(at))[:, number]
    part = np.zeros_like(chain.rate)
    part[:, chosen] = np.divide(
        chain.rate[:, chosen], total, out=np.zeros_like(total), where=total > 0
    )
    first = np.searchsorted(chain.source, np.arange(size + 1)).astype(np.int64)
    return Walk(first, at, chosen, part)


def _by_decision(values: Array, number: Index, count: int) -> Array:
    """Sum the columns of chosen transitions by decision: (G, D)."""
    return np.stack([np.bincount(number, one, count) for one in values])


def going(chain: Chain, walked: Walk, value: Array) -> Array:
    """What going today is worth, less being here tomorrow.

    Parameters
    ----------
    chain
        The world.
    walked
        The same, laid out.
    value
        Of each compartment; shape (G, C).

    Returns
    -------
    numpy.ndarray
        By decision, in open crossings; 0 where none of it is open; shape (G, D).
    """
    m = walked.chosen
    there = np.where(chain.target[m] == NOWHERE, 0.0, value[:, chain.target[m]])
    gain = walked.part[:, m] * (chain.worth[:, m] + there - value[:, chain.source[m]])
    return _by_decision(gain, chain.decision[m], len(walked.at))


def is_open(chain: Chain, walked: Walk) -> Flags:
    """Whether anybody takes a decision: (G, D)."""
    m = walked.chosen
    return _by_decision(walked.part[:, m], chain.decision[m], len(walked.at)) > 0


def decisions(space: Space, pace_of: Index) -> Index:
    """Number the decisions: one for each compartment and pace of the transitions out of it.

    Parameters
    ----------
    space
        Compartments and transitions.
    pace_of
        Number of the pace of each transition, 0 for those that nobody decides on; shape (M,).

    Returns
    -------
    numpy.ndarray
        Decision of each transition, or `NOWHERE`; shape (M,).
    """
    rows = np.flatnonzero(pace_of)
    pairs = np.stack([space.source[rows], pace_of[rows]])
    decision = np.full(len(pace_of), NOWHERE, dtype=np.int64)
    decision[rows] = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1)
    return decision


def reckoned(
    space: Space,
    decision: Index,
    rate: Array,
    turn: Array,
    across: Array,
    appointment: Array,
    step: float,
) -> Chain:
    """Make the chain that people reckon with from the engine's table.

    The table lets everybody in the queue draw every day and holds them back by a limit; people
    reckon with their chance of a turn. Other limits they do not foresee.

    Parameters
    ----------
    space
        Compartments and transitions.
    decision
        Decision of each transition, as from `decisions`; shape (M,).
    rate
        The table of the values in force; shape (G, M).
    turn
        Daily chance of an appointment for who is in the queue; shape (G,).
    across
        Worth of being across without one; shape (G,).
    appointment
        Worth of an appointment; shape (G,).
    step
        Days per step of the table.

    Returns
    -------
    Chain
    """
    worth = np.zeros_like(rate)
    worth[:, space.of(*ACROSS)] = across[:, None]
    worth[:, space.of("appointment")] = appointment[:, None]
    served, beside = space.of("appointment"), space.of(*BESIDE_DRAWS)
    chance = -np.log1p(-np.minimum(turn, 1.0 - LEAST_LEFT))
    own = rate.copy()
    own[:, served] *= chance[:, None] / CERTAIN
    own[:, beside] /= CERTAIN * step
    return Chain(space.source, space.target, decision, own, worth)
