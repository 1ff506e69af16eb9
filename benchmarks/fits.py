"""The fit, from one pass of some of its members."""

import sys

from benchmarks.bundled import CORRIDOR
from benchmarks.table import Bench
from benchmarks.timing import cost_of
from rumbo.fitting.fit import MEMBERS, PASSES

FEW = 512
"""Members that are run: so many that as many run side by side as of all."""

ONE_PASS = f"""
import rumbo
from rumbo.fitting.fit import fit

if __name__ == "__main__":
    corridor = rumbo.load("{CORRIDOR}")
    fit(corridor, "2025-06-30", members={FEW}, passes=1, seed=7, workers=2, mode="expected")
"""


def fitting() -> tuple[str, float]:
    """CPU of one pass of some members, scaled to all members and passes, and shared by two cores.

    Start and set-up are scaled along, so that it errs upwards.
    """
    cost = cost_of(sys.executable, "-c", ONE_PASS)
    minutes = cost.cpu / 60 / 2 * MEMBERS / FEW * PASSES
    return f"{FEW} members once: {cost.cpu:.0f} s of CPU, {cost.wall:.0f} s", minutes


BENCHES = (
    Bench(
        "fit",
        f"expected fit, {MEMBERS:,} members x {PASSES}, minutes of two cores, scaled",
        fitting,
        5,
        3.5,
    ),
)
