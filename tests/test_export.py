"""The export: what is in each file, what is held back, and that it appears whole or not at all."""

import errno
import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import helpers
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import rumbo
from rumbo.export import export, folder
from rumbo.export.series import QUANTILES, published
from rumbo.export.workbook import ENDS, _parts
from rumbo.scores.background import background_of, carried

FILES = ["datapackage.json", "quantiles.csv", "quantiles.parquet", "rumbo.gpkg", "rumbo.xlsx"]
HUB = [
    "origin_date", "scenario_id", "target", "location", "target_end_date", "horizon",
    "output_type", "output_type_id", "value",
]  # fmt: skip


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    base = helpers.three_places()
    return rumbo.simulate([base, base.without("bus-closure")], members=10, seed=1)


@pytest.fixture(scope="module")
def exported(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "tables"
    assert [path.name for path in export(runs, target)] == FILES
    return target


@pytest.fixture(scope="module")
def table(exported: Path) -> pd.DataFrame:
    return pd.read_csv(exported / "quantiles.csv")


@pytest.fixture(scope="module")
def package(exported: Path) -> dict:
    return json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))


def layer(exported: Path, name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(exported / "rumbo.gpkg", layer=name)


def words(exported: Path) -> str:
    """Return the text of the workbook's read-me, which is its first sheet."""
    with zipfile.ZipFile(exported / "rumbo.xlsx") as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_hub_columns(table: pd.DataFrame) -> None:
    assert table.columns.tolist() == [*HUB, "suppressed"]
    assert set(table["output_type"]) == {"quantile"}
    assert len(QUANTILES) == 23
    assert sorted(set(table["output_type_id"])) == list(QUANTILES)
    assert not table.drop(columns="value").isna().any(axis=None)
    assert not table.duplicated(HUB[:-1]).any()


def test_dates(table: pd.DataFrame) -> None:
    assert set(table["origin_date"]) == {"2023-12-31"}
    months = table.groupby("horizon")["target_end_date"].unique()
    assert months.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert months[2].tolist() == ["2024-02-29"]


def test_the_last_month_ends_with_the_run(tmp_path: Path) -> None:
    short = helpers.three_places().between("2024-01-01", "2024-02-10")
    export(rumbo.simulate(short, members=2, seed=1), tmp_path / "short")
    ends = pd.read_csv(tmp_path / "short" / "quantiles.csv")["target_end_date"]
    assert sorted(set(ends)) == ["2024-01-31", "2024-02-10"]


def test_locations_are_those_of_the_dimensions(table: pd.DataFrame, runs: xr.Dataset) -> None:
    found = table.groupby("target")["location"].unique().map(set)
    assert found["entries"] == {"all", "OTH-adult", "OTH-family"}
    assert found["encounters_usbp"] == {"all", *runs["area"].values}
    assert found["deaths"] == {"all", *runs["region"].values}
    assert found["waiting"] - {"all"} <= set(runs["place"].values)
    assert "passages" not in found


def test_every_value_has_its_range(table: pd.DataFrame) -> None:
    keys = ["scenario_id", "target", "location", "target_end_date"]
    assert (table.groupby(keys).size() == 23).all()


def test_quantiles_do_not_fall(table: pd.DataFrame) -> None:
    values = table["value"].to_numpy().reshape(-1, 23)
    steps = np.diff(np.where(np.isnan(values), 5.0, values), axis=1)
    assert (steps >= 0).all()


def test_values_are_quantiles_over_members(table: pd.DataFrame, runs: xr.Dataset) -> None:
    rows = table[(table["target"] == "entries") & (table["location"] == "OTH-adult")]
    rows = rows[(rows["scenario_id"] == "base") & (rows["horizon"] == 3)]
    values = runs["entries"].sel(scenario="base", group="OTH-adult", month="2024-03-01")
    expected = np.quantile(values.values.astype(float), QUANTILES)
    assert rows["value"].to_numpy() == pytest.approx(expected, abs=0.051)


def test_parts_add_up_to_the_total(runs: xr.Dataset, tmp_path: Path) -> None:
    export(runs.isel(member=[0]), tmp_path / "one")
    table = pd.read_csv(tmp_path / "one" / "quantiles.csv")
    rows = table[(table["target"] == "entries") & (table["output_type_id"] == 0.5)]
    total = rows[rows["location"] == "all"]["value"].sum()
    assert rows[rows["location"] != "all"]["value"].sum() == pytest.approx(total)


def test_small_values_are_held_back(table: pd.DataFrame) -> None:
    shown = table["value"].dropna()
    assert ((shown == 0) | (shown >= 10)).all()
    assert table["suppressed"].any()
    assert (table["suppressed"] == table["value"].isna()).all()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, 0.0), (0.01, np.nan), (9.99, np.nan), (10.0, 10.0), (1234.56, 1234.6)],
)
def test_what_is_small(value: float, shown: float) -> None:
    values, small = published(np.array([value]))
    assert values[0] == pytest.approx(shown, nan_ok=True)
    assert small[0] == np.isnan(shown)


