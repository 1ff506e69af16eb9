"""The value of going now against waiting, on the engine's own chain of one day.

Worth is counted in crossings while the way is open. Of a world in which nothing changes any more
the value is ``X = P X``, where P is a day ahead: its cost, what the exits are worth, and the value
of where people are then. Of an outcome that may be undone (daily chance rho) it is
``Y = (1 - rho) P_o Y + rho X``. Before the believed dates, backwards from the last one, with the
chance z that an outcome comes on the day if none came so far,

    V_t = (1 - sum z_t) P V_{t+1} + sum z_t Y          going(V) = W + V_there - V_here
    log pace_t = stake (going(V_{t+1}) - going(X))

so that people set out faster where going today gains on being here tomorrow, by more than it does
when nothing is coming. Burda 1995 (CEPR DP 1229) on the option value of waiting; Rust 1987
(Econometrica 55) on the recursion.

Letters of shapes beside the engine's: ``D`` decisions; in `rumbo.model.minds.pace` also ``T`` days
ahead, ``O`` outcomes and ``B`` beliefs of a table.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import splu

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain, one_day

LASTING = 1.0 - 1e-6
"""Weight of tomorrow: a life of 2,700 years, so that a chain that nobody leaves has a value."""


AS_ORDERED: dict[str, Any] = {
    "diag_pivot_thresh": 0.0,
    "relax": 1,
    "panel_size": 1,
    "options": {"SymmetricMode": True},
}
"""How a chain's matrix is factored: its diagonal is larger than the rest of its row, so that no row
has to be exchanged, and its rows are short, so that columns are not worth taking together."""


class Mind(NamedTuple):
    """How people of each group reckon; every shape is (G,).

    Attributes
    ----------
    stake
        Log of the hazard per unit of worth (kappa).
    cost
        Worth that a day on the way costs.
    hope
        Daily chance that an outcome is undone (rho).
    ahead
        How far people count on their own later chance to go: 0 at the usual rate, 1 at the rate
        that they will then have (psi).
    """

    stake: Array
    cost: Array
    hope: Array
    ahead: Array


def usual_values(chain: Chain, mind: Mind, size: int) -> Array:
    """Value of each compartment if nothing ever changes: ``X = P X``.

    Parameters
    ----------
    chain
        The usual world.
    mind
        How people reckon.
    size
        Number of compartments, C.

    Returns
    -------
    numpy.ndarray
        In open crossings; shape (G, C).
    """
    return _Lasting(chain, mind, size, np.full(len(mind.cost), LASTING)).beside(0.0)


class After:
    """The world after an outcome, to be compared with several before it.

    Parameters
    ----------
    chain
        The world.
    mind
        How people reckon.
    size
        Number of compartments, C.
    """

    def __init__(self, chain: Chain, mind: Mind, size: int) -> None:
        self._hope = mind.hope[:, None]
        self._lasting = _Lasting(chain, mind, size, LASTING * (1.0 - mind.hope))

    def values(self, usual: Array) -> Array:
        """Value of each compartment once the outcome has come: ``Y = (1 - rho) P_o Y + rho X``.

        Parameters
        ----------
        usual
            Value if nothing changes, X; shape (G, C).

        Returns
        -------
        numpy.ndarray
            In open crossings; shape (G, C).
        """
        return self._lasting.beside(self._hope * usual)


class _Lasting:
    """``V = keep P V + beside``, solved for all groups at once, as one matrix of blocks."""

    def __init__(self, chain: Chain, mind: Mind, size: int, keep: Array) -> None:
        groups, stay, share = len(mind.cost), *one_day(chain, size)
        gain = np.zeros((groups, size)) - mind.cost[:, None]
        for g in range(groups):
            gain[g] += np.bincount(chain.source, share[g] * chain.worth[g], size)
        inside = chain.target != NOWHERE
        rows = np.concatenate([np.arange(size), chain.source[inside]])
        columns = np.concatenate([np.arange(size), chain.target[inside]])
        ahead = keep[:, None]
        cells = np.concatenate([1.0 - ahead * stay, -ahead * share[:, inside]], axis=1)
        found = _pattern(rows.tobytes(), columns.tobytes(), size)
        self._place, self._gain = found.place, ahead * gain
        self._factors = splu(found.blocks(cells), permc_spec="NATURAL", **AS_ORDERED)

    def beside(self, beside: Array | float) -> Array:
        """Return the values; shape (G, C)."""
        given = np.empty_like(self._gain)
        given[:, self._place] = self._gain + beside
        solved: Array = self._factors.solve(given.ravel()).reshape(given.shape)
        return solved[:, self._place]


class _Pattern(NamedTuple):
    """Where the matrix of one group has cells; groups and worlds have it in common.

    Attributes
    ----------
    place
        Places of compartments, in whose order elimination fills few cells; shape (C,).
    order
        Numbers of the cells given, column by column in that order, those alike together.
    begin
        Where each cell that is left begins in it; shape (Z,).
    row, first
        Row of each; columns begin at ``first``; shapes (Z,) and (C + 1,).
    """

    place: Index
    order: Index
    begin: Index
    row: Index
    first: Index

    def blocks(self, cells: Array) -> csc_array:
        """Return one matrix with a block for each group, of cells (G, N) in the order given."""
        data = np.add.reduceat(cells[:, self.order], self.begin, axis=1)
        groups, size, many = len(cells), len(self.place), len(self.row)
        block = np.arange(groups)[:, None]
        row = (self.row + block * size).ravel()
        first = np.append((self.first[:-1] + block * many).ravel(), groups * many)
        return csc_array((data.ravel(), row, first), (groups * size, groups * size))


@lru_cache(maxsize=4)
def _pattern(row_bytes: bytes, column_bytes: bytes, size: int) -> _Pattern:
    """Find the pattern, and by minimum degree an order of compartments that fills few cells.

    Parameters
    ----------
    row_bytes, column_bytes
        Row and column of each cell, 64-bit integers.
    size
        Number of compartments, C.
    """
    rows, columns = (np.frombuffer(cells, dtype=np.int64) for cells in (row_bytes, column_bytes))
    diagonal = np.bincount(rows, minlength=size).astype(float)
    cells = np.where(rows == columns, diagonal[rows], -1.0)
    pattern = coo_array((cells, (rows, columns)), (size, size)).tocsc()
    filled = splu(pattern, permc_spec="MMD_AT_PLUS_A", **AS_ORDERED)
    place = np.asarray(filled.perm_c, dtype=np.int64)
    at = np.stack([place[columns], place[rows]])
    order = np.lexsort(at[::-1])
    begin = np.flatnonzero(np.diff(at[:, order], prepend=NOWHERE).any(axis=0))
    column, row = at[:, order[begin]]
    return _Pattern(place, order, begin, row, np.searchsorted(column, np.arange(size + 1)))
