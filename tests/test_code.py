"""The version and the digests of the code: what they follow, and what leaves them alone."""

import shutil
import sys
from pathlib import Path

import pytest

import rumbo
from rumbo.files import code
from rumbo.files.code import NUMBERS, PACKAGE, code_digest, component_digest, needed
from rumbo.forecasting.shocks import Shocks


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's code, whose digest is taken."""
    shutil.copytree(PACKAGE, tmp_path / "rumbo", ignore=shutil.ignore_patterns("*.csv", "*.npz"))
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "rumbo")
    return tmp_path / "rumbo"


def test_a_word_in_the_report_leaves_a_runs_name_alone(copy: Path) -> None:
    before = code_digest()
    for name in ("report/page/words.py", "cli/show.py", "forecasting/form.py", "__init__.py"):
        (copy / name).write_text("# another word\n")
    assert code_digest() == before


@pytest.mark.parametrize("room", NUMBERS)
def test_a_line_where_numbers_are_made_changes_a_runs_name(copy: Path, room: str) -> None:
    before = code_digest()
    path = max((copy / room).rglob("*.py"))
    path.write_bytes(path.read_bytes() + b"# another line\n")
    assert code_digest() != before


def test_what_makes_numbers_imports_nothing_else() -> None:
    """Else a change elsewhere could move numbers under the same name of a run."""
    files = {path for path in needed("rumbo.run.simulate") if PACKAGE in path.parents}
    assert {path.relative_to(PACKAGE).parts[0] for path in files} <= {*NUMBERS, "scores"}
    scores = {path.name for path in files if path.parent.name == "scores"}
    assert scores <= {"figures.py", "background.py", "__init__.py"}


PARTS = {
    "__init__.py": "",
    "top.py": "from made import middle\nimport made.by_name\n",
    "middle.py": "def late():\n    from made.deep.low import thing\n",
    "by_name.py": "import math\n",
    "deep/__init__.py": "",
    "deep/low.py": "thing = 1\n",
    "beside.py": "",
}


def test_every_way_of_importing_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in PARTS.items():
        path = tmp_path / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    files = {path.relative_to(tmp_path / "made").as_posix() for path in needed("made.top")}
    assert files >= {"top.py", "middle.py", "by_name.py", "deep/low.py"}
    assert "beside.py" not in files
    for name in [one for one in sys.modules if one.partition(".")[0] == "made"]:
        monkeypatch.delitem(sys.modules, name)


def test_a_component_is_named_by_its_settings_too() -> None:
    assert component_digest(Shocks()) == component_digest(Shocks())
    assert len({component_digest(one) for one in (Shocks(), "Shocks()")}) == 2


def test_the_face_shows_what_it_offers() -> None:
    assert set(rumbo.__all__) <= set(dir(rumbo))


def test_faults_are_value_errors() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        rumbo.load("nowhere")
