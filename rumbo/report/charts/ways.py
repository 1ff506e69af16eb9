"""Rows of a map: people on ways and at places, by scenario and step, and the land below."""

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import xarray as xr

from rumbo.report.charts.map import Frame, aspect, mercator
from rumbo.report.page.parts import Chart, Controls, Drawing, Row
from rumbo.report.page.style import Spec
from rumbo.report.page.words import SMALL, Words, rounded, text
from rumbo.report.read.names import place_name, scenario_title
from rumbo.report.read.ranges import Index, quantiles
from rumbo.report.read.run import Run

SHARE = 0.004
"""Flows and crowds under this share of the largest are left out of the map."""

TICKS = (0.1, 0.4, 0.9)
"""Where the legends of widths and areas have their entries, as shares of the largest."""

LARGEST = 20
"""Rows of the table behind the map."""


def map_chart(
    draw: Callable[[Words, Frame], Spec],
    frame: Frame,
    data: dict[str, list[Row]],
    alt: str,
    size: str = "map",
) -> Chart:
    """Return the map drawn by a function within a frame."""
    drawing = Drawing("map", lambda words: draw(words, frame))
    # To the largest middle value widths and areas are drawn at every step.
    params: dict[str, float | list[float]] = {}
    for name, rows in (("flow", "flows"), ("crowd", "crowds")):
        most = max((row["mid"] for row in data[rows]), default=1.0)
        params[f"most_{name}"] = most
        params[f"ticks_{name}"] = [rounded(share * most, 1) for share in TICKS]
    box = f"--ratio:{round(aspect(frame), 3)}"
    return Chart(drawing, data, "", alt, size=size, style=box, params=params)


def map_controls(run: Run, label: str, steps: Sequence[str], shown: int) -> Controls:
    """Return what steers the map of a run."""
    titles = [scenario_title(name, run) for name in run.scenarios]
    return Controls(label, steps, shown, run.words("control.scenario"), titles)


def flow_rows(ways: list[Row], values: xr.DataArray) -> list[Row]:
    """Return people starting along each way, by scenario and step, ends rounded."""
    return _long_rows(quantiles(values), ways)


def crowd_rows(run: Run, steps: Index, spots: list[Row]) -> list[Row]:
    """Return people waiting at each place, by scenario and step, ends rounded."""
    values = run.sums("waiting", "place").isel({run.dimension: steps})
    return _long_rows(quantiles(values.transpose("scenario", "member", ..., "place")), spots)


def _long_rows(ends: xr.DataArray, about: Sequence[Row]) -> list[Row]:
    """Return a row for each cell whose middle value can be seen, after what is said of it."""
    low, middle, high = (ends.isel(quantile=n).values for n in (0, 2, 4))
    seen = middle >= max(SHARE * middle.max(initial=0.0), SMALL)
    return [
        {
            **about[n],
            "s": int(s),
            "m": int(m),
            "low": rounded(low[s, m, n]),
            "mid": rounded(middle[s, m, n]),
            "high": rounded(high[s, m, n]),
        }
        for s, m, n in np.argwhere(seen)
    ]


def joined_ways(run: Run, steps: Index, apart: float) -> tuple[list[Row], xr.DataArray]:
    """Join links that share both ends, by land or by air, and the times up to each step.

    Returns ends and label of each way, both directions drawn some degrees apart, and people
    starting along it over scenario, member, step and way.
    """
    keys = way_keys(run)
    order = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    passages = run.data["passages"].transpose("scenario", "member", ..., "link").values
    first = np.concatenate([[0], steps[:-1] + 1])
    total = np.add.reduceat(passages.astype(np.float64), first, axis=2)
    summed = np.zeros((*total.shape[:3], len(order)))
    for link, key in enumerate(keys):
        summed[..., order[key]] += total[..., link]
    ways = [
        _way(run, run.places[start], run.places[end], kind, apart) for start, end, kind in order
    ]
    return ways, xr.DataArray(summed, dims=("scenario", "member", "step", "way"))


WayKey = tuple[str, str, str]
"""Where a way begins and ends, and whether it leads by ``land`` or ``air``."""


def way_keys(run: Run) -> list[WayKey]:
    """Return the way of each link."""
    air = np.where(np.char.find(run.data["mode"].values.astype(str), "air") >= 0, "air", "land")
    return list(zip(*link_ends(run), air.tolist(), strict=True))


