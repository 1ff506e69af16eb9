"""Draws of the prior; each piece is kept as it is done, so that a run goes on after a stop."""

import zlib
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from benchmarks.bundled import CORRIDOR
from benchmarks.minds.events import EVENTS, Way, ratios
from benchmarks.minds.inputs import HERE, Cases, misses, read_cases, values_of
from benchmarks.table import digest
from rumbo.engine.arrays import Array
from rumbo.files.atomic import is_whole, write_arrays
from rumbo.files.code import PACKAGE

CHUNK = 250
"""Draws that are run side by side and kept together."""

SETS: dict[str, tuple[str, ...]] = {
    "a": ("a1", "a2", "a3"),
    "b": ("b1", "b2", "b3"),
    "v": ("v1", "v2"),
    "v'": ("v1", "v2", "v3"),
    "f": ("f1",),
    "c": ("c1", "c2", "c3"),
    "d": ("d1", "d2"),
}
"""Conditions of each case."""

EVENT_OF = {
    "a": "2016", "b": "2024", "v": "2024", "v'": "2024", "f": "2024", "c": "May 2023",
    "d": "December 2023",
}  # fmt: skip

Bounds = tuple[float, float]

STEEPER: Bounds = (0.0, 3.0)
"""Of beta where belief goes on growing after a vote, and so is less than 1 until the last day."""

WAYS = {
    "nothing": Way("nothing"),
    "plain step": Way("plain step"),
    "plain step, growing on": Way("plain step", rising=True),
    "option value, one blur": Way("option value"),
    "option value, blur by event": Way("option value", by_event=True),
}


NUMBERS = ("events", "inputs", "outlook", "record", "runs", "search", "world")
"""Files here of which the numbers come."""


class Store:
    """Pieces in a folder named after the code and the tables that they come of."""

    def __init__(self, root: Path) -> None:
        code = [HERE / f"{name}.py" for name in NUMBERS] + sorted(HERE.glob("*.csv"))
        minds = sorted((PACKAGE / "model" / "minds").glob("*.py"))
        figures = PACKAGE / "corridors" / CORRIDOR / "figures.csv"
        self.folder = root / digest([*code, *minds, figures])
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        return self.folder / f"{zlib.crc32(name.encode()):08x}.npz"

    def read(self, name: str) -> dict[str, Array] | None:
        if not is_whole(self.path(name)):
            return None
        with np.load(self.path(name)) as kept:
            return {key: kept[key] for key in kept.files}

    def keep(self, name: str, arrays: dict[str, Array]) -> dict[str, Array]:
        write_arrays(self.path(name), arrays)
        return arrays


def run(
    cases: Cases, way: str, points: Array, events: tuple[str, ...] = tuple(EVENTS), **bounds: Bounds
) -> pd.DataFrame:
    """How far draws miss each condition, some inputs within narrower bounds."""
    if WAYS[way].rising:
        bounds["beta"] = STEEPER
    return misses(cases, ratios(values_of(cases, points, bounds), WAYS[way], events))


def chunk_of(store: Store, seed: int, way: str, number: int) -> dict[str, Array]:
    """Points of a chunk of the prior, and how far they miss each condition."""
    name = f"prior {seed} {way} {number}"
    kept = store.read(name)
    if kept is not None:
        return kept
    cases = read_cases()
    # The same draws for every way: only the rule differs.
    points = np.random.default_rng([seed, number]).random((CHUNK, len(cases.inputs)))
    table = run(cases, way, points)
    return store.keep(
        name, {"points": points, **{str(key): table[key].to_numpy() for key in table}}
    )


def prior(store: Store, draws: int, seed: int, workers: int) -> dict[str, dict[str, Array]]:
    """Draws of the prior by way: points, and misses by condition."""
    jobs = [(way, number) for way in WAYS for number in range(-(-draws // CHUNK))]
    done = Parallel(workers)(delayed(chunk_of)(store, seed, *job) for job in jobs)
    out = {}
    for way in WAYS:
        mine = [one for (named, _), one in zip(jobs, done, strict=True) if named == way]
        out[way] = {key: np.concatenate([one[key] for one in mine])[:draws] for key in mine[0]}
    return out
