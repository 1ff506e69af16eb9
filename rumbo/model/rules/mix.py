"""Who chooses: people at a place, by the mode by which they reached it and where they are bound.

Compartments do not tell them apart. What counts for the rate of a link is the choice of all who
come through its start, weighed by how many they are in the long run: one linear system, since
those who are stopped and released set out again from where that was.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.model.rules.choice import Atlas, Ways, weigh_ways, zone_shares
from rumbo.model.rules.custody import set_out_again
from rumbo.model.rules.form import Values, add_up, by_group, shares
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.itinerary import Itinerary, lay_out, set_out
from rumbo.model.rules.settling import MOST, add_up_tries, begin, extend, found

SMALLEST_SHARE = 2e-3
"""Links chosen by fewer are left out, and the others scaled up: fewer moves to draw each day."""

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
    itinerary = lay_out(ways.weight[kind], ways.board[kind], ways.total[kind], atlas)
    bound, start, alive = (np.ascontiguousarray(one) for one in (bound, start, alive))
    _tries(itinerary, bound, start, alive, again, taken)
    return taken


@njit(cache=True, nogil=True)
def _tries(
    itinerary: Itinerary, bound: Array, start: Array, alive: Array, again: Again, taken: Array
) -> None:
    """Fill in what is taken in all tries together."""
    at = np.zeros((len(start) * itinerary.modes, start.shape[1]))
    stopped, fresh = np.empty_like(start), np.empty_like(start)
    search, settled = begin(start), False
    for n in range(MOST):
        set_out(itinerary, search.basis[n], bound, alive, at, taken)
        _stop(taken, again, stopped, fresh)
        settled = extend(search, n, fresh)
        if settled:
            break
    total = found(search)
    for _ in range(0 if settled else MOST):
        set_out(itinerary, total, bound, alive, at, taken)
        _stop(taken, again, stopped, fresh)
        add_up_tries(search, start, fresh, total)
    set_out(itinerary, total, bound, alive, at, taken)


@njit(cache=True, nogil=True)
def _stop(passage: Array, again: Again, stopped: Array, fresh: Array) -> None:
    """Put those who were stopped, whom ``stopped`` has room for, where they set out again."""
    stopped[:] = 0.0
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
