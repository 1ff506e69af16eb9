"""Settings and calendar of a deal that holds on days of its own."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rumbo.scenario.deals.terms import Deal, Side

ENDS = ("since", "until")


def in_force(settings: pd.DataFrame, deals: Mapping[str, Deal]) -> pd.DataFrame:
    """Return the settings that hold as a corridor stands.

    Parameters
    ----------
    settings
        All settings.
    deals
        Its deals, by key.

    Returns
    -------
    pandas.DataFrame
        Without those of deals that are not in force, the others ended with their side of a deal.
    """
    waiting = {key for key, deal in deals.items() if not deal.in_force or deal.idle}
    rows = settings[~settings["lever"].isin(waiting)]
    for deal in deals.values():
        if any(not pd.isna(side.until) for side in deal.sides):
            rows = _ended(rows, deal)
    return settings if len(rows) == len(settings) else rows.reset_index(drop=True)


def placed(rows: pd.DataFrame, deal: Deal, first: pd.Timestamp) -> pd.DataFrame:
    """Return the settings of a deal, moved to other days.

    Parameters
    ----------
    rows
        Its settings as they stand in the corridor.
    deal
        The deal under its new terms.
    first
        First day of the deal in the corridor, from which the days of the rows are counted.

    Returns
    -------
    pandas.DataFrame
        Days on which values and ends were known move along; those without a first day begin with
        their side. None if no side does anything.
    """
    if deal.idle:
        return rows[:0]
    moved = shifted(rows, deal.since - first, ("since", "until", "known", "until_known"))
    for side in deal.sides:
        mine = of_side(moved, deal, side)
        begins = moved["since"].where(moved["since"] > side.since, side.since)
        moved["since"] = moved["since"].where(~mine, begins)
    return _ended(moved, deal)


def shifted(table: pd.DataFrame, days: pd.Timedelta, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with some columns so many days later."""
    return table.assign(**{name: table[name] + days for name in columns})


def of_side(rows: pd.DataFrame, deal: Deal, side: Side) -> pd.Series:
    """Return which settings a side of a deal does."""
    actors = rows["actor"].map(lambda actor: deal.side(actor).actor)
    return (rows["lever"] == deal.key) & (actors == side.actor)


def _ended(rows: pd.DataFrame, deal: Deal) -> pd.DataFrame:
    """Return settings that end with the sides of a deal, without those that never begin."""
    until = rows["until"]
    for side in deal.sides:
        late = of_side(rows, deal, side) & ~(until <= side.until)
        until = until.where(~(late & (not pd.isna(side.until))), side.until)
    known = rows["until_known"].where(until.eq(rows["until"]), pd.NaT)
    empty = (rows["lever"] == deal.key) & (rows["since"] >= until)
    return rows.assign(until=until, until_known=known)[~empty]


def calendar(levers: pd.DataFrame, deal: Deal, first: pd.Timestamp) -> pd.DataFrame:
    """Return a calendar in which a deal holds on other days.

    Parameters
    ----------
    levers
        The calendar, as in ``levers.csv``.
    deal
        The deal under its new terms.
    first
        First day of the deal in the corridor.

    Returns
    -------
    pandas.DataFrame
        Its rows moved, with the days on which they were announced, and ended with the deal.
    """
    mine = levers["lever"] == deal.key
    columns = ("since", "until", "announced", "until_announced")
    moved = shifted(levers, deal.since - first, columns)
    ends = [side.until for side in deal.sides]
    end = pd.NaT if any(pd.isna(day) for day in ends) else max(ends)
    if not pd.isna(end):
        late = ~(moved["until"] <= end)
        moved = moved.assign(until=moved["until"].where(~late, end))
        moved["until_announced"] = moved["until_announced"].where(~late, pd.NaT)
    table = levers.copy()
    for name in columns:
        table[name] = levers[name].where(~mine, moved[name])
    return table[~(mine & (table["since"] >= table["until"]))].reset_index(drop=True)


def first_day(deal: Deal, levers: pd.DataFrame) -> pd.Timestamp:
    """Return the day from which the days of a deal's settings are counted.

    That is its first day, or where it is not in force the first of its lever in the calendar.
    """
    return deal.since if deal.in_force else levers.loc[levers["lever"] == deal.key, "since"].min()


def in_parts(settings: pd.DataFrame, deals: Mapping[str, Deal]) -> pd.DataFrame:
    """Return settings in which each side of a deal does its share of it, step by step.

    Parameters
    ----------
    settings
        Settings, those of deals on the days of these.
    deals
        The deals in force, by key.

    Returns
    -------
    pandas.DataFrame
        A row for each step of a ramp, with ``part``, ``part_low`` and ``part_high``; the same table
        where every side simply does its part.
    """
    halves = [(d, side) for d in deals.values() for side in d.sides if not side.whole]
    cuts = [(of_side(settings, deal, side), side) for deal, side in halves]
    if not any(mine.any() for mine, _ in cuts):
        return settings
    place = np.arange(len(settings))
    rest = ~np.logical_or.reduce([mine for mine, _ in cuts])
    pieces = [settings[rest].assign(part=1.0, part_low=np.nan, part_high=np.nan, place=place[rest])]
    for mine, side in cuts:
        own = settings[mine].assign(place=place[mine], actor=side.actor)
        pieces += [] if side.idle else _steps(own, side)
    whole = pd.concat(pieces).sort_values("place", kind="stable")
    return whole.drop(columns="place").reset_index(drop=True)


def _steps(rows: pd.DataFrame, side: Side) -> list[pd.DataFrame]:
    """Return the settings of a side, once for each step of its ramp."""
    pieces = []
    for step in side.steps():
        since = rows["since"].where(rows["since"] > step.since, step.since)
        until = rows["until"]
        if not pd.isna(step.until):
            until = until.where(until < step.until, step.until)
        parts = {
            "part": side.compliance * step.share,
            "part_low": side.low * step.share,
            "part_high": side.high * step.share,
        }
        held = rows.assign(since=since, until=until, **parts)
        pieces.append(held[~(since >= until)])
    return pieces
