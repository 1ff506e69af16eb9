"""Dated events before they are decided: what had been talked of by a day, and what it may bring."""

import pandas as pd

from rumbo.scenario.tree.outcomes import by_event, each_outcome, kept, outcomes_of


def outcomes_told(outcomes: pd.DataFrame, levers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the outcomes of events that had been talked of by a day.

    Parameters
    ----------
    outcomes
        The table, as in ``outcomes.csv``.
    levers
        The calendar as it was known on the day.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Of events that had been decided, or stood in the calendar by then, the outcomes that were
        not known to be possible only later; these share its whole probability.
    """
    events = {*levers["lever"]}
    table = kept(outcomes, lambda one: one.on <= day or one.event in events)
    told = table[~(table["known"].fillna(day) > day) | (table["on"] <= day)]
    total = told["probability"].groupby([told["event"], told["given"]]).transform("sum")
    return told.assign(probability=told["probability"] / total.where(total > 0.0, 1.0))


def levers_awaited(
    outcomes: pd.DataFrame, levers: pd.DataFrame, day: pd.Timestamp
) -> dict[str, bool]:
    """Return the levers that events may bring, known by a day though not announced by themselves.

    Parameters
    ----------
    outcomes
        The whole table, as in ``outcomes.csv``.
    levers
        The calendar as it was known on the day.
    day
        The day.

    Returns
    -------
    dict of str to bool
        By lever, whether it was decided by the day that it comes or not.
    """
    rows, there = outcomes_of(outcomes_told(outcomes, levers, day)), {*levers["lever"]}
    return {
        lever: one.on <= day
        for one in rows
        if not pd.isna(one.known)
        for lever in one.levers
        if lever not in there
    }


def outcomes_known(
    outcomes: pd.DataFrame, levers: pd.DataFrame, settings: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame:
    """Return the outcomes of events that were known on a day, with all that they lead to.

    Parameters
    ----------
    outcomes
        The table, as in ``outcomes.csv``.
    levers, settings
        The calendar and the settings as they were known on the day.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Those of `outcomes_told` of events that may turn out in two ways or more, if the levers of
        every outcome were known.
    """
    told, able = outcomes_told(outcomes, levers, day), {*settings["lever"]}
    open_ = {e for e, rows in by_event(outcomes_of(told)).items() if len(each_outcome(rows)) > 1}
    return kept(told, lambda one: one.event in open_ and {*one.levers} <= able)
