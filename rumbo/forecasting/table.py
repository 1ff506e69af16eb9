"""Forecasts as tables in the columns of the forecast hubs, and back.

The columns are those of the Hubverse (hubverse.io) for quantiles: what a row is about, then
``output_type``, ``output_type_id``, ``value`` and ``model_id``. ``component`` and ``nationality``
are further columns of the task.
"""

from datetime import date

import numpy as np
import pandas as pd

from rumbo.forecasting.form import Forecast
from rumbo.scenario.figures import Key
from rumbo.scores.quantiles import PROBABILITIES

COLUMNS = [
    "reference_date", "target", "component", "location", "nationality", "horizon",
    "target_end_date", "output_type", "output_type_id", "value", "model_id",
]  # fmt: skip


def to_table(forecast: Forecast, name: str, day: date) -> pd.DataFrame:
    """Return a forecast as rows, one a quantile.

    Parameters
    ----------
    forecast
        The forecast.
    name
        Of the component.
    day
        As of which it was made.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`: ``reference_date`` is the day; ``target`` the measure; ``location`` the
        area, or ``all``; ``horizon`` counts months from the last published month of the series;
        ``target_end_date`` is the last day of the month that is meant; ``value`` is in persons or
        events, at least 0.
    """
    series, horizon = forecast.months.shape
    each, many = horizon * len(PROBABILITIES), len(PROBABILITIES)
    after = (forecast.months.ravel() + 1).astype("datetime64[D]")
    columns = {
        **dict(zip(COLUMNS[1:5], _parts(forecast.keys, each), strict=True)),
        "reference_date": str(day),
        "horizon": np.tile(np.repeat(np.arange(1, horizon + 1), many), series),
        "target_end_date": np.repeat(np.datetime_as_string(after - 1), many),
        "output_type": "quantile",
        "output_type_id": np.tile(PROBABILITIES, series * horizon),
        "value": np.expm1(np.maximum(forecast.quantiles, 0.0)).ravel(),
        "model_id": name,
    }
    return pd.DataFrame(columns, columns=COLUMNS)


def _parts(keys: tuple[Key, ...], each: int) -> list[np.ndarray]:
    return [np.repeat(np.array([key[i] for key in keys], dtype=object), each) for i in range(4)]


def from_table(table: pd.DataFrame) -> Forecast:
    """Return the forecast that `to_table` made rows of; its quantiles are at least 0.

    Parameters
    ----------
    table
        The rows, in the order in which they were made.

    Returns
    -------
    Forecast
    """
    many = len(PROBABILITIES)
    horizon = int(table["horizon"].max()) if len(table) else 1
    firsts = table.iloc[:: horizon * many]
    keys = tuple(Key(*row) for row in firsts[COLUMNS[1:5]].itertuples(index=False, name=None))
    months = table["target_end_date"].to_numpy(dtype=str)[::many].astype("datetime64[M]")
    shape = (len(keys), horizon)
    quantiles = np.log1p(table["value"].to_numpy(dtype=np.float64))
    return Forecast(keys, months.reshape(shape), quantiles.reshape(*shape, many))
