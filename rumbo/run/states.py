"""Where a run stands: people drawn or expected, and what was recorded of them so far."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import partial

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.expected import Expected
from rumbo.engine.rates import Day, Rates
from rumbo.engine.step import Luck, move_list, start, step
from rumbo.model.caravans.road import CARAVANS
from rumbo.model.factors import Factors, OwnValues
from rumbo.model.minds.success import LearnedSuccess
from rumbo.model.recording import Recording, converting
from rumbo.run.program import Program
from rumbo.run.recorder import Recorder, add_flows, add_stocks, people_with, tally, tally_flows

DRAWN_AHEAD = CARAVANS.name
"""The rule of which something is drawn ahead of the run."""


class State(ABC):
    """What is needed to go on from a day.

    Attributes
    ----------
    recorder
        What was recorded.
    stopped
        People stopped at each place in the step before; shape (R, P).
    success
        How many got through of those who tried, as `LearnedSuccess` keeps it; everybody hears of
        everybody, so of one kind.
    known
        Members' own values that were worked out; copies share them.
    """

    recorder: Recorder
    stopped: Array
    success: Array
    known: OwnValues

    @property
    @abstractmethod
    def counts(self) -> Array:
        """People by member, group and compartment; shape (R, G, C)."""

    @property
    @abstractmethod
    def held(self) -> int:
        """Bytes that a copy of it takes, but for the months kept."""

    @abstractmethod
    def advance(self, program: Program, t: int, factors: Factors, luck: Luck) -> None:
        """Go on by one step of day ``t``."""

    @abstractmethod
    def copy(self) -> "State":
        """Return an independent copy, to branch from."""

    def close(self, program: Program, t: int, luck: Luck) -> None:
        """Keep the month that ends with day ``t``."""
        month, segment = str(program.dates[t])[:7], int(program.segment[t])
        first = t + 1 - round(self.recorder.steps * program.step)
        drawn = events_on(program, luck, first, t)
        segments = program.segment[first : t + 1]
        values = converting(program.ledger.measures, program.values, segments)
        known = program.noise, luck, month, segment, program.labels, values
        how = Recording(*known, drawn, program.fares[segment] if program.fares else None)
        self.recorder.close_month(program.step, how)

    def forget(self) -> None:
        """Drop what was added up since the last month."""
        self.recorder.forget()

    def look_back(self, program: Program, told: Array) -> None:
        """Take in who was stopped in a step, and who got through: (R, P + 1)."""
        self.stopped = told[:, : program.places]
        if program.learns:
            through, stopped = told[:, program.places :], self.stopped.sum(axis=1, keepdims=True)
            self.success = LearnedSuccess(program.step).after(self.success, through, stopped)


def begin(program: Program, luck: Luck) -> State:
    """Return the state before the first day: an empty corridor.

    Parameters
    ----------
    program
        What is run.
    luck
        Which members, drawn or expected.
    """
    return Drawn(program, len(luck.members)) if luck.stochastic else Meant(program, luck)


class Drawn(State):
    """Whole people, drawn."""

    def __init__(self, program: Program, members: int) -> None:
        self._counts = start(program.space, members)
        self._stood = np.zeros_like(self._counts)
        self._made = move_list(members, program.space, program.wiring)
        self.stopped = np.zeros((members, program.places))
        self.success, self.known = LearnedSuccess().start(members, 1), {}
        total = np.zeros((members, program.ledger.size, self._counts.shape[1]))
        self.recorder = Recorder(program.ledger, total, program.places)

    @property
    def counts(self) -> Array:
        """People by member, group and compartment; shape (R, G, C)."""
        return self._counts

    @property
    def held(self) -> int:
        """Bytes that a copy of it takes, but for the months kept."""
        return self._counts.nbytes + self._stood.nbytes + self.recorder.total.nbytes

    def advance(self, program: Program, t: int, factors: Factors, luck: Luck) -> None:
        """Go on by one step of day ``t``."""
        book, places, record = program.ledger, program.places, self.recorder
        day = day_of(program, t, self, luck)
        rates = rates_of(program, t, day, factors)._replace(pace=pace_of_day(program, t, self))
        self._counts, flows = step(
            self._counts, rates, program.space, program.wiring, program.step, luck, self._made
        )
        self.look_back(program, tally_flows(flows, program.told_place, places + 1))
        add_flows(record.total, flows, book.flow_first, book.flow_row)
        self._stood += self._counts
        record.add_entries(flows.entered, program.wiring.entry_group, program.counted)
        crowd = tally(self._counts, program.crowd_place, places)
        record.add_crowd(crowd, held_apart(program, t, self, luck))

    def close(self, program: Program, t: int, luck: Luck) -> None:
        """Keep the month that ends with day ``t``."""
        book = program.ledger  # sums of whole people are the same in any order
        add_stocks(self.recorder.total, self._stood, book.stock_first, book.stock_row)
        self._stood[:] = 0.0
        super().close(program, t, luck)

    def forget(self) -> None:
        """Drop what was added up since the last month."""
        self._stood[:] = 0.0
        super().forget()

    def copy(self) -> "Drawn":
        """Return an independent copy, to branch from."""
        other = Drawn.__new__(Drawn)
        other._counts, other._made = self._counts.copy(), self._made
        other._stood = self._stood.copy()
        other.stopped, other.recorder = self.stopped.copy(), self.recorder.copy()
        other.success, other.known = self.success, self.known
        return other


class Meant(State):
    """Expected people: parts of people, by the means of all draws."""

    def __init__(self, program: Program, luck: Luck) -> None:
        members = len(luck.members)
        self._people = Expected(
            program.space,
            program.wiring,
            members,
            program.step,
            factors=program.noise.axis.size,
            daily=[program.noise.axis.of(family) for family in program.responding],
            told=program.told_place,
            places=program.places + 1,
            bits=program.bits,
        )
        self._entered = np.zeros((members, program.entry.shape[1]))
        self._weights: tuple[object, object] = (None, None)
        self.stopped = np.zeros((members, program.places))
        self.success, self.known = LearnedSuccess().start(members, 1), {}
        total = self._people.record(program.ledger.size)
        self.recorder = Recorder(program.ledger, total, program.places)

    @property
    def counts(self) -> Array:
        """People by member, group and compartment; shape (R, G, C)."""
        return self._people.people

    @property
    def held(self) -> int:
        """Bytes that a copy of it takes, but for the months kept."""
        return self._people.held + self.recorder.total.nbytes

    def advance(self, program: Program, t: int, factors: Factors, luck: Luck) -> None:
        """Go on by one step of day ``t``."""
        segment, people = int(program.segment[t]), self._people
        self._weigh(program, program.rate[segment], factors.rate)
        people.go_at(pace_of_day(program, t, self))
        day = day_of(program, t, self, luck)
        daily = dict(respond(program, t, day))
        scale = [daily[family] for family in program.responding]
        entered = factors.entry * program.entry[t] * program.step
        limit = factors.limit * program.limit[segment] * program.step
        told = people.step(
            np.hstack([np.empty((len(entered), 0)), *scale]), entered, limit, program.rooms[segment]
        )
        self.look_back(program, told)
        self._entered += entered
        crowd = people.at(program.crowd_place)[:, : program.places]
        self.recorder.add_crowd(crowd, held_apart(program, t, self, luck))

    def _weigh(self, program: Program, rate: Array, factor: Array) -> None:
        """Use the weights of a day; they are looked at in full only where they may be others."""
        before, self._weights = self._weights, (rate, factor)
        if all(mine is yours for mine, yours in zip(before, self._weights, strict=True)):
            return
        if not self._people.weighs_alike(rate, factor):
            self.take(program)
            self._people.weigh(rate, factor)

    def take(self, program: Program) -> None:
        """Bring the record up to date: it lags while weights stay the same."""
        book, record = program.ledger, self.recorder
        self._people.take(
            record.total, (book.flow_first, book.flow_row), (book.stock_first, book.stock_row)
        )
        record.add_entries(self._entered, program.wiring.entry_group, program.counted)
        self._entered[:] = 0.0

    def close(self, program: Program, t: int, luck: Luck) -> None:
        """Keep the month that ends with day ``t``."""
        self.take(program)
        super().close(program, t, luck)

    def forget(self) -> None:
        """Drop what was added up since the last month."""
        self._people.forget()
        self._entered[:] = 0.0
        super().forget()

    def copy(self) -> "Meant":
        """Return an independent copy, to branch from."""
        other = Meant.__new__(Meant)
        other._people, other._entered = self._people.copy(), self._entered.copy()
        other._weights = self._weights
        other.stopped, other.recorder = self.stopped.copy(), self.recorder.copy()
        other.success, other.known = self.success, self.known
        return other


def day_of(program: Program, t: int, state: State, luck: Luck) -> Day:
    """Return what rules may know of a day.

    Parameters
    ----------
    program
        What is run.
    t
        Number of the day.
    state
        Where the run stands.
    luck
        Seed, members and the number of the step.

    Returns
    -------
    Day
    """
    drawn = program.formations.on(luck) if DRAWN_AHEAD in program.responses else {}
    people = partial(people_with, program.space, program.places, state.counts)
    return Day(program.dates[t].item(), program.step, state.stopped, people, drawn)


def events_on(program: Program, luck: Luck, first: int, last: int) -> Array:
    """Count what was drawn ahead for some days, by place: caravans that form; (R, P)."""
    events = np.zeros((len(luck.members), program.places))
    if DRAWN_AHEAD in program.responses:
        events[:, program.formations.place] = program.formations.formed(luck, first, last)
    return events


def held_apart(program: Program, t: int, state: State, luck: Luck) -> dict[str, Array]:
    """Return looked-up parameters on a day, as each member holds those that are held apart."""
    values, segment = program.in_force(t), int(program.segment[t])
    return values | program.noise.values_apart(luck, segment, state.known)


def pace_of_day(program: Program, t: int, state: State) -> Array:
    """Return the pace of a day.

    The one way by which a day gets its pace, drawn or expected. What is a member's own, by kind of
    groups (R, K), multiplies here. It may know the program, the day, and of ``state`` what earlier
    steps left; nothing of other members, of the day's own draws, or of how many run side by side.

    Parameters
    ----------
    program
        What is run.
    t
        Number of the day.
    state
        Where the run stands.

    Returns
    -------
    numpy.ndarray
        By group and number of the pace, for all members or each; shape (1 or R, G, 1 + S), or
        `rumbo.engine.rates.EVEN`.
    """
    if not (program.learns and program.pace.learns_on(t)):
        return program.pace.on(t)
    return program.pace.on(t, LearnedSuccess(program.step).seen(state.success)[:, 0])


def rates_of(program: Program, t: int, day: Day, factors: Factors) -> Rates:
    """Return the day's table: values in force, crowding and shared noise."""
    factor, segment = factors.rate.copy(), program.segment[t]
    for family, scale in respond(program, t, day):
        factor[:, :, program.noise.axis.of(family)] *= scale[:, None]
    return Rates(
        program.rate[segment],
        factor,
        factors.entry * program.entry[t],
        factors.limit * program.limit[segment],
        program.rooms[segment],
    )


def respond(program: Program, t: int, day: Day) -> Iterator[tuple[str, Array]]:
    """How crowding multiplies each family of rates on a day: (family, (R, P))."""
    for rule in program.model.rules:
        if rule.respond is not None and rule.name in program.responses:
            yield from rule.respond(day, program.in_force(t)).items()
