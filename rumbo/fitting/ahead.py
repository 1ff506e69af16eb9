"""Members run on beyond their fit: paths that stand where the figures left them, and wander.

The last level that the figures told of holds, and each month adds a step of the path's own prior;
deviations that fade in the fit fade here. Entries wander as widely as registers and crossings did,
as far as that was known; their steps keep the mean, since nobody is expected to grow.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rumbo.fitting.paths import FAIR, PATHS, Path
from rumbo.fitting.problem import FARTHEST
from rumbo.scenario.arrays import Array, Flags
from rumbo.scenario.posterior import Posterior


class Wander(NamedTuple):
    """Nationalities whose entries move together.

    Attributes
    ----------
    mine
        Which they are; shape (N,).
    step
        Standard deviation of a month's step of the log.
    """

    mine: Flags
    step: float


def extended(posterior: Posterior, months: int, together: Sequence[Wander], seed: int) -> Posterior:
    """Return draws whose paths go on for some months.

    Parameters
    ----------
    posterior
        What a fit left.
    months
        How many months further.
    together
        What entries share.
    seed
        Names the steps.

    Returns
    -------
    Posterior
        The same draws; months of the fit are untouched.
    """
    rng = np.random.default_rng((seed, 6))
    shape = (posterior.draws, months, len(posterior.nationalities))
    last = np.datetime64(posterior.months[-1], "M")
    names = tuple(map(str, last + np.arange(1, months + 1)))
    paths = {}
    for family, path in posterior.paths.items():
        away = [_steps(rng, one, shape) for one in PATHS if _of(one, family)]
        if family == "entry":
            away += [_shared(rng, one, shape) for one in together]
        ahead = path[:, -1:].astype(np.float64) + np.sum(np.broadcast_arrays(*away), axis=0)
        paths[family] = np.concatenate([path, np.clip(ahead, -FARTHEST, FARTHEST)], axis=1)
    return replace(posterior, months=(*posterior.months, *names), paths=paths)


def _of(path: Path, family: str) -> bool:
    return path.name in (family, f"{family}_all")


def _steps(rng: np.random.Generator, path: Path, shape: tuple[int, int, int]) -> Array:
    """How far a path has gone from where it was; (R, T, N), or (R, T, 1) for one of all."""
    # A step that holds for some months is spread evenly over these.
    size = path.step / np.sqrt(path.holds)
    drawn = size * rng.standard_normal(shape if path.by_group else (*shape[:2], 1))
    if path.name in FAIR:
        drawn -= size**2 / 2.0
    for t in range(1, shape[1]):
        drawn[:, t] += path.keep * drawn[:, t - 1]
    return np.asarray(drawn, dtype=np.float64)


def _shared(rng: np.random.Generator, one: Wander, shape: tuple[int, int, int]) -> Array:
    steps = one.step * rng.standard_normal((*shape[:2], 1)) - one.step**2 / 2.0
    return np.asarray(np.cumsum(steps, axis=1) * one.mine)
