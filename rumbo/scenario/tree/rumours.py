"""Rumours of a dated event's outcomes: where and when they came up, as ``rumours.csv`` says it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose, choose_or_add
from rumbo.files.tables import CsvTable
from rumbo.scenario.network import check_unique
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.tree.beliefs import group_faults


def check_rumours(
    table: CsvTable, outcomes: pd.DataFrame | None, selectors: Selectors, faults: Collector
) -> None:
    """Note rumours at unknown places, of unknown outcomes or groups, or that never fade.

    Parameters
    ----------
    table
        The rows of ``rumours.csv``.
    outcomes
        The rows of ``outcomes.csv``: event, outcome; None if they cannot be read.
    selectors
        What places and groups mean.
    faults
        Where faults are noted.
    """
    places = selectors.network.places["id"].tolist()
    for number, row in zip(table.row.tolist(), table.frame.itertuples(index=False), strict=True):
        if row.place and row.place not in places:
            message, cure = f"place is '{row.place}', an unknown place", choose(row.place, places)
            faults.add(table.file, number, message, cure)
        for message, cure in (*_outcome_faults(row, outcomes), *_half_life_faults(row)):
            faults.add(table.file, number, message, cure)
        for message, cure in group_faults(row.group, selectors):
            faults.add(table.file, number, message, cure)
    key = ["day", "place", "group", "outcome"]
    check_unique(_in_full(table, outcomes), key, "rumour", faults, "Keep one of the two rows")


def _in_full(table: CsvTable, outcomes: pd.DataFrame | None) -> CsvTable:
    """Return rumours by ``event=outcome`` where that is clear: each may be named in two ways."""
    if outcomes is None:
        return table
    meant = {text: outcome_keys(outcomes, text) for text in {*table.frame["outcome"]}}
    full = [meant[text][0] if len(meant[text]) == 1 else text for text in table.frame["outcome"]]
    return replace(table, frame=table.frame.assign(outcome=full))


def outcome_keys(outcomes: pd.DataFrame, text: str) -> list[str]:
    """Return the outcomes that a text may mean, as ``event=outcome``.

    Parameters
    ----------
    outcomes
        The rows of ``outcomes.csv``: event, outcome.
    text
        The name of an outcome, or ``event=outcome`` where events share a name.

    Returns
    -------
    list of str
        One if the text is clear.
    """
    pairs = zip(outcomes["event"], outcomes["outcome"], strict=True)
    return [f"{e}={o}" for e, o in dict.fromkeys(pairs) if text in (o, f"{e}={o}")]


def _outcome_faults(row: Any, outcomes: pd.DataFrame | None) -> Iterator[tuple[str, str]]:
    if outcomes is None:
        return
    meant = outcome_keys(outcomes, row.outcome)
    if row.outcome and not meant:
        cure = choose_or_add(row.outcome, outcomes["outcome"].tolist(), "outcomes.csv")
        yield f"outcome is '{row.outcome}', an unknown outcome", cure
    if len(meant) > 1:
        yield f"outcome is '{row.outcome}', which several events have", choose("", meant)


def _half_life_faults(row: Any) -> Iterator[tuple[str, str]]:
    if row.half_life_days <= 0:
        message = f"half_life_days is {row.half_life_days:g}, expected more than 0"
        yield message, "Write the days in which it loses half of its hold"


def rumours_in(rumours: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the rumours of outcomes that are there.

    Parameters
    ----------
    rumours
        Rows of ``rumours.csv``.
    outcomes
        Rows of ``outcomes.csv``: event, outcome.

    Returns
    -------
    pandas.DataFrame
    """
    there = [bool(outcome_keys(outcomes, text)) for text in rumours["outcome"]]
    return rumours[np.array(there, dtype=bool)].reset_index(drop=True)


def rumours_known(rumours: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the rumours that had come up by a day.

    Parameters
    ----------
    rumours
        The rows of ``rumours.csv``.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
    """
    return rumours[rumours["day"] <= day].reset_index(drop=True)
