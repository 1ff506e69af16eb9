"""The wide tables and workbooks of an export: values, differences, observed figures, names."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import helpers
import numpy as np
import pandas as pd
import pytest
import questions_asked
import xarray as xr
from report_fixture import make_runs

import rumbo
from rumbo.exporting.names import catalogue
from rumbo.exporting.series import ENDS, LEAST, Array, rounded
from rumbo.exporting.tables import MOST_ROWS, parts
from rumbo.model.corridor import CORRIDOR
from rumbo.report.page.words import Words
from rumbo.report.page.words import rounded as of_report
from rumbo.report.read.contrast import contrasts
from rumbo.report.read.names import scenario_title
from rumbo.report.read.run import read_run

SIZE = 1_000_000
"""Bytes that no wide table may reach."""


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    base = helpers.three_places()
    return rumbo.simulate([base, base.without("bus-closure")], members=10, seed=1)


@pytest.fixture(scope="module")
def exported(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "tables"
    rumbo.export(runs, target)
    return target


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result with observed figures, in two scenarios that differ from the third month on."""
    target = tmp_path_factory.mktemp("export") / "made-up"
    rumbo.export(make_runs(scenarios=("base", "more seats")), target)
    return target


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_every_wide_table_is_small_and_has_names_and_units(exported: Path) -> None:
    paths = [*exported.glob("series/*.csv"), *exported.glob("differences/*.csv")]
    assert len(paths) > 40
    for path in paths:
        assert path.stat().st_size < SIZE, path.name
        rows = pd.read_csv(path)
        assert {*rows["target"]} == {re.sub(r"-.*", "", path.stem)}
        assert (
            rows[["unit", "name_en", "name_es", "scenario_en", "scenario_es"]]
            .notna()
            .all(axis=None)
        )


def test_a_long_table_is_cut_by_scenario() -> None:
    names = np.repeat(["base", "other"], MOST_ROWS)
    rows = pd.DataFrame({"scenario_id": names})
    apart = dict(parts(rows.assign(scenario_id="base", compared_with=names), "waiting"))
    assert [*apart] == ["waiting-base-less-base.csv", "waiting-base-less-other.csv"]
    found = dict(parts(rows, "waiting"))
    assert {name: len(rows) for name, rows in found.items()} == {
        "waiting-base.csv": MOST_ROWS,
        "waiting-other.csv": MOST_ROWS,
    }


def test_values_are_quantiles_over_members(exported: Path, runs: xr.Dataset) -> None:
    rows = table(exported, "series/entries_by_group")
    row = rows.query("scenario_id == 'base' and location == 'OTH-adult' and date == '2024-03-31'")
    values = runs["entries"].sel(scenario="base", group="OTH-adult", month="2024-03-01")
    expected = np.quantile(values.values.astype(float), list(ENDS.values()))
    assert row[list(ENDS)].to_numpy()[0] == pytest.approx(rounded(expected))


def test_a_nationality_is_the_sum_of_its_groups(exported: Path, runs: xr.Dataset) -> None:
    rows = table(exported, "series/encounters_usbp_by_nationality")
    first = rows.query("scenario_id == 'base' and date == '2024-03-31'").iloc[0]
    values = runs["encounters"].sel(scenario="base", component="USBP", month="2024-03-01")
    own = values.isel(group=np.flatnonzero(runs["nationality"].values == first["location"]))
    middle = np.median(own.sum(["area", "group"]).values)
    assert first["median"] == pytest.approx(rounded(np.array([middle]))[0])