def stretches(run: Run, passages: xr.DataArray, apart: float) -> tuple[list[Row], xr.DataArray]:
    """Return the stretches between places that ways lead along, and who starts along each.

    Parameters
    ----------
    run
        The run; a note of a link says ``via`` and by which places it leads.
    passages
        People starting along each way; its last dimension is ``way``.
    apart
        Degrees by which both directions are drawn apart.

    Returns
    -------
    rows
        Ends, label, kind and arrowhead of each stretch.
    people
        All who start along ways that lead over it; the dimension ``way`` is that of stretches.
    """
    ways, via = list(dict.fromkeys(way_keys(run))), _via(run)
    lead = [pairwise([start, *via.get((start, end, kind), []), end]) for start, end, kind in ways]
    each = [[(a, b, way[2]) for a, b in own] for way, own in zip(ways, lead, strict=True)]
    order = {key: n for n, key in enumerate(dict.fromkeys(key for own in each for key in own))}
    over = np.zeros((len(ways), len(order)))
    for way, own in enumerate(each):
        over[way, [order[key] for key in own]] = 1.0
    rows = [
        _with_arrow(_way(run, run.places[start], run.places[end], kind, apart))
        for start, end, kind in order
    ]
    return rows, xr.DataArray(passages.values @ over, dims=passages.dims)


def _via(run: Run) -> dict[WayKey, list[str]]:
    """Return by which places ways lead, as the notes of links say."""
    found: dict[WayKey, list[str]] = {}
    notes = {text(row.get("id")): text(row.get("note")) for row in run.records("links")}
    for link, key in zip(run.data["link"].values.astype(str), way_keys(run), strict=True):
        if named := VIA.match(notes.get(link, "")):
            places = [name.strip() for name in named[1].split(">")]
            if set(places) <= set(run.places):
                found.setdefault(key, places)
    return found


VIA = re.compile(r"via ([\w >]+)$")
"""How the note of a link names the places that it leads along."""

ALONG = 0.62
"""Where on a stretch its arrowhead stands, as a share of its length."""


def _with_arrow(way: Row) -> Row:
    """Return a way with where its arrowhead stands and how far it is turned from north."""
    x1, y1, x2, y2 = (way[name] for name in ("x1", "y1", "x2", "y2"))
    up = math.degrees(mercator(y2) - mercator(y1))
    at = {"ax": x1 + ALONG * (x2 - x1), "ay": y1 + ALONG * (y2 - y1)}
    turn = round(math.degrees(math.atan2(x2 - x1, up)))
    return {**way, **{name: round(value, 2) for name, value in at.items()}, "turn": turn}


def link_ends(run: Run) -> list[list[str]]:
    """Return the places where links begin, and those where they end."""
    return [run.data[name].values.astype(str).tolist() for name in ("link_from", "link_to")]


def _way(run: Run, start: Row, end: Row, kind: str, apart: float) -> Row:
    x1, y1, x2, y2 = (float(p[c]) for p in (start, end) for c in ("lon", "lat"))
    far = math.hypot(x2 - x1, y2 - y1) or 1.0
    # To the right of the direction of travel, so that both directions can be seen.
    aside, up = apart * (y2 - y1) / far, -apart * (x2 - x1) / far
    label = f"{place_name(start, run.words)} \u2192 {place_name(end, run.words)}"
    ends = {"x1": x1 + aside, "y1": y1 + up, "x2": x2 + aside, "y2": y2 + up}
    return {**{k: round(v, 2) for k, v in ends.items()}, "kind": kind, "label": label}


def spot(place: Row, words: Words, decimals: int) -> Row:
    """Return the name of a place and where it lies."""
    at = {axis: round(float(place[key]), decimals) for axis, key in (("x", "lon"), ("y", "lat"))}
    return {"label": place_name(place, words), **at}


def outlines(basemap: Row | None) -> list[Row]:
    """Return the outlines of countries, coordinates rounded to about a kilometre."""
    features = (basemap or {}).get("features", [])
    countries = [f for f in features if f.get("properties", {}).get("level", 0) == 0]
    return [
        {"type": "Feature", "geometry": _coarse(feature["geometry"]), "properties": {}}
        for feature in countries or features
    ]


def _coarse(geometry: Row) -> Row:
    parts = geometry["coordinates"]
    many = parts if geometry["type"] == "MultiPolygon" else [parts]
    rings = [[_ring(ring) for ring in polygon] for polygon in many]
    return {"type": "MultiPolygon", "coordinates": rings}


def _ring(points: list[list[float]]) -> list[list[float]]:
    near = [[round(x, 2), round(y, 2)] for x, y in points]
    different = near[:1] + [b for a, b in pairwise(near) if a != b]
    return different if len(different) > 3 else near
