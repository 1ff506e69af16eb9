"""Test ``step``: how far a series moved between two stretches of months, its own season out."""

from datetime import timedelta

import numpy as np
import pandas as pd

from rumbo.answers.claims.arguments import (
    Arguments,
    Form,
    Months,
    day,
    months,
    names,
    number,
    one_of,
    series,
    years,
)
from rumbo.answers.claims.on_record import NORMAL_90, Missing, OnRecord, months_text
from rumbo.forecasting.shocks import Shocks
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key
from rumbo.scores.claims import CONTRADICTED, OPEN, SUPPORTED, Finding, Statistic
from rumbo.scores.figures import Series

UP, DOWN = "up", "down"

FORM = Form(
    needed={"series": series, "from": months, "to": months, "way": one_of(UP, DOWN)},
    allowed={"season": years, "around": day, "within": number, "quality": names},
    thresholds={"spreads": number, "rows": number, "beyond": number},
)
"""``season``: years whose same change is taken off on average; ``around``, ``within``, ``quality``:
day, days to either side and qualities of calendar rows that are counted. ``spreads``: calm spreads
that the change must exceed the given way; ``rows``: calendar rows of different sources that there
must be; ``beyond``: a change on the log scale to exceed."""


def step(record: OnRecord, asked: Arguments) -> Finding:
    """Hold the change of a series between two stretches of months against calm and season.

    Parameters
    ----------
    record
        What was published.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Supported where the change passes the thresholds the way that is asked, contradicted where
        it passes them the other way, else open.
    """
    key, before, after = asked["series"], asked["from"], asked["to"]
    moved = _moved(record, key, before, after)
    season = _season(record, key, before, after, asked.get("season", ()))
    spread = _spread(record, key, before, after)
    change = moved - season
    ends = (change - NORMAL_90 * spread, change + NORMAL_90 * spread)
    sizes = (change / spread, ends[0] / spread, ends[1] / spread)
    told = f"{months_text(before)} > {months_text(after)}"
    name = "unseasonal" if asked.get("season") else "change"
    statistics = [
        Statistic(name, told, change, *ends, "log"),
        Statistic("spreads", told, *sizes, "spreads"),
    ]
    outcome = _outcome(asked, change, spread)
    if "rows" in asked:
        dated = _dated(record.levers, asked)
        statistics.append(Statistic("dated", "", dated, dated, dated, "number"))
        outcome = OPEN if dated < asked["rows"] else outcome
    return Finding("", "step", outcome, statistics=statistics)


def _outcome(asked: Arguments, change: float, spread: float) -> str:
    sign = 1.0 if asked["way"] == UP else -1.0
    if "beyond" in asked:
        size = sign * change
        return SUPPORTED if size > asked["beyond"] else CONTRADICTED
    size, limit = sign * change / spread, asked["spreads"]
    return SUPPORTED if size > limit else CONTRADICTED if size < -limit else OPEN


def _moved(record: OnRecord, key: Key, before: Months, after: Months) -> float:
    """Change of the log of the monthly mean."""
    levels = [[one.value for one in record.monthly(key, each)] for each in (before, after)]
    first, last = (max(float(np.mean(level)), 1.0) for level in levels)
    return float(np.log(last / first))


def _season(
    record: OnRecord, key: Key, before: Months, after: Months, asked: tuple[int, ...]
) -> float:
    """Mean of the same change in other years, as far as they were published."""
    year = int(str(before[0])[:4])
    changes = []
    for other in asked:
        by = 12 * (other - year)
        moved = [(first + by, last + by) for first, last in (before, after)]
        try:
            changes.append(_moved(record, key, *moved))
        except Missing:
            continue
    return float(np.mean(changes)) if changes else 0.0


def _spread(record: OnRecord, key: Key, before: Months, after: Months) -> float:
    """Spread of such a change in calm months, from those up to the first stretch."""
    whole = record.known.series(key)
    until = whole.months <= before[1]
    calm = Shocks().steps(Series(key, whole.months[until], whole.values[until])).calm
    return calm * float(np.sqrt((_weights(before, after) ** 2).sum()))


def _weights(before: Months, after: Months) -> Array:
    """Weights of the months' own steps in the difference of two means; a step moves all later."""
    every = np.arange(before[0], after[1] + 1)
    inside = [(every >= first) & (every <= last) for first, last in (before, after)]
    means = inside[1] / inside[1].sum() - inside[0] / inside[0].sum()
    return np.asarray(means[::-1].cumsum()[::-1][1:])


def _dated(levers: pd.DataFrame, asked: Arguments) -> int:
    """Count calendar rows of different sources around a day."""
    ends = (pd.Timestamp(asked["around"] + timedelta(days=n * asked["within"])) for n in (-1, 1))
    near = levers[levers["since"].between(*ends) & levers["quality"].isin(asked["quality"])]
    return int(near["source"].nunique())
