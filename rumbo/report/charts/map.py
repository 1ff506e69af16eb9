"""How the map is drawn: its projection, lines, circles, names and legends."""

import math
from typing import Literal

import altair as alt

from rumbo.report.charts.series import HUE, NUMBER, finished, tips
from rumbo.report.page.parts import Row
from rumbo.report.page.style import COLOURS, INK, SOFT, Spec
from rumbo.report.page.words import SMALL, Words

Align = Literal["left", "right"]

Frame = tuple[float, float, float, float]
"""West, south, east and north."""

SIDES: tuple[tuple[Align, int], ...] = (("left", 7), ("right", -7))
"""Where a name stands beside its place, and how far."""

LAND, AIR, CROWD = COLOURS[0], "#6d7f8c", COLOURS[1]
MARGIN = 0.04
"""Room around the outermost places, as a share of the map."""


def bounds(places: list[Row]) -> Frame:
    """Return west, south, east and north of the places that are not airports, with a margin."""
    ground = [p for p in places if p.get("kind") != "airport"] or places
    lon = [float(p["lon"]) for p in ground]
    lat = [float(p["lat"]) for p in ground]
    room = MARGIN * max(max(lon) - min(lon), max(lat) - min(lat), 1.0)
    return min(lon) - room, min(lat) - room, max(lon) + room, max(lat) + room


def _projection(frame: Frame) -> alt.Projection:
    west, south, east, north = frame
    below, above = mercator(south), mercator(north)
    middle = math.degrees(2 * math.atan(math.exp((below + above) / 2)) - math.pi / 2)
    wide, high = math.radians(east - west), above - below
    return alt.Projection(
        type="mercator",
        center=[(west + east) / 2, middle],
        scale=alt.expr(f"min(width / {wide:.5f}, height / {high:.5f})"),
        translate=alt.expr("[width / 2, height / 2]"),
    )


def mercator(latitude: float) -> float:
    """Return how far up a latitude lies on the map, in radians at the equator."""
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def aspect(frame: Frame) -> float:
    """Return width over height of the map, within what fits a page."""
    west, south, east, north = frame
    ratio = math.radians(east - west) / (mercator(north) - mercator(south))
    return min(max(ratio, 0.8), 1.8)


KINDS = {
    "camp": "#0072b2",
    "idpcamp": "#56b4e9",
    "conflict_zone": "#d55e00",
    "town": "#5d3a00",
    "forwarding_hub": "#cc79a7",
    "marker": "#6d7f8c",
}
"""Colours of the kinds of places in a run of displacement."""

ENDS = {"longitude": "x1:Q", "latitude": "y1:Q", "longitude2": "x2:Q", "latitude2": "y2:Q"}
"""Where a line begins and ends."""

WIDE = 620
"""Pixels of width from which all names are shown, not only those far apart."""


def corridor_map(words: Words, frame: Frame) -> Spec:
    """Draw the map of the corridor."""
    people = _circles(words, words("legend.crowd"), CROWD)
    lines = _lines(words, words("head.flow_month"))
    return _map(frame, lines, _arrows(), people, *_labels(f"datum.apart || width >= {WIDE}"))


def crisis_map(words: Words, frame: Frame) -> Spec:
    """Draw the map of displacement, its circles coloured by kind."""
    people = _circles(words, words("crisis.present"), SOFT).encode(HUE)
    roads = alt.Chart(alt.NamedData("roads")).mark_rule(color="#b9b9b4", clip=True).encode(**ENDS)
    lines = _lines(words, words("crisis.flow_span")).encode(color=alt.value(LAND))
    names = _labels(f"datum.apart || width >= {WIDE}")
    return _map(frame, roads, lines, people, *names)


def _map(frame: Frame, *layers: alt.Chart) -> Spec:
    """Return a map of layers drawn over the land."""
    land = alt.Chart(alt.NamedData("land")).mark_geoshape(
        fill="#f1efe9", stroke="#c9c5ba", strokeWidth=0.7, clip=True
    )
    names = ("month", "scenario", "most_flow", "most_crowd")
    choice = [alt.param(name=name, value=0) for name in names]
    choice += [alt.param(name=f"ticks_{name}", value=[1]) for name in ("flow", "crowd")]
    return finished(land, *layers, params=choice, projection=_projection(frame))


NOW = "datum.m == month && datum.s == scenario"


