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
from numba import njit

from rumbo.engine.arrays import Array
from rumbo.engine.chances import gone_by_each
from rumbo.engine.elimination import Pattern, eliminate, pattern_of, solve
from rumbo.engine.lanes import Lay
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain

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
    """``V = keep P V + beside``, solved for all groups side by side."""

    def __init__(self, chain: Chain, mind: Mind, size: int, keep: Array) -> None:
        lay = Lay(1, len(keep), across=False)
        inside = chain.target != NOWHERE
        rows = np.concatenate([np.arange(size), chain.source[inside]])
        columns = np.concatenate([np.arange(size), chain.target[inside]])
        self._pattern, self._groups = pattern_of(rows, columns, size), len(keep)
        self._factors = np.zeros((len(self._pattern.column), lay.lanes))
        self._gain = np.zeros((size, lay.lanes))
        cost, keep = lay.filled(mind.cost), lay.filled(keep)
        # Cells are numbered as `_fill_in` comes to them: compartments first, then exits.
        _fill_in(chain, cost, keep, self._pattern, self._factors, self._gain)
        eliminate(self._pattern, self._factors)
        if not all(np.isfinite(made).all() for made in (self._factors, self._gain)):
            raise FloatingPointError("rates from which no values follow")

    def beside(self, beside: Array | float) -> Array:
        """Return the values; shape (G, C)."""
        value, place, groups = self._gain.copy(), self._pattern.place, self._groups
        value[place, :groups] += np.transpose(beside)
        solve(self._pattern, self._factors, value)
        return np.ascontiguousarray(value[place, :groups].T)


@njit(cache=True, nogil=True, error_model="numpy")  # a division by 0 raises nothing
def _fill_in(
    chain: Chain, cost: Array, keep: Array, pattern: Pattern, matrix: Array, gain: Array
) -> None:
    """Fill in ``1 - keep P``, (Z, B), and what a day is worth in itself, (C, B), in its order."""
    groups, leaving, place = len(chain.rate), np.zeros_like(gain), pattern.place
    for m in range(len(chain.source)):
        c = place[chain.source[m]]
        for g in range(groups):
            leaving[c, g] += chain.rate[g, m]
            gain[c, g] += chain.rate[g, m] * chain.worth[g, m]
    gone, mean = leaving.copy(), np.empty_like(leaving)
    gone_by_each(gone)
    for c in range(len(gain)):
        for b in range(len(keep)):
            mean[c, b] = gone[c, b] / leaving[c, b] if leaving[c, b] > 0.0 else 0.0
            matrix[pattern.diagonal[c], b] = 1.0 - keep[b] * (1.0 - gone[c, b])
            gain[c, b] = keep[b] * (mean[c, b] * gain[c, b] - cost[b])
    n = len(gain)
    for m in range(len(chain.source)):
        if chain.target[m] != NOWHERE:
            c = place[chain.source[m]]
            for g in range(groups):
                matrix[pattern.slot[n], g] -= keep[g] * mean[c, g] * chain.rate[g, m]
            n += 1
