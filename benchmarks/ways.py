"""Values of ways, place by place: against a dense solve, and as places grow in number."""

import numpy as np

from benchmarks.table import Bench
from benchmarks.timing import ratio
from rumbo.model.rules.choice import reach


def ways_network(places: int) -> tuple[np.ndarray, ...]:
    """Return weights, origins, destinations and ends of a made-up corridor: 2.5 links a place.

    One link in four leads back, as in the bundled corridor.
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


BENCHES = (
    Bench("ways-dense", "values of ways / a dense solve, 150 places", ways_against_dense, 0.5, 0.5),
    Bench("ways-size", "values of ways, 3,000 places / 300", ways_by_size, 15, 15),
)