def test_differences_are_paired(exported: Path, runs: xr.Dataset) -> None:
    """Quantiles of differences, not differences of quantiles."""
    rows = table(exported, "differences/stops")
    assert {*rows["scenario_id"]} == {"base"}
    assert {*rows["compared_with"]} == {"without_bus_closure"}
    values = -runs["stops"].sum(["place", "group"]).astype(float).diff("scenario").squeeze()
    month = values.sel(month="2024-05-01").values
    row = rows[rows["date"] == "2024-05-31"].iloc[0]
    expected = np.quantile(month, list(ENDS.values()))
    close = rounded(np.where(np.abs(expected) < LEAST, np.nan, expected))
    shown = row[list(ENDS)].to_numpy(dtype=float)
    assert shown == pytest.approx(np.where(expected == 0, 0.0, close), nan_ok=True)
    assert row["share_more"] == pytest.approx((month > 0).mean(), abs=6e-4)
    assert row["share_fewer"] == pytest.approx((month < 0).mean(), abs=6e-4)
    whole = table(exported, "differences").query("target == 'stops'").iloc[0]
    middle = np.median(values.sum("month").values)
    assert whole["median"] == pytest.approx(rounded(np.array([middle]))[0])
    assert whole["less_en"] == (
        "“All policies as they were” less “Without: No coaches north of Middle town”"
    )


def test_differences_have_the_sign_of_the_page(
    runs: xr.Dataset, exported: Path, made_up: Path
) -> None:
    """With a policy less without it; else changed less first."""
    pages = {exported: runs, made_up: make_runs(scenarios=("base", "more seats"))}
    for folder, result in pages.items():
        run = read_run(result, Words("en"))
        (asked,) = contrasts(run)
        change = asked.of(run.series("stops").astype(float)).sum("month")
        row = table(folder, "differences").query("target == 'stops'").iloc[0]
        assert row["median"] == pytest.approx(rounded(np.array([np.median(change)]))[0])
        assert row["median"] != 0
    told = {*table(made_up, "differences")["less_es"]}
    assert told == {"«more seats» menos «Todas las medidas como fueron»"}


def test_a_policy_taken_back_is_with_less_without(runs: xr.Dataset, tmp_path: Path) -> None:
    """Also where the first scenario is the one without it."""
    rumbo.export(runs.isel(scenario=[1, 0]), tmp_path / "turned")
    rows = table(tmp_path / "turned", "differences")
    assert {*rows["scenario_id"]} == {"base"}
    assert {*rows["compared_with"]} == {"without_bus_closure"}


def test_sides_of_a_question_are_called_as_on_the_page(tmp_path: Path) -> None:
    pair = rumbo.load(questions_asked.folder(tmp_path)).ask("closed")
    result = rumbo.simulate(pair, members=2, seed=1, workers=1)
    rumbo.export(result, tmp_path / "asked")
    rows = table(tmp_path / "asked", "series/stops")
    named = rows[["scenario_id", "scenario_en", "scenario_es"]].drop_duplicates()
    for language in ("en", "es"):
        run = read_run(result, Words(language))
        shown = [scenario_title(name, run) for name in run.scenarios]
        assert named[f"scenario_{language}"].tolist() == shown
    assert named["scenario_es"].tolist() == ["Con closed", "Sin closed"]
    assert named["scenario_id"].tolist() == ["closed", "without_bus_closure"]
    told = table(tmp_path / "asked", "differences")
    assert {*told["less_en"]} == {"“With closed” less “Without closed”"}


def test_what_is_changed_further_takes_no_side_of_a_question(tmp_path: Path) -> None:
    pair = rumbo.load(questions_asked.folder(tmp_path)).ask("closed")
    more = pair[1].change("shelter.places", 400, at="middle_town").named("400 places")
    result = rumbo.simulate([*pair, more], members=2, seed=1, workers=1)
    rumbo.export(result, tmp_path / "asked")
    rows = table(tmp_path / "asked", "series/stops")
    titles = ["With closed", "Without closed", "400 places"]
    assert list(dict.fromkeys(rows["scenario_en"])) == titles
    run = read_run(result, Words("en"))
    assert [scenario_title(name, run) for name in run.scenarios] == titles