def test_places_that_stay_small_are_left_out(runs: xr.Dataset, tmp_path: Path) -> None:
    few = runs.assign(waiting=runs["waiting"].where(runs["place"] != "middle_town", 1.0))
    export(few, tmp_path / "few")
    table = pd.read_csv(tmp_path / "few" / "quantiles.csv")
    assert "middle_town" not in set(table.loc[table["target"] == "waiting", "location"])


def test_readers_are_told_what_is_held_back(exported: Path, package: dict) -> None:
    assert "below 10 are left empty" in words(exported)
    assert "menores que 10 quedan" in words(exported)
    assert "below 10 are left empty" in package["description"]
    assert package["suppression"]["below"] == 10


def test_parquet_equals_csv(exported: Path, table: pd.DataFrame) -> None:
    columnar = pd.read_parquet(exported / "quantiles.parquet")
    dates = {name: columnar[name].astype(str) for name in ("origin_date", "target_end_date")}
    pd.testing.assert_frame_equal(columnar.assign(**dates), table, check_dtype=False)


def test_workbook(exported: Path, table: pd.DataFrame) -> None:
    with zipfile.ZipFile(exported / "rumbo.xlsx") as archive:
        book = archive.read("xl/workbook.xml").decode()
        ranges = archive.read("xl/worksheets/sheet2.xml").decode()
    for name in ("read-me", "ranges", "targets", "locations", "sources", "settings"):
        assert f'name="{name}"' in book
    assert ranges.count("<row ") == len(table) / 23 + 1
    header = ["scenario", "target", "location", "date", *ENDS, "suppressed"]
    found = [ranges.index(f"<t>{name}</t>") for name in header]
    assert found == sorted(found)


def test_read_me_names_the_run(exported: Path, runs: xr.Dataset) -> None:
    text = words(exported)
    for fact in (runs.attrs["title"], runs.attrs["run_id"], "without bus-closure", "few members"):
        assert fact in text


def test_a_single_member_is_said_to_be_no_range(runs: xr.Dataset, tmp_path: Path) -> None:
    one = runs.isel(member=[0]).assign_attrs(members=1)
    export(one, tmp_path / "one")
    assert "say nothing about how sure" in words(tmp_path / "one")


def test_more_rows_than_a_sheet_holds() -> None:
    parts = [list(part) for part in _parts(iter([[i] for i in range(7)]), 3)]
    assert parts == [[[0], [1], [2]], [[3], [4], [5]], [[6]]]


def test_places_and_links_on_the_map(exported: Path, runs: xr.Dataset) -> None:
    places, links = layer(exported, "places"), layer(exported, "links")
    assert places.crs.to_string() == links.crs.to_string() == "EPSG:4326"
    assert places["id"].tolist() == runs["place"].values.tolist()
    assert places.geometry.x.tolist() == runs["lon"].values.tolist()
    assert links["id"].tolist() == runs["link"].values.tolist()
    assert set(links.geom_type) == {"LineString"}


def test_flows_on_the_map(exported: Path, runs: xr.Dataset) -> None:
    flows = layer(exported, "flows")
    assert set(flows["scenario"]) == {"base", "without bus-closure"}
    shown = flows[["low_90", "median", "high_90"]]
    assert ((shown == 0) | (shown >= 10) | shown.isna()).all(axis=None)
    assert (shown["high_90"] >= 10).all()
    assert (flows["suppressed"] == shown.isna().any(axis=1)).all()
    first = flows.iloc[0]
    of = {"scenario": first["scenario"], "month": first["month"], "link": first["link"]}
    middle = np.median(runs["passages"].sel(of).values)
    assert first["median"] == pytest.approx(middle, abs=0.051)


def test_a_run_without_flows_has_the_layer(runs: xr.Dataset, tmp_path: Path) -> None:
    export(runs.assign(passages=runs["passages"] * 0), tmp_path / "still")
    assert len(layer(tmp_path / "still", "flows")) == 0


