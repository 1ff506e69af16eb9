"""Members run on beyond their fit: paths that stand where the figures left them, and wander.

The last level that the figures told of holds, and each month adds a step of the path's own prior;
deviations that fade in the fit fade here. Entries, crossings and what else is told wander as widely
as their counts did, as far as that was known; steps of entries keep the mean: none should grow.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rumbo.fitting.paths import FAIR, PATHS, Path
from rumbo.fitting.problem import FARTHEST, CorridorProblem
from rumbo.fitting.record import SUMS
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.scenario.arrays import Array, Flags
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import GATES, TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS


class MonthlyStep(NamedTuple):
    """How widely a month's step of a log is spread, and how well that is known.

    Attributes
    ----------
    size
        Standard deviation.
    spans
        Spans of time that do not overlap and that it was taken from. Few tell it badly: every
        member then has a size of its own, and steps follow Student's t with so many degrees of
        freedom.
    """

    size: float
    spans: float = np.inf

    def of_each(self, rng: np.random.Generator, members: int) -> Array:
        """Return the size of each member; shape (R,)."""
        if np.isinf(self.spans):
            return np.full(members, self.size)
        return np.asarray(self.size * np.sqrt(self.spans / rng.chisquare(self.spans, members)))


class Wander(NamedTuple):
    """Nationalities whose entries or crossings move together.

    Attributes
    ----------
    family
        Of the paths that move.
    mine
        Which they are; shape (N,).
    step
        Of a month.
    """

    family: str
    mine: Flags
    step: MonthlyStep


def extended(posterior: Posterior, months: int, together: Sequence[Wander], seed: int) -> Posterior:
    """Return draws whose paths go on for some months.

    Parameters
    ----------
    posterior
        What a fit left.
    months
        How many months further.
    together
        What nationalities share.
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
        away += [_shared(rng, one, shape) for one in together if one.family == family]
        ahead = path[:, -1:].astype(np.float64) + np.sum(np.broadcast_arrays(*away), axis=0)
        paths[family] = np.concatenate([path, np.clip(ahead, -FARTHEST, FARTHEST)], axis=1)
    return replace(posterior, months=(*posterior.months, *names), paths=paths)


def run_scenarios(
    problem: CorridorProblem, scenarios: Sequence[Scenario], members: int, seed: int
) -> list[dict[str, Array]]:
    """Run scenarios with chance; what they have in common is run once.

    Parameters
    ----------
    problem
        The fit, whose record says what is seen.
    scenarios
        Scenarios with the same draws.
    members
        Number of the first draws to run.
    seed
        Names the luck.

    Returns
    -------
    list of dict of str to numpy.ndarray
        Of each scenario, what each of `SIGHTS` sees; 32-bit, shape (R, T, N).
    """
    draws = scenarios[0].posterior
    most = min(members, draws.draws) if draws else members
    runs = execute(RunSpec.of(scenarios, most, seed, by=COUNTED), 1)
    views = [view for view in SIGHTS if view in problem.record.views]
    return [
        {view: problem.record.seen(view, one).astype(np.float32) for view in views}
        for one in (runs.isel(scenario=n) for n in range(len(scenarios)))
    ]


SIGHTS = (ZONES, GATES, STOPS, TRANSIT)
"""Views of people by nationality on the way and at its end."""

COUNTED = {name: SUMS[name] for name in ("entries", "encounters", "stops")}
"""What they are made of."""


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
    size = one.step.of_each(rng, shape[0])[:, None, None]
    steps = size * rng.standard_normal((*shape[:2], 1))
    if one.family in FAIR:
        steps -= size**2 / 2.0
    return np.asarray(np.cumsum(steps, axis=1) * one.mine)
