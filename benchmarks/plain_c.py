"""Whole stochastic days against the same draws in a plain loop in C."""

import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.bundled import FULL, filled, program
from benchmarks.table import Bench
from benchmarks.timing import ratio
from rumbo.engine.moves import Made, draw_moves
from rumbo.engine.rates import Rates
from rumbo.engine.step import Flows, Luck, move_list, stream_keys
from rumbo.run.days import noise_of, run_days
from rumbo.run.program import Program
from rumbo.run.states import State, day_of, pace_of_day, rates_of

SOURCE = Path(__file__).with_name("plain_loop.c")
MEMBERS = 5
DAYS = range(FULL, FULL + 15)


def against_plain_c() -> tuple[str, float]:
    """Whole stochastic days (rules, noise, record) against the same draws in a plain C loop."""
    one, library = program(), compile_c()
    state, luck = filled(one, stochastic=True, members=MEMBERS)
    tables = [table_of(one, state, luck, t) for t in DAYS]
    counts = daily_counts(one, state, luck)
    check_same_draws(library, one, counts[0], tables[0])

    def theirs() -> None:
        for now, (rates, keys) in zip(counts, tables, strict=True):
            call_c(library, one, now, rates, keys)

    mine, other, times = ratio(lambda: run_days(one, state.copy(), luck, DAYS), theirs)
    each = len(DAYS) * MEMBERS
    return f"{mine / each * 1e3:.2f} ms against {other / each * 1e3:.2f} ms a member-day", times


def daily_counts(program: Program, state: State, luck: Luck) -> list[np.ndarray]:
    """Return the counts at the start of every day of a stretch."""
    now, found = state.copy(), []
    for t in DAYS:
        found.append(now.counts.copy())
        run_days(program, now, luck, range(t, t + 1))
    return found


def table_of(program: Program, state: State, luck: Luck, t: int) -> tuple[Rates, np.ndarray]:
    """Return one day's rates and stream keys."""
    month = str(program.dates[t])[:7]
    factors = noise_of(program, luck, month, int(program.segment[t]), state.known)
    luck = luck._replace(step=int(program.dates[t].astype("datetime64[D]").astype(int)))
    rates = rates_of(program, t, day_of(program, t, state, luck), factors)
    return rates._replace(pace=pace_of_day(program, t, state)), stream_keys(luck)


def compile_c() -> ctypes.CDLL:
    """Compile the plain loop with gcc -O3."""
    target = Path(tempfile.mkdtemp()) / "plain_loop.so"
    command = ["gcc", "-O3", "-shared", "-fPIC", "-o", target, SOURCE, "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(target))


def call_c(
    library: ctypes.CDLL, program: Program, counts: np.ndarray, rates: Rates, keys: np.ndarray
) -> np.ndarray:
    """Draw one day's moves in C."""
    space = program.space
    moved = np.zeros((*counts.shape[:2], len(space.moves)))
    arrays = (
        counts, moved, paced(program, rates), rates.factor, program.wiring.factor_row,
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


def paced(program: Program, rates: Rates) -> np.ndarray:
    """Return rates (G, M) times the paces of a day on which all members have the same."""
    if len(rates.pace) > 1:
        raise SystemExit("members have paces of their own, of which the plain loop knows nothing")
    table = rates.pace[0]
    return rates.rate * table[:, program.wiring.pace_of] if table.shape[1] > 1 else rates.rate


def check_same_draws(
    library: ctypes.CDLL, program: Program, counts: np.ndarray, table: tuple[Rates, np.ndarray]
) -> None:
    """Stop if the two draw different people: the bound is only fair if they do not."""
    ours, theirs = drawn(program, counts, *table), call_c(library, program, counts, *table)
    if np.abs(ours - theirs).sum() > 1e-4 * ours.sum():
        raise SystemExit("the plain loop and the engine draw different people")


def drawn(program: Program, counts: np.ndarray, rates: Rates, keys: np.ndarray) -> np.ndarray:
    """Draw one day's moves with the engine's kernel."""
    space = program.space
    made = move_list(len(counts), space, program.wiring)
    size = np.zeros(len(counts), dtype=np.int64)
    everywhere, weight = np.arange(counts.shape[2]), np.empty(np.diff(space.first).max())
    for r in range(len(counts)):
        mine = Made(made.group[r], made.move[r], made.people[r])
        size[r] = draw_moves(
            counts[r], everywhere, mine, 0, rates.rate, rates.factor[r],
            rates.pace[min(r, len(rates.pace) - 1)], space.frame, program.wiring,
            program.step, keys[r], weight,
        )  # fmt: skip
    shape = (counts.shape[1], len(space.moves))
    return Flows(*made, size, np.empty((0, 0)), shape).moved


WHAT = "stochastic day / same draws in a plain C loop"

BENCHES = (Bench("stochastic-day", WHAT, against_plain_c, 1.4, 1.25),)
