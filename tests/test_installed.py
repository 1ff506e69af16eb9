"""The package as a user gets it: built, installed by pip beside its dependencies, asked a question.

The environment is a new one that holds nothing but what the one of the tests does, by a path: pip
resolves and installs the wheel for real, but fetches no dependency. That the declared versions can
be had, and that nothing undeclared is needed, is left to ``test_packaging.py`` and to
docs/releasing.md.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from command_line import ROOT, environment
from test_packaging import tracked

import rumbo

MOST_MEGABYTES = 6

QUESTION = """\
question,does,what,at,value,since,title_en,title_es,with_en,with_es,without_en,without_es,source
posts,set,checkpoint.chance,harbour,0.5,2024-03-01,Half?,¿Mitad?,Half,Mitad,As is,Como es,assumed
"""

pytestmark = pytest.mark.slow


def build(checkout: Path, target: str, folder: Path) -> Path:
    """Build a distribution and return its file."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "-d", str(folder)],
        cwd=checkout, env=environment(), check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution of this checkout."""
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(build(ROOT, "sdist", folder / "dist")) as packed:
        # The first patches of Python 3.11 know no filter, and pass over this.
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(folder)
    return folder / f"rumbo-{rumbo.__version__}"


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """The wheel that is built from the source distribution, as pip builds it."""
    return build(source, "wheel", source.parent / "wheel")


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment into which pip has put the wheel."""
    folder = tmp_path_factory.mktemp("clean") / "env"
    venv.create(folder, symlinks=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    done = run(programs / "python", "-m", "pip", "install", "--no-index", str(wheel), cwd=folder)
    assert done.returncode == 0, done.stderr
    return programs


def run(program: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that sees nothing of this checkout.

    Code is not compiled: that takes half a minute in a new environment, and says nothing of it.
    """
    own = {"PYTHONPATH", "VIRTUAL_ENV", "PIP_REQUIRE_VIRTUALENV"}
    seen = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [str(program), *words], cwd=cwd, text=True, encoding="utf-8", capture_output=True,
        env=seen | {"NUMBA_DISABLE_JIT": "1", "NO_COLOR": "1"}, timeout=300, check=False,
    )  # fmt: skip


def test_the_source_holds_all_that_is_tracked(source: Path) -> None:
    left_out = {".ci", ".gitignore"}
    for path in tracked():
        name = path.relative_to(ROOT)
        if name.parts[0] not in left_out:
            assert (source / name).read_bytes() == path.read_bytes(), name


def test_the_wheel_is_small_and_the_same_from_its_source(wheel: Path, tmp_path: Path) -> None:
    assert wheel.stat().st_size < MOST_MEGABYTES * 1_000_000
    with (
        zipfile.ZipFile(wheel) as mine,
        zipfile.ZipFile(build(ROOT, "wheel", tmp_path / "d")) as own,
    ):
        assert {one.filename: one.CRC for one in mine.infolist()} == {
            one.filename: one.CRC for one in own.infolist()
        }


def test_what_is_imported_is_what_was_installed(clean: Path, tmp_path: Path) -> None:
    told = run(clean / "python", "-c", "import rumbo; print(rumbo.__file__)", cwd=tmp_path)
    assert Path(told.stdout.strip()).is_relative_to(clean.parent), told
    version = run(clean / "rumbo", "--version", cwd=tmp_path)
    assert version.stdout.split()[-1] == rumbo.__version__
    assert list(tmp_path.iterdir()) == []


def test_importing_the_package_loads_nothing_of_others(clean: Path, tmp_path: Path) -> None:
    """It stays under a second, of which ``make bench`` keeps account."""
    code = "import sys; old = {*sys.modules}; import rumbo; print(*{*sys.modules} - old)"
    loaded = run(clean / "python", "-c", code, cwd=tmp_path).stdout.split()
    tops = {name.partition(".")[0] for name in loaded}
    assert "rumbo" in tops
    assert tops - {"rumbo"} - set(sys.stdlib_module_names) == set()


def test_a_question_is_answered_in_an_empty_folder(clean: Path, tmp_path: Path) -> None:
    listed = run(clean / "rumbo", "ask", "darien-rio-bravo", cwd=tmp_path)
    assert "trains-stop" in listed.stdout
    assert run(clean / "rumbo", "new", "mine", cwd=tmp_path).returncode == 0
    (tmp_path / "mine" / "questions.csv").write_text(QUESTION, "utf-8")
    words = ("ask", "mine", "posts", "--members", "2", "--out", "answer")
    done = run(clean / "rumbo", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for language in ("en", "es"):
        assert (tmp_path / "answer" / f"report-{language}.html").stat().st_size > 100_000
