"""Forecasts of many origins side by side, and what came of them.

Array letters: ``O`` origins, ``K`` series, ``H`` months ahead, ``Q`` quantiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known
from rumbo.scores.quantiles import PROBABILITIES

DAY_OF_MONTH = 22
"""Day of the month after an origin as of which it is forecast from: by then figures that take 20
days are out for the origin, and those that take 40 for the month before."""


def day_of(origin: np.datetime64) -> date:
    """Return the day that an origin month stands for: the 22nd of the month after."""
    first = (origin.astype("datetime64[M]") + 1).astype("datetime64[D]")
    day: date = (first + (DAY_OF_MONTH - 1)).item()
    return day


def origin_by(day: date) -> np.datetime64:
    """Return the origin month whose day is the last one up to a day."""
    month: np.datetime64 = np.datetime64(day, "M") - 1
    return month if day_of(month) <= day else month - 1


@dataclass(frozen=True, eq=False)
class Panel:
    """Forecasts by origin, series and month ahead.

    Attributes
    ----------
    origins
        Origin months, rising; shape (O,).
    keys
        The series; K of them.
    months
        Months forecast: those after the last published by the origin's day; shape (O, K, H).
    forecasts
        By model, quantiles of ``log(1 + figure)``, NaN where it made none; shape (O, K, H, Q).
    """

    origins: Months
    keys: tuple[Key, ...]
    months: Months
    forecasts: Mapping[str, Array]

    def outcomes(self, known: Known) -> Array:
        """Return what came of each month, as far as it had been published by a day.

        Parameters
        ----------
        known
            What had been published by the day.

        Returns
        -------
        numpy.ndarray
            ``log(1 + figure)``, NaN where not published; shape (O, K, H).
        """
        return np.stack(
            [_figures(known, key, self.months[:, k]) for k, key in enumerate(self.keys)], axis=1
        )


def _figures(known: Known, key: Key, months: Months) -> Array:
    series = known.series(key)
    at = (months - series.months[0]).astype(np.int64)
    inside = (at >= 0) & (at < len(series.values))
    logs = np.log1p(series.values)
    return np.where(inside, logs[np.where(inside, at, 0)], np.nan)


def months_of(known: Known, keys: Sequence[Key], horizon: int) -> Months:
    """Return the months that follow each series' last published one; shape (K, H)."""
    return np.array([months_ahead(known.series(key).last, horizon) for key in keys])


def place(forecast: Forecast, keys: Sequence[Key], months: Months) -> Array:
    """Put a forecast where its series and months belong.

    Parameters
    ----------
    forecast
        Of some of the series.
    keys, months
        The series, and the months asked for; shape (K, H).

    Returns
    -------
    numpy.ndarray
        NaN for series without a forecast; shape (K, H, Q).

    Raises
    ------
    ValueError
        If the forecast is of series or months that were not asked for, or its quantiles are not
        finite and rising.
    """
    placed = np.full((*months.shape, len(PROBABILITIES)), np.nan)
    if not forecast.keys:  # read from a file, it no longer knows how many months were asked for
        return placed
    at = [keys.index(key) for key in forecast.keys if key in keys]
    if len(at) < len(forecast.keys) or not np.array_equal(forecast.months, months[at]):
        raise ValueError("a forecast must be of the series and months that were asked for")
    if not np.isfinite(forecast.quantiles).all() or (np.diff(forecast.quantiles) < 0).any():
        raise ValueError("quantiles must be finite and must not fall")
    placed[at] = forecast.quantiles
    return placed
