"""Members and workers: from scenarios to one labelled result."""

import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import xarray as xr

from rumbo.engine.arrays import Index
from rumbo.engine.step import Luck
from rumbo.run.about import minds
from rumbo.run.program import Compiled, Program
from rumbo.run.result import (
    Axes,
    Gathered,
    Months,
    branched,
    label,
    label_sums,
    summed,
    summed_axes,
)
from rumbo.run.sets import Sets, chunks_of
from rumbo.run.spec import Asked, By, RunSpec
from rumbo.run.trunk import run_branches
from rumbo.run.workers import Members, Progress, Store, Task, Waves, cores, run_chunks
from rumbo.scenario.questions.frozen import frozen

FEWEST = 4
"""Fewest members run side by side: they share the cost of a day."""

MOST = {64: 32, 32: 64}
"""Most of them, by the bits of a number: as much memory either way. Lanes gain nothing beyond."""

CELLS_AT_ONCE = 100_000
"""Groups times compartments of all drawn members side by side: few enough to fit a cache. Expected
people are gone through block by block, so that more of them together cost less each."""

SHARES = 8
"""Parts that members are split in where these are kept: more workers may go on with them later."""


def simulate(
    scenarios: Asked | Sequence[Asked],
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
        One scenario or several of the same corridor; names must differ. Or what
        `rumbo.Scenario.branches` returned, of one scenario or of several.
    members
        Number of runs of each; member 17 is the same whether there are 20 or 2,000.
    seed
        Names the luck of the whole run.
    workers
        Cores to use, by threads or, beyond eight, by processes; None uses every one. The result
        does not depend on it. Within ``joblib.parallel_config(backend="dask")`` members are run by
        the cluster's workers, as many as it has, unless it is 1.
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
        Measures with dims ``(scenario, member, month, ...)``; units in the attributes. Of branches
        also ``branch``, the second, with their ``probability``.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the scenarios do not fit together.
    """
    spec = RunSpec.of(scenarios, members, seed, mode)
    for fault in dict.fromkeys(fault for one in spec.scenarios for fault in frozen(one)):
        warnings.warn(str(fault), stacklevel=2)
    return execute(spec, workers, store, progress)


def execute(
    spec: RunSpec,
    workers: int | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    beside: Compiled | None = None,
) -> xr.Dataset:
    """Run what was asked.

    Parameters
    ----------
    spec
        What was asked. If it keeps sums of some measures, all else is summed over where the members
        run, so that a thousand of them fit into memory; and expected people are counted in 32 bits,
        which moves logs of sums by a few millionths, unless people pass through compartments within
        a step.
    workers, store, progress
        As in `simulate`.
    beside
        A scenario already compiled, from which the others take over what they have in common.

    Returns
    -------
    xarray.Dataset
        As `simulate`; where sums are kept, the measures named, 32-bit, without what a report needs.

    Raises
    ------
    ValueError
        If there is no such number of workers, measure or dimension.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be 1 or more, or None for every core, got {workers}")
    parts = SHARES if store else min(SHARES, workers or cores())
    ready = make_ready(spec, beside, parts)
    programs, gathered = ready.even, Gathered(len(ready.names), ready.sets)
    with closing(run_chunks(*ready.work, workers, store, progress)) as finished:
        for chunk, recorded in finished:
            gathered.put(chunk, recorded)
    if spec.by is not None:
        return branched(label_sums(programs, gathered, spec.by), spec.layout)
    more = minds(spec.scenarios, ready.programs(), gathered.measures)
    return branched(label(spec, programs, gathered, more), spec.layout)


class Ready(NamedTuple):
    """A run made ready.

    Attributes
    ----------
    even
        The scenarios as set, as if nobody believed anything.
    programs
        Works out the scenarios as set, with what people await.
    sets
        Set of drawn values that each member holds; shape (R,).
    waves, names, chunks
        As `rumbo.run.workers.run_chunks` takes them; of the whole run.
    """

    even: list[Program]
    programs: Callable[[], list[Program]]
    sets: Index
    waves: Waves
    names: list[str]
    chunks: list[Members]

    @property
    def work(self) -> tuple[Waves, list[str], list[Members]]:
        """What is to be run."""
        return self.waves, self.names, self.chunks


def make_ready(spec: RunSpec, beside: Compiled | None = None, parts: int = SHARES) -> Ready:
    """Compile the scenarios of a run and split its members.

    Parameters
    ----------
    spec, beside
        As in `execute`.
    parts
        Parts that members are split in at the least, so that workers have something to do.

    Returns
    -------
    Ready

    Raises
    ------
    ValueError
        If there is no such measure or dimension to keep sums of.
    """
    sets = Sets(spec, beside)
    programs = sets.even
    axes = None if spec.by is None else summed_axes(programs[0], spec.by)
    waves = partial(sets.waves, partial(_task, spec, axes))
    first = programs[0] if spec.by is None else _sums_only(programs[0], spec.by)
    chunks = chunks_of(sets.numbers, at_once(first, spec.size, spec.mode, parts))
    names = [one.name for one in programs]
    return Ready(programs, lambda: sets.programs, sets.numbers, waves, names, chunks)


def _task(spec: RunSpec, axes: Axes | None, programs: list[Program]) -> Task:
    """Return what runs members of these programs: everything recorded, or sums alone."""
    if spec.by is not None:
        programs = [_sums_only(one, spec.by) for one in programs]
    return partial(_run_chunk, programs, spec.luck, axes)


def _run_chunk(
    programs: Sequence[Program], luck: Luck, axes: Axes | None, chunk: Members
) -> list[Months]:
    """Run a chunk of members, and keep what is asked for: everything, or sums over some axes."""
    mine = luck._replace(members=np.array(chunk, dtype=np.int64))
    runs = run_branches(programs, mine)
    return list(runs) if axes is None else [summed(months, axes) for months in runs]


def _sums_only(program: Program, by: By) -> Program:
    """Record some measures, and count expected people in as many bits as their sums need.

    Passes within a step ask for all: they end where few people are left.
    """
    bits = 64 if len(program.wiring.hop) else 32
    return replace(program, ledger=program.ledger.only(by), bits=bits)


def at_once(program: Program, members: int, mode: str, parts: int = SHARES) -> int:
    """Return how many members run side by side; the result does not depend on it."""
    most = MOST[program.bits]
    if mode == "stochastic":
        cells = len(program.space.groups) * len(program.space.compartments)
        most = min(most, CELLS_AT_ONCE // cells)
    return max(FEWEST, min(most, members // parts))
