"""Fitting a corridor to the record: pass by pass, resumable."""

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.atomic import is_whole, write_arrays
from rumbo.files.code import component_digest
from rumbo.fitting.ensemble.kinds import sets_of, weigh
from rumbo.fitting.ensemble.order import in_order, in_proportion
from rumbo.fitting.ensemble.smoother import one_pass
from rumbo.fitting.problem import CorridorProblem, run_posterior, set_up
from rumbo.fitting.scatter import draw_scatter, scattered, widened
from rumbo.fitting.start.prefit import prefit
from rumbo.fitting.start.prior import draw_prior
from rumbo.fitting.start.untold import unsure
from rumbo.fitting.told import counted, met, narrowed
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.sets import SETS

PASSES = 2
"""Times the figures are used after the start is found; each time all members are run once."""

WHOLE = 1_000
"""Parts of each of a fit's turns that progress is told in."""

MEMBERS = 1_000
"""Members of a fit: fewer leave chance correlations that narrow it without reason."""


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """What a fit found.

    Attributes
    ----------
    posterior
        Draws for `rumbo.Scenario.fitted`.
    unknowns
        What is unknown, before and after: parameter or path, lever, nationality, month, the
        standard deviation before and after, their ratio, and the mean after in standard
        deviations before.
    figures
        Every figure fitted to: view, nationality, month, last month of a span, value, and the 5, 50
        and 95 % quantiles of what the members of the last pass predicted, before they were moved
        once more.
    problem
        What was fitted, around the centre that was found.
    """

    posterior: Posterior
    unknowns: pd.DataFrame
    figures: pd.DataFrame
    problem: CorridorProblem

    def __repr__(self) -> str:
        """Return what it is of."""
        return f"<Fit of {self.posterior.corridor}, as of {self.posterior.as_of}>"


