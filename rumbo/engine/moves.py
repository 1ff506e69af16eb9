"""What happens to one member in a pass: draws, limits, room, and the adding up. Arrays only."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index, Keys, Small
from rumbo.engine.draws import binomial, combine, poisson, ration, unit
from rumbo.engine.rates import Room, Wiring
from rumbo.engine.space import NOWHERE, Frame

NOBODY = 1e-9
"""Fewer people than this do not start another pass: parts of people, where they are expected."""

FAINTEST = 1e-12
"""What a full place still weighs, so that people have somewhere to turn back from."""

ALL = 1.0 - 1e-12
"""A share this near to 1 is everybody: sums of rates come out a rounding error apart."""


class Made(NamedTuple):
    """Moves that happened, one after the other.

    Attributes
    ----------
    group, move
        Group and transition of each; shape (N,), of several members (R, N).
    people
        How many took it; of the same shape.
    """

    group: Small
    move: Small
    people: Array


@njit(cache=True, nogil=True)
def part(made: Made, begin: int, end: int) -> Made:
    """Return the moves ``begin:end`` of one member; they share its memory."""
    return Made(made.group[begin:end], made.move[begin:end], made.people[begin:end])


@njit(cache=True, nogil=True)
def count_present(counts: Array, place: Index, present: Array) -> None:
    """Count the people at each place, where anything depends on it."""
    present[:] = 0.0
    for g in range(counts.shape[0]):
        for c in range(counts.shape[1] if len(present) else 0):
            if place[c] != NOWHERE:
                present[place[c]] += counts[g, c]


@njit(cache=True, nogil=True)
def enter(present: Array, place: int, people: float) -> None:
    """Add people to those present at a place."""
    if len(present) and place != NOWHERE:
        present[place] += people


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def set_rooms(factor: Array, present: Array, room: Room, wiring: Wiring) -> None:
    """Set the last factors: how the room left at a place weighs on going there, or turning back.

    From ``near`` to ``full`` people the room falls from 1 to 0. Where ``turns``, those who find
    less than half of it left turn back.
    """
    begin = factor.shape[1] - len(wiring.room_place)
    for k in range(len(wiring.room_place)):
        p = wiring.room_place[k]
        left = 1.0
        if present[p] >= room.full[p]:
            left = 0.0
        elif present[p] > room.near[p]:
            left = (room.full[p] - present[p]) / (room.full[p] - room.near[p])
        back = room.turns[p] and left < 0.5
        weight = max(left**room.power, FAINTEST) if left < 1.0 else 1.0
        factor[:, begin + k] = weight if back == wiring.room_back[k] else 0.0


@njit(cache=True, nogil=True)
def merge(made: Made, begin: int, end: int, seen: Index, moves: int) -> int:
    """Add moves ``begin:end`` to those listed before where they are there already."""
    size = begin
    for i in range(begin, end):
        cell = made.group[i] * moves + made.move[i]
        if seen[cell] == NOWHERE:
            seen[cell] = size
            made.group[size], made.move[size] = made.group[i], made.move[i]
            made.people[size] = made.people[i]
            size += 1
        else:
            made.people[seen[cell]] += made.people[i]
    return size


@njit(cache=True, nogil=True)
def draw_moves(
    counts: Array,
    where: Index,
    made: Made,
    n: int,
    rate: Array,
    factor: Array,
    pace: Array,
    frame: Frame,
    wiring: Wiring,
    days: float,
    key: np.uint64,
    weight: Array,
) -> int:
    """List, after the first ``n``, the people of one member who take each transition.

    Competing exits (Euler-multinomial): those who leave are drawn once, with chance
    1 - exp(-sum of rates); then they are split among the exits in proportion to the rates.
    """
    paced = pace.shape[1] > 1
    for g in frame.group_order:
        stream, own = combine(key, frame.group_key[g]), factor[wiring.factor_row[g]]
        for c in where:
            here = counts[g, c]
            if here == 0.0:
                continue
            begin, end = frame.first[c], frame.first[c + 1]
            total = 0.0
            for m in range(begin, end):
                w = rate[g, m] * own[wiring.factor_of[m]]
                if paced:
                    w *= pace[g, wiring.pace_of[m]]
                weight[m - begin] = w
                total += w
            if total <= 0.0:
                continue
            chance = -math.expm1(-total * days)
            leaving = here
            if chance < 1.0:
                leaving = binomial(here, chance, unit(combine(stream, frame.compartment_key[c])))
            rest = total
            for m in range(begin, end):
                if leaving == 0.0:
                    break
                w = weight[m - begin]
                if w == 0.0:
                    continue
                if w >= rest * ALL:
                    share = leaving
                else:
                    u = unit(combine(stream, frame.move_key[m]))
                    share = binomial(leaving, w / rest, u)
                rest -= w
                if share > 0.0:
                    made.group[n], made.move[n] = g, m
                    made.people[n] = share
                    leaving -= share
                    n += 1
    return n


@njit(cache=True, nogil=True)
def ration_moves(
    made: Made,
    wiring: Wiring,
    limit: Array,
    used: Array,
    key: np.uint64,
    turn: int,
) -> None:
    """Hold every limit of the step, less what earlier passes used; the others stay behind."""
    if len(limit) == 0:
        return
    applicants = np.zeros(len(limit))
    for i in range(len(made.move)):
        q = limit_of(made, wiring, i)
        if q != NOWHERE:
            applicants[q] += made.people[i]
    for over in np.flatnonzero(applicants > np.floor(limit) - used):
        q = int(over)
        mine = sharers(made, wiring, q)
        stream = combine(key, wiring.limit_key[q])
        left = max(math.floor(limit[q] + unit(stream)) - used[q], 0.0)
        ration(made.people, mine, left, unit(combine(stream, np.uint64(turn))))
        applicants[q] = min(applicants[q], left)
    used += applicants


@njit(cache=True, nogil=True)
def limit_of(made: Made, wiring: Wiring, i: int) -> int:
    """Limit that a move has a share of, or `NOWHERE`."""
    m = made.move[i]
    if wiring.limit_of[m] == NOWHERE:
        return NOWHERE
    return int(wiring.limit_of[m] + wiring.limit_turn[m] * made.group[i])


@njit(cache=True, nogil=True)
def sharers(made: Made, wiring: Wiring, q: int) -> Index:
    """Moves that share a limit, in order."""
    count = 0
    rows = np.empty(len(made.move), dtype=np.int64)
    for i in range(len(made.move)):
        if limit_of(made, wiring, i) == q:
            rows[count] = i
            count += 1
    return rows[:count]


@njit(cache=True, nogil=True)
def draw_entries(entry: Array, pool: Index, keys: Keys, entry_key: Keys) -> Array:
    """People who enter from outside in the step, shape (R, E).

    Entries with the same ``pool`` share its total, which is a known whole number: they are drawn
    together (multinomial); the others on their own (Poisson).
    """
    entered = entry.copy()
    for r in range(entry.shape[0]):
        rest, people = pool_totals(entry[r], pool)
        for e in range(entry.shape[1]):
            u = unit(combine(keys[r], entry_key[e]))
            if pool[e] == NOWHERE:
                entered[r, e] = poisson(entry[r, e], u)
                continue
            share = people[pool[e]]
            if entry[r, e] < rest[pool[e]] * ALL:
                share = binomial(share, entry[r, e] / rest[pool[e]], u)
            rest[pool[e]] -= entry[r, e]
            people[pool[e]] -= share
            entered[r, e] = share
    return entered


@njit(cache=True, nogil=True)
def pool_totals(entry: Array, pool: Index) -> tuple[Array, Array]:
    """Sum of each pool, and the whole number of people in it."""
    total = np.zeros(pool.max() + 1 if len(pool) else 0)
    for e in range(len(pool)):
        if pool[e] != NOWHERE:
            total[pool[e]] += entry[e]
    return total, np.floor(total + 0.5)


@njit(cache=True, nogil=True)
def apply_flows(counts: Array, present: Array, made: Made, frame: Frame) -> None:
    """Add the flows of one member to its counts (G, C) and to those present, in place."""
    for i in range(len(made.move)):
        g, m, people = made.group[i], made.move[i], made.people[i]
        source, target = frame.source[m], frame.target[m]
        counts[g, source] -= people
        enter(present, frame.place[source], -people)
        if target != NOWHERE:
            counts[g, target] += people
            enter(present, frame.place[target], people)
