"""The engine: draws, rations and moves counts of people. It knows arrays, never rules or labels.

``stochastic`` draws whole persons; ``expected`` does the same arithmetic without drawing.

A step has one pass over all compartments. Compartments that people only pass through (`hop`) are
then drawn again and again within the step, until nobody is in them: that is how people take several
moves in a day within what a day's travel allows.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.draws import Keys, binomial, combine, key, poisson, ration, unit
from rumbo.rates import Array, Rates, Wiring
from rumbo.space import NOWHERE, Index, Space

Small = NDArray[np.int32]
Flags = NDArray[np.bool_]

MOST_PASSES = 16
"""Passes within a step; who is under way after so many goes on in the next step."""

NOBODY = 1e-9
"""Fewer expected people than this do not start another pass."""

FAINTEST = 1e-12
"""What a full place still weighs, so that people have somewhere to turn back from."""

PASS = key("pass")
"""Names the random streams of passes."""


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
    group, move, people, size = room(len(counts), shape, passes=len(wiring.hop) > 0)
    entered = draw_entries(
        rates.entry * days, wiring.entry_pool, keys, wiring.entry_key, luck.stochastic
    )
    after = counts.copy()
    move_people(
        after, group, move, people, size, entered, rates.rate, rates.factor, rates.limit * days,
        rates.room.near, rates.room.full, rates.room.turns, rates.room.power,
        wiring.factor_of, wiring.room_place, wiring.room_back, wiring.hop,
        wiring.limit_of, wiring.limit_turn, wiring.limit_key, wiring.entry_group,
        wiring.entry_target, space.first, space.source, space.target, space.place, days, keys,
        space.group_order, space.group_key, space.compartment_key, space.move_key,
        luck.stochastic,
    )  # fmt: skip
    return after, Flows(group, move, people, size, entered, shape)


def room(
    members: int, shape: tuple[int, int], *, passes: bool = False
) -> tuple[Small, Small, Array, Index]:
    """Return room for the moves of a step: group, move and people, each (R, N), and size (R,)."""
    cells = (members, (2 if passes else 1) * shape[0] * shape[1])
    group, move = np.empty(cells, dtype=np.int32), np.empty(cells, dtype=np.int32)
    return group, move, np.empty(cells), np.zeros(members, dtype=np.int64)


def stream_keys(luck: Luck) -> Keys:
    """Key of this step's streams for each member, shape (R,)."""
    run = [combine(np.uint64(luck.seed), np.uint64(member)) for member in luck.members]
    return np.array([combine(one, np.uint64(luck.step)) for one in run], dtype=np.uint64)


@njit(cache=True)
def move_people(
    counts: Array,
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    entered: Array,
    rate: Array,
    factor: Array,
    limit: Array,
    near: Array,
    full: Array,
    turns: Flags,
    power: float,
    factor_of: Index,
    room_place: Index,
    room_back: Flags,
    hop: Flags,
    limit_of: Index,
    limit_turn: Index,
    limit_key: Keys,
    entry_group: Index,
    entry_target: Index,
    first: Index,
    source: Index,
    target: Index,
    place: Index,
    days: float,
    keys: Keys,
    group_order: Index,
    group_key: Keys,
    compartment_key: Keys,
    move_key: Keys,
    stochastic: bool,
) -> None:
    """Draw, ration and apply the moves of a step for every member, pass by pass, in place."""
    everywhere = np.arange(counts.shape[2])
    weight = np.empty(np.diff(first).max())
    used = np.zeros(limit.shape[1])
    present = np.zeros(len(full))
    seen = np.full(len(hop) and counts.shape[1] * len(move_key), NOWHERE)
    reached, waiting = np.zeros(len(hop), dtype=np.bool_), np.empty(len(hop), dtype=np.int64)
    for r in range(counts.shape[0]):
        used[:] = 0.0
        count_present(counts[r], place, present)
        under_way, done, stream = everywhere, 0, keys[r]
        for turn in range(MOST_PASSES):
            set_rooms(factor[r], present, near, full, turns, power, room_place, room_back)
            n = draw_moves(
                counts[r], under_way, group[r], move[r], people[r], done, rate, factor[r],
                factor_of, first, days, stream, group_order, group_key, compartment_key, move_key,
                weight, stochastic,
            )  # fmt: skip
            ration_moves(
                group[r, done:n], move[r, done:n], people[r, done:n], limit_of, limit_turn,
                limit[r], used, keys[r], limit_key, turn + 1, stochastic,
            )  # fmt: skip
            apply_flows(
                counts[r], present, group[r, done:n], move[r, done:n], people[r, done:n], source,
                target, place,
            )  # fmt: skip
            if turn == 0:
                for e in range(len(entry_group)):
                    counts[r, entry_group[e], entry_target[e]] += entered[r, e]
                    enter(present, place[entry_target[e]], entered[r, e])
            if len(hop) == 0:
                done = n
                break
            at = 0
            for i in range(done, n):
                at = reach(target[move[r, i]], counts[r], hop, reached, waiting, at)
            for e in range(len(entry_group) if turn == 0 else 0):
                at = reach(entry_target[e], counts[r], hop, reached, waiting, at)
            reached[waiting[:at]] = False
            waiting[:at].sort()
            under_way, stream = waiting[:at], combine(keys[r], PASS + np.uint64(turn + 1))
            done = merge(group[r], move[r], people[r], done, n, seen, len(move_key))
            if at == 0:
                break
        size[r] = done
        for i in range(done if len(hop) else 0):
            seen[group[r, i] * len(move_key) + move[r, i]] = NOWHERE


