"""What happens to expected people in a pass: chances, limits, moving and adding up. Arrays only.

The same arithmetic as `rumbo.engine.moves`, with every draw at its mean. What went is not listed
move by move: where the weights of exits stay the same, flows are proportional to the people who
left, so sums of those are kept until weights change.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.chances import Work, add, rescale, reweigh, weigh
from rumbo.engine.lanes import Exits, Lay, enter, gather, over_groups
from rumbo.engine.moves import NOBODY, set_rooms
from rumbo.engine.rates import Room, Wiring
from rumbo.engine.space import NOWHERE, Frame
from rumbo.engine.step import MOST_PASSES
from rumbo.engine.weights import Weights


class Sums(NamedTuple):
    """What went since sums were last taken; blocks of lanes.

    Attributes
    ----------
    left
        By row of leavers, those of all passes; shape (A, N, B).
    own
        By exit with a slot, its flow.
    stayed
        By compartment, people there after each step.
    """

    left: Array
    own: Array
    stayed: Array


@njit(inline="always")
def keep(flow: Array, through: Flags, across: bool, a: int, c: int) -> None:
    """Let nobody go who is not ``through`` (R, C), unless that is empty."""
    for b in range(len(flow) if through.size else 0):
        r = b if across else a
        if r < len(through) and not through[r, c]:
            flow[b] = 0.0


@njit(cache=True, nogil=True)
def leave(
    a: int, cells: Index, through: Flags, share: Array, weights: Weights, exits: Exits, work: Work,
    left: Array,
) -> None:  # fmt: skip
    """Work out who of a block leaves compartments in a pass, and add it up.

    After the first pass only those do who came in the pass before: ``through`` (R, C), or empty.
    Through exits that share a limit go as many as it grants, through those with a pace so many
    times as many. Rows of compartments that nobody can be in, or that are not asked for, hold what
    another block or pass left there: nobody may read them.
    """
    people, chance, leaving, size = work.people, work.chance, work.leaving, work.chance.shape[1]
    for c in cells:
        if not weights.peopled[a, c]:
            continue
        for b in range(leaving.shape[1]):
            leaving[c, b] = people[a, c, b] * chance[a, c, b]
        keep(leaving[c], through, weights.lay.across, a, c)
        for b in range(leaving.shape[1]):
            left[a, c, b] += leaving[c, b]
        for n in range(exits.first[c], exits.first[c + 1]):
            pool, s = exits.pool[n], exits.pace[n]
            for b in range(leaving.shape[1]):
                leaving[size + n, b] = leaving[c, b] * work.pace[a, s, b]
            for b in range(leaving.shape[1] if pool != NOWHERE else 0):
                leaving[size + n, b] *= share[a, pool, b]
            for b in range(leaving.shape[1]):
                left[a, size + n, b] += leaving[size + n, b]


@njit(cache=True, nogil=True)
def ask(
    asked: Array, through: Flags, weights: Weights, exits: Exits, frame: Frame, work: Work
) -> None:
    """Add up what is asked of each limit; (A, pools, B)."""
    people, chance, steady, size = work.people, work.chance, work.steady, work.chance.shape[1]
    rate, factor, across, flow = (
        weights.rate, weights.factor, weights.lay.across, np.empty_like(people[0, 0]),
    )  # fmt: skip
    for a in range(len(asked)):
        i, k = weights.rate_row[a], weights.factor_row[a]
        for n in range(len(exits.apart)):
            if exits.pool[n] == NOWHERE:
                continue
            c, s = exits.apart[n], exits.pace[n]
            for b in range(len(flow)):
                flow[b] = steady[a, size + n, b] * chance[a, c, b] * people[a, c, b]
                flow[b] *= work.pace[a, s, b]
            keep(flow, through, across, a, c)
            add(asked, flow, a, exits.pool[n])
        for m in exits.both:
            c, s = frame.source[m], exits.pace[exits.row[m] - size]
            if weights.live[i, m]:
                weigh(flow, rate, factor, across, i, m, k, weights.factor_of[m])
                rescale(flow, work.scale, across, a, exits.slot[m])
                for b in range(len(flow)):
                    flow[b] *= chance[a, c, b] * people[a, c, b] * work.pace[a, s, b]
                keep(flow, through, across, a, c)
                add(asked, flow, a, exits.pool[exits.row[m] - size])


@njit(cache=True, nogil=True)
def share_out(asked: Array, exits: Exits, limit: Array, used: Array, lay: Lay) -> None:
    """Turn what was asked of limits (A, pools, B) into the share granted, in place.

    Everybody who shares a limit (R, Q) is cut alike, less what earlier passes used.
    """
    members, groups, across = lay.members, lay.groups, lay.across
    for p in range(len(exits.pool_limit)):
        turn = exits.pool_turn[p]
        for r in range(members):
            for h in range(groups if turn else 1):
                q = exits.pool_limit[p] + h
                total = 0.0
                for g in range(h if turn else 0, h + 1 if turn else groups):
                    total += asked[g, p, r] if across else asked[r, p, g]
                left, share = max(limit[r, q] - used[r, q], 0.0), 1.0
                if total > left:
                    share, total = left / total, left
                used[r, q] += total
                for g in range(h if turn else 0, h + 1 if turn else groups):
                    if across:
                        asked[g, p, r] = share
                    else:
                        asked[r, p, g] = share


@njit(cache=True, nogil=True)
def spread(a: int, cells: Index, weights: Weights, exits: Exits, frame: Frame, work: Work) -> None:
    """Move a block's people through the plain exits.

    Loops are written out: what they share is short, and lanes must go together. Where an exit has
    the row of leavers and the factor of the one before, their product is not worked out again.
    """
    rate, factor, across, factor_of = (
        weights.rate,
        weights.factor,
        weights.lay.across,
        weights.factor_of,
    )
    people, leaving, plain, target, row = (
        work.people, work.leaving, weights.plain, exits.target, exits.row,
    )  # fmt: skip
    i, k, gone = weights.rate_row[a], weights.factor_row[a], np.empty_like(people[0, 0])
    given = np.empty_like(gone)
    for c in cells:
        if not weights.peopled[a, c]:
            continue
        for b in range(len(gone)):
            gone[b] = 0.0
        before = NOWHERE, NOWHERE
        for m in range(frame.first[c], frame.first[c + 1]):
            if not plain[i, m]:
                continue
            one, f, t, n = rate[i, m, 0], factor_of[m], target[m], row[m]
            if before != (n, f):
                before = n, f
                for b in range(len(gone)):
                    given[b] = factor[k, f, b] * leaving[n, b]
            if across:
                for b in range(len(gone)):
                    flow = one * given[b]
                    gone[b] += flow
                    people[a, t, b] += flow
            else:
                for b in range(len(gone)):
                    flow = rate[i, m, b] * given[b]
                    gone[b] += flow
                    people[a, t, b] += flow
        for b in range(len(gone)):
            people[a, c, b] -= gone[b]


@njit(cache=True, nogil=True)
def spread_others(
    a: int, open_: Flags, weights: Weights, exits: Exits, frame: Frame, work: Work, sums: Sums
) -> None:
    """Move a block's people through the other exits, and add up what went."""
    rate, factor, across, scaled = weights.rate, weights.factor, weights.lay.across, work.scaled
    people, leaving, came, told, own = work.people, work.leaving, work.came, work.told, sums.own
    i, k, flow = weights.rate_row[a], weights.factor_row[a], np.empty_like(people[0, 0])
    hops = came.shape[1] > 0
    for m in exits.other:
        c, t, n, row = frame.source[m], exits.target[m], exits.own[m], exits.row[m]
        if not (open_[c] and weights.live[i, m] and weights.peopled[a, c]):
            continue
        if n == NOWHERE:
            weigh(flow, rate, factor, across, i, m, k, weights.factor_of[m])
            for b in range(len(flow)):
                flow[b] *= leaving[row, b]
        else:
            for b in range(len(flow)):
                flow[b] = scaled[n, b] * leaving[row, b]
            add(own, flow, a, n)
        for b in range(len(flow)):
            people[a, c, b] -= flow[b]
        add(people, flow, a, t)
        add(told, flow, a, exits.told[m])
        if hops:
            add(came, flow, a, t)


