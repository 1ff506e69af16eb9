"""Measure Rumbo against named bounds in one run and print the table. ``make bench`` runs it.

Every figure is a ratio of two things measured in turn in this run, or the time of a whole command;
the machine's own speed drops out of the ratios.
"""

import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array

import rumbo
from rumbo.engine.moves import Made, draw_moves
from rumbo.engine.rates import Day
from rumbo.engine.step import Flows, Luck, move_list, stream_keys
from rumbo.model.rules.choice import reach
from rumbo.run.days import State, begin, noise_of, rates_of, run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.simulate import simulate
from rumbo.scenario.calendar import Calendar

HERE = Path(__file__).parent
CORRIDOR, DEAL = "darien-rio-bravo", "december-2023-deal"
AT_ONCE = 5


def cpu(task: Callable[[], object]) -> float:
    """Return CPU seconds of one call."""
    before = time.process_time()
    task()
    return time.process_time() - before


def ratio(
    a: Callable[[], object], b: Callable[[], object], rounds: int = 7
) -> tuple[float, float, float]:
    """Return median CPU seconds of two tasks run in turn, and the median of their ratios."""
    pairs = [(cpu(a), cpu(b)) for _ in range(rounds)]
    return (
        statistics.median(x for x, _ in pairs),
        statistics.median(y for _, y in pairs),
        statistics.median(x / y for x, y in pairs),
    )


def filled(
    program: Program, *, stochastic: bool, days: int, members: int = AT_ONCE
) -> tuple[State, Luck]:
    """Return a corridor that has run for some days."""
    luck = Luck(1, np.arange(members), 0, stochastic)
    state = begin(program, members)
    run_days(program, state, luck, range(days))
    return state, luck


def against_plain_c(program: Program) -> tuple[str, float]:
    """Whole stochastic days (rules, noise, record) against the same draws in a plain C loop."""
    library = compile_c()
    days = range(330, 345)
    state, luck = filled(program, stochastic=True, days=330)
    tables = [table_of(program, state, luck, t) for t in days]
    counts = state.counts.copy()

    def ours() -> None:
        run_days(program, state_again(state), luck, days)

    def theirs() -> None:
        for t, (rates, keys) in zip(days, tables, strict=True):
            call_c(library, program, counts_by_day[t], rates, keys)

    counts_by_day = daily_counts(program, state, luck, days)
    check_same_draws(library, program, counts, tables[0])
    mine, other, times = ratio(ours, theirs)
    each = len(days) * AT_ONCE
    return f"{mine / each * 1e3:.2f} ms against {other / each * 1e3:.2f} ms a member-day", times


def state_again(state: State) -> State:
    """Return a fresh copy, so that every round does the same work."""
    return state.copy()


def daily_counts(program: Program, state: State, luck: Luck, days: range) -> dict[int, np.ndarray]:
    """Return the counts at the start of every day of a stretch."""
    now, found = state.copy(), {}
    for t in days:
        found[t] = now.counts.copy()
        run_days(program, now, luck, range(t, t + 1))
    return found


def table_of(program: Program, state: State, luck: Luck, t: int) -> tuple[object, np.ndarray]:
    """Return one day's rates and stream keys."""
    month = str(program.dates[t])[:7]
    factors = noise_of(program, luck, month, int(program.segment[t]))
    day = Day(program.dates[t].item(), program.step, state.stopped, state.stopped)
    number = int(program.dates[t].astype("datetime64[D]").astype(int))
    return rates_of(program, t, day, factors), stream_keys(luck._replace(step=number))