def test_a_stock_over_the_whole_run_is_its_mean(made_up: Path) -> None:
    runs = make_runs(scenarios=("base", "more seats"))
    held = runs["held"].sum("place").astype(float).diff("scenario").squeeze()
    values = held.weighted(runs["month"].dt.days_in_month).mean("month")
    whole = table(made_up, "differences").query("target == 'held'").iloc[0]
    assert whole["median"] == pytest.approx(rounded(np.array([np.median(values.values)]))[0])


def test_days_waited_over_the_whole_run_are_all_of_them(exported: Path, runs: xr.Dataset) -> None:
    """A month holds the sum over its days, though they are counted of people present."""
    values = runs["days_waited"].sum("group").astype(float)
    apart = (values.isel(scenario=0) - values.isel(scenario=1)).sum("month")
    whole = table(exported, "differences").query("target == 'days_waited'").iloc[0]
    assert whole["median"] == pytest.approx(rounded(np.array([np.median(apart.values)]))[0])
    targets = table(exported, "targets").set_index("target")["what"]
    assert (targets["days_waited"], targets["held"]) == ("flow", "stock")


def test_every_difference_says_who_speaks(exported: Path, made_up: Path) -> None:
    for folder in (exported, made_up):
        for path in (folder / "differences.csv", *folder.glob("differences/*.csv")):
            assert {*pd.read_csv(path)["who_speaks"]} <= {"assumed", "undecided", "record"}, (
                path.name
            )
    told = table(made_up, "differences")
    assert {*told["who_speaks"]} == {"assumed"}  # the seats have no source
    assert {*told["sizes_en"]} == {"assumed: 1 of 1 values that make this effect"}
    assert {*told["sizes_es"]} == {"supuesto: 1 de 1 valores que producen este efecto"}


def test_one_scenario_has_no_differences(runs: xr.Dataset, tmp_path: Path) -> None:
    paths = rumbo.export(runs.isel(scenario=[0]), tmp_path / "one")
    assert not [path for path in paths if "differences" in str(path.relative_to(tmp_path))]


def test_figures_keep_the_unit_in_which_they_were_published(tmp_path: Path) -> None:
    runs = make_runs(scenarios=("base",))
    told = json.loads(runs.attrs["background"])
    for row in told["figures"]:
        if row["measure"] == "encounters":
            row["unit"] = "events"
    rumbo.export(runs.assign_attrs(background=json.dumps(told)), tmp_path)
    rows = table(tmp_path, "observed")
    met = rows["measure"] == "encounters"
    assert {*rows[met]["unit"]} == {"events"}
    assert "persons" in {*rows[~met & (rows["target"] != "")]["unit"]}


def test_what_was_observed_stands_beside(made_up: Path) -> None:
    rows = table(made_up, "series/encounters_usbp").query("scenario_id == 'base'")
    # An earlier edition of the first month said 99,999.
    assert rows["observed"].tolist()[:3] == [17_000, 17_900, 18_800]
    nations = table(made_up, "series/encounters_usbp_by_nationality")
    whole = nations["date"] < nations["date"].max()  # the run ends before its last month does
    assert {*nations[whole].query("location == 'VEN'")["observed"]} == {6000}
    assert nations.query("location != 'VEN'")["observed"].isna().all()
    places = table(made_up, "series/waiting_by_place").query("location == 'tapachula'")
    seen = places[places["observed_low"].notna()].iloc[0]
    assert (seen["observed_low"], seen["observed_high"]) == (1500, 4500)
    assert np.isnan(seen["observed"])


def test_observed_figures_are_those_published_last(made_up: Path) -> None:
    rows = table(made_up, "observed")
    assert 99_999 not in {*rows["value"]}
    assert {*rows["source"]} == {"gazette"}
    assert rows[["publisher", "published", "measure", "date"]].notna().all(axis=None)
    assert {"encounters_usbp", "encounters_usbp_by_nationality", "stops", "waiting_by_place"} == {
        *rows["target"].dropna()
    }


