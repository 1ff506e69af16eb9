"""In what two scenarios differ: in levers and rules left out alone, or in anything else."""

import re
from typing import Any

import pandas as pd

from rumbo.scenario.scenario import Scenario

ASKED = re.compile(r"(^|, )[a-z]+\.[a-z_]+(@\S+)? ?=")
"""A parameter and its value, as one asks for them: a name of such is none that somebody gave."""


def apart(first: Scenario, other: Scenario) -> dict[str, Any]:
    """Return what a result says of how a scenario differs from the first.

    Parameters
    ----------
    first, other
        Scenarios of one corridor.

    Returns
    -------
    dict
        ``only_levers``: whether in levers and rules left out alone; ``named``: whether its name was
        given, and not put together from what differs.
    """
    derived = other.label in ("", other.named("").name) or ASKED.search(other.label)
    return {"only_levers": only_levers(first, other), "named": not derived}


def only_levers(first: Scenario, other: Scenario) -> bool:
    """Return whether two scenarios differ in nothing but the levers and rules they leave out."""
    unlike = {*first.without_} ^ {*other.without_}
    mine, theirs = (
        one.settings[~one.settings["lever"].isin(unlike)].reset_index(drop=True)
        for one in (first, other)
    )
    return mine.equals(theirs) and _terms(first) == _terms(other)


def _terms(one: Scenario) -> tuple[object, ...]:
    """Return what scenarios may differ in besides settings."""
    fit = one.posterior.digest if one.posterior else ""
    return one.start, one.end, one.header.rules, one.placed, fit


def unlike_rows(first: Scenario, other: Scenario) -> pd.DataFrame:
    """Return the settings that one of two scenarios has alone."""
    both = pd.concat([first.settings, other.settings], ignore_index=True)
    return both[~both.astype(str).duplicated(keep=False)]


def outside(first: Scenario, other: Scenario) -> bool:
    """Return whether all values in which two scenarios differ hold on days that are not run."""
    alone = unlike_rows(first, other)
    before = alone["until"] <= pd.Timestamp(first.start)
    after = alone["since"] > pd.Timestamp(first.end)
    return len(alone) > 0 and bool((before | after).all()) and first.rules == other.rules