def compile_c() -> ctypes.CDLL:
    """Compile the plain loop with gcc -O3."""
    target = Path(tempfile.mkdtemp()) / "plain_loop.so"
    command = ["gcc", "-O3", "-shared", "-fPIC", "-o", target, HERE / "plain_loop.c", "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(target))


def call_c(
    library: ctypes.CDLL, program: Program, counts: np.ndarray, rates: object, keys: np.ndarray
) -> np.ndarray:
    """Draw one day's moves in C."""
    space = program.space
    moved = np.zeros((*counts.shape[:2], len(space.moves)))
    arrays = (
        counts, moved, rates.rate, rates.factor, program.wiring.factor_row,
        program.wiring.factor_of, space.first, ctypes.c_double(program.step), keys,
        space.group_key, space.compartment_key, space.move_key,
    )  # fmt: skip
    sizes = (*counts.shape, len(space.moves), *rates.factor.shape[1:])
    pointers = [
        np.ascontiguousarray(a).ctypes.data_as(ctypes.c_void_p) if isinstance(a, np.ndarray) else a
        for a in arrays
    ]
    library.draw_moves(*(ctypes.c_int64(n) for n in sizes), *pointers)
    return moved


def check_same_draws(
    library: ctypes.CDLL, program: Program, counts: np.ndarray, table: tuple
) -> None:
    """The bound is only fair if both draw the same people."""
    rates, keys = table
    space = program.space
    made, size = (
        move_list(len(counts), space, program.wiring),
        np.zeros(len(counts), dtype=np.int64),
    )
    everywhere, weight = np.arange(counts.shape[2]), np.empty(np.diff(space.first).max())
    for r in range(len(counts)):
        mine = Made(made.group[r], made.move[r], made.people[r])
        size[r] = draw_moves(
            counts[r], everywhere, mine, 0, rates.rate, rates.factor[r], space.frame,
            program.wiring, program.step, keys[r], weight, True,
        )  # fmt: skip
    shape = (counts.shape[1], len(space.moves))
    ours = Flows(*made, size, np.empty((0, 0)), shape).moved
    theirs = call_c(library, program, counts, rates, keys)
    if np.abs(ours - theirs).sum() > 1e-4 * ours.sum():
        raise SystemExit("the plain loop and the engine draw different people")


def cost_by_size(program: Program) -> tuple[str, float]:
    """Cost of a day with 100 M people over the cost with 0.1 M, where both are spread alike."""
    state, _ = filled(program, stochastic=True, days=330)
    people = state.counts.sum() / AT_ONCE
    runs = {}
    for size in (1e5, 1e8):
        scale = size / people
        scaled = replace(program, entry=program.entry * scale, limit=program.limit * scale)
        runs[size] = (scaled, *filled(scaled, stochastic=True, days=330))

    def days(size: float) -> Callable[[], None]:
        scaled, begun, luck = runs[size]
        return lambda: run_days(scaled, begun.copy(), luck, range(330, 345))

    big, small, times = ratio(days(1e8), days(1e5))
    each = 15 * AT_ONCE
    return f"{big / each * 1e3:.2f} ms against {small / each * 1e3:.2f} ms a member-day", times


def expected_against_matrix(program: Program) -> tuple[str, float]:
    """An expected day against a sparse product with as many entries as moves and cells."""
    state, luck = filled(program, stochastic=False, days=330)
    groups, cells = len(program.space.groups), len(program.space.compartments)
    inside = program.space.target >= 0
    rows = np.concatenate([program.space.target[inside], np.arange(cells)])
    cols = np.concatenate([program.space.source[inside], np.arange(cells)])
    block = (
        np.concatenate([rows + g * cells for g in range(groups)]),
        np.concatenate([cols + g * cells for g in range(groups)]),
    )
    matrix = csr_array((np.full(len(block[0]), 0.5), block), shape=(groups * cells,) * 2)
    vectors = [state.counts[r].reshape(-1).copy() for r in range(AT_ONCE)]

    def products() -> None:
        for _ in range(40):
            for vector in vectors:
                matrix @ vector

    def days() -> None:
        run_days(program, state.copy(), luck, range(330, 370))

    mine, other, times = ratio(days, products)
    each = 40 * AT_ONCE
    return f"{mine / each * 1e3:.3f} ms against {other / each * 1e3:.3f} ms", times


def workers() -> tuple[str, float]:
    """Wall time of one worker over two, and whether the bytes are the same."""
    scenario = rumbo.load(CORRIDOR)
    simulate(scenario, members=10, seed=3, workers=2)
    took, results = {1: [], 2: []}, {}
    for _ in range(3):
        for number in (1, 2):
            before = time.perf_counter()
            results[number] = simulate(scenario, members=16, seed=3, workers=number)
            took[number].append(time.perf_counter() - before)
    same = results[1].identical(results[2])
    one, two = (statistics.median(took[n]) for n in (1, 2))
    return f"{one:.1f} s against {two:.1f} s, {'same' if same else 'DIFFERENT'} bytes", one / two


def pairing() -> tuple[str, float]:
    """Variance of the deal's effect on encounters with the same luck over independent seeds."""
    base = rumbo.load(CORRIDOR)
    pair = [base, base.without(DEAL)]

    def total(runs: object) -> np.ndarray:
        usbp = runs["encounters"].sel(component="USBP", month=slice("2024-01", "2024-06"))
        return usbp.sum(["month", "area", "group"]).values

    same, other = (total(simulate(pair, members=40, seed=seed)) for seed in (1, 2))
    paired = np.var(same[1] - same[0], ddof=1)
    apart = np.var(other[1] - same[0], ddof=1)
    return f"standard deviation {paired**0.5:,.0f} against {apart**0.5:,.0f}", paired / apart


def reading() -> tuple[str, float]:
    """Reading and checking a corridor of 100,000 inflows over pandas reading the same rows."""
    folder = Path(tempfile.mkdtemp()) / "many"
    shutil.copytree(HERE.parent / "examples" / "three_places", folder)
    added = {
        "inflows": [
            f"{year}-{month:02d},p{p},OTH-adult,overland,{month}.5,assumed,,"
            for p in range(350) for year in range(1990, 2014) for month in range(1, 13)
        ],
        "places": [f"p{p},P,GT,,1,1,,waypoint,,,,,,assumed," for p in range(350)],
        "links": [f"p{p},south_town,road,1,,,1,x,,,," for p in range(350)],
    }  # fmt: skip
    for table, rows in added.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    ours, theirs, times = ratio(
        lambda: rumbo.load(folder), lambda: pd.read_csv(folder / "inflows.csv", dtype=str)
    )
    shutil.rmtree(folder.parent)
    return f"{ours:.2f} s against {theirs:.2f} s", times


def segments() -> tuple[str, float]:
    """Values of a calendar with sixty changes over those with one, for each segment."""
    base = rumbo.load(CORRIDOR)

    def changed(changes: int) -> Callable[[], object]:
        scenario = base
        for i in range(changes):
            day = base.start + timedelta(days=3 + i)
            scenario = scenario.change("stay.days", 2 + i, at="country:MX", since=day)
        return lambda: [
            calendar.values(s)
            for calendar in (Calendar(scenario),)
            for s in range(len(calendar.segments))
        ]

    many, few, times = ratio(changed(60), changed(1))
    return f"{many:.2f} s against {few:.2f} s", times


def ways_network(places: int) -> tuple[np.ndarray, ...]:
    """Return weights, origins, destinations and ends of a made-up corridor: 2.5 links a place.

    One link in four leads back, as in the bundled corridor, whose values come to rest in 33 turns.
    """
    rng = np.random.default_rng(places)
    origin = rng.integers(places, size=5 * places // 2)
    destination = np.clip(origin + rng.integers(-9, 4, size=len(origin)), 0, places - 1)
    end = np.zeros((30, places))
    end[:, :9] = 1.0
    weight = rng.uniform(0.05, 0.6, (30, len(origin))) / np.bincount(origin)[origin]
    return weight, origin, destination, end


def dense(
    weight: np.ndarray, origin: np.ndarray, destination: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Solve for the values of ways as one dense system for each group."""
    system = np.repeat(np.eye(end.shape[1])[None], len(end), axis=0)
    for h, (start, onto) in enumerate(zip(origin, destination, strict=True)):
        system[:, start, onto] -= weight[:, h]
    return np.linalg.solve(system, end[:, :, None])[:, :, 0]


def ways_against_dense() -> tuple[str, float]:
    """Values of ways at 150 places, place by place over a dense solve."""
    made = ways_network(150)
    mine, other, times = ratio(lambda: reach(*made), lambda: dense(*made))
    return f"{mine * 1e3:.1f} ms against {other * 1e3:.1f} ms", times


def ways_by_size() -> tuple[str, float]:
    """Values of ways at 3,000 places over those at 300: ten if they grow with places."""
    many, few = ways_network(3_000), ways_network(300)
    large, small, times = ratio(lambda: reach(*many), lambda: reach(*few))
    return f"{large * 1e3:.1f} ms against {small * 1e3:.1f} ms", times


def command(*words: str) -> float:
    """Return wall seconds of a whole command."""
    before = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - before


def main_job() -> tuple[float, float]:
    """Return wall seconds and peak memory in GB, summed over its processes, of the main job."""
    folder = Path(tempfile.mkdtemp()) / "run"
    words = [
        sys.executable, "-m", "rumbo", "compare", CORRIDOR, "--without", DEAL, "--members",
        "50", "--seed", "7", "--out", str(folder),
    ]  # fmt: skip
    before, peak = time.perf_counter(), 0.0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        while job.poll() is None:
            peak = max(peak, memory_of(job.pid))
            time.sleep(0.05)
    if job.returncode:
        raise SystemExit(f"the main job failed with {job.returncode}: {' '.join(words)}")
    took = time.perf_counter() - before
    shutil.rmtree(folder.parent)
    return took, peak


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


def main() -> None:
    """Measure everything and print the table."""
    program = compile_scenario(rumbo.load(CORRIDOR))
    took, peak = main_job()
    python = sys.executable
    imports = min(command(python, "-c", "import rumbo") for _ in range(5))
    helps = min(command(python, "-m", "rumbo", "--help") for _ in range(5))
    rows = [
        ("main job: 2 scenarios, 50 members, 2 reports", f"{took:.0f} s", took, 90, "<="),
        ("stochastic day, 100 M people / 0.1 M people", *cost_by_size(program), 2, "<="),
        ("stochastic day / same draws in a plain C loop", *against_plain_c(program), 1.5, "<="),
        ("expected day / sparse matrix-vector product", *expected_against_matrix(program), 5, "<="),
        ("one worker / two workers, 16 members", *workers(), 1.8, ">="),
        ("variance of the paired difference / independent seeds", *pairing(), 0.1, "<="),
        ("100,000 rows read and checked / pandas.read_csv", *reading(), 15, "<="),
        ("calendar of sixty changes / of one", *segments(), 4, "<="),
        ("values of ways / a dense solve, 150 places", *ways_against_dense(), 0.5, "<="),
        ("values of ways, 3,000 places / 300", *ways_by_size(), 15, "<="),
        ("peak memory of the main job", f"{peak:.2f} GB", peak, 1.5, "<="),
        ("import rumbo", f"{imports:.2f} s", imports, 1, "<="),
        ("rumbo --help", f"{helps:.2f} s", helps, 1, "<="),
    ]  # fmt: skip
    show(rows)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps([list(row) for row in rows], indent=1), "utf-8")


def show(rows: list[tuple[str, str, float, float, str]]) -> None:
    """Print measured values beside the goals."""
    table = Table(title=f"Rumbo {rumbo.__version__} on {os.cpu_count()} cores")
    for column in ("what", "measured", "value", "goal", "met"):
        table.add_column(column)
    for what, text, value, goal, sign in rows:
        met = value <= goal if sign == "<=" else value >= goal
        table.add_row(what, text, f"{value:.2f}", f"{sign} {goal:g}", "yes" if met else "NO")
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
