"""How expected people lie in memory: in lanes, so that one instruction moves several.

Drawn people are whole and in few cells, so that draws go through occupied cells one by one.
Expected people are everywhere a little, and every cell takes the same arithmetic: blocks of lanes,
``(A, X, B)`` for A blocks of B lanes, where X are compartments, transitions, places or rows.

Lanes are members, in a block for each group, where there are many members; else groups, in a block
for each member. Every sum over groups is taken in the order of the groups, so that both ways give
the same bytes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.rates import Wiring
from rumbo.engine.space import NOWHERE, Frame

MANY = 6
"""Members from which lanes are members: from here on a member-day is cheaper so, as measured."""


TOGETHER = 16
"""Lanes that a processor's loop goes through at once; what is left over it takes one by one."""


class Lay(NamedTuple):
    """Which way blocks and lanes lie.

    Attributes
    ----------
    members, groups
        Numbers of members R and groups G.
    across
        Whether lanes are members rather than groups.
    bits
        Of a number, 64 or 32.
    """

    members: int
    groups: int
    across: bool
    bits: int = 64

    @property
    def blocks(self) -> int:
        """Number of blocks A."""
        return self.groups if self.across else self.members

    @property
    def lanes(self) -> int:
        """Number of lanes B: some that nobody is in fill a loop up, where they are few."""
        needed = self.members if self.across else self.groups
        filled = -(-needed // TOGETHER) * TOGETHER
        return filled if filled <= needed * 9 / 8 else needed

    def zeros(self, size: int) -> Array:
        """Return room for something in every lane; shape (A, size, B)."""
        return np.zeros((self.blocks, size, self.lanes), dtype=f"f{self.bits // 8}")

    def shared(self, size: int) -> Array:
        """Return room for what all groups of a member share; shape (1, size, B) or (R, size, 1)."""
        shape = (1, size, self.lanes) if self.across else (self.members, size, 1)
        return np.zeros(shape, dtype=f"f{self.bits // 8}")

    def filled(self, values: Array) -> Array:
        """Fill up the last axis of an array to the number of lanes."""
        room = np.zeros((*values.shape[:-1], self.lanes), dtype=f"f{self.bits // 8}")
        room[..., : values.shape[-1]] = values
        return room

    def laid(self, values: Array) -> Array:
        """Lay out (R, G, X) in lanes: (A, X, B)."""
        return self.filled(values.transpose((1, 2, 0) if self.across else (0, 2, 1)))

    def view(self, values: Array) -> Array:
        """Turn (A, X, B) into (R, X, G); no memory is moved."""
        if self.across:
            return values[:, :, : self.members].transpose(2, 1, 0)
        return values[:, :, : self.groups]


class Exits(NamedTuple):
    """What the expected kernel has to know of exits.

    Those of a compartment that share a limit are cut alike, and those of one pace go faster or
    slower alike. So they have a row of leavers of their own, which follow those of the
    compartments: N rows in all. Then a pace that changes daily leaves weights as they are.

    Attributes
    ----------
    target
        Compartment that each leads to; those who leave the corridor go to one more, C; (M,).
    row
        Row of leavers that each takes its part of; shape (M,).
    slot
        Which of the step's scales bears on each, or `NOWHERE`; shape (M,).
    own
        Number among exits with a slot, or `NOWHERE`; shape (M,).
    told
        Place at which the flow is told step by step, or `NOWHERE`; shape (M,).
    plain
        Whether the flow of each is asked for only once weights change; shape (M,).
    other
        The others.
    changing, early
        Compartments that an exit with a slot leads out of, and those of them that an exit with a
        part in a limit leads out of too.
    apart, pool, pace
        Compartment, limit with groups taken together or `NOWHERE`, and number of the pace or 0, of
        each row behind those of compartments; shape (N - C,).
    first
        Rows ``first[c]:first[c + 1]`` of those are of compartment ``c``; shape (C + 1,).
    paced
        Compartments that an exit with a pace leads out of, but for those in ``changing``.
    both
        Exits that share a limit and have a slot.
    pool_limit, pool_turn
        Of each pool, the first limit and whether each group has its own.
    """

    target: Index
    row: Index
    slot: Index
    own: Index
    told: Index
    plain: Flags
    other: Index
    changing: Index
    early: Index
    apart: Index
    pool: Index
    pace: Index
    first: Index
    paced: Index
    both: Index
    pool_limit: Index
    pool_turn: Index


def exits_of(wiring: Wiring, frame: Frame, slot_of: Index, told: Index) -> Exits:
    """Sort exits by what bears on them.

    Flows of an exit whose weight stays the same are proportional to the leavers of its row: those
    are summed instead. The others are summed on their own.

    Parameters
    ----------
    wiring, frame
        The structure.
    slot_of
        Which of the step's scales bears on a factor, or `NOWHERE`; shape (F,).
    told
        As in `Exits`.
    """
    slot, sharing = slot_of[wiring.factor_of], np.flatnonzero(wiring.limit_of != NOWHERE)
    limit, where, pool = np.unique(wiring.limit_of[sharing], return_index=True, return_inverse=True)
    cells, changing = len(frame.place), np.unique(frame.source[slot != NOWHERE])
    row, (apart, pools, pace) = rows_apart(wiring, frame, pool)
    other = (slot != NOWHERE) | (told != NOWHERE)
    if len(wiring.hop):  # who came in a pass is told of every exit
        other[:] = True
    return Exits(
        target=np.where(frame.target == NOWHERE, cells, frame.target),
        row=row,
        slot=slot,
        own=numbered(slot != NOWHERE),
        told=told,
        plain=~other,
        other=np.flatnonzero(other),
        changing=changing,
        early=np.intersect1d(frame.source[slot != NOWHERE], frame.source[sharing]),
        apart=apart,
        pool=pools,
        pace=pace,
        first=np.searchsorted(apart, np.arange(cells + 1)).astype(np.int64),
        paced=np.setdiff1d(apart[pace > 0], changing),
        both=sharing[slot[sharing] != NOWHERE],
        pool_limit=limit.astype(np.int64),
        pool_turn=wiring.limit_turn[sharing][where],
    )


def rows_apart(wiring: Wiring, frame: Frame, pool: Index) -> tuple[Index, list[Index]]:
    """Give exits with a limit or a pace rows of leavers of their own.

    Parameters
    ----------
    wiring, frame
        The structure.
    pool
        Number of the limit of each exit that has one, in order.

    Returns
    -------
    tuple
        Row of each exit, shape (M,); compartment, limit and pace of the rows apart, in order.
    """
    limited = wiring.limit_of != NOWHERE
    pools, pace = np.full(len(limited), NOWHERE), np.zeros(len(limited), dtype=np.int64)
    pools[limited], pace[: len(wiring.pace_of)] = pool, wiring.pace_of
    apart = np.flatnonzero(limited | (pace > 0))
    keys = np.stack([frame.source, pools, pace])[:, apart]
    rows, number = np.unique(keys, axis=1, return_inverse=True)
    row = frame.source.copy()
    row[apart] = len(frame.place) + number.reshape(-1)
    return row, [one.copy() for one in rows]


def numbered(chosen: Flags) -> Index:
    """Number what is chosen from 0; `NOWHERE` for the rest."""
    return np.where(chosen, np.cumsum(chosen) - 1, NOWHERE).astype(np.int64)


def slots(families: Sequence[slice], size: int, rooms: int) -> Index:
    """Number the factors that change from step to step: those of families, then of rooms; (F,)."""
    slot = np.full(size, NOWHERE, dtype=np.int64)
    at = 0
    for family in [*families, slice(size - rooms, size)]:
        many = family.stop - family.start
        slot[family] = np.arange(at, at + many)
        at += many
    return slot


@njit(cache=True, nogil=True)
def over_groups(values: Array, lay: Lay) -> Array:
    """Sum over groups in their order: (A, X, B) to (R, X)."""
    total = np.zeros((lay.members, values.shape[1]))
    for a in range(values.shape[0]):
        for x in range(values.shape[1]):
            if lay.across:
                for b in range(lay.members):
                    total[b, x] += values[a, x, b]
            else:
                for b in range(lay.groups):
                    total[a, x] += values[a, x, b]
    return total


@njit(cache=True, nogil=True)
def gather(values: Array, place: Index, size: int) -> Array:
    """Sum over compartments at a place, lane by lane: (A, C, B) to (A, size, B)."""
    total = np.zeros((values.shape[0], size, values.shape[2]), dtype=values.dtype)
    for a in range(values.shape[0]):
        for c in range(len(place)):
            if place[c] != NOWHERE:
                for b in range(values.shape[2]):
                    total[a, place[c], b] += values[a, c, b]
    return total


@njit(cache=True, nogil=True)
def enter(values: Array, entered: Array, group: Index, target: Index, across: bool) -> None:
    """Add people from outside (R, E) to the cells (A, C, B) that they come into, in place."""
    for e in range(len(group)):
        for r in range(len(entered)):
            if across:
                values[group[e], target[e], r] += entered[r, e]
            else:
                values[r, target[e], group[e]] += entered[r, e]
