"""Changes of settings made in code, and the words for them."""

import math
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, Fault, choose
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.settings import ASSUMED, Setting
from rumbo.scenario.values.meanings import rule_meanings

MADE_HERE = "change"
"""What stands for the file of settings that were made in code."""


def make_setting(
    number: int,
    parameter: str,
    value: float,
    at: str | None,
    group: str | None,
    since: date | str | None,
    until: date | str | None,
    source: str,
) -> Setting:
    """Return a change as a setting.

    Parameters
    ----------
    number
        Which change it is, counted from 1.
    parameter, value, at, group, since, until, source
        As in `rumbo.Scenario.change`.

    Returns
    -------
    Setting

    Raises
    ------
    Faults
        If a name is no text, the value is not a number, or a date is malformed.
    """
    check_names("change", parameter=parameter, at=at, group=group, source=source)
    faults = Collector()
    try:
        amount = float("nan") if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError):
        amount = math.nan
    if math.isnan(amount):
        faults.add("change", 0, f"value is {value!r}, expected a number", "Give a finite number")
    first = as_day("change", "since", since, faults)
    last = as_day("change", "until", until, faults)
    faults.check()
    known = PARAMETERS.get(parameter)
    unit = known.unit if known else ""
    return Setting(
        file=MADE_HERE,
        row=0,
        parameter=parameter,
        at=at or "",
        group=group or "",
        since=first,
        until=last,
        operation="set",
        value=amount,
        low=math.nan,
        high=math.nan,
        unit=unit,
        lever="",
        source=source.strip() or ASSUMED,
        change=number,
    )


def check_names(call: str, **names: object) -> None:
    """Refuse what is no text where a name is expected, such as a list of names.

    Parameters
    ----------
    call
        The function that faults are named after.
    **names
        What was given, by argument; None where nothing was.

    Raises
    ------
    Faults
        For each that is no text.
    """
    faults = Collector()
    for name, given in names.items():
        if not (given is None or isinstance(given, str)):
            message = f"{name} is {given!r}, expected one name, as text"
            faults.add(call, 0, message, "Give a text; for several names call it for each in turn")
    faults.check()


def as_day(call: str, name: str, day: object, faults: Collector) -> pd.Timestamp:
    """Return a date, or text such as ``2023-12-27``, as a day.

    Parameters
    ----------
    call, name
        The function and argument that faults are named after.
    day
        What was given.
    faults
        Where faults are noted.

    Returns
    -------
    pandas.Timestamp
        The day; NaT if there is none.
    """
    if day is None or day == "":
        return pd.Timestamp("NaT")
    try:
        if isinstance(day, str):
            return pd.Timestamp(date.fromisoformat(day if len(day) == 10 else "")).as_unit("ns")
        if isinstance(day, date | np.datetime64):
            return pd.Timestamp(day).tz_localize(None).normalize().as_unit("ns")
        raise TypeError(day)
    except (AttributeError, TypeError, ValueError):  # pandas' NaT has no days
        message = f"{name} is {day!r}, expected a date"
        faults.add(call, 0, message, "Give a date or text such as '2023-12-27'")
        return pd.Timestamp("NaT")


def day_of(call: str, name: str, day: date | str) -> pd.Timestamp:
    """Return a date, or text such as ``2023-12-27``, as a day.

    Parameters
    ----------
    call, name
        The function and argument that faults are named after.
    day
        What was given.

    Returns
    -------
    pandas.Timestamp

    Raises
    ------
    Faults
        If it is not a date.
    """
    faults = Collector()
    when = as_day(call, name, day or "never", faults)
    faults.check()
    return when


def run_days(
    start: date | str, end: date | str, low: pd.Timestamp, high: pd.Timestamp
) -> tuple[date, date]:
    """Return the first and last day of a run, from what was asked.

    Parameters
    ----------
    start, end
        What was asked.
    low, high
        Days that the corridor has data for.

    Returns
    -------
    tuple of datetime.date

    Raises
    ------
    Faults
        If the days are out of order or outside what the corridor has data for.
    """
    faults = Collector()
    first, last = (
        as_day("between", name, day or "never", faults)
        for name, day in (("start", start), ("end", end))
    )
    faults.check()
    if first > last:
        message = f"start {first:%Y-%m-%d} is after end {last:%Y-%m-%d}"
        faults.add("between", 0, message, "Swap the two dates")
    if first < low or last > high:
        message = (
            f"the dates lie outside the run, {low:%Y-%m-%d} to {high:%Y-%m-%d}, the days of which "
            "entries are known"
        )
        cure = "Choose days within it, or add inflows for the others"
        faults.add("between", 0, message, cure)
    faults.check()
    return first.date(), last.date()


def record(setting: Setting) -> dict[str, Any]:
    """Return a change as plain values, ready for JSON."""
    day = {n: getattr(setting, n) for n in ("since", "until")}
    return {
        "parameter": setting.parameter,
        "at": setting.at,
        "group": setting.group,
        **{name: "" if pd.isna(when) else f"{when:%Y-%m-%d}" for name, when in day.items()},
        "value": setting.value,
        "unit": setting.unit,
        "source": setting.source,
    }


def words_of(change: Mapping[str, Any]) -> str:
    """Return a change as words for a scenario's name."""
    words = f"{change['parameter']} = {change['value']:g}"
    for word, name in (("at", "at"), ("for", "group"), ("since", "since"), ("until", "until")):
        if change[name]:
            words += f" {word} {change[name]}"
    return words


def nothing_to_drop(
    name: str,
    levers: Sequence[str],
    events: Container[str],
    rules: Sequence[str],
    known: Container[str],
    titles: Mapping[str, str],
) -> Fault:
    """Return why a scenario cannot be had without what was named.

    Parameters
    ----------
    name
        What was named.
    levers, events
        Levers with settings, and all levers and events of the calendar.
    rules, known
        Rules that are switched on, and all that the model knows.
    titles
        What levers are, by their ids.

    Returns
    -------
    Fault
    """
    cure = f"Levers: {', '.join(levers) or 'none'}; rules: {', '.join(rules)}"
    if name in known:
        return Fault("without", 0, f"the rule '{name}' is already switched off", cure)
    if name in events:
        message = f"'{name}' is an event of the calendar without settings, nothing to drop"
        return Fault("without", 0, message, cure)
    meanings = rule_meanings() | {lever: f"lever: {title}" for lever, title in titles.items()}
    close = choose(str(name), (*levers, *rules), meanings)
    hint = f"{close}. {cure}" if close.startswith("Write '") else cure
    return Fault("without", 0, f"'{name}' is neither a lever nor a rule here", hint)
