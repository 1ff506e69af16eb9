"""The day loop: from a compiled scenario to recorded months, member by member."""

import numpy as np

from rumbo.engine.step import Luck
from rumbo.model.factors import Factors, OwnValues
from rumbo.run.program import Program
from rumbo.run.result import Months
from rumbo.run.states import State


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
    stretch, factors = ("", -1), program.noise.off(len(luck.members))
    for t in days:
        date = program.dates[t]
        if (now := (str(date)[:7], int(program.segment[t]))) != stretch:
            stretch, factors = now, noise_of(program, luck, *now, state.known)
        for part in range(round(1 / program.step)):
            number = step_number(date, part, program.step)
            state.advance(program, t, factors, luck._replace(step=number))
        if ends_period(program, t):
            state.close(program, t, luck)
        if t + 1 == program.recorded:
            state.forget()


def step_number(date: np.datetime64, part: int, days: float) -> int:
    """Number of a step, counted from 1970, so that streams do not depend on when a run starts."""
    return int(date.astype("datetime64[D]").astype(np.int64)) * round(1 / days) + part


def noise_of(program: Program, luck: Luck, month: str, segment: int, known: OwnValues) -> Factors:
    """Return the factors of a stretch of days: rates (R, K, F), entries (R, E), limits (R, Q)."""
    if not luck.stochastic and program.noise.posterior is None:
        return program.noise.off(len(luck.members))
    return program.noise.of(luck, month, segment, known)


def ends_period(program: Program, t: int) -> bool:
    """Whether a recorded day is the last one of its month or of the run, or days are recorded."""
    if t < program.recorded:
        return False
    last = t + 1 == len(program.dates) or program.record == "day"
    return last or str(program.dates[t])[:7] != str(program.dates[t + 1])[:7]


def months_of(program: Program, state: State) -> Months:
    """Put the recorded months together: arrays of shape (members, months, ...)."""
    months = state.recorder.months
    return {name: np.stack([month[name] for month in months], axis=1) for name in months[0]}
