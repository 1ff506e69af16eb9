"""Many members: what a second worker gains, and what same luck is worth."""

import statistics
import time

import numpy as np
import xarray as xr

import rumbo
from benchmarks.bundled import CORRIDOR, pair
from benchmarks.table import Bench


def workers() -> tuple[str, float]:
    """Wall time of one worker over two, and whether the bytes are the same."""
    scenario = rumbo.load(CORRIDOR)
    rumbo.simulate(scenario, members=10, seed=3, workers=2)
    took, results = {1: [], 2: []}, {}
    for _ in range(3):
        for number in (1, 2):
            before = time.perf_counter()
            results[number] = rumbo.simulate(scenario, members=16, seed=3, workers=number)
            took[number].append(time.perf_counter() - before)
    same = "same" if results[1].identical(results[2]) else "DIFFERENT"
    one, two = (statistics.median(took[n]) for n in (1, 2))
    return f"{one:.1f} s against {two:.1f} s, {same} bytes", one / two


def pairing() -> tuple[str, float]:
    """Variance of the deal's effect on encounters with the same luck over independent seeds."""
    same, other = (total(rumbo.simulate(pair(), members=40, seed=seed)) for seed in (1, 2))
    paired = np.var(same[1] - same[0], ddof=1)
    apart = np.var(other[1] - same[0], ddof=1)
    return f"standard deviation {paired**0.5:,.0f} against {apart**0.5:,.0f}", paired / apart


def total(runs: xr.Dataset) -> np.ndarray:
    """Return encounters between ports in half a year; shape (scenarios, members)."""
    usbp = runs["encounters"].sel(component="USBP", month=slice("2024-01", "2024-06"))
    return usbp.sum(["month", "area", "group"]).values


BENCHES = (
    Bench("workers", "one worker / two workers, 16 members", workers, 1.75, 1.85, ">="),
    Bench("pairing", "variance of the paired difference / independent", pairing, 0.1, 0.1),
)
