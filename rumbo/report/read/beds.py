"""Shelter places: how many are known or given, where, and in which scenario."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rumbo.report.page.parts import Row
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import place_name, scenario_record
from rumbo.report.read.run import Run
from rumbo.scores.beds import PLACES, SHORT, known_places
from rumbo.scores.beds import places_added as added


class Beds(NamedTuple):
    """Shelter places at a place.

    Attributes
    ----------
    known
        Their number; NaN where none is known.
    low, high
        Its range; NaN where it has none.
    source
        Keys of those who say so.
    """

    known: float
    low: float
    high: float
    source: str


def beds_at(run: Run, place: str, number: int = 0) -> Beds:
    """Return the shelter places at a place in a scenario, by its number: given, or else known."""
    changes = scenario_record(run.scenarios[number], run).get("changes") or []
    for row in (one for one in reversed(changes) if _of_beds(one, place)):
        return Beds(float(row["value"]), np.nan, np.nan, text(row.get("source")))
    known = float(run.data["shelter_places"].sel(place=place))
    rows = [row for row in run.records("settings") if _of_beds(row, place)]
    row = rows[-1] if rows else {}
    ends = (as_number(row.get(name)) for name in ("low", "high"))
    low, high = (np.nan if end is None else end for end in ends)
    return Beds(known, low, high, text(row.get("source")))


def has_beds(run: Run, place: str, number: int = 0) -> bool:
    """Whether shelter places are known at a place, or given, in a scenario by its number."""
    return bool(np.isfinite(beds_at(run, place, number).known))


def places_added(run: Run) -> list[str]:
    """Return places of which beds are given in one scenario, and none are known in another."""
    return added(run.background, run.scenarios, known_places(run.data))


def side_with_beds(run: Run, place: str) -> int | None:
    """Return the scenario in which a place that was added has beds in all the months told of."""
    for number, name in enumerate(run.scenarios):
        changes = scenario_record(name, run).get("changes") or []
        days = [row.get("since") or "" for row in changes if _of_beds(row, place)]
        if days and min(days) <= f"{run.times[0]:%Y-%m-%d}":
            return number
    return None


def given(run: Run, place: str, number: int) -> bool:
    """Whether the shelter places of a place are given in a scenario by whoever asks."""
    changes = scenario_record(run.scenarios[number], run).get("changes") or []
    return any(_of_beds(row, place) for row in changes)


def _of_beds(row: Row, place: str) -> bool:
    return row["parameter"] == PLACES and row.get("at") == place


def comparable(run: Run, keys: Iterable[str]) -> list[str]:
    """Return those quantities of which scenarios can be compared in sums over all places.

    Not those of beds where these are known at a place in one scenario alone: see `places_added`.
    """
    return [key for key in keys if key not in SHORT or not places_added(run)]


def uncompared(run: Run) -> list[str]:
    """Say at which places those short of beds are counted in one scenario alone."""
    places = (place_name(run.places[place], run.words) for place in places_added(run))
    listed = ", ".join(places)
    return [run.words("ask.beds.added", places=listed)] if listed else []
