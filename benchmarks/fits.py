"""Jobs of a thousand members: the fit, from one pass of some of them, and a result in full."""

import sys
import tempfile
from pathlib import Path

from benchmarks.bundled import CORRIDOR, DEAL
from benchmarks.table import Bench
from benchmarks.timing import cost_of
from rumbo.fitting.fit import MEMBERS, PASSES

FEW = 512
"""Members that are run: so many that as many run side by side as of all."""

ONE_PASS = f"""
import sys, time
from pathlib import Path
import rumbo
import rumbo.fitting.fit as fitting

draw = fitting.draw_scatter


def timed(*what, **how):
    before = time.process_time()
    scatter = draw(*what, **how)
    Path(sys.argv[1]).write_text(str(time.process_time() - before))
    return scatter


fitting.draw_scatter = timed
corridor = rumbo.load("{CORRIDOR}")
fitting.fit(corridor, "2025-06-30", members={FEW}, passes=1, seed=7, workers=2)
"""
"""The pass, with the CPU seconds of the members that are drawn as well written down."""

FULL_RESULT = f"""
import rumbo

if __name__ == "__main__":
    base = rumbo.load("{CORRIDOR}").fitted()
    pair = [base, base.without("{DEAL}")]
    rumbo.simulate(pair, members={MEMBERS}, seed=7, mode="expected", workers=2)
"""


def fitting() -> tuple[str, float]:
    """CPU of one pass of some members, scaled to all members and passes, and shared by two cores.

    The members drawn as well are as many in any fit; start and set-up are scaled along, so that
    the figure errs upwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn"
        cost = cost_of(sys.executable, "-c", ONE_PASS, str(path))
        drawn = float(path.read_text(encoding="utf-8"))
    minutes = PASSES * ((cost.cpu - drawn) * MEMBERS / FEW + drawn) / 60 / 2
    return f"{FEW} members once: {cost.cpu:.0f} s of CPU, {drawn:.0f} s of it drawn", minutes


def full_result() -> tuple[str, float]:
    """Most memory of all processes, with every member's full result in hand."""
    cost = cost_of(sys.executable, "-c", FULL_RESULT)
    return f"{cost.peak:.2f} GB, {cost.cpu:.0f} s of CPU", cost.peak


BENCHES = (
    Bench(
        "fit",
        f"expected fit, {MEMBERS:,} members x {PASSES}, minutes of two cores, scaled",
        fitting,
        5,
        3.5,
    ),
    Bench(
        "result-memory", f"{MEMBERS:,} members x 2 scenarios kept in full, GB", full_result, 1, 0.5
    ),
)
