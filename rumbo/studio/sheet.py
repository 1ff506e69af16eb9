"""The map of the studio: outlines, places and ways on a flat sheet, and the people on it."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.report.charts.map import Frame, aspect, bounds, mercator
from rumbo.report.charts.ways import VIA, outlines
from rumbo.report.page.words import SMALL, text
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import LEVELS
from rumbo.report.read.run import Run
from rumbo.studio.told import Told, both, printed

ACROSS = 1000.0
"""Units across of the map."""


class FlatMap(NamedTuple):
    """A flat map: how degrees become its units."""

    frame: Frame
    scale: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a point lies on it, from its upper left corner."""
        west, _, _, north = self.frame
        near = min(max(lat, -80.0), 80.0)
        x = math.radians(lon - west) * self.scale
        return round(x, 1), round((mercator(north) - mercator(near)) * self.scale, 1)

    @property
    def view(self) -> str:
        """What of it is shown, as SVG says it."""
        return f"0 0 {ACROSS:g} {ACROSS / aspect(self.frame):.0f}"

    def path(self, points: Sequence[Sequence[float]]) -> str:
        """Return a line through points, given as longitude and latitude, as SVG writes it."""
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in (self.point(*one[:2]) for one in points))


def sheet_of(run: Run) -> FlatMap:
    """Return the map of a corridor."""
    frame = bounds(run.records("places"))
    return FlatMap(frame, ACROSS / math.radians(frame[2] - frame[0]))


def ways_of(run: Run) -> list[str]:
    """Return the id of the way of each link: one for each direction between two places."""
    return [f"{row['from']}--{row['to']}" for row in run.records("links")]


def drawn_ways(run: Run, sheet: FlatMap) -> Iterator[Told]:
    """Go through the ways on the ground: their ends, their mode, and the line that they follow."""
    told: dict[str, Told] = {}
    for key, row in zip(ways_of(run), run.records("links"), strict=True):
        via = VIA.match(text(row.get("note")))
        between = [name.strip() for name in via[1].split(">")] if via else []
        stops = [run.places[p] for p in (row["from"], *between, row["to"]) if p in run.places]
        if all(stop.get("kind") != "airport" for stop in stops):
            path = sheet.path([(float(stop["lon"]), float(stop["lat"])) for stop in stops])
            ends = {"id": key, "from": row["from"], "to": row["to"]}
            name = both(run, partial(_between, stops))
            told.setdefault(key, {**ends, "name": name, "mode": row["mode"], "path": path})
    yield from told.values()


def _between(stops: Sequence[Told], run: Run) -> str:
    return " \u2192 ".join(place_name(stops[n], run.words) for n in (0, -1))


def drawn_outlines(run: Run, sheet: FlatMap) -> Iterator[str]:
    """Go through the outlines of countries; points that fall on one another are left out."""
    for feature in outlines(run.background.get("basemap")):
        rings = (ring for polygon in feature["geometry"]["coordinates"] for ring in polygon)
        yield "".join(_ring(ring, sheet) for ring in rings)


def _ring(ring: Sequence[Sequence[float]], sheet: FlatMap) -> str:
    points = [sheet.point(*point) for point in ring]
    apart = points[:1] + [b for a, b in pairwise(points) if a != b]
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in apart) + "Z"


def waiting_on_map(run: Run, *, one: bool) -> Told:
    """Return people waiting at each place where there are ten or more in some month, by side."""
    values = run.sums("waiting", "place").transpose("scenario", "member", "month", "place")
    return _by_side(values.to_numpy(), run.data["place"].values.astype(str).tolist(), one=one)


def moving_on_map(run: Run, keys: Sequence[str], *, one: bool) -> Told:
    """Return people who set out along each way in each month, by side.

    Parameters
    ----------
    run
        The run.
    keys
        Id of the way of each link; links of one way are summed, member by member.
    one
        As in `banded`.
    """
    passages = run.sums("passages", "link").transpose("scenario", "member", "month", "link")
    names = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    joined = np.zeros((len(keys), len(names)))
    joined[np.arange(len(keys)), [names[key] for key in keys]] = 1.0
    return _by_side(passages.to_numpy() @ joined, [*names], one=one)


def _by_side(values: NDArray[np.float64], names: Sequence[str], *, one: bool) -> Told:
    """Return ranges by name and month of (scenario, member, month, name); the small left out."""
    low, middle, high = np.quantile(values, (LEVELS[0], 0.5, LEVELS[-1]), axis=1)
    sides = [
        {
            names[n]: {
                "low_90": None if one else printed(low[side, :, n]),
                "middle": printed(middle[side, :, n]),
                "high_90": None if one else printed(high[side, :, n]),
            }
            for n in np.flatnonzero(middle[side].max(axis=0) >= SMALL).tolist()
        }
        for side in range(len(values))
    ]
    return {"base": sides[0], "changed": sides[1] if len(sides) > 1 else None}
