"""The map of the corridor: flows along links and people waiting at places, month by month."""

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.map import Frame, bounds, corridor_map
from rumbo.report.charts.ways import (
    LARGEST,
    crowd_rows,
    flow_rows,
    joined_ways,
    map_chart,
    map_controls,
    outlines,
    spot,
    stretches,
    way_keys,
)
from rumbo.report.page.parts import Figure, Row, Section, Table, legend
from rumbo.report.page.words import Range, text
from rumbo.report.read.names import area_name
from rumbo.report.read.ranges import quantiles
from rumbo.report.read.run import Run

PHONE, WIDE = 340.0, 1000.0
"""Pixels across of a narrow and of a wide map."""

LETTER, LINE = 6.6, 16.0
"""Pixels across of a letter of a name, and pixels up of a name."""

ZONES = 5
"""Destinations that are named before any place but the fullest."""

APART = 0.09
"""Degrees by which the two directions of a link are drawn apart."""


def corridor(run: Run) -> Section:
    """Return the map of flows and waiting people, with the largest flows as a table."""
    words, frame, steps = run.words, bounds(run.records("places")), np.arange(len(run.times))
    ways, passages = joined_ways(run, steps, APART)
    ids = run.data["place"].values.astype(str).tolist()
    spots = [{"id": name, **spot(run.places[name], words, 2)} for name in ids]
    crowds = crowd_rows(run, steps, spots)
    named = _most(crowds)
    names = _names([*named[:2], *_zones(run, spots, passages), *named[2:]], frame)
    data = {
        "land": outlines(run.background.get("basemap")),
        "flows": flow_rows(*stretches(run, passages, APART)),
        "crowds": crowds,
        "names": names,
    }
    alt = words("alt.map", places=words.listed([row["label"] for row in named[:5]]))
    months = [words.month(month) for month in run.times]
    controls = map_controls(run, words("control.month"), months, _busiest_month(run))
    figure = Figure(
        "map",
        words("figure.map"),
        words("text.map"),
        [map_chart(corridor_map, frame, data, alt)],
        _largest_flows(run, ways, passages),
        [legend(words, "flow_land", "flow_air", "crowd"), controls],
    )
    return Section("corridor", words("part.corridor"), [figure])


def _largest_flows(run: Run, ways: list[Row], values: xr.DataArray) -> Table:
    """Return the largest flows of the first scenario over the whole period."""
    words = run.words
    total = quantiles(values.isel(scenario=0).sum("step")).values
    ends = [Range(*total[:, n]) for n in range(len(ways))]
    largest = np.argsort(-total[2], kind="stable")[:LARGEST]
    rows = [
        [ways[n]["label"], words(f"way.{ways[n]['kind']}"), *words.range_cells(ends[n])]
        for n in largest
        if words.printed(ends[n].middle)
    ]
    heads = words.heads("way", "kind", *words.ends)
    return Table(heads, rows, words("table.map"))


def _most(crowds: list[Row]) -> list[Row]:
    """Return the places by how many people wait there at most, those with most first."""
    table = pd.DataFrame(crowds, columns=["x", "y", "label", "mid"])
    largest = table.groupby(["x", "y", "label"])["mid"].max().sort_values(ascending=False)
    return [{"x": x, "y": y, "label": label} for x, y, label in largest.index]


def _zones(run: Run, spots: list[Row], passages: xr.DataArray) -> list[Row]:
    """Return the destination zones that most people set out for."""
    ends = pd.Series([end for _, end, _ in dict.fromkeys(way_keys(run))])
    people = passages.isel(scenario=0).median("member").sum("step")
    largest = people.to_series().groupby(ends).sum().sort_values(ascending=False)
    at = {spot["id"]: spot for spot in spots}
    zones = {end: text(run.places[end].get("zone")) for end in largest.index}
    return [
        {"x": at[end]["x"], "y": at[end]["y"], "label": area_name(zone, run.words)}
        for end, zone in zones.items()
        if zone and run.places[end].get("kind") == "destination_zone"
    ][:ZONES]


def _names(wanted: list[Row], frame: Frame) -> list[Row]:
    """Return the names that have room, the first before all others, marked if on a phone too."""
    named: list[Row] = []
    for one in wanted:
        for align in ("left", "right"):
            each = {**one, "align": align}
            if all(one["label"] != n["label"] for n in named) and _free(each, named, WIDE, frame):
                near = [name for name in named if name["apart"]]
                named.append({**each, "apart": _free(each, near, PHONE, frame)})
    return named


def _free(one: Row, named: list[Row], across: float, frame: Frame) -> bool:
    """Whether a name stays within a map so many pixels across, and covers none of the others."""
    scale = across / (frame[2] - frame[0])
    left, right = _reach(one, scale)
    if left < frame[0] * scale or right > frame[2] * scale:
        return False
    for other in named:
        begin, end = _reach(other, scale)
        apart = right < begin or end < left
        if not apart and abs(one["y"] - other["y"]) * scale < LINE:
            return False
    return True


def _reach(name: Row, scale: float) -> tuple[float, float]:
    """Return from where to where a name reaches, in pixels."""
    at, long = name["x"] * scale, LETTER * len(name["label"]) + LINE
    return (at, at + long) if name["align"] == "left" else (at - long, at)


def _busiest_month(run: Run) -> int:
    """Return the number of the month with most movement, which the map shows first."""
    total = run.sums("passages").isel(scenario=0).median("member")
    return int(total.argmax("month"))
