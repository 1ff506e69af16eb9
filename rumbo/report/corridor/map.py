"""The map of the corridor: flows along links and people waiting at places, month by month."""

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.charts.map import bounds, corridor_map
from rumbo.report.charts.ways import (
    LARGEST,
    crowd_rows,
    flow_rows,
    joined_ways,
    map_chart,
    map_controls,
    outlines,
    spot,
)
from rumbo.report.page.parts import Figure, Row, Section, Table, legend
from rumbo.report.page.words import Range
from rumbo.report.read.ranges import quantiles
from rumbo.report.read.run import Run

NAMED_PLACES = 9
"""Most places that bear their name: more would cover each other on a phone."""
ROOM_ACROSS, ROOM_UP = 6.0, 1.6
"""Degrees kept free around a place that is named."""

APART = 0.09
"""Degrees by which the two directions of a link are drawn apart."""


def corridor(run: Run) -> Section:
    """Return the map of flows and waiting people, with the largest flows as a table."""
    words, frame, steps = run.words, bounds(run.records("places")), np.arange(len(run.times))
    ways, passages = joined_ways(run, steps, APART)
    ids = run.data["place"].values.astype(str).tolist()
    spots = [{"id": name, **spot(run.places[name], words, 2)} for name in ids]
    crowds = crowd_rows(run, steps, spots)
    names = _names(crowds, frame[2])
    data = {
        "land": outlines(run.background.get("basemap")),
        "flows": flow_rows(ways, passages),
        "crowds": crowds,
        "names": names,
    }
    alt = words("alt.map", places=words.listed([row["label"] for row in names[:5]]))
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


def _busiest_month(run: Run) -> int:
    """Return the number of the month with most movement, which the map shows first."""
    total = run.sums("passages").isel(scenario=0).median("member")
    return int(total.argmax("month"))
