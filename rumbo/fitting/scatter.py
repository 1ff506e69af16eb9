"""How far drawn runs scatter round expected ones, on the scale of the figures.

A fit runs expected members, which are many times cheaper. What is published came of one course of
events, with its luck; so the scatter of draws is added to the error of each figure. It is measured,
not assumed: a few of the members are drawn as well.
"""

from pathlib import Path

import numpy as np

from rumbo.fitting.ensemble.smoother import Evidence
from rumbo.fitting.problem import CorridorProblem, run_posterior
from rumbo.scenario.arrays import Array
from rumbo.scenario.posterior import Posterior

DRAWN = 32
"""Members that are drawn as well: their root mean square is known to an eighth."""


def draw_scatter(
    problem: CorridorProblem,
    posterior: Posterior,
    predicted: Array,
    *,
    seed: int,
    workers: int | None = None,
    folder: Path | None = None,
) -> Array:
    """Measure how far draws lie from expected runs of the same members.

    Parameters
    ----------
    problem, posterior
        What is run.
    predicted
        What expected runs predict, shape (D, R).
    seed, workers, folder
        As in `rumbo.fitting.problem.run_posterior`.

    Returns
    -------
    numpy.ndarray
        Root mean square of the difference of each figure's log; shape (D,).
    """
    few = min(DRAWN, predicted.shape[1])
    drawn = run_posterior(
        problem,
        posterior,
        members=few,
        seed=seed,
        workers=workers,
        folder=folder,
    )
    return np.asarray(np.sqrt(((drawn - predicted[:, :few]) ** 2).mean(axis=1)))


def widened(evidence: Evidence, scatter: Array) -> Evidence:
    """Add the scatter of draws (D,) to the errors of figures."""
    return Evidence(evidence.value, np.hypot(evidence.sd, scatter))


def scattered(predicted: Array, scatter: Array, seed: int) -> Array:
    """Give what expected runs predict (D, R) the scatter of draws (D,)."""
    noise = np.random.default_rng((seed, 3)).standard_normal(predicted.shape)
    return predicted + scatter[:, None] * noise
