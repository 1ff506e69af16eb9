"""The recursion itself, compiled: from the last believed date to the first day, groups in lanes."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.chances import gone_by
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain, Walk
from rumbo.model.minds.value import LASTING, Mind

MOST = 5.0
"""Largest log of a pace, a factor of 150: at the line people who are certain would wait for the
last day and all go then."""


class Lanes(NamedTuple):
    """A chain laid out with all groups side by side, in B lanes: one instruction takes several.

    Attributes
    ----------
    begin, target, rate
        Transitions ``begin[c]:begin[c + 1]`` lead from compartment ``c`` to another without a
        decision: where to, and how fast; shapes (C + 1,), (K,) and (K, B).
    leaving, gain
        Sum of the rates of all transitions without a decision, also out of the corridor, and of
        what they are worth; shape (C, B).
    first, toward, part
        Transitions ``first[d]:first[d + 1]`` are those of decision ``d`` within the corridor: where
        to, and their share in it; shapes (D + 1,), (L,) and (L, B).
    speed, worth
        Rate of each decision, and what it is worth at once; shape (D, B).
    """

    begin: Index
    target: Index
    rate: Array
    leaving: Array
    gain: Array
    first: Index
    toward: Index
    part: Array
    speed: Array
    worth: Array


@njit(cache=True, nogil=True)
def walk_back(
    chain: Chain,
    walked: Walk,
    mind: Mind,
    usual: Array,
    then: Array,
    chance: Array,
    usually: Array,
    told: Index,
    pace: Array,
    lanes: int,
) -> None:
    """Fill in the log paces of the first days (N, G, E).

    Parameters
    ----------
    chain, walked
        The usual world.
    mind
        How people reckon.
    usual, then
        Values if nothing changes, (G, C), and once outcomes have come, (O, G, C).
    chance
        That an outcome comes on a day, if none came before; shape (O, T, G).
    usually
        What going is worth if nothing changes; shape (G, D).
    told
        Decisions whose paces are asked for; shape (E,).
    pace
        Filled in; on later days than its own nobody asks for them.
    lanes
        Lanes B to lay groups in; what they do not fill is reckoned as nobody.
    """
    laid, decided = _laid(chain, walked, lanes), _each(walked.at, len(walked.first) - 1)
    value, later = _wide(usual.T, lanes), np.zeros((len(then), usual.shape[1], lanes))
    for o in range(len(then)):
        _put(later[o], then[o].T)
    mind, usually = _wide_mind(mind, lanes), _wide(usually.T, lanes)
    stay, mean = np.ones_like(value), np.ones_like(value)
    leaving, before, gone = np.empty_like(value), np.empty_like(value), np.empty_like(value)
    _chances(np.arange(len(value)), laid.leaving, gone, stay, mean)
    log, speed, there = np.zeros_like(usually), np.empty_like(usually), np.empty_like(usually)
    coming = np.zeros((len(then), lanes))
    for t in range(chance.shape[1] - 1, -1, -1):
        _put(leaving, laid.leaving)
        _put(before, laid.gain)
        _add_where(laid.begin, laid.target, laid.rate, value, before)
        _put(there, laid.worth)
        _add_where(laid.first, laid.toward, laid.part, value, there)
        _decide(walked.at, laid.speed, mind, there, usually, value, log, speed)
        _go(walked.at, speed, there, leaving, before)
        _chances(decided, leaving, gone[: len(decided)], stay, mean)
        if t < len(pace):
            _tell(told, log, pace[t])
        _put(coming, chance[:, t])
        _one_day_earlier(value, before, stay, mean, mind.cost, coming, later)


@njit(cache=True, nogil=True)
def _each(at: Index, size: int) -> Index:
    """Return the numbers below a size that are named, each once, in order."""
    named = np.zeros(size, dtype=np.bool_)
    for c in at:
        named[c] = True
    return np.flatnonzero(named)


@njit(cache=True, nogil=True)
def _put(into: Array, values: Array) -> None:
    """Copy, row by row: numba compiles seconds for what numpy would say of unlike shapes.

    Lanes that only one of the two has are left alone.
    """
    for n in range(into.shape[0]):
        for g in range(min(into.shape[1], values.shape[1])):
            into[n, g] = values[n, g]


@njit(cache=True, nogil=True)
def _tell(told: Index, log: Array, pace: Array) -> None:
    """Copy the paces of a day (D, B) that are asked for, by group: (G, E)."""
    for e in range(len(told)):
        for g in range(len(pace)):
            pace[g, e] = log[told[e], g]


@njit(cache=True, nogil=True)
def _wide(values: Array, lanes: int) -> Array:
    """Lay out (X, G) in so many lanes."""
    laid = np.zeros((values.shape[0], lanes))
    _put(laid, values)
    return laid


@njit(cache=True, nogil=True)
def _wide_mind(mind: Mind, lanes: int) -> Mind:
    """Lay out a mind in so many lanes."""
    stake, cost, hope, ahead = np.zeros((4, lanes))
    for g in range(len(mind.stake)):
        stake[g], cost[g] = mind.stake[g], mind.cost[g]
        hope[g], ahead[g] = mind.hope[g], mind.ahead[g]
    return Mind(stake, cost, hope, ahead)


@njit(cache=True, nogil=True)
def _gone_by_each(values: Array) -> None:
    """Put ``1 - exp(-x)`` in the place of each: alone with one array, lanes surely go together."""
    each = values.reshape(-1)
    for n in range(len(each)):
        each[n] = gone_by(each[n])


@njit(cache=True, nogil=True)
def _decide(
    at: Index,
    usual: Array,
    mind: Mind,
    there: Array,
    usually: Array,
    value: Array,
    log: Array,
    speed: Array,
) -> None:
    """Set the log paces (D, B) of decisions, and how fast people count on going by them later."""
    for d in range(len(at)):
        for g in range(log.shape[1]):
            log[d, g] = mind.stake[g] * (there[d, g] - value[at[d], g] - usually[d, g])
        for g in range(log.shape[1]):
            log[d, g] = min(max(log[d, g], -MOST), MOST) if usual[d, g] > 0.0 else 0.0
            speed[d, g] = -mind.ahead[g] * log[d, g]
    _gone_by_each(speed)
    for d in range(len(at)):
        for g in range(log.shape[1]):
            speed[d, g] = usual[d, g] * (1.0 - speed[d, g])


@njit(cache=True, nogil=True)
def _go(at: Index, speed: Array, there: Array, leaving: Array, before: Array) -> None:
    """Go by decisions from where each is taken."""
    for d in range(len(at)):
        for g in range(speed.shape[1]):
            leaving[at[d], g] += speed[d, g]
            before[at[d], g] += speed[d, g] * there[d, g]


@njit(cache=True, nogil=True)
def _add_where(begin: Index, target: Index, part: Array, value: Array, total: Array) -> None:
    """Add to each row of a total (N, B) what tomorrow is worth where its transitions lead."""
    for n in range(len(total)):
        for k in range(begin[n], begin[n + 1]):
            there = target[k]
            for g in range(value.shape[1]):
                total[n, g] += part[k, g] * value[there, g]


@njit(cache=True, nogil=True)
def _one_day_earlier(
    value: Array, before: Array, stay: Array, mean: Array, cost: Array, chance: Array, later: Array
) -> None:
    """Put the values of today in the place of those of tomorrow; chances of outcomes are (O, B)."""
    none = np.empty(chance.shape[1])
    for g in range(len(none)):
        none[g] = 1.0
        for o in range(len(chance)):
            none[g] -= chance[o, g]
        none[g] *= LASTING
    for c in range(len(value)):
        for g in range(len(none)):
            value[c, g] = none[g] * (stay[c, g] * value[c, g] + mean[c, g] * before[c, g] - cost[g])
        for o in range(len(chance)):
            for g in range(len(none)):
                value[c, g] += chance[o, g] * later[o, c, g]


@njit(cache=True, nogil=True, error_model="numpy")  # a division by 0 raises nothing
def _chances(rows: Index, leaving: Array, gone: Array, stay: Array, mean: Array) -> None:
    """Set the chance to stay for a day under some rates, and that to leave over their sum.

    ``gone`` is room for the chances of leaving, a row for each that is asked for.
    """
    for n in range(len(rows)):
        for g in range(gone.shape[1]):
            gone[n, g] = leaving[rows[n], g]
    _gone_by_each(gone)
    for n in range(len(rows)):
        c = rows[n]
        for g in range(gone.shape[1]):
            stay[c, g] = 1.0 - gone[n, g]
            mean[c, g] = gone[n, g] / leaving[c, g] if leaving[c, g] > 0.0 else 0.0


@njit(cache=True, nogil=True)
def _laid(chain: Chain, walked: Walk, lanes: int) -> Lanes:
    """Lay out a chain; walks backwards over many days pay for it."""
    groups, size, count = len(chain.rate), len(walked.first) - 1, len(walked.at)
    leaving, gain = np.zeros((size, lanes)), np.zeros((size, lanes))
    speed, worth = np.zeros((count, lanes)), np.zeros((count, lanes))
    for m in range(len(chain.source)):
        c, d = chain.source[m], chain.decision[m]
        for g in range(groups):
            if d == NOWHERE:
                leaving[c, g] += chain.rate[g, m]
                gain[c, g] += chain.rate[g, m] * chain.worth[g, m]
            else:
                speed[d, g] += chain.rate[g, m]
                worth[d, g] += walked.part[g, m] * chain.worth[g, m]
    free, chosen = chain.decision == NOWHERE, chain.decision != NOWHERE
    inside = chain.target != NOWHERE
    begin, target, rate = _listed(
        chain.target, chain.rate, chain.source, inside & free, size, lanes
    )
    first, toward, part = _listed(
        chain.target, walked.part, chain.decision, inside & chosen, count, lanes
    )
    return Lanes(begin, target, rate, leaving, gain, first, toward, part, speed, worth)


@njit(cache=True, nogil=True)
def _listed(
    target: Index, value: Array, of: Index, those: Flags, rows: int, lanes: int
) -> tuple[Index, Index, Array]:
    """Some transitions row by row: where rows begin, where transitions lead, and their values."""
    begin = np.zeros(rows + 1, dtype=np.int64)
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
