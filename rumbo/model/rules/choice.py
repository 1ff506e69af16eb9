"""The choice of way: what the ways that lead on from each place are worth, place by place.

People who choose among links at every place weigh each by what it costs and by all that can follow
(recursive logit; Fosgerau, Frejinger, Karlstrom 2013). The value of a place is a sum over its links
of the link's weight times the value of the place it leads to.
"""

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index
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
        from_the_ends(first, onto),
        value,
    )
    if not settled:
        raise Faults([_endless()])
    return np.ascontiguousarray(value.T)


def from_the_ends(first: Index, onto: Index) -> Index:
    """Order places so that each comes after those it leads to, but for ways round.

    Where no way goes round, one turn fills in all values, however long the ways are.
    """
    order = np.empty(len(first) - 1, dtype=np.int64)
    _put_after(first, onto, first[:-1].copy(), order)
    return order


@njit(cache=True)
def _put_after(first: Index, onto: Index, link: Index, order: Index) -> None:
    """Walk all ways depth first, ``link`` being the next of each place, and note places left."""
    entered = np.zeros(len(order), dtype=np.bool_)
    way = np.empty(len(order), dtype=np.int64)
    known = 0
    for place in range(len(order)):
        depth = 0 if entered[place] else 1
        way[0] = place
        entered[place] = True
        while depth:
            here = way[depth - 1]
            if link[here] == first[here + 1]:
                order[known] = here
                known += 1
                depth -= 1
                continue
            there = onto[link[here]]
            link[here] += 1
            if not entered[there]:
                entered[there] = True
                way[depth] = there
                depth += 1


@njit(cache=True)
def _settle(
    weight: Array, first: Index, onto: Index, end: Array, order: Index, value: Array
) -> bool:
    """Fill in the values (P, G), place by place; return whether they came to rest.

    A place is looked at again only when one that it leads to has moved since.
    """
    total = np.empty(value.shape[1])
    moved, looked = np.zeros(len(value), dtype=np.int64), np.zeros(len(value), dtype=np.int64)
    now = 0
    for _ in range(MOST_TURNS):
        before = now
        for place in order:
            stale = looked[place] == 0
            for a in range(first[place], first[place + 1]):
                stale |= moved[onto[a]] >= looked[place]
            if not stale:
                continue
            total[:] = end[place]
            for a in range(first[place], first[place + 1]):
                for g in range(len(total)):
                    total[g] += weight[a, g] * value[onto[a], g]
            now += 1
            looked[place] = now
            for g in range(len(total)):
                if total[g] != value[place, g]:
                    moved[place] = now
                    value[place, g] = total[g]
        if now == before:
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
