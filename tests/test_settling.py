"""People who are stopped and set out again: all their tries at once, group by group."""

import numpy as np
import pytest

from rumbo.model.rules.settling import MOST, add_up_tries, begin, extend, found


def tries(chance: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, int]:
    """Return ``x = start + A x`` by group, and products taken; A of shape (G, P, P)."""
    search = begin(start)
    for n in range(MOST):
        if extend(search, n, product(chance, search.basis[n])):
            return found(search), n + 1
    total = found(search)
    for _ in range(MOST):
        add_up_tries(search, start, product(chance, total), total)
    return total, MOST


def product(chance: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Return A times numbers (P, G), each group on its own."""
    each = zip(chance, who.T, strict=True)
    return np.stack([one @ np.ascontiguousarray(own) for one, own in each], axis=1)


def line(places: int, stopped: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a line of checks, each of which stops a share and sets it free on the spot."""
    through = 1.0 - stopped
    where = np.arange(places)
    ahead = where[:, None] - where
    # Who sets out at one place is stopped at a later one if let through all those between.
    chance = np.where(ahead >= 0, stopped * through ** np.maximum(ahead, 0), 0.0)
    start = np.zeros((places, 2))
    start[0, 0] = 1.0
    return np.stack([chance, np.zeros_like(chance)]), start


def world(seed: int, places: int = 40, groups: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Return chances to be stopped at one place and set free at another, and who enters."""
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0, 1, (groups, places, places)) * (rng.uniform(size=places) < 0.4)
    chance *= rng.uniform(0.2, 0.95, (groups, 1, places)) / chance.sum(axis=1, keepdims=True).clip(
        1
    )
    return chance, rng.uniform(0, 100, (places, groups)) * (rng.uniform(size=(places, 1)) < 0.3)


@pytest.mark.parametrize("seed", range(5))
def test_the_sum_of_all_tries_is_the_dense_solution(seed: int) -> None:
    chance, start = world(seed)
    total, products = tries(chance, start)
    dense = np.linalg.solve(np.eye(len(start)) - chance, start.T[..., None])[..., 0].T
    assert total == pytest.approx(dense, rel=1e-9, abs=1e-9)
    assert products < MOST / 2


def test_what_a_group_finds_does_not_hang_on_who_is_asked_beside_it() -> None:
    chance, start = world(9)
    together, _ = tries(chance, start)
    for g in range(start.shape[1]):
        alone, _ = tries(chance[[g]], np.ascontiguousarray(start[:, [g]]))
        assert alone.tobytes() == np.ascontiguousarray(together[:, [g]]).tobytes()


def test_who_is_not_stopped_sets_out_once_and_nobody_where_nobody_enters() -> None:
    chance, start = world(3)
    start[:, 1] = 0.0
    total, products = tries(np.zeros_like(chance), start)
    assert total == pytest.approx(start, rel=1e-12)
    assert products == 1
    assert not total[:, 1].any()


def test_where_everybody_is_stopped_and_set_free_numbers_are_finite() -> None:
    """Two places that send people to one another for ever: alike, and far beyond the others."""
    chance = np.zeros((1, 3, 3))
    chance[0, 0, 1] = chance[0, 1, 0] = 1.0
    total, _ = tries(chance, np.array([[1.0], [0.0], [2.0]]))
    assert np.isfinite(total).all()
    assert total[0, 0] == pytest.approx(total[1, 0], rel=1e-3)
    assert total[0, 0] > 1e9
    assert total[2, 0] == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize("stopped", [0.3, 0.5, 0.9])
def test_a_long_line_of_checks_settles_late_but_does(stopped: float) -> None:
    chance, start = line(150, stopped)
    total, products = tries(chance, start)
    dense = np.linalg.solve(np.eye(150) - chance[0], start[:, 0])
    assert total[:, 0] == pytest.approx(dense, rel=1e-8)
    assert 30 < products < MOST


def test_what_does_not_settle_is_added_up_as_far_as_tries_lead() -> None:
    chance, start = line(2 * MOST, 0.9)
    start[0, 1] = 1.0
    total, products = tries(chance, start)
    assert products == MOST
    dense = np.linalg.solve(np.eye(2 * MOST) - chance[0], start[:, 0])
    assert total[:8, 0] == pytest.approx(dense[:8], rel=1e-3)
    assert (total >= 0).all()
    assert total[:, 1] == pytest.approx(start[:, 1])
