"""A chain as walks back in time go through it: row by row, groups side by side."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.chances import gone_by_each
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain, Walk
from rumbo.model.minds.value import LASTING


class Lanes(NamedTuple):
    """A chain laid out with all groups side by side, in B lanes: one instruction takes several.

    Only compartments are in it that somebody comes to from a decision. Those of them where nobody
    decides, F of them, come first, under the chances of their day; then the others, under rates.

    Attributes
    ----------
    row
        Compartment of each row; shape (N,).
    begin, target, part
        Transitions ``begin[n]:begin[n + 1]`` lead from row ``n`` to another compartment without a
        decision: where to, and the chance to take it, or its rate; shapes (N + 1,), (K,), (K, B).
    stay, gain
        Of rows without decisions, the chance to stay and what a day is worth; shape (F, B).
    leaving, worth
        Of the others, the sum of the rates of all transitions without a decision, also out of the
        corridor, and of what they are worth; shape (N - F, B).
    at
        Row of each decision, less F; shape (D,).
    first, toward, share
        Transitions ``first[d]:first[d + 1]`` are those of decision ``d`` within the corridor: where
        to, and their share in it; shapes (D + 1,), (L,) and (L, B).
    speed, going
        Rate of each decision, and what it is worth at once; shape (D, B).
    """

    row: Index
    begin: Index
    target: Index
    part: Array
    stay: Array
    gain: Array
    leaving: Array
    worth: Array
    at: Index
    first: Index
    toward: Index
    share: Array
    speed: Array
    going: Array


@njit(cache=True, nogil=True)
def _rows(chain: Chain, walked: Walk) -> tuple[Index, int]:
    """Return the compartments (N,) that decisions lead to, and F, how many of them come first."""
    met, decided = np.zeros((2, len(walked.first) - 1), dtype=np.bool_)
    ahead, end = np.empty(len(met), dtype=np.int64), 0
    for c in walked.at:
        if not met[c]:
            met[c], decided[c] = True, True
            ahead[end] = c
            end += 1
    n = 0
    while n < end:
        for m in range(walked.first[ahead[n]], walked.first[ahead[n] + 1]):
            c = chain.target[m]
            if c != NOWHERE and not met[c] and _any(chain.rate, m):
                met[c] = True
                ahead[end] = c
                end += 1
        n += 1
    free, others = np.flatnonzero(met & ~decided), np.flatnonzero(decided)
    return np.concatenate((free, others)), len(free)


@njit(cache=True, nogil=True)
def lay_out(chain: Chain, walked: Walk, cost: Array) -> Lanes:
    """Lay out a chain; walks backwards over many days pay for it.

    Parameters
    ----------
    chain, walked
        The chain, of G groups.
    cost
        Worth that a day on the way costs, in all lanes, of which groups fill the first; shape (B,).

    Returns
    -------
    Lanes
        What a walk reads on every day, as the days change none of it.
    """
    (row, free), size, count = _rows(chain, walked), len(walked.first) - 1, len(walked.at)
    groups, lanes, of = len(chain.rate), len(cost), np.full(size, NOWHERE)
    for n in range(len(row)):
        of[row[n]] = n
    leaving, gain = np.zeros((len(row), lanes)), np.zeros((len(row), lanes))
    speed, worth = np.zeros((count, lanes)), np.zeros((count, lanes))
    for m in range(len(chain.source)):
        n, d = of[chain.source[m]], chain.decision[m]
        if n == NOWHERE:
            continue
        for g in range(groups):
            if d == NOWHERE:
                leaving[n, g] += chain.rate[g, m]
                gain[n, g] += chain.rate[g, m] * chain.worth[g, m]
            else:
                speed[d, g] += chain.rate[g, m]
                worth[d, g] += walked.part[g, m] * chain.worth[g, m]
    inside, plain = chain.target != NOWHERE, chain.decision == NOWHERE
    begin, target, part = _listed(
        chain.target, chain.rate, of[chain.source], inside & plain, len(row), lanes
    )
    first, toward, share = _listed(
        chain.target, walked.part, chain.decision, inside & ~plain, count, lanes
    )
    stay = _of_a_day(begin, part, leaving[:free], gain, cost)
    known = begin, target, part, stay, gain[:free], leaving[free:], gain[free:]
    return Lanes(row, *known, of[walked.at] - free, first, toward, share, speed, worth)


@njit(cache=True, nogil=True, error_model="numpy")  # a division by 0 raises nothing
def _of_a_day(begin: Index, part: Array, leaving: Array, gain: Array, cost: Array) -> Array:
    """Turn rates of the first rows, and what they are worth, into those of a day; (F, B)."""
    stay = leaving.copy()
    gone_by_each(stay)
    for n in range(len(stay)):
        for b in range(len(cost)):
            gone, total = stay[n, b], leaving[n, b]
            mean = LASTING * gone / total if total > 0.0 else 0.0
            stay[n, b] = LASTING * (1.0 - gone)
            gain[n, b] = mean * gain[n, b] - LASTING * cost[b]
            for k in range(begin[n], begin[n + 1]):
                part[k, b] *= mean
    return stay


@njit(cache=True, nogil=True)
def _listed(
    target: Index, value: Array, of: Index, those: Flags, rows: int, lanes: int
) -> tuple[Index, Index, Array]:
    """Some transitions row by row: where rows begin, where transitions lead, and their values."""
    begin = np.zeros(rows + 1, dtype=np.int64)
    those = those & (of != NOWHERE)
    for m in np.flatnonzero(those):
        begin[of[m] + 1] += _any(value, int(m))
    begin = np.cumsum(begin)
    free, leads = begin.copy(), np.empty(begin[-1], dtype=np.int64)
    listed = np.zeros((begin[-1], lanes))
    for m in np.flatnonzero(those):
        if _any(value, int(m)):
            k = free[of[m]]
            leads[k] = target[m]
            for g in range(len(value)):
                listed[k, g] = value[g, m]
            free[of[m]] += 1
    return begin, leads, listed


@njit(cache=True, nogil=True)
def _any(value: Array, m: int) -> bool:
    """Whether any group has a value (G, K) of one transition."""
    for g in range(len(value)):
        if value[g, m] != 0.0:
            return True
    return False
