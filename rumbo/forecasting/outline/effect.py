"""A dated effect in the outline: what zones would have seen had stops and holding not changed.

Both the question of the attribution and that of its tests: twin experiments, whose truth is known,
and profiles, which fix what the figures may not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.ensemble.smoother import Evidence, smooth
from rumbo.forecasting.outline.problem import Problem
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Known
from rumbo.scenario.roles import ZONES
from rumbo.scores.quantiles import RANGE_90

UNDONE = ("stop", "stop_all", "held")
"""Paths of what the countries do that stop people."""

WINDOW = 5
"""Months over which the effect is taken; in the bundled corridor the next rule came after five."""


@dataclass(frozen=True)
class Ensemble:
    """Size and luck of a fit of the outline."""

    members: int = 500
    passes: int = 8
    seed: int = 1


USUAL = Ensemble()
"""Size of a fit, unless another is asked for."""


def first_month(known: Known, lever: str) -> np.datetime64:
    """Return the first whole month in which a lever of the calendar was in force.

    Parameters
    ----------
    known
        What had been published.
    lever
        The lever.

    Returns
    -------
    numpy.datetime64

    Raises
    ------
    Faults
        If it was not known of on the day.
    """
    calendar = known.calendar()
    since = calendar["since"][calendar["lever"] == lever]
    if not len(since):
        message = f"the lever '{lever}' was not known of by {known.as_of}"
        raise Faults([Fault("levers.csv", 0, message, "Choose a later day, or another lever")])
    day = since.min()
    month: np.datetime64 = day.to_datetime64().astype("datetime64[M]")
    return month if day.day == 1 else month + 1


def effect(problem: Problem, unknowns: Array, month: np.datetime64) -> Array:
    """Return how much lower, as a log, encounters in zones were for what stops changed.

    Parameters
    ----------
    problem
        The fit; its window holds the month before, and the months of the effect.
    unknowns
        Draws; shape (N, R).
    month
        First month of the change.

    Returns
    -------
    numpy.ndarray
        Log of encounters as they were over those with stops and holding as they had been in the
        month before, summed over `WINDOW` months; below 0 if the change lowered them; shape (R,).
    """
    at = int((month - problem.months[0]).astype(int))
    paths = problem.paths(unknowns)
    undone = dict(paths)
    for name in UNDONE:
        undone[name] = paths[name].copy()
        undone[name][:, at:] = paths[name][:, at - 1 : at]
    sums = [
        problem.seen(one)[ZONES][:, at : at + WINDOW].sum(axis=(1, 2)) for one in (paths, undone)
    ]
    return np.asarray(np.log(sums[0]) - np.log(sums[1]))


def fitted(problem: Problem, size: Ensemble, evidence: Evidence | None = None) -> Array:
    """Return draws fitted to the figures, or to others put in their place; shape (N, R)."""
    return smooth(
        problem.prior(size.members, size.seed),
        problem.predict,
        evidence or problem.evidence,
        problem.blocks,
        passes=size.passes,
        seed=size.seed,
    )


def twins(
    problem: Problem,
    month: np.datetime64,
    truths: int = 20,
    size: Ensemble = USUAL,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Fit made-up figures whose truth is known, drawn from the prior.

    Parameters
    ----------
    problem
        The fit whose months, priors and errors are used.
    month
        First month of the change whose effect is asked for.
    truths
        How many.
    size
        Size and luck of each fit.
    progress
        Told after each truth.

    Returns
    -------
    pandas.DataFrame
        By truth: the true effect, the 5, 50 and 95 % quantiles before and after the fit, and
        whether the 90 % interval holds the truth.
    """
    # Far from the seeds of the fits, so that no truth is drawn as a member too.
    real = problem.prior(truths, size.seed + 1_000_003)
    before = effect(problem, problem.prior(size.members, size.seed), month)
    prior = np.quantile(before, RANGE_90)
    rows = []
    for i in range(truths):
        noise = np.random.default_rng((size.seed, i, 3)).standard_normal(
            len(problem.observations.sd)
        )
        value = problem.predict(real[:, i : i + 1])[:, 0] + noise * problem.observations.sd
        made_up = Evidence(np.maximum(value, 0.0), problem.observations.sd)
        again = fitted(problem, replace(size, seed=size.seed + i), made_up)
        effects = effect(problem, again, month)
        low, middle, high = np.quantile(effects, RANGE_90)
        truth = float(effect(problem, real[:, i : i + 1], month)[0])
        rows.append((i, truth, low, middle, high, *prior, bool(low <= truth <= high)))
        if progress:
            progress(i + 1, truths)
    columns = ["truth", "effect", "low", "middle", "high", "prior_low", "prior_middle"]
    return pd.DataFrame(rows, columns=[*columns, "prior_high", "holds"])


def profile(
    problem: Problem,
    values: Sequence[float],
    month: np.datetime64,
    path: str = "stop_all",
    size: Ensemble = USUAL,
) -> pd.DataFrame:
    """Fit with one step fixed at several sizes: if the misfit is flat, the figures cannot tell it.

    Parameters
    ----------
    problem
        The fit.
    values
        Sizes of the step, as logs.
    month, path
        Which step.
    size
        Size and luck of each fit.

    Returns
    -------
    pandas.DataFrame
        By value: the misfit per figure (mean squared error over its variance) and the 5, 50 and
        95 % quantiles of the effect.
    """
    at = int((month - problem.months[0]).astype(int))
    rows = []
    for value in values:
        pinned = replace(problem, pinned=((path, at, float(value)),))
        unknowns = fitted(pinned, size)
        ranges = np.quantile(effect(pinned, unknowns, month), RANGE_90)
        rows.append((value, misfit(pinned, unknowns), *ranges))
    return pd.DataFrame(rows, columns=["step", "misfit", "low", "middle", "high"])


def misfit(problem: Problem, unknowns: Array) -> float:
    """Return the misfit per figure: mean squared error of the median over the error's variance."""
    gap = np.median(problem.predict(unknowns), axis=1) - problem.observations.value
    return float(np.mean((gap / problem.observations.sd) ** 2))
