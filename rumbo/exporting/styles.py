"""How QGIS draws the layers of the map: a box to tick for each scenario and month, one ticked."""

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pandas as pd

from rumbo.exporting.series import ResultFacts

if TYPE_CHECKING:
    import geopandas as gpd

STYLED = ("waiting", "flows")
"""Layers that have a style."""

LARGEST_POINT, WIDEST_LINE, LEAST_SIZE = 14.0, 4.0, 0.4
"""Millimetres of the largest point, the widest line, and the smallest of both."""

COLOURS = {"waiting": "213,94,0,170", "flows": "0,114,178,200"}
"""Orange and blue that colour-blind readers tell apart (Okabe and Ito 2008), with their cover."""


def styles(layers: "dict[str, gpd.GeoDataFrame]", facts: ResultFacts) -> pd.DataFrame:
    """Return the table of styles that QGIS reads from a GeoPackage.

    Parameters
    ----------
    layers
        The layers to draw, by name.
    facts
        What all quantities share.

    Returns
    -------
    pandas.DataFrame
        A row for each layer.
    """
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": name,
            "f_geometry_column": "geom",
            "styleName": name,
            "styleQML": _style(name, table, facts),
            "styleSLD": "",
            "useAsDefault": True,
            "description": "A box to tick for each scenario and month; area or width by median",
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp("2000-01-01"),
        }
        for name, table in layers.items()
    ]
    return pd.DataFrame(rows)


def _style(name: str, table: "gpd.GeoDataFrame", facts: ResultFacts) -> str:
    """Return a style as the XML that QGIS saves."""
    root = Element("qgis", {"version": "3.22", "styleCategories": "Symbology"})
    renderer = SubElement(root, "renderer-v2", {"type": "RuleRenderer", "symbollevels": "0"})
    rules = SubElement(renderer, "rules", {"key": "all"})
    busiest = table.groupby("month")["median"].sum().idxmax() if len(table) else None
    for number, (one, scenario) in enumerate(zip(facts.ids, facts.scenarios, strict=True)):
        title = facts.names.scenario(scenario).en
        attributes = {"key": one, "label": title, "filter": f"\"scenario_id\" = '{one}'"}
        above = SubElement(rules, "rule", attributes | _ticked(number == 0))
        for month in facts.ends:
            SubElement(above, "rule", _rule(one, f"{month:%Y-%m}", busiest))
    symbols = SubElement(renderer, "symbols")
    most = float(table["median"].max()) if table["median"].notna().any() else 1.0
    symbols.append(_symbol(name, most))
    return "<!DOCTYPE qgis>" + tostring(root, encoding="unicode")


def _rule(scenario: str, month: str, busiest: Any) -> dict[str, str]:
    """Return the rule that draws one month; the busiest is ticked when the layer is opened."""
    rule = {"key": f"{scenario}-{month}", "label": month, "filter": f"\"month\" = '{month}'"}
    return rule | {"symbol": "0"} | _ticked(month == busiest)


def _ticked(ticked: bool) -> dict[str, str]:
    return {} if ticked else {"checkstate": "0"}


def _symbol(name: str, most: float) -> Element:
    """Return a point whose area, or a line whose width, goes with the median."""
    point = name == "waiting"
    colour, share = COLOURS[name], f'coalesce("median", 0) / {most:g}'
    symbol = Element("symbol", {"name": "0", "type": "marker" if point else "line", "alpha": "1"})
    if point:
        size = f"{LEAST_SIZE:g} + {LARGEST_POINT:g} * sqrt({share})"
        own = {"name": "circle", "color": colour, "outline_color": "255,255,255,255", "size": "2"}
        symbol.append(_part("SimpleMarker", own, {"size": size}))
        return symbol
    width = f"{LEAST_SIZE:g} + {WIDEST_LINE:g} * ({share})"
    own = {"line_color": colour, "line_width": "0.5", "capstyle": "round"}
    symbol.append(_part("SimpleLine", own, {"outlineWidth": width}))
    symbol.append(_arrow(colour, f"2 * ({width}) + 1"))
    return symbol


def _arrow(colour: str, size: str) -> Element:
    """Return the head in the middle of a line that says where people go."""
    line = _part("MarkerLine", {"placements": "CentralPoint", "rotate": "1"}, {})
    head = SubElement(line, "symbol", {"name": "@0@1", "type": "marker", "alpha": "1"})
    own = {"name": "filled_arrowhead", "color": colour, "outline_style": "no", "size": "2"}
    head.append(_part("SimpleMarker", own, {"size": size}))
    return line


def _part(kind: str, own: dict[str, str], moving: dict[str, str]) -> Element:
    """Return a layer of a symbol: what is fixed, and what follows from each feature."""
    part = Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    fixed = SubElement(part, "Option", {"type": "Map"})
    for name, value in own.items():
        SubElement(fixed, "Option", {"name": name, "type": "QString", "value": value})
    if moving:
        whole = SubElement(SubElement(part, "data_defined_properties"), "Option", {"type": "Map"})
        SubElement(whole, "Option", {"name": "name", "type": "QString", "value": ""})
        each = SubElement(whole, "Option", {"name": "properties", "type": "Map"})
        for name, expression in moving.items():
            each.append(_expression(name, expression))
        SubElement(whole, "Option", {"name": "type", "type": "QString", "value": "collection"})
    return part


def _expression(name: str, expression: str) -> Element:
    one = Element("Option", {"name": name, "type": "Map"})
    SubElement(one, "Option", {"name": "active", "type": "bool", "value": "true"})
    SubElement(one, "Option", {"name": "expression", "type": "QString", "value": expression})
    SubElement(one, "Option", {"name": "type", "type": "int", "value": "3"})
    return one
