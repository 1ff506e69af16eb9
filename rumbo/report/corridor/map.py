"""The map of the corridor: flows along links and people waiting at places, month by month."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.map import bounds
from rumbo.report.page.parts import Chart, Figure, Row, Table
from rumbo.report.page.words import SMALL, Words, rounded
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import quantiles
from rumbo.report.read.run import Run

SHARE = 0.004
"""Flows and crowds under this share of the largest are left out of the map."""

NAMED_PLACES = 9
ROOM_ACROSS, ROOM_UP = 6.0, 1.6
"""Degrees kept free around a place that is named."""

LARGEST = 20
"""Rows of the table behind the map."""

APART = 0.09
"""Degrees by which the two directions of a link are drawn apart."""


def map_figure(run: Run) -> Figure:
    """Return the map of flows and waiting people, with the largest flows as a table."""
    words, ways = run.words, joined_ways(run, run.data["passages"])
    crowds = crowd_rows(run)
    data = {
        "land": outlines(run.background.get("basemap") or {}),
        "flows": flow_rows(*ways),
        "crowds": crowds,
        "names": _names(crowds, bounds(run.records("places"))[2]),
    }
    alt = words("alt.map", places=words.listed([row["label"] for row in data["names"][:5]]))
    ends = {"most_flow": most(data["flows"]), "most_crowd": most(crowds)}
    chart = Chart("map", data, "", alt, size="map", params=ends)
    legend = ("flow_land", "flow_air", "crowd")
    return Figure(
        "map", words("figure.map"), words("text.map"), [chart], _table(run, *ways), legend
    )


def _table(run: Run, ways: list[Row], values: xr.DataArray) -> Table:
    """Return the largest flows of the first scenario over the whole period."""
    words = run.words
    total = quantiles(values.isel(scenario=0).sum("month")).values
    largest = np.argsort(-total[2], kind="stable")[:LARGEST]
    rows = [
        [
            ways[n]["label"],
            words(f"way.{ways[n]['kind']}"),
            words.span(total[0, n], total[4, n]),
            words.span(total[1, n], total[3, n]),
            words.count(total[2, n]),
        ]
        for n in largest
        if total[2, n] >= SMALL
    ]
    heads = ("head.way", "head.kind", "head.wide", "head.half", "head.middle")
    return Table([words(head) for head in heads], rows, words("table.map"))


def most(rows: list[Row]) -> float:
    """Return the largest middle value, to which widths and areas are drawn in every month."""
    return max((row["mid"] for row in rows), default=1.0)


def flow_rows(ways: list[Row], values: xr.DataArray) -> list[Row]:
    """Return people starting along each way, by scenario and month, ends rounded."""
    rows = long_rows(quantiles(values), "way")
    return [{**ways[row.pop("way")], **row} for row in rows]


def joined_ways(
    run: Run, passages: xr.DataArray, apart: float = APART
) -> tuple[list[Row], xr.DataArray]:
    """Join links that share both ends, by land or by air.

    Parameters
    ----------
    run
        The run.
    passages
        People starting along each link, over scenario, member, time and link.
    apart
        Degrees by which the two directions are drawn apart.

    Returns
    -------
    ways : list
        Ends and label of each way.
    values : xarray.DataArray
        People starting along it, over scenario, member, month and way.
    """
    data, places = run.data, run.places
    air = np.where(np.char.find(data["mode"].values.astype(str), "air") >= 0, "air", "land")
    ends = (data[name].values.astype(str).tolist() for name in ("link_from", "link_to"))
    keys = list(zip(*ends, air.tolist(), strict=True))
    order = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    first = np.array([order[key] for key in keys])
    total = passages.transpose("scenario", "member", ..., "link").values
    summed = np.zeros((*total.shape[:3], len(order)))
    np.add.at(summed, (..., first), total)
    dims = ("scenario", "member", "month", "way")
    ways = [_way(run, places[start], places[end], kind, apart) for start, end, kind in order]
    return ways, xr.DataArray(summed, dims=dims)


def _way(run: Run, start: Row, end: Row, kind: str, apart: float) -> Row:
    x1, y1, x2, y2 = (float(p[c]) for p in (start, end) for c in ("lon", "lat"))
    far = math.hypot(x2 - x1, y2 - y1) or 1.0
    # To the right of the direction of travel, so that both directions can be seen.
    aside, up = apart * (y2 - y1) / far, -apart * (x2 - x1) / far
    label = f"{place_name(start, run.words)} \u2192 {place_name(end, run.words)}"
    ends = {"x1": x1 + aside, "y1": y1 + up, "x2": x2 + aside, "y2": y2 + up}
    return {**{k: round(v, 2) for k, v in ends.items()}, "kind": kind, "label": label}


def crowd_rows(run: Run) -> list[Row]:
    """Return people waiting at each place, by scenario and month, ends rounded."""
    values = run.sums("waiting", "place").transpose("scenario", "member", "month", "place")
    places = [run.places[str(name)] for name in values["place"].values]
    rows = long_rows(quantiles(values), "place")
    return [{**_spot(places[row.pop("place")], run.words), **row} for row in rows]


def _spot(place: Row, words: Words) -> Row:
    spot = {"x": round(float(place["lon"]), 2), "y": round(float(place["lat"]), 2)}
    return {"id": place["id"], "label": place_name(place, words), **spot}


def long_rows(ends: xr.DataArray, last: str) -> list[Row]:
    """Return a row for each cell whose middle value can be seen."""
    low, middle, high = (ends.isel(quantile=n).values for n in (0, 2, 4))
    seen = middle >= max(SHARE * middle.max(initial=0.0), SMALL)
    return [
        {
            "s": int(s),
            "m": int(m),
            last: int(n),
            "low": rounded(low[s, m, n]),
            "mid": rounded(middle[s, m, n]),
            "high": rounded(high[s, m, n]),
        }
        for s, m, n in np.argwhere(seen)
    ]


def _names(crowds: list[Row], east: float) -> list[Row]:
    """Return the places named on the map: where most people wait, none beside another."""
    table = pd.DataFrame(crowds, columns=["x", "y", "label", "mid"])
    largest = table.groupby(["x", "y", "label"])["mid"].max().sort_values(ascending=False)
    named: list[Row] = []
    for x, y, label in largest.index:
        if all(abs(x - n["x"]) > ROOM_ACROSS or abs(y - n["y"]) > ROOM_UP for n in named):
            align = "right" if x > east - 2 * ROOM_ACROSS else "left"
            named.append({"x": x, "y": y, "label": label, "align": align})
    return named[:NAMED_PLACES]


def busiest_month(run: Run) -> int:
    """Return the number of the month with most movement, which the map shows first."""
    total = run.sums("passages").isel(scenario=0).median("member")
    return int(total.argmax("month"))


def outlines(basemap: Row) -> list[Row]:
    """Return the outlines of countries, coordinates rounded to about a kilometre."""
    features = basemap.get("features", [])
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
    kept = near[:1] + [b for a, b in pairwise(near) if a != b]
    return kept if len(kept) > 3 else near
