"""An expected comparison with and without the deal, as someone who waits for it asks it."""

import time

import rumbo
from benchmarks.bundled import DEAL, pair
from benchmarks.table import Bench
from benchmarks.timing import least
from rumbo.run.session import Session


def cold() -> tuple[str, float]:
    """Compile and run both scenarios in one process that has run before."""
    took = least(lambda: rumbo.simulate(pair(), mode="expected", workers=1), 3)
    return f"{took:.2f} s", took


def warm() -> tuple[str, float]:
    """Ask a session that holds the base for the corridor without the deal.

    It calls ``Session(base, mode="expected")`` and asks it for the base, neither of which is
    timed; then, timed, ``session.run(base.without(DEAL))``, in a new session each time, as one
    keeps what it was asked before.
    """
    took = min(_asked() for _ in range(3))
    return f"{took:.2f} s", took


def _asked() -> float:
    base = pair()[0]
    session = Session(base, mode="expected")
    session.run()
    before = time.process_time()
    session.run(base.without(DEAL))
    return time.process_time() - before


BENCHES = (
    Bench("compare-cold", "expected comparison, new, CPU s", cold, 1.3, 0.9),
    Bench("compare-warm", "expected comparison, base kept, CPU s", warm, 0.6, 0.3),
)
