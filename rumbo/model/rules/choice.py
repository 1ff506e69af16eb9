"""The choice of way: what the ways that lead on are worth to those bound for each zone.

People choose a destination zone, and at every place a link that leads nearer to it. They weigh a
link by what it costs and by all that can follow (recursive logit; Fosgerau, Frejinger, Karlstrom
2013); changing the mode of travel costs something too, so that the value of a place depends on the
mode by which it was reached. Links that lead nearer never go round: values are filled in place by
place, nearest first, as logarithms, and are finite whatever ways cost.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index


class Atlas(NamedTuple):
    """What the choice of way needs to know of the network.

    Links are numbered among those that lead on. People are told apart by the mode by which they
    reached a place; those who were not travelling (just entered, released, moved) count as a mode
    of their own, the last one.

    Attributes
    ----------
    zones
        Destination zones; shape (K,).
    first, link
        Links out of place i: ``link[first[i] : first[i + 1]]``; shapes (P + 1,) and (H,).
    onto, mode
        Place where each link ends, and number of its mode; shape (H,).
    first_by, by
        Modes by which place i is reached, the last one among them: ``by[first_by[i] :
        first_by[i + 1]]``.
    toward
        Whether a link leads nearer to a zone; shape (K, H).
    nearest
        Places in the order of their distance from a zone; shape (K, P).
    """

    zones: Index
    first: Index
    link: Index
    onto: Index
    mode: Index
    first_by: Index
    by: Index
    toward: Flags
    nearest: Index


def make_atlas(
    zones: Index, origin: Index, onto: Index, mode: Index, modes: int, far: Array
) -> Atlas:
    """Gather what the choice of way needs to know.

    Parameters
    ----------
    zones
        Destination zones; shape (K,).
    origin, onto, mode
        Ends and number of the mode of each link that leads on; shape (H,).
    modes
        Number of modes.
    far
        Kilometres from each place to each zone; infinite where no way leads; shape (K, P).

    Returns
    -------
    Atlas
    """
    places = np.arange(far.shape[1] + 1)
    link = np.argsort(origin, kind="stable")
    reached = np.unique(onto * (modes + 1) + mode)
    fresh = places[:-1] * (modes + 1) + modes
    place, by = np.divmod(np.union1d(reached, fresh), modes + 1)
    return Atlas(
        zones,
        np.searchsorted(origin[link], places),
        link,
        onto,
        mode,
        np.searchsorted(place, places),
        by,
        far[:, onto] < far[:, origin],
        np.argsort(far, axis=1, kind="stable"),
    )


class Ways(NamedTuple):
    """What the ways that lead on are worth, for each kind of people (U) and zone (K).

    Attributes
    ----------
    weight
        Weight of each link among those out of its start; shape (U, K, H).
    board
        What that is multiplied by when the mode changes; shape (U, modes).
    total
        Sum of the weights out of a place, by the mode by which it was reached; shape
        (U, K, P, modes + 1).
    value
        Logarithm of the value of a place, likewise; minus infinite where no way leads.
    """

    weight: Array
    board: Array
    total: Array
    value: Array


def weigh_ways(utility: Array, board: Array, atlas: Atlas) -> Ways:
    """Work out the values of all places for those bound for each zone.

    Parameters
    ----------
    utility
        Of each link, without what a change of mode costs; shape (U, H).
    board
        Utility of changing to a mode; shape (U, modes).
    atlas
        The network.

    Returns
    -------
    Ways
        With the values ``v_s = log(sum over links of exp(u + board [mode changes] + v_t))``, 0 in
        the zone itself.
    """
    kinds, zones, places = len(utility), len(atlas.zones), len(atlas.first) - 1
    weight = np.zeros((kinds, zones, utility.shape[1]))
    total = np.ones((kinds, zones, places, board.shape[1] + 1))
    value = np.full(total.shape, -np.inf)
    factor = np.exp(board)
    _weigh(np.ascontiguousarray(utility), factor, atlas, weight, total, value)
    return Ways(weight, factor, total, value)


@njit(cache=True, nogil=True)
def _weigh(
    utility: Array, board: Array, atlas: Atlas, weight: Array, total: Array, value: Array
) -> None:
    """Fill in weights, totals and values, nearest places first."""
    out = np.empty(board.shape[1])
    for u in range(len(utility)):
        for k in range(len(atlas.zones)):
            value[u, k, atlas.zones[k]] = 0.0
            for place in atlas.nearest[k]:
                best = _best(place, k, utility[u], atlas, value[u, k])
                if best > -np.inf:
                    _add_by_mode(place, k, utility[u], atlas, value[u, k], best, weight[u, k], out)
                    _sum_up(place, board[u], atlas, best, out, total[u, k], value[u, k])


@njit(cache=True, nogil=True)
def _best(place: int, k: int, utility: Array, atlas: Atlas, value: Array) -> float:
    """Return the worth of the best way on to a zone."""
    best = -np.inf
    for a in atlas.link[atlas.first[place] : atlas.first[place + 1]]:
        if atlas.toward[k, a]:
            best = max(best, utility[a] + value[atlas.onto[a], atlas.mode[a]])
    return best


@njit(cache=True, nogil=True)
def _add_by_mode(
    place: int,
    k: int,
    utility: Array,
    atlas: Atlas,
    value: Array,
    best: float,
    weight: Array,
    out: Array,
) -> None:
    """Weigh the links out of a place against the best, and add them up by mode."""
    out[:] = 0.0
    for a in atlas.link[atlas.first[place] : atlas.first[place + 1]]:
        if atlas.toward[k, a]:
            weight[a] = np.exp(utility[a] + value[atlas.onto[a], atlas.mode[a]] - best)
            out[atlas.mode[a]] += weight[a]


@njit(cache=True, nogil=True)
def _sum_up(
    place: int, board: Array, atlas: Atlas, best: float, out: Array, total: Array, value: Array
) -> None:
    """Value a place by each mode that it is reached by."""
    for s in range(atlas.first_by[place], atlas.first_by[place + 1]):
        by, whole = atlas.by[s], 0.0
        for n in range(len(out)):
            whole += out[n] * (1.0 if n == by else board[n])
        total[place, by] = whole
        value[place, by] = best + np.log(whole)


def zone_shares(appeal: Array, value: Array) -> Array:
    """Share of those who set out fresh from a place that is bound for each zone.

    Parameters
    ----------
    appeal
        What draws people to each zone, a utility; shape (G, K).
    value
        Logarithm of the value of each place to each group, when fresh; shape (G, K, P).

    Returns
    -------
    numpy.ndarray
        Shape (G, K, P); 0 where no way leads.
    """
    worth = appeal[:, :, None] + value
    best = np.max(worth, axis=1, keepdims=True, initial=-np.inf)
    weight = np.exp(worth - np.where(np.isfinite(best), best, 0.0))
    total = weight.sum(axis=1, keepdims=True)
    return weight / np.where(total > 0, total, 1.0)
