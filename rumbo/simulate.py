"""The day loop, members and workers: from scenarios to one labelled result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from rumbo.background import By, members_of
from rumbo.chunks import Progress, Store, Task, run_chunks
from rumbo.engine import Luck, start, step
from rumbo.noise import FAMILIES, Chance
from rumbo.program import Program, compile_scenario, respond
from rumbo.rates import Array, Day, Rates
from rumbo.record import Record, tally, tally_flows
from rumbo.results import Axes, Months, label, label_sums, summed, summed_axes
from rumbo.scenario import Scenario

MEMBERS_AT_ONCE = (4, 32)
"""Fewest and most members run side by side: they share the cost of a day."""

CELLS_AT_ONCE = 100_000
"""Groups times compartments of all members run side by side: few enough to fit a cache."""

SHARES = 8
"""Parts that members are split in at the least, so that cores have something to do."""

Factors = tuple[Array, Array, Array]
"""What rates, entries and limits are multiplied by."""


@dataclass
class State:
    """Where a run stands: what is needed to go on from a day."""

    counts: Array
    stopped: Array
    record: Record

    def copy(self) -> "State":
        """Return an independent copy, to branch from."""
        return State(self.counts.copy(), self.stopped.copy(), self.record.copy())


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
                state.counts, rates, program.space, program.wiring, program.step, now_luck
            )
            state.stopped = tally_flows(flows, program.stop_place, places)
            crowd = tally(state.counts, program.crowd_place, places)
            state.record.add(flows, state.counts, crowd, program.in_force(t))
        if ends_period(program, t):
            state.record.close_month(program.step, program.in_force(t))
        if t + 1 == program.recorded:
            state.record.forget()


def step_number(date: np.datetime64, part: int, days: float) -> int:
    """Number of a step, counted from 1970, so that streams do not depend on when a run starts."""
    return int(date.astype("datetime64[D]").astype(np.int64)) * round(1 / days) + part


def noise_of(program: Program, luck: Luck, month: str, segment: int) -> Factors:
    """Return the factors of a stretch of days: rates (R, H, F), entries (R, E), limits (R, Q)."""
    if not luck.stochastic and program.noise.posterior is None:
        return program.noise.off(len(luck.members))
    return program.noise.of(Chance(luck.seed, luck.members, luck.stochastic), month, segment)


def rates_of(program: Program, t: int, day: Day, factors: Factors) -> Rates:
    """Return the day's table: values in force, crowding and shared noise."""
    factor, segment = factors[0].copy(), program.segment[t]
    for family, scale in respond(program, t, day):
        number = [one.name for one in FAMILIES].index(family)
        first = 1 + number * scale.shape[1]
        factor[:, :, first : first + scale.shape[1]] *= scale[:, None]
    return Rates(
        program.rate[segment],
        factor,
        factors[1] * program.entry[t],
        factors[2] * program.limit[segment],
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
    record = Record(
        program.ledger, program.space, program.wiring.entry_group, program.counted,
        program.places, members,
    )  # fmt: skip
    counts = start(program.space, members)
    return State(counts, np.zeros((members, program.places)), record)


def run_branches(programs: Sequence[Program], luck: Luck) -> Iterator[Months]:
    """Run several programs for the same members; what they share is run once.

    The first program is the trunk. Every other branches off it on the first day on which it
    differs, which is what makes scenarios identical up to that day.
    """
    trunk = programs[0]
    branch = [program.differs_from(trunk) for program in programs]
    state, t, kept = begin(trunk, len(luck.members)), 0, {}
    for day in sorted({*branch[1:], len(trunk.dates)}):
        run_days(trunk, state, luck, range(t, day))
        t, kept[day] = day, state.copy() if day < len(trunk.dates) else state
    yield months_of(trunk, kept[len(trunk.dates)])
    for program, day in zip(programs[1:], branch[1:], strict=True):
        state = kept[day].copy()
        run_days(program, state, luck, range(day, len(program.dates)))
        yield months_of(program, state)


def months_of(program: Program, state: State) -> Months:
    """Put the recorded months together: arrays of shape (members, months, ...)."""
    months = state.record.months
    return {name: np.stack([month[name] for month in months], axis=1) for name in months[0]}


def simulate(
    scenarios: Scenario | Sequence[Scenario],
    *,
    members: int = 1,
    seed: int = 0,
    workers: int | None = None,
    mode: str = "stochastic",
    store: Store | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run scenarios with the same luck and put the results side by side.

    Parameters
    ----------
    scenarios
        One scenario or several of the same corridor; names must differ.
    members
        Number of runs of each; member 17 is the same whether there are 20 or 2,000.
    seed
        Names the luck of the whole run.
    workers
        Processes to use; None uses every core. The result does not depend on it.
    mode
        ``stochastic`` draws; ``expected`` computes expected flows without noise, in one member, or
        in as many as asked if a posterior makes them differ.
    store
        Where finished chunks are kept, so that an interrupted run can be resumed.
    progress
        Called after every finished chunk.

    Returns
    -------
    xarray.Dataset
        Measures with dims ``(scenario, member, month, ...)``; units in the attributes.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the scenarios do not fit together.
    """
    scenarios = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    check_run(scenarios, members, seed, workers, mode)
    programs = [compile_scenario(scenario) for scenario in scenarios]
    members = members_of(scenarios, members, mode)
    task = partial(_run_chunk, programs, seed, mode == "stochastic", None)
    chunks = _run(task, programs, members, workers, store, progress)
    return label(scenarios, programs, chunks, members, seed, mode)


def run_members(
    scenarios: Scenario | Sequence[Scenario],
    by: By,
    *,
    members: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    mode: str = "stochastic",
    store: Store | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run scenarios as `simulate` does, but keep only sums of some measures.

    What is not kept is summed over where the members run, so that a thousand of them fit into
    memory and little travels between processes.

    Parameters
    ----------
    scenarios, seed, workers, mode, progress
        As in `simulate`.
    by
        Dimensions that each measure is kept by, such as ``{"encounters": ("component", "group"),
        "transfers": ()}``; it is summed over its others.
    members
        Number of runs of each scenario; one for each draw of the posterior if None.
    store
        As in `simulate`; `rumbo.runs.keep_run` is told ``by`` too.

    Returns
    -------
    xarray.Dataset
        The measures named, with dims ``(scenario, member, month, ...)``, 32-bit.

    Raises
    ------
    ValueError
        As in `simulate`; if there is no such measure or dimension; if neither ``members`` nor a
        posterior says how many members to run.
    """
    scenarios = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    fitted = scenarios[0].posterior if scenarios else None
    if members is None:
        if fitted is None:
            raise ValueError("members is needed where scenarios have no posterior")
        members = fitted.draws
    check_run(scenarios, members, seed, workers, mode)
    programs = [compile_scenario(scenario) for scenario in scenarios]
    axes = summed_axes(programs[0], by)
    members = members_of(scenarios, members, mode)
    task = partial(_run_chunk, programs, seed, mode == "stochastic", axes)
    chunks = _run(task, programs, members, workers, store, progress)
    return label_sums(programs, chunks, by)


def _run(
    task: Task,
    programs: Sequence[Program],
    members: int,
    workers: int | None,
    store: Store | None,
    progress: Progress | None,
) -> list[list[Months]]:
    """Run all chunks of members, and return them in order."""
    size = at_once(programs[0], members)
    chunks = [range(a, min(a + size, members)) for a in range(0, members, size)]
    names = [program.name for program in programs]
    done = run_chunks(task, names, chunks, workers, store, progress)
    return [months for _, months in sorted(done, key=lambda one: one[0].start)]


def _run_chunk(
    programs: Sequence[Program], seed: int, stochastic: bool, axes: Axes | None, chunk: range
) -> list[Months]:
    """Run a chunk of members, and keep what is asked for: everything, or sums over some axes."""
    luck = Luck(seed, np.array(chunk, dtype=np.int64), 0, stochastic)
    runs = run_branches(programs, luck)
    return list(runs) if axes is None else [summed(months, axes) for months in runs]


def at_once(program: Program, members: int) -> int:
    """Return how many members run side by side; the result does not depend on it."""
    fewest, most = MEMBERS_AT_ONCE
    cells = len(program.space.groups) * len(program.space.compartments)
    return max(fewest, min(most, CELLS_AT_ONCE // cells, members // SHARES))


def check_run(
    scenarios: list[Scenario], members: int, seed: int, workers: int | None, mode: str
) -> None:
    """Refuse what cannot be run together, before anything is written.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the scenarios do not fit together.
    """
    if not scenarios:
        raise ValueError("simulate needs at least one scenario")
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names):
        raise ValueError(f"scenarios need different names, got {names}: use scenario.named(...)")
    if len({(s.id, s.start, s.end, s.step) for s in scenarios}) > 1:
        raise ValueError("scenarios of one run need the same corridor, dates and step")
    if len({s.posterior.digest if s.posterior else "" for s in scenarios}) > 1:
        raise ValueError("scenarios of one run need the same posterior, or none")
    if members < 1:
        raise ValueError(f"members must be 1 or more, got {members}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be between 0 and 2**63 - 1, got {seed}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be 1 or more, or None for every core, got {workers}")
    if mode not in ("stochastic", "expected"):
        raise ValueError(f"mode must be 'stochastic' or 'expected', got {mode!r}")
