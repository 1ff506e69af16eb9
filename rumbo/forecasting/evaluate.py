"""Rolling origins: forecast from each as its day knew it, stack, and keep the score."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.atomic import write_text
from rumbo.files.code import component_digest
from rumbo.forecasting.baselines import PERSISTENCE, SEASONAL
from rumbo.forecasting.checks import check_question, check_series, check_span
from rumbo.forecasting.form import HORIZON, Component, Forecast
from rumbo.forecasting.panel import Panel, day_of, months_of, place
from rumbo.forecasting.published import Stack
from rumbo.forecasting.skill import score_cells, skill
from rumbo.forecasting.store import ForecastStore
from rumbo.forecasting.targets import Families, families
from rumbo.scenario.figures import Key, Known, Months, known
from rumbo.scenario.scenario import Scenario

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

FIRST, LAST = "2022-01", "2025-06"
"""First and last origin by which this version is judged: 42 of them."""

BURN_IN = 24
"""Origins before the first from which the stack's weights are learned."""

STACK = Stack((SEASONAL.name, "damped-ets", "policy-shock", "mechanistic"))
"""The published forecast."""

HINDSIGHT = date(2199, 12, 31)
"""Day as of which every figure is known: forecasts are scored by the latest figures."""


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
    """What is forecast, by what, from where.

    Attributes
    ----------
    origins
        Origin months, those that only the stack learns from first; shape (O,).
    known
        What had been published by each origin's day.
    keys, horizon
        The series and the months ahead.
    models
        What makes forecasts.
    store
        Where they are kept.
    """

    origins: Months
    known: Sequence[Known]
    keys: tuple[Key, ...]
    horizon: int
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


def months_between(first: str, last: str) -> Months:
    """Return the months from one to another, both included."""
    return np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)


def evaluate(
    scenario: Scenario,
    components: Sequence[Component],
    folder: Path,
    *,
    origins: Months | None = None,
    burn_in: int = BURN_IN,
    horizon: int = HORIZON,
    keys: Families | None = None,
    stack: Stack = STACK,
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
    origins
        Consecutive months; 2022-01 to 2025-06 if None.
    burn_in
        Origins before the first that only the stack learns from.
    horizon
        Months ahead, 1 to 6.
    keys
        Series by family; those of `families` if None.
    stack
        The published forecast.
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
    made = publish(
        scenario,
        components,
        folder,
        origins=origins,
        burn_in=burn_in,
        horizon=horizon,
        keys=keys,
        stack=stack,
        workers=workers,
        progress=progress,
    )
    wanted = keys or families()
    scores = score_cells(made.panel, made.panel.outcomes(known(scenario, HINDSIGHT)), wanted)
    found = Evaluation(wanted, made.panel, made.weights, scores, skill(scores, PERSISTENCE.name))
    _write_tables(found, folder)
    return found


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
    *,
    origins: Months | None = None,
    burn_in: int = BURN_IN,
    horizon: int = HORIZON,
    keys: Families | None = None,
    stack: Stack = STACK,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Publication:
    """Forecast from rolling origins and stack the components, without scoring them.

    Parameters
    ----------
    scenario, components, folder, origins, burn_in, horizon, keys, stack, workers, progress
        As in `evaluate`.

    Returns
    -------
    Publication

    Raises
    ------
    Faults
        As in `evaluate`.
    """
    chosen = months_between(FIRST, LAST) if origins is None else origins
    hindsight = known(scenario, HINDSIGHT)
    check_question(chosen, horizon)
    every = np.concatenate([chosen[0] - np.arange(burn_in, 0, -1), chosen])
    check_span(hindsight, every)
    wanted = keys or families()
    listed = tuple(key for family in wanted.values() for key in family)
    check_series(hindsight, listed, every)
    models = [PERSISTENCE, *(one for one in components if one != PERSISTENCE)]
    then = [known(scenario, day_of(origin)) for origin in every]
    rolling = Rolling(every, then, listed, horizon, models, ForecastStore(folder / "model-output"))
    _forecast_all(rolling, workers, progress or (lambda _done, _all: None))
    return Publication(*_publish(_read(rolling), rolling, wanted, stack, burn_in))


def _forecast_all(rolling: Rolling, workers: int | None, progress: Progress) -> None:
    """Make and keep the forecasts that are not there yet."""
    store = rolling.store
    store.sweep()
    tasks = list(_tasks(rolling))
    left = [t for t in tasks if not store.has(t.model.name, t.known.as_of, t.digest)]
    done = len(tasks) - len(left)
    progress(done, len(tasks))
    with joblib.Parallel(workers or -1, return_as="generator_unordered", batch_size=1) as pool:
        forecast = joblib.delayed(_forecast)
        for _ in pool(forecast(task, rolling.keys, rolling.horizon, store) for task in left):
            done += 1
            progress(done, len(tasks))


def _tasks(rolling: Rolling) -> Iterator[Task]:
    asked = repr((rolling.keys, rolling.horizon))
    code = [(model, component_digest(model)) for model in rolling.models]
    for then in rolling.known:
        for model, digest in code:
            parts = "\n".join((asked, then.digest, digest))
            yield Task(then, model, hashlib.sha256(parts.encode()).hexdigest())


def _forecast(task: Task, keys: Sequence[Key], horizon: int, store: ForecastStore) -> None:
    forecast = task.model(task.known, keys, horizon)
    place(forecast, keys, months_of(task.known, keys, horizon))
    store.write(forecast, task.model.name, task.known.as_of, task.digest)


def _read(rolling: Rolling) -> Panel:
    months = np.array([months_of(one, rolling.keys, rolling.horizon) for one in rolling.known])
    kept = list(zip(rolling.known, months, strict=True))

    def of(name: str) -> Array:
        read = rolling.store.read
        return np.array([place(read(name, k.as_of), rolling.keys, asked) for k, asked in kept])

    forecasts = {model.name: of(model.name) for model in rolling.models}
    return Panel(rolling.origins, rolling.keys, months, forecasts)


def _publish(
    panel: Panel, rolling: Rolling, wanted: Families, stack: Stack, burn_in: int
) -> tuple[Panel, pd.DataFrame]:
    """Stack each origin after the burn-in, and keep what is published."""
    made, weights = [], []
    for o in range(burn_in, len(panel.origins)):
        then = rolling.known[o]
        quantiles, rows = stack.publish(panel, panel.outcomes(then), o, wanted)
        made.append(quantiles)
        weights.append(rows)
        rolling.store.write(_whole(quantiles, panel, o), stack.name, then.as_of, stack.name)
    forecasts = {name: array[burn_in:] for name, array in panel.forecasts.items()}
    forecasts[stack.name] = np.array(made)
    judged = Panel(panel.origins[burn_in:], panel.keys, panel.months[burn_in:], forecasts)
    return judged, pd.concat(weights, ignore_index=True)


def _whole(quantiles: Array, panel: Panel, origin: int) -> Forecast:
    """Leave out the series that no member forecast."""
    there = np.isfinite(quantiles).all(axis=(1, 2))
    keys = tuple(panel.keys[k] for k in np.flatnonzero(there))
    return Forecast(keys, panel.months[origin, there], quantiles[there])


def _write_tables(found: Evaluation, folder: Path) -> None:
    for name in ("weights", "scores", "skill"):
        table: pd.DataFrame = getattr(found, name)
        write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
