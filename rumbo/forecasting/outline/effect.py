"""A dated effect in the outline: what the border would have seen had Mexico not changed course.

Both the question of the attribution and that of its tests: twin experiments, whose truth is known,
and profiles, which fix what the figures may not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rumbo.fitting.smoother import Evidence, smooth
from rumbo.forecasting.outline.problem import Problem
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scores.quantiles import RANGE_90

UNDONE = ("stop", "stop_all", "held")
"""Paths of what Mexico does."""

DEAL = np.datetime64("2024-01", "M")
"""First whole month under the deal of December 2023, resumed transfers from the 20th on."""

WINDOW = 5
"""Months over which the effect is taken: January to May 2024, before the next rule of June."""


@dataclass(frozen=True)
class Ensemble:
    """Size and luck of a fit of the outline."""

    members: int = 500
    passes: int = 8
    seed: int = 1


USUAL = Ensemble()
"""Size of a fit, unless another is asked for."""


def effect(problem: Problem, unknowns: Array, month: np.datetime64 = DEAL) -> Array:
    """Return how much lower, as a log, Border Patrol encounters were for what Mexico changed.

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
        problem.seen(one)["USBP"][:, at : at + WINDOW].sum(axis=(1, 2)) for one in (paths, undone)
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
    truths: int = 20,
    size: Ensemble = USUAL,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Fit made-up figures whose truth is known, drawn from the prior.

    Parameters
    ----------
    problem
        The fit whose months, priors and errors are used.
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
    prior = np.quantile(effect(problem, problem.prior(size.members, size.seed)), RANGE_90)
    rows = []
    for i in range(truths):
        noise = np.random.default_rng((size.seed, i, 3)).standard_normal(
            len(problem.observations.sd)
        )
        value = problem.predict(real[:, i : i + 1])[:, 0] + noise * problem.observations.sd
        made_up = Evidence(np.maximum(value, 0.0), problem.observations.sd)
        effects = effect(problem, fitted(problem, replace(size, seed=size.seed + i), made_up))
        low, middle, high = np.quantile(effects, RANGE_90)
        truth = float(effect(problem, real[:, i : i + 1])[0])
        rows.append((i, truth, low, middle, high, *prior, bool(low <= truth <= high)))
        if progress:
            progress(i + 1, truths)
    columns = ["truth", "effect", "low", "middle", "high", "prior_low", "prior_middle"]
    return pd.DataFrame(rows, columns=[*columns, "prior_high", "holds"])


def profile(
    problem: Problem,
    values: Sequence[float],
    path: str = "stop_all",
    month: np.datetime64 = DEAL,
    size: Ensemble = USUAL,
) -> pd.DataFrame:
    """Fit with one step fixed at several sizes: if the misfit is flat, the figures cannot tell it.

    Parameters
    ----------
    problem
        The fit.
    values
        Sizes of the step, as logs.
    path, month
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
        rows.append(
            (value, misfit(pinned, unknowns), *np.quantile(effect(pinned, unknowns), RANGE_90))
        )
    return pd.DataFrame(rows, columns=["step", "misfit", "low", "middle", "high"])


def misfit(problem: Problem, unknowns: Array) -> float:
    """Return the misfit per figure: mean squared error of the median over the error's variance."""
    gap = np.median(problem.predict(unknowns), axis=1) - problem.observations.value
    return float(np.mean((gap / problem.observations.sd) ** 2))
