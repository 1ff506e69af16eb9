"""Monthly figures as known on a day: what had been published, and nothing that came later."""

import ast
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import folders
import numpy as np
import pandas as pd
import pytest

import rumbo
from rumbo.files.faults import Faults
from rumbo.scenario.corridor import BUNDLED
from rumbo.scenario.figures import Key, Known, known
from rumbo.scenario.scenario import Scenario, load

PATROL = Key("encounters", "USBP")
MEXICO = Key("stops")
DAY = "2023-02-10"

BORDER = "encounters,USBP,all,all"
TAIL = "events,{published},assumed,made up,assumed,assumed"
"""Cells of a figure after its value and range."""


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load("darien-rio-bravo")


def corridor(to: Path) -> Path:
    """Return a copy of the bundled corridor."""
    return Path(shutil.copytree(BUNDLED / "darien-rio-bravo", to / "copy"))


def small(to: Path, months: dict[str, float | str], series: str = BORDER) -> Path:
    """Return a copy of the smallest corridor with a series of figures, known a month later."""
    folder = folders.copy(to)
    for month, value in months.items():
        published = (pd.Period(month, "M") + 2).start_time.strftime("%Y-%m-%d")
        add(folder, month, value, published, series)
    return folder


def add(folder: Path, month: str, value: float | str, published: str, series: str = BORDER) -> int:
    line = f"{series},{month},{value},,,{TAIL.format(published=published)}"
    return folders.add(folder, "figures.csv", line)


def same(one: Known, other: Known, key: Key) -> bool:
    a, b = one.series(key), other.series(key)
    return a.months.tobytes() == b.months.tobytes() and a.values.tobytes() == b.values.tobytes()


def test_a_series_ends_with_the_last_month_published(bundled: Scenario) -> None:
    found = known(bundled, DAY)
    # The Border Patrol is told after 20 days, Mexico after 40.
    assert found.series(PATROL).last == np.datetime64("2022-12")
    assert found.series(MEXICO).last == np.datetime64("2022-12")
    assert known(bundled, "2023-02-08").series(MEXICO).last == np.datetime64("2022-11")
    assert known(bundled, date(2023, 2, 20)).series(PATROL).last == np.datetime64("2023-01")


def test_months_follow_one_another_and_can_be_cut(bundled: Scenario) -> None:
    series = known(bundled, DAY).series(PATROL)
    assert len(series.months) == len(series.values) == 11 * 12
    assert set(np.diff(series.months.astype(int))) == {1}
    late = series.since("2022-11")
    assert late.values.tolist() == series.values[-2:].tolist()
    assert late.key == PATROL


def test_months_known_of(bundled: Scenario) -> None:
    months = known(bundled, DAY).months
    assert (str(months[0]), str(months[-1])) == ("2012-01", "2022-12")
    assert known(bundled, "1990-01-01").months.tolist() == []


def test_the_digest_tells_what_was_known(bundled: Scenario) -> None:
    digests = [known(bundled, day).digest for day in (DAY, DAY, "2023-02-20")]
    assert digests[0] == digests[1] != digests[2]


def test_series_there_are(bundled: Scenario) -> None:
    keys = known(bundled, DAY).keys("encounters", "USBP")
    assert PATROL in keys
    assert len([key for key in keys if key.nationality != "all"]) == 15
    assert len([key for key in keys if key.area != "all"]) == 9
    assert keys == sorted(keys)
    assert known(bundled, DAY).keys("encounters") == []


def test_a_later_figure_cannot_be_seen(bundled: Scenario, tmp_path: Path) -> None:
    folder = corridor(tmp_path)
    # A revision of a month known already, and a month that is not yet known.
    add(folder, "2022-12,", 9e9, "2023-02-11")  # and no last month of a span
    path = folder / "figures.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    later = [i for i, row in enumerate(rows) if row.startswith(f"{BORDER},2023-01,")]
    rows[later[0]] = f"{BORDER},2023-01,,9e9,,,{TAIL.format(published='2023-02-20')}"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    planted = load(folder)
    before = known(planted, DAY)
    for key in known(bundled, DAY).keys("encounters", "USBP"):
        assert same(before, known(bundled, DAY), key)
    assert before.digest == known(bundled, DAY).digest
    after = known(planted, "2023-03-01").series(PATROL)
    assert after.values[-2:].tolist() == [9e9, 9e9]


