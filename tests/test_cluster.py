"""Members run by a cluster's workers: the same bytes, whatever dies."""

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from datetime import date
from errno import ENOSPC, ETIMEDOUT
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import joblib
import numpy as np
import pytest
import xarray as xr
from command_line import (
    COMPARE,
    ROOT,
    THREE_PLACES,
    chunks,
    environment,
    rumbo,
    start,
    stop,
    wait_for_chunks,
)
from command_line import here as command
from distributed import Client, KilledWorker, LocalCluster
from distributed.comm import CommClosedError
from folders import with_figures
from helpers import three_places
from made_up import made_up

from rumbo.files import code
from rumbo.files.faults import Faults
from rumbo.fitting.fit import fit
from rumbo.flee.convert import to_scenario
from rumbo.flee.reader import read_crisis
from rumbo.forecasting.corridor.runs import HindcastSize, run_ahead
from rumbo.forecasting.corridor.side_by_side import run_all
from rumbo.run import simulate as simulating
from rumbo.run.cluster.connect import connected
from rumbo.run.cluster.engine import (
    WorkersLost,
    _Parcel,
    check_alike,
    client_at_hand,
    losses_told,
    run_there,
)
from rumbo.run.folder import MANIFEST, RESULT
from rumbo.run.program import compile_beside
from rumbo.run.result import Months
from rumbo.run.simulate import simulate
from rumbo.run.workers import Members, Task, cores
from rumbo.scenario.scenario import Scenario, load

AS_OF = ("--as-of", "2024-10-22")

MEMBERS = 96
"""Of a run of which a worker dies: enough that it does not end first."""

LONG = (*COMPARE, "--members", 400)
"""A run that is stopped by whatever stops it."""

LOST = "workers were lost"
"""How a command ends whose cluster no longer runs what it was sent."""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two worker processes of one thread each."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def pair() -> list[Scenario]:
    base = three_places().between("2024-01-01", "2024-03-31")
    return [base, base.without("bus-closure")]


@pytest.fixture(scope="module")
def undisturbed(pair: list[Scenario]) -> xr.Dataset:
    return simulate(pair, members=MEMBERS, seed=7, workers=1)


def on(client: Client) -> joblib.parallel_config:
    """What a user writes around calls that a cluster is to run."""
    return joblib.parallel_config(backend="dask", client=client)


# What travels


@pytest.mark.parametrize("name", ["three_places", "two_shores"])
def test_programs_travel_by_plain_pickle(name: str) -> None:
    program = compile_beside(load(ROOT / "examples" / name)).program
    again = pickle.loads(pickle.dumps(program))
    assert again.ledger.measures == program.ledger.measures
    assert again.model.rules == program.model.rules
    np.testing.assert_array_equal(again.limit, program.limit)


def test_programs_of_a_crisis_travel_too() -> None:
    folder = ROOT / "examples" / "five_places"
    crisis, faults = read_crisis(folder)
    assert faults == []
    program = compile_beside(to_scenario(crisis, folder)).program
    assert pickle.loads(pickle.dumps(program)).ledger.measures == program.ledger.measures


# The same bytes


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(
    client: Client, pair: list[Scenario], undisturbed: xr.Dataset
) -> None:
    told: list[tuple[int, int]] = []
    with on(client):
        assert cores() == 2
        runs = simulate(pair, members=MEMBERS, seed=7, progress=lambda *done: told.append(done))
    assert client_at_hand() is None
    xr.testing.assert_identical(runs, undisturbed)
    assert told[0] == (0, 2 * MEMBERS)
    assert told[-1] == (2 * MEMBERS, 2 * MEMBERS)


def noted(task: Task, path: Path, chunk: Members) -> list[Months]:
    """Run a chunk, and note who does; slowly enough to be met at it."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()} {chunk[0]}\n")
    time.sleep(0.2)
    return task(chunk)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file in which workers note each chunk that they begin, by process and first member."""
    usual, path = simulating._task, tmp_path / "notes"
    monkeypatch.setattr(simulating, "_task", lambda *asked: partial(noted, usual(*asked), path))
    return path


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise on Windows")
def test_a_killed_worker_costs_only_its_chunks(
    client: Client, pair: list[Scenario], undisturbed: xr.Dataset, notes: Path
) -> None:
    killed: list[int] = []

    def kill(done: int, _all: int) -> None:
        if done > 10 and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with on(client):
        runs = simulate(pair, members=MEMBERS, seed=7, progress=kill)
    xr.testing.assert_identical(runs, undisturbed)
    begun = [tuple(map(int, line.split())) for line in notes.read_text("utf-8").splitlines()]
    again = [n for n, (_, chunk) in enumerate(begun) if chunk in [one for _, one in begun[:n]]]
    first = {chunk: process for process, chunk in reversed(begun)}
    assert 1 <= len(again) < len(first) / 2
    assert {first[begun[n][1]] for n in again} == {*killed}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nothing stopped, without a cluster."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert rumbo(*LONG, "--out", folder).returncode == 0
    return folder


