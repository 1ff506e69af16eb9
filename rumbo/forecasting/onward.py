"""Forecasts from simulated counts: every member starts from the last published figure."""

from collections.abc import Sequence

import numpy as np

from rumbo.fitting.views import error_of
from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Series
from rumbo.scores.quantiles import PROBABILITIES


def gathered(mine: Sequence[Series], made: Sequence[Array], horizon: int) -> Forecast:
    """Return the forecast of several series.

    Parameters
    ----------
    mine
        The series; K of them.
    made
        Quantiles of each; shapes (H, Q).
    horizon
        Months ahead.

    Returns
    -------
    Forecast
    """
    shape = (len(mine), horizon)
    months = [months_ahead(series.last, horizon) for series in mine]
    return Forecast(
        tuple(series.key for series in mine),
        np.array(months, dtype="datetime64[M]").reshape(shape),
        np.array(made).reshape(*shape, len(PROBABILITIES)),
    )


def luck_of(observed: Series, seed: int, at: int) -> np.random.Generator:
    """Return the luck of a series' forecast, named by seed, series and month of the run."""
    return np.random.default_rng((seed, at, *map(ord, str(observed.key))))


def changes_ahead(counts: Array, at: int, horizon: int) -> Array:
    """Return how far the logs of simulated counts lie from those of a month.

    Parameters
    ----------
    counts
        By member and month; shape (R, T).
    at
        The month.
    horizon
        Months ahead.

    Returns
    -------
    numpy.ndarray
        Shape (R, H).
    """
    logs = np.log1p(counts[:, at : at + horizon + 1])
    return np.asarray(logs[:, 1:] - logs[:, :1])


def onward(observed: Series, changes: Array, error: float, rng: np.random.Generator) -> Array:
    """Return the quantiles of a series that changes as members do from its last figure on.

    Parameters
    ----------
    observed, changes, error, rng
        As for `paths_onward`.

    Returns
    -------
    numpy.ndarray
        Of ``log(1 + figure)``; shape (H, Q).
    """
    path = paths_onward(observed, changes, error, rng)
    return np.asarray(np.quantile(path, PROBABILITIES, axis=0).T)


def paths_onward(observed: Series, changes: Array, error: float, rng: np.random.Generator) -> Array:
    """Return members of a series that changes as they do from its last figure on.

    Parameters
    ----------
    observed
        The series.
    changes
        Changes of the log by member and month ahead; shape (R, H).
    error
        Least error of the log of a count; see `error_of`.
    rng
        Luck of the errors.

    Returns
    -------
    numpy.ndarray
        Of ``log(1 + figure)``; shape (R, H).
    """
    path = np.log1p(observed.values[-1]) + changes
    # Both the last figure and the one to come are counts with an error.
    noise = np.sqrt(2.0) * error_of(observed.values[-1], error)
    return np.asarray(np.maximum(path + noise * rng.standard_normal(path.shape), 0.0))