def fit(
    scenario: Scenario,
    as_of: date | str,
    *,
    members: int = MEMBERS,
    passes: int = PASSES,
    seed: int = 0,
    workers: int | None = None,
    mode: str = "expected",
    left: Collection[str] = (),
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit a corridor to the figures that had been published by a day.

    An ensemble smoother moves each member's entries, stops, crossings and lever sizes towards the
    figures; see `rumbo.fitting.ensemble.smoother`.

    Parameters
    ----------
    scenario
        The corridor; its days are those of the fit, as far as figures had been published.
    as_of
        The day; nothing published later is looked at.
    members, passes
        Size of the ensemble, and times the figures are used.
    seed
        Names the luck of the whole fit.
    workers
        Cores to use; None uses every one. The result does not depend on it.
    mode
        ``expected`` runs, with the scatter of draws added to the errors of figures, or
        ``stochastic`` ones.
    left
        Kinds of views whose figures the fit does not see, such as ``queue``. What only these told
        of has ranges of its own then, which `Fit.problem` knows: run ``problem.scenario``.
    folder
        Where finished members are kept, so that an interrupted fit can be resumed.
    progress
        Called after every finished chunk.

    Returns
    -------
    Fit

    Raises
    ------
    Faults
        If nothing had been published by then, or a series has a gap.
    ValueError
        If ``members`` or ``passes`` are too few.
    """
    if members < 10 or passes < 1:
        raise ValueError(f"a fit needs 10 members and 1 pass, got {members} and {passes}")
    problem = replace(set_up(scenario, as_of), left=frozenset(left))
    keep = _Passes(folder, problem, _Asked(members, passes, seed, mode))
    problem = unsure(problem.around(_start(problem, keep, _share_of(progress, 0, passes + 1))))
    prior = draw_prior(problem, members, seed)
    done = _Pass(prior, np.empty((0, members)), np.empty(0))
    for turn in range(passes):
        finished = keep.read(turn)
        if finished is None:
            report = _share_of(progress, turn + 1, passes + 1)
            finished = _pass(problem, done.unknowns, keep, turn, workers, report)
            keep.write(turn, finished)
        done = finished
    about = {"members": str(members), "passes": str(passes), "seed": str(seed), "mode": mode}
    kept, weights = _kept(problem, done)
    draws, predicted = done.unknowns[:, kept], scattered(done.predicted, done.scatter, seed)
    about |= counted(problem) | {"set_weights": " ".join(f"{weight:.3f}" for weight in weights)}
    return Fit(
        problem.posterior(draws, about, sets_of(members)[kept]),
        narrowed(problem, prior, draws),
        met(problem.observations, predicted[:, kept], problem),
        problem,
    )


def _kept(problem: CorridorProblem, done: "_Pass") -> tuple[Index, Array]:
    """Return the members that stand for all, in order, and the weights of their sets."""
    sets = sets_of(done.unknowns.shape[1])
    order = in_order(done.unknowns)
    if not problem.draws_sets:
        return order, np.full(SETS, 1.0 / SETS)
    evidence = widened(problem.evidence, done.scatter)
    weights = weigh(done.predicted, evidence, sets, problem.observations.series)
    return in_proportion(order, sets, weights), weights


def _start(problem: CorridorProblem, keep: "_Passes", progress: Progress | None) -> Posterior:
    """Find the centre of the fit, or read it where it was kept."""
    centre = keep.centre()
    if centre is None:
        centre = prefit(problem, progress=progress)
        keep.keep_centre(centre)
    return centre


class _Pass(NamedTuple):
    """What a pass left: unknowns moved, what members predicted before, and how draws scatter."""

    unknowns: Array
    predicted: Array
    scatter: Array


def _pass(
    problem: CorridorProblem,
    unknowns: Array,
    keep: "_Passes",
    turn: int,
    workers: int | None,
    progress: Progress | None,
) -> _Pass:
    """Use the figures once: run all members, and move them."""
    kinds = sets_of(unknowns.shape[1])
    draws = problem.posterior(unknowns, sets=kinds)
    asked, evidence = keep.asked, problem.evidence
    predicted = run_posterior(
        problem,
        draws,
        seed=asked.seed,
        workers=workers,
        mode=asked.mode,
        folder=keep.running(turn),
        progress=progress,
    )
    scatter = np.zeros(len(predicted))
    if asked.mode == "expected":
        scatter = draw_scatter(
            problem,
            draws,
            predicted,
            seed=asked.seed,
            workers=workers,
            folder=keep.running(turn, "drawn"),
        )
    moved = one_pass(
        unknowns,
        predicted,
        widened(evidence, scatter),
        problem.blocks(unknowns, predicted, kinds),
        asked.passes,
        (asked.seed, turn),
        kinds,
    )
    return _Pass(moved, predicted, scatter)


class _Asked(NamedTuple):
    """How the figures are used; a kept pass is good for the same, and the same code, alone."""

    members: int
    passes: int
    seed: int
    mode: str


class _Passes:
    """Finished passes on the disk."""

    def __init__(self, folder: str | Path | None, problem: CorridorProblem, asked: _Asked) -> None:
        self.asked = asked
        self._folder = None if folder is None else Path(folder)
        scenario = problem.scenario.untested()
        parts = [scenario.digest(), problem.known.digest, component_digest(asked)]
        parts += sorted(problem.left)
        what = "\n".join(parts).encode()
        # 64 bits name a fit among the few that share a folder.
        self._id = hashlib.sha256(what).hexdigest()[:16]
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)

    def _centre(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{self._id}-centre.npz"

    def centre(self) -> Posterior | None:
        """Return the centre that was found."""
        if self._folder is None or not is_whole(self._centre()):
            return None
        return Posterior.read(self._centre())

    def keep_centre(self, centre: Posterior) -> None:
        """Keep the centre."""
        if self._folder is not None:
            centre.write(self._centre())

    def running(self, turn: int, part: str = "all") -> Path | None:
        """Return where the members of a pass are kept until all are there."""
        return self._folder / f"{self._id}-pass{turn + 1}-{part}" if self._folder else None

    def _done(self, turn: int) -> Path:
        assert self._folder is not None
        return self._folder / f"{self._id}-pass{turn + 1}.npz"

    def read(self, turn: int) -> _Pass | None:
        """Return what a finished pass left."""
        if self._folder is None or not is_whole(self._done(turn)):
            return None
        with np.load(self._done(turn), allow_pickle=False) as file:
            return _Pass(*(file[name] for name in _Pass._fields))

    def write(self, turn: int, done: _Pass) -> None:
        """Keep a finished pass; its members' own files go."""
        if self._folder is None:
            return
        write_arrays(self._done(turn), done._asdict())
        for folder in self._folder.glob(f"{self._id}-pass{turn + 1}-*"):
            shutil.rmtree(folder, ignore_errors=True)


def _share_of(progress: Progress | None, turn: int, passes: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(round(WHOLE * (turn + done / total)), WHOLE * passes)
