"""The main job as a whole command, what it takes outside the engine, and how soon it starts."""

import sys
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.bundled import CORRIDOR, DEAL
from benchmarks.table import Bench
from benchmarks.timing import Cost, cost_of

WORKERS = 2

TIMED = """
import runpy, sys, time
from pathlib import Path
import rumbo.run.simulate as simulate

path, took, run = Path(sys.argv.pop(1)), [], simulate._run_chunk


def timed(*what):
    before = time.thread_time()
    months = run(*what)
    took.append(time.thread_time() - before)
    return months


simulate._run_chunk = timed
try:
    runpy.run_module("rumbo", run_name="__main__")
finally:
    path.write_text(str(sum(took)))
"""
"""The command, with what its threads spend on the days of members written down at its end."""


@cache
def main_job() -> tuple[Cost, float]:
    """Return what `make run` takes (two scenarios, fitted, 50 members, two pages), and its days."""
    asked = ("--fitted", "--without", DEAL, "--members", "50", "--seed", "7")
    with tempfile.TemporaryDirectory() as folder:
        engine = Path(folder) / "engine"
        out = ("--workers", str(WORKERS), "--out", str(Path(folder) / "run"))
        words = (str(engine), "compare", CORRIDOR, *asked, *out)
        cost = cost_of(sys.executable, "-c", TIMED, *words)
        return cost, float(engine.read_text(encoding="utf-8"))


def wall() -> tuple[str, float]:
    """Seconds on the clock."""
    took = main_job()[0].wall
    return f"{took:.0f} s", took


def whole() -> tuple[str, float]:
    """CPU of all processes."""
    took = main_job()[0].cpu
    return f"{took:.1f} s", took


def outside() -> tuple[str, float]:
    """CPU of all but the days of members: reading, compiling, labelling, writing."""
    cost, engine = main_job()
    took = cost.cpu - engine
    return f"{took:.1f} s", took


def memory() -> tuple[str, float]:
    """Most memory of all processes."""
    peak = main_job()[0].peak
    return f"{peak:.2f} GB", peak


def start(*words: str) -> tuple[str, float]:
    """Return the least seconds on the clock of a short command."""
    took = min(cost_of(sys.executable, *words).wall for _ in range(5))
    return f"{took:.2f} s", took


def start_of_package() -> tuple[str, float]:
    """Import the package."""
    return start("-c", "import rumbo")


def start_of_command() -> tuple[str, float]:
    """Ask the command for help."""
    return start("-m", "rumbo", "--help")


BENCHES = (
    Bench("import", "import rumbo, s", start_of_package, 1, 1),
    Bench("help", "rumbo --help, s", start_of_command, 1, 1),
    Bench("run", "make run: 2 scenarios, 50 members, 2 pages, s", wall, 90, 90),
    Bench("run-cpu", "make run, CPU s", whole, 85, 70),
    Bench("run-outside", "make run, CPU s outside the engine", outside, 8, 6),
    Bench("run-memory", "make run, most memory, GB", memory, 1.5, 1.5),
)
