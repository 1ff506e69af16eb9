"""What once broke the package, or ran on in silence: each is named in one line, or runs right."""

import errno
import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import command_line
import flee_folder
import folders
import pytest
import questions_asked
from command_line import (
    COMMAND,
    IN_PROCESSES,
    THREE_PLACES,
    here,
    rumbo,
    start,
    wait_for_chunks,
)
from report_fixture import make_runs

import rumbo as package
from rumbo.cli.cost import cost_of
from rumbo.cli.flee import show_scores
from rumbo.files.atomic import write_whole
from rumbo.files.direction import CLOSE, OPEN, isolated, shown
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.yaml import read_yaml
from rumbo.flee.reader import read_crisis
from rumbo.report.page.drawing import script_json
from rumbo.run.check import check, load_ready
from rumbo.run.netcdf import write_netcdf
from rumbo.run.spec import RunSpec
from rumbo.scenario.scenario import load

RLO = "\u202e"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def only(faults: list[Fault]) -> str:
    assert len(faults) == 1, [str(fault) for fault in faults]
    return str(faults[0])


def crisis_fault(folder: Path) -> str:
    crisis, faults = read_crisis(folder)
    assert crisis is None
    return only(faults)


SWAPS = {
    "persons beyond counting": (
        "inflows.csv", ",1550,", ",1e300,",
        "persons is 1e+300, expected 0 to 1e+12 (more than are counted exactly)",
    ),
    "a link of ages": (
        "links.csv", "300,,,120", "300,,,1e9",
        "typical_hours is 1e+09, expected 0 to 8760 (a link of more than a year). Mend the number.",
    ),
    "a link round the earth": (
        "links.csv", "walk,300", "walk,3000000",
        "distance_km is 3000000, expected 0 to 40075 (further than once round the earth)",
    ),
    "unknown role": (
        "places.csv", "lawful_gate,appointment_gate", "lawful_gate,appointment_gaet",
        "roles: unknown role 'appointment_gaet'. Write 'appointment_gate'.",
    ),
    "role after a blank": (
        "places.csv", ";reception", "; reception",
        "roles: unknown role ' reception'. Write 'reception'.",
    ),
    "unknown area": (
        "figures.csv", "OFO,Laredo,all,2024-02", "OFO,Lareda,all,2024-02",
        "area is 'Lareda', an unknown area. Write 'Laredo'.",
    ),
    "unknown unit": (
        "figures.csv", "500,,,events", "500,,,thousand events",
        "unit is 'thousand events', which is unknown. Write one of: events, people, persons.",
    ),
    "published in words": (
        "sources.csv", ",2024-01-01,", ",31/12/2023,",
        "published is '31/12/2023', expected a date. Write it as year-month-day",
    ),
    "a factor out of range": (
        "settings.csv", "0.25,0.15,0.4,prob,,assumed,assumed,",
        "0.25,0.15,0.4,prob,,assumed,assumed,\n"
        "transfer.share,country:MX,,,,multiply,10,,,factor,,assumed,assumed,",
        "transfer.share becomes 6 on 2024-01-01, expected 0 to 1. Lower the factor",
    ),
    "steps without number": (
        "corridor.yaml", "step: 1\n", "step: 0.00001\n",
        "step is 1e-05, expected an hour (1/24) or more",
    ),
    "a run of ages": (
        "corridor.yaml", "start: 2024-01-01", "start: 0203-01-01",
        "expected at most 100000. Mend one of the two dates.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SWAPS)
def test_a_slip_is_named_with_its_cure(case: str, tmp_path: Path) -> None:
    file, old, new, told = SWAPS[case]
    folder = folders.copy(tmp_path)
    folders.swap(folder, file, old, new)
    line = only(check(folder))
    assert told in line
    assert line.startswith(f"{file}, row ")


def test_the_sources_may_say_a_month_or_a_year(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "sources.csv", "month,a,b,2024-05,,\nyear,a,b,2024,,\nnone,a,b,,,")
    assert check(folder) == []


def test_roles_of_settings_are_known_and_others_a_warning(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "places.csv", ";reception", ";reception;plaza")
    (warning,) = load(folder).warnings
    assert "unknown role 'plaza', which has no effect" in str(warning)
    folders.add(folder, "settings.csv", "stay.days,role:plaza,,,,,3,,,days,,assumed,,")
    assert load(folder).warnings == ()


def test_a_thousands_dot_is_a_warning(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "inflows.csv", ",1550,", ",1.550,")
    done = here("check", folder)
    assert done.returncode == 0
    assert "Warning: inflows.csv, row 6: persons is 1.550, read as 1.55;" in done.stderr
    assert "no fault found" in done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [("700,,", "1.240,,", "row 2: value is 1.240"), ("900,,", ",1,1.240", "row 3: high is 1.240")],
)
def test_a_thousands_dot_in_a_figure_is_a_warning(
    right: str, wrong: str, told: str, tmp_path: Path
) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "figures.csv", right, wrong)
    warnings = [str(one) for one in load(folder).warnings]
    assert any(f"figures.csv, {told}, read as 1.24; such counts are whole" in w for w in warnings)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "levers.csv"
    path.unlink()
    os.mkfifo(path)
    assert only(check(folder)).startswith("levers.csv: this is no plain file. ")
    path.unlink()
    for target in ("/dev/zero", tmp_path):
        path.symlink_to(target)
        assert only(check(folder)).startswith("levers.csv: this is no plain file. ")
        path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    assert only(check(folder)).startswith("levers.csv: the file cannot be read")


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes in folders")
@pytest.mark.parametrize("name", ["closures.csv", "location_changes.csv", "conflicts.csv"])
def test_pipes_in_a_crisis_are_not_waited_for(name: str, tmp_path: Path) -> None:
    folder = flee_folder.write(tmp_path)
    path = folder / "input_csv" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert crisis_fault(folder).startswith(f"{name}: this is no plain file")