@njit(cache=True)
def count_present(counts: Array, place: Index, present: Array) -> None:
    """Count the people at each place, where anything depends on it."""
    present[:] = 0.0
    for g in range(counts.shape[0]):
        for c in range(counts.shape[1] if len(present) else 0):
            if place[c] != NOWHERE:
                present[place[c]] += counts[g, c]


@njit(cache=True)
def enter(present: Array, place: int, people: float) -> None:
    """Add people to those present at a place."""
    if len(present) and place != NOWHERE:
        present[place] += people


@njit(cache=True)
def reach(c: int, counts: Array, hop: Flags, reached: Flags, waiting: Index, at: int) -> int:
    """List a compartment for the next pass if people only pass through it and are in it."""
    if c == NOWHERE or not hop[c] or reached[c]:
        return at
    people = 0.0
    for g in range(counts.shape[0]):
        people += counts[g, c]
    if people <= NOBODY:
        return at
    reached[c], waiting[at] = True, c
    return at + 1


@njit(cache=True)
def set_rooms(
    factor: Array,
    present: Array,
    near: Array,
    full: Array,
    turns: Flags,
    power: float,
    room_place: Index,
    room_back: Flags,
) -> None:
    """Set the last factors: how the room left at a place weighs on going there, or turning back.

    From ``near`` to ``full`` people the room falls from 1 to 0. Where ``turns``, those who find
    less than half of it left turn back.
    """
    begin = len(factor) - len(room_place)
    for k in range(len(room_place)):
        p = room_place[k]
        left = 1.0
        if present[p] >= full[p]:
            left = 0.0
        elif present[p] > near[p]:
            left = (full[p] - present[p]) / (full[p] - near[p])
        back = turns[p] and left < 0.5
        weight = max(left**power, FAINTEST) if left < 1.0 else 1.0
        factor[begin + k] = weight if back == room_back[k] else 0.0


@njit(cache=True)
def merge(
    group: Small,
    move: Small,
    people: Array,
    begin: int,
    end: int,
    seen: Index,
    moves: int,
) -> int:
    """Add moves ``begin:end`` to those listed before where they are there already."""
    kept = begin
    for i in range(begin, end):
        cell = group[i] * moves + move[i]
        if seen[cell] == NOWHERE:
            seen[cell] = kept
            group[kept], move[kept], people[kept] = group[i], move[i], people[i]
            kept += 1
        else:
            people[seen[cell]] += people[i]
    return kept