def test_package_describes_the_files(exported: Path, package: dict, table: pd.DataFrame) -> None:
    described = {resource["path"]: resource for resource in package["resources"]}
    assert sorted(described) == FILES[1:]
    for name, resource in described.items():
        assert resource["bytes"] == (exported / name).stat().st_size
    fields = described["quantiles.csv"]["schema"]["fields"]
    assert [field["name"] for field in fields] == table.columns.tolist()
    assert all(field["hxl"].startswith("#") for field in fields)
    assert set(described["quantiles.csv"]["schema"]["primaryKey"]) < set(table.columns)


def test_package_has_units_sources_and_licences(package: dict, table: pd.DataFrame) -> None:
    targets = {target["name"]: target for target in package["targets"]}
    assert set(targets) == set(table["target"])
    assert all(target["unit"] and target["description"] for target in targets.values())
    assert package["sources"][0]["key"] == "example"
    assert package["licenses"][0]["name"] == "Apache-2.0"


def test_same_result_same_bytes(runs: xr.Dataset, exported: Path, tmp_path: Path) -> None:
    for path in export(runs, tmp_path / "again"):
        assert path.read_bytes() == (exported / path.name).read_bytes(), path.name


def test_an_earlier_export_is_replaced(runs: xr.Dataset, tmp_path: Path) -> None:
    export(runs, tmp_path / "tables")
    (tmp_path / "tables" / "rumbo.gpkg-wal").touch()
    export(runs.isel(scenario=[0]), tmp_path / "tables")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == FILES
    table = pd.read_csv(tmp_path / "tables" / "quantiles.csv")
    assert set(table["scenario_id"]) == {"base"}
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_an_empty_folder_is_used(runs: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert len(export(runs, tmp_path / "empty")) == len(FILES)


@pytest.mark.parametrize("description", [None, "{}", "[]", "no json", '{"resources": []}'])
def test_a_foreign_folder_is_refused(
    runs: xr.Dataset, tmp_path: Path, description: str | None
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    if description is not None:
        (tmp_path / "datapackage.json").write_text(description)
    with pytest.raises(rumbo.Faults, match=r"no export has written .*does not exist yet"):
        export(runs, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_export_with_a_foreign_file_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    export(runs, tmp_path / "tables")
    (tmp_path / "tables" / "notes.txt").write_text("mine")
    with pytest.raises(rumbo.Faults, match=r"notes\.txt"):
        export(runs, tmp_path / "tables")
    assert (tmp_path / "tables" / "notes.txt").read_text() == "mine"


def test_a_file_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(rumbo.Faults, match="expected a folder"):
        export(runs, tmp_path / "file")


@pytest.mark.parametrize(
    "name", ["rumbo.export.workbook.write_workbook", "rumbo.export.geopackage.write_geopackage"]
)
def test_a_full_disk_leaves_nothing(
    runs: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(name, _full)
    with pytest.raises(rumbo.Faults, match="no space left on device"):
        export(runs, tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_there(
    runs: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in export(runs, tmp_path / "tables")}
    monkeypatch.setattr(folder, "write_package", _full)
    with pytest.raises(rumbo.Faults):
        export(runs.isel(scenario=[0]), tmp_path / "tables")
    assert {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_failed_move_brings_the_earlier_export_back(
    runs: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(runs, tmp_path / "tables")
    replace = os.replace

    def fail(source: Path, target: Path) -> None:
        if source.name == "whole":
            _full()
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(rumbo.Faults):
        export(runs, tmp_path / "tables")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == FILES


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_result_without_background_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lacks its background"):
        export(runs.drop_attrs(deep=False), tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []


def test_a_result_of_before_with_its_background_among_coordinates_is_read(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    old = runs.drop_attrs(deep=False).assign_attrs(
        {name: value for name, value in runs.attrs.items() if name != "background"}
    )
    old = old.assign_coords(background=runs.attrs["background"])
    assert export(old, tmp_path / "tables")
    assert background_of(old) == background_of(runs)
    xr.testing.assert_identical(carried(old), runs)


def test_rows_written_as_csv_are_small(runs: xr.Dataset) -> None:
    """No variable drags along what the whole result carries."""
    rows = runs["encounters"].isel(month=0, area=0, component=0, scenario=0).to_dataframe()
    assert len(rows.head(3).to_csv()) < 2_000
