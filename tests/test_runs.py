"""The run folder: whole or resumable, whatever stops the run."""

import errno
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr
from command_line import (
    COMPARE,
    IN_PROCESSES,
    chunks,
    content,
    rumbo,
    start,
    stop,
    wait_for_chunks,
)
from helpers import three_places

from rumbo.files.faults import Faults
from rumbo.run.folder import (
    MANIFEST,
    RESULT,
    ChunkStore,
    is_finished,
    keep_run,
    open_run,
    read_manifest,
    write_result,
)
from rumbo.run.simulate import simulate
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Job, Members, run_chunks
from rumbo.scenario.scenario import Scenario

MANY = 400
"""Members of a run that is stopped: enough that it does not end first."""

MEMBERS = 20
ASKED = {"members": MEMBERS, "seed": 7, "mode": "stochastic"}


@pytest.fixture(scope="module")
def pair() -> list[Scenario]:
    base = three_places().between("2024-01-01", "2024-03-31")
    return [base, base.without("bus-closure")]


@pytest.fixture(scope="module")
def undisturbed(pair: list[Scenario]) -> xr.Dataset:
    return simulate(pair, workers=1, **ASKED)


def run(
    pair: list[Scenario], store: ChunkStore, progress: Callable[[int, int], None] | None = None
) -> xr.Dataset:
    return simulate(pair, workers=1, store=store, progress=progress, **ASKED)


def kept_runs(pair: list[Scenario], store: ChunkStore) -> int:
    """Return how many member runs a store holds already, as a new run of it sees them."""
    seen: list[int] = []
    run(pair, store, lambda done, _: seen.append(done))
    return seen[0]


@pytest.fixture
def stopped(pair: list[Scenario], tmp_path: Path) -> Path:
    """A run folder with all members kept, but no result yet."""
    folder = tmp_path / "run"
    with keep_run(folder, RunSpec.of(pair, **ASKED)) as store:
        run(pair, store)
    return folder


def test_members_are_kept_and_read_back(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset
) -> None:
    before = chunks(stopped)
    with keep_run(stopped, RunSpec.of(pair, **ASKED)) as store:
        assert kept_runs(pair, store) == 2 * MEMBERS
        xr.testing.assert_identical(run(pair, store), undisturbed)
    assert chunks(stopped) == before


@pytest.mark.parametrize("damage", [b"", b"PK", None])
def test_a_damaged_chunk_is_run_again(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset, damage: bytes | None
) -> None:
    before = chunks(stopped)
    name = sorted(before)[0]
    path = stopped / "members" / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with keep_run(stopped, RunSpec.of(pair, **ASKED)) as store:
        xr.testing.assert_identical(run(pair, store), undisturbed)
    assert path.read_bytes() == whole
    elsewhere = {other for other in before if not other.endswith(name.partition("-")[2])}
    assert all(chunks(stopped)[other] == before[other] for other in elsewhere)


def test_a_flipped_byte_is_noticed(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset
) -> None:
    path = min((stopped / "members").iterdir())
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    with keep_run(stopped, RunSpec.of(pair, **ASKED)) as store:
        xr.testing.assert_identical(run(pair, store), undisturbed)


class FullDisk:
    """Stands in for ``os.replace``: after some files the disk takes no more."""

    def __init__(self, room: int) -> None:
        self._room, self._replace = room, os.replace

    def __call__(self, source: Path, target: Path) -> None:
        if self._room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        self._room -= 1
        self._replace(source, target)


@pytest.mark.parametrize("room", [0, 1, 2, 5])
def test_a_full_disk_loses_no_finished_member(
    pair: list[Scenario], undisturbed: xr.Dataset, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, room: int,
) -> None:  # fmt: skip
    folder = tmp_path / "run"
    with keep_run(folder, RunSpec.of(pair, **ASKED)) as store:
        monkeypatch.setattr("rumbo.files.atomic.os.replace", FullDisk(room))
        with pytest.raises(OSError, match="No space"):
            run(pair, store)
        monkeypatch.undo()
    assert len(chunks(folder)) == room
    assert not list(folder.rglob(".unfinished-*"))
    before = chunks(folder)
    with keep_run(folder, RunSpec.of(pair, **ASKED)) as store:
        xr.testing.assert_identical(run(pair, store), undisturbed)
    whole = {name for name in before if _other_scenario(name) in before}
    assert all(chunks(folder)[name] == before[name] for name in whole)


