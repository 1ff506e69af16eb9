"""Time and memory: of calls in this process, and of whole commands with all their processes."""

import itertools
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

Task = Callable[[], object]

LOOK, LOOKS = 0.05, 5
"""Seconds between two looks at a command, and looks of which one is at its memory: that is dear."""


def cpu(task: Task) -> float:
    """Return CPU seconds of one call."""
    before = time.process_time()
    task()
    return time.process_time() - before


def least(task: Task, rounds: int = 5) -> float:
    """Return the fewest CPU seconds of some calls: others' work only adds to them."""
    return min(cpu(task) for _ in range(rounds))


def ratio(a: Task, b: Task, rounds: int = 7) -> tuple[float, float, float]:
    """Return median CPU seconds of two tasks run in turn, and the median of their ratios."""
    pairs = [(cpu(a), cpu(b)) for _ in range(rounds)]
    return (
        statistics.median(x for x, _ in pairs),
        statistics.median(y for _, y in pairs),
        statistics.median(x / y for x, y in pairs),
    )


class Cost(NamedTuple):
    """What a whole command takes.

    Attributes
    ----------
    wall, cpu
        Seconds; CPU of all its processes.
    peak
        Most memory of all processes at a time, shared pages counted once, in GB.
    """

    wall: float
    cpu: float
    peak: float


def cost_of(*words: str) -> Cost:
    """Run a command and return what it takes; its worker processes must end before it does."""
    before, begin = _children(), time.perf_counter()
    peak = 0.0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        for look in itertools.count():
            if _ended(job):
                break
            peak = peak if look % LOOKS else max(peak, memory_of(job.pid))
    if job.returncode:
        raise SystemExit(f"it failed with {job.returncode}: {' '.join(words)}")
    return Cost(time.perf_counter() - begin, _children() - before, peak)


def _ended(job: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        job.wait(LOOK)
    return job.returncode is not None


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of(process: int) -> float:
    """Return proportional memory of a process and all its descendants, GB."""
    found, waiting = 0.0, [process]
    while waiting:
        one = waiting.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            found += int(rollup.split("Pss:")[1].split()[0]) / 1e6
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, IndexError, ValueError):
            continue
    return found
