"""The folder of an export: what is held back, and that it appears whole or not at all."""

import errno
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import helpers
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import rumbo
from rumbo.exporting import folder
from rumbo.exporting.series import published
from rumbo.exporting.workbook import _parts
from rumbo.files.inert import RUN, inert, to_csv
from rumbo.scores.background import background_of, carried

PLAIN = [
    "datapackage.json", "differences.csv", "locations.csv", "observed.csv", "rumbo-en.xlsx",
    "rumbo-es.xlsx", "rumbo.gpkg", "targets.csv",
]  # fmt: skip
"""Files of an export that lie in no folder."""

export = rumbo.export


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    base = helpers.three_places()
    return rumbo.simulate([base, base.without("bus-closure")], members=10, seed=1)


@pytest.fixture(scope="module")
def exported(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "tables"
    parts: list[tuple[int, int]] = []
    paths = export(runs, target, progress=lambda *done: parts.append(done))
    assert [path.name for path in paths if path.parent == target] == PLAIN
    assert parts == sorted(parts)
    assert parts[0][0] == 0
    assert len({every for _, every in parts}) == 1
    assert {path.parent.name for path in paths if path.suffix == ".csv"} == {
        "tables", "series", "differences",
    }  # fmt: skip
    return target


@pytest.fixture(scope="module")
def package(exported: Path) -> dict:
    return json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))


def words(exported: Path, language: str = "en") -> str:
    """Return the text of the workbook's read-me, which is its first sheet."""
    with zipfile.ZipFile(exported / f"rumbo-{language}.xlsx") as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, 0.0), (0.01, np.nan), (9.99, np.nan), (10.0, 10.0), (1234.56, 1230.0), (-9.0, np.nan)],
)
def test_what_is_small(value: float, shown: float) -> None:
    values, small = published(np.array([value]))
    assert values[0] == pytest.approx(shown, nan_ok=True)
    assert small[0] == np.isnan(shown)


def test_readers_are_told_what_is_held_back(exported: Path, package: dict) -> None:
    assert "below 10 are left empty" in words(exported)
    assert "menores que 10 quedan" in words(exported)
    assert "below 10 are left empty" in package["description"]
    assert package["suppression"]["below"] == 10


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "\u201c95 % from\u201d"), ("es", "\u201c95 % desde\u201d")]
)
def test_read_me_names_columns_by_the_workbooks_own_headings(
    exported: Path, language: str, heading: str
) -> None:
    text = words(exported, language)
    assert heading in text
    assert not re.search(r"low_\d|scenario_id|compared_with|who_speaks", text)


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


def test_package_describes_the_files(exported: Path, package: dict) -> None:
    described = {resource["path"]: resource for resource in package["resources"]}
    there = {one.relative_to(exported).as_posix() for one in exported.rglob("*") if one.is_file()}
    assert {*described} == there - {"datapackage.json"}
    assert len({resource["name"] for resource in package["resources"]}) == len(described)
    for name, resource in described.items():
        if not name.endswith(".parquet"):
            assert resource["bytes"] == (exported / name).stat().st_size
        if name.endswith(".csv"):
            fields = [field["name"] for field in resource["schema"]["fields"]]
            assert fields == pd.read_csv(exported / name, nrows=1).columns.tolist()


def test_package_has_units_sources_and_licences(package: dict) -> None:
    assert all(one["unit"] and one["description"] for one in package["targets"])
    assert package["sources"][0]["key"] == "example"
    assert package["licenses"][0]["name"] == "Apache-2.0"
    assert package["scenario_ids"][1] == {
        "id": "without_bus_closure",
        "name": "without bus-closure",
    }


def test_same_result_same_bytes(runs: xr.Dataset, exported: Path, tmp_path: Path) -> None:
    for path in export(runs, tmp_path / "again"):
        name = path.relative_to(tmp_path / "again")
        assert path.read_bytes() == (exported / name).read_bytes(), name


