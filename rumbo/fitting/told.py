"""What a fit tells: how much was unknown, how far figures narrowed it, and what was predicted."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.views import Observations
from rumbo.scenario.arrays import Array
from rumbo.scores.quantiles import RANGE_90


def counted(problem: CorridorProblem) -> dict[str, str]:
    """Return how much is unknown, and what it was fitted to, for a posterior to tell.

    Parameters
    ----------
    problem
        The fit, around its centre.

    Returns
    -------
    dict of str to str
        Every level set on figures of these months counts among the unknowns, those that are moved
        together once.
    """
    rows = problem.centre.levels if problem.centre else ()
    levels = len({(row.parameter, str(row.since), row.value) for row in rows})
    told = _Counted(
        str(problem.layout.size + levels),
        str(len(problem.observations.value)),
        ", ".join(problem.record.kinds),
    )
    return told._asdict()


class _Counted(NamedTuple):
    """What a posterior tells of its fit."""

    unknowns: str
    figures: str
    views: str


def narrowed(problem: CorridorProblem, prior: Array, unknowns: Array) -> pd.DataFrame:
    """Tell of every unknown how far the figures narrowed it."""
    before, after = prior.std(axis=1), unknowns.std(axis=1)
    # Against division by 0, should all members be alike.
    moved = (unknowns.mean(axis=1) - prior.mean(axis=1)) / np.maximum(before, 1e-12)
    names = problem.names
    return names.assign(prior_sd=before, posterior_sd=after, ratio=after / before, moved=moved)


def met(observations: Observations, predicted: Array, problem: CorridorProblem) -> pd.DataFrame:
    """Tell of every figure what was predicted."""
    low, middle, high = np.expm1(np.quantile(predicted, RANGE_90, axis=1))
    nations = np.array([*problem.nationalities, "all"])
    columns = {
        "view": observations.view,
        "nationality": nations[observations.group],
        "month": problem.months[observations.month].astype(str),
        "month_end": problem.months[observations.last].astype(str),
        "value": np.expm1(observations.value),
        "low": low,
        "middle": middle,
        "high": high,
    }
    return pd.DataFrame(columns)
