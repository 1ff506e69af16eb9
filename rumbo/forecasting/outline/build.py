"""From what had been published by a day to a fit of the outline."""

import numpy as np
import pandas as pd

from rumbo.fitting.paths import Path, paths_of
from rumbo.fitting.views import Observations, look, on_the_way, views_of
from rumbo.forecasting.outline.problem import FURTHEST, Problem
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.roles import GATES, ZONES
from rumbo.scenario.targets import STOPS, Backdrop

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
        Later entries, for a hindcast that is given them: what was counted on the way later.

    Returns
    -------
    Problem

    Raises
    ------
    Faults
        If figures are missing.
    """
    backdrop = known.backdrop
    last = known.series(views_of(backdrop.roles)[ZONES].total).last
    months = np.arange(last - window + 1, last + FURTHEST + 1)
    observations = look(known, months[:window], backdrop.nationalities)
    if given is not None:
        observations = _join(observations, _later(given, months, observations))
    levels = _means(observations, backdrop)
    return Problem(
        known=known,
        months=months,
        fitted=window,
        observations=observations,
        starts=_starts(levels, backdrop),
        widths={p.name: _widths(p, known, months, window) for p in paths_of(backdrop.roles)},
        season=_season(known, months),
        expelled=_expelled(known, months),
    )


def _later(given: Known, months: Months, observations: Observations) -> Observations:
    views = [name for name in views_of(given.backdrop.roles) if name not in (ZONES, GATES, STOPS)]
    later = look(given, months, given.backdrop.nationalities, views)
    seen = set(zip(observations.view, observations.month, observations.group, strict=True))
    new = [key not in seen for key in zip(later.view, later.month, later.group, strict=True)]
    return Observations(*(column[np.array(new, dtype=bool)] for column in later))


def _join(one: Observations, other: Observations) -> Observations:
    return Observations(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _means(observations: Observations, backdrop: Backdrop) -> dict[str, Array]:
    """Mean counts of the first months by view and nationality; shape (G,)."""
    views, groups = views_of(backdrop.roles), range(len(backdrop.nationalities))
    told = (observations.view == ZONES) & (observations.group >= 0)
    if told.any():
        return {view: np.array([_mean(observations, view, g) for g in groups]) for view in views}
    # Where nobody is told apart, all nationalities are taken to be as many (assumed).
    equal = {view: _mean(observations, view, -1) / len(groups) for view in views}
    return {view: np.full(len(groups), count) for view, count in equal.items()}


def _mean(observations: Observations, view: str, group: int) -> float:
    early = observations.month < GUESSED_ON
    mine = early & (observations.view == view) & (observations.group == group)
    return float(np.expm1(observations.value[mine]).mean()) if mine.any() else 0.0


def _starts(mean: dict[str, Array], backdrop: Backdrop) -> dict[str, Array]:
    """Levels that paths start from: logs of guesses from mean counts."""
    # Guesses to start from (assumed): people added keep logs finite where nobody was
    # counted, and bounds keep rates within reason. Ten days on the road make a share a rate.
    on_way = [on_the_way(one) for one in backdrop.roles.transit]
    passed = mean[on_way[-1]] if on_way else 0.0
    met = mean[ZONES] + mean[GATES] + 10.0
    entries = np.maximum(met, np.maximum(passed, 0.5 * mean[STOPS]))
    counted = (mean[STOPS] + 5.0) / entries
    return {
        "entry": np.log(entries),
        "stop": np.log(np.clip(counted, 0.02, 3.0) / 10.0),
        "port": np.log((mean[GATES] + 5.0) / (mean[ZONES] + 5.0)).clip(-5.0, 2.0),
        **{view: np.log((mean[view] + 5.0) / entries) for view in on_way},
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
    nations, roles = known.backdrop.nationalities, known.backdrop.roles
    counted = {name for one in roles.transit for name in one.nationalities or nations}
    zones = views_of(roles)[ZONES].total
    seasons = np.zeros((len(months), len(nations)))
    number = months.astype(np.int64) % 12
    for g, name in enumerate(nations):
        key = zones._replace(nationality=name)
        if name not in counted and key in known.keys(zones.measure, zones.component):
            seasons[:, g] = STRENGTH * seasonal(known, key)[number]
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


def _expelled(known: Known, months: Months) -> Array:
    """Share sent back and free to try again, by month and nationality; shape (T, G).

    The lever counts as in force until its end was known, also in months before its first day.
    """
    nations, rule = known.backdrop.nationalities, known.backdrop.expelled
    if rule is None:
        return np.zeros((len(months), len(nations)))
    calendar = known.calendar()
    ends = calendar["until"][calendar["lever"] == rule.lever].dropna()
    until = ends.max().to_datetime64().astype("datetime64[M]") if len(ends) else months[-1] + 1
    share = np.array([rule.shares.get(name, rule.others) for name in nations])
    return np.where((months < until)[:, None], share, rule.without)
