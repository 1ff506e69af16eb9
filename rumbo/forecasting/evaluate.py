"""Rolling origins: forecast from each as its day knew it, stack, and keep the score."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd

from rumbo.files.atomic import write_text
from rumbo.files.code import component_digest
from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.checks import check_question, check_series, check_span
from rumbo.forecasting.form import Component, Forecast
from rumbo.forecasting.panel import Panel, day_of, months_of, place
from rumbo.forecasting.published import Joined
from rumbo.forecasting.question import Question, usual_question
from rumbo.forecasting.skill import score_cells, skill
from rumbo.forecasting.store import ForecastStore
from rumbo.forecasting.table import COLUMNS
from rumbo.forecasting.targets import Families
from rumbo.run.workers import Progress, end_with
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import HINDSIGHT, Known, known
from rumbo.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Forecasts from rolling origins, with their scores.

    Attributes
    ----------
    families
        Series by family.
    panel
        Forecasts of every origin, without those before the first, the stack among them.
    weights
        What the stack learned; see `Stack.publish`.
    scores
        One row a forecast; see `score_cells`.
    skill
        Beside persistence; see `skill`.
    """

    families: Families
    panel: Panel
    weights: pd.DataFrame
    scores: pd.DataFrame
    skill: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Rolling:
    """A question, and what answers it.

    Attributes
    ----------
    question
        Which series, from which months, how far ahead.
    known
        What had been published by each origin's day.
    models
        What makes forecasts.
    store
        Where they are kept.
    """

    question: Question
    known: Sequence[Known]
    models: Sequence[Component]
    store: ForecastStore


class Task(NamedTuple):
    """One forecast to make.

    Attributes
    ----------
    known
        What had been published by the day.
    model
        What makes it.
    digest
        Of all that it may depend on.
    """

    known: Known
    model: Component
    digest: str


