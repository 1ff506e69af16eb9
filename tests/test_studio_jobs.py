"""The process that does lasting work: one waits for it, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from rumbo.studio.jobs import Jobs, Worker
from rumbo.studio.wording import Refused

NEVER = partial(bool, 0)


def who(_progress: object) -> str:
    """Return the id of the process that does the work."""
    return str(os.getpid())


def sleeper(progress: object) -> str:
    """Say that it has begun, and go on for longer than any test."""
    assert callable(progress)
    progress(os.getpid(), 1)
    time.sleep(600)
    return ""


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    own = Jobs()
    yield own
    own.stop()
    if own._spare:
        own._spare.end()


def done_by(jobs: Jobs) -> int:
    return int(dict(jobs.run(who, stale=NEVER))["done"])


def spare(jobs: Jobs) -> Worker:
    assert jobs._spare is not None
    return jobs._spare


def test_work_goes_to_the_process_that_waits_and_another_takes_its_place(jobs: Jobs) -> None:
    jobs.make_ready()
    first = spare(jobs)
    jobs.make_ready()
    assert spare(jobs) is first
    assert done_by(jobs) == first.process.pid
    second = spare(jobs)
    assert second.process.pid != first.process.pid
    assert done_by(jobs) == second.process.pid


def test_nobody_waits_unless_asked(jobs: Jobs) -> None:
    assert done_by(jobs) != os.getpid()
    assert jobs._spare is None


def test_work_is_done_though_the_one_that_waited_is_gone(jobs: Jobs) -> None:
    jobs.make_ready()
    gone = spare(jobs).process
    gone.kill()
    gone.join()
    assert done_by(jobs) not in (gone.pid, os.getpid())


def test_work_that_is_stopped_says_so_and_leaves_no_process(jobs: Jobs) -> None:
    events = jobs.run(sleeper, stale=NEVER)
    kind, (process, _) = next(events)
    assert kind == "progress"
    jobs.stop()
    with pytest.raises(Refused):
        next(events)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_who_waits_ends_with_whoever_would_have_given_it_work(tmp_path: Path) -> None:
    script = tmp_path / "waits.py"
    script.write_text(
        "import time\n"
        "from rumbo.studio.jobs import Jobs\n"
        "if __name__ == '__main__':\n"
        "    jobs = Jobs()\n"
        "    jobs.make_ready()\n"
        "    print(jobs._spare.process.pid, flush=True)\n"
        "    time.sleep(600)\n",
        "utf-8",
    )
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    waiting = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    while _runs(waiting):
        time.sleep(0.1)


def _runs(process: int) -> bool:
    """Whether a process is there and not only waiting to be told of its end."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"