def test_a_later_lever_cannot_be_seen(bundled: Scenario, tmp_path: Path) -> None:
    folder = corridor(tmp_path)
    tail = "made up,inventado,US,{announced},{until_announced},assumed,assumed,"
    for lever, announced in (("surprise", ""), ("foretold", "2023-02-11")):
        cells = tail.format(announced=announced, until_announced="")
        folders.add(folder, "levers.csv", f"{lever},2023-03-01,,{cells}")
    planted = load(folder)
    pd.testing.assert_frame_equal(known(planted, DAY).calendar(), known(bundled, DAY).calendar())
    told = set(known(planted, "2023-02-11").calendar()["lever"])
    assert "foretold" in told
    assert "surprise" not in told
    assert "surprise" in set(known(planted, "2023-03-01").calendar()["lever"])


def test_what_was_announced_is_in_the_calendar(bundled: Scenario) -> None:
    calendar = known(bundled, DAY).calendar()
    assert calendar.columns.tolist() == ["lever", "since", "until", "actor"]
    ahead = calendar[calendar["since"] > DAY]["lever"].tolist()
    assert ahead == [
        "title-42-end-2023-05", "mx-election-2024", "pa-inauguration-2024", "mx-inauguration-2024",
        "us-election-2024", "us-inauguration-2025",
    ]  # fmt: skip
    assert calendar["since"].is_monotonic_increasing


@pytest.mark.parametrize(("day", "ends"), [("2023-01-29", False), ("2023-01-30", True)])
def test_an_end_is_known_once_it_was_announced(bundled: Scenario, day: str, ends: bool) -> None:
    calendar = known(bundled, day).calendar()
    until = calendar[calendar["lever"] == "title-42"]["until"]
    assert until.notna().all() == until.notna().any() == ends


def test_a_calendar_is_not_changed_by_those_who_read_it(bundled: Scenario) -> None:
    found = known(bundled, DAY)
    found.calendar().pop("since")
    assert "since" in found.calendar()


def test_a_revision_takes_the_place_of_the_first_figure(tmp_path: Path) -> None:
    folder = small(tmp_path, {"2023-01": 100, "2023-02": 200})
    add(folder, "2023-01", 130, "2023-06-01")
    scenario = load(folder)
    assert known(scenario, "2023-05-31").series(PATROL).values.tolist() == [100, 200]
    assert known(scenario, "2023-06-01").series(PATROL).values.tolist() == [130, 200]


def test_empty_area_and_nationality_mean_all(tmp_path: Path) -> None:
    folder = small(tmp_path, {"2023-01": 100}, "encounters,USBP,,")
    assert known(load(folder), "2024-01-01").series(PATROL).values.tolist() == [100]


def test_a_range_stands_for_its_middle(tmp_path: Path) -> None:
    folder = small(tmp_path, {"2023-01": 100})
    folders.swap(folder, "figures.csv", "2023-01,100,,,", "2023-01,,100,300,")
    assert known(load(folder), "2024-01-01").series(PATROL).values.tolist() == [200]


def test_a_gap_is_a_fault_of_the_series_asked_for(tmp_path: Path) -> None:
    folder = small(tmp_path, {"2023-01": 1, "2023-02": 2, "2023-05": 5})
    rows = (folder / "figures.csv").read_text(encoding="utf-8").count("\n")
    found = known(load(folder), "2024-01-01")
    with pytest.raises(Faults, match="nothing between 2023-02 and 2023-05") as caught:
        found.series(PATROL)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row) == ("figures.csv", rows)
    assert "Add the missing months" in fault.cure


def test_rows_of_faults_count_blank_lines(tmp_path: Path) -> None:
    folder = small(tmp_path, {"2023-01": 1})
    folders.add(folder, "figures.csv", "")
    row = add(folder, "2023-04", 4, "2023-06-01")
    with pytest.raises(Faults) as caught:
        known(load(folder), "2024-01-01").series(PATROL)
    assert caught.value.faults[0].row == row


