"""Hindcasts: forecasts that are given the entries which came later, an upper bound and no forecast.

They tell what the corridor is worth when its inflow is known, which is the main uncertainty of a
forecast.
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.views import views_of
from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.evaluate import Evaluation, evaluate
from rumbo.forecasting.outline.build import build
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.outline.effect import USUAL, Ensemble, fitted, misfit
from rumbo.forecasting.outline.problem import Problem
from rumbo.forecasting.published import Stack
from rumbo.forecasting.question import usual_question
from rumbo.forecasting.targets import Families
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import HINDSIGHT, Key, Known, known
from rumbo.scenario.header import Hindcast
from rumbo.scenario.roles import ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS
from rumbo.scores.quantiles import PROBABILITIES, held, wis

MONTHS = 7
"""Most months of the frozen test."""

WHOLE = 36
"""Months of the fit whose closeness is told."""

WIDE = Ensemble(1_000)
"""Size of that fit."""


def asked_of(scenario: Scenario) -> Hindcast:
    """Return what hindcasts of a corridor ask.

    Parameters
    ----------
    scenario
        A scenario of the corridor.

    Returns
    -------
    Hindcast

    Raises
    ------
    Faults
        If the corridor does not say.
    """
    if scenario.header.hindcast is None:
        message = "hindcast is missing: the day as of which hindcasts are made, and a lever"
        cure = "Add a line such as 'hindcast: {as_of: 2024-06-10, lever: bus-closure}'"
        raise Faults([Fault("corridor.yaml", 0, message, cure)])
    return scenario.header.hindcast


def entries_given(
    scenario: Scenario,
    folder: str | Path,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score the outline from every origin, given what was counted on the way later.

    Parameters
    ----------
    scenario, folder, workers, progress
        As in `rumbo.forecasting.forecast.keep_score`.

    Returns
    -------
    Evaluation
        Of the totals of zones and stops; the model is ``mechanistic-entries-given``.
    """
    given = OutlineForecast(given=known(scenario, HINDSIGHT))
    question, views = usual_question(scenario), views_of(scenario.roles)
    seen = [(views[name].total,) for name in (ZONES, STOPS)]
    totals: Families = {name: keys for name, keys in question.series.items() if keys in seen}
    question = replace(question, series=totals, stack=Stack((given.name,)))
    return evaluate(scenario, [given], Path(folder), question, workers=workers, progress=progress)


def frozen(scenario: Scenario, size: Ensemble = USUAL) -> pd.DataFrame:
    """Score up to seven months from the day that the corridor names, the entries given.

    Parameters
    ----------
    scenario
        Its corridor's figures are used.
    size
        Size and luck of the fit.

    Returns
    -------
    pandas.DataFrame
        For zones and stops as far as there are figures: mean weighted interval score of the logs,
        that of persistence, their ratio, and the share of months within the 50 and 90 % ranges.
    """
    then, later = known(scenario, asked_of(scenario).as_of), known(scenario, HINDSIGHT)
    problem = build(then, given=later)
    series = problem.series(fitted(problem, size))
    seen = [(name, views_of(scenario.roles)[name].total) for name in (ZONES, STOPS)]
    rows = [
        _frozen_row(key, problem, series[name].sum(axis=2), then, later)
        for name, key in seen
        if key in then.keys(key.measure, key.component)
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
    came = np.log1p(later.series(key).since(seen.last + 1).values[:MONTHS])
    ours = np.quantile(path, PROBABILITIES, axis=0).T[: len(came)]
    same = PERSISTENCE(then, (key,), MONTHS).quantiles[0, : len(came)]
    score, theirs = wis(ours, came).mean(), wis(same, came).mean()
    inside = [float(np.mean(held(ours, came, cover))) for cover in (0.5, 0.9)]
    return (str(key), float(score), float(theirs), float(score / theirs), inside[0], inside[1])


def in_sample(scenario: Scenario, window: int = WHOLE, size: Ensemble = WIDE) -> pd.DataFrame:
    """Tell how closely a fit of the outline meets the figures it is fitted to.

    Parameters
    ----------
    scenario
        Its corridor's figures are used, as of the day that it names.
    window
        Months of the fit.
    size
        Size and luck of the fit.

    Returns
    -------
    pandas.DataFrame
        One row: ``rmse_zones``, the root mean square error of the log of the total of all zones;
        ``misfit``, the mean squared error of all figures over their errors' variance; ``seconds``.
    """
    began = time.perf_counter()
    problem = build(known(scenario, asked_of(scenario).as_of), window)
    unknowns = fitted(problem, size)
    seconds = time.perf_counter() - began
    gap = np.median(problem.predict(unknowns), axis=1) - problem.observations.value
    total = (problem.observations.view == ZONES) & (problem.observations.group == -1)
    row = {
        "rmse_zones": float(np.sqrt(np.mean(gap[total] ** 2))),
        "misfit": misfit(problem, unknowns),
        "members": size.members,
        "seconds": seconds,
    }
    return pd.DataFrame([row])
