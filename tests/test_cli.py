"""The command line: what it prints, writes and returns."""

import json
import os
import re
import shutil
import signal
from pathlib import Path

import folders
import pytest
import typer
from command_line import COMPARE, THREE_PLACES, content, here, rumbo

from rumbo.cli.terminal import progress_bar, stoppable
from rumbo.run.folder import MANIFEST, RESULT, open_run

FEW = ("--members", 2, "--seed", 7, "--workers", 1)

FAULT = re.compile(r"[^:]+(:\w[^:]*)*: .+\. .+\.")
"""A fault on one line: where, what is wrong, how to mend it."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished comparison, with its reports."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    done = rumbo(*COMPARE, "--members", 5, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert str(folder) in done.stdout
    return folder


def copied(run: Path, to: Path) -> Path:
    return Path(shutil.copytree(run, to / "run"))


def test_help_and_version() -> None:
    assert "compare" in rumbo("--help").stdout
    for command in (
        "run",
        "compare",
        "list",
        "check",
        "show",
        "report",
        "export",
        "rerun",
        "fit",
        "forecast",
        "score",
        "attribute",
        "sensitivity",
        "tested",
    ):
        done = here(command, "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout


def test_compare_writes_a_whole_run_folder(finished: Path) -> None:
    assert {RESULT, MANIFEST, "corridor", "report-en.html", "report-es.html"} <= {
        path.name for path in finished.iterdir()
    }
    assert not (finished / "members").exists()
    runs = open_run(finished)
    assert runs["scenario"].values.tolist() == ["base", "without bus-closure"]
    assert dict(runs.sizes)["member"] == 5
    assert json.loads((finished / MANIFEST).read_bytes())["run_id"] == runs.attrs["run_id"]
    for path in THREE_PLACES.iterdir():
        assert (finished / "corridor" / path.name).read_bytes() == path.read_bytes()


def test_the_number_of_workers_changes_nothing(finished: Path, tmp_path: Path) -> None:
    done = rumbo(*COMPARE, "--members", 5, "--workers", 1, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "run") == content(finished)


def test_run_goes_under_runs_when_no_folder_is_named(tmp_path: Path) -> None:
    done = rumbo("run", THREE_PLACES, "--end", "2024-01-31", *FEW, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    runs = open_run(folder)
    assert runs.sizes["month"] == 1
    again = here("run", THREE_PLACES, "--end", "2024-01-31", *FEW, cwd=tmp_path)
    assert again.returncode == 0
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_expected_runs_have_one_member(tmp_path: Path) -> None:
    done = here("run", THREE_PLACES, "--end", "2024-01-31", "--mode", "expected", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    runs = open_run(folder)
    assert runs.sizes["member"] == 1
    assert json.loads((folder / MANIFEST).read_bytes())["run_id"] == runs.attrs["run_id"]


SETTINGS = {
    "transfer.seats=5": {"value": 5, "at": "", "group": "", "since": "", "until": ""},
    "stay.days@middle_town=2.5": {"value": 2.5, "at": "middle_town"},
    "stay.days@country:MX/family=3": {"at": "country:MX", "group": "family"},
    "deport.share/OTH-adult=1e-1": {"value": 0.1, "at": "", "group": "OTH-adult"},
    "mode.open@mode:bus:2024-02-01=0": {"at": "mode:bus", "since": "2024-02-01"},
    "link.open@middle_town>north_crossing:bus:2024-02-01..2024-02-10=0": {
        "at": "middle_town>north_crossing:bus",
        "since": "2024-02-01",
        "until": "2024-02-10",
    },
    "mode.board@mode:walk=-1": {"value": -1},
    "removal.seats=inf": {"value": float("inf")},
}
"""What ``--set`` is given, and some of what it then means."""


@pytest.fixture(scope="module")
def set_changes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Changes that a run kept of all these settings, given together."""
    folder = tmp_path_factory.mktemp("set") / "run"
    dates = ("--start", "2024-02-01", "--end", "2024-02-10")
    words = [word for text in SETTINGS for word in ("--set", text)]
    done = here("run", THREE_PLACES, *dates, *words, *FEW, "--out", folder)
    assert done.returncode == 0, done.stderr
    (scenario,) = json.loads((folder / MANIFEST).read_bytes())["scenarios"]
    return scenario["changes"]


def test_set_is_read_as_written(set_changes: list[dict[str, object]]) -> None:
    assert len(set_changes) == len(SETTINGS)
    for (text, change), made in zip(SETTINGS.items(), set_changes, strict=True):
        assert made["parameter"] == re.match(r"[a-z_.]+", text)[0]
        assert made.items() >= change.items()