@njit(cache=True, nogil=True)
def set_scales(
    daily: Array, room: Room, wiring: Wiring, frame: Frame, lay: Lay, work: Work
) -> None:
    """Set what bears on weights in this pass."""
    members, families = daily.shape
    rooms = len(wiring.room_place)
    left = np.empty((members, rooms))
    if rooms:
        present = over_groups(gather(work.people, frame.place, len(room.full)), lay)
        for r in range(members):
            set_rooms(left[r : r + 1], present[r], room, wiring)
    for r in range(members):
        for d in range(families + rooms):
            row, lane = (0, r) if lay.across else (r, 0)
            work.scale[row, d, lane] = daily[r, d] if d < families else left[r, d - families]


@njit(cache=True, nogil=True)
def reached(hop: Flags, lay: Lay, work: Work) -> Flags:
    """Compartments that people of a member pass through and came to in the pass; (R, C)."""
    there, came = over_groups(work.people, lay), over_groups(work.came, lay)
    through = np.zeros((len(there), len(hop)), dtype=np.bool_)
    for r in range(there.shape[0]):
        for c in range(len(hop)):
            through[r, c] = hop[c] and there[r, c] > NOBODY and came[r, c] > 0.0
    return through


@njit(cache=True, nogil=True)
def stay(stayed: Array, people: Array, peopled: Flags) -> None:
    """Add up the people there after a step, where anybody can be."""
    for a in range(stayed.shape[0]):
        for c in np.flatnonzero(peopled[a]):
            for b in range(stayed.shape[2]):
                stayed[a, c, b] += people[a, c, b]


