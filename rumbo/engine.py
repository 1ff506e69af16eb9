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

Small = NDArray[np.int32]


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
    """People who moved in a step: the moves that happened, listed for each member.

    Attributes
    ----------
    group, move
        Group and transition of each; the first ``size[r]`` of row r; shape (R, N).
    people
        How many took it; shape (R, N).
    size
        Number of moves that happened; shape (R,).
    entered
        People from outside; shape (R, E).
    shape
        Numbers of groups G and transitions M.
    """

    group: Small
    move: Small
    people: Array
    size: Index
    entered: Array
    shape: tuple[int, int]

    @property
    def moved(self) -> Array:
        """The same as a table by group and transition, shape (R, G, M)."""
        table = np.zeros((len(self.size), *self.shape))
        for r, n in enumerate(self.size):
            table[r, self.group[r, :n], self.move[r, :n]] = self.people[r, :n]
        return table


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
    shape = (counts.shape[1], len(space.moves))
    group, move, people, size = room(len(counts), shape)
    draw_moves(
        counts, group, move, people, size, rates.rate, rates.factor, wiring.factor_of, space.first,
        days, keys, space.group_order, space.group_key, space.compartment_key, space.move_key,
        luck.stochastic,
    )  # fmt: skip
    ration_moves(
        group, move, people, size, wiring.limit_of, wiring.limit_turn, rates.limit * days, keys,
        wiring.limit_key, luck.stochastic,
    )  # fmt: skip
    entered = draw_entries(rates.entry * days, keys, wiring.entry_key, luck.stochastic)
    after = counts.copy()
    apply_flows(
        after, group, move, people, size, entered, space.source, space.target, wiring.entry_group,
        wiring.entry_target,
    )  # fmt: skip
    return after, Flows(group, move, people, size, entered, shape)


def room(members: int, shape: tuple[int, int]) -> tuple[Small, Small, Array, Index]:
    """Return room for the moves of a step: group, move and people, each (R, G M), and size (R,)."""
    cells = (members, shape[0] * shape[1])
    group, move = np.empty(cells, dtype=np.int32), np.empty(cells, dtype=np.int32)
    return group, move, np.empty(cells), np.zeros(members, dtype=np.int64)


def stream_keys(luck: Luck) -> Keys:
    """Key of this step's streams for each member, shape (R,)."""
    run = [combine(np.uint64(luck.seed), np.uint64(member)) for member in luck.members]
    return np.array([combine(one, np.uint64(luck.step)) for one in run], dtype=np.uint64)


@njit(cache=True)
def draw_moves(
    counts: Array,
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    rate: Array,
    factor: Array,
    factor_of: Index,
    first: Index,
    days: float,
    keys: Keys,
    group_order: Index,
    group_key: Keys,
    compartment_key: Keys,
    move_key: Keys,
    stochastic: bool,
) -> None:
    """List the people who take each transition (competing exits, Euler-multinomial).

    Those who leave are drawn once, with chance 1 - exp(-sum of rates); then they are split among
    the exits in proportion to the rates.
    """
    weight = np.empty(len(move_key))
    for r in range(counts.shape[0]):
        n = 0
        for g in group_order:
            stream = combine(keys[r], group_key[g])
            for c in range(counts.shape[2]):
                here = counts[r, g, c]
                if here == 0.0:
                    continue
                begin, end = first[c], first[c + 1]
                total = 0.0
                for m in range(begin, end):
                    weight[m - begin] = rate[g, m] * factor[r, factor_of[m]]
                    total += weight[m - begin]
                if total <= 0.0:
                    continue
                chance = -math.expm1(-total * days)
                if not stochastic:
                    scale = here * chance / total
                    for m in range(begin, end):
                        if weight[m - begin] > 0.0:
                            group[r, n], move[r, n] = g, m
                            people[r, n] = weight[m - begin] * scale
                            n += 1
                    continue
                leaving = here
                if chance < 1.0:
                    leaving = binomial(here, chance, unit(combine(stream, compartment_key[c])))
                rest = total
                for m in range(begin, end):
                    if leaving == 0.0:
                        break
                    w = weight[m - begin]
                    if w == 0.0:
                        continue
                    if w >= rest * (1.0 - 1e-12):
                        share = leaving
                    else:
                        share = binomial(leaving, w / rest, unit(combine(stream, move_key[m])))
                    rest -= w
                    if share > 0.0:
                        group[r, n], move[r, n] = g, m
                        people[r, n] = share
                        leaving -= share
                        n += 1
        size[r] = n


@njit(cache=True)
def ration_moves(
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    limit_of: Index,
    limit_turn: Index,
    limit: Array,
    keys: Keys,
    limit_key: Keys,
    stochastic: bool,
) -> None:
    """Hold every limit; those held back stay where they were."""
    for r in range(limit.shape[0]):
        applicants = np.zeros(limit.shape[1])
        for i in range(size[r]):
            m = move[r, i]
            if limit_of[m] != NOWHERE:
                applicants[limit_of[m] + limit_turn[m] * group[r, i]] += people[r, i]
        for q in np.flatnonzero(applicants > np.floor(limit[r])):
            mine = sharers(group[r, : size[r]], move[r, : size[r]], limit_of, limit_turn, int(q))
            if stochastic:
                stream = combine(keys[r], limit_key[q])
                whole = math.floor(limit[r, q] + unit(stream))
                ration(people[r], mine, whole, unit(combine(stream, np.uint64(1))))
            elif applicants[q] > limit[r, q]:
                for i in mine:
                    people[r, i] *= limit[r, q] / applicants[q]


@njit(cache=True)
def sharers(group: Small, move: Small, limit_of: Index, limit_turn: Index, q: int) -> Index:
    """Moves that share a limit, in order."""
    count = 0
    found = np.empty(len(move), dtype=np.int64)
    for i in range(len(move)):
        m = move[i]
        if limit_of[m] != NOWHERE and limit_of[m] + limit_turn[m] * group[i] == q:
            found[count] = i
            count += 1
    return found[:count]


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
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    entered: Array,
    source: Index,
    target: Index,
    entry_group: Index,
    entry_target: Index,
) -> None:
    """Add the flows to the counts, in place."""
    for r in range(counts.shape[0]):
        for i in range(size[r]):
            g, m = group[r, i], move[r, i]
            counts[r, g, source[m]] -= people[r, i]
            if target[m] != NOWHERE:
                counts[r, g, target[m]] += people[r, i]
        for e in range(len(entry_group)):
            counts[r, entry_group[e], entry_target[e]] += entered[r, e]
