"""Hindcasts: forecasts that are given the entries which came later, an upper bound and no forecast.

They tell what the corridor is worth when its inflow is known, which is the main uncertainty of a
forecast.
"""

import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.evaluate import HINDSIGHT, Evaluation, evaluate
from rumbo.forecasting.outline.build import build
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.outline.effect import USUAL, Ensemble, fitted, misfit
from rumbo.forecasting.outline.problem import Problem
from rumbo.forecasting.published import Stack
from rumbo.forecasting.question import Question
from rumbo.forecasting.targets import MEXICO, PATROL, Families
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known, known
from rumbo.scenario.scenario import Scenario
from rumbo.scores.quantiles import PROBABILITIES, held, wis

FROZEN = date(2024, 8, 10)
"""Day by which the figures of June 2024 were out, of Mexico too, and none of July."""

MONTHS = 7
"""Months of the frozen test: July 2024 to January 2025."""

WHOLE = 36
"""Months of the fit whose closeness is told: July 2021 to June 2024."""

WIDE = Ensemble(1_000)
"""Size of that fit."""


def entries_given(
    scenario: Scenario,
    folder: str | Path,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score the outline from every origin, given what Honduras and Panama counted later.

    Parameters
    ----------
    scenario, folder, workers, progress
        As in `rumbo.forecasting.forecast.keep_score`.

    Returns
    -------
    Evaluation
        Of the totals; the model is ``mechanistic-entries-given``.
    """
    given = OutlineForecast(given=known(scenario, HINDSIGHT))
    totals: Families = {"border-patrol": (PATROL,), "mexico": (MEXICO,)}
    question = Question(series=totals, stack=Stack((given.name,)))
    return evaluate(scenario, [given], Path(folder), question, workers=workers, progress=progress)


def frozen(scenario: Scenario, size: Ensemble = USUAL) -> pd.DataFrame:
    """Score seven months from one origin, June 2024, the entries given.

    Parameters
    ----------
    scenario
        Its corridor's figures are used.
    size
        Size and luck of the fit.

    Returns
    -------
    pandas.DataFrame
        For the Border Patrol and for Mexico: mean weighted interval score of the logs, that of
        persistence, their ratio, and the share of months within the 50 and 90 % ranges.
    """
    then, later = known(scenario, FROZEN), known(scenario, HINDSIGHT)
    problem = build(then, given=later)
    series = problem.series(fitted(problem, size))
    rows = [
        _frozen_row(key, problem, series[view].sum(axis=2), then, later)
        for key, view in ((PATROL, "USBP"), (MEXICO, "stops"))
    ]
    columns = ["series", "wis_log", "persistence", "ratio", "held_50", "held_90"]
    return pd.DataFrame(rows, columns=columns)


def _frozen_row(
    key: Key, problem: Problem, counts: Array, then: Known, later: Known
) -> tuple[str, float, float, float, float, float]:
    seen = then.series(key)
    at = int((seen.last - problem.months[0]).astype(int))
    logs = np.log1p(counts[:, at : at + MONTHS + 1])
    path = np.log1p(seen.values[-1]) + logs[:, 1:] - logs[:, :1]
    ours = np.quantile(path, PROBABILITIES, axis=0).T
    came = np.log1p(later.series(key).since(seen.last + 1).values[:MONTHS])
    same = PERSISTENCE(then, (key,), MONTHS).quantiles[0]
    score, theirs = wis(ours, came).mean(), wis(same, came).mean()
    inside = [float(np.mean(held(ours, came, cover))) for cover in (0.5, 0.9)]
    return (str(key), float(score), float(theirs), float(score / theirs), inside[0], inside[1])


def in_sample(
    scenario: Scenario, as_of: date | str, window: int, size: Ensemble = WIDE
) -> pd.DataFrame:
    """Tell how closely a fit of the outline meets the figures it is fitted to.

    Parameters
    ----------
    scenario
        Its corridor's figures are used.
    as_of
        Day up to which figures had been published.
    window
        Months of the fit.
    size
        Size and luck of the fit.

    Returns
    -------
    pandas.DataFrame
        One row: ``rmse_usbp``, the root mean square error of the log of the Border Patrol's total;
        ``misfit``, the mean squared error of all figures over their errors' variance; ``seconds``.
    """
    began = time.perf_counter()
    problem = build(known(scenario, as_of), window)
    unknowns = fitted(problem, size)
    seconds = time.perf_counter() - began
    gap = np.median(problem.predict(unknowns), axis=1) - problem.observations.value
    total = (problem.observations.view == "USBP") & (problem.observations.group == -1)
    row = {
        "rmse_usbp": float(np.sqrt(np.mean(gap[total] ** 2))),
        "misfit": misfit(problem, unknowns),
        "members": size.members,
        "seconds": seconds,
    }
    return pd.DataFrame([row])
