"""Searches from draws of the prior towards conditions: whether any region meets them."""

import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from benchmarks.minds.inputs import read_cases
from benchmarks.minds.runs import EVENT_OF, SETS, Store, run
from rumbo.engine.arrays import Array

BEST, TRIED, ROUNDS = 60, 150, 8
"""Draws that a search goes on from, new ones a round, and rounds."""

STEP, JITTER = 0.7, 0.03
"""Of the difference of two of the best that a third is moved by, and of chance beside it."""

FRESH = 600
"""Draws that a search within narrower bounds begins with."""

ODDS = {"b16a": (0.1, 0.4), "b24a": (0.4, 0.6)}
"""Beliefs before the votes within public odds of the time (assumed)."""


class Search(NamedTuple):
    """What is looked for: all conditions of some cases, within narrower bounds of some inputs."""

    way: str
    cases: tuple[str, ...]
    narrowed: tuple[tuple[str, float, float], ...] = ()

    @property
    def wanted(self) -> list[str]:
        return list(dict.fromkeys(name for case in self.cases for name in SETS[case]))

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(EVENT_OF[case] for case in self.cases))

    @property
    def name(self) -> str:
        bounds = (f"{name} {low:g}-{high:g}" for name, low, high in self.narrowed)
        return ", ".join([self.way, *self.cases, *bounds])

    @property
    def seed(self) -> int:
        return zlib.crc32(self.name.encode())


class Found(NamedTuple):
    """Where a search came to.

    Attributes
    ----------
    held
        Share of the last round's candidates that hold everything.
    miss
        Least sum of log distances outside the bounds.
    worst
        Largest of the nearest draw's distances.
    points
        The best draws, points of the unit cube, nearest first.
    """

    held: float
    miss: float
    worst: float
    points: Array


def find(store: Store, search: Search, begun: Mapping[str, Array]) -> Found:
    """Resample towards the conditions from the nearest draws of the prior."""
    name = f"{search.name}, from {len(begun['points'])} draws"
    kept = store.read(name) or store.keep(name, _search(search, begun))
    return Found(float(kept["held"]), float(kept["miss"]), float(kept["worst"]), kept["points"])


def _search(search: Search, begun: Mapping[str, Array]) -> dict[str, Array]:
    rng = np.random.default_rng(search.seed)
    if search.narrowed:
        points = rng.random((FRESH, begun["points"].shape[1]))
        missed = _run(search, points)[search.wanted].to_numpy()
    else:
        points = begun["points"]
        missed = np.stack([begun[name] for name in search.wanted], axis=1)
    held = 0.0
    for _ in range(ROUNDS):
        best = np.argsort(missed.sum(axis=1), kind="stable")[:BEST]
        points, missed = points[best], missed[best]
        tried = moved(rng, points)
        new = _run(search, tried)[search.wanted].to_numpy()
        held = float((new.sum(axis=1) == 0.0).mean())
        # New ones first: of equals they are kept, so that the search does not stand still.
        points, missed = np.concatenate([tried, points]), np.concatenate([new, missed])
    best = np.argsort(missed.sum(axis=1), kind="stable")[:BEST]
    nearest = missed[best[0]]
    return {
        "held": np.array(held), "miss": nearest.sum(), "worst": nearest.max(),
        "points": points[best],
    }  # fmt: skip


def _run(search: Search, points: Array) -> pd.DataFrame:
    bounds = {name: (low, high) for name, low, high in search.narrowed}
    return run(read_cases(), search.way, points, search.events, **bounds)


def moved(rng: np.random.Generator, points: Array) -> Array:
    """Candidates around the best draws, turned back at the bounds (differential evolution)."""
    one, two, three = (points[rng.integers(len(points), size=TRIED)] for _ in range(3))
    new = one + STEP * (two - three) + rng.normal(scale=JITTER, size=one.shape)
    new = np.abs(new)
    return np.asarray(np.where(new > 1.0, np.abs(2.0 - new), new)).clip(0.0, 1.0)


def find_all(
    store: Store,
    searches: Iterable[Search],
    begun: Mapping[str, Mapping[str, Array]],
    workers: int,
) -> dict[Search, Found]:
    wanted = list(searches)
    found = Parallel(workers)(delayed(find)(store, one, begun[one.way]) for one in wanted)
    return dict(zip(wanted, found, strict=True))
