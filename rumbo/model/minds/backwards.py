"""The recursion itself, compiled: group by group, from the last believed date to the first day."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
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
    decides = np.zeros(usual.shape[1], dtype=np.bool_)
    decides[walked.at] = True
    for g in range(usual.shape[0]):
        own, value, ahead = _own(chain, walked, g), usual[g].copy(), np.empty_like(usual[g])
        for t in range(pace.shape[0] - 1, -1, -1):
            here = pace[t, g]
            _day_ahead(own, decides, walked.at, mind, g, usually[g], value, here, ahead)
            none = 1.0
            for o in range(then.shape[0]):
                none -= chance[o, t, g]
            for c in range(len(value)):
                value[c] = none * ahead[c]
            for o in range(then.shape[0]):
                if chance[o, t, g] > 0.0:
                    value += chance[o, t, g] * then[o, g]


@njit(cache=True, nogil=True)
def _day_ahead(
    own: Own,
    decides: Flags,
    at: Index,
    mind: Mind,
    g: int,
    usually: Array,
    value: Array,
    pace: Array,
    ahead: Array,
) -> None:
    """Set the log paces of a group from the values of tomorrow, and the values of a day before."""
    leaving = own.leaving.copy()
    for c in range(len(ahead)):
        gain = own.gain[c]
        for k in range(own.begin[c], own.begin[c + 1]):
            gain += own.rate[k] * value[own.target[k]]
        ahead[c] = gain
    for d in range(len(at)):
        there = own.worth[d]
        for k in range(own.first[d], own.first[d + 1]):
            there += own.part[k] * value[own.toward[k]]
        if own.speed[d] > 0.0:
            log = mind.stake[g] * (there - value[at[d]] - usually[d])
            pace[d] = min(max(log, -MOST), MOST)
        speed = own.speed[d] * math.exp(mind.ahead[g] * pace[d])
        leaving[at[d]] += speed
        ahead[at[d]] += speed * there
    for c in range(len(ahead)):
        stay, mean = own.stay[c], own.mean[c]
        if decides[c]:
            stay = math.exp(-leaving[c])
            mean = (1.0 - stay) / leaving[c] if leaving[c] > 0.0 else 0.0
        ahead[c] = LASTING * (stay * value[c] + mean * ahead[c] - mind.cost[g])


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