def evaluate(
    scenario: Scenario,
    components: Sequence[Component],
    folder: Path,
    question: Question | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Forecast from rolling origins, stack the components and score all.

    Parameters
    ----------
    scenario
        Its corridor's figures are forecast.
    components
        Persistence is among them or is added.
    folder
        Where forecasts are kept as they are made, in ``model-output`` and the layout of a hub; the
        same call goes on where it was stopped. Scores are written there as tables.
    question
        Which series, from which months, how far ahead; the usual one if None.
    workers
        Processes; one for each core if None. Forecasts do not depend on it.
    progress
        Called with the forecasts made and in all.

    Returns
    -------
    Evaluation

    Raises
    ------
    Faults
        If a horizon, an origin or a series cannot be forecast; then nothing is written.
    """
    question = question or usual_question(scenario)
    made = publish(scenario, components, folder, question, workers=workers, progress=progress)
    outcomes = made.panel.outcomes(known(scenario, HINDSIGHT))
    scores = score_cells(made.panel, outcomes, question.series)
    ratios = skill(scores, PERSISTENCE.name)
    evaluation = Evaluation(question.series, made.panel, made.weights, scores, ratios)
    _write_tables(evaluation, folder)
    return evaluation


class Publication(NamedTuple):
    """Forecasts of every origin, the stack among them, and what the stack learned.

    Attributes
    ----------
    panel, weights
        As in `Evaluation`.
    """

    panel: Panel
    weights: pd.DataFrame


def publish(
    scenario: Scenario,
    components: Sequence[Component],
    folder: Path,
    question: Question,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Publication:
    """Forecast from rolling origins and stack the components, without scoring them.

    Parameters
    ----------
    scenario, components, folder, question, workers, progress
        As in `evaluate`.

    Returns
    -------
    Publication

    Raises
    ------
    Faults
        As in `evaluate`.
    """
    hindsight = known(scenario, HINDSIGHT)
    check_question(question.origins, question.horizon)
    origins = question.every_origin
    check_span(hindsight, question.keys, origins)
    check_series(hindsight, question.keys, origins)
    models = [PERSISTENCE, *(one for one in components if one != PERSISTENCE)]
    then = [known(scenario, day_of(origin)) for origin in origins]
    rolling = Rolling(question, then, models, ForecastStore(folder / "model-output"))
    _forecast_all(rolling, workers, progress or (lambda _done, _all: None))
    return _publish(_read(rolling), rolling)


def _forecast_all(rolling: Rolling, workers: int | None, progress: Progress) -> None:
    """Make and keep the forecasts that are not there yet."""
    store = rolling.store
    store.sweep()
    tasks = list(_tasks(rolling))
    left = [t for t in tasks if not store.has(t.model.name, t.known.as_of, t.digest)]
    done = len(tasks) - len(left)
    progress(done, len(tasks))
    # Here even where a cluster runs members: forecasts are kept by those who make them.
    how = {"backend": "loky", "return_as": "generator_unordered", "batch_size": 1}
    with joblib.Parallel(workers or -1, **how) as pool:
        forecast = joblib.delayed(_forecast)
        parent = os.getpid()
        for _ in pool(forecast(parent, task, rolling.question, store) for task in left):
            done += 1
            progress(done, len(tasks))


def _tasks(rolling: Rolling) -> Iterator[Task]:
    asked = repr((rolling.question.keys, rolling.question.horizon))
    code = [(model, component_digest(model)) for model in rolling.models]
    for then in rolling.known:
        for model, digest in code:
            parts = "\n".join((asked, then.digest, digest, repr(COLUMNS)))
            yield Task(then, model, hashlib.sha256(parts.encode()).hexdigest())


def _forecast(parent: int, task: Task, question: Question, store: ForecastStore) -> None:
    end_with(parent)
    keys, horizon = question.keys, question.horizon
    forecast = task.model(task.known, keys, horizon)
    place(forecast, keys, months_of(task.known, keys, horizon))
    store.write(forecast, task.model.name, task.known.as_of, task.digest)


def _read(rolling: Rolling) -> Panel:
    keys, horizon = rolling.question.keys, rolling.question.horizon
    months = np.array([months_of(then, keys, horizon) for then in rolling.known])

    def of(name: str) -> Array:
        stored = [rolling.store.read(name, then.as_of) for then in rolling.known]
        pairs = zip(stored, months, strict=True)
        return np.array([place(forecast, keys, asked) for forecast, asked in pairs])

    forecasts = {model.name: of(model.name) for model in rolling.models}
    return Panel(rolling.question.every_origin, keys, months, forecasts)


def _publish(panel: Panel, rolling: Rolling) -> Publication:
    """Stack each origin after the burn-in, and keep what is published."""
    first, stack = rolling.question.burn_in, rolling.question.stack
    forecasts = {name: array[first:] for name, array in panel.forecasts.items()}
    forecasts[stack.name], weights = _stacked(stack, panel, rolling)
    for one in rolling.question.beside:
        if set(one.members) <= set(panel.forecasts):
            forecasts[one.name], _ = _stacked(one, panel, rolling)
    judged = Panel(panel.origins[first:], panel.keys, panel.months[first:], forecasts)
    return Publication(judged, weights)


def _stacked(stack: Joined, panel: Panel, rolling: Rolling) -> tuple[Array, pd.DataFrame]:
    """Keep a stack's forecast of each origin after the burn-in; return all, and its weights."""
    stacked, weights = [], []
    for o in range(rolling.question.burn_in, len(panel.origins)):
        then = rolling.known[o]
        quantiles, rows = stack.publish(panel, panel.outcomes(then), o, rolling.question.series)
        stacked.append(quantiles)
        weights.append(rows)
        rolling.store.write(_forecast_of(quantiles, panel, o), stack.name, then.as_of, stack.name)
    return np.array(stacked), pd.concat(weights, ignore_index=True)


def _forecast_of(quantiles: Array, panel: Panel, origin: int) -> Forecast:
    """Leave out the series that no member forecast."""
    there = np.isfinite(quantiles).all(axis=(1, 2))
    keys = tuple(panel.keys[k] for k in np.flatnonzero(there))
    return Forecast(keys, panel.months[origin, there], quantiles[there])


def _write_tables(evaluation: Evaluation, folder: Path) -> None:
    for name in ("weights", "scores", "skill"):
        table: pd.DataFrame = getattr(evaluation, name)
        write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
