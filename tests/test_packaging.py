"""What is shipped: dependencies, pins, the wheel, the words on the first page."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from command_line import ROOT, environment
from command_line import rumbo as command
from yaml12 import read_yaml

import rumbo

UNSEEN = {
    "dask": "distributed, of the same release, sends its tasks",
    "h5netcdf": "xarray reads and writes with it, by its name",
    "h5py": "h5netcdf writes through it without asking for it",
    "hatchling": "run as a command",
    "ipykernel": "runs notebooks, started by name",
    "mypy": "run as a command",
    "pytest-xdist": "pytest runs on every core with it",
    "ruff": "run as a command",
}
"""Declared dependencies that no file imports, and why."""

SCRIPTS = ROOT / "scripts"

NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def plain(name: str) -> str:
    """Return the name of a distribution as package indexes compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


ELSEWHERE = {"flee_peer.py": {"flee", "yaml"}}
"""What scripts import that another interpreter runs, the one that has Flee."""


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def named(requirements: list[str]) -> set[str]:
    """Return the distributions that some requirements name."""
    return {plain(match[0]) for text in requirements if (match := NAME.match(text))}


@cache
def owners() -> dict[str, list[str]]:
    return {name: list(found) for name, found in packages_distributions().items()}


def imported(*folders: str) -> dict[str, set[str]]:
    """Return the distributions that the files of some folders import, and the files that do."""
    found: dict[str, set[str]] = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        beside = {one.stem for one in (*path.parent.iterdir(), *SCRIPTS.iterdir())}
        own = beside | {"rumbo", "benchmarks", "scripts"}
        elsewhere = ELSEWHERE.get(path.name, set())
        for name in tops(path) - own - elsewhere - set(sys.stdlib_module_names):
            assert name in owners(), f"{path.name} imports {name}, which nothing installed offers"
            found.setdefault(plain(owners()[name][0]), set()).add(path.name)
    return found


def tops(path: Path) -> set[str]:
    """Return the first parts of all module names that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.importorskip":
            found.add(ast.literal_eval(node.args[0]).partition(".")[0])
    return found


EXTRAS = {
    "studio": "studio",
    "notebook": "studio",
    "cluster": "run/cluster",
    "data": "updating",
}
"""Extras whose packages parts of the package import, and these parts."""


def extras(*only: str) -> list[str]:
    wanted = only or EXTRAS
    return [one for extra in wanted for one in project()["optional-dependencies"][extra]]


def test_the_package_imports_just_what_it_declares() -> None:
    declared, found = named(project()["dependencies"] + extras()), imported("rumbo")
    assert {name: files for name, files in found.items() if name not in declared} == {}
    assert declared - found.keys() - UNSEEN.keys() == set()


def test_only_its_part_imports_what_an_extra_brings() -> None:
    found = imported("rumbo")
    for extra, part in EXTRAS.items():
        room = {path.name for path in (ROOT / "rumbo" / part).rglob("*.py")}
        assert all(found[name] <= room for name in named(extras(extra)) - UNSEEN.keys()), extra
        assert len(extras(extra)) <= 6


def test_the_tests_import_just_what_they_declare() -> None:
    core = named(project()["dependencies"])
    declared = named(project()["optional-dependencies"]["test"])
    found = imported("tests", "benchmarks", "scripts")
    assert {name: files for name, files in found.items() if name not in core | declared} == {}
    assert declared - found.keys() - UNSEEN.keys() == set()
    assert not core & declared


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [re.fullmatch(r"([A-Za-z0-9][\w.-]*)==\d[\w.+!]*", line) for line in lines]
    assert [line for line, pin in zip(lines, pins, strict=True) if pin is None] == []
    names = [plain(pin[1]) for pin in pins if pin]
    assert len(names) == len(set(names))
    wanted = project()["dependencies"] + project()["optional-dependencies"]["test"] + extras()
    assert named(wanted) <= set(names)


def tracked() -> list[Path]:
    """Return the files that are, or are about to be, under version control."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a checkout")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


PRIVATE = {
    "a home": re.compile(r"(?<![\w.-])/" + r"(?:home|Users|root)/\w|[A-Z]:\\Users"),
    "a package index": re.compile(
        r"index" + r"-url|python" + r"hosted|https?://\S+/sim" + r"ple\b"
    ),
}
"""What no file may tell of the machine that it was written on."""


def test_no_file_tells_of_a_machine() -> None:
    told = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        told += [
            (str(path.relative_to(ROOT)), what, found[0])
            for what, pattern in PRIVATE.items()
            if (found := pattern.search(text))
        ]
    assert told == []


