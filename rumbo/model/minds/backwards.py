"""The recursion itself, compiled: group by group, from the last believed date to the first day."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain, Walk
from rumbo.model.minds.value import LASTING, Mind

MOST = 5.0
"""Largest log of a pace, a factor of 150: at the line people who are certain would wait for the
last day and all go then."""


class Own(NamedTuple):
    """The chain of one group, without what it does not do.

    Attributes
    ----------
    begin, target, rate
        Transitions ``begin[c]:begin[c + 1]`` lead from compartment ``c`` to another without a
        decision: where to, and how fast.
    leaving, gain
        Sum of the rates of all such transitions, also out of the corridor, and of what they are
        worth; shape (C,).
    stay, mean
        Chance to stay for a day under these alone, and that to leave over the sum; shape (C,).
    first, toward, part
        Transitions ``first[d]:first[d + 1]`` are those of decision ``d`` within the corridor: where
        to, and their share in it.
    speed, worth
        Rate of each decision, and what it is worth at once; shape (D,).
    """

    begin: Index
    target: Index
    rate: Array
    leaving: Array
    gain: Array
    stay: Array
    mean: Array
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
    pace: Array,
) -> None:
    """Fill in the log paces (T, G, D).

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
    pace
        Filled in.
    """
    for g in range(usual.shape[0]):
        own, now = (
            _own(chain, walked, g),
            _Reckoning(
                mind.stake[g], mind.cost[g], mind.ahead[g], usual[g].copy(), np.empty_like(usual[g])
            ),
        )
        _group_back(own, walked.at, now, usually[g], chance[:, :, g], then[:, g], pace[:, g])


class _Reckoning(NamedTuple):
    """How one group reckons, the values of tomorrow, and room for rates; values are overwritten."""

    stake: float
    cost: float
    ahead: float
    value: Array
    leaving: Array


@njit(cache=True, nogil=True)
def _group_back(
    own: Own,
    at: Index,
    now: _Reckoning,
    usually: Array,
    chance: Array,
    then: Array,
    pace: Array,
) -> None:
    """Fill in the log paces (T, D) of one group."""
    value, leaving, before = now.value, now.leaving, np.empty_like(now.value)
    for t in range(pace.shape[0] - 1, -1, -1):
        for c in range(len(value)):
            leaving[c], before[c] = own.leaving[c], own.gain[c]
            for k in range(own.begin[c], own.begin[c + 1]):
                before[c] += own.rate[k] * value[own.target[k]]
        for d in range(len(at)):
            there = own.worth[d]
            for k in range(own.first[d], own.first[d + 1]):
                there += own.part[k] * value[own.toward[k]]
            if own.speed[d] > 0.0:
                log = now.stake * (there - value[at[d]] - usually[d])
                pace[t, d] = min(max(log, -MOST), MOST)
            speed = own.speed[d] * math.exp(now.ahead * pace[t, d])
            leaving[at[d]] += speed
            before[at[d]] += speed * there
        none = 1.0 - chance[:, t].sum()
        for c in range(len(value)):
            stay, mean = own.stay[c], own.mean[c]
            if leaving[c] != own.leaving[c]:
                stay = math.exp(-leaving[c])
                mean = (1.0 - stay) / leaving[c]
            value[c] = none * LASTING * (stay * value[c] + mean * before[c] - now.cost)
            for o in range(len(chance)):
                value[c] += chance[o, t] * then[o, c]


@njit(cache=True, nogil=True)
def _own(chain: Chain, walked: Walk, g: int) -> Own:
    """Lay out the chain of a group; walks backwards over many days pay for it."""
    size, count = len(walked.first) - 1, len(walked.at)
    leaving, gain, begin = np.zeros(size), np.zeros(size), np.zeros(size + 1, dtype=np.int64)
    speed, worth, first = np.zeros(count), np.zeros(count), np.zeros(count + 1, dtype=np.int64)
    for m in range(len(chain.source)):
        c, d, rate = chain.source[m], chain.decision[m], chain.rate[g, m]
        inside = rate > 0.0 and chain.target[m] != NOWHERE
        if d == NOWHERE:
            leaving[c] += rate
            gain[c] += rate * chain.worth[g, m]
            begin[c + 1] += inside
        else:
            speed[d] += rate
            worth[d] += walked.part[g, m] * chain.worth[g, m]
            first[d + 1] += inside
    begin, first = np.cumsum(begin), np.cumsum(first)
    target, rates = _listed(chain, chain.rate[g], chain.rate[g], begin, chain.source, False)
    toward, part = _listed(chain, chain.rate[g], walked.part[g], first, chain.decision, True)
    stay, mean = np.exp(-leaving), np.zeros(size)
    for c in range(size):
        if leaving[c] > 0.0:
            mean[c] = (1.0 - stay[c]) / leaving[c]
    return Own(begin, target, rates, leaving, gain, stay, mean, first, toward, part, speed, worth)


@njit(cache=True, nogil=True)
def _listed(
    chain: Chain, rate: Array, value: Array, begin: Index, of: Index, decided: bool
) -> tuple[Index, Array]:
    """Targets and values of the transitions within the corridor, decided on or not, row by row."""
    free, target, listed = begin.copy(), np.empty(begin[-1], dtype=np.int64), np.empty(begin[-1])
    for m in range(len(chain.source)):
        if (chain.decision[m] != NOWHERE) == decided and rate[m] > 0.0:
            if chain.target[m] != NOWHERE:
                k = free[of[m]]
                target[k], listed[k] = chain.target[m], value[m]
                free[of[m]] += 1
    return target, listed