@njit(cache=True, nogil=True)
def pass_by_pass(
    daily: Array,
    entered: Array,
    limit: Array,
    room: Room,
    wiring: Wiring,
    weights: Weights,
    exits: Exits,
    frame: Frame,
    days: float,
    work: Work,
    sums: Sums,
) -> Array:
    """Move people for one step, in place; flows told by place (R, P).

    Parameters are those of `rumbo.engine.expected.Expected.step` and what it holds.
    """
    lay, used = weights.lay, np.zeros(limit.shape)
    across = lay.across
    blocks, size, lanes = work.chance.shape
    share = np.empty((blocks, len(exits.pool_limit), lanes), dtype=work.people.dtype)
    work.told[:] = 0.0
    cells, open_ = np.arange(size), np.ones(size, dtype=np.bool_)
    through = np.zeros((0, 0), dtype=np.bool_)
    for turn in range(MOST_PASSES):
        set_scales(daily, room, wiring, frame, lay, work)
        for a in range(blocks if len(exits.early) else 0):
            reweigh(a, exits.early, open_, weights, exits, frame, days, work)
        share[:] = 0.0
        ask(share, through, weights, exits, frame, work)
        share_out(share, exits, limit, used, lay)
        work.came[:] = 0.0
        for a in range(blocks):  # block by block: one fits into a cache
            reweigh(a, exits.changing, open_, weights, exits, frame, days, work)
            leave(a, cells, through, share, weights, exits, work, sums.left)
            spread(a, cells, weights, exits, frame, work)
            spread_others(a, open_, weights, exits, frame, work, sums)
        if turn == 0:
            enter(work.people, entered, wiring.entry_group, wiring.entry_target, across)
        if len(wiring.hop) == 0:
            break
        if turn == 0:
            enter(work.came, entered, wiring.entry_group, wiring.entry_target, across)
        through = reached(wiring.hop, lay, work)
        for c in range(size):
            open_[c] = through[:, c].any()
        cells = np.flatnonzero(open_)
        if len(cells) == 0:
            break
    stay(sums.stayed, work.people, weights.peopled)
    return over_groups(work.told, lay)


@njit(cache=True, nogil=True)
def add_moves(
    total: Array, weights: Weights, exits: Exits, frame: Frame, sums: Sums, first: Index, row: Index
) -> None:
    """Add the flows since sums were last taken to the rows (A, rows, B) that count them."""
    rate, factor, across = weights.rate, weights.factor, weights.lay.across
    left, own, flow = sums.left, sums.own, np.empty(total.shape[2])
    for a in range(total.shape[0]):
        i, k = weights.rate_row[a], weights.factor_row[a]
        for m in range(len(exits.row)):
            counted = first[m] < first[m + 1] and weights.live[i, m]
            if not (counted and weights.peopled[a, frame.source[m]]):
                continue
            if exits.own[m] == NOWHERE:
                weigh(flow, rate, factor, across, i, m, k, weights.factor_of[m])
                for b in range(len(flow)):
                    flow[b] *= left[a, exits.row[m], b]
            else:
                for b in range(len(flow)):
                    flow[b] = own[a, exits.own[m], b]
            for j in range(first[m], first[m + 1]):
                add(total, flow, a, row[j])


@njit(cache=True, nogil=True)
def add_stays(total: Array, sums: Sums, first: Index, row: Index) -> None:
    """Add the people there after each step to the rows (A, rows, B) that count them."""
    for a in range(total.shape[0]):
        for c in range(sums.stayed.shape[1]):
            for j in range(first[c], first[c + 1]):
                for b in range(total.shape[2]):
                    total[a, row[j], b] += sums.stayed[a, c, b]
