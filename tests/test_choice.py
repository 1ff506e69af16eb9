"""The value of ways ahead, held against a dense solve of the same equations."""

import numpy as np
import pytest

from rumbo.files.faults import Faults
from rumbo.model.rules.choice import from_the_ends, reach


def network(places: int, links: int, groups: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return weights, origins, destinations and ends of a made-up network with circles."""
    rng = np.random.default_rng(seed)
    origin, destination = rng.integers(places, size=(2, links))
    degree = np.bincount(origin, minlength=places)
    weight = rng.uniform(0.05, 0.95, (groups, links)) / degree[origin]
    end = np.zeros((groups, places))
    end[:, :2] = rng.uniform(0.5, 2.0, (groups, 2))
    return weight, origin, destination, end


def dense(weight: np.ndarray, origin: np.ndarray, destination: np.ndarray, end: np.ndarray):
    system = np.repeat(np.eye(end.shape[1])[None], len(end), axis=0)
    for h, (start, onto) in enumerate(zip(origin, destination, strict=True)):
        system[:, start, onto] -= weight[:, h]
    return np.linalg.solve(system, end[:, :, None])[:, :, 0]


@pytest.mark.parametrize("seed", range(5))
def test_values_solve_the_equations(seed: int) -> None:
    made = network(60, 200, 4, seed)
    np.testing.assert_allclose(reach(*made), dense(*made), rtol=1e-12, atol=0)


def test_places_that_lead_nowhere_are_worth_nothing() -> None:
    weight, end = np.full((1, 2), 0.5), np.array([[1.0, 0.0, 0.0, 0.0]])
    value = reach(weight, np.array([1, 2]), np.array([0, 3]), end)
    np.testing.assert_array_equal(value, [[1.0, 0.5, 0.0, 0.0]])


def test_a_circle_that_costs_little_is_worth_more_each_turn() -> None:
    origin, destination = np.array([1, 2, 1]), np.array([2, 1, 0])
    end = np.array([[1.0, 0.0, 0.0]])
    value = reach(np.array([[0.999, 0.999, 0.01]]), origin, destination, end)
    assert value[0, 1] == pytest.approx(0.01 / (1 - 0.999**2), rel=1e-9)
    with pytest.raises(Faults, match=r"route\.time is too small"):
        reach(np.array([[1.01, 1.0, 0.01]]), origin, destination, end)


def test_the_order_of_links_and_places_changes_nothing() -> None:
    weight, origin, destination, end = network(40, 120, 3, 9)
    links, places = (
        np.random.default_rng(1).permutation(120),
        np.random.default_rng(2).permutation(40),
    )
    moved = np.zeros_like(end)
    moved[:, places] = end
    other = reach(weight[:, links], places[origin[links]], places[destination[links]], moved)
    np.testing.assert_allclose(
        other[:, places], reach(weight, origin, destination, end), rtol=1e-13
    )


def test_where_no_way_goes_round_each_place_comes_after_those_it_leads_to() -> None:
    rng = np.random.default_rng(3)
    name = rng.permutation(300)
    start = rng.integers(299, size=900)
    onto = np.minimum(start + rng.integers(1, 40, size=900), 299)
    by_start = np.argsort(name[start], kind="stable")
    first = np.searchsorted(name[start][by_start], np.arange(301))
    rank = np.empty(300, dtype=np.int64)
    rank[from_the_ends(first, name[onto][by_start])] = np.arange(300)
    assert (rank[name[start]] > rank[name[onto]]).all()
