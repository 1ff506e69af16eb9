"""The map of an export: its layers, what they hold, and how QGIS draws them."""

import re
import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import helpers
import numpy as np
import pytest
import xarray as xr

import rumbo
from rumbo.exporting.series import rounded


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    base = helpers.three_places()
    return rumbo.simulate([base, base.without("bus-closure")], members=10, seed=1)


@pytest.fixture(scope="module")
def exported(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "tables"
    rumbo.export(runs, target)
    return target / "rumbo.gpkg"


def layer(exported: Path, name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(exported, layer=name)


def test_places_and_links_on_the_map(exported: Path, runs: xr.Dataset) -> None:
    places, links = layer(exported, "places"), layer(exported, "links")
    assert places.crs.to_string() == links.crs.to_string() == "EPSG:4326"
    assert places["id"].tolist() == runs["place"].values.tolist()
    assert places.geometry.x.tolist() == runs["lon"].values.tolist()
    assert links["id"].tolist() == runs["link"].values.tolist()
    assert set(links.geom_type) == {"LineString"}


@pytest.mark.parametrize("name", ["waiting", "flows"])
def test_ranges_on_the_map(exported: Path, name: str) -> None:
    rows = layer(exported, name)
    assert set(rows["scenario_id"]) == {"base", "without_bus_closure"}
    shown = rows[["low_90", "median", "high_90"]]
    assert ((shown == 0) | (shown >= 10) | shown.isna()).all(axis=None)
    assert (shown["high_90"] >= 10).all()
    assert (rows["suppressed"] == shown.isna().any(axis=1)).all()


def test_flows_are_medians_of_passages(exported: Path, runs: xr.Dataset) -> None:
    first = layer(exported, "flows").iloc[0]
    of = {"scenario": first["scenario"], "month": f"{first['month']}-01", "link": first["link"]}
    middle = np.median(runs["passages"].sel(of).values)
    assert first["median"] == pytest.approx(rounded(np.array([middle]))[0])


def test_people_waiting_stand_at_their_places(exported: Path, runs: xr.Dataset) -> None:
    rows = layer(exported, "waiting")
    first = rows.iloc[0]
    of = {"scenario": first["scenario"], "month": f"{first['month']}-01", "place": first["place"]}
    middle = np.median(runs["waiting"].sel(of).sum("group").values)
    assert first["median"] == pytest.approx(rounded(np.array([middle]))[0])
    spot = runs.sel(place=first["place"])
    assert (first.geometry.x, first.geometry.y) == (float(spot["lon"]), float(spot["lat"]))
    assert rows[["name_en", "name_es"]].notna().all(axis=None)


def test_a_run_without_flows_has_the_layer(runs: xr.Dataset, tmp_path: Path) -> None:
    rumbo.export(runs.assign(passages=runs["passages"] * 0), tmp_path / "still")
    assert len(layer(tmp_path / "still" / "rumbo.gpkg", "flows")) == 0


def test_qgis_finds_a_style_for_people_waiting_and_for_flows(exported: Path) -> None:
    with sqlite3.connect(exported) as file:
        rows = file.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
        columns = dict(file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        kinds = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents"))
        (version,) = file.execute("PRAGMA user_version").fetchone()
    assert {name for name, *_ in rows} == {"waiting", "flows"}
    assert kinds["layer_styles"] == "attributes"
    assert version <= 10_300  # later ones make programs of some years ago warn
    for name, geometry, default, _ in rows:
        assert columns[name] == geometry
        assert default


@pytest.mark.parametrize("name", ["waiting", "flows"])
def test_one_month_of_one_scenario_is_ticked(exported: Path, name: str) -> None:
    with sqlite3.connect(exported) as file:
        asked = "SELECT styleQML FROM layer_styles WHERE f_table_name = ?"
        (text,) = file.execute(asked, (name,)).fetchone()
    style = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    rows = layer(exported, name)
    scenarios = style.findall("./renderer-v2/rules/rule")
    assert [one.get("checkstate", "1") for one in scenarios] == ["1", "0"]
    for one in scenarios:
        months = [rule.attrib["label"] for rule in one]
        assert set(rows["month"]) <= set(months)
        assert [rule.get("checkstate", "1") for rule in one].count("1") == 1
    (ticked,) = (rule for rule in scenarios[0] if "checkstate" not in rule.attrib)
    chosen = rows[rows["month"] == ticked.attrib["label"]]
    assert ticked.attrib["filter"] == f"\"month\" = '{ticked.attrib['label']}'"
    assert len(chosen) > 0
    symbol = style.find(f"./renderer-v2/symbols/symbol[@name='{ticked.attrib['symbol']}']")
    assert symbol is not None
    assert symbol.attrib["type"] == ("marker" if name == "waiting" else "line")
    for expression in style.iterfind(".//Option[@name='expression']"):
        named = re.findall(r'"(\w+)"', expression.attrib["value"])
        assert set(named) <= set(rows.columns)