def _lines(words: Words, title: str) -> alt.Chart:
    widths = alt.Scale(
        domain=[0, alt.expr("most_flow")], range=[0.4, alt.expr("max(5, width / 70)")]
    )
    kind = alt.Scale(domain=["land", "air"], range=[LAND, AIR])
    lines: alt.Chart = (
        alt.Chart(alt.NamedData("flows"))
        .mark_rule(opacity=0.75, strokeCap="round", clip=True)
        .transform_filter(NOW)
        .transform_calculate(**_tip_texts(words))
    )
    width = alt.StrokeWidth("mid:Q", scale=widths, legend=_legend(title, "flow"))
    colour = alt.Color("kind:N", scale=kind, legend=None)
    texts = _tips(words, "tip.flow")
    return lines.encode(**ENDS, strokeWidth=width, color=colour, tooltip=texts)


def _arrows() -> alt.Chart:
    """Draw an arrowhead on each line that is not the thinnest."""
    kind = alt.Scale(domain=["land", "air"], range=[LAND, AIR])
    arrows: alt.Chart = (
        alt.Chart(alt.NamedData("flows"))
        .mark_point(shape="triangle", filled=True, opacity=1, clip=True)
        .transform_filter(f"{NOW} && datum.mid > {HEADED} * most_flow")
    )
    size = alt.expr("max(28, width / 12)")
    return arrows.encode(
        longitude="ax:Q",
        latitude="ay:Q",
        angle=alt.Angle("turn:Q", scale=None),
        color=alt.Color("kind:N", scale=kind, legend=None),
        size=alt.value(size),
    )


HEADED = 0.02
"""Share of the largest flow from which a line has an arrowhead."""


def _circles(words: Words, title: str, fill: str) -> alt.Chart:
    areas = alt.Scale(
        domain=[0, alt.expr("most_crowd")], range=[0, alt.expr("max(400, width * width / 400)")]
    )
    circles: alt.Chart = (
        alt.Chart(alt.NamedData("crowds"))
        .mark_circle(color=fill, opacity=0.6, stroke="white", strokeWidth=0.8, clip=True)
        .transform_filter(NOW)
        .transform_calculate(**_tip_texts(words))
    )
    size = alt.Size("mid:Q", scale=areas, legend=_legend(title, "crowd", fill))
    texts = _tips(words, "tip.crowd")
    return circles.encode(longitude="x:Q", latitude="y:Q", size=size, tooltip=texts)


def _legend(title: str, name: str, fill: str = CROWD) -> alt.Legend:
    return alt.Legend(
        title=title,
        orient="bottom",
        values=alt.expr(f"ticks_{name}"),
        labelExpr=NUMBER,
        symbolStrokeColor=LAND,
        symbolFillColor=fill,
        symbolSize=900,
        offset=10,
    )


def _tip_texts(words: Words) -> dict[str, str]:
    if not words.ranged:
        return {"wide": f"'{words('no_range')}'", "middle": "format(datum.mid, ',')"}
    low = f"(datum.low < {SMALL} ? '<{SMALL}' : format(datum.low, ','))"
    return {
        "wide": f"{low} + ' \u2013 ' + format(datum.high, ',')",
        "middle": "format(datum.mid, ',')",
    }


def _tips(words: Words, label: str) -> list[alt.Tooltip]:
    own = {"label": label, "middle": "tip.mid"}
    return tips(words, "label", "wide", "middle", own=own)


def _labels(condition: str) -> list[alt.Chart]:
    """Return the names of places to their right or left, those for which a condition holds."""
    names = alt.Chart(alt.NamedData("names")).encode(
        longitude="x:Q", latitude="y:Q", text="label:N"
    )
    shown = {
        align: names.transform_filter(f"datum.align == '{align}' && ({condition})")
        for align, _ in SIDES
    }
    return [mark for align, dx in SIDES for mark in _name_marks(shown[align], align, dx)]


def _name_marks(names: alt.Chart, align: Align, dx: int) -> list[alt.Chart]:
    size = alt.expr("width < 500 ? 11 : 12")
    text = names.mark_text(align=align, dx=dx, dy=-5, fontSize=size, color=INK)
    halo = names.mark_text(
        align=align, dx=dx, dy=-5, fontSize=size, stroke="white", strokeWidth=3, opacity=0.85
    )
    return [halo, text]