def test_a_run_stopped_while_it_noted_what_it_is_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "run"
    (out / "corridor").mkdir(parents=True)
    (out / ".unfinished-ab12.json").touch()
    ended = rumbo("run", str(THREE_PLACES), "--members", "1", "--out", str(out))
    assert ended.returncode == 0, ended.stderr
    assert sorted(out.glob(".unfinished-*")) == []


def test_a_table_for_another_program_is_utf8_whatever_the_system_writes(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "places.csv"
    path.write_text(path.read_text("utf-8").replace("Middle town", "\u0141\u00f3d\u017a"), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "rumbo", "list", "places", str(folder), "--csv"],
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert "\u0141\u00f3d\u017a" in ended.stdout.decode("utf-8")


BOMB = "a0: &a0 [x,x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1},*a{i - 1}]\n" for i in range(1, 40))


def test_aliases_are_not_followed(tmp_path: Path) -> None:
    folder, crisis = folders.copy(tmp_path), flee_folder.write(tmp_path)
    for path in (folder / "corridor.yaml", crisis / "simsetting.yml"):
        path.write_text(BOMB + path.read_text(encoding="utf-8"), encoding="utf-8")
    for line in (only(check(folder)), crisis_fault(crisis)):
        assert "row 2: aliases are not allowed. Write in place of '*a0' what it stands for." in line


@pytest.mark.parametrize(
    "text",
    ['{"a":&a ["x","x"],"b":["k",{"p":*a},{"q":*a}]}', "a: &\u00a0x [1]\nb: *\u00a0x"],
    ids=["after a colon", "of a space that is none"],
)
def test_aliases_are_found_wherever_they_may_stand(text: str) -> None:
    faults = Collector()
    assert read_yaml("corridor.yaml", text, "Mend it", faults) is None
    assert ["aliases are not allowed" in one.message for one in faults.faults] == [True]


def test_stars_and_ampersands_in_texts_are_no_aliases() -> None:
    faults = Collector()
    text = "a: 3 * 4 & 5\nb: |\n  *so* and &c\nc: '*x'\n"
    assert read_yaml("f", text, "", faults) == {
        "a": "3 * 4 & 5", "b": "*so* and &c\n", "c": "*x",
    }  # fmt: skip
    assert not faults


