"""The map of a run of displacement: people at places and on their ways, on some days."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.report.charts.map import KINDS, Frame, bounds
from rumbo.report.charts.rows import range_cells, range_heads
from rumbo.report.corridor.map import LARGEST, flow_rows, joined_ways, long_rows, most, outlines
from rumbo.report.page.parts import Chart, Figure, Row, Table
from rumbo.report.page.style import SOFT
from rumbo.report.page.words import SMALL
from rumbo.report.read.camps import camps, thinned
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import quantiles, spread
from rumbo.report.read.run import Run

STEPS = 12
"""Most days that can be chosen."""

APART = 0.004
"""By which share of the map the two directions of a way are drawn apart."""


class Room(NamedTuple):
    """Shares of the map's larger side kept free around a name."""

    across: float
    up: float


CLOSE, FAR = Room(0.11, 0.025), Room(0.3, 0.06)
"""Room of names on a wide map, and of those shown on a phone too."""


def steps(run: Run) -> NDArray[np.int64]:
    """Return the numbers of the days that can be chosen, the last among them, the first not."""
    days = len(run.times)
    return thinned(days, STEPS + 1)[1:] if days > 1 else np.zeros(1, dtype=np.int64)


def map_figure(run: Run) -> Figure:
    """Return the map, with the largest places on the last day as a table."""
    words, frame = run.words, bounds(run.records("places"))
    flows, crowds = _flows(run, frame), _crowds(run)
    land = outlines(run.background.get("basemap") or {})
    data = {
        "land": land,
        "roads": _roads(run),
        "flows": flows,
        "crowds": crowds,
        "names": _names(run, frame),
    }
    last = _last_day(run)
    alt = words("crisis.alt.map", places=words.listed([row[0] for row in last.rows[:5]]))
    ends = {"most_flow": most(flows), "most_crowd": most(crowds)}
    size = "map" if land else "map plain"
    told = words("crisis.text.map" if words.ranged else "crisis.text.map_one")
    chart = Chart("map", data, "", alt, size=size, params=ends)
    return Figure("map", words("crisis.figure.map"), told, [chart], last, _legend(run))


def _legend(run: Run) -> tuple[str, ...]:
    kinds = {str(kind) for kind in run.data["kind"].values}
    return ("flow", "road", *(f"kind.{kind}" for kind in KINDS if kind in kinds))


def kind_colours() -> dict[str, str]:
    """Return the colours of the legend's kinds of places."""
    return {f"kind.{kind}": hue for kind, hue in KINDS.items()}


def _side(frame: Frame) -> float:
    west, south, east, north = frame
    return max(east - west, north - south)


def _flows(run: Run, frame: Frame) -> list[Row]:
    """Return people starting along each way between the days that can be chosen."""
    passages = run.data["passages"].transpose("scenario", "member", "day", "link")
    first = np.concatenate([[0], steps(run)[:-1] + 1])
    summed = np.add.reduceat(passages.values.astype(np.float64), first, axis=2)
    values = xr.DataArray(summed, dims=("scenario", "member", "month", "link"))
    return flow_rows(*joined_ways(run, values, APART * _side(frame)))


def _crowds(run: Run) -> list[Row]:
    values = run.sums("waiting", "place").isel(day=steps(run))
    ends = values.transpose("scenario", "member", "day", "place")
    ids = run.data["place"].values.astype(str)
    spots = [_spot(run, str(name)) for name in ids]
    return [{**spots[row.pop("place")], **row} for row in long_rows(quantiles(ends), "place")]


def _spot(run: Run, name: str) -> Row:
    place = run.places[name]
    return {
        "label": place_name(place, run.words),
        "x": round(float(place["lon"]), 3),
        "y": round(float(place["lat"]), 3),
        "colour": KINDS.get(str(place.get("kind")), SOFT),
    }


def _roads(run: Run) -> list[Row]:
    """Return a line for every pair of places that a link joins."""
    ends = (run.data[name].values.astype(str).tolist() for name in ("link_from", "link_to"))
    pairs = dict.fromkeys(tuple(sorted(pair)) for pair in zip(*ends, strict=True))
    return [
        {f"{c}{n}": value for n, name in enumerate(pair, 1) for c, value in _point(run, name)}
        for pair in pairs
    ]


def _point(run: Run, name: str) -> list[tuple[str, float]]:
    spot = _spot(run, name)
    return [("x", spot["x"]), ("y", spot["y"])]


def _last_day(run: Run) -> Table:
    words = run.words
    values = run.sums("waiting", "place").isel(scenario=0, day=-1)
    ids = values["place"].values.astype(str)
    ends = [spread(values.isel(place=n)) for n in range(len(ids))]
    largest = sorted(range(len(ids)), key=lambda n: -ends[n].middle)[:LARGEST]
    rows = [
        [
            place_name(run.places[str(ids[n])], words),
            words.maybe(f"kind.{run.places[str(ids[n])].get('kind')}", ""),
            *range_cells(ends[n], words),
        ]
        for n in largest
        if ends[n].middle >= SMALL
    ]
    heads = [words("head.place"), words("head.kind"), *range_heads(words)]
    return Table(heads, rows, words("crisis.table.map"))


def _names(run: Run, frame: Frame) -> list[Row]:
    """Return the names of camps that have room, the largest first, marked if far from others."""
    side, east = _side(frame), frame[2]
    named: list[Row] = []
    for camp in camps(run):
        spot = _spot(run, camp)
        if _free(spot, named, CLOSE, side):
            far = _free(spot, [n for n in named if n["apart"]], FAR, side)
            align = "right" if spot["x"] > east - 0.2 * side else "left"
            named.append({**spot, "apart": far, "align": align})
    return named


def _free(spot: Row, named: list[Row], room: Room, side: float) -> bool:
    return all(
        abs(spot["x"] - other["x"]) > room.across * side
        or abs(spot["y"] - other["y"]) > room.up * side
        for other in named
    )
