"""The published forecast and its score: every component in one list, the outline among them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.forecasting.baselines import BASELINES
from rumbo.forecasting.drivers import stale
from rumbo.forecasting.evaluate import Evaluation, evaluate, publish
from rumbo.forecasting.form import HORIZON, Forecast
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.panel import day_of, origin_by
from rumbo.forecasting.question import STACK, question_from, usual_question
from rumbo.forecasting.shocks import Shocks
from rumbo.forecasting.table import to_table
from rumbo.run.workers import Progress
from rumbo.scenario.changes import as_day
from rumbo.scenario.figures import known
from rumbo.scenario.scenario import Scenario

COMPONENTS = (*BASELINES, Shocks(), OutlineForecast())
"""What forecasts are made with."""


def forecast(
    scenario: Scenario,
    as_of: date | str,
    folder: str | Path,
    *,
    horizon: int = HORIZON,
    targets: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Forecast what a corridor asks for as the record stood on a day.

    The stack learns its weights from forecasts as of the 24 months before, fewer where figures
    begin later, which are made and kept too; asked again with the same folder, only what is new is
    made.

    Parameters
    ----------
    scenario
        Its corridor's figures are forecast.
    as_of
        The day; the forecast is of the last 22nd of a month up to it; see
        `rumbo.forecasting.panel.DAY_OF_MONTH`.
    folder
        Where forecasts are kept.
    horizon
        Months ahead of each series' last published one, 1 to 6.
    targets
        Families to forecast; all that the corridor names if empty.
    workers
        Processes; every core if None.
    progress
        Told of forecasts made, and of all.

    Returns
    -------
    pandas.DataFrame
        The published forecast in the columns of the forecast hubs, see `to_table`: 23 quantiles
        by target, month, nationality and area; and ``stale_driver``, the last month of the counts
        of people on the way where they were too old (see `rumbo.forecasting.drivers.stale`), else
        empty.

    Raises
    ------
    Faults
        If the day, or the horizon, leaves nothing to forecast from; then nothing is written.
    """
    question = question_from(scenario, origin_of(as_of), horizon, targets)
    panel, _ = publish(
        scenario, COMPONENTS, Path(folder), question, workers=workers, progress=progress
    )
    published = Forecast(panel.keys, panel.months[-1], panel.forecasts[STACK.name][-1])
    table = to_table(published, STACK.name, day_of(panel.origins[-1]))
    last = stale(known(scenario, day_of(panel.origins[-1])))
    return table.assign(stale_driver="" if last is None else str(last))


def keep_score(
    scenario: Scenario,
    folder: str | Path,
    *,
    targets: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Forecast from every origin by which this version is judged, and score all.

    Parameters
    ----------
    scenario, folder, targets, workers, progress
        As in `forecast`.

    Returns
    -------
    Evaluation
    """
    question = usual_question(scenario, targets)
    return evaluate(
        scenario, COMPONENTS, Path(folder), question, workers=workers, progress=progress
    )


def origin_of(as_of: date | str) -> np.datetime64:
    """Return the origin month whose day is the last one up to a day.

    Parameters
    ----------
    as_of
        The day.

    Returns
    -------
    numpy.datetime64
        The month.

    Raises
    ------
    Faults
        If it is not a date.
    """
    faults = Collector()
    day = as_day("forecast", "as_of", as_of, faults)
    faults.check()
    return origin_by(day.date())
