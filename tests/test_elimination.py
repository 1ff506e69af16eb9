"""Linear equations of one pattern, solved side by side: what each lane finds is its own."""

import numpy as np
import pytest

from rumbo.engine.arrays import Array, Index
from rumbo.engine.elimination import Pattern, eliminate, pattern_of, solve

Given = tuple[Index, Index, Array]


def found(given: Given, sides: Array) -> tuple[Pattern, Array]:
    """Solve systems whose cells are given as rows, columns and numbers (K, B); sides are (N, B)."""
    rows, columns, numbers = given
    pattern = pattern_of(rows, columns, len(sides))
    matrix = np.zeros((len(pattern.column), numbers.shape[1]))
    np.add.at(matrix, pattern.slot, numbers)
    eliminate(pattern, matrix)
    ordered = np.empty_like(sides)
    ordered[pattern.place] = sides
    solve(pattern, matrix, ordered)
    return pattern, ordered[pattern.place]


def dense(given: Given, sides: Array) -> Array:
    """Solve the same, lane by lane."""
    rows, columns, numbers = given
    every = np.zeros((numbers.shape[1], len(sides), len(sides)))
    np.add.at(every, (slice(None), rows, columns), numbers.T)
    return np.linalg.solve(every, sides.T[..., None])[..., 0].T


def outweighed(rows: Index, columns: Index, size: int, lanes: int, seed: int = 0) -> Given:
    """Give cells off the diagonal numbers, and the diagonal one that outweighs its row."""
    rng = np.random.default_rng(seed)
    off = rng.uniform(0, 1, (len(rows), lanes))
    total = np.zeros((size, lanes))
    np.add.at(total, rows, off)
    each = np.arange(size)
    numbers = np.concatenate([total + rng.uniform(0.01, 1, total.shape), -off])
    return np.concatenate([each, rows]), np.concatenate([each, columns]), numbers


def network(seed: int, size: int = 60, lanes: int = 5) -> tuple[Given, Array]:
    """Return systems of a network in which places lead to some others, one of them twice."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(0, size, (2, 3 * size))
    apart = rows != columns
    rows, columns = (np.append(one[apart], one[apart][0]) for one in (rows, columns))
    return outweighed(rows, columns, size, lanes, seed), rng.normal(size=(size, lanes))


@pytest.mark.parametrize("seed", range(8))
def test_each_lane_has_its_dense_solution(seed: int) -> None:
    given, sides = network(seed)
    assert found(given, sides)[1] == pytest.approx(dense(given, sides), rel=1e-10, abs=1e-10)


def test_one_unknown_and_unknowns_apart() -> None:
    none = np.empty(0, dtype=np.int64)
    for size in (1, 4):
        given = outweighed(none, none, size, 2)
        sides = np.arange(2.0 * size).reshape(size, 2)
        assert found(given, sides)[1] == pytest.approx(sides / given[2])


@pytest.mark.parametrize("lanes", [1, 3, 16, 33])
def test_what_a_lane_finds_does_not_hang_on_the_others(lanes: int) -> None:
    given, sides = network(3, lanes=40)
    together = found(given, sides)[1]
    alone = found((*given[:2], given[2][:, :lanes].copy()), sides[:, :lanes].copy())[1]
    assert np.array_equal(alone, together[:, :lanes])


def test_all_cells_that_elimination_fills_have_a_place_and_no_others() -> None:
    given, sides = network(5, size=30)
    pattern, _ = found(given, sides)
    filled = np.zeros((30, 30), dtype=bool)
    filled[pattern.place[given[0]], pattern.place[given[1]]] = True
    for n in range(30):
        below = np.flatnonzero(filled[n + 1 :, n]) + n + 1
        filled[below] |= np.where(np.arange(30) > n, filled[n], False)
    row = np.repeat(np.arange(30), np.diff(pattern.begin))
    told = np.zeros_like(filled)
    told[row, pattern.column] = True
    assert np.array_equal(told, filled)
    assert all((np.diff(own) > 0).all() for own in np.split(pattern.column, pattern.begin[1:-1]))
    assert np.array_equal(pattern.column[pattern.diagonal], np.arange(30))


def test_long_lines_and_stars_fill_nothing() -> None:
    size = 3_000
    along, spokes = np.arange(size - 1), np.zeros(size - 1, dtype=np.int64)
    for hub in (along, spokes):
        ends = np.concatenate([hub, along + 1]), np.concatenate([along + 1, hub])
        given, sides = outweighed(*ends, size, 2), np.ones((size, 2))
        pattern, solved = found(given, sides)
        assert len(pattern.column) == 3 * size - 2
        rows, columns, numbers = given
        again = np.zeros_like(sides)
        np.add.at(again, rows, numbers * solved[columns])
        assert again == pytest.approx(sides, rel=1e-9)