@pytest.mark.parametrize("rows", ["nobody", "none"])
def test_a_corridor_that_nobody_enters_runs_and_says_so(rows: str, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "inflows.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    emptied = [",".join([*cells[:4], "0", *cells[5:]]) for cells in (x.split(",") for x in lines)]
    path.write_text("\n".join([head, *(emptied if rows == "nobody" else [])]), encoding="utf-8")
    scenario = load_ready(folder)
    told = "inflows.csv: nobody enters from 2024-01-01 to 2024-06-30, so the run counts nobody."
    assert str(only(list(scenario.warnings))).startswith(told)
    result = package.simulate(scenario, members=2, workers=1)
    assert float(result["entries"].sum()) == float(result["encounters"].sum()) == 0


SPREADSHEETS = {
    "sep": ("month,place", "sep=;\nmonth,place", "row 1: the first line 'sep=;' is for a spread"),
    "tags": (
        "quality,note\n",
        "quality,note\n#date+month,#adm1+id,#group,,#affected+num,#meta,#meta,#comment\n",
        "row 2: the row holds HXL tags such as #date+month, expected data. Remove this row.",
    ),
    "columns": ("\n", ",,\n", "row 1: 2 columns have no heading. Delete the columns beside the"),
    "column": ("\n", ",\n", "row 1: a column has no heading. Delete the columns beside the"),
}


@pytest.mark.parametrize("case", SPREADSHEETS)
def test_what_spreadsheets_add_is_named(case: str, tmp_path: Path) -> None:
    old, new, told = SPREADSHEETS[case]
    folder = folders.copy(tmp_path)
    path = folder / "inflows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert told in only(check(folder))


CRISIS_FILES = (
    "input_csv/conflicts.csv", "input_csv/sim_period.csv", "input_csv/locations.csv",
    "source_data/data_layout.csv", "source_data/away-dun.csv",
)  # fmt: skip


@pytest.mark.parametrize("file", CRISIS_FILES)
def test_semicolons_in_a_crisis_are_one_line(file: str, tmp_path: Path) -> None:
    folder = flee_folder.write(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(",", ";"), encoding="utf-8")
    assert "row 1: cells are separated by semicolons" in crisis_fault(folder)
    (folder / file).write_text("sep=,\n" + text, encoding="utf-8")
    assert "row 1: the first line 'sep=,' is for a spreadsheet" in crisis_fault(folder)


def test_a_stray_column_of_conflicts_is_a_warning_a_misspelt_one_a_fault(tmp_path: Path) -> None:
    folder = flee_folder.write(tmp_path)
    path = folder / "input_csv" / "conflicts.csv"
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    rows = [f"{first},Quito", *(f"{row},1" for row in rest)]
    path.write_text("\n".join(rows), encoding="utf-8")
    crisis, faults = read_crisis(folder)
    assert faults == []
    (warning,) = crisis.warnings if crisis else ()
    assert str(warning).startswith("conflicts.csv, row 1: column 'Quito' names no location")
    assert "as in Flee it is passed over" in str(warning)
    path.write_text("\n".join([first.replace("Berk", "Bekr"), *rest]), encoding="utf-8")
    assert "Write 'Berk'" in crisis_fault(folder)


SETTINGS = {
    "max_move_speed: 0.000001": "max_move_speed is 1e-06, expected 1 or more",
    "weight_power: -1": "weight_power is -1, expected 0 to 10",
    "distance_power: 1000": "distance_power is 1000, expected -10 to 10",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_of_a_crisis_that_no_run_can_hold(setting: str, tmp_path: Path) -> None:
    folder = flee_folder.write(tmp_path)
    folders.swap(folder, "simsetting.yml", "max_move_speed: 200", setting)
    assert SETTINGS[setting] in crisis_fault(folder)


def test_floods_sweeps_and_corridors_are_named_for_what_they_are(tmp_path: Path) -> None:
    flood = flee_folder.write(tmp_path)
    folders.swap(flood, "input_csv/locations.csv", "conflict_zone,0", "flood_zone,0")
    line = crisis_fault(flood)
    assert line.startswith("locations.csv, row 2: location_type 'flood_zone' is of Flee's flood")
    assert "conflict_zone" not in line
    folders.swap(flood, "input_csv/locations.csv", "flood_zone,0", "conflict_zone,0")
    (flood / "input_csv" / "flood_level.csv").write_text("#Day,Alda\n0,1\n")
    (flood / "input_csv" / "conflicts.csv").rename(tmp_path / "conflicts.csv")
    assert crisis_fault(flood).startswith("flood_level.csv: this is a folder of Flee's flood")
    sweep = tmp_path / "sweep"
    for run in ("a", "b"):
        (sweep / "SWEEP" / run / "input_csv").mkdir(parents=True)
    for folder in (sweep, sweep / "SWEEP"):
        assert f"{folder.name}: this is a sweep of 2 runs in SWEEP" in crisis_fault(folder)
    assert "Give it to rumbo run" in crisis_fault(THREE_PLACES)
    assert "Give it to rumbo flee" in only(check(flood))


def test_a_sweep_beside_a_crisis_is_a_warning(tmp_path: Path) -> None:
    folder = flee_folder.write(tmp_path)
    (folder / "SWEEP" / "a" / "input_csv").mkdir(parents=True)
    crisis, _ = read_crisis(folder)
    assert crisis is not None
    assert any(one.file == "SWEEP" for one in crisis.warnings)


def test_a_fit_without_figures_of_the_whole_border_says_so() -> None:
    with pytest.raises(Faults, match="no figure of 'encounters USBP' for all destination zones"):
        package.fit(load(THREE_PLACES), "2024-06-01", members=10)


def test_a_score_that_can_only_be_zero_is_a_dash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    runs = package.simulate(load(THREE_PLACES), members=2, seed=1, workers=1)
    show_scores(runs, as_json=False)
    row = next(line for line in capsys.readouterr().out.splitlines() if "USBP by area" in line)
    assert row.split("base")[1].split()[:2] == ["–", "–"]


def test_a_very_large_run_is_weighed_before_anything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = here("run", THREE_PLACES, "--members", 100_000_000, "--workers", 2, "--out", out)
    assert done.returncode == 2
    assert done.stderr.startswith("--members: 100,000,000 member runs make about")
    assert "GB of results, in memory or a temporary file" in done.stderr
    assert "add --yes" in done.stderr
    assert not out.exists()


def test_the_size_of_a_run_is_foretold() -> None:
    spec = RunSpec.of(load(THREE_PLACES), 8)
    runs = package.simulate(spec.scenarios, members=8, workers=1)
    kept = sum(one.nbytes for one in runs.data_vars.values())
    assert cost_of(spec, 1, 8).size == pytest.approx(kept, rel=0.05)


@LINUX
def test_workers_end_with_a_command_that_is_killed(tmp_path: Path) -> None:
    out = tmp_path / "run"
    several = ("--members", 4000, "--workers", 2)
    process = start("run", THREE_PLACES, *several, "--out", out, command=IN_PROCESSES)
    wait_for_chunks(process, out, 2)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.communicate(timeout=60)  # its pipes are open as long as a worker lives
    assert children
    for _ in range(200):
        if not any(_alive(child) for child in children):
            break
        time.sleep(0.1)
    assert not [child for child in children if _alive(child)]


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_full_disk_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = package.simulate(load(THREE_PLACES), members=1, seed=1, workers=1)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**6, 10**6, 1000))
    with pytest.raises(OSError, match="No space left on device"):
        write_netcdf(runs, tmp_path / "result.nc")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_names_the_file_that_was_meant(tmp_path: Path) -> None:
    def fill(unfinished: Path) -> None:
        unfinished.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    kept = tmp_path / "figures.csv"
    kept.write_text("as it was")
    with pytest.raises(OSError, match="No space left on device") as refused:
        write_whole(kept, fill)
    assert refused.value.filename == str(kept)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["as it was"]
    nowhere = tmp_path / "missing" / "figures.csv"
    with pytest.raises(OSError, match="No such file") as refused:
        write_whole(nowhere, fill)
    assert refused.value.filename == str(nowhere)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are of POSIX")
