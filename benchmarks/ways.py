"""Values of ways, place by place: against dense solves, and as places grow in number."""

import numpy as np

from benchmarks.table import Bench
from benchmarks.timing import ratio
from rumbo.model.rules.choice import Atlas, make_atlas, weigh_ways

KINDS, ZONES, MODES = 3, 9, 6


def ways_network(places: int) -> tuple[np.ndarray, np.ndarray, Atlas]:
    """Return utilities and the network of a made-up corridor: 2.5 links a place, 9 zones.

    Places stand in a row, zones at its end; one link in four leads back.
    """
    rng = np.random.default_rng(places)
    origin = rng.integers(ZONES, places, size=5 * places // 2)
    onto = np.clip(origin + rng.integers(-9, 4, size=len(origin)), 0, places - 1)
    mode = rng.integers(MODES, size=len(origin))
    far = np.abs(np.arange(places) - np.arange(ZONES)[:, None]).astype(np.float64)
    atlas = make_atlas(np.arange(ZONES), origin, onto, mode, MODES, far)
    utility = rng.uniform(-3, -0.5, (KINDS, len(origin)))
    return utility, rng.uniform(-3, 0, (KINDS, MODES)), atlas


def dense(utility: np.ndarray, board: np.ndarray, atlas: Atlas) -> np.ndarray:
    """Solve for the values of places as one dense system for each kind and zone, boarding aside."""
    places = len(atlas.first) - 1
    origin = np.empty(len(atlas.link), dtype=np.int64)
    origin[atlas.link] = np.repeat(np.arange(places), np.diff(atlas.first))
    system = np.tile(np.eye(places), (len(utility), len(atlas.zones), 1, 1))
    weight = np.exp(utility + board[:, atlas.mode])
    for k, toward in enumerate(atlas.toward):
        used = np.flatnonzero(toward)
        for u in range(len(utility)):
            np.subtract.at(system[u, k], (origin[used], atlas.onto[used]), weight[u, used])
    end = np.eye(places)[:, atlas.zones].T
    return np.linalg.solve(system, np.broadcast_to(end, system.shape[:3])[..., None])[..., 0]


def ways_against_dense() -> tuple[str, float]:
    """Values of ways at 150 places, place by place over dense solves."""
    made = ways_network(150)
    mine, other, times = ratio(lambda: weigh_ways(*made), lambda: dense(*made))
    return f"{mine * 1e3:.1f} ms against {other * 1e3:.1f} ms", times


def ways_by_size() -> tuple[str, float]:
    """Values of ways at 3,000 places over those at 300: ten if they grow with places."""
    many, few = ways_network(3_000), ways_network(300)
    large, small, times = ratio(lambda: weigh_ways(*many), lambda: weigh_ways(*few))
    return f"{large * 1e3:.1f} ms against {small * 1e3:.1f} ms", times


BENCHES = (
    Bench("ways-dense", "values of ways / dense solves, 150 places", ways_against_dense, 0.5, 0.5),
    Bench("ways-size", "values of ways, 3,000 places / 300", ways_by_size, 15, 15),
)
