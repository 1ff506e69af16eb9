"""Scenarios made ready to run: the bundled corridor, and made-up ones as places grow in number."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import rumbo
from benchmarks.bundled import fitted
from benchmarks.made_up import write_corridor
from benchmarks.table import Bench
from benchmarks.timing import Cost, cost_of, least, ratio
from rumbo.run.program import compile_scenario

MANY, FEW = 3_000, 600
"""Places of the made-up corridors."""

DAYS = ("2024-01-01", "2024-03-31")
"""Days of the whole run."""


def compiling() -> tuple[str, float]:
    """Seconds to make the fitted corridor ready."""
    took = least(lambda: compile_scenario(fitted()))
    return f"{took:.2f} s", took


def compiling_an_event() -> tuple[str, float]:
    """Seconds that a dated event adds, which people follow and decide by."""
    with_event = least(lambda: compile_scenario(fitted()))
    without = least(lambda: compile_scenario(fitted().without("minds")))
    return f"{with_event:.2f} s against {without:.2f} s", with_event - without


def compiling_by_size() -> tuple[str, float]:
    """Make ready five times the places: five if it grows with them."""
    with made_up(MANY) as many, made_up(FEW) as few:
        large, small = rumbo.load(many), rumbo.load(few)
        more, less, times = ratio(
            lambda: compile_scenario(large), lambda: compile_scenario(small), 5
        )
    return f"{more:.2f} s against {less:.2f} s", times


@contextmanager
def made_up(places: int) -> Iterator[Path]:
    """Write a made-up corridor for a while."""
    with tempfile.TemporaryDirectory() as folder:
        corridor = Path(folder) / "corridor"
        write_corridor(corridor, places)
        yield corridor


@cache
def whole_run() -> Cost:
    """Return what a whole command takes on many places: few members, one page."""
    with made_up(MANY) as corridor, tempfile.TemporaryDirectory() as folder:
        days = ("--start", DAYS[0], "--end", DAYS[1])
        words = ("run", str(corridor), *days, "--members", "4", "--language", "en", "--yes")
        out = str(Path(folder) / "run")
        return cost_of(sys.executable, "-m", "rumbo", *words, "--out", out)


def whole_run_seconds() -> tuple[str, float]:
    """Seconds of CPU."""
    cost = whole_run()
    return f"{cost.cpu:.1f} s of CPU, {cost.wall:.1f} s", cost.cpu


def whole_run_memory() -> tuple[str, float]:
    """Most memory of all processes."""
    peak = whole_run().peak
    return f"{peak:.2f} GB", peak


WHOLE = f"a run of {MANY:,} places, 4 members, 91 days"

BENCHES = (
    Bench("compile", "the fitted corridor compiled, CPU s", compiling, 0.4, 0.25),
    Bench("compile-event", "a dated event in it, CPU s more", compiling_an_event, 2.0, 1.0),
    Bench(
        "compile-by-places",
        f"a made-up corridor compiled, {MANY:,} places / {FEW}",
        compiling_by_size,
        7.5,
        5.5,
    ),
    Bench("many-places", f"{WHOLE}, CPU s", whole_run_seconds),
    Bench("many-places-memory", f"{WHOLE}, GB", whole_run_memory),
)
