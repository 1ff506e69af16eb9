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
    """Links in the order in which people bound for each zone come to them, and who takes them.

    States are pairs of a place and the mode by which it was reached, numbered through.

    Attributes
    ----------
    first
        Those bound for zone k take links ``first[k] : first[k + 1]`` of the following.
    link, onto
        Number of each, and the state that it leads to.
    first_of
        Those in states ``first_of[n] : first_of[n + 1]`` of the following take link n.
    state, share
        Number of the state, and share of those in it who take the link.
    modes
        Number of modes by which a place can be reached, the last for the fresh.
    """

    first: Index
    link: Index
    onto: Index
    first_of: Index
    state: Index
    share: Array
    modes: int


@njit(cache=True, nogil=True)
def _lay_out(weight: Array, board: Array, total: Array, atlas: Atlas) -> Itinerary:
    """Put links in order; weights (K, H) and totals (K, P, modes) of one kind of people."""
    zones, _, modes = total.shape
    most = int(np.sum(atlas.toward))
    first, n, e = np.zeros(zones + 1, dtype=np.int64), 0, 0
    link, onto = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    first_of = np.zeros(most + 1, dtype=np.int64)
    state, share = np.empty(most * modes, dtype=np.int64), np.empty(most * modes)
    for k in range(zones):
        for place in atlas.nearest[k][::-1]:
            for a in atlas.link[atlas.first[place] : atlas.first[place + 1]]:
                if not atlas.toward[k, a] or weight[k, a] == 0.0:
                    continue
                mode = atlas.mode[a]
                for by in atlas.by[atlas.first_by[place] : atlas.first_by[place + 1]]:
                    changing = 1.0 if by == mode else board[mode]
                    state[e] = place * modes + by
                    share[e] = weight[k, a] * changing / total[k, place, by]
                    e += 1
                link[n], onto[n] = a, atlas.onto[a] * modes + mode
                n += 1
                first_of[n] = e
        first[k + 1] = n
    return Itinerary(first, link, onto, first_of, state, share, modes)


@njit(cache=True, nogil=True)
def _tries(
    itinerary: Itinerary, bound: Array, start: Array, alive: Array, again: Again, taken: Array
) -> None:
    """Add up what is taken in each try."""
    fresh, passage, flow = start.copy(), np.empty_like(taken), np.empty(start.shape[1])
    at = np.empty((len(start) * itinerary.modes, start.shape[1]))
    for _ in range(MOST_TRIES):
        passage[:] = 0.0
        for k in range(len(bound)):
            at[:] = 0.0
            at[itinerary.modes - 1 :: itinerary.modes] = fresh * bound[k]
            _follow(itinerary, k, alive, at, flow, passage)
        taken += passage
        _stop(passage, again, fresh)
        if fresh.sum() <= FEW * start.sum():
            break


@njit(cache=True, nogil=True)
def _follow(
    itinerary: Itinerary, k: int, alive: Array, at: Array, flow: Array, passage: Array
) -> None:
    """Move those bound for a zone along; ``flow`` takes those on one link."""
    groups = len(flow)
    for n in range(itinerary.first[k], itinerary.first[k + 1]):
        flow[:] = 0.0
        for e in range(itinerary.first_of[n], itinerary.first_of[n + 1]):
            here, share = at[itinerary.state[e]], itinerary.share[e]
            for g in range(groups):
                flow[g] += here[g] * share
        passed, gone = passage[itinerary.link[n]], at[itinerary.onto[n]]
        left = alive[itinerary.link[n]]
        for g in range(groups):
            passed[g] += flow[g]
            gone[g] += flow[g] * left[g]


@njit(cache=True, nogil=True)
def _stop(passage: Array, again: Again, fresh: Array) -> None:
    """Put those who were stopped where they set out again."""
    stopped = np.zeros_like(fresh)
    for n in range(len(again.link)):
        for g in range(fresh.shape[1]):
            stopped[again.place[n], g] += passage[again.link[n], g] * again.stopped[n, g]
    fresh[:] = stopped * again.released
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
