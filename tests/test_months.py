"""Files of new months: recognised, read, kept, appended, and told apart from what was known."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import months_files as made
import pandas as pd
import pytest
from command_line import ROOT, here
from command_line import content as contents

import rumbo
from rumbo.files.faults import Collector, Faults
from rumbo.scenario.corridor import BUNDLED, corridors, read_corridor
from rumbo.scenario.edit.copy import copy
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.figures import figures
from rumbo.scenario.figures import known as known_on
from rumbo.scores.figures import Key
from rumbo.updating.add import Added, add
from rumbo.updating.forms import LABELLED, LEFT_OUT, REST, TO_DATE, WHOLE, read_forms
from rumbo.updating.sheets import sheets_of
from rumbo.updating.template import NAMES, template
from rumbo.updating.values import count_of, month_of, year_of
from rumbo.updating.vintages import VINTAGES, kept_in

EDITION = "us/editions/nationwide-encounters-fy22-fy25-state.csv"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corridor that knows the bundled forms."""
    return made.corridor(tmp_path_factory.mktemp("known") / "mine")


@pytest.fixture
def mine(known: Path, tmp_path: Path) -> Path:
    """A copy of it that may be changed."""
    folder = tmp_path / "mine"
    shutil.copytree(known, folder)
    return folder


def counted(folder: Path, *labels: str) -> dict[str, float]:
    """Return the figures of a series as last published, by month."""
    table = pd.read_csv(folder / "figures.csv", dtype={"component": str}, keep_default_na=False)
    names = ["measure", "component", "area", "nationality"]
    here_ = (table[names].astype(str) == list(labels)).all(axis=1)
    return dict(zip(table[here_]["month"], table[here_]["value"].astype(float), strict=True))


def test_an_edition_by_state_is_read_by_calendar_month(mine: Path, tmp_path: Path) -> None:
    file = made.state_file(tmp_path / "some name.txt")  # no name helps to recognise it
    done = here("data", "add", file, "--corridor", mine)
    assert done.returncode == 0, done.stderr
    assert "(cbp-state)" in done.stdout
    totals = counted(mine, "encounters", "all", "all", "all")
    assert totals == {str(month): made.total(str(month)) for month in made.MONTHS}
    venezuelans = counted(mine, "encounters", "all", "all", "VEN")
    for month in made.MONTHS:
        adults = made.size(month, "VENEZUELA")
        assert venezuelans[str(month)] == adults + int(adults * 0.1)
    # Months to come stand in the file as nothing and as 0: they are no figures.
    assert max(totals) == "2025-03"
    assert read_corridor(mine).faults == []


def test_rest_of_a_closed_year_are_real_months(mine: Path, tmp_path: Path) -> None:
    rows = made.state_rows()
    closed = [row for row in rows if row[0] == "2024" and row[1] == "Remaining"]
    assert closed  # what filtering on the year to date would lose
    add(made.state_file(tmp_path / "file.csv"), mine)
    assert counted(mine, "encounters", "all", "all", "all")["2024-08"] == made.total("2024-08")


def test_figures_are_known_from_their_day_on(mine: Path, tmp_path: Path) -> None:
    file = made.state_file(tmp_path / "file.csv")
    added = add(file, mine, published="2025-04-22")
    assert (str(added.published), added.basis) == ("2025-04-22", "source")
    scenario = rumbo.load(mine)
    early, late = (figures(scenario, f"2025-04-{day}")["component"] for day in (21, 22))
    assert (early == "all").sum() == 0
    assert (late == "all").sum() == added.rows == 72
    before = made.corridor(tmp_path / "before")
    text = (mine / "figures.csv").read_text()
    assert text.startswith((before / "figures.csv").read_text())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_rows_follow_what_stands_there_to_the_byte(mark: bytes, mine: Path, tmp_path: Path) -> None:
    before = mark + (mine / "figures.csv").read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n")
    (mine / "figures.csv").write_bytes(before)
    add(made.state_file(tmp_path / "file.csv"), mine)
    after = (mine / "figures.csv").read_bytes()
    assert after.startswith(before + b"\r\nencounters,all,all,all,2023-10,4103,")
    assert b"\n" not in after.replace(b"\r\n", b"")
    assert read_corridor(mine).faults == []


