"""A corridor copied, to be one's own."""

import stat
from functools import partial
from pathlib import Path

import pytest
from command_line import THREE_PLACES, here
from command_line import content as contents

import rumbo
from rumbo.files.atomic import copy_files
from rumbo.files.faults import Faults
from rumbo.scenario.corridor import BUNDLED, corridors
from rumbo.scenario.edit.copy import copy
from rumbo.scenario.edit.new import make


def test_a_bundled_corridor_is_copied_whole_with_its_fit(tmp_path: Path) -> None:
    name = corridors()[0]
    done = here("copy", name, tmp_path / "under" / "mine")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "under" / "mine") == contents(BUNDLED / name)
    assert [path.name for path in (tmp_path / "under").iterdir()] == ["mine"]
    own, bundled = rumbo.load(tmp_path / "under" / "mine"), rumbo.load(name)
    assert own.fitted().posterior is not None
    assert own.figures.equals(bundled.figures)


def test_a_copy_may_be_changed_where_the_original_may_not(tmp_path: Path) -> None:
    first = tmp_path / "first"
    copy(THREE_PLACES, first)
    for path in first.iterdir():
        path.chmod(0o444)
    first.chmod(0o555)
    copy(first, tmp_path / "second")
    first.chmod(0o755)
    # Whoever may do anything could write where nobody may: rights are looked at, too.
    for path in (tmp_path / "second", *(tmp_path / "second").iterdir()):
        assert path.stat().st_mode & stat.S_IWUSR
    (tmp_path / "second" / "settings.csv").write_text("x")
    (tmp_path / "second" / "another.csv").write_text("x")


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    target = tmp_path / "mine"
    if there == "folder":
        target.mkdir()
    elif there == "file":
        target.write_text("kept")
    else:
        target.symlink_to(tmp_path / "nowhere")
    done = here("copy", THREE_PLACES, target)
    assert done.returncode == 2
    assert "there is a file or folder of this name already" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_is_not_copied_into_itself(tmp_path: Path) -> None:
    copy(THREE_PLACES, tmp_path / "first")
    with pytest.raises(Faults, match="lies inside"):
        copy(tmp_path / "first", tmp_path / "first" / "second")
    assert contents(tmp_path / "first") == contents(THREE_PLACES)


def test_what_has_faults_is_not_copied(tmp_path: Path) -> None:
    copy(THREE_PLACES, tmp_path / "first")
    (tmp_path / "first" / "groups.csv").write_text("id\n")
    with pytest.raises(Faults, match=r"groups\.csv"):
        copy(tmp_path / "first", tmp_path / "second")
    assert not (tmp_path / "second").exists()
    with pytest.raises(Faults, match="unknown"):
        copy("no-such-corridor", tmp_path / "second")


def test_what_is_made_of_a_folder_that_may_only_be_read_may_be_changed(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "a.csv").write_text("a\n", encoding="utf-8")
    (source / ".unfinished-b").touch()
    for path in (source / "inner" / "a.csv", source / "inner", source):
        path.chmod(0o555 if path.is_dir() else 0o444)
    target.mkdir()
    assert copy_files(source, target) == ["inner/a.csv"]
    assert all(path.stat().st_mode & stat.S_IWUSR for path in target.rglob("*"))


def test_a_disk_that_refuses_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rumbo.files.atomic.shutil.copyfile", refuse)
    for make_one in (partial(copy, THREE_PLACES), make):
        with pytest.raises(Faults, match="no space left"):
            make_one(tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
