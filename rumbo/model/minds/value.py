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

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from rumbo.engine.arrays import Array
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain, one_day

LASTING = 1.0 - 1e-6
"""Weight of tomorrow: a life of 2,700 years, so that a chain that nobody leaves has a value."""


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
        block = np.arange(groups)[:, None] * size
        rows = np.concatenate([block + np.arange(size), block + chain.source[inside]], axis=1)
        columns = np.concatenate([block + np.arange(size), block + chain.target[inside]], axis=1)
        ahead = keep[:, None]
        cells = np.concatenate([1.0 - ahead * stay, -ahead * share[:, inside]], axis=1)
        shape = (groups * size, groups * size)
        matrix = coo_array((cells.ravel(), (rows.ravel(), columns.ravel())), shape).tocsc()
        self._gain, self._factors = ahead * gain, splu(matrix)

    def beside(self, beside: Array | float) -> Array:
        """Return the values; shape (G, C)."""
        solved = self._factors.solve((self._gain + beside).ravel())
        return np.asarray(solved).reshape(self._gain.shape)
