"""Members and workers: from scenarios to one labelled result."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import xarray as xr

from rumbo.engine.step import Luck
from rumbo.run.days import run_branches
from rumbo.run.program import Program, compile_scenario
from rumbo.run.result import Axes, Months, label, label_sums, summed, summed_axes
from rumbo.run.spec import By, members_of
from rumbo.run.workers import Progress, Store, Task, run_chunks
from rumbo.scenario.scenario import Scenario

MEMBERS_AT_ONCE = (4, 32)
"""Fewest and most members run side by side: they share the cost of a day."""

CELLS_AT_ONCE = 100_000
"""Groups times compartments of all members run side by side: few enough to fit a cache."""

SHARES = 8
"""Parts that members are split in at the least, so that cores have something to do."""


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
        As in `simulate`; `rumbo.run.folder.keep_run` is told ``by`` too.

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