NOT_POSSIBLE = {
    "unknown corridor": ("run", "nowhere"),
    "a file as corridor": ("run", THREE_PLACES / "places.csv"),
    "unknown lever": ("run", THREE_PLACES, "--without", "bus-closur"),
    "event without settings": ("run", THREE_PLACES, "--without", "local-election"),
    "bad first day": ("run", THREE_PLACES, "--start", "2024-13-01"),
    "days out of order": ("run", THREE_PLACES, "--start", "2024-03-01", "--end", "2024-02-01"),
    "days without inflows": ("run", THREE_PLACES, "--end", "2030-01-01"),
    "no equals sign": ("run", THREE_PLACES, "--set", "transfer.seats"),
    "no value": ("run", THREE_PLACES, "--set", "transfer.seats="),
    "two values": ("run", THREE_PLACES, "--set", "transfer.seats=1=2"),
    "not a number": ("run", THREE_PLACES, "--set", "transfer.seats=many"),
    "NaN": ("run", THREE_PLACES, "--set", "transfer.seats=nan"),
    "negative": ("run", THREE_PLACES, "--set", "transfer.seats=-1"),
    "unknown parameter": ("run", THREE_PLACES, "--set", "transfer.seat=1"),
    "unknown place": ("run", THREE_PLACES, "--set", "stay.days@midle_town=1"),
    "unknown group": ("run", THREE_PLACES, "--set", "stay.days/XYZ=1"),
    "no groups here": ("run", THREE_PLACES, "--set", "transfer.seats/family=1"),
    "impossible day": ("run", THREE_PLACES, "--set", "transfer.seats:2024-02-30=1"),
    "ends before it starts": (
        "run", THREE_PLACES, "--set", "transfer.seats:2024-03-01..2024-02-01=1",
    ),
    "nothing to compare with": ("compare", THREE_PLACES),
    "report of no run": ("report", "nowhere"),
    "rerun of no run": ("rerun", "nowhere"),
    "export of no run": ("export", "nowhere"),
    "show what is not there": ("show", "nowhere"),
    "levers of what is not there": ("list", "levers", "--corridor", "nowhere"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_POSSIBLE)
def test_what_is_not_possible_gives_one_line_and_writes_nothing(name: str, tmp_path: Path) -> None:
    done = here(*NOT_POSSIBLE[name], cwd=tmp_path)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert FAULT.fullmatch(line), line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("run",),
        ("run", THREE_PLACES, "--members", 0),
        ("run", THREE_PLACES, "--members", "many"),
        ("run", THREE_PLACES, "--seed", -1),
        ("run", THREE_PLACES, "--seed", 2**63),
        ("run", THREE_PLACES, "--workers", 0),
        ("run", THREE_PLACES, "--mode", "guess"),
        ("run", THREE_PLACES, "--colour", "blue"),
        ("compare", THREE_PLACES, "--without", "bus-closure", "--seed", 2**63),
        ("list", "everything"),
        ("sail",),
    ],
)
def test_wrong_options_are_refused(wrong: tuple[object, ...], tmp_path: Path) -> None:
    done = here(*wrong, cwd=tmp_path)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_corridor_is_listed(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    rows = [
        folders.add(folder, "settings.csv", "stay.dais,,,,,set,1,,,days,,assumed,,"),
        folders.add(folder, "settings.csv", "stay.days,,,,,set,-1,,,days,,assumed,,"),
    ]
    folders.add(folder, "links.csv", "south_town,south_town,walk,1,,,1,assumed,R,,Apache-2.0,")
    checked = here("check", folder)
    ran = here("run", folder, *FEW, cwd=tmp_path)
    assert checked.returncode == ran.returncode == 2
    lines = [line for line in ran.stderr.splitlines() if line]
    assert all(FAULT.fullmatch(line) for line in lines), lines
    assert set(lines) <= set((checked.stdout + checked.stderr).splitlines())
    for row in rows:
        assert any(line.startswith(f"settings.csv, row {row}:") for line in lines)
    assert any(line.startswith("links.csv") for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_check_of_a_whole_corridor() -> None:
    for corridor in (THREE_PLACES, "darien-rio-bravo"):
        done = here("check", corridor)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "fault" in done.stdout


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("corridors", ("darien-rio-bravo",)),
        ("levers", ("bus-closure", "more-slots")),
        ("rules", ("checkpoints", "checkpoint.chance")),
        ("measures", ("stops", "persons")),
        ("parameters", ("mode.hours_per_day", "h/day")),
    ],
)
def test_list(what: str, words: tuple[str, ...]) -> None:
    done = here("list", what, "--corridor", THREE_PLACES)
    assert done.returncode == 0, done.stderr
    for word in words:
        assert word in done.stdout


