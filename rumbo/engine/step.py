"""The engine: draws, rations and moves counts of people. It knows arrays, never rules or labels.

``stochastic`` draws whole persons; ``expected`` does the same arithmetic without drawing.

A step has one pass over all compartments. Compartments that people only pass through (`hop`) are
then drawn again and again within the step, until nobody is in them: that is how people take several
moves in a day within what a day's travel allows.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.engine.draws import Keys, combine, key
from rumbo.engine.moves import (
    Flags,
    Small,
    apply_flows,
    count_present,
    draw_entries,
    draw_moves,
    enter,
    merge,
    ration_moves,
    reach,
    set_rooms,
)
from rumbo.engine.rates import Array, Rates, Wiring
from rumbo.engine.space import NOWHERE, Index, Space

MOST_PASSES = 16
"""Passes within a step; who is under way after so many goes on in the next step."""

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
        wiring.factor_of, wiring.factor_row, wiring.room_place, wiring.room_back, wiring.hop,
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
    factor_row: Index,
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
                factor_of, factor_row, first, days, stream, group_order, group_key,
                compartment_key, move_key, weight, stochastic,
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
