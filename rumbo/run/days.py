"""The day loop: from a compiled scenario to recorded months, member by member."""

from dataclasses import dataclass

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.rates import Day, Rates
from rumbo.engine.step import Luck, move_list, start, step
from rumbo.model.noise import Factors
from rumbo.run.program import Program, respond
from rumbo.run.recorder import Recorder, tally, tally_flows
from rumbo.run.result import Months


@dataclass
class State:
    """Where a run stands: what is needed to go on from a day."""

    counts: Array
    stopped: Array
    recorder: Recorder

    def copy(self) -> "State":
        """Return an independent copy, to branch from."""
        return State(self.counts.copy(), self.stopped.copy(), self.recorder.copy())


def run_days(program: Program, state: State, luck: Luck, days: range) -> None:
    """Run some days: the corridor's whole daily cycle, and its documentation.

    Parameters
    ----------
    program
        The scenario made ready.
    state
        Where the run stands; changed in place.
    luck
        Seed and members; the step is filled in.
    days
        Numbers of the days.
    """
    places = program.places
    stretch, factors = ("", -1), program.noise.off(len(luck.members))
    made = move_list(len(luck.members), program.space, program.wiring)
    for t in days:
        date = program.dates[t]
        if (now := (str(date)[:7], int(program.segment[t]))) != stretch:
            stretch, factors = now, noise_of(program, luck, *now)
        for part in range(round(1 / program.step)):
            present = tally(state.counts, program.space.place, places)
            day = Day(date.item(), program.step, present, state.stopped)
            rates = rates_of(program, t, day, factors)
            now_luck = luck._replace(step=step_number(date, part, program.step))
            state.counts, flows = step(
                state.counts, rates, program.space, program.wiring, program.step, now_luck, made
            )
            state.stopped = tally_flows(flows, program.stop_place, places)
            crowd = tally(state.counts, program.crowd_place, places)
            state.recorder.add(flows, state.counts, crowd, program.in_force(t))
        if ends_period(program, t):
            state.recorder.close_month(program.step, program.in_force(t))
        if t + 1 == program.recorded:
            state.recorder.forget()


def step_number(date: np.datetime64, part: int, days: float) -> int:
    """Number of a step, counted from 1970, so that streams do not depend on when a run starts."""
    return int(date.astype("datetime64[D]").astype(np.int64)) * round(1 / days) + part


def noise_of(program: Program, luck: Luck, month: str, segment: int) -> Factors:
    """Return the factors of a stretch of days: rates (R, K, F), entries (R, E), limits (R, Q)."""
    if not luck.stochastic and program.noise.posterior is None:
        return program.noise.off(len(luck.members))
    return program.noise.of(luck, month, segment)


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


def ends_period(program: Program, t: int) -> bool:
    """Whether a recorded day is the last one of its month or of the run, or days are recorded."""
    if t < program.recorded:
        return False
    last = t + 1 == len(program.dates) or program.record == "day"
    return last or str(program.dates[t])[:7] != str(program.dates[t + 1])[:7]


def begin(program: Program, members: int) -> State:
    """Return the state before the first day: an empty corridor."""
    recorder = Recorder(
        program.ledger,
        program.space,
        program.wiring.entry_group,
        program.counted,
        program.places,
        members,
    )
    counts = start(program.space, members)
    return State(counts, np.zeros((members, program.places)), recorder)


def months_of(program: Program, state: State) -> Months:
    """Put the recorded months together: arrays of shape (members, months, ...)."""
    months = state.recorder.months
    return {name: np.stack([month[name] for month in months], axis=1) for name in months[0]}
