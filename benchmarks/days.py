"""What a day costs: for each cell that holds people, and expected against a sparse product."""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from benchmarks.bundled import DEAL, FULL, filled, fitted, fitted_program, plainer, program, scaled
from benchmarks.table import Bench
from benchmarks.timing import least, ratio
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario

MEMBERS = 5
STRETCH = 15
"""Stochastic days that are timed."""

AWAITED = 510
"""Day from which timed days have a pace of their own each: an event is two months ahead."""

EXPECTED_STRETCH = 120
"""Expected days that are timed: four months, with as many changes of values as usual."""

BATCH = 32
"""Draws side by side: enough that lanes are full."""


def per_cell(people: float) -> Callable[[], tuple[str, float]]:
    """Return what measures a day for each cell with anybody, with so many people in all."""

    def measure() -> tuple[str, float]:
        state, _ = filled(program(), stochastic=True, members=MEMBERS)
        one = scaled(program(), people * MEMBERS / float(state.counts.sum()))
        begun, luck = filled(one, stochastic=True, members=MEMBERS)
        days = range(FULL, FULL + STRETCH)
        each = least(lambda: run_days(one, begun.copy(), luck, days), 7) / STRETCH / MEMBERS
        cells = np.count_nonzero(begun.counts) / MEMBERS
        return f"{each * 1e3:.2f} ms a member-day, {cells:,.0f} cells", each / cells * 1e6

    return measure


def expected(one: Program, members: int) -> tuple[str, float]:
    """Expected days against sparse products with as many entries as moves and cells."""
    state, luck = filled(one, stochastic=False, members=members)
    matrix = product_like(one)
    vectors = list(np.random.default_rng(1).random((members, matrix.shape[0])))
    days = range(FULL, FULL + EXPECTED_STRETCH)

    def products() -> None:
        for _ in days:
            for vector in vectors:
                matrix @ vector

    mine, other, times = ratio(lambda: run_days(one, state.copy(), luck, days), products, 5)
    each = len(days) * members
    return f"{mine / each * 1e3:.3f} ms against {other / each * 1e3:.3f} ms a member-day", times


def product_like(one: Program) -> csr_array:
    """Return a matrix with an entry for each move within the corridor and for each cell."""
    groups, cells = len(one.space.groups), len(one.space.compartments)
    inside = one.space.target >= 0
    rows = np.concatenate([one.space.target[inside], np.arange(cells)])
    columns = np.concatenate([one.space.source[inside], np.arange(cells)])
    block = tuple(
        np.concatenate([index + g * cells for g in range(groups)]) for index in (rows, columns)
    )
    return csr_array((np.full(len(block[0]), 0.5), block), shape=(groups * cells,) * 2)


def expected_alone() -> tuple[str, float]:
    """One member."""
    return expected(program(), 1)


def expected_batched() -> tuple[str, float]:
    """As many members as the fit runs side by side, each a draw of the posterior."""
    return expected(fitted_program(), BATCH)


def whole_program() -> Program:
    """Return the fitted corridor with every rule, and a deal that comes in and is kept in part."""
    return compile_scenario(fitted().deal(DEAL, ramp=14, compliance=(0.3, 0.6, 0.9)))


def over_plain(
    made: Callable[[], Program], *, stochastic: bool, members: int
) -> Callable[[], tuple[str, float]]:
    """Return what holds days of a program against those of the corridor without later rules."""

    def measure() -> tuple[str, float]:
        programs = made(), compile_scenario(plainer())
        filled_up = [
            filled(p, stochastic=stochastic, members=members, days=AWAITED) for p in programs
        ]
        days = range(AWAITED, AWAITED + STRETCH)

        def run(k: int) -> None:
            state, luck = filled_up[k]
            run_days(programs[k], state.copy(), luck, days)

        more, less, times = ratio(lambda: run(0), lambda: run(1), 5)
        each = STRETCH * members
        return f"{more / each * 1e3:.2f} ms against {less / each * 1e3:.2f} ms a member-day", times

    return measure


CELL = "stochastic day, microseconds a cell with anybody,"

BENCHES = (
    Bench("cell-0.1M", f"{CELL} 0.1 M people", per_cell(1e5), 0.4, 0.3),
    Bench("cell-100M", f"{CELL} 100 M people", per_cell(1e8), 0.4, 0.3),
    Bench("cell-10G", f"{CELL} 10 G people", per_cell(1e10), 0.4, 0.3),
    Bench("expected-alone", "expected day / sparse product, one member", expected_alone, 6, 4),
    Bench(
        "expected-batched",
        f"expected member-day / sparse product, {BATCH} members",
        expected_batched,
        2.5,
        1.6,
    ),
    Bench(
        "awaited",
        "stochastic day with beliefs / without",
        over_plain(fitted_program, stochastic=True, members=MEMBERS),
        1.5,
        1.15,
    ),
    Bench(
        "awaited-expected",
        f"expected day with beliefs / without, {BATCH} members",
        over_plain(fitted_program, stochastic=False, members=BATCH),
        1.5,
        1.15,
    ),
    Bench(
        "whole",
        "stochastic day with beliefs, caravans, guides and a deal kept in part / without",
        over_plain(whole_program, stochastic=True, members=MEMBERS),
        1.5,
        1.2,
    ),
    Bench(
        "whole-expected",
        f"expected day with all of these / without, {BATCH} members",
        over_plain(whole_program, stochastic=False, members=BATCH),
        1.5,
        1.2,
    ),
)
