"""The recursion itself, compiled: from the last believed date to the first day, groups in lanes."""

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index
from rumbo.engine.chances import gone_by_each
from rumbo.model.minds.chain import Chain, Walk
from rumbo.model.minds.layout import Lanes, lay_out
from rumbo.model.minds.value import LASTING, Mind

MOST = 5.0
"""Largest log of a pace, a factor of 150: at the line people who are certain would wait for the
last day and all go then."""


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
    mind = _wide_mind(mind, lanes)
    laid = lay_out(chain, walked, mind.cost)
    value, usually = _wide(usual.T, lanes), _wide(usually.T, lanes)
    earlier, after = value.copy(), np.zeros((len(then), *value.shape))
    for o in range(len(then)):
        _put(after[o], then[o].T)
    log, speed, there = np.zeros_like(usually), np.empty_like(usually), np.empty_like(usually)
    leaving, worth = np.empty_like(laid.leaving), np.empty_like(laid.worth)
    coming = np.zeros((len(then), lanes))
    for t in range(chance.shape[1] - 1, -1, -1):
        _put(there, laid.going)
        _add_where(laid.first, laid.toward, laid.share, value, there)
        _decide(laid, walked.at, mind, there, usually, value, log, speed)
        if t < len(pace):
            _tell(told, log, pace[t])
        _pass_on(laid, value, earlier)
        _go(laid, mind.cost, speed, there, value, earlier, leaving, worth)
        _put(coming, chance[:, t])
        if coming.any():
            _may_come(laid.row, coming, after, earlier)
        value, earlier = earlier, value


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
def _decide(
    laid: Lanes,
    at: Index,
    mind: Mind,
    there: Array,
    usually: Array,
    value: Array,
    log: Array,
    speed: Array,
) -> None:
    """Set the log paces (D, B) of decisions, and how fast people count on going by them later."""
    usual = laid.speed
    for d in range(len(at)):
        for g in range(log.shape[1]):
            log[d, g] = mind.stake[g] * (there[d, g] - value[at[d], g] - usually[d, g])
        for g in range(log.shape[1]):
            log[d, g] = min(max(log[d, g], -MOST), MOST) if usual[d, g] > 0.0 else 0.0
            speed[d, g] = -mind.ahead[g] * log[d, g]
    gone_by_each(speed)
    for d in range(len(at)):
        for g in range(log.shape[1]):
            speed[d, g] = usual[d, g] * (1.0 - speed[d, g])


@njit(cache=True, nogil=True)
def _pass_on(laid: Lanes, value: Array, earlier: Array) -> None:
    """Set what rows without decisions were worth a day earlier; values are (C, B)."""
    for n in range(len(laid.stay)):
        c = laid.row[n]
        for g in range(value.shape[1]):
            earlier[c, g] = laid.stay[n, g] * value[c, g] + laid.gain[n, g]
        for k in range(laid.begin[n], laid.begin[n + 1]):
            there = laid.target[k]
            for g in range(value.shape[1]):
                earlier[c, g] += laid.part[k, g] * value[there, g]


@njit(cache=True, nogil=True, error_model="numpy")  # a division by 0 raises nothing
def _go(
    laid: Lanes,
    cost: Array,
    speed: Array,
    there: Array,
    value: Array,
    earlier: Array,
    leaving: Array,
    worth: Array,
) -> None:
    """Set what the other rows were worth; the last two, (N - F, B), are room."""
    free = len(laid.stay)
    _put(leaving, laid.leaving)
    _put(worth, laid.worth)
    _add_where(laid.begin[free:], laid.target, laid.part, value, worth)
    for d in range(len(laid.at)):
        n = laid.at[d]
        for g in range(len(cost)):
            leaving[n, g] += speed[d, g]
            worth[n, g] += speed[d, g] * there[d, g]
    for n in range(len(worth)):
        for g in range(len(cost)):
            worth[n, g] = worth[n, g] / leaving[n, g] if leaving[n, g] > 0.0 else 0.0
    gone_by_each(leaving)
    for n in range(len(worth)):
        c = laid.row[free + n]
        for g in range(len(cost)):
            gone = leaving[n, g]
            ahead = (1.0 - gone) * value[c, g] + gone * worth[n, g] - cost[g]
            earlier[c, g] = LASTING * ahead


@njit(cache=True, nogil=True)
def _add_where(begin: Index, target: Index, part: Array, value: Array, total: Array) -> None:
    """Add to each row of a total (N, B) what tomorrow is worth where its transitions lead."""
    for n in range(len(total)):
        for k in range(begin[n], begin[n + 1]):
            there = target[k]
            for g in range(value.shape[1]):
                total[n, g] += part[k, g] * value[there, g]


@njit(cache=True, nogil=True)
def _may_come(row: Index, chance: Array, after: Array, value: Array) -> None:
    """Reckon with outcomes that come today by chances (O, B), and are then worth (O, C, B)."""
    none = np.ones(chance.shape[1])
    for o in range(len(chance)):
        for g in range(len(none)):
            none[g] -= chance[o, g]
    for c in row:
        for g in range(len(none)):
            value[c, g] *= none[g]
        for o in range(len(chance)):
            for g in range(len(none)):
                value[c, g] += chance[o, g] * after[o, c, g]