def test_an_earlier_export_is_replaced(runs: xr.Dataset, tmp_path: Path) -> None:
    export(runs, tmp_path / "tables")
    (tmp_path / "tables" / "rumbo.gpkg-wal").touch()
    export(runs.isel(scenario=[0]), tmp_path / "tables")
    assert not (tmp_path / "tables" / "rumbo.gpkg-wal").exists()
    assert not (tmp_path / "tables" / "differences").exists()
    table = pd.read_csv(tmp_path / "tables" / "series" / "entries.csv")
    assert set(table["scenario_id"]) == {"base"}
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_an_empty_folder_is_used(runs: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert export(runs.isel(scenario=[0]), tmp_path / "empty")


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


def test_an_export_with_a_foreign_file_in_a_folder_is_refused(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    export(runs, tmp_path / "tables")
    (tmp_path / "tables" / "series" / "mine.csv").write_text("mine")
    with pytest.raises(rumbo.Faults, match=r"series/mine\.csv"):
        export(runs, tmp_path / "tables")


def test_a_file_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(rumbo.Faults, match="expected a folder"):
        export(runs, tmp_path / "file")


@pytest.mark.parametrize(
    "name",
    ["rumbo.exporting.workbook.write_workbook", "rumbo.exporting.geopackage.write_geopackage"],
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
    before = {path: path.read_bytes() for path in export(runs, tmp_path / "tables")}
    monkeypatch.setattr(folder, "write_package", _full)
    with pytest.raises(rumbo.Faults):
        export(runs.isel(scenario=[0]), tmp_path / "tables")
    assert {path: path.read_bytes() for path in before} == before
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
    assert (tmp_path / "tables" / "datapackage.json").is_file()


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_result_without_background_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lacks its background"):
        export(runs.drop_attrs(deep=False), tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("cut", "told"),
    [
        (lambda runs: runs.mean("member"), "no member.*before taking quantiles or means"),
        (lambda runs: runs.isel(scenario=0), r"no scenario.*scenario=\[0\]"),
        (lambda runs: runs.isel(month=0), "no month"),
        (lambda runs: 5, "expected a result, got int"),
        (lambda runs: runs["encounters"], "expected a result, got DataArray"),
    ],
)
def test_what_is_no_whole_result_is_refused_everywhere(
    cut: Callable[[xr.Dataset], Any], told: str, runs: xr.Dataset, tmp_path: Path
) -> None:
    part = cut(runs)
    for ask in (
        lambda: export(part, tmp_path / "tables"),
        lambda: rumbo.score(part),
        lambda: rumbo.write_report(part, tmp_path / "page.html"),
    ):
        with pytest.raises(ValueError, match=told):
            ask()
    assert list(tmp_path.iterdir()) == []


def test_a_report_wants_every_place_and_an_export_does_not(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    part = runs.isel(place=[0])
    with pytest.raises(ValueError, match="lacks places"):
        rumbo.write_report(part, tmp_path / "page.html")
    assert export(part, tmp_path / "tables")


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


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"])
def test_cells_that_a_spreadsheet_would_run_are_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("script", ["rumbo/report/page/page.js", "rumbo/studio/page/table.js"])
def test_what_a_browser_writes_is_inert_by_the_same_beginnings(script: str) -> None:
    named = {"\t": "\\t", "\r": "\\r", "-": "\\-"}
    beginnings = "".join(named.get(one, one) for one in RUN)
    text = Path(script).read_text(encoding="utf-8")
    assert re.search(r"/\^\[(\S+)\]\./s\.test\(value\)", text)[1] == beginnings  # type: ignore[index]


@pytest.mark.parametrize("value", [-5, -0.5, "-5", "+1e3", "plain", "a=b", "", "-", None, np.nan])
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert inert(value) is value


def test_a_table_with_formulas_is_written_inert() -> None:
    table = pd.DataFrame({"=name": ["=1+1", "x"], "value": [-1.5, 2.0]})
    assert to_csv(table) == "'=name,value\n'=1+1,-1.5\nx,2\n"


def test_a_scenario_named_like_a_formula_is_inert_in_every_table(tmp_path: Path) -> None:
    base = helpers.three_places().between("2024-01-01", "2024-01-31")
    export(rumbo.simulate(base.named("=HYPERLINK(1)"), members=2, seed=1), tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not any(cell.startswith("=") for cell in line.split(",")), (path.name, line)
    with zipfile.ZipFile(tmp_path / "out" / "rumbo-es.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name), name


@pytest.mark.parametrize(("place", "compared"), [("middle_town", True), ("south_town", False)])
def test_beds_known_in_one_scenario_alone_are_compared_with_nothing(
    tmp_path: Path, place: str, compared: bool
) -> None:
    """Where no places are known nobody is counted short of one: all would be a difference."""
    base = helpers.three_places().between("2024-01-01", "2024-02-29")
    given = base.change("shelter.places", 40, at=place)
    export(rumbo.simulate([base, given], members=2, workers=1), tmp_path / "out")
    names = {path.stem for path in (tmp_path / "out" / "differences").iterdir()}
    assert any(name.startswith("waiting") for name in names)
    assert any(name.startswith("shelter_shortfall") for name in names) is compared
    series = {path.stem for path in (tmp_path / "out" / "series").iterdir()}
    assert any(name.startswith("shelter_shortfall") for name in series)