def test_a_disk_that_refuses_the_result_ends_in_one_line(tmp_path: Path) -> None:
    """As where a quota is spent: HDF5 would end the process, with nothing said."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
        "from rumbo.cli.commands import main; main()"
    )
    asked = ("run", THREE_PLACES, "--members", 2, "--workers", 1, "--language", "es")
    made = (*asked, "--out", tmp_path / "run")
    done = command_line.rumbo(*made, command=(sys.executable, "-c", code))
    assert done.returncode == 1
    (line,) = [one for one in done.stderr.splitlines() if "disco" in one]
    assert "El disco se negó: el archivo es demasiado grande" in line
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "run" / "members").iterdir())


NAMES = {
    f"{RLO}abc": f"{OPEN}{RLO}abc{CLOSE}",
    f"a{CLOSE}b{RLO}": f"{OPEN}ab{RLO}{CLOSE}",
    f"a{OPEN}b": f"{OPEN}a{OPEN}b{CLOSE}{CLOSE}",
    f"a{OPEN}{RLO}b{CLOSE}": f"a{OPEN}{RLO}b{CLOSE}",
    "plain": "plain",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_turns_nothing_but_itself(name: str) -> None:
    assert isolated(name) == NAMES[name]
    assert isolated(isolated(name)) == NAMES[name]
    assert RLO not in shown(name)


def test_names_are_kept_apart_in_pages(tmp_path: Path) -> None:
    name = f"{RLO}elacs"
    runs = make_runs(scenarios=[name])
    package.write_report(runs, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8").partition("<main")[2]
    assert page.count(RLO) > 0
    assert page.count(RLO) == page.count(f"{OPEN}{name}{CLOSE}")
    assert script_json({"a": [name]}) == f'{{"a":["{OPEN}{name}{CLOSE}"]}}'


def test_names_are_spelt_out_in_a_terminal(tmp_path: Path) -> None:
    done = rumbo("check", tmp_path / f"{RLO}x")
    assert RLO not in done.stderr
    assert "\\u202e" in done.stderr
    assert COMMAND


# What would replace, or pass over, what is there.


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("fit {0} --as-of 2024-06-30 --members 10 --out {0}", "a corridor's own folder"),
        ("run {0} --members 1 --out {0}", "it holds files that are not a run"),
        ("record {1} --out {0}/places.csv", "would be replaced"),
        ("record {1} --out {1}/result.nc", "would be replaced"),
        ("compare {2} --deal shore-agreement --members 2", "both sides are 'base'"),
        (
            "compare {2} --deal shore-agreement:2024-03-01,ramp=7 --without shore-agreement",
            "'shore-agreement' is placed by --deal",
        ),
        ("ask {0} beds --beds middle_town=1.500", "1.5 is no whole number of beds"),
        ("ask {0} beds --beds {3}", "the beds of 'middle_town' stand in two rows"),
        ("ask {0} closed --file {4}", "questions come from the file"),
        ("ask {0} --file {4} --from 2024-03-01", "questions come from the file"),
        ("ask {0} --file {4} --out {5}", "'no-buses' is asked more than once"),
        ("ask {0} closed --until 2024-04-10", "(--until) is given without a beginning (--from)"),
        ("flee {6} --learned --mode expected", "learned shares are drawn always"),
    ],
)
def test_what_was_asked_is_done_or_refused_and_nothing_is_replaced(
    asked: str, told: str, tmp_path: Path
) -> None:
    folder, run_folder = questions_asked.folder(tmp_path), tmp_path / "run"
    run_folder.mkdir()
    for name in ("manifest.json", "result.nc"):
        (run_folder / name).write_text("kept", "utf-8")
    beds, rows = tmp_path / "beds.csv", tmp_path / "asked.csv"
    beds.write_text("place,beds\nmiddle_town,100\nmiddle_town,200\n", "utf-8")
    rows.write_text("question,from\nno-buses,2024-02-01\nno-buses,2024-03-01\n", "utf-8")
    examples = THREE_PLACES.parent
    before = command_line.content(tmp_path)
    words = asked.format(
        folder, run_folder, examples / "two_shores", beds, rows, tmp_path / "out",
        examples / "five_places",
    )  # fmt: skip
    done = here(*words.split())
    assert done.returncode == 2, done.stdout
    assert told in done.stderr
    assert "Working" not in done.stderr
    assert command_line.content(tmp_path) == before


@pytest.mark.parametrize("name", ["figures2.CSV", "settings_pact.Csv"])
def test_a_table_whose_name_ends_in_capitals_is_told_and_not_passed_over(
    name: str, tmp_path: Path
) -> None:
    folder = folders.copy(tmp_path)
    shutil.copy(folder / "settings.csv", folder / name)
    with pytest.raises(Faults) as found:
        load(folder)
    cure = f"{name}: the file is not one of a corridor's. Write '{name[:-4]}.csv'"
    assert only(found.value.faults).startswith(cure)


def test_days_of_a_questions_later_row_are_not_passed_over(tmp_path: Path) -> None:
    rows = [
        questions_asked.row("two", "set", "mode.open", "", "", "mode:bus", "", "0", day)
        for day in ("2024-02-10", "2024-04-01")
    ]
    folder = questions_asked.folder(tmp_path, tuple(rows))
    with pytest.raises(Faults, match="row 3: since is 2024-04-01, but a question's days stand in"):
        load(folder)


@pytest.mark.parametrize(
    "asked", [{"members": 2.5}, {"members": True}, {"members": 1, "seed": 1.5}]
)
def test_counts_are_whole_numbers(asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be a whole number, got"):
        RunSpec.of(load(THREE_PLACES), **{"members": 1, "seed": 0, **asked})  # type: ignore[arg-type]


def test_the_listing_of_questions_names_the_folder_that_was_given(tmp_path: Path) -> None:
    folder = questions_asked.folder(tmp_path)
    assert f"rumbo ask {folder} QUESTION" in here("ask", folder).stdout


def test_a_comparison_of_which_nothing_holds_on_its_days_says_so(tmp_path: Path) -> None:
    asked = ("compare", THREE_PLACES, "--without", "bus-closure", "--members", 1, "--workers", 1)
    told = "no value in which the sides differ holds on a day of the run"
    early = here(*asked, "--end", "2024-02-01", "--out", tmp_path / "early")
    assert f"{told}, 2024-01-01 to 2024-02-01." in early.stderr
    assert told not in here(*asked, "--end", "2024-03-01", "--out", tmp_path / "late").stderr