def test_small_values_are_held_back(exported: Path) -> None:
    marked = 0
    for path in exported.glob("*/*.csv"):
        rows = pd.read_csv(path)
        shown = rows[list(ENDS)].to_numpy(dtype=float)
        size = np.abs(shown[np.isfinite(shown)])
        assert ((size == 0) | (size >= LEAST)).all(), path.name
        assert (rows["suppressed"] == np.isnan(shown).any(axis=1)).all(), path.name
        marked += rows["suppressed"].sum()
    assert marked > 0


def test_places_that_stay_small_are_left_out(runs: xr.Dataset, tmp_path: Path) -> None:
    few = runs.assign(waiting=runs["waiting"].where(runs["place"] != "middle_town", 1.0))
    rumbo.export(few, tmp_path / "few")
    assert "middle_town" not in {*table(tmp_path / "few", "series/waiting_by_place")["location"]}


def test_the_last_month_ends_with_the_run(tmp_path: Path) -> None:
    short = helpers.three_places().between("2024-01-01", "2024-02-10")
    rumbo.export(rumbo.simulate(short, members=2, seed=1), tmp_path / "short")
    ends = table(tmp_path / "short", "series/entries")["date"]
    assert sorted({*ends}) == ["2024-01-31", "2024-02-10"]


@pytest.mark.parametrize("value", [0.4, 1.5, 9.6, 999.4, 1234.56, 234312.3, -1235.0, 0.0])
def test_numbers_have_as_many_digits_as_in_the_report(value: float) -> None:
    assert rounded(np.array([value]))[0] == pytest.approx(of_report(value))


def test_rounding_keeps_the_order_of_quantiles() -> None:
    values: Array = np.sort(np.random.default_rng(1).lognormal(8, 3, (50, 23)), axis=1)
    assert (np.diff(rounded(values), axis=1) >= 0).all()


def sheets(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Go through the sheets of a workbook: their names, and the texts of their first row."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        space = {"x": book.tag[1:].partition("}")[0]}
        for number, one in enumerate(book.findall(".//x:sheet", space), start=1):
            root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            first = root.find(".//x:row", space)
            assert first is not None
            yield one.attrib["name"], [text.text or "" for text in first.iterfind(".//x:t", space)]


def test_workbooks_are_in_both_languages(made_up: Path) -> None:
    english, spanish = (dict(sheets(made_up / f"rumbo-{one}.xlsx")) for one in ("en", "es"))
    assert list(english) == [
        "read-me", "ranges", "differences", "observed", "quantities", "locations", "sources",
        "settings",
    ]  # fmt: skip
    assert list(spanish) == [
        "léame", "rangos", "diferencias", "observado", "cantidades", "ubicaciones", "fuentes",
        "valores",
    ]  # fmt: skip
    for heads, others in zip(english.values(), spanish.values(), strict=True):
        assert len(heads) == len(others)
    known = {text.en for key, text in catalogue().items() if key.startswith("head.")}
    assert {*english["ranges"], *english["differences"]} <= known
    assert "90 % desde" in spanish["rangos"]
    assert "quién respalda su tamaño" in spanish["diferencias"]


def test_every_measure_has_a_name_in_both_languages() -> None:
    for measure in CORRIDOR.measures:
        if measure.name == "passages":  # on the map only
            continue
        text = catalogue()[f"measure.{measure.name}"]
        assert text.en == measure.long_name, measure.name
        assert text.es
        assert text.es != text.en


def test_every_text_is_used() -> None:
    folder = Path(rumbo.exporting.names.__file__).parent
    source = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    for key, text in catalogue().items():
        assert all(text), key
        family, _, end = key.partition(".")
        known = family in ("measure", "unit", "quality", "kind", "by", "what", "head")
        assert known or f'"{key}"' in source or f'"{end}"' in source, key


def test_package_is_one_that_describes_its_tables(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", ()):
            column = pd.read_csv(exported / resource["path"])[field["name"]].dropna()
            if field["type"] == "number":
                assert pd.api.types.is_numeric_dtype(column) or column.empty, field
            elif field["type"] == "date":
                assert pd.to_datetime(column, format="%Y-%m-%d", errors="raise") is not None
