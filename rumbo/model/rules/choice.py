"""The choice of way: what the ways that lead on from each place are worth, place by place.

People who choose among links at every place weigh each by what it costs and by all that can follow
(recursive logit; Fosgerau, Frejinger, Karlstrom 2013). The value of a place is a sum over its links
of the link's weight times the value of the place it leads to.
"""

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.files.faults import Fault, Faults

MOST_TURNS = 100_000
"""Turns after which values are taken to grow without end; they settle in some 30 where ways are
sensible, and in a few thousand where a step round costs next to nothing."""

HUGE = 1e300
"""A value beyond this grows without end."""


def reach(weight: Array, origin: Index, destination: Index, end: Array) -> Array:
    """Return the value of each place: what can be reached from it, weighed by its cost.

    Parameters
    ----------
    weight
        Weight of each link: exp of its utility; shape (G, H).
    origin, destination
        Places that the links join; shape (H,).
    end
        Value of a journey that ends at a place; 0 where none does; shape (G, P).

    Returns
    -------
    numpy.ndarray
        The least solution of ``reach = end + sum over links of weight * reach[destination]``, by
        turns over the places. From 0 the values only rise, rounded or not, so they are taken once
        a turn moves none of them. Shape (G, P).

    Raises
    ------
    Faults
        If the values grow without end: going round costs so little that no way is best.
    """
    order = np.argsort(origin, kind="stable")
    first = np.searchsorted(origin[order], np.arange(end.shape[1] + 1))
    onto = destination[order]
    value = np.zeros((end.shape[1], end.shape[0]))
    settled = _settle(
        np.ascontiguousarray(weight.T[order]),
        first,
        onto,
        np.ascontiguousarray(end.T),
        _places_by_distance(first, onto, end),
        value,
    )
    if not settled:
        raise Faults([_endless()])
    return np.ascontiguousarray(value.T)


def _places_by_distance(first: Index, onto: Index, end: Array) -> Index:
    """Places from which anything can be reached; those the fewest links from an end come first."""
    start = np.repeat(np.arange(len(first) - 1), np.diff(first))
    back = np.argsort(onto, kind="stable")
    into = np.searchsorted(onto[back], np.arange(len(first)))
    seen = np.asarray((end > 0).any(axis=0))
    order = np.empty(len(seen), dtype=np.int64)
    return order[: _walk_back(start[back], into, seen, order)]


@njit(cache=True)
def _walk_back(start: Index, into: Index, seen: Flags, order: Index) -> int:
    """Put places in order, those ``seen`` first, then those that lead to them; how many."""
    known = 0
    for place in np.flatnonzero(seen):
        order[known] = place
        known += 1
    done = 0
    while done < known:
        for a in range(into[order[done]], into[order[done] + 1]):
            if not seen[start[a]]:
                seen[start[a]] = True
                order[known] = start[a]
                known += 1
        done += 1
    return known


@njit(cache=True)
def _settle(
    weight: Array, first: Index, onto: Index, end: Array, order: Index, value: Array
) -> bool:
    """Fill in the values (P, G), place by place; return whether they came to rest."""
    total = np.empty(value.shape[1])
    for _ in range(MOST_TURNS):
        moved = False
        for place in order:
            total[:] = end[place]
            for a in range(first[place], first[place + 1]):
                for g in range(len(total)):
                    total[g] += weight[a, g] * value[onto[a], g]
            for g in range(len(total)):
                if total[g] != value[place, g]:
                    moved = True
                    value[place, g] = total[g]
        if not moved:
            return True
        if not value.max() < HUGE:
            break
    return False


def _endless() -> Fault:
    return Fault(
        "settings",
        0,
        "route.time is too small: wandering costs so little that no way is best",
        "Raise route.time, route.risk or route.cost, or lower mode.constant",
    )
