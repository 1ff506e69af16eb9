"""Expected people: the steps of `rumbo.engine.step` with every draw at its mean."""

import copy
from collections.abc import Sequence

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.chances import Work, repace, settle
from rumbo.engine.lanes import MANY, Lay, exits_of, gather, over_groups, slots
from rumbo.engine.rates import EVEN, Room, Wiring
from rumbo.engine.space import NOWHERE, Space
from rumbo.engine.spread import Sums, add_moves, add_stays, pass_by_pass
from rumbo.engine.weights import Weights, weights_of


class Expected:
    """Expected people of all members: where they are, and where they went.

    Parameters
    ----------
    space, wiring
        The structure.
    members
        Number of members R.
    days
        Length of a step in days.
    factors
        Number of factors F.
    daily
        Factors that `step` is told every time, family by family; those of rooms are worked out.
    told
        Place at which the flow of a transition is told every step, or `NOWHERE`; shape (M,).
    places
        Number of places P.
    bits
        Of a number, 64 or 32: half as many are enough where logs of sums are compared with figures.
    """

    def __init__(
        self,
        space: Space,
        wiring: Wiring,
        members: int,
        days: float,
        *,
        factors: int,
        daily: Sequence[slice],
        told: Index,
        places: int,
        bits: int = 64,
    ) -> None:
        self._space, self._wiring, self._days, self._places = space, wiring, days, places
        self.lay = lay = Lay(members, len(space.groups), members >= MANY, bits)
        slot_of = slots(daily, factors, len(wiring.room_place))
        self._exits = exits = exits_of(wiring, space.frame, slot_of, told)
        cells, own = len(space.compartments), int((exits.own != NOWHERE).sum())
        rows = cells + len(exits.apart)
        self._sums = Sums(lay.zeros(rows), lay.zeros(own), lay.zeros(cells))
        self._work = Work(
            people=lay.zeros(cells + 1),
            steady=lay.zeros(rows),
            chance=lay.zeros(cells),
            scaled=lay.zeros(own)[0],
            leaving=lay.zeros(rows)[0],
            told=lay.zeros(places),
            came=lay.zeros(cells + 1 if len(wiring.hop) else 0),
            scale=lay.shared(int(slot_of.max(initial=NOWHERE)) + 1),
            pace=lay.zeros(int(wiring.pace_of.max(initial=0)) + 1) + 1,
        )
        self._pace = EVEN
        self._given: tuple[Array, Array] | None = None
        self._weights: Weights | None = None

    def copy(self) -> "Expected":
        """Return an independent copy, to branch from."""
        other = copy.copy(self)
        other._sums = Sums(*(one.copy() for one in self._sums))
        other._work = Work(*(one.copy() for one in self._work))
        return other

    @property
    def held(self) -> int:
        """Bytes that a copy of it takes, beside weights, which copies share until they change."""
        return sum(one.nbytes for one in (*self._work, *self._sums))

    @property
    def people(self) -> Array:
        """People by member, group and compartment; shape (R, G, C)."""
        return self.lay.view(self._work.people[:, :-1]).transpose(0, 2, 1)

    def at(self, place: Index) -> Array:
        """People by place, given the place of each compartment or `NOWHERE`; shape (R, P)."""
        return over_groups(gather(self._work.people, place, self._places), self.lay)

    def weighs_alike(self, rate: Array, factor: Array) -> bool:
        """Whether rates (G, M) and factors (R, K, F) are those in use."""
        if self._given is None:
            return False
        mine = self._given
        return (mine[0] is rate or np.array_equal(mine[0], rate)) and np.array_equal(
            mine[1], factor
        )

    def weigh(self, rate: Array, factor: Array) -> None:
        """Use other rates (G, M) and factors (R, K, F); sums must have been taken before."""
        self._given = rate, factor
        frame, exits, work = self._space.frame, self._exits, self._work
        self._weights = weights_of(
            self.lay, rate, factor, self._wiring, frame, exits.plain, work.people
        )
        settle(self._weights, exits, frame, self._days, work)

    def go_at(self, pace: Array) -> None:
        """Use another pace (R or 1, G, 1 + S) from the next step on, or `EVEN`."""
        if pace is self._pace or np.array_equal(pace, self._pace):
            return
        self._pace, work = pace, self._work
        shape = self.lay.members, self.lay.groups, work.pace.shape[1]
        work.pace[:] = self.lay.laid(np.broadcast_to(pace, shape))
        repace(self._exits, self._days, work)

    def step(self, daily: Array, entered: Array, limit: Array, room: Room) -> Array:
        """Move people for one step.

        Parameters
        ----------
        daily
            What the factors of the daily families are multiplied by; shape (R, D).
        entered
            People who come from outside; shape (R, E).
        limit
            Persons who can pass each limit; shape (R, Q).
        room
            How full places may be.

        Returns
        -------
        numpy.ndarray
            Flows told by place, shape (R, P).
        """
        assert self._weights is not None
        return pass_by_pass(
            daily,
            entered,
            limit,
            room,
            self._wiring,
            self._weights,
            self._exits,
            self._space.frame,
            self._days,
            self._work,
            self._sums,
        )

    def record(self, rows: int) -> Array:
        """Return room for a record, laid out as people are; shape (R, rows, G)."""
        return self.lay.view(self.lay.zeros(rows)).astype(np.float64, order="K")

    def take(self, total: Array, flow: tuple[Index, Index], stock: tuple[Index, Index]) -> None:
        """Add what went since the last time to a record, and start anew.

        Parameters
        ----------
        total
            A record as `record` gives it; shape (R, rows, G).
        flow, stock
            Transition ``m`` counts in rows ``row[first[m]:first[m + 1]]``, given first and row;
            the same for compartments and the people in them after each step.
        """
        record = total.transpose(2, 1, 0) if self.lay.across else total
        if self._weights is not None:
            add_moves(record, self._weights, self._exits, self._space.frame, self._sums, *flow)
        add_stays(record, self._sums, *stock)
        self.forget()

    def forget(self) -> None:
        """Drop what went since the last time."""
        for one in self._sums:
            one[:] = 0.0