def _other_scenario(name: str) -> str:
    number, _, members = name.partition("-")
    return f"scenario{1 - int(number.removeprefix('scenario'))}-{members}"


def test_a_full_disk_at_the_result_leaves_the_members(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = chunks(stopped)
    with keep_run(stopped, RunSpec.of(pair, **ASKED)):
        monkeypatch.setattr("rumbo.files.atomic.os.replace", FullDisk(0))
        with pytest.raises(OSError, match="No space"):
            write_result(stopped, undisturbed)
    assert chunks(stopped) == before
    assert not (stopped / RESULT).exists()
    assert not is_finished(stopped)


def test_a_full_disk_before_the_manifest_leaves_a_folder_that_can_be_used(
    pair: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    monkeypatch.setattr("rumbo.files.atomic.os.replace", FullDisk(0))
    with pytest.raises(OSError, match="No space"), keep_run(folder, RunSpec.of(pair, **ASKED)):
        pass
    monkeypatch.undo()
    with keep_run(folder, RunSpec.of(pair, **ASKED)) as store:
        assert kept_runs(pair, store) == 0


def test_leavings_of_a_killed_writer_are_swept(pair: list[Scenario], stopped: Path) -> None:
    for folder in (stopped, stopped / "members"):
        (folder / ".unfinished-abc.npz").write_bytes(b"half")
    with keep_run(stopped, RunSpec.of(pair, **ASKED)):
        assert not list(stopped.rglob(".unfinished-*"))


def test_the_result_takes_the_place_of_the_members(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset
) -> None:
    with keep_run(stopped, RunSpec.of(pair, **ASKED)) as store:
        write_result(stopped, run(pair, store))
    assert is_finished(stopped)
    assert not (stopped / "members").exists()
    xr.testing.assert_identical(open_run(stopped), undisturbed)


def test_the_manifest_says_what_was_run(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset
) -> None:
    manifest = read_manifest(stopped)
    assert manifest["run_id"] == undisturbed.attrs["run_id"]
    assert manifest["arguments"] == ASKED
    assert [one["name"] for one in manifest["scenarios"]] == ["2024-01-01 to 2024-03-31",
        "2024-01-01 to 2024-03-31, without bus-closure"]  # fmt: skip
    assert [one["digest"] for one in manifest["scenarios"]] == [one.digest() for one in pair]
    assert {"rumbo", "python", "numpy", "code"} <= manifest["versions"].keys()


def refused(folder: Path, pair: list[Scenario], **asked: int | str) -> str:
    """Return the fault of a run that may not be written; nothing in its folder may change."""
    before = content(folder) if folder.is_dir() else folder.read_bytes()
    with pytest.raises(Faults) as caught, keep_run(folder, RunSpec.of(pair, **ASKED | asked)):
        pass
    assert (content(folder) if folder.is_dir() else folder.read_bytes()) == before
    (fault,) = caught.value.faults
    return str(fault)


def test_another_runs_folder_is_refused(pair: list[Scenario], stopped: Path) -> None:
    for other in ({"seed": 8}, {"members": MEMBERS + 1}, {"mode": "expected"}):
        assert "another run" in refused(stopped, pair, **other)
    told = refused(stopped, pair[:1])
    assert "another run" in told
    assert "scenarios, data, members or seed differ" in told


def test_a_folder_of_other_code_says_what_made_it(pair: list[Scenario], stopped: Path) -> None:
    path = stopped / MANIFEST
    manifest = json.loads(path.read_bytes())
    manifest["run_id"] = "0" * 16
    manifest["versions"] |= {"rumbo": "0.0.9", "code": "abcdef0123456789"}
    path.write_text(json.dumps(manifest))
    assert "made by other code (rumbo 0.0.9, code abcdef01; this is" in refused(stopped, pair)
    del manifest["versions"]
    path.write_text(json.dumps(manifest))
    assert "made by other code (rumbo unknown" in refused(stopped, pair)


def test_foreign_files_are_refused(pair: list[Scenario], tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    assert "--out" in refused(tmp_path, pair) or "empty folder" in refused(tmp_path, pair)
    assert "file" in refused(tmp_path / "diary.txt", pair)


def test_a_manifest_that_is_not_one_is_refused(pair: list[Scenario], tmp_path: Path) -> None:
    for text in ("not JSON", "{}", "[]", '"text"'):
        (tmp_path / MANIFEST).write_text(text)
        assert MANIFEST in refused(tmp_path, pair)


def test_an_empty_folder_can_be_used(pair: list[Scenario], tmp_path: Path) -> None:
    with keep_run(tmp_path, RunSpec.of(pair, **ASKED)) as store:
        assert kept_runs(pair, store) == 0


def test_opening_what_is_not_a_finished_run(
    pair: list[Scenario], stopped: Path, undisturbed: xr.Dataset, tmp_path: Path
) -> None:
    with pytest.raises(Faults, match="there is no such folder"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(Faults, match=MANIFEST):
        open_run(tmp_path)
    with pytest.raises(Faults, match="not finished"):
        open_run(stopped)
    with keep_run(stopped, RunSpec.of(pair, **ASKED)):
        write_result(stopped, undisturbed)
    whole = (stopped / RESULT).read_bytes()
    (stopped / RESULT).write_bytes(whole[:-1])
    with pytest.raises(Faults, match="damaged"):
        open_run(stopped)


def test_two_processes_cannot_write_one_folder(pair: list[Scenario], stopped: Path) -> None:
    with keep_run(stopped, RunSpec.of(pair, **ASKED)):
        before = content(stopped)
        arguments = ("--start", "2024-01-01", "--end", "2024-03-31", "--members", MEMBERS)
        second = rumbo(*COMPARE, *arguments, "--out", stopped)
        assert content(stopped) == before
    assert second.returncode == 2
    assert "another process" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("uninterrupted") / "run"
    done = rumbo(*COMPARE, "--members", MANY, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


def same_result(one: Path, other: Path) -> None:
    xr.testing.assert_identical(open_run(one), open_run(other))
    assert (one / RESULT).read_bytes() == (other / RESULT).read_bytes()
    assert json.loads((one / MANIFEST).read_bytes()) == json.loads((other / MANIFEST).read_bytes())
    assert not (one / "members").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="process groups are killed otherwise on Windows")
def test_a_killed_run_goes_on_where_it_was(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = (*COMPARE, "--members", MANY, "--out", folder)
    known: dict[str, tuple[int, int]] = {}
    for more in (4, 12):
        process = start(*command)
        wait_for_chunks(process, folder, len(known) + more)
        stop(process, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        pairs = {name for name in known if _other_scenario(name) in known}
        found = chunks(folder)
        assert all(found[name] == known[name] for name in pairs), "kept members were written again"
        known = found
    done = rumbo(*command)
    assert done.returncode == 0, done.stderr
    same_result(folder, uninterrupted)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_stops_cleanly(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = (*COMPARE, "--members", MANY, "--out", folder)
    process = start(*command)
    wait_for_chunks(process, folder, 4)
    before = chunks(folder)
    out, error = stop(process, signal.SIGINT)
    assert process.returncode == 130
    assert "same command" in error
    for word in ("Traceback", "Warning", "Error"):
        assert word not in out + error
    assert chunks(folder).items() >= before.items()
    assert not is_finished(folder)
    done = rumbo(*command)
    assert done.returncode == 0, done.stderr
    same_result(folder, uninterrupted)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_a_killed_worker_loses_no_finished_member(uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = (*COMPARE, "--members", MANY, "--workers", 2, "--out", folder)
    process = start(*command, command=IN_PROCESSES)
    wait_for_chunks(process, folder, 4)
    before = chunks(folder)
    workers = _workers_of(process.pid)
    if not workers:
        stop(process, signal.SIGKILL)
        pytest.skip("the workers of a process cannot be listed here")
    os.kill(workers[0], signal.SIGKILL)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "same command" in error
    assert chunks(folder).items() >= before.items()
    assert rumbo(*command, command=IN_PROCESSES).returncode == 0
    same_result(folder, uninterrupted)


def _workers_of(process: int) -> list[int]:
    """Return the processes that simulate for another one, where the system tells."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
            group = os.getpgid(int(folder.name))
        except OSError:
            continue
        if group == process and "LokyProcess" in words:
            found.append(int(folder.name))
    return found


def test_programs_are_made_ready_while_those_before_run() -> None:
    made = threading.Event()

    def waits(_chunk: Members) -> list:
        assert made.wait(60)
        return [{}]

    def waves(chunks: list[Members], _workers: int) -> Iterator[list[Job]]:
        yield [(waits, chunks[0])]
        made.set()
        yield [(waits, chunks[1])]

    chunks = [(0,), (1,)]
    finished = run_chunks(waves, ["one"], chunks, 2, None, None)
    assert sorted(chunk for chunk, _ in finished) == chunks
