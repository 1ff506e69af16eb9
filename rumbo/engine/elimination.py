"""Linear equations whose cells lie alike, a system in each lane: eliminated side by side.

No rows are exchanged: the diagonal of every matrix must outweigh the rest of its row. Arrays only.

Letters of shapes: ``N`` unknowns, ``Z`` cells with those that elimination fills, ``K`` numbers that
are given for cells, ``B`` lanes.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from rumbo.engine.arrays import Array, Index


class Pattern(NamedTuple):
    """Where matrices have cells, row by row, in an order of unknowns that fills few.

    Attributes
    ----------
    place
        Place of each unknown in that order; shape (N,).
    begin, column
        Row ``n`` has cells in columns ``column[begin[n]:begin[n + 1]]``, which ascend; shapes
        (N + 1,) and (Z,).
    diagonal
        Number of the cell on the diagonal of each row; shape (N,).
    slot
        Cell that each given number is part of; shape (K,).
    """

    place: Index
    begin: Index
    column: Index
    diagonal: Index
    slot: Index


def pattern_of(rows: Index, columns: Index, size: int) -> Pattern:
    """Find where matrices have cells once they are eliminated.

    Parameters
    ----------
    rows, columns
        Row and column of each number that is given; every unknown has one on its diagonal; (K,).
    size
        Number of unknowns, N.

    Returns
    -------
    Pattern
        The same object for the last few that were asked for.
    """
    return _pattern_of(rows.astype(np.int64).tobytes(), columns.astype(np.int64).tobytes(), size)


@lru_cache(maxsize=4)
def _pattern_of(row_bytes: bytes, column_bytes: bytes, size: int) -> Pattern:
    rows, columns = (np.frombuffer(one, dtype=np.int64) for one in (row_bytes, column_bytes))
    place = _order(rows, columns, size)
    row, column = place[rows], place[columns]
    each = np.unique(row * size + column)
    begin, ahead = _filled(np.searchsorted(each, np.arange(size + 1) * size), each % size)
    cell = np.repeat(np.arange(size), np.diff(begin)) * size + ahead
    diagonal, slot = (
        np.searchsorted(cell, at) for at in (np.arange(size) * (size + 1), row * size + column)
    )
    return Pattern(place, begin, ahead, diagonal, slot)


def _order(rows: Index, columns: Index, size: int) -> Index:
    """Place of each unknown (N,) by minimum degree, as SuperLU finds it."""
    degree = np.bincount(rows, minlength=size).astype(float)
    given = np.where(rows == columns, degree[rows], -1.0)
    matrix = coo_array((given, (rows, columns)), (size, size)).tocsc()
    options = {"SymmetricMode": True}
    ordered = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    return np.asarray(ordered.perm_c, dtype=np.int64)


@njit(cache=True, nogil=True)
def _filled(first: Index, column: Index) -> tuple[Index, Index]:
    """Add those that elimination fills to columns of cells, which begin at ``first`` (N + 1,)."""
    size = len(first) - 1
    begin, after = np.zeros(size + 1, dtype=np.int64), np.empty(size, dtype=np.int64)
    diagonal, ahead = np.empty(size, dtype=np.int64), np.empty(2 * len(column), dtype=np.int64)
    met = np.full(size, -1)
    for n in range(size):
        # Columns of the row are a chain: each names the next, the last one the number of unknowns.
        own, end = column[first[n] : first[n + 1]], begin[n]
        for i in range(len(own)):
            after[own[i]], met[own[i]] = own[i + 1] if i + 1 < len(own) else size, n
        k = own[0]
        while k < size:
            if end == len(ahead):
                ahead = np.concatenate((ahead, np.empty_like(ahead)))
            ahead[end] = k
            if k < n:
                _join(ahead[diagonal[k] + 1 : begin[k + 1]], k, n, after, met)
            elif k == n:
                diagonal[n] = end
            end, k = end + 1, after[k]
        begin[n + 1] = end
    return begin, ahead[: begin[size]].copy()


@njit(cache=True, nogil=True)
def _join(columns: Index, at: int, n: int, after: Index, met: Index) -> None:
    """Put columns, which ascend, into the chain of row ``n`` behind ``at``, but for those in it."""
    for column in columns:
        if met[column] != n:
            while after[at] < column:
                at = after[at]
            after[column], after[at], met[column] = after[at], column, n
            at = column


@njit(cache=True, nogil=True)
def eliminate(pattern: Pattern, matrix: Array) -> None:
    """Factor matrices in their own room.

    Parameters
    ----------
    pattern
        Where they have cells.
    matrix
        Numbers in the cells, shape (Z, B); becomes the factors, with one over the diagonal.
    """
    begin, column, diagonal = pattern.begin, pattern.column, pattern.diagonal
    where, lanes = np.empty(len(diagonal), dtype=np.int64), matrix.shape[1]
    for n in range(len(diagonal)):
        for p in range(begin[n], begin[n + 1]):
            where[column[p]] = p
        for p in range(begin[n], diagonal[n]):
            k = column[p]
            for b in range(lanes):
                matrix[p, b] *= matrix[diagonal[k], b]
            for q in range(diagonal[k] + 1, begin[k + 1]):
                into = where[column[q]]
                for b in range(lanes):
                    matrix[into, b] -= matrix[p, b] * matrix[q, b]
        for b in range(lanes):
            matrix[diagonal[n], b] = 1.0 / matrix[diagonal[n], b]


@njit(cache=True, nogil=True)
def solve(pattern: Pattern, factors: Array, given: Array) -> None:
    """Put the solution in the place of what is given.

    Parameters
    ----------
    pattern
        Where matrices have cells.
    factors
        As `eliminate` leaves them; shape (Z, B).
    given
        Right sides, rows in the order of elimination; shape (N, B).
    """
    begin, column, diagonal = pattern.begin, pattern.column, pattern.diagonal
    size, lanes = given.shape
    for n in range(size):
        for p in range(begin[n], diagonal[n]):
            for b in range(lanes):
                given[n, b] -= factors[p, b] * given[column[p], b]
    for n in range(size - 1, -1, -1):
        for p in range(diagonal[n] + 1, begin[n + 1]):
            for b in range(lanes):
                given[n, b] -= factors[p, b] * given[column[p], b]
        for b in range(lanes):
            given[n, b] *= factors[diagonal[n], b]