def test_show() -> None:
    changes = ("--without", "bus-closure", "--set", "transfer.seats=5")
    done = here("show", THREE_PLACES, *changes)
    assert done.returncode == 0, done.stderr
    for word in ("three_places", "2024-06-30", "bus-closure", "transfer.seats", "checkpoints"):
        assert word in done.stdout


def test_report_in_one_language(finished: Path, tmp_path: Path) -> None:
    run = copied(finished, tmp_path)
    for path in run.glob("*.html"):
        path.unlink()
    done = here("report", run, "--language", "es")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in run.glob("*.html")] == ["report-es.html"]
    text = (run / "report-es.html").read_text(encoding="utf-8")
    assert 'lang="es"' in text
    assert "hreflang" not in text  # the page in English is not there
    both = (finished / "report-es.html").read_text(encoding="utf-8")
    assert re.sub(r' <a class="language".*?</a>', "", both) == text


def test_an_export_goes_where_a_relative_path_says(finished: Path, tmp_path: Path) -> None:
    done = here("export", finished, "--to", "tables/mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tables" / "mine" / "differences.csv").is_file()
    assert "differences.csv" in done.stdout
    assert done.stderr.startswith("Working; ")
    refused = here("export", finished, "--to", finished / RESULT)
    assert refused.returncode == 2
    assert "Working" not in refused.stderr


def test_an_unfinished_run_is_not_reported(finished: Path, tmp_path: Path) -> None:
    run = copied(finished, tmp_path)
    (run / RESULT).write_bytes(b"half")
    done = here("report", run)
    assert done.returncode == 2
    assert "damaged" in done.stderr


def test_rerun_gives_the_same_bytes(finished: Path) -> None:
    before = content(finished)
    done = rumbo("rerun", finished)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ame" in done.stdout
    assert content(finished) == before


def test_rerun_needs_nothing_outside_the_folder(tmp_path: Path) -> None:
    corridor = folders.copy(tmp_path)
    changed = ("--set", "stay.days@middle_town/family:2024-01-10=2", "--without", "bus-closure")
    days = ("--start", "2024-01-05", "--end", "2024-02-10")
    done = here("run", corridor, *days, *changed, *FEW, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(corridor)
    again = rumbo("rerun", tmp_path / "run")
    assert again.returncode == 0, again.stdout + again.stderr


def test_rerun_says_what_differs(finished: Path, tmp_path: Path) -> None:
    run = copied(finished, tmp_path)
    row = "stay.days,south_town,,,,set,2,"
    folders.swap(run / "corridor", "settings.csv", row, row.replace("2,", "3,"))
    done = here("rerun", run)
    assert done.returncode == 1
    assert "encounters" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_under_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = here("run", THREE_PLACES, *FEW, "--out", tmp_path / "file" / "run")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_another_runs_folder_is_left_alone(finished: Path) -> None:
    before = content(finished)
    done = here(*COMPARE, "--members", 6, "--out", finished)
    assert done.returncode == 2
    assert "another run" in done.stderr
    assert content(finished) == before


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    done = here(*COMPARE, "--members", 1, "--out", tmp_path)
    assert done.returncode == 2
    assert FAULT.fullmatch(done.stderr.strip())
    assert content(tmp_path) == {"diary.txt": b"mine"}


def test_a_finished_run_given_again_says_so_and_keeps_its_bytes(finished: Path) -> None:
    before = (finished / RESULT).read_bytes()
    done = here(*COMPARE, "--members", 5, "--out", finished)
    assert done.returncode == 0, done.stderr
    assert (finished / RESULT).read_bytes() == before


def lose_ctrl_c_and_go_on() -> None:
    """Be stopped where the exception is lost, as in the clearing away of an object."""
    with stoppable(None), progress_bar() as tell:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            tell(1, 2)
            pytest.fail("the run went on")


def test_a_lost_ctrl_c_is_acted_on_after_the_next_chunk() -> None:
    with pytest.raises(typer.Exit):
        lose_ctrl_c_and_go_on()
    with stoppable(None), progress_bar() as tell:
        tell(2, 2)
