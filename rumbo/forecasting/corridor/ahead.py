"""The corridor beyond the months that were known: who enters, and which policy is in force.

A hindcast is told in three ways. As a **forecast** it knows what was known on its day. Given the
**policy**, it has the settings that began later, too. Given policy **and entries**, it has also
those who were counted on the way later. What each adds is what the error comes from.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from rumbo.fitting.ahead import Wander
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.views import views_of
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.roles import TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import NEVER

FORECAST, POLICY, BOTH = "corridor", "corridor-policy-given", "corridor-both-given"
VARIANTS = (FORECAST, POLICY, BOTH)
"""What a hindcast is given, the least first; names in tables."""

PAST = 24
"""Months whose changes tell how widely entries wander: older ones reach back to closed borders."""

SPAN = 6
"""Months over which changes are taken: longer than those of single months, which swing back."""

UNTOLD = 0.2
"""Step of a month where a series is too short to tell: assumed."""


def scenario_ahead(
    problem: CorridorProblem, whole: Scenario, until: np.datetime64, variant: str
) -> Scenario:
    """Return a corridor as it was known on a day, run on to a later month.

    Parameters
    ----------
    problem
        The fit as of the day.
    whole
        The corridor as it is known today.
    until
        Last month.
    variant
        One of `VARIANTS`.

    Returns
    -------
    Scenario
    """
    then, end = problem.scenario, month_end(until)
    inflows = (whole if variant == BOTH else then).inflows
    content = replace(then.content, inflows=entering_ahead(inflows, then.start, until))
    ahead = replace(then, content=content, end=end)
    if variant == FORECAST:
        return ahead.named(variant)
    settings = with_later(then.settings, whole.settings, problem.known.as_of)
    content = replace(content, levers=whole.levers)
    given = replace(ahead, settings=settings, content=content, header=whole.header)
    return given.named(variant)


def month_end(month: np.datetime64) -> date:
    """Return the last day of a month."""
    day: date = ((month + 1).astype("datetime64[D]") - 1).item()
    return day


def with_later(then: pd.DataFrame, whole: pd.DataFrame, day: date) -> pd.DataFrame:
    """Add to settings known on a day those that began later, and end those that ended later.

    Parameters
    ----------
    then, whole
        Settings as known on the day, and as known today.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        What held before the day stays as it was known.
    """
    when, key = pd.Timestamp(day), ["file", "row"]
    held = then[~(then["since"] > when)]
    ends = whole.set_index(key)["until"].reindex(pd.MultiIndex.from_frame(held[key]))
    later = pd.Series(ends.to_numpy(), index=held.index)
    until = held["until"].where(~(later > when), later)
    return pd.concat([held.assign(until=until), whole[whole["since"] > when]], ignore_index=True)


def entering_ahead(inflows: pd.DataFrame, start: date, until: np.datetime64) -> pd.DataFrame:
    """Add months ahead to entries: those counted stay as last counted, others keep their season.

    Parameters
    ----------
    inflows
        Entries that are known.
    start
        First day of the fit: routes that nobody has come by since then have ended.
    until
        Last month asked for.

    Returns
    -------
    pandas.DataFrame
        With rows up to that month. Of a route whose months are known only after they ended, each
        row of the last month is repeated; of any other, those of the same month a year before.
    """
    parts = [inflows]
    last = pd.Timestamp(until)
    since = inflows.groupby("route")["month"].transform("max") >= pd.Timestamp(start)
    for _, route in inflows[since].groupby("route", sort=True):
        known = route["month"].max()
        ended = known + pd.offsets.MonthBegin(1)
        months = pd.date_range(ended, last, freq="MS")
        counted = (route["known"].fillna(ended)[route["month"] == known] >= ended).all()
        for n, month in enumerate(months):
            years = 0 if counted else n // 12 + 1
            model = known if counted else month - pd.DateOffset(years=years)
            parts.append(route[route["month"] == model].assign(month=month, known=NEVER))
    return pd.concat(parts, ignore_index=True)


def wander(problem: CorridorProblem, variant: str) -> list[Wander]:
    """Return how widely entries wander ahead, as far as it was known.

    Parameters
    ----------
    problem
        The fit as of the day.
    variant
        One of `VARIANTS`: entries that are given do not wander.

    Returns
    -------
    list of Wander
        Those counted on the way, as the counts do; all others as those who arrive do.
    """
    registered = problem.record.registered
    counted = np.array([n in registered for n in range(len(problem.nationalities))])
    views = views_of(problem.known.backdrop.roles)
    on_the_way = [view.total for name, view in views.items() if name.startswith(TRANSIT)]
    others = Wander(~counted, _step(problem.known, [views[ZONES].total]))
    if variant == BOTH:
        return [others]
    return [Wander(counted, _step(problem.known, on_the_way)), others]


def _step(known: Known, keys: list[Key]) -> float:
    """Root mean square step of a month, over all series."""
    there = [key for key in keys if key in known.keys(key.measure, key.component)]
    changes = [_changes(np.log1p(known.series(key).values[-PAST - 1 :])) for key in there]
    squares = np.concatenate([np.empty(0), *changes]) ** 2
    return float(np.sqrt(squares.mean() / SPAN)) if len(squares) else UNTOLD


def _changes(logs: Array) -> Array:
    return logs[SPAN:] - logs[:-SPAN]
