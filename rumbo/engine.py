"""The engine: draws, rations and moves counts of people. It knows arrays, never rules or labels.

``stochastic`` draws whole persons; ``expected`` does the same arithmetic without drawing.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.draws import Keys, binomial, combine, poisson, ration, unit
from rumbo.rates import Array, Rates, Wiring
from rumbo.space import NOWHERE, Index, Space


class Luck(NamedTuple):
    """Which random numbers to use.

    Attributes
    ----------
    seed
        The run's seed.
    members
        Numbers of the members, shape (R,).
    step
        Number of the step since the corridor's first day.
    stochastic
        Whether to draw at all.
    """

    seed: int
    members: NDArray[np.int64]
    step: int
    stochastic: bool


class Flows(NamedTuple):
    """People who moved in a step.

    Attributes
    ----------
    moved
        By transition; shape (R, G, M).
    entered
        From outside; shape (R, E).
    """

    moved: Array
    entered: Array


def start(space: Space, members: int) -> Array:
    """Return an empty corridor: zeros of shape (R, G, C)."""
    return np.zeros((members, len(space.groups), len(space.compartments)))


def step(
    counts: Array, rates: Rates, space: Space, wiring: Wiring, days: float, luck: Luck
) -> tuple[Array, Flows]:
    """Move people for one step.

    Parameters
    ----------
    counts
        People by member, group and compartment; shape (R, G, C). Left as it is.
    rates
        The day's table.
    space, wiring
        The structure.
    days
        Length of the step.
    luck
        Which random numbers to use.

    Returns
    -------
    tuple
        The counts after the step, and the flows whose sums they are.
    """
    keys = stream_keys(luck)
    moved = np.zeros((*counts.shape[:2], len(space.moves)))
    draw_moves(
        counts, moved, rates.rate, rates.factor, wiring.factor_of, space.first, days, keys,
        space.group_key, space.compartment_key, space.move_key, luck.stochastic,
    )  # fmt: skip
    ration_moves(
        moved, wiring.limit_first, wiring.limit_cell, rates.limit * days, keys,
        wiring.limit_key, luck.stochastic,
    )  # fmt: skip
    entered = draw_entries(rates.entry * days, keys, wiring.entry_key, luck.stochastic)
    after = counts.copy()
    apply_flows(
        after, moved, entered, space.source, space.target, wiring.entry_group, wiring.entry_target
    )
    return after, Flows(moved, entered)


def stream_keys(luck: Luck) -> Keys:
    """Key of this step's streams for each member, shape (R,)."""
    run = [combine(np.uint64(luck.seed), np.uint64(member)) for member in luck.members]
    return np.array([combine(one, np.uint64(luck.step)) for one in run], dtype=np.uint64)


@njit(cache=True)
def draw_moves(
    counts: Array,
    moved: Array,
    rate: Array,
    factor: Array,
    factor_of: Index,
    first: Index,
    days: float,
    keys: Keys,
    group_key: Keys,
    compartment_key: Keys,
    move_key: Keys,
    stochastic: bool,
) -> None:
    """Fill ``moved`` with the people who take each transition (competing exits, Euler-multinomial).

    Those who leave are drawn once, with chance 1 - exp(-sum of rates); then they are split among the
    exits in proportion to the rates.
    """
    weight = np.empty(len(move_key))
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            stream = combine(keys[r], group_key[g])
            for c in range(counts.shape[2]):
                people = counts[r, g, c]
                if people == 0.0:
                    continue
                begin, end = first[c], first[c + 1]
                total = 0.0
                for m in range(begin, end):
                    weight[m - begin] = rate[g, m] * factor[r, factor_of[m]]
                    total += weight[m - begin]
                if total <= 0.0:
                    continue
                chance = -math.expm1(-total * days)
                if stochastic:
                    leaving = binomial(people, chance, unit(combine(stream, compartment_key[c])))
                else:
                    leaving = people * chance
                rest = total
                for m in range(begin, end):
                    if leaving == 0.0:
                        break
                    w = weight[m - begin]
                    if w == 0.0:
                        continue
                    if w >= rest * (1.0 - 1e-12):
                        share = leaving
                    elif stochastic:
                        share = binomial(leaving, w / rest, unit(combine(stream, move_key[m])))
                    else:
                        share = leaving * (w / rest)
                    moved[r, g, m] = share
                    leaving -= share
                    rest -= w


@njit(cache=True)
def ration_moves(
    moved: Array,
    limit_first: Index,
    limit_cell: Index,
    limit: Array,
    keys: Keys,
    limit_key: Keys,
    stochastic: bool,
) -> None:
    """Hold every limit; those held back stay where they were."""
    for r in range(moved.shape[0]):
        flows = moved[r].reshape(-1)
        for q in range(limit.shape[1]):
            if limit[r, q] == np.inf:
                continue
            cells = limit_cell[limit_first[q] : limit_first[q + 1]]
            if stochastic:
                stream = combine(keys[r], limit_key[q])
                whole = math.floor(limit[r, q] + unit(stream))
                ration(flows, cells, whole, unit(combine(stream, np.uint64(1))))
                continue
            applicants = 0.0
            for i in cells:
                applicants += flows[i]
            if applicants > limit[r, q]:
                for i in cells:
                    flows[i] *= limit[r, q] / applicants


@njit(cache=True)
def draw_entries(entry: Array, keys: Keys, entry_key: Keys, stochastic: bool) -> Array:
    """People who enter from outside in the step, shape (R, E)."""
    entered = entry.copy()
    if stochastic:
        for r in range(entry.shape[0]):
            for e in range(entry.shape[1]):
                entered[r, e] = poisson(entry[r, e], unit(combine(keys[r], entry_key[e])))
    return entered


@njit(cache=True)
def apply_flows(
    counts: Array,
    moved: Array,
    entered: Array,
    source: Index,
    target: Index,
    entry_group: Index,
    entry_target: Index,
) -> None:
    """Add the flows to the counts, in place."""
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            for m in range(len(source)):
                people = moved[r, g, m]
                if people != 0.0:
                    counts[r, g, source[m]] -= people
                    if target[m] != NOWHERE:
                        counts[r, g, target[m]] += people
        for e in range(len(entry_group)):
            counts[r, entry_group[e], entry_target[e]] += entered[r, e]
