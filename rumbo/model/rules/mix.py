"""Who chooses: people at a place, by the mode by which they reached it and where they are bound.

Compartments do not tell them apart. What counts for the rate of a link is the choice of all who
come through its start, weighed by how many they are in the long run: one linear system, solved try
by try, since those who are stopped and released set out again from where that was.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.model.rules.choice import Atlas, Ways, weigh_ways, zone_shares
from rumbo.model.rules.custody import set_out_again
from rumbo.model.rules.form import Values, add_up, by_group, shares
from rumbo.model.rules.ground import Ground

SMALLEST_SHARE = 2e-3
"""Links chosen by fewer are left out, and the others scaled up: fewer moves to draw each day."""

MOST_TRIES = 300
"""Tries after which those who were stopped each time are left out; the mix has long settled."""

FEW = 1e-11
"""Share of those who entered that is still trying, at which all tries are taken to be counted."""

NOBODY = 1e-100
"""Expected passages below which nobody is expected at a place."""


class Checks(NamedTuple):
    """The checks that are passed on the links that lead on.

    Attributes
    ----------
    link, place
        Number of the link among those, and place of each check; shape (N,).
    stopped
        Chance, on setting out, of being stopped at that check; shape (G, N).
    """

    link: Index
    place: Index
    stopped: Array


class Again(NamedTuple):
    """Where people set out again after being stopped, fresh.

    Attributes
    ----------
    link, place, stopped
        As of `Checks`, but for ``stopped`` of shape (N, G).
    released
        Share of those stopped at a place who set out again from there; shape (P, G).
    source, target
        Pairs of places between which the stopped are moved; shape (Q,).
    moved
        Share of those stopped at the source who set out again from the target; shape (Q, G).
    """

    link: Index
    place: Index
    stopped: Array
    released: Array
    source: Index
    target: Index
    moved: Array

    def of(self, groups: Index) -> "Again":
        """Return the same for some of the groups."""
        by_group = {name: getattr(self, name)[:, groups] for name in _BY_GROUP}
        return self._replace(**{name: np.ascontiguousarray(x) for name, x in by_group.items()})


_BY_GROUP = ("stopped", "released", "moved")


def choices(values: Values, ground: Ground, utility: Array, checks: Checks, alive: Array) -> Array:
    """Share of those who go on from a place that takes each link, whoever they are.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.
    utility
        Of the links that lead on, without what changing the mode costs; shape (G, H).
    checks
        The checks on them.
    alive
        Chance of neither being stopped nor dying on each; shape (G, H).

    Returns
    -------
    numpy.ndarray
        Shape (G, H). Where nobody is expected, it is the choice of the fresh.
    """
    atlas, origin = ground.atlas, ground.origin[ground.heading]
    kind, ways = _ways(values, ground, utility)
    appeal = by_group(values["zone.appeal"], len(kind)) + values["zone.reach"]
    bound = zone_shares(appeal[:, atlas.zones], ways.value[kind, :, :, -1])
    again = _again(values, ground, checks)
    taken = np.zeros_like(utility)
    for one in range(len(ways.weight)):
        mine = np.flatnonzero(kind == one)
        parts = bound[mine].transpose(1, 2, 0), ground.starts[mine].T, alive[mine].T
        taken[mine] = passages(one, ways, atlas, *parts, again.of(mine)).T
    size = len(ground.places)
    unmet = add_up(taken, origin, size) <= NOBODY
    fresh = fresh_choice(ways, kind, atlas, bound, unmet)
    choice = np.where(unmet[:, origin], fresh, shares(taken, origin, size))
    return shares(np.where(choice < SMALLEST_SHARE, 0.0, choice), origin, size)


def _ways(values: Values, ground: Ground, utility: Array) -> tuple[Index, Ways]:
    """Kind of each group, and what ways are worth to each kind: to most groups, the same."""
    board = by_group(values["mode.board"], len(utility))
    board = np.broadcast_to(board, (len(utility), len(ground.modes)))
    rows = np.hstack([utility, board])
    number: dict[bytes, int] = {}
    kind = np.array([number.setdefault(row.tobytes(), len(number)) for row in rows])
    rows = rows[[int(np.argmax(kind == one)) for one in range(len(number))]]
    links = utility.shape[1]
    return kind, weigh_ways(rows[:, :links], rows[:, links:], ground.atlas)


def _again(values: Values, ground: Ground, checks: Checks) -> Again:
    link, place, stopped = checks
    return Again(link, place, stopped.T, *set_out_again(values, ground))


def passages(
    kind: int, ways: Ways, atlas: Atlas, bound: Array, start: Array, alive: Array, again: Again
) -> Array:
    """Return how many people take each link in the long run, for groups of one kind.

    Parameters
    ----------
    kind
        Number of their kind among those of `ways`.
    ways, atlas
        What ways are worth, and the network.
    bound
        Share of those fresh at a place who are bound for each zone; shape (K, P, G).
    start
        People entering at each place; shape (P, G).
    alive
        Chance of neither being stopped nor dying on a link; shape (H, G).
    again
        Where the stopped set out again.

    Returns
    -------
    numpy.ndarray
        Shape (H, G).
    """
    taken = np.zeros(alive.shape)
    itinerary = _lay_out(ways.weight[kind], ways.board[kind], ways.total[kind], atlas)
    bound, start, alive = (np.ascontiguousarray(one) for one in (bound, start, alive))
    _tries(itinerary, bound, start, alive, again, taken)
    return taken


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
def _lay_out(weight: Array, board: Array, total: Array, atlas: Atlas) -> Itinerary:
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
def _tries(
    itinerary: Itinerary, bound: Array, start: Array, alive: Array, again: Again, taken: Array
) -> None:
    """Add up what is taken in each try."""
    fresh, passage, here = start.copy(), np.empty_like(taken), np.empty(start.shape[1])
    at = np.zeros((len(start) * itinerary.modes, start.shape[1]))
    for _ in range(MOST_TRIES):
        passage[:] = 0.0
        for k in range(len(bound)):
            _set_out(itinerary, k, fresh, bound[k], at)
            _follow(itinerary, k, alive, at, here, passage)
        taken += passage
        _stop(passage, again, fresh)
        if fresh.sum() <= FEW * start.sum():
            break


@njit(cache=True, nogil=True)
def _set_out(itinerary: Itinerary, k: int, fresh: Array, bound: Array, at: Array) -> None:
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


@njit(cache=True, nogil=True)
def _stop(passage: Array, again: Again, fresh: Array) -> None:
    """Put those who were stopped where they set out again."""
    stopped = np.zeros_like(fresh)
    for n in range(len(again.link)):
        for g in range(fresh.shape[1]):
            stopped[again.place[n], g] += passage[again.link[n], g] * again.stopped[n, g]
    for p in range(fresh.shape[0]):
        for g in range(fresh.shape[1]):
            fresh[p, g] = stopped[p, g] * again.released[p, g]
    for q in range(len(again.source)):
        for g in range(fresh.shape[1]):
            fresh[again.target[q], g] += stopped[again.source[q], g] * again.moved[q, g]


def fresh_choice(ways: Ways, kind: Index, atlas: Atlas, bound: Array, unmet: Flags) -> Array:
    """Choice of those who are not travelling, whatever zone they are bound for.

    Parameters
    ----------
    ways, atlas
        What ways are worth, and the network.
    kind
        Kind of each group; shape (G,).
    bound
        Share of those fresh at a place who are bound for each zone; shape (G, K, P).
    unmet
        Places at which it is asked for; shape (G, P).

    Returns
    -------
    numpy.ndarray
        Share of the fresh at a link's start who choose it, 0 elsewhere; shape (G, H).
    """
    choice = np.zeros((len(kind), len(atlas.link)))
    _choose_fresh(ways, kind, atlas, bound, unmet, choice)
    return choice


@njit(cache=True, nogil=True)
def _choose_fresh(
    ways: Ways, kind: Index, atlas: Atlas, bound: Array, unmet: Flags, choice: Array
) -> None:
    """Fill in the choice of the fresh."""
    for g in range(len(kind)):
        weight, total, board = ways.weight[kind[g]], ways.total[kind[g]], ways.board[kind[g]]
        for place in np.flatnonzero(unmet[g]):
            for a in atlas.link[atlas.first[place] : atlas.first[place + 1]]:
                for k in range(len(weight)):
                    share = weight[k, a] * board[atlas.mode[a]] / total[k, place, -1]
                    choice[g, a] += bound[g, k, place] * share