def test_links_between_pages_lead_somewhere() -> None:
    dead = []
    for page in (path for path in tracked() if path.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                dead.append((page.name, target))
    assert dead == []


def blocks(language: str, page: str = "README.md") -> list[str]:
    """Return the code of the README, or of another page, in a language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def test_the_readme_shows_python_and_commands() -> None:
    assert blocks("python")
    assert blocks("console") + blocks("bash")


def test_the_readme_has_commands_for_each_of_its_readers() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for reader, told in (
        ("I plan a shelter", ("rumbo outlook", "--beds", "rumbo ask")),
        ("I write about it", ("rumbo ask", "rumbo export", "**Print**")),
        ("I work in a notebook or R", ("import rumbo", "rumbo export", "docs/exports.md")),
    ):
        section = text.partition(f"## {reader}\n")[2].partition("\n## ")[0]
        assert all(one in section for one in told), reader


@pytest.mark.long
@pytest.mark.slow
def test_the_readmes_python_runs(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    for number, code in enumerate([*blocks("python"), *blocks("python", "docs/python.md")]):
        few = re.sub(r"members=\d+", "members=2", code)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", few], cwd=tmp_path, env=environment(),
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"block {number}: {done.stderr}"
        for name in re.findall(r'"([\w.-]+\.(?:html|csv|nc))"', code):
            assert (tmp_path / name).stat().st_size > 0


def lines_of_commands() -> list[str]:
    lines = [line for block in blocks("console") + blocks("bash") for line in block.splitlines()]
    return [line.partition("#")[0].removeprefix("$ ").strip() for line in lines]


@pytest.mark.long
@pytest.mark.slow
def test_the_readmes_commands_run(tmp_path: Path) -> None:
    for line in lines_of_commands():
        program, *words = shlex.split(line) or ["rumbo", "--help"]
        if program == "make":
            targets = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert all(re.search(rf"^{word}:", targets, flags=re.M) for word in words), line
            continue
        assert program == "rumbo", line
        asks = words[0] == "ask" and len(words) > 2  # without a question it lists them
        few = ["--members", "2"] if asks or words[0] in ("run", "compare") else []
        few = ["--members", "20"] if words[0] == "outlook" else few  # the fewest that it takes
        done = command(*words, *few, cwd=tmp_path)
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_the_citation_names_this_version() -> None:
    citation = read_yaml(ROOT / "CITATION.cff")
    needed = {"cff-version", "message", "title", "type", "authors", "version", "license"}
    assert needed <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == rumbo.__version__
    assert citation["license"] == project()["license"]
    assert all({"name"} <= one.keys() or {"family-names"} <= one.keys()
               for one in citation["authors"])  # fmt: skip


def test_every_file_of_a_bundled_corridor_has_a_licence() -> None:
    text = (ROOT / "DATA_LICENSES.md").read_text(encoding="utf-8")
    named = {*re.findall(r"`([^`]+)`", text)}
    for folder in (ROOT / "rumbo" / "corridors").iterdir():
        for path in folder.glob("*.*"):
            apart = "settings_*.csv" if path.name.startswith("settings_") else path.name
            assert named & {path.name, apart}, path.name


def test_the_changelog_has_this_version_and_its_day() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.escape(rumbo.__version__)
    heading = re.search(rf"^## \[{version}\] - (unreleased|\d{{4}}-\d\d-\d\d)$", text, flags=re.M)
    assert heading
    # A day of release stands nowhere before there is one.
    assert read_yaml(ROOT / "CITATION.cff").get("date-released", "unreleased") == heading[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)],
        cwd=ROOT, env=environment(), check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_the_wheel_holds_all_of_the_package(wheel: dict[str, bytes]) -> None:
    package = {path for path in tracked() if path.is_relative_to(ROOT / "rumbo")}
    for path in package:
        assert wheel[path.relative_to(ROOT).as_posix()] == path.read_bytes()
    report = {name for name in wheel if name.startswith("rumbo/report/")}
    assert {Path(name).suffix for name in report} >= {".html", ".css", ".csv", ".py"}
    assert "rumbo/corridors/darien-rio-bravo/corridor.yaml" in wheel


def test_the_wheel_holds_nothing_else(wheel: dict[str, bytes]) -> None:
    about = f"rumbo-{rumbo.__version__}.dist-info/"
    assert {name for name in wheel if not name.startswith(("rumbo/", about))} == set()
    assert not [name for name in wheel if "__pycache__" in name]
    code = [Path(name).stem for name in wheel if name.endswith(".py")]
    assert not [name for name in code if "test" in name]


def test_the_wheel_carries_licences_and_the_command(wheel: dict[str, bytes]) -> None:
    about = f"rumbo-{rumbo.__version__}.dist-info/"
    assert {f"{about}licenses/LICENSE", f"{about}licenses/DATA_LICENSES.md"} <= wheel.keys()
    assert b"rumbo = rumbo.__main__:main" in wheel[f"{about}entry_points.txt"]
    if "Typing :: Typed" in project()["classifiers"]:
        assert "rumbo/py.typed" in wheel


def test_paths_that_documents_name_are_there() -> None:
    named_paths = re.compile(r"`((?:rumbo|tests|scripts|benchmarks|docs|examples)/[\w./-]+)`")
    gone = [
        f"{path.name}: {name}"
        for path in tracked()
        if path.suffix == ".md"
        for name in named_paths.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    ]
    assert gone == []