@njit(cache=True)
def draw_moves(
    counts: Array,
    where: Index,
    group: Small,
    move: Small,
    people: Array,
    n: int,
    rate: Array,
    factor: Array,
    factor_of: Index,
    first: Index,
    days: float,
    key: np.uint64,
    group_order: Index,
    group_key: Keys,
    compartment_key: Keys,
    move_key: Keys,
    weight: Array,
    stochastic: bool,
) -> int:
    """List, after the first ``n``, the people of one member who take each transition.

    Competing exits (Euler-multinomial): those who leave are drawn once, with chance
    1 - exp(-sum of rates); then they are split among the exits in proportion to the rates.
    """
    for g in group_order:
        stream = combine(key, group_key[g])
        for c in where:
            here = counts[g, c]
            if here == 0.0:
                continue
            begin, end = first[c], first[c + 1]
            total = 0.0
            for m in range(begin, end):
                weight[m - begin] = rate[g, m] * factor[factor_of[m]]
                total += weight[m - begin]
            if total <= 0.0:
                continue
            chance = -math.expm1(-total * days)
            if not stochastic:
                scale = here * chance / total
                for m in range(begin, end):
                    if weight[m - begin] > 0.0:
                        group[n], move[n] = g, m
                        people[n] = weight[m - begin] * scale
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
                    group[n], move[n] = g, m
                    people[n] = share
                    leaving -= share
                    n += 1
    return n


@njit(cache=True)
def ration_moves(
    group: Small,
    move: Small,
    people: Array,
    limit_of: Index,
    limit_turn: Index,
    limit: Array,
    used: Array,
    key: np.uint64,
    limit_key: Keys,
    turn: int,
    stochastic: bool,
) -> None:
    """Hold every limit of the step, less what earlier passes used; the others stay behind."""
    if len(limit) == 0:
        return
    applicants = np.zeros(len(limit))
    for i in range(len(move)):
        m = move[i]
        if limit_of[m] != NOWHERE:
            applicants[limit_of[m] + limit_turn[m] * group[i]] += people[i]
    for q in np.flatnonzero(applicants > np.floor(limit) - used):
        mine = sharers(group, move, limit_of, limit_turn, int(q))
        if stochastic:
            stream = combine(key, limit_key[q])
            left = max(math.floor(limit[q] + unit(stream)) - used[q], 0.0)
            ration(people, mine, left, unit(combine(stream, np.uint64(turn))))
        else:
            left = max(limit[q] - used[q], 0.0)
            if applicants[q] > left:
                for i in mine:
                    people[i] *= left / applicants[q]
        applicants[q] = min(applicants[q], left)
    used += applicants


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
def draw_entries(entry: Array, pool: Index, keys: Keys, entry_key: Keys, stochastic: bool) -> Array:
    """People who enter from outside in the step, shape (R, E).

    Entries with the same ``pool`` share its total, which is a known whole number: they are drawn
    together (multinomial); the others on their own (Poisson).
    """
    entered = entry.copy()
    if not stochastic:
        return entered
    for r in range(entry.shape[0]):
        rest, people = pool_totals(entry[r], pool)
        for e in range(entry.shape[1]):
            u = unit(combine(keys[r], entry_key[e]))
            if pool[e] == NOWHERE:
                entered[r, e] = poisson(entry[r, e], u)
                continue
            share = people[pool[e]]
            if entry[r, e] < rest[pool[e]] * (1.0 - 1e-12):
                share = binomial(share, entry[r, e] / rest[pool[e]], u)
            rest[pool[e]] -= entry[r, e]
            people[pool[e]] -= share
            entered[r, e] = share
    return entered


@njit(cache=True)
def pool_totals(entry: Array, pool: Index) -> tuple[Array, Array]:
    """Sum of each pool, and the whole number of people in it."""
    total = np.zeros(pool.max() + 1 if len(pool) else 0)
    for e in range(len(pool)):
        if pool[e] != NOWHERE:
            total[pool[e]] += entry[e]
    return total, np.floor(total + 0.5)


@njit(cache=True)
def apply_flows(
    counts: Array,
    present: Array,
    group: Small,
    move: Small,
    people: Array,
    source: Index,
    target: Index,
    place: Index,
) -> None:
    """Add the flows of one member to its counts (G, C) and to those present, in place."""
    for i in range(len(move)):
        g, m = group[i], move[i]
        counts[g, source[m]] -= people[i]
        enter(present, place[source[m]], -people[i])
        if target[m] != NOWHERE:
            counts[g, target[m]] += people[i]
            enter(present, place[target[m]], people[i])
