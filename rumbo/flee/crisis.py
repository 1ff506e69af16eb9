"""A crisis read from a folder in Flee's format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from rumbo.files.faults import Fault
from rumbo.flee.registers import Registers
from rumbo.flee.settings import Settings
from rumbo.scenario.arrays import Array

CAMPS = ("camp", "idpcamp")
"""Kinds of location that take people in and are scored."""

KINDS = (*CAMPS, "conflict_zone", "town", "forwarding_hub", "marker")
"""Kinds of location that a crisis may have."""

LOCATION_COLUMNS = (
    "name", "region", "country", "lat", "lon", "kind", "population", "capacity", "conflict_day",
    "row",
)  # fmt: skip
"""Columns of `Crisis.locations`."""

ROUTE_COLUMNS = ("start", "end", "km", "redirection", "max_move_speed", "walk_probability", "row")
"""Columns of `Crisis.routes`."""

CLOSURE_COLUMNS = ("kind", "name1", "name2", "since", "until", "row")
"""Columns of `Crisis.closures`."""

CLOSURE_KINDS = ("country", "location", "camp", "idpcamp", "link", "remove_forced_redirection")
"""Kinds of closure that a file may name."""

WITHOUT_EFFECT = ("link", "remove_forced_redirection")
"""Kinds of closure that change nothing in Flee."""


@dataclass(frozen=True, eq=False)
class Crisis:
    """What a folder in Flee's format holds.

    Attributes
    ----------
    name
        Name of the folder.
    start
        Day 0.
    days
        Days of the run; the last is ``days - 1``.
    locations
        One row per location, in the order of the file; columns: name, region, country
        ("unknown" where blank), lat and lon (degrees, NaN where blank), kind (one of `KINDS`, as
        declared, whatever the conflict table says), population (persons; 0 in camps), capacity
        (persons; 0 is no limit, and 0 outside camps), conflict_day (day; -1 where none), row
        (line in the file). The country of the first row is home.
    routes
        One row per route, usable both ways; columns: start and end (names), km, redirection
        (0 none, 1 from start to end, 2 from end to start), max_move_speed (km/day, NaN where the
        settings say), walk_probability (0 to 1), row.
    closures
        One row per closure; columns: kind (one of `CLOSURE_KINDS`), name1, name2, since and until
        (days; closed on since, open again on until, -1 is never), row.
    intensity
        Conflict of each day and location, 0 where there is none; shape (days, locations).
    registers
        Persons counted in camps.
    settings
        Settings of the run.
    warnings
        What is dubious without keeping the crisis from running, by file and row.
    """

    name: str
    start: date
    days: int
    locations: pd.DataFrame
    routes: pd.DataFrame
    closures: pd.DataFrame
    intensity: Array
    registers: Registers
    settings: Settings
    warnings: tuple[Fault, ...]

    @cached_property
    def place_ids(self) -> list[str]:
        """Ids of the locations, in their order."""
        return ids_of(self.locations["name"])

    @property
    def scored(self) -> tuple[str, ...]:
        """Names of the camps that have counts, in the order of the locations."""
        camps = self.locations["name"][self.locations["kind"].isin(CAMPS)]
        return tuple(name for name in camps if name in self.registers.names)


def ids_of(names: Sequence[str]) -> list[str]:
    """Return an id for each name: the name without what an id may not hold, told apart if alike."""
    ids: list[str] = []
    for name in names:
        plain = re.sub(r"[^\w.-]+", "_", name).strip("_.-") or "place"
        number, one = 1, plain
        while one in ids:
            number += 1
            one = f"{plain}-{number}"
        ids.append(one)
    return ids
