"""From what had been published by a day to a fit of the outline."""

import numpy as np
import pandas as pd

from rumbo.fitting.paths import PATHS, Path
from rumbo.fitting.views import VIEWS, Observations, look
from rumbo.forecasting.outline.problem import (
    EXPELLED,
    FURTHEST,
    GROUPS,
    OTHERS_EXPELLED,
    OVERLAND,
    REPEATED,
    Problem,
)
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known

WINDOW = 24
"""Months of figures that a fit uses."""

GUESSED_ON = 8
"""First months of the window whose figures give the levels that paths start from."""

SEASONS = ("2012-01", "2019-12")
"""Months whose figures give seasonal factors: before the pandemic."""

STRENGTH = 0.5
"""Share of the seasonal factors that is used: a study on the bundled figures found half best."""

LATE = 20
"""An event from this day of a month on also widens the step of the next month."""


def build(known: Known, window: int = WINDOW, given: Known | None = None) -> Problem:
    """Set up a fit.

    Parameters
    ----------
    known
        What had been published.
    window
        Months of figures to use.
    given
        Later entries, for a hindcast that is given them: what Honduras and Panama published later.

    Returns
    -------
    Problem

    Raises
    ------
    Faults
        If figures are missing.
    """
    last = known.series(Key("encounters", "USBP")).last
    months = np.arange(last - window + 1, last + FURTHEST + 1)
    observations = look(known, months[:window], GROUPS)
    if given is not None:
        observations = _join(observations, _later(given, months, window, observations))
    levels = _means(observations)
    return Problem(
        known=known,
        months=months,
        fitted=window,
        observations=observations,
        starts=_starts(levels),
        widths={p.name: _widths(p, known, months, window) for p in PATHS},
        season=_season(known, months),
        title_42=_title_42(known, months),
    )


def _later(given: Known, months: Months, window: int, observations: Observations) -> Observations:
    later = look(given, months, GROUPS, ("honduras", "darien"))
    seen = set(zip(observations.view, observations.month, observations.group, strict=True))
    new = [key not in seen for key in zip(later.view, later.month, later.group, strict=True)]
    return Observations(*(column[np.array(new)] for column in later))


def _join(one: Observations, other: Observations) -> Observations:
    return Observations(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _means(observations: Observations) -> dict[str, Array]:
    """Mean counts of the first months by view and nationality; shape (G,)."""
    early = observations.month < GUESSED_ON
    means = {}
    for view in VIEWS:
        means[view] = np.zeros(len(GROUPS))
        for g in range(len(GROUPS)):
            mine = early & (observations.view == view) & (observations.group == g)
            if mine.any():
                means[view][g] = np.expm1(observations.value[mine]).mean()
    return means


def _starts(mean: dict[str, Array]) -> dict[str, Array]:
    """Levels that paths start from: logs of guesses from mean counts."""
    # Guesses to start from (assumed): people added keep logs finite where nobody was
    # counted, and bounds keep rates within reason. Ten days on the road make a share a rate.
    met = mean["USBP"] + mean["OFO"] + 10.0
    entries = np.maximum(met, np.maximum(mean["honduras"], 0.5 * mean["stops"]))
    counted = (mean["stops"] + 5.0) / entries
    return {
        "entry": np.log(entries),
        "stop": np.log(np.clip(counted, 0.02, 3.0) / 10.0),
        "port": np.log((mean["OFO"] + 5.0) / (mean["USBP"] + 5.0)).clip(-5.0, 2.0),
        "honduras": np.log((mean["honduras"] + 5.0) / entries),
        "darien": np.log((mean["darien"] + 5.0) / entries),
    }


def _widths(path: Path, known: Known, months: Months, fitted: int) -> Array:
    """Standard deviation of each month's step; months to come have the mean variance so far."""
    dated = _dated(known, path.actors)
    wide = np.where(np.isin(months, dated), path.jolt, 1.0) * path.step
    wide[fitted:] = np.sqrt(np.mean(wide[1:fitted] ** 2))
    wide[0] = path.start
    return wide


def _dated(known: Known, actors: tuple[str, ...]) -> Months:
    """Months with dated events, as far as they were known."""
    calendar = known.calendar()
    if actors:
        calendar = calendar[calendar["actor"].isin(actors)]
    days = pd.DatetimeIndex(calendar["since"])
    month = days.to_numpy().astype("datetime64[M]")
    return np.unique(np.concatenate([month, month[days.day >= LATE] + 1]))


def _season(known: Known, months: Months) -> Array:
    """Logs of seasonal factors of those whose entries nobody counts."""
    seasons = np.zeros((len(months), len(GROUPS)))
    number = months.astype(np.int64) % 12
    for g, name in enumerate(GROUPS):
        if name not in OVERLAND:
            seasons[:, g] = (
                STRENGTH * seasonal(known, Key("encounters", "USBP", "all", name))[number]
            )
    return seasons


def seasonal(known: Known, key: Key) -> Array:
    """Return logs of a series' seasonal factors, January first; shape (12,).

    Parameters
    ----------
    known
        What had been published.
    key
        The series.

    Returns
    -------
    numpy.ndarray
        Mean by calendar month of the logs less those of a centred year, summing to zero.
    """
    series = known.series(key)
    low, high = (np.datetime64(month, "M") for month in SEASONS)
    inside = (series.months >= low) & (series.months <= high)
    logs = pd.Series(np.log1p(series.values[inside]))
    # A centred year takes twelve: fewer would leave less than two values a month.
    if len(logs) < 36:
        return np.zeros(12)
    trend = logs.rolling(13, center=True).mean()
    month = series.months[inside].astype(np.int64) % 12
    factor = (logs - trend).groupby(month).mean().to_numpy()
    return np.asarray(factor - factor.mean())


def _title_42(known: Known, months: Months) -> Array:
    """Share expelled and free to try again, by month and nationality."""
    calendar = known.calendar()
    calendar = calendar[calendar["lever"] == "title-42"]
    ends = calendar["until"].dropna()
    until = ends.max().to_datetime64().astype("datetime64[M]") if len(ends) else months[-1] + 1
    share = np.array([EXPELLED.get(name, OTHERS_EXPELLED) for name in GROUPS])
    return np.where((months < until)[:, None], share, REPEATED)
