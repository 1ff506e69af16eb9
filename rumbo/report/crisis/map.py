"""The map of a run of displacement: people at places and on their ways, on some days."""

from typing import NamedTuple

import numpy as np

from rumbo.report.charts.map import KINDS, Frame, bounds, crisis_map
from rumbo.report.charts.ways import (
    LARGEST,
    crowd_rows,
    flow_rows,
    joined_ways,
    link_ends,
    map_chart,
    map_controls,
    outlines,
    spot,
)
from rumbo.report.page.parts import Figure, Legend, Mark, Row, Section, Table, legend
from rumbo.report.page.style import SOFT
from rumbo.report.read.camps import camp_ids, thinned
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import Index, spread
from rumbo.report.read.run import Run

STEPS = 12
"""Most days that can be chosen."""

APART = 0.004
"""By which share of the map the two directions of a way are drawn apart."""


class Clearance(NamedTuple):
    """Shares of the map's larger side kept free around a name."""

    across: float
    up: float


CLOSE, FAR = Clearance(0.11, 0.025), Clearance(0.3, 0.06)
"""Clearance of names on a wide map, and of those shown on a phone too."""


def map_steps(run: Run) -> Index:
    """Return the numbers of the days that can be chosen, the last among them, the first not."""
    days = len(run.times)
    return thinned(days, STEPS + 1)[1:] if days > 1 else np.zeros(1, dtype=np.int64)


def places(run: Run) -> Section:
    """Return the map, with the largest places on the last day as a table."""
    words, frame, steps = run.words, bounds(run.records("places")), map_steps(run)
    land, table = outlines(run.background.get("basemap")), _last_day(run)
    spots = {name: _spot(run, name) for name in run.data["place"].values.astype(str).tolist()}
    data = {
        "land": land,
        "roads": _roads(run, spots),
        "flows": flow_rows(*joined_ways(run, steps, APART * _side(frame))),
        "crowds": crowd_rows(run, steps, list(spots.values())),
        "names": _names([spots[camp] for camp in camp_ids(run)], frame),
    }
    alt = words("crisis.alt.map", places=words.listed([row[0] for row in table.rows[:5]]))
    days = [words.day(run.times[n].isoformat(), short=False) for n in steps]
    figure = Figure(
        "map",
        words("crisis.figure.map"),
        words("crisis.text.map" if words.ranged else "crisis.text.map_one"),
        [map_chart(crisis_map, frame, data, alt, "map" if land else "map plain")],
        table,
        [_legend(run), map_controls(run, words("crisis.control"), days, len(days) - 1)],
    )
    return Section("map", words("crisis.part.map"), [figure])


def _legend(run: Run) -> Legend:
    shown = {str(kind) for kind in run.data["kind"].values}
    marks = [
        Mark(run.words(f"kind.{kind}"), "kind", f"--hue:{hue}")
        for kind, hue in KINDS.items()
        if kind in shown
    ]
    return Legend([*legend(run.words, "flow", "road").marks, *marks])


def _side(frame: Frame) -> float:
    west, south, east, north = frame
    return max(east - west, north - south)


def _spot(run: Run, name: str) -> Row:
    place = run.places[name]
    return {**spot(place, run.words, 3), "colour": KINDS.get(str(place.get("kind")), SOFT)}


def _roads(run: Run, spots: dict[str, Row]) -> list[Row]:
    """Return a line for every pair of places that a link joins."""
    pairs = dict.fromkeys(tuple(sorted(pair)) for pair in zip(*link_ends(run), strict=True))
    return [
        {f"{axis}{n}": spots[name][axis] for n, name in enumerate(pair, 1) for axis in ("x", "y")}
        for pair in pairs
    ]


def _last_day(run: Run) -> Table:
    words = run.words
    values = run.sums("waiting", "place").isel(scenario=0, day=-1)
    ends = {str(name): spread(values.sel(place=name)) for name in values["place"].values}
    largest = sorted(ends, key=lambda name: -ends[name].middle)[:LARGEST]
    rows = [
        [
            place_name(run.places[name], words),
            words.maybe(f"kind.{run.places[name].get('kind')}", ""),
            *words.range_cells(ends[name]),
        ]
        for name in largest
        if words.printed(ends[name].middle)
    ]
    heads = words.heads("place", "kind", *words.ends)
    return Table(heads, rows, words("crisis.table.map"))


def _names(spots: list[Row], frame: Frame) -> list[Row]:
    """Return the names that have room, the first of all first, marked if far from others."""
    side, east = _side(frame), frame[2]
    named: list[Row] = []
    for one in spots:
        if _free(one, named, CLOSE, side):
            far = _free(one, [name for name in named if name["apart"]], FAR, side)
            align = "right" if one["x"] > east - 0.2 * side else "left"
            named.append({**one, "apart": far, "align": align})
    return named


def _free(one: Row, named: list[Row], room: Clearance, side: float) -> bool:
    return all(
        abs(one["x"] - other["x"]) > room.across * side
        or abs(one["y"] - other["y"]) > room.up * side
        for other in named
    )
