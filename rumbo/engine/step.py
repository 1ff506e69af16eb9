"""The engine: draws, rations and moves counts of people. It knows arrays, never rules or labels.

Whole persons are drawn here; `rumbo.engine.expected` does the same arithmetic without drawing.

A step has one pass over all compartments. Compartments that people only pass through (`hop`) are
then drawn again and again within the step, until nobody is in them: that is how people take several
moves in a day within what a day's travel allows.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index, Keys, Small
from rumbo.engine.draws import combine, key
from rumbo.engine.moves import (
    Made,
    apply_flows,
    count_present,
    draw_entries,
    draw_moves,
    enter,
    merge,
    part,
    ration_moves,
    reach,
    set_rooms,
)
from rumbo.engine.rates import Rates, Wiring
from rumbo.engine.space import NOWHERE, Frame, Space

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
        Whether people are drawn; `step` always draws them, `rumbo.engine.expected` never does.
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
    counts: Array,
    rates: Rates,
    space: Space,
    wiring: Wiring,
    days: float,
    luck: Luck,
    made: Made | None = None,
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
    made
        A `move_list` to fill, whatever it held before: a loop over days need not ask the
        system for fresh memory each time. New memory if None.

    Returns
    -------
    tuple
        The counts after the step, and the flows whose sums they are.
    """
    keys = stream_keys(luck)
    made = made or move_list(len(counts), space, wiring)
    size = np.zeros(len(counts), dtype=np.int64)
    entered = draw_entries(rates.entry * days, wiring.entry_pool, keys, wiring.entry_key)
    after = counts.copy()
    today = rates._replace(limit=rates.limit * days)
    move_people(after, made, size, entered, today, space.frame, wiring, days, keys)
    return after, Flows(*made, size, entered, (counts.shape[1], len(space.moves)))


def move_list(members: int, space: Space, wiring: Wiring) -> Made:
    """Return room for the moves of a step; each array (R, N)."""
    passes = 2 if len(wiring.hop) else 1  # moves of a pass are listed behind those before
    cells = (members, passes * len(space.groups) * len(space.moves))
    group, move = np.empty(cells, dtype=np.int32), np.empty(cells, dtype=np.int32)
    return Made(group, move, np.empty(cells))


def stream_keys(luck: Luck) -> Keys:
    """Key of this step's streams for each member, shape (R,)."""
    run = [combine(np.uint64(luck.seed), np.uint64(member)) for member in luck.members]
    return np.array([combine(one, np.uint64(luck.step)) for one in run], dtype=np.uint64)


@njit(cache=True, nogil=True)
def _most(first: Index) -> int:
    """Return the largest step of an ascending row."""
    most = 0
    for n in range(1, len(first)):
        most = max(most, int(first[n] - first[n - 1]))
    return most


@njit(cache=True, nogil=True)
def move_people(
    counts: Array,
    made: Made,
    size: Index,
    entered: Array,
    rates: Rates,
    frame: Frame,
    wiring: Wiring,
    days: float,
    keys: Keys,
) -> None:
    """Draw, ration and apply the moves of a step for every member, pass by pass, in place."""
    everywhere = np.arange(counts.shape[2])
    weight = np.empty(_most(frame.first))
    used = np.zeros(rates.limit.shape[1])
    present = np.zeros(len(rates.room.full))
    hops, moves = len(wiring.hop), len(frame.move_key)
    seen = np.full(hops and counts.shape[1] * moves, NOWHERE)
    reached, waiting = np.zeros(hops, dtype=np.bool_), np.empty(hops, dtype=np.int64)
    for r in range(counts.shape[0]):
        mine = Made(made.group[r], made.move[r], made.people[r])
        used[:] = 0.0
        count_present(counts[r], frame.place, present)
        under_way, done, stream = everywhere, 0, keys[r]
        for turn in range(MOST_PASSES):
            set_rooms(rates.factor[r], present, rates.room, wiring)
            n = draw_moves(
                counts[r],
                under_way,
                mine,
                done,
                rates.rate,
                rates.factor[r],
                rates.pace[min(r, len(rates.pace) - 1)],
                frame,
                wiring,
                days,
                stream,
                weight,
            )
            taken = part(mine, done, n)
            ration_moves(taken, wiring, rates.limit[r], used, keys[r], turn + 1)
            apply_flows(counts[r], present, taken, frame)
            at = 0
            if turn == 0:
                for e in range(len(wiring.entry_group)):
                    counts[r, wiring.entry_group[e], wiring.entry_target[e]] += entered[r, e]
                    enter(present, frame.place[wiring.entry_target[e]], entered[r, e])
            if hops == 0:
                done = n
                break
            for i in range(done, n):
                at = reach(frame.target[mine.move[i]], counts[r], wiring.hop, reached, waiting, at)
            for e in range(len(wiring.entry_group) if turn == 0 else 0):
                at = reach(wiring.entry_target[e], counts[r], wiring.hop, reached, waiting, at)
            reached[waiting[:at]] = False
            waiting[:at].sort()
            under_way, stream = waiting[:at], combine(keys[r], PASS + np.uint64(turn + 1))
            done = merge(mine, done, n, seen, moves)
            if at == 0:
                break
        size[r] = done
        for i in range(done if hops else 0):
            seen[mine.group[i] * moves + mine.move[i]] = NOWHERE