def goes_on(folder: Path, whole: Path, *words: object) -> None:
    """Give a command once more: finished members stay as they were, and the rest is run."""
    before = chunks(folder)
    assert before
    assert not (folder / RESULT).exists()
    process = start(*words)
    wait_for_chunks(process, folder, len(before) + 1)
    # Of the chunk at which it was stopped, one scenario may lie there without the other.
    assert len(before.items() - chunks(folder).items()) <= 1
    _, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    for name in (RESULT, MANIFEST):
        assert (folder / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise on Windows")
@pytest.mark.parametrize(("sent", "there_again"), [("SIGKILL", True), ("SIGINT", False)])
def test_a_stopped_client_goes_on_from_its_folder(
    client: Client, whole: Path, tmp_path: Path, sent: str, there_again: bool
) -> None:
    """Killed, or stopped by Ctrl-C; on the cluster again, or without it."""
    asked = (*LONG, "--out", tmp_path / "run")
    there = ("--backend", "dask", "--scheduler", client.scheduler.address)
    process = start(*asked, *there)
    wait_for_chunks(process, tmp_path / "run", 4)
    stop(process, getattr(signal, sent))
    goes_on(tmp_path / "run", whole, *asked, *(there if there_again else ()))


@pytest.mark.long
@pytest.mark.slow
def test_a_fit_on_a_cluster_is_the_same(client: Client, tmp_path: Path) -> None:
    scenario = load(with_figures(tmp_path / "three"))
    asked = {"members": 16, "passes": 1, "seed": 3}
    here = fit(scenario, "2024-10-22", workers=1, **asked)
    with on(client):
        there = fit(scenario, "2024-10-22", folder=tmp_path / "passes", **asked)
    assert there.posterior.digest == here.posterior.digest


@pytest.mark.long
@pytest.mark.slow
def test_hindcasts_on_a_cluster_are_the_same(client: Client, tmp_path: Path) -> None:
    scenario, size = load(made_up(tmp_path / "made-up")), HindcastSize(10, passes=1, drawn=8)
    day = date(2022, 5, 31)
    here = run_ahead(scenario, day, size, tmp_path / "here")
    told: list[tuple[int, int]] = []
    for _ in range(2):  # the second time it is there
        with on(client):
            run_all(
                scenario, [day], size, tmp_path / "runs", progress=lambda *done: told.append(done)
            )
    assert told == [(1, 1), (1, 1)]
    (path,) = (tmp_path / "runs").iterdir()  # no passes: those are of the workers
    (own,) = (tmp_path / "here").glob("*.npz")
    assert (path.name, path.read_bytes()) == (own.name, own.read_bytes())
    assert here.counts


# What cannot be


def test_a_scheduler_that_does_not_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rumbo.run.cluster.connect.ANSWER", 0.5)
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": "tcp://127.0.0.1:9"}), encoding="utf-8")
    (tmp_path / "no.json").write_text("no address", encoding="utf-8")
    for address in ("tcp://127.0.0.1:9", "nonsense", str(file), str(tmp_path / "no.json")):
        out = tmp_path / "run"
        done = command(
            "run", THREE_PLACES, "--backend", "dask", "--scheduler", address, "--out", out
        )
        assert done.returncode == 2
        assert f"no scheduler answers at '{address}' within 0.5 seconds" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not out.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--backend", "dask"), "which scheduler"),
        (("--scheduler", "tcp://127.0.0.1:9"), "--backend dask alone"),
        (("--backend", "dask", "--scheduler", "here", "--workers", "2"), "--workers"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    corridors = {"hindcast": made_up(tmp_path / "made-up")}
    for asked in (
        ("run",),
        ("compare", "--without", "bus-closure"),
        ("fit", *AS_OF),
        ("hindcast",),
    ):
        corridor = corridors.get(asked[0], THREE_PLACES)
        done = command(asked[0], corridor, *asked[1:], *words, "--out", tmp_path / "run")
        assert done.returncode == 2
        assert told in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not (tmp_path / "run").exists()


def other_version(version: str) -> None:
    """Let a process believe that it runs another version."""
    code.__version__ = version


@pytest.mark.slow
def test_workers_of_another_version_are_refused(client: Client, tmp_path: Path) -> None:
    client.run(other_version, "0.0.9")
    try:
        with pytest.raises(Faults, match=r"the worker has rumbo 0\.0\.9, this process"):
            check_alike(client)
        words = ("--backend", "dask", "--scheduler", client.scheduler.address)
        done = command("run", THREE_PLACES, *words, "--out", tmp_path / "run")
    finally:
        client.run(other_version, code.__version__)
    assert done.returncode == 2
    assert "0.0.9" in done.stderr
    assert not (tmp_path / "run").exists()
    check_alike(client)


def die(_item: int) -> None:
    """End the worker, as too little memory does."""
    os._exit(1)


def deadly(task: Task, chunk: Members) -> list[Months]:
    """Run a chunk, but for one in the middle of the run, at which the worker ends."""
    if 10 in chunk:
        die(10)
    return task(chunk)


@pytest.mark.long
@pytest.mark.slow
def test_a_command_whose_workers_die_is_ended_in_one_line_and_goes_on(
    client: Client, whole: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual, folder = simulating._task, tmp_path / "run"
    words = (*LONG, "--out", folder, "--backend", "dask", "--scheduler", client.scheduler.address)
    monkeypatch.setattr(simulating, "_task", lambda *asked: partial(deadly, usual(*asked)))
    done = command(*words)
    assert done.returncode == 1
    assert LOST in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    goes_on(folder, whole, *words)


def test_what_was_lost_is_sent_three_times_more() -> None:
    class Losing:
        """A client whose workers lose whatever they are sent."""

        status, sent = "running", 0

        def scatter(self, _task: object, **_how: bool) -> SimpleNamespace:
            self.sent += 1
            return SimpleNamespace(status="lost")

    losing = Losing()
    parcel = _Parcel(losing, die)
    for _ in range(1 + 3):
        parcel.there()
    with pytest.raises(WorkersLost):
        parcel.there()
    assert losing.sent == 4


NO_ANSWER = OSError("Timed out trying to connect to tcp://127.0.0.1:1 after 5 s")


@pytest.mark.parametrize(
    "raised",
    [
        KeyError("tcp://127.0.0.1:1"),
        ValueError("no replica"),
        CommClosedError("closed"),
        NO_ANSWER,
    ],
)
def test_what_is_sent_while_a_worker_is_lost_is_sent_again(raised: Exception) -> None:
    class Losing:
        """A client whose scheduler loses a worker while it sends, so many times."""

        status = "running"

        def __init__(self, times: int) -> None:
            self.times, self.sent = times, 0

        def scatter(self, _task: object, **_how: bool) -> SimpleNamespace:
            self.sent += 1
            if self.sent <= self.times:
                raise raised
            return SimpleNamespace(status="finished")

    losing = Losing(3)
    assert _Parcel(losing, die).there().status == "finished"
    assert losing.sent == 4
    losing = Losing(4)
    with pytest.raises(WorkersLost):
        _Parcel(losing, die).there()
    assert losing.sent == 4


@pytest.mark.parametrize(
    "raised",
    [
        KilledWorker("a", SimpleNamespace(address="tcp://127.0.0.1:1"), 3),
        CancelledError(),
        CommClosedError("closed"),
        TimeoutError(),
        ConnectionRefusedError(111, "Connection refused"),
        NO_ANSWER,
    ],
)
def test_whichever_way_a_cluster_goes_it_is_told_as_lost(raised: Exception) -> None:
    with pytest.raises(WorkersLost), losses_told():
        raise raised


@pytest.mark.parametrize(
    "refused",
    [
        OSError(ENOSPC, "No space left on device"),
        OSError("unable to write (errno = 28, error message = 'No space left on device')"),
        TimeoutError(ETIMEDOUT, "Connection timed out", "months.nc"),
    ],
)
def test_a_disk_that_refuses_is_no_lost_cluster(refused: OSError) -> None:
    with pytest.raises(type(refused), match=r"No space|months"), losses_told():
        raise refused


def test_a_disk_that_refuses_what_is_sent_is_not_asked_again() -> None:
    class Full:
        """A client that writes what it sends to a full disk."""

        status, sent = "running", 0

        def scatter(self, _task: object, **_how: bool) -> SimpleNamespace:
            self.sent += 1
            raise OSError(ENOSPC, "No space left on device")

    full = Full()
    with pytest.raises(OSError, match="No space"):
        _Parcel(full, die).there()
    assert full.sent == 1


def test_a_worker_that_is_lost_before_it_answers_is_not_said_to_run_other_code() -> None:
    class Lost:
        """A client one of whose workers dies."""

        def run(self, _asked: object, **_how: str) -> dict[str, object]:
            return {"tcp://127.0.0.1:1": CommClosedError("closed")}

    with pytest.raises(WorkersLost), losses_told():
        check_alike(Lost())


def slowly(item: int) -> int:
    """Take so long that workers die at it."""
    time.sleep(0.3)
    return item**2


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise on Windows")
def test_all_workers_may_die_at_once(client: Client) -> None:
    """Workers that are started again are sent once more what runs items."""
    found: dict[int, int] = {}
    for item, square in run_there(client, iter([[(slowly, n) for n in range(8)]])):
        if not found:
            for process in client.run(os.getpid).values():
                os.kill(process, signal.SIGKILL)
        found[item] = square
    assert found == {n: n**2 for n in range(8)}


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rumbo.run.cluster.connect.READY", 1.0)
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as cluster,
        pytest.raises(Faults, match="has no worker that answers"),
        connected(cluster.scheduler_address),
    ):
        pass


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise on Windows")
def test_a_scheduler_that_is_lost_ends_the_run_in_one_line(whole: Path, tmp_path: Path) -> None:
    file, folder = tmp_path / "scheduler.json", tmp_path / "run"
    words = (*LONG, "--out", folder, "--backend", "dask", "--scheduler", file)
    with jobs_of(file) as scheduler:
        process = start(*words)
        wait_for_chunks(process, folder, 4)
        scheduler.kill()
        _, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert LOST in error.splitlines()[-1]
    assert "Traceback" not in error
    with jobs_of(file):
        goes_on(folder, whole, *words)


@contextmanager
def jobs_of(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a scheduler, which writes a file, and a worker; yield the scheduler."""
    jobs = [began("scheduler", file, "--port", "0")]
    try:
        jobs.append(began("worker", file, "--nthreads", "1"))
        while not file.exists():
            assert jobs[0].poll() is None
            time.sleep(0.05)
        yield jobs[0]
    finally:
        for job in jobs:
            os.killpg(job.pid, signal.SIGKILL)
            job.wait()
        file.unlink(missing_ok=True)


def began(what: str, file: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a scheduler or a worker as dask's own commands do."""
    command = (sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file))
    return subprocess.Popen(
        [*command, "--no-dashboard", *words], env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@pytest.mark.slow
def test_the_pages_python_runs(client: Client) -> None:
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S)
    small = {
        "tcp://node7:8786": client.scheduler.address, "darien-rio-bravo": str(THREE_PLACES),
        ".fitted()": "", "members=1000": "members=4",
    }  # fmt: skip
    for old, new in small.items():
        assert block.count(old) == 1
        block = block.replace(old, new)
    found: dict[str, object] = {}
    exec(block, found)
    found["client"].close()
    assert found["runs"].sizes["member"] == 4


@pytest.mark.parametrize("address", ["", "foo://node7:1", "tcp://host:port", "tcp://", "a file"])
def test_what_is_no_address_is_told_in_one_line(address: str, tmp_path: Path) -> None:
    there = ("--backend", "dask", "--scheduler", address, "--out", tmp_path / "run")
    done = command("run", THREE_PLACES, "--members", 4, *there)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no scheduler answers" in done.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_what_a_client_says_by_itself_is_not_heard(tmp_path: Path) -> None:
    """In a process of its own, whose logs go where nobody looks in this one."""
    there = ("--backend", "dask", "--scheduler", "tcp://host:port", "--out", tmp_path / "run")
    done = rumbo("run", THREE_PLACES, "--members", 4, *there)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
