"""A corridor run on beyond the months that were known: who enters, and which policy is in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
from pandas.api.types import is_string_dtype

from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import ASSUMED, NEVER
from rumbo.scenario.values.ranges import Z90

NOTHING: Mapping[str, float] = MappingProxyType({})
"""No parameter."""


def run_on(
    then: Scenario,
    until: np.datetime64,
    *,
    day: date,
    policy: Scenario | None = None,
    entries: Scenario | None = None,
    unsure: Mapping[str, float] = NOTHING,
) -> Scenario:
    """Return a corridor as it was known on a day, run on to a later month.

    Parameters
    ----------
    then
        The corridor as it was known.
    until
        Last month.
    day
        The day.
    policy
        The corridor whose later settings are given; None for what was known.
    entries
        The corridor whose later entries are given; None for what was known.
    unsure
        By parameter, how widely rules that nobody knows of yet move it in a month after the day:
        standard deviation of a step of its log.

    Returns
    -------
    Scenario
        Months without entries get those that `entering_ahead` says.
    """
    inflows = entering_ahead((entries or then).inflows, then.start, until)
    content = replace(then.content, inflows=inflows)
    if policy is None:
        settings = with_unsure(then.settings, unsure, day, until)
        return replace(then, settings=settings, content=content, end=month_end(until))
    settings = with_later(then.settings, policy.settings, day)
    content = replace(content, levers=policy.levers, deals=policy.deals)
    given = replace(then, header=policy.header, settings=settings)
    return replace(given, content=content, end=month_end(until))


def month_end(month: np.datetime64) -> date:
    """Return the last day of a month."""
    day: date = ((month + 1).astype("datetime64[D]") - 1).item()
    return day


def with_unsure(
    settings: pd.DataFrame, unsure: Mapping[str, float], day: date, until: np.datetime64
) -> pd.DataFrame:
    """Add to settings what rules that nobody knows of yet may do: no effect, with a range.

    Parameters
    ----------
    settings
        As known on the day.
    unsure
        By parameter, the standard deviation of a month's step of its log.
    day
        The day.
    until
        Last month.

    Returns
    -------
    pandas.DataFrame
        With a row for every parameter and month that begins after the day. Members differ in each
        by itself, so that the factors multiply to a walk.
    """
    months = np.arange(np.datetime64(day, "M") + 1, until + 1)
    every = [(name, size, month) for name, size in unsure.items() for month in months]
    blank = {name: "" for name in settings.columns if is_string_dtype(settings[name])}
    rows = [
        blank
        | {
            "file": "ahead",
            "row": number,
            "parameter": name,
            "since": pd.Timestamp(month),
            "operation": "multiply",
            "value": 1.0,
            "low": np.exp(-Z90 * size),
            "high": np.exp(Z90 * size),
            "unit": "factor",
            "lever": f"ahead-{month}",
            "source": ASSUMED,
            "quality": ASSUMED,
            "change": 0,
        }
        for number, (name, size, month) in enumerate(every)
    ]
    return pd.concat([settings, pd.DataFrame(rows)], ignore_index=True) if rows else settings


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