def test_a_day_that_is_not_given_is_assumed(mine: Path, tmp_path: Path) -> None:
    added = add(made.state_file(tmp_path / "file.csv"), mine)
    # The end of March 2025 and the usual delay, 20 days.
    assert (str(added.published), added.basis) == ("2025-04-20", "assumed")
    done = here("data", "add", tmp_path / "file.csv", "--corridor", mine)
    assert "This file was added before, and adds nothing" in done.stdout


@pytest.mark.parametrize("options", [(), ("--published", "2025-06-01")])
def test_a_second_add_changes_no_byte(mine: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = made.aor_file(tmp_path / "file.csv")
    add(file, mine)
    before = contents(mine)
    done = here("data", "add", file, "--corridor", mine, *options)
    assert done.returncode == 0, done.stderr
    assert contents(mine) == before
    kept = [name for name in before if name.startswith("vintages/")]
    assert len(kept) == 1
    assert before[kept[0]] == file.read_bytes()
    assert kept[0].startswith("vintages/cbp_nationwide_aor/2025-04-20-")


def test_a_kept_file_of_no_day_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / VINTAGES / "source"
    folder.mkdir(parents=True)
    for name in ("2024-13-01-abcdef01.csv", "2024-12-01-abcdef01.csv", "notes.txt"):
        (folder / name).touch()
    assert [one.path.name for one in kept_in(tmp_path, "source")] == ["2024-12-01-abcdef01.csv"]


def test_what_was_cut_off_midway_is_made_whole_by_adding_again(mine: Path, tmp_path: Path) -> None:
    file = made.state_file(tmp_path / "file.csv")
    before = contents(mine)
    add(file, mine)
    whole = contents(mine)
    for name in ("figures.csv", "sources.csv"):  # as if the machine had stopped after the vintage
        (mine / name).write_bytes(before[name])
    add(file, mine)
    assert contents(mine) == whole


def test_a_dry_run_says_all_and_writes_nothing(mine: Path, tmp_path: Path) -> None:
    file, before = made.state_file(tmp_path / "file.csv"), contents(mine)
    dry = here("data", "add", file, "--corridor", mine, "--dry-run")
    assert "Nothing was written. Figures that would be appended: 72" in dry.stdout
    assert contents(mine) == before
    real = here("data", "add", file, "--corridor", mine)
    assert real.stdout.splitlines()[:-1] == dry.stdout.splitlines()[:-1]


def test_a_disk_that_refuses_leaves_the_folder_as_it_was(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, before = made.state_file(tmp_path / "file.csv"), contents(mine)

    def refuse(path: Path, text: str) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rumbo.scenario.edit.rewrite.write_text", refuse)
    with pytest.raises(OSError, match="No space"):
        add(file, mine)
    assert contents(mine) == before
    assert not (mine / "vintages").exists()


def test_an_edition_by_area_tells_components_areas_and_nationalities(
    mine: Path, tmp_path: Path
) -> None:
    # Published figures of the made-up corridor were of another split of the same totals.
    added = add(made.aor_file(tmp_path / "file.csv"), mine)
    month = pd.Period("2025-03", "M")
    for component, area, share in (("USBP", "Del Rio", 0.9), ("OFO", "Laredo", 0.2)):
        parts = [int(made.size(month, nation) * share) for nation in ("MEXICO", "VENEZUELA", "")]
        assert counted(mine, "encounters", component, "all", "all")["2025-03"] == sum(parts)
        assert counted(mine, "encounters", component, area, "all")["2025-03"] == sum(parts)
        assert counted(mine, "encounters", component, "all", "MEX")["2025-03"] == parts[0]
    zones = next(one for one in added.fed if one.family == "zones")
    assert (zones.before, zones.after, zones.new) == ("2024-12", "2025-03", 3)


def test_a_yearly_workbook_is_read_under_a_header_of_two_rows(mine: Path, tmp_path: Path) -> None:
    file = made.workbook(tmp_path / "file", made.events_grid())
    done = here("data", "add", file, "--corridor", mine)
    assert done.returncode == 0, done.stderr
    assert "No real file of this form was tried" in done.stderr
    months = [f"2025-{n:02}" for n in (1, 2, 3)]
    assert counted(mine, "stops", "", "all", "all") == dict.fromkeys(months, 165.0)
    assert counted(mine, "stops", "", "all", "VEN") == dict.fromkeys(months, 70.0)
    assert counted(mine, "stops", "", "all", "OTH") == dict.fromkeys(months, 95.0)
    assert [path.suffix for path in (mine / "vintages" / "upm_events").iterdir()] == [".xlsx"]


def test_without_the_extra_a_workbook_is_refused_in_one_line(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made.workbook(tmp_path / "file.xlsx", made.events_grid())
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    done = here("data", "add", file, "--corridor", mine)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'rumbo[data]'" in done.stderr


def test_incidents_are_summed_by_month_and_region(mine: Path, tmp_path: Path) -> None:
    file = made.incident_file(tmp_path / "file.csv")
    added = add(file, mine, published="2024-03-20")
    # March was not over then; nobody died at the crossing in February.
    assert counted(mine, "deaths", "", "crossing", "all") == {"2024-01": 2.0, "2024-02": 0.0}
    assert counted(mine, "deaths", "", "south", "all") == {"2024-01": 1.0, "2024-02": 0.0}
    assert any("not over on 2024-03-20" in note for note in added.edition.notes)
    rows = [*made.incidents(), late_death()]
    file = made.write(tmp_path / "later.csv", made.INCIDENT_HEAD, rows)
    later = add(file, mine, published="2024-06-01")
    assert [(one.month, one.old, one.new) for one in later.revised] == [("2024-01", 2.0, 8.0)]


def late_death() -> made.Row:
    """Return an incident of January that came to be known later."""
    row = list(made.incidents()[0])
    row[0], row[9] = "2024.MMP99", "6"
    return row


def test_the_template_takes_any_count_of_the_corridor(mine: Path, tmp_path: Path) -> None:
    printed = here("data", "template", "--corridor", mine).stdout
    head, *rows = printed.splitlines()
    assert tuple(head.split(",")) == NAMES
    assert rows[0].startswith("encounters,USBP,all,all,2025-01,,events")
    # An outlook begins where counts on the way end.
    bundled = template(rumbo.load("darien-rio-bravo")).splitlines()
    assert [row.split(",")[1] for row in bundled if row.startswith("transit,")] == [
        "darien",
        "honduras",
    ]
    file = tmp_path / "typed.csv"
    file.write_text(
        f"{head}\nencounters,USBP,,all,2025-01,3456,events,press,assumed,reported\n"
        "waiting,,north_crossing,all,2025-01,500,persons,press,assumed,estimate\n"
    )
    words = ("data", "add", file, "--corridor", mine, "--published", "2025-02-15")
    done = here(*words)
    assert done.returncode == 0, done.stderr
    assert counted(mine, "encounters", "USBP", "all", "all")["2025-01"] == 3456
    assert counted(mine, "waiting", "", "north_crossing", "all") == {"2025-01": 500}
    before = contents(mine)
    assert (
        here("data", "add", file, "--corridor", mine, "--published", "2025-02-15").returncode == 0
    )
    assert contents(mine) == before


def test_what_is_typed_in_comes_in_any_order(mine: Path, tmp_path: Path) -> None:
    with (mine / "figures.csv").open("a") as figures:  # a range that somebody gave
        figures.write("stops,,all,all,2024-10,,50,70,events,2024-12-01,source,x,assumed,estimate\n")
    head = ",".join(NAMES)
    for day, month, value in (("2025-03-01", "2025-01", 80), ("2024-12-20", "2024-10", 66)):
        file = tmp_path / f"{month}.csv"
        file.write_text(f"{head}\nstops,,all,all,{month},{value},events,press,assumed,reported\n")
        added = add(file, mine, published=day)
        assert added.rows == 1
    assert [(one.old, one.new) for one in added.revised] == [(60.0, 66.0)]


def revised_edition(path: Path) -> Path:
    """Write a later edition: two cells revised, one label gone, another new."""

    def change(row: made.Row) -> made.Row | None:
        month = row[2], row[0][:4]
        south = row[3].startswith("South")
        if south and row[5] == "Single Adults" and row[6] == "MEXICO":
            if month == ("DEC", "2025"):
                row[-1] = str(made.size(pd.Period("2024-12", "M"), "MEXICO") + 1)
            if month == ("JAN", "2025"):
                row[-1] = str(made.size(pd.Period("2025-01", "M"), "MEXICO") + 400)
        row[5] = {"FMUA": "Family Unit Individuals"}.get(row[5], row[5])
        row[6] = {"CANADA": "OTHER"}.get(row[6], row[6])
        return row

    return made.state_file_with(path, change)


def test_a_later_edition_is_told_apart(mine: Path, tmp_path: Path) -> None:
    add(made.state_file(tmp_path / "one.csv", "2025-01"), mine)
    later = revised_edition(tmp_path / "two.csv")
    added = add(later, mine)
    assert [(one.by, one.first, one.last, one.figures) for one in added.new] == [
        ("total", "2025-02", "2025-03", 2), ("nationality", "2025-02", "2025-03", 6),
    ]  # fmt: skip
    found = {(one.series, one.month): one for one in added.revised}
    assert set(found) == {
        (series, month)
        for series in ("encounters all", "encounters all MEX")
        for month in ("2024-12", "2025-01")
    }
    large = found["encounters all MEX", "2025-01"]
    adults = made.size(pd.Period("2025-01", "M"), "MEXICO")
    old = adults + int(adults * 0.1)
    assert (large.old, large.new) == (old, old + 400)
    assert large.share == pytest.approx(400 / old)
    # The widest of its components' usual revisions stands for their total.
    assert large.usual == 0.002
    assert large.unusual
    assert not found["encounters all MEX", "2024-12"].unusual
    assert added.labels == ["Citizenship: OTHER"]
    assert added.gone == ["Citizenship: CANADA"]
    assert added.fed == []  # no family reads what no component is told of
    done = here("data", "add", later, "--corridor", mine)
    assert "adds nothing" in done.stdout


def test_both_publications_of_a_revised_month_stay(mine: Path, tmp_path: Path) -> None:
    add(made.state_file(tmp_path / "one.csv", "2025-01"), mine)
    add(revised_edition(tmp_path / "two.csv"), mine)
    scenario, key = rumbo.load(mine), Key("encounters", "all")
    first, last = (
        dict(zip(series.months.astype(str), series.values, strict=True))["2025-01"]
        for series in (known_on(scenario, day).series(key) for day in ("2025-03-01", "2025-05-01"))
    )
    assert first == made.total("2025-01")
    assert last == made.total("2025-01") + 400


def test_what_changed_is_told_in_both_languages(mine: Path, tmp_path: Path) -> None:
    add(made.state_file(tmp_path / "one.csv", "2025-01"), mine)
    later = revised_edition(tmp_path / "two.csv")
    words = ("data", "add", later, "--corridor", mine, "--dry-run")
    english, spanish = here(*words), here(*words, "--language", "es")
    for one in ("New months:", "far more than usual: 2", "±0.20%", "2025-01",
                "gone since the edition before: Citizenship: CANADA",
                "equals the sum of those known in 14 of 15 months"):  # fmt: skip
        assert one in english.stdout, english.stdout
    for one in ("Meses nuevos:", "mucho más de lo usual: 2", "±0.20%", "No se escribió nada",
                "ya no están desde la edición anterior", "corridas",
                "en 14 de 15 meses"):  # fmt: skip
        assert one in spanish.stdout, spanish.stdout


@pytest.mark.parametrize(
    ("encoding", "between"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("utf-16", ","), ("latin-1", ";")],
)
def test_encodings_and_separators_do_not_matter(
    mine: Path, tmp_path: Path, encoding: str, between: str
) -> None:
    plain = [[*row[:8], row[8].replace(",", "")] for row in made.state_rows()]
    text = "\r\n".join(between.join(row) for row in [made.STATE_HEAD, *plain])
    file = tmp_path / "file"
    file.write_bytes(text.encode(encoding))
    added = add(file, mine, dry_run=True)
    assert added.rows == 72


@pytest.mark.parametrize("target", [corridors()[0], BUNDLED / corridors()[0]])
def test_the_bundled_corridor_is_never_written(target: str | Path, tmp_path: Path) -> None:
    done = here("data", "add", made.state_file(tmp_path / "f.csv"), "--corridor", target)
    assert done.returncode == 2
    assert "never written" in done.stderr
    assert f"rumbo copy {corridors()[0]} my_corridor" in done.stderr
    assert not (BUNDLED / corridors()[0] / "vintages").exists()


def test_a_corridor_without_forms_takes_the_template(tmp_path: Path) -> None:
    copy(ROOT / "examples" / "three_places", tmp_path / "mine")
    assert "no forms.csv" in here("data", "forms", "--corridor", tmp_path / "mine").stdout
    refused = here(
        "data", "add", made.state_file(tmp_path / "f.csv"), "--corridor", tmp_path / "mine"
    )
    assert "of no known form (none)" in refused.stderr


def test_a_column_that_figures_lack_is_asked_for(mine: Path, tmp_path: Path) -> None:
    table = pd.read_csv(mine / "figures.csv", dtype=str, keep_default_na=False)
    table.drop(columns="nationality").to_csv(mine / "figures.csv", index=False)
    with pytest.raises(Faults, match="there is no column nationality"):
        add(made.state_file(tmp_path / "f.csv"), mine)


def test_bundled_forms_are_whole() -> None:
    name, faults = corridors()[0], Collector()
    folder = BUNDLED / name
    read = read_forms(folder, faults)
    faults.check()
    assert len(read.forms) == 4
    assert [one.id for one in read.forms if one.tried] == ["cbp-state"]
    scenario = rumbo.load(name)
    nations = {*scenario.groups["nationality"], WHOLE, LEFT_OUT}
    places = scenario.network.places
    areas = {*places["zone"], *places["office"], *scenario.roles.regions, WHOLE, LEFT_OUT}
    may = {
        "nationality": nations, "area": areas, "component": {*scenario.roles.components},
        "filter": {WHOLE, LEFT_OUT}, "grouping": {TO_DATE, REST},
    }  # fmt: skip
    assert set(may) == set(LABELLED)
    means = {(one.text, one.means) for form in read.forms for one in form.headings}
    table = pd.read_csv(folder / "labels.csv", dtype=str, keep_default_na=False)
    for row in table.itertuples():
        known_as = {what for text, what in means if text == row.heading}
        assert known_as, row.heading
        assert all(row.id in may[what] for what in known_as), row


def test_labels_and_forms_that_are_wrong_are_told(mine: Path, tmp_path: Path) -> None:
    text = (mine / "labels.csv").read_text()
    (mine / "labels.csv").write_text(text + "Citizenship,KENYA,OTH,cbp-stat\n")
    with pytest.raises(Faults, match="Write 'cbp-state'"):
        add(made.state_file(tmp_path / "f.csv"), mine)
    checked = here("check", mine)
    assert checked.returncode == 2
    assert checked.stderr.startswith("labels.csv, row ")


def test_a_component_that_is_renamed_is_found_by_its_new_id(mine: Path, tmp_path: Path) -> None:
    rename(mine, "USBP", "patrol")
    add(made.aor_file(tmp_path / "f.csv"), mine)
    assert len(counted(mine, "encounters", "patrol", "Del Rio", "all")) == len(made.MONTHS)


def test_an_unknown_label_is_added_as_the_line_says(mine: Path, tmp_path: Path) -> None:
    file = made.state_file_with(
        tmp_path / "f.csv",
        lambda row: [*row[:6], "KENYA" if row[6] == "CANADA" else row[6], *row[7:]],
    )
    refused = here("data", "add", file, "--corridor", mine)
    row = refused.stderr.partition("Add the row ")[2].partition(" to labels.csv")[0]
    with (mine / "labels.csv").open("a") as labels:
        labels.write(row.replace("ID", "OTH") + "\n")
    assert add(file, mine).rows == 72


def test_values_are_read_strictly() -> None:
    assert [month_of(one) for one in ("JAN", "Ene.", "diciembre", "Sept", "Q1", "")] == [
        1, 1, 12, 9, 0, 0,
    ]  # fmt: skip
    assert year_of("2026 (FYTD)") == year_of("FY2026") == 2026
    assert count_of("1,234,567") == 1_234_567


def test_lines_are_those_of_the_file() -> None:
    faults = Collector()
    assert sheets_of("f", "a\n\nb".encode("utf-16"), faults)[0].lines == [1, 3]
    assert not faults


def shared() -> Path:
    """Return the folder of gathered sources; skip where there is none."""
    folder = Path(os.environ.get("RUMBO_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        assert os.environ.get("CI") != "true", f"{folder} is missing; set RUMBO_SHARED"
        pytest.skip("the folder of gathered sources is not here; set RUMBO_SHARED")
    return folder


def ending(folder: Path, month: str) -> Path:
    """Make a copy of the bundled corridor whose figures end with a month."""
    copy(corridors()[0], folder)
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    table[table["month"] <= month].to_csv(folder / "figures.csv", index=False)
    yaml = (folder / "corridor.yaml").read_text(encoding="utf-8")
    text = yaml.replace("last: 2025-06}", f"last: {month}}}")
    (folder / "corridor.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Added]:
    """A real edition, added to a copy of the bundled corridor whose figures end in May 2025."""
    file = shared() / EDITION
    folder = ending(tmp_path_factory.mktemp("real") / "mine", "2025-05")
    return folder, add(file, folder)


@pytest.mark.slow
def test_a_real_edition_gives_its_published_totals(real: tuple[Path, Added]) -> None:
    totals = counted(real[0], "encounters", "all", "all", "all")
    summer = [totals[f"2025-{month:02}"] for month in (6, 7, 8, 9)]
    assert summer == [9_300, 7_822, 9_731, 11_647]
    assert (min(totals), max(totals)) == ("2021-10", "2025-09")
    # It differs from what its parts were known to be by a few of 12,030 at most.
    together = real[1].together
    assert together is not None
    assert (together.same, together.months) == (37, 44)
    assert abs(together.together - together.parts) == 7


@pytest.mark.slow
def test_a_real_edition_gives_nationalities(real: tuple[Path, Added]) -> None:
    raw = pd.read_csv(shared() / EDITION)
    south = raw[raw["Land Border Region"] == "Southwest Land Border"]
    june = south[(south["Fiscal Year"] == 2025) & (south["Month (abbv)"] == "JUN")]
    sums = june.groupby("Citizenship")["Encounter Count"].sum()
    for label, nation in (("MEXICO", "MEX"), ("VENEZUELA", "VEN"), ("EL SALVADOR", "SLV")):
        mine = counted(real[0], "encounters", "all", "all", nation)
        assert mine["2025-06"] == sums[label] > 0
    nations = {*rumbo.load(corridors()[0]).groups["nationality"]}
    every = (counted(real[0], "encounters", "all", "all", one)["2025-06"] for one in nations)
    assert sum(every) == sums.sum() == 9_300


@pytest.mark.slow
def test_a_real_edition_added_again_changes_no_byte(real: tuple[Path, Added]) -> None:
    folder, _ = real
    before = contents(folder)
    assert add(shared() / EDITION, folder).rows == 0
    assert contents(folder) == before
    assert read_corridor(folder).faults == []
    (kept,) = (folder / "vintages" / "cbp_nationwide_state").iterdir()
    assert kept.read_bytes() == (shared() / EDITION).read_bytes()


@pytest.mark.slow
def test_a_revision_planted_in_a_real_edition_is_found(
    real: tuple[Path, Added], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(real[0], folder)
    raw = pd.read_csv(shared() / EDITION, dtype=str, keep_default_na=False)
    at = raw[
        (raw["Fiscal Year"] == "2025") & (raw["Month (abbv)"] == "JUN") & (raw["State"] == "TX")
        & (raw["Citizenship"] == "MEXICO") & (raw["Land Border Region"] == "Southwest Land Border")
    ].index[0]  # fmt: skip
    raw.loc[at, "Encounter Count"] = str(int(raw.loc[at, "Encounter Count"]) + 50)
    raw.to_csv(tmp_path / "later.csv", index=False)
    refused = here("data", "add", tmp_path / "later.csv", "--corridor", folder)
    assert "was published on 2025-10-20 as" in refused.stderr
    added = add(tmp_path / "later.csv", folder, published="2025-12-22")
    found = {one.series: one for one in added.revised}
    assert set(found) == {"encounters all", "encounters all MEX"}
    total = found["encounters all"]
    assert (total.month, total.old, total.new) == ("2025-06", 9_300, 9_350)
    # Half a percent, where that count is usually revised by a tenth of one.
    assert total.usual == 0.001
    assert total.unusual
    assert added.rows == 2
    assert (added.labels, added.gone, added.new) == ([], [], [])
    scenario, key = rumbo.load(folder), Key("encounters", "all")
    for day, count in (("2025-12-21", 9_300), ("2025-12-22", 9_350)):
        series = known_on(scenario, day).series(key)
        assert series.values[list(series.months.astype(str)).index("2025-06")] == count


def blocks(language: str) -> list[str]:
    """Return the code of the page on fresh months, in a language."""
    text = (ROOT / "docs" / "fresh-months.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def test_the_pages_code_runs(known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(known, tmp_path / "my_corridor")
    made.state_file(tmp_path / "nationwide-encounters.csv")
    monkeypatch.chdir(tmp_path)
    for code in blocks("python"):
        exec(compile(code, "docs/fresh-months.md", "exec"), {})
    lines = [line for block in blocks("console") for line in block.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        words, _, out = line.partition(">")
        program, *rest = shlex.split(words)
        assert program == "rumbo"
        if rest[0] == "copy":
            continue  # done above by a smaller corridor
        done = here(*rest)
        assert done.returncode == 0, done.stderr
        if out:
            Path(out.strip()).write_text(done.stdout)


def test_the_page_names_every_form_and_whether_it_was_tried() -> None:
    text = (ROOT / "docs" / "fresh-months.md").read_text(encoding="utf-8")
    for form in read_forms(BUNDLED / corridors()[0], Collector()).forms:
        (row,) = re.findall(rf"^\| `{form.id}` .*$", text, flags=re.M)
        assert row.split("|")[4].strip().startswith("yes" if form.tried else "**no**")
