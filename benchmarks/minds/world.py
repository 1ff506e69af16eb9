"""The small model: chains of many draws at once, one draw a group, and expected people in them."""

from typing import NamedTuple

import numpy as np
from numba import njit

from benchmarks.minds.inputs import Inputs
from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain
from rumbo.model.minds.pace import paces_after
from rumbo.model.minds.value import After, Mind, usual_values

HOME, COMING, POOL, HELD, NORTH, LINE = 0, 1, 3, 4, 5, 7
"""Compartments of the journey: roads have two stages."""

JOURNEY = np.array([
    (HOME, COMING, 0), (HOME, NOWHERE, -1),
    (COMING, COMING + 1, -1), (COMING + 1, POOL, -1),
    (POOL, NORTH, 1), (POOL, HELD, 1), (POOL, NOWHERE, -1),
    (HELD, POOL, -1), (HELD, NOWHERE, -1),
    (NORTH, NORTH + 1, -1), (NORTH + 1, LINE, -1),
    (LINE, NOWHERE, 2), (LINE, NOWHERE, -1),
], dtype=np.int64)  # fmt: skip
"""Source, target and decision of each transition."""

CROSS = 11

QUEUE = np.array([(0, NOWHERE, 0), (0, NOWHERE, -1), (0, NOWHERE, -1)], dtype=np.int64)
"""Waiting in the queue: to cross, to be given an appointment, to leave."""

MOST_STOPPED = 0.95
"""Most people who can be stopped on setting out."""


class Side(NamedTuple):
    """A chain before and after the outcome, and how people reckon in both.

    Attributes
    ----------
    chain, mind
        The usual world and how people reckon.
    usual, then
        Values before, and once it has come; shape (G, C).
    after
        Log pace once it has come, wholly believed; shape (G, D).
    """

    chain: Chain
    mind: Mind
    usual: Array
    then: Array
    after: Array


def mind_of(x: Inputs) -> Mind:
    return Mind(x["kappa"], x["w"], x["rho"], x["psi"])


def journey(x: Inputs, stopped: Array, worth: Array) -> Chain:
    """The chain from home to the line."""
    out = rate_of_mean(x["hW"], 1.0)
    first, second = rate_of_mean(x["L1"] / 2.0, 1.0), rate_of_mean(x["L2"] / 2.0, 1.0)
    rate = np.stack([
        1.0 / x["hS"], 1.0 / x["lS"],
        first, first,
        out * (1.0 - stopped), out * stopped, x["lW"],
        (1.0 - x["xH"]) / x["dH"], x["xH"] / x["dH"],
        second, second,
        rate_of_mean(x["hN"], 1.0), x["lN"],
    ], axis=1)  # fmt: skip
    gain = np.zeros_like(rate)
    gain[:, CROSS] = worth
    return Chain(*JOURNEY.T.copy(), rate, gain)


def queue(x: Inputs, crossing: Array, turn: float, worth: Array) -> Chain:
    """The chain of who waits for an appointment, and may cross instead."""
    rate = np.stack([crossing, np.full_like(crossing, turn), x["lN"]], axis=1)
    gain = np.zeros_like(rate)
    gain[:, 0], gain[:, 1] = worth, x["A"]
    return Chain(*QUEUE.T.copy(), rate, gain)


def size_of(chain: Chain) -> int:
    return int(chain.source.max()) + 1


def side(chain: Chain, closed: Chain, mind: Mind) -> Side:
    """Let people reckon with a chain, and with that once the outcome has come."""
    usual = usual_values(chain, mind, size_of(chain))
    then = After(closed, mind, usual.shape[1]).values(usual)
    return Side(chain, mind, usual, then, paces_after(chain, closed, mind, usual, then))


def one_day(chain: Chain, size: int) -> tuple[Array, Array]:
    """Chances of a day.

    Parameters
    ----------
    chain
        The chain.
    size
        Number of compartments, C.

    Returns
    -------
    tuple of numpy.ndarray
        To stay in each compartment, (G, C), and to take each transition, (G, M).
    """
    leaving = np.stack([np.bincount(chain.source, rate, size) for rate in chain.rate])
    mean = np.divide(-np.expm1(-leaving), leaving, out=np.ones_like(leaving), where=leaving > 0)
    return np.exp(-leaving), chain.rate * mean[:, chain.source]


def settled(chain: Chain, at: int) -> Array:
    """People in each compartment when one a day has come in at ``at`` for ever; (G, C)."""
    size = size_of(chain)
    stay, taken = one_day(chain, size)
    matrix = np.eye(size) - stay[:, None, :] * np.eye(size)
    for m, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
        if target != NOWHERE:
            matrix[:, target, source] -= taken[:, m]
    comes = np.zeros((len(stay), size, 1))
    comes[:, at] = 1.0
    return np.asarray(np.linalg.solve(matrix, comes)[..., 0])


class Coming(NamedTuple):
    """People at the start, (G, C), and a day: to which compartment, how many, shape (T,)."""

    start: Array
    at: int
    daily: Array


@njit(cache=True, nogil=True)
def crossings(
    chain: Chain, rates: Array, segment: Index, pace: Array, coming: Coming, cross: int
) -> Array:
    """Expected people who cross on each day: (T, G).

    ``rates`` (S, G, M) are those of each segment, ``pace`` (T, G, D) the log paces.
    """
    days, groups, size = len(segment), rates.shape[1], coming.start.shape[1]
    crossed, weight = np.zeros((days, groups)), np.empty(rates.shape[2])
    for g in range(groups):
        people, leaving, after = coming.start[g].copy(), np.empty(size), np.empty(size)
        for t in range(days):
            leaving[:], after[:] = 0.0, people
            for m in range(len(weight)):
                weight[m] = rates[segment[t], g, m]
                if chain.decision[m] != NOWHERE:
                    weight[m] *= np.exp(pace[t, g, chain.decision[m]])
                leaving[chain.source[m]] += weight[m]
            for c in range(size):
                gone = people[c] * -np.expm1(-leaving[c])
                after[c] -= gone
                leaving[c] = gone / leaving[c] if leaving[c] > 0.0 else 0.0
            for m in range(len(weight)):
                flow = weight[m] * leaving[chain.source[m]]
                if chain.target[m] != NOWHERE:
                    after[chain.target[m]] += flow
                if m == cross:
                    crossed[t, g] = flow
            after[coming.at] += coming.daily[t]
            people[:] = after
    return crossed
