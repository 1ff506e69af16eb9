"""Forecasts as tables in the columns of the forecast hubs, and back.

The columns are those of the Hubverse (hubverse.io) for quantiles: what a row is about, then
``output_type``, ``output_type_id``, ``value`` and ``model_id``. ``component`` and ``nationality``
are further columns of the task; ``step`` and ``kind`` say where a month lies.
"""

from datetime import date

import numpy as np
import pandas as pd

from rumbo.forecasting.form import Forecast
from rumbo.forecasting.panel import origin_by
from rumbo.scenario.figures import Key
from rumbo.scores.quantiles import PROBABILITIES

COLUMNS = [
    "reference_date", "target", "component", "location", "nationality", "horizon", "step",
    "kind", "target_end_date", "output_type", "output_type_id", "value", "model_id",
]  # fmt: skip


NOWCAST, FORECAST = "nowcast", "forecast"
"""Of a month that was over on the day, and of one that was not."""


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
        area, or ``all``; ``horizon`` counts months from the origin's month, as hubs do: 0 or less
        where a series comes out late; ``step`` from the series' own last published month, as
        scores do; ``kind`` is ``nowcast`` of a month that was over on the day, else ``forecast``;
        ``target_end_date`` is the last day of the month that is meant; ``value`` is in persons or
        events, at least 0.
    """
    series, horizon = forecast.months.shape
    each, many = horizon * len(PROBABILITIES), len(PROBABILITIES)
    ends = (forecast.months.ravel() + 1).astype("datetime64[D]") - 1
    ahead = (forecast.months.ravel() - origin_by(day)).astype(np.int64)
    columns = {
        **dict(zip(COLUMNS[1:5], _parts(forecast.keys, each), strict=True)),
        "reference_date": str(day),
        "horizon": np.repeat(ahead, many),
        "step": np.tile(np.repeat(np.arange(1, horizon + 1), many), series),
        "kind": np.repeat(np.where(ends < np.datetime64(day), NOWCAST, FORECAST), many),
        "target_end_date": np.repeat(np.datetime_as_string(ends), many),
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
    horizon = int(table["step"].max()) if len(table) else 1
    firsts = table.iloc[:: horizon * many]
    keys = tuple(Key(*row) for row in firsts[COLUMNS[1:5]].itertuples(index=False, name=None))
    months = table["target_end_date"].to_numpy(dtype=str)[::many].astype("datetime64[M]")
    shape = (len(keys), horizon)
    quantiles = np.log1p(table["value"].to_numpy(dtype=np.float64))
    return Forecast(keys, months.reshape(shape), quantiles.reshape(*shape, many))