def test_several_estimates_of_a_month_are_no_series(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    row = add(folder, "2024-02", 500, "2024-03-02", "waiting,,north_crossing,all")
    found = known(load(folder), "2024-06-01")
    with pytest.raises(Faults, match="has 2024-02 twice") as caught:
        found.series(Key("waiting", area="north_crossing"))
    assert caught.value.faults[0].row == row


@pytest.mark.parametrize("day", ["2011-01-01", "1990-01-01"])
def test_nothing_published_yet(bundled: Scenario, day: str) -> None:
    found = known(bundled, day)
    assert found.keys("encounters", "USBP") == []
    with pytest.raises(Faults, match=f"nothing of 'encounters USBP' had been published by {day}"):
        found.series(PATROL)


def test_not_a_day(bundled: Scenario) -> None:
    with pytest.raises(Faults, match="expected a date"):
        known(bundled, "tomorrow")


@pytest.mark.parametrize(("day", "open_"), [("2023-12-31", True), ("2024-01-01", False)])
def test_revisions_are_to_come_until_settled(bundled: Scenario, day: str, open_: bool) -> None:
    practice = bundled.publication.set_index(["measure", "component"]).loc[("stops", "")]
    assert practice["settles_after_months"] == 12
    spread = known(bundled, day).revision_sd(MEXICO._replace(nationality="VEN"), "2022-12")
    assert spread == (practice["revision_sd"] if open_ else 0.0)


def test_nothing_is_known_of_revisions_without_the_table() -> None:
    scenario = load(folders.THREE_PLACES)
    assert scenario.publication.empty
    assert known(scenario, "2024-03-01").revision_sd(PATROL, "2024-01") == 0.0


PRACTICE = """measure,component,delay_days,revision_sd,settles_after_months,source,quality,note
encounters,USBP,20,0.05,3,assumed,assumed,
"""


def test_the_table_of_revisions_is_written_and_seen_by_the_digest(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    plain = load(folder).digest()
    (folder / "publication.csv").write_text(PRACTICE, encoding="utf-8")
    scenario = load(folder)
    assert scenario.digest() != plain
    again = load(scenario.write(tmp_path / "again"))
    assert known(again, "2024-03-01").revision_sd(PATROL, "2024-01") == 0.05
    pd.testing.assert_frame_equal(again.publication, scenario.publication)


def test_dates_of_announcements_are_written(tmp_path: Path) -> None:
    folder = corridor(tmp_path)
    again = load(load(folder).write(tmp_path / "again"))
    pd.testing.assert_frame_equal(again.levers, load(folder).levers)


DATA = {"figures", "inflows", "levers", "publication", "content", "_table"}
"""Names under which a scenario holds what had not yet happened on a day."""

DOORS = {
    "rumbo.figures", "rumbo.scenario.figures.figures", "rumbo.scenario.figures.published",
    "rumbo.scenario.corridor", "rumbo.scenario.folder", "rumbo.files.tables", "rumbo.run.about",
}  # fmt: skip
"""Modules and functions of the package through which data could be had."""

PACKAGE = Path(rumbo.__file__).parent


def looks(tree: ast.AST) -> Iterator[str]:
    """Give what a module reads of data but through `known`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in DATA:
            yield f"line {node.lineno}: .{node.attr}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            base = getattr(node, "module", None)
            full = [f"{base}.{a.name}" if base else a.name for a in node.names]
            yield from (
                f"line {node.lineno}: {door}"
                for door in DOORS
                if any(f"{name}.".startswith(f"{door}.") for name in full)
            )
        elif isinstance(node, ast.Constant) and node.value in DATA:
            yield f"line {node.lineno}: '{node.value}'"


@pytest.mark.parametrize(
    "text",
    [
        "scenario.figures", "rumbo.figures(scenario)", "from rumbo.scenario.figures import figures",
        "from rumbo import figures", "import rumbo.scenario.corridor",
        "from rumbo.scenario import folder", "from rumbo.files.tables import read",
        "getattr(scenario, 'inflows')",
        "scenario.content.inflows", "known._table",
    ],
)  # fmt: skip
def test_a_look_ahead_is_noticed(text: str) -> None:
    assert list(looks(ast.parse(text)))


MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for name in ("fitting", "forecasting")
    for path in (PACKAGE / name).rglob("*.py")
)


def test_there_are_modules_to_look_through() -> None:
    assert {name.partition("/")[0] for name in MODULES} == {"fitting", "forecasting"}


@pytest.mark.parametrize("module", MODULES)
def test_fits_and_forecasts_have_data_only_as_known_on_a_day(module: str) -> None:
    assert list(looks(ast.parse((PACKAGE / module).read_text(encoding="utf-8")))) == []
