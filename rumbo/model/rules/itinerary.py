"""One try of a way: people set out from where they are fresh, and come through place after place.

They are told apart by the zone for which they are bound and the mode by which they reached a place.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index
from rumbo.model.rules.choice import Atlas


class Itinerary(NamedTuple):
    """Places in the order in which people bound for each zone come to them, and the links on.

    States are pairs of a place and the mode by which it was reached, numbered through.

    Attributes
    ----------
    first
        Those bound for zone k come to the places ``first[k] : first[k + 1]`` of the following.
    first_in, state, part
        Place n is reached in the states ``state[first_in[n] : first_in[n + 1]]``; one over what all
        ways on are worth in each.
    first_out, link, onto, alike
        Links ``link[first_out[n] : first_out[n + 1]]`` lead on from it; the state each leads to,
        and the one of those who came by its mode, or of the fresh where nobody does.
    board, stay
        What each link is worth to those who board its mode, and how much more to those who came by
        it, over what all ways on are worth to them.
    modes
        Number of modes by which a place can be reached, the last for the fresh.
    """

    first: Index
    first_in: Index
    state: Index
    part: Array
    first_out: Index
    link: Index
    onto: Index
    alike: Index
    board: Array
    stay: Array
    modes: int


@njit(cache=True, nogil=True)
def lay_out(weight: Array, board: Array, total: Array, atlas: Atlas) -> Itinerary:
    """Put links in order; weights (K, H) and totals (K, P, modes) of one kind of people."""
    zones, places, modes = total.shape
    most, every = int(np.sum(atlas.toward)), zones * places
    first, n, i, e = np.zeros(zones + 1, dtype=np.int64), 0, 0, 0
    first_in, first_out = np.zeros((2, every + 1), dtype=np.int64)
    state, part = np.empty(every * modes, dtype=np.int64), np.empty(every * modes)
    link, onto, alike = np.empty((3, most), dtype=np.int64)
    boards, stays = np.zeros((2, most))
    for k in range(zones):
        for place in atlas.nearest[k][::-1]:
            reached = atlas.by[atlas.first_by[place] : atlas.first_by[place + 1]]
            for a in atlas.link[atlas.first[place] : atlas.first[place + 1]]:
                if not atlas.toward[k, a] or weight[k, a] == 0.0:
                    continue
                mode = atlas.mode[a]
                link[e], onto[e] = a, atlas.onto[a] * modes + mode
                alike[e], boards[e] = place * modes + modes - 1, weight[k, a] * board[mode]
                if np.any(reached == mode):
                    alike[e] = place * modes + mode
                    stays[e] = (weight[k, a] - boards[e]) / total[k, place, mode]
                e += 1
            if e > first_out[n]:
                for by in reached:
                    state[i], part[i] = place * modes + by, 1.0 / total[k, place, by]
                    i += 1
                n += 1
                first_in[n], first_out[n] = i, e
        first[k + 1] = n
    return Itinerary(
        first, first_in, state, part, first_out, link, onto, alike, boards, stays, modes
    )


@njit(cache=True, nogil=True)
def set_out(
    itinerary: Itinerary, fresh: Array, bound: Array, alive: Array, at: Array, passage: Array
) -> None:
    """Fill in how many take each link (H, G) if so many set out fresh from each place (P, G).

    Parameters
    ----------
    itinerary
        Places and links in order.
    fresh
        Who sets out; numbers of any sign, for passages follow from them in proportion.
    bound
        Share of those fresh at a place who are bound for each zone; shape (K, P, G).
    alive
        Chance of neither being stopped nor dying on a link; shape (H, G).
    at
        Room for those in each state; shape (states, G).
    passage
        Filled in.
    """
    passage[:], here = 0.0, np.empty(fresh.shape[1])
    for k in range(len(bound)):
        _begin(itinerary, k, fresh, bound[k], at)
        _follow(itinerary, k, alive, at, here, passage)


@njit(cache=True, nogil=True)
def _begin(itinerary: Itinerary, k: int, fresh: Array, bound: Array, at: Array) -> None:
    """Put the fresh who are bound for a zone into their states, and nobody into others."""
    ways = itinerary.first_in[itinerary.first[k] : itinerary.first[k + 1] + 1]
    for state in itinerary.state[ways[0] : ways[-1]]:
        place, by = state // itinerary.modes, state % itinerary.modes
        there = 1.0 if by == itinerary.modes - 1 else 0.0
        for g in range(at.shape[1]):
            at[state, g] = there * fresh[place, g] * bound[place, g]


@njit(cache=True, nogil=True)
def _follow(
    itinerary: Itinerary, k: int, alive: Array, at: Array, here: Array, passage: Array
) -> None:
    """Move those bound for a zone along; ``here`` takes those at one place."""
    way, groups = itinerary, len(here)
    for n in range(way.first[k], way.first[k + 1]):
        here[:] = 0.0
        for i in range(way.first_in[n], way.first_in[n + 1]):
            came, part = way.state[i], way.part[i]
            for g in range(groups):
                here[g] += at[came, g] * part
        for e in range(way.first_out[n], way.first_out[n + 1]):
            link, onto, alike = way.link[e], way.onto[e], way.alike[e]
            board, stay = way.board[e], way.stay[e]
            for g in range(groups):
                flow = here[g] * board + at[alike, g] * stay
                passage[link, g] += flow
                at[onto, g] += flow * alive[link, g]
