"""Caravans on record: where and when they set out, with how many, and how they ended."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.files.tables import CsvTable
from rumbo.scenario.checks import check_dates
from rumbo.scenario.network import Network, check_unique

DAY, MONTH = "day", "month"
"""How well the day of an event is known."""


class Dated(NamedTuple):
    """A caravan on record that sets out on a known day.

    Attributes
    ----------
    day
        The day.
    place
        Id of the place.
    low, high
        People with whom it set out, as reported; NaN where nobody counted.
    """

    day: np.datetime64
    place: str
    low: float
    high: float


def check_caravans_on_record(table: CsvTable, network: Network, faults: Collector) -> None:
    """Note events at unknown places, of sizes out of order, or that end before they begin.

    Parameters
    ----------
    table
        The rows of ``events.csv``.
    network
        Places and links.
    faults
        Where faults are noted.
    """
    known = network.places["id"].tolist()
    check_dates(table, "day", "end", faults)
    for number, row in zip(table.row.tolist(), table.frame.itertuples(index=False), strict=True):
        for column in ("place", "furthest"):
            if (place := getattr(row, column)) and place not in known:
                message = f"{column} is '{place}', an unknown place"
                faults.add(table.file, number, message, choose(place, known))
        for message, cure in _size_faults(row):
            faults.add(table.file, number, message, cure)
    cure = "Keep one of the two rows, or add their people up in one"
    check_unique(table, ["day", "place"], "event", faults, cure)


def _size_faults(row: Any) -> Iterator[tuple[str, str]]:
    for column in ("low", "high"):
        if (size := getattr(row, column)) <= 0:
            message = f"{column} is {size:g}, expected more than 0 people"
            yield message, "Leave the size empty where nobody counted"
    if row.low > row.high:
        yield f"low {row.low:g} is above high {row.high:g}", "Swap the two"


def dated(events: pd.DataFrame) -> list[Dated]:
    """Return the events of which the day is known.

    Parameters
    ----------
    events
        The rows of ``events.csv``.

    Returns
    -------
    list of Dated
        A size of which one end was reported has it at both ends.
    """
    rows = events[events["precision"] != MONTH]
    low, high = rows["low"].fillna(rows["high"]), rows["high"].fillna(rows["low"])
    days = rows["day"].to_numpy().astype("datetime64[D]")
    return [Dated(*one) for one in zip(days, rows["place"], low, high, strict=True)]


def events_known(events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the events that had begun by a day, their ends open unless they had come.

    Parameters
    ----------
    events
        The rows of ``events.csv``.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
    """
    over = events["end"] <= day
    told = events.assign(
        end=events["end"].where(over),
        furthest=events["furthest"].where(over, ""),
        outcome=events["outcome"].where(over, ""),
    )
    return told[events["day"] <= day].reset_index(drop=True)
