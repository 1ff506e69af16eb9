"""``x = start + A x`` for all groups side by side, each of which is reckoned for itself.

Who sets out is who enters and who was stopped before: a sum of dozens of tries, each a product with
A. GMRES (Saad & Schultz 1986, SIAM J. Sci. Stat. Comput. 7) finds it in a third of the products. It
never needs more than there are places where people set out again, but nearly as many where checks
stand one behind the other; until then what it has is wrong from the first place on. Groups that
have not settled after the most products are added up try by try: right where few tries lead.

Groups are lanes and not one vector, as a library would have it: so what one of them finds does not
hang, in its last bits, on who else is asked beside it.

Letters of shapes beside the engine's: ``J`` directions.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index

MOST = 300
"""Most products: a dozen do on the bundled corridor, a hundred where many checks stand in line."""

NEAR = 1e-12
"""What is left to find, over what one starts from, at which all is taken to be found."""

FREE = 1e-12
"""Share of tries that are given up, so that they end where everybody is stopped and set free."""


class Search(NamedTuple):
    """How far a search is.

    Attributes
    ----------
    basis
        Directions of unit length, at right angles in each group; shape (J + 1, P, G).
    upper
        What the products with ``1 - A`` are made of, turned into a triangle; shape (J, J, G).
    cosine, sine
        The turns; shape (J, G).
    left
        The start in the turned directions, of which the last is left to find; shape (J + 1, G).
    used
        Directions that each group needed, or 0 as long as it has not settled; shape (G,).
    """

    basis: Array
    upper: Array
    cosine: Array
    sine: Array
    left: Array
    used: Index


@njit(cache=True, nogil=True)
def begin(start: Array) -> Search:
    """Begin a search from a start (P, G)."""
    places, groups = start.shape
    # Room for the most, of which few rows are used: what is not touched takes no memory.
    basis, upper = np.empty((MOST + 1, places, groups)), np.empty((MOST, MOST, groups))
    cosine, sine = np.empty((2, MOST, groups))
    left, used = np.zeros((MOST + 1, groups)), np.zeros(groups, dtype=np.int64)
    basis[0] = start
    _to_unit(basis[0], left[0])
    return Search(basis, upper, cosine, sine, left, used)


@njit(cache=True, nogil=True)
def extend(search: Search, n: int, product: Array) -> bool:
    """Take up the product of A and direction ``n``; whether every group has settled."""
    new, column = search.basis[n + 1], np.zeros((n + 2, product.shape[1]))
    for p in range(len(product)):
        for g in range(product.shape[1]):
            new[p, g] = search.basis[n, p, g] - (1.0 - FREE) * product[p, g]
    for m in range(n + 1):
        _at_right_angles(new, search.basis[m], column[m])
    _to_unit(new, column[n + 1])
    every = True
    for g in range(product.shape[1]):
        _turn(search, n, column, g)
        if search.used[g] == 0 and abs(search.left[n + 1, g]) <= NEAR * _size(search, g):
            search.used[g] = n + 1
        every &= search.used[g] > 0
    return every


@njit(cache=True, nogil=True)
def found(search: Search) -> Array:
    """Return the solution (P, G), never below 0, and nobody for groups that have not settled."""
    total: Array = np.zeros_like(search.basis[0])
    for g in range(total.shape[1]):
        many = search.used[g]
        part = search.left[:many, g].copy()
        for m in range(many - 1, -1, -1):
            for later in range(m + 1, many):
                part[m] -= search.upper[m, later, g] * part[later]
            part[m] = part[m] / search.upper[m, m, g] if search.upper[m, m, g] != 0.0 else 0.0
        for m in range(many):
            for p in range(len(total)):
                total[p, g] += part[m] * search.basis[m, p, g]
        for p in range(len(total)):
            total[p, g] = max(total[p, g], 0.0)
    return total


@njit(cache=True, nogil=True)
def add_up_tries(search: Search, start: Array, product: Array, total: Array) -> None:
    """Add a try for groups that have not settled, given A times the total (P, G) before it."""
    for g in np.flatnonzero(search.used == 0):
        for p in range(len(total)):
            total[p, g] = start[p, g] + product[p, g]


@njit(cache=True, nogil=True)
def _to_unit(values: Array, length: Array) -> None:
    """Bring each group's values (P, G) to length 1, if they have any, and fill in what it was."""
    for p in range(len(values)):
        for g in range(values.shape[1]):
            length[g] += values[p, g] * values[p, g]
    for g in range(values.shape[1]):
        length[g] = np.sqrt(length[g])
    for p in range(len(values)):
        for g in range(values.shape[1]):
            values[p, g] = values[p, g] / length[g] if length[g] > 0.0 else 0.0


@njit(cache=True, nogil=True)
def _at_right_angles(values: Array, direction: Array, along: Array) -> None:
    """Take from each group's values what lies along a direction, and fill in how much that was."""
    for p in range(len(values)):
        for g in range(values.shape[1]):
            along[g] += values[p, g] * direction[p, g]
    for p in range(len(values)):
        for g in range(values.shape[1]):
            values[p, g] -= along[g] * direction[p, g]


@njit(cache=True, nogil=True)
def _turn(search: Search, n: int, column: Array, g: int) -> None:
    """Turn a group's new column so that nothing stands below the triangle."""
    for m in range(n):
        cosine, sine = search.cosine[m, g], search.sine[m, g]
        above, below = column[m, g], column[m + 1, g]
        column[m, g] = cosine * above + sine * below
        column[m + 1, g] = cosine * below - sine * above
    length = np.hypot(column[n, g], column[n + 1, g])
    cosine = column[n, g] / length if length > 0.0 else 1.0
    sine = column[n + 1, g] / length if length > 0.0 else 0.0
    search.cosine[n, g], search.sine[n, g] = cosine, sine
    for m in range(n):
        search.upper[m, n, g] = column[m, g]
    search.upper[n, n, g] = length
    search.left[n + 1, g] = -sine * search.left[n, g]
    search.left[n, g] *= cosine


@njit(cache=True, nogil=True)
def _size(search: Search, g: int) -> float:
    """Return the length of a group's start, which turns leave as it is."""
    total = 0.0
    for m in range(len(search.left)):
        total += search.left[m, g] * search.left[m, g]
    return float(np.sqrt(total))
