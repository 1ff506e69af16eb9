"""Chances of leaving a compartment under the weights of its exits, lane by lane. Arrays only."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.lanes import Exits
from rumbo.engine.space import NOWHERE, Frame
from rumbo.engine.weights import Weights


class Work(NamedTuple):
    """Where people are, and what a pass works out; blocks of lanes.

    Attributes
    ----------
    people
        By compartment, and in one more, of those who left the corridor.
    steady
        By row of leavers, sum of the weights that do not change from step to step; in those of
        compartments without exits that have a pace.
    chance
        By compartment, the chance of leaving over the sum of its weights.
    scaled
        Weights of a block's exits with a slot, as they are in the pass; shape (exits, B).
    leaving
        By row of leavers of one block, people times that chance, as far as a limit grants: a flow
        per weight; shape (N, B).
    told
        By place, flows told in the step.
    came
        By compartment, people who came in the pass, laid out as ``people``; empty if nobody passes
        through within a step.
    scale
        What weights are multiplied by in this pass, the same for all groups; shape (1, D, R) or
        (R, D, 1).
    pace
        By number of the pace, what exits with it are multiplied by; shape (A, 1 + S, B).
    """

    people: Array
    steady: Array
    chance: Array
    scaled: Array
    leaving: Array
    told: Array
    came: Array
    scale: Array
    pace: Array


@njit(inline="always")
def weigh(
    weight: Array, rate: Array, factor: Array, across: bool, i: int, m: int, k: int, f: int
) -> None:
    """Set the weight of exit ``m`` with factor ``f`` in all lanes, from rows ``i`` and ``k``."""
    if across:
        one = rate[i, m, 0]
        for b in range(len(weight)):
            weight[b] = one * factor[k, f, b]
    else:
        for b in range(len(weight)):
            weight[b] = rate[i, m, b] * factor[k, f, b]


@njit(inline="always")
def rescale(weight: Array, scale: Array, across: bool, a: int, slot: int) -> None:
    """Multiply a weight by what bears on it in this pass, if anything does."""
    if slot == NOWHERE:
        return
    if across:
        for b in range(len(weight)):
            weight[b] *= scale[0, slot, b]
    else:
        one = scale[a, slot, 0]
        for b in range(len(weight)):
            weight[b] *= one


@njit(inline="always")
def add(values: Array, flow: Array, a: int, x: int) -> None:
    """Add a flow to one row of a block, if it is any."""
    if x != NOWHERE:
        for b in range(len(flow)):
            values[a, x, b] += flow[b]


LONGEST = 40.0
"""Nobody stays for longer than this over their mean: ``exp(-40)`` is lost beside 1."""

HALVINGS = 6
"""A chance is worked out for a 64th of the time, then for twice as long six times over."""

C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13 = (1.0 / n for n in range(2, 14))


@njit(inline="always")
def gone_by(x: float) -> float:
    """Return ``1 - exp(-x)`` for x from -5 on; beyond `LONGEST` it is taken as that.

    By the series at ``y = x / 64`` (at most 0.625: thirteen terms reach the last bit, below 0 the
    last but four) and ``1 - exp(-2 y) = e (2 - e)``: no branch and no call, so that lanes go
    together.
    """
    y = min(x, LONGEST) * 0.5**HALVINGS
    e = 1.0 - y * C10 * (1.0 - y * C11 * (1.0 - y * C12 * (1.0 - y * C13)))
    e = 1.0 - y * C6 * (1.0 - y * C7 * (1.0 - y * C8 * (1.0 - y * C9 * e)))
    e = y * (1.0 - y * C2 * (1.0 - y * C3 * (1.0 - y * C4 * (1.0 - y * C5 * e))))
    e *= 2.0 - e
    e *= 2.0 - e
    e *= 2.0 - e
    e *= 2.0 - e
    e *= 2.0 - e
    e *= 2.0 - e
    return e


@njit(cache=True, nogil=True)
def gone_by_each(values: Array) -> None:
    """Put ``1 - exp(-x)`` in the place of each of an array, which must lie in one piece.

    Alone with one array, lanes surely go together.
    """
    each = values.reshape(-1)
    for n in range(len(each)):
        each[n] = gone_by(each[n])


@njit(inline="always")
def set_chance(total: Array, days: float, chance: Array, a: int, c: int) -> None:
    """Set the chance of leaving within a step over the sum of weights, which may be 0."""
    for b in range(len(total)):
        share = gone_by(total[b] * days) / total[b]
        chance[a, c, b] = share if total[b] > 0.0 else 0.0


@njit(inline="always")
def set_total(total: Array, a: int, c: int, exits: Exits, work: Work) -> None:
    """Set the sum of weights out of a compartment, without those of exits with a slot."""
    cells = work.chance.shape[1]
    for b in range(len(total)):
        total[b] = work.steady[a, c, b]
    for n in range(exits.first[c], exits.first[c + 1]):
        if exits.pace[n] > 0:
            for b in range(len(total)):
                total[b] += work.steady[a, cells + n, b] * work.pace[a, exits.pace[n], b]


@njit(cache=True, nogil=True, error_model="numpy")  # a division by 0 raises nothing
def settle(weights: Weights, exits: Exits, frame: Frame, days: float, work: Work) -> None:
    """Work out what stays the same while weights do: sums of steady weights, chances of leaving."""
    blocks, cells, _ = work.chance.shape
    rate, factor, across, steady = weights.rate, weights.factor, weights.lay.across, work.steady
    weight, total = np.empty_like(steady[0, 0]), np.empty_like(steady[0, 0])
    steady[:] = 0.0
    for a in range(blocks):
        i, k = weights.rate_row[a], weights.factor_row[a]
        for m in range(len(exits.row)):
            if exits.slot[m] == NOWHERE and weights.live[i, m]:
                c, row = frame.source[m], exits.row[m]
                weigh(weight, rate, factor, across, i, m, k, weights.factor_of[m])
                if row != c:
                    add(steady, weight, a, row)
                if row == c or exits.pace[row - cells] == 0:
                    add(steady, weight, a, c)
        for c in range(cells):
            set_total(total, a, c, exits, work)
            set_chance(total, days, work.chance, a, c)


@njit(cache=True, nogil=True, error_model="numpy")
def repace(exits: Exits, days: float, work: Work) -> None:
    """Work out the chances of leaving under another pace; `reweigh` does where slots bear too."""
    total = np.empty_like(work.steady[0, 0])
    for a in range(len(work.chance)):
        for c in exits.paced:
            set_total(total, a, c, exits, work)
            set_chance(total, days, work.chance, a, c)


@njit(cache=True, nogil=True, error_model="numpy")
def reweigh(
    a: int, cells: Index, open_: Flags, weights: Weights, exits: Exits, frame: Frame, days: float,
    work: Work,
) -> None:  # fmt: skip
    """Work out a block's weights of exits with a slot, and the chances of leaving that follow."""
    rate, factor, across, scale = weights.rate, weights.factor, weights.lay.across, work.scale
    i, k, pace, scaled = weights.rate_row[a], weights.factor_row[a], work.pace, work.scaled
    total, size = np.empty_like(work.steady[0, 0]), work.chance.shape[1]
    for c in cells:
        if not (open_[c] and weights.peopled[a, c]):
            continue
        set_total(total, a, c, exits, work)
        for m in range(frame.first[c], frame.first[c + 1]):
            f, slot, n = weights.factor_of[m], exits.slot[m], exits.own[m]
            if slot == NOWHERE or not weights.live[i, m]:
                continue
            s = 0 if exits.row[m] == c else exits.pace[exits.row[m] - size]
            if across:
                one = rate[i, m, 0]
                for b in range(len(total)):
                    weight = one * factor[k, f, b] * scale[0, slot, b]
                    scaled[n, b] = weight
                    total[b] += weight * pace[a, s, b]
            else:
                one = scale[a, slot, 0]
                for b in range(len(total)):
                    weight = rate[i, m, b] * factor[k, f, b] * one
                    scaled[n, b] = weight
                    total[b] += weight * pace[a, s, b]
        set_chance(total, days, work.chance, a, c)
