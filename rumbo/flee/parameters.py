"""Flee's settings, zones, camps and closures as rows of settings, and when they hold."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from rumbo.flee.days import OPEN, Days
from rumbo.flee.settings import Settings
from rumbo.scenario.arrays import Array
from rumbo.scenario.parameters import PARAMETERS

FOLDER = "flee-folder"
"""Key of the source of everything in the folder."""

DEFAULTS = "flee-defaults"
"""Key of the source of what the folder leaves as Flee has it."""

Row = dict[str, Any]

_EVERYWHERE = {
    "flight.awareness": "awareness_level",
    "flight.reach": "max_move_speed",
    "flight.walk": "max_walk_speed",
    "flight.on_foot": "start_on_foot",
    "flight.softening": "softening",
    "flight.distance_power": "distance_power",
    "flight.weight_softening": "weight_softening",
    "flight.weight_power": "weight_power",
    "flight.buffer": "capacity_buffer",
    "flight.stints": "avoid_short_stints",
}
"""Flee's settings that hold everywhere, by parameter."""

_OF_PLACES = {
    "chance": (
        "default_movechance",
        "conflict_movechance",
        "camp_movechance",
        "idpcamp_movechance",
        "movechance_pop_scale_factor",
    ),
    "town": (),
    "score": ("camp_weight", "conflict_weight", "foreign_weight", "use_pop_for_loc_weight"),
}
"""Flee's settings that tables of places follow from, beside what the folder says of places."""

_ON_LINKS = {"flight.walking": "walking", "flight.roads": "roads"}
"""Columns of `Days.links`, by parameter."""


def setting_rows(days: Days) -> Iterator[Row]:
    """Go through the settings that make Flee's rules those of a crisis.

    Parameters
    ----------
    days
        The crisis by day.

    Yields
    ------
    dict
        The cells of a row of settings that are not empty.
    """
    for name, field in _EVERYWHERE.items():
        value = float(getattr(days.crisis.settings, field))
        yield _setting(name, value, source=_who(days, (field,)))
    for name, column in _ON_LINKS.items():
        for at, value in zip(days.link_ids, days.links[column], strict=True):
            if value != PARAMETERS[name].default:
                yield _setting(name, float(value), at=at)
    yield from _capacities(days)
    yield from _of_places(days)
    yield from _camp_closures(days)
    yield from _link_closures(days)


def _capacities(days: Days) -> Iterator[Row]:
    """Room of camps; Flee takes those of day 0 off it although they are there."""
    crisis = days.crisis
    places = crisis.locations["capacity"].to_numpy(dtype=float)
    rows = zip(crisis.place_ids, places, days.registered, days.camp, strict=True)
    for at, capacity, registered, camp in rows:
        room = (capacity - registered) * crisis.settings.capacity_scaling
        if camp:
            yield _setting("flight.camp", 1.0, at=at)
        if camp and room >= 1:
            yield _setting("flight.room", room, at=at)
            yield _setting("shelter.places", capacity, at=at)


def _of_places(days: Days) -> Iterator[Row]:
    tables = {"chance": days.chance, "town": days.town.astype(float), "score": days.score}
    for name, table in tables.items():
        for place, at in enumerate(days.crisis.place_ids):
            for first, after, value in stretches(table[:, place]):
                if value != PARAMETERS[f"flight.{name}"].default:
                    since = date_of(days, first) if first else pd.NaT
                    span = {"since": since, "until": end_of(days, after)}
                    who = _who(days, _OF_PLACES[name])
                    yield _setting(f"flight.{name}", value, at=at, source=who, **span)


def _camp_closures(days: Days) -> Iterator[Row]:
    for i, place, since, until in days.camp_closures:
        if since >= min(until, days.crisis.days):
            continue
        values = {
            "flight.chance": days.closed_camp_chance[place],
            "flight.town": 1.0,
            "flight.camp": 0.0,
            "flight.score": days.town_score[place],
        }
        span = {"since": date_of(days, since), "until": end_of(days, until)}
        for name, value in values.items():
            at = days.crisis.place_ids[place]
            yield _setting(name, float(value), at=at, lever=lever_of(i), **span)


def _link_closures(days: Days) -> Iterator[Row]:
    for link, at in enumerate(days.link_ids):
        for first, after, row in stretches(days.closed_by[:, link].astype(float)):
            if row != OPEN:
                span = {"since": date_of(days, first), "until": end_of(days, after)}
                yield _setting("link.open", 0.0, at=at, lever=lever_of(int(row)), **span)


def _setting(parameter: str, value: float, **cells: Any) -> Row:
    unit = PARAMETERS[parameter].unit
    return {"parameter": parameter, "value": value, "unit": unit, "source": FOLDER, **cells}


def _who(days: Days, settings: tuple[str, ...]) -> str:
    """Return who says a value: the folder, or Flee where the folder leaves its settings alone."""
    given, usual = days.crisis.settings, Settings()
    alike = (getattr(given, name) == getattr(usual, name) for name in settings)
    return DEFAULTS if settings and all(alike) else FOLDER


def lever_of(closure: int) -> str:
    """Return the name of the lever that stands for a closure, by its row from 0."""
    return f"closure-{closure + 1}"


def date_of(days: Days, day: int) -> pd.Timestamp:
    """Return the date of a day of the crisis."""
    return pd.Timestamp(days.crisis.start) + pd.Timedelta(days=day)


def end_of(days: Days, day: int) -> pd.Timestamp:
    """Return the date of the first day after something; NaT if it lasts to the end."""
    return pd.NaT if day >= days.crisis.days else date_of(days, day)


def stretches(values: Array) -> Iterator[tuple[int, int, float]]:
    """Return the runs of equal values: first day, first day after, value."""
    first = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    for begin, end in zip(first, [*first[1:], len(values)], strict=True):
        yield int(begin), int(end), float(values[begin])
