"""Ranges of what lies ahead, branch by branch and mixed, beside what came afterwards."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from rumbo.answers.outlook.ahead import RunsAhead
from rumbo.answers.outlook.asked import OutlookAsked
from rumbo.answers.outlook.counted import SeriesAhead, families_known
from rumbo.fitting.record import QUEUE, WAITING
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import HINDSIGHT, Key, Known, known
from rumbo.scores.branches import weighted_quantiles

LEVELS = {"low_90": 0.05, "low_50": 0.25, "middle": 0.5, "high_50": 0.75, "high_90": 0.95}
"""Ends of the ranges, and the probability of each."""

MIXED = "mixed"
"""Name of all branches together, each by its probability."""

AHEAD, NOWCAST, FITTED = "ahead", "nowcast", "fit"
"""Kinds of months: those that are asked for, those over or begun whose figures are not out, and
those of the fit."""


def ranges_of(runs: RunsAhead, asked: OutlookAsked, every: Iterable[SeriesAhead]) -> pd.DataFrame:
    """Return ranges by series, place, month and branch.

    Parameters
    ----------
    runs
        The runs.
    asked
        The months ahead.
    every
        Members of every series.

    Returns
    -------
    pandas.DataFrame
        Columns series, place, branch (`MIXED` for all together), month (``YYYY-MM``), kind, and
        the ends of `LEVELS`; persons.
    """
    rows = [row for one in every for row in _rows(runs, asked, one)]
    return pd.DataFrame(rows, columns=["series", "place", "branch", "month", "kind", *LEVELS])


def _rows(runs: RunsAhead, asked: OutlookAsked, one: SeriesAhead) -> Iterator[tuple[object, ...]]:
    chances = np.array([branch.probability for branch in runs.branches])
    pooled = {MIXED: (one.values, chances)} | {
        branch.name: (one.values[n : n + 1], np.ones(1)) for n, branch in enumerate(runs.branches)
    }
    months = runs.months[one.first :]
    for name, (values, weights) in pooled.items():
        for month, ends in zip(months, mixed_ends(values, weights), strict=True):
            kind = _kind(month, runs, asked)
            yield (one.series, one.place, name, str(month), kind, *map(float, ends))


def mixed_ends(values: Array, chances: Array) -> Array:
    """Return the ends of `LEVELS` over branches and members, by month.

    Parameters
    ----------
    values
        By branch, member and month; shape (B, R, T).
    chances
        Of each branch; shape (B,).

    Returns
    -------
    numpy.ndarray
        Shape (T, L).
    """
    branches, members, months = values.shape
    weights = np.repeat(chances, members)
    levels = np.array([*LEVELS.values()])
    return weighted_quantiles(values.reshape(branches * members, months), weights, levels).T


def _kind(month: np.datetime64, runs: RunsAhead, asked: OutlookAsked) -> str:
    if month >= asked.months[0]:
        return AHEAD
    return FITTED if month <= runs.problem.months[-1] else NOWCAST


def what_came_after(runs: RunsAhead, place: str) -> pd.DataFrame:
    """Return the figures that were published after the day, of months past the fit's last figures.

    Nothing of an outlook is made from them.

    Parameters
    ----------
    runs
        The runs.
    place
        Id of the place, whose estimates of people waiting are listed beside those of the queue.

    Returns
    -------
    pandas.DataFrame
        Columns series, place, month, came, low, high (of an estimate), published, publisher and
        estimate (whether it is one of a stock, several of which there may be).
    """
    return figures_after(
        known(runs.whole, HINDSIGHT),
        runs.problem.known,
        place,
        runs.problem.months[-1],
        runs.months[-1],
    )


def figures_after(
    later: Known, seen: Known, place: str, fitted: np.datetime64, until: np.datetime64
) -> pd.DataFrame:
    """Return the figures that one day knew and another did not yet.

    Parameters
    ----------
    later, seen
        What was known on both days.
    place
        As in `what_came_after`.
    fitted, until
        Last month of the fit, and last month of the outlook.

    Returns
    -------
    pandas.DataFrame
        As from `what_came_after`.
    """
    rows: list[tuple[object, ...]] = []
    for name, key in families_known(seen).items():
        last = seen.series(key).last
        series = later.series(key)
        for month, value in zip(series.months, series.values, strict=True):
            if last < month <= until:
                rows.append((name, "", str(month), value, np.nan, np.nan, False))
    stocks = {(WAITING, place): Key(WAITING, "", place), (QUEUE, ""): Key(QUEUE)}
    for (name, at), key in stocks.items():
        # An estimate of a month that the day knew another of is none that came after.
        had = {count.first for count in seen.counts(key)}
        for count in later.counts(key):
            if count.first not in had and fitted < count.first <= until:
                rows.append((name, at, str(count.first), count.value, count.low, count.high, True))
    columns = ["series", "place", "month", "came", "low", "high", "estimate"]
    return pd.DataFrame(rows, columns=columns)


def held(table: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """Return what came beside the mixed range, and whether the 90 % range held it.

    Parameters
    ----------
    table
        As from `ranges_of`.
    came
        As from `what_came_after`.

    Returns
    -------
    pandas.DataFrame
        Rows of both, with inside_50 and inside_90. Of an estimate with a range of its own, whether
        the two ranges meet.
    """
    mine = table[(table["branch"] == MIXED) & (table["kind"] == AHEAD)]
    both = mine.merge(came, on=["series", "place", "month"])
    low, high = both["low"].fillna(both["came"]), both["high"].fillna(both["came"])
    for cover in (50, 90):
        both[f"inside_{cover}"] = (both[f"low_{cover}"] <= high) & (low <= both[f"high_{cover}"])
    return both
