"""What the command line says: whole in both languages, whole at any width, with examples."""

import ast
import csv
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import folders
import pytest
import typer
from command_line import THREE_PLACES, here

import rumbo.cli
from rumbo.cli.commands import app
from rumbo.cli.listing import LISTS
from rumbo.cli.options import Listing
from rumbo.cli.spoken import examples
from rumbo.cli.terminal import Counted, progress_bar
from rumbo.cli.words import HOLE, fault_line, in_spanish, table
from rumbo.files.faults import Fault
from rumbo.model import MODELS

ROOM = Path(rumbo.cli.__file__).parent

SPANISH = "es_MX.UTF-8"


@pytest.fixture
def in_mexico(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale of Mexico."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", SPANISH)


def form(node: ast.expr | None) -> str:
    """Return a text as the tables hold it, with a hole for whatever is filled in."""
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else HOLE for one in node.values)
        return "".join(map(str, parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def texts_of(tree: ast.AST) -> Iterator[str]:
    """Go through what a module says: faults, lines, helps, and texts kept for them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in ("message", "cure"):
                yield form(node.value)
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        if name in ("say", "said"):
            yield form(node.args[0])
        if name == "Fault":
            yield from map(form, node.args[2:])
        yield from (form(one.value) for one in node.keywords if one.arg == "help")


def own_words(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]", text.replace(HOLE, ""))) > 2


def test_everything_said_has_its_spanish() -> None:
    lacking = {
        text: path.name
        for path in ROOM.rglob("*.py")
        for text in texts_of(ast.parse(path.read_text("utf-8")))
        # A text that is put together of others is translated part by part.
        if own_words(text) and text not in table() and in_spanish(text) == text
    }
    assert lacking == {}


def commands_under(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Go through the commands of a group and of the groups in it, by their whole names."""
    for name, command in getattr(group, "commands", {}).items():
        yield f"{before}{name}", command
        yield from commands_under(command, f"{before}{name} ")


def test_every_command_has_help_in_both_languages_and_an_example() -> None:
    for name, command in commands_under(typer.main.get_command(app)):
        assert command.help in table(), name
        assert all(f"rumbo {name}" in line for line in examples()[name]), name
        for param in command.params:
            if getattr(param, "help", None):
                assert param.help in table(), (name, param.name)


def templates_of_faults() -> Iterator[str]:
    """Go through what faults of corridors and runs say: messages and cures."""
    package = ROOM.parent
    for room in ("files", "scenario", "run", "updating"):
        for path in (package / room).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                    if name in ("Fault", "add", "_first", "WrongText"):
                        yield from (form(one) for one in node.args[1:])
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    if node.targets[0].id in ("message", "cure"):
                        yield form(node.value)


def test_nearly_all_that_faults_say_has_its_spanish() -> None:
    """What is new may wait for its Spanish; a fault without it is told in English."""
    texts = {text for text in templates_of_faults() if own_words(text) and " " in text.strip()}
    lacking = sorted(text for text in texts if text not in table() and in_spanish(text) == text)
    assert len(texts) > 250
    assert len(lacking) <= 0.05 * len(texts), lacking


def test_tables_fill_in_as_much_in_both_languages() -> None:
    for english, spanish in table().items():
        assert spanish, english
        assert english.count(HOLE) == spanish.count(HOLE), english


def test_headings_of_lists_and_measures_have_their_spanish() -> None:
    for name, lists in LISTS.items():
        scenario = rumbo.load(THREE_PLACES)
        assert all(heading in table() for heading in lists(scenario).headings), name
    for measure in (one for model in MODELS.values() for one in model.measures):
        assert in_spanish(measure.long_name) != measure.long_name or measure.name == "passages"
        assert {measure.units, measure.what, *measure.by} <= {*table()}, measure.name


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("words", [(), ("-h",), ("compare", "-h"), ("list", "--help")])
def test_help_is_whole_at_any_width(
    width: int, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = help_at(width, words, monkeypatch)
    assert "..." not in done.replace("COMMAND [ARGS]...", "")
    assert "…" not in done
    text = re.sub(r"\s+", "", done)
    if "compare" in words:
        assert "parameter[@at][/group][:since[..until]]=value" in text
    if not words:
        for command in typer.main.get_command(app).commands.values():
            assert re.sub(r"\s+", "", command.help) in text


def help_at(width: int, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a help as a screen of some width shows it."""
    size = os.terminal_size((width, 24))
    with monkeypatch.context() as patch:  # undone before the test's own report is printed
        patch.setattr("shutil.get_terminal_size", lambda *_, **__: size)
        done = here(*words)
    assert done.returncode == 0
    assert done.stderr == ""
    return done.stdout


@pytest.mark.usefixtures("in_mexico")
def test_the_locale_makes_it_spanish() -> None:
    assert "Opciones:" in here("run", "-h").stdout
    assert "no se encontró ningún error" in here("check", THREE_PLACES).stdout
    assert "escenario: base" in here("show", THREE_PLACES).stdout
    assert "qué es" in here("list", "rules").stdout
    assert "No existe el comando" in here("sail").stderr
    refused = here("show", THREE_PLACES, "--without", "nothing-such")
    assert "no es ni medida ni regla" in refused.stderr


def test_the_option_comes_before_the_locale(in_mexico: None) -> None:
    assert "no fault found" in here("check", THREE_PLACES, "--language", "en").stdout
    monkey = here("check", THREE_PLACES, "--language=es")
    assert "ningún error" in monkey.stdout


@pytest.mark.parametrize("what", [*Listing])
def test_every_list_is_json_and_csv_too(what: Listing) -> None:
    corridor = "darien-rio-bravo"
    told = json.loads(here("list", what, corridor, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(here("list", what, corridor, "--csv").stdout)))
    assert told == rows
    assert len(rows) > 0
    assert what in LISTS


def test_lists_name_what_a_changed_value_may_be_set_at() -> None:
    for what, words in {
        "places": ("south_town", "middle_town"),
        "links": ("south_town>middle_town:walk",),
        "modes": ("mode:walk", "mode:bus"),
        "groups": ("OTH-adult", "OTH-family"),
        "components": ("USBP", "OFO"),
    }.items():
        text = here("list", what, THREE_PLACES).stdout
        assert all(word in text for word in words), what


def test_a_list_is_as_wide_as_columns_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from rumbo.cli.listing import screen

    monkeypatch.setenv("COLUMNS", "90")
    assert screen().width == 90
    monkeypatch.delenv("COLUMNS")
    assert screen().width == 160


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--start", "2024-13-01"), "--start: is '2024-13-01'"),
        (("--end", "2030-01-01"), "--start, --end: the dates lie outside the run"),
        (("--set", "stay.days@Middle_Town=1"), "--set: at is"),
        (("--without", "bus-closurr"), "--without: 'bus-closurr'"),
        (("--deal", "no-such"), "--deal: "),
    ],
)
def test_faults_name_options(words: tuple[str, ...], option: str) -> None:
    done = here("show", THREE_PLACES, *words)
    assert done.returncode == 2
    assert done.stderr.startswith(option), done.stderr


def test_a_lever_of_attribute_is_named_and_suggested() -> None:
    done = here(
        "attribute", "darien-rio-bravo", "--lever", "deal", "--from", "2024-01", "--to", "2024-02"
    )
    assert "--lever: 'deal'" in done.stderr
    assert "Write 'december-2023-deal' (lever:" in done.stderr


@pytest.mark.parametrize(
    ("name", "meant"),
    [("simulate", "rumbo run"), ("places", "rumbo list places"), ("compar", "rumbo compare")],
)
def test_an_unknown_command_is_told_what_is_meant(name: str, meant: str) -> None:
    done = here(name)
    assert done.returncode == 2
    assert f"Write: {meant}" in done.stderr


def test_no_command_is_told_what_it_does_not_mean() -> None:
    assert "Write:" not in here("sail").stderr


def test_the_bare_command_helps() -> None:
    done = here()
    assert done.returncode == 0
    assert "Examples:" in done.stdout


def test_a_fault_in_spanish_says_where_what_and_how_to_mend_it(in_mexico: None) -> None:
    fault = Fault("settings.csv", 3, "parameter is 'x', which is unknown", "Write 'y'")
    line = fault_line(fault)
    assert line == "settings.csv, fila 3: parameter es 'x', que no se conoce. Escriba 'y'."


@pytest.mark.usefixtures("in_mexico")
def test_check_tells_faults_in_spanish(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "settings.csv", "stay.dais,,,,,set,1,,,days,,assumed,,")
    folders.add(folder, "settings.csv", "stay.days,,,,,set,-1,,,days,,assumed,,")
    done = here("check", folder)
    assert done.returncode == 2
    assert "fila" in done.stderr
    assert "which is unknown" not in done.stderr
    assert "expected" not in done.stderr


def test_progress_is_told_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0, 0.0, 30.0, 90.0, 91.0])
    monkeypatch.setattr("rumbo.cli.terminal.monotonic", lambda: next(ticks))
    with progress_bar() as tell:
        for done in (1, 2, 3):
            tell(done, 4)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "Working; a line a minute says how far it is.",
        "2 of 4 member runs after 2 min",
    ]


@pytest.mark.usefixtures("in_mexico")
@pytest.mark.parametrize("what", get_args(Counted))
def test_what_is_counted_is_told_in_spanish(
    what: Counted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0, 0.0, 120.0])
    monkeypatch.setattr("rumbo.cli.terminal.monotonic", lambda: next(ticks))
    with progress_bar(what) as tell:
        tell(1, 4)
    line = capsys.readouterr().err.splitlines()[1]
    assert re.fullmatch(r"1 de 4 [\w ]+ después de 2 min", line)
    assert what not in line


def test_a_scenario_gets_the_name_that_was_asked_for(tmp_path: Path) -> None:
    asked = ("--set", "transfer.seats=5", "--name", "fewer seats", "--members", 2, "--workers", 1)
    days = ("--end", "2024-01-31", "--language", "en", "--out", tmp_path / "run")
    done = here("compare", THREE_PLACES, *asked, *days)
    assert done.returncode == 0, done.stderr
    runs = rumbo.open_run(tmp_path / "run")
    assert runs["scenario"].values.tolist()[1] == "fewer seats"
    page = (tmp_path / "run" / "report-en.html").read_text("utf-8")
    assert "fewer seats" in page
    seen = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "transfer.seats = 5</h" not in seen
