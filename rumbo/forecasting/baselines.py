"""Plain references: same as last month, the usual season, and three textbook methods."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import ndtri

from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.forecasting.season import factors, month_numbers
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known, Series
from rumbo.scores.quantiles import PROBABILITIES

WINDOW = 48
"""Months that the spread of persistence is taken from: a presidency, long enough to hold several
changes of policy, short enough to forget the road of ten years ago. Textbook methods are fitted to
all months there are, as in the study on these figures that found them best."""

SHORTEST = 18
"""Fewest months of a series for a forecast: a year of changes over six months."""


COVERS = (98, 95, 90, 80, 70, 60, 50, 40, 30, 20, 10)
"""Covers of the ranges whose ends, with the median, are the 23 quantiles, in %."""

SIDES = [*(("lo", cover) for cover in COVERS), *(("hi", cover) for cover in COVERS[::-1])]
"""Side and cover of each quantile but the median, rising."""


def forecast_each(
    known: Known, keys: Sequence[Key], horizon: int, one: Callable[[Series], Array]
) -> Forecast:
    """Forecast series one by one.

    Parameters
    ----------
    known, keys, horizon
        As in `Component`.
    one
        Gives the quantiles of a series, shape (H, Q).

    Returns
    -------
    Forecast
        Of the series with at least 18 months.
    """
    series = [known.series(key) for key in keys]
    long = [each for each in series if len(each.values) >= SHORTEST]
    shape = (len(long), horizon)
    months = [months_ahead(each.last, horizon) for each in long]
    return Forecast(
        tuple(each.key for each in long),
        np.array(months, dtype="datetime64[M]").reshape(shape),
        np.array([one(each) for each in long]).reshape(*shape, len(PROBABILITIES)),
    )


def spreads(logs: Array, horizon: int, window: int = WINDOW) -> Array:
    """Root mean square of changes over 1 to H months, in the last months; shape (H,)."""
    recent = logs[-window:]
    changes = [recent[h:] - recent[:-h] for h in range(1, horizon + 1)]
    return np.array([np.sqrt(np.mean(change**2)) for change in changes])


@dataclass(frozen=True)
class Persistence:
    """Same as the last month, with the spread of past changes; a random walk.

    Attributes
    ----------
    name
        Name in tables.
    season
        Share of the seasonal factors that is believed, 0 to 1.
    window
        Months that the spread is taken from; fewer where the series is shorter.
    """

    name: str = "persistence"
    season: float = 0.0
    window: int = WINDOW

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series; see `Component`."""
        return forecast_each(known, keys, horizon, lambda series: self._one(series, horizon))

    def _one(self, series: Series, horizon: int) -> Array:
        rhythm = self.season * factors(series)
        steady = np.log1p(series.values) - rhythm[month_numbers(series.months)]
        ahead = rhythm[month_numbers(months_ahead(series.last, horizon))]
        spread = spreads(steady, horizon, self.window)
        return np.asarray((steady[-1] + ahead)[:, None] + spread[:, None] * ndtri(PROBABILITIES))


@dataclass(frozen=True)
class Textbook:
    """A method of statsforecast on the log scale.

    Attributes
    ----------
    method
        ``damped-ets``: exponential smoothing with additive error and damped trend; ``auto-arima``:
        ARIMA without seasons, chosen by AICc; ``theta``: the standard Theta method, whose ranges
        the library takes from 200 draws of a seed of its own.
    """

    method: Literal["damped-ets", "auto-arima", "theta"]

    @property
    def name(self) -> str:
        """Name in tables."""
        return self.method

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series; see `Component`."""
        return forecast_each(known, keys, horizon, lambda series: self._one(series, horizon))

    def _one(self, series: Series, horizon: int) -> Array:
        logs = np.log1p(series.values)
        # The search for parameters tries values that overflow, and says so of each.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            forecast = self._model().forecast(y=logs, h=horizon, level=list(COVERS))
        rows = [forecast[f"{side}-{cover}"] for side, cover in SIDES]
        quantiles = np.array([np.asarray(row, dtype=np.float64) for row in rows]).T
        middle = np.asarray(forecast["mean"], dtype=np.float64)[:, None]
        half = len(COVERS)
        return np.sort(np.hstack([quantiles[:, :half], middle, quantiles[:, half:]]), axis=1)

    def _model(self) -> Any:
        from statsforecast.models import AutoARIMA, AutoETS, Theta

        if self.method == "damped-ets":
            return AutoETS(season_length=1, model="AAN", damped=True)
        return AutoARIMA(season_length=1) if self.method == "auto-arima" else Theta(season_length=1)


PERSISTENCE = Persistence()
SEASONAL = Persistence("seasonal-persistence", 0.5)
SHORT = Persistence("persistence-24", window=24)
LONG = Persistence("persistence-96", window=96)
SEASONAL_LONG = Persistence("seasonal-persistence-96", 0.5, window=96)
BASELINES = (
    PERSISTENCE,
    SEASONAL,
    SHORT,
    LONG,
    SEASONAL_LONG,
    Textbook("damped-ets"),
    Textbook("auto-arima"),
    Textbook("theta"),
)
"""The references, the first of which scores are relative to."""
