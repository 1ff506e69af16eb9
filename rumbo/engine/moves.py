"""What happens to one member in a pass: draws, limits, room, and the adding up. Arrays only."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.engine.draws import Keys, binomial, combine, poisson, ration, unit
from rumbo.engine.rates import Array
from rumbo.engine.space import NOWHERE, Index

Small = NDArray[np.int32]
Flags = NDArray[np.bool_]

NOBODY = 1e-9
"""Fewer expected people than this do not start another pass."""

FAINTEST = 1e-12
"""What a full place still weighs, so that people have somewhere to turn back from."""


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
    begin = factor.shape[1] - len(room_place)
    for k in range(len(room_place)):
        p = room_place[k]
        left = 1.0
        if present[p] >= full[p]:
            left = 0.0
        elif present[p] > near[p]:
            left = (full[p] - present[p]) / (full[p] - near[p])
        back = turns[p] and left < 0.5
        weight = max(left**power, FAINTEST) if left < 1.0 else 1.0
        factor[:, begin + k] = weight if back == room_back[k] else 0.0


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
    factor_row: Index,
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
        stream, own = combine(key, group_key[g]), factor[factor_row[g]]
        for c in where:
            here = counts[g, c]
            if here == 0.0:
                continue
            begin, end = first[c], first[c + 1]
            total = 0.0
            for m in range(begin, end):
                weight[m - begin] = rate[g, m] * own[factor_of[m]]
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
