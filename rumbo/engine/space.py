"""The compartments where people are counted and the transitions between them.

A compartment is a status at a place, or a stage on a link, for people moved south ``moved`` times.
A transition leads from one compartment to another, or to nowhere when people leave the corridor.
Rules say which transitions exist; `build_space` numbers them once, for every day and member.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Index, Keys
from rumbo.engine.draws import keys

NOWHERE = -1
"""Index that stands for outside the corridor."""


class Compartment(NamedTuple):
    """Where people are counted.

    Attributes
    ----------
    status
        What they do: waiting, held, queue, asylum, custody, parole, travelling; within a day they
        may be arrived, choosing or following.
    at
        Index of the place; of the link when ``status`` is travelling.
    moved
        How often they were moved south: 0, 1, or 2 for twice and more.
    stage
        Stage in a series, from 0.
    recent, today
        How far they travelled lately and today, as numbers of points on a scale.
    route
        Indices of the places they have yet to pass on the way that they chose.
    """

    status: str
    at: int
    moved: int = 0
    stage: int = 0
    recent: int = 0
    today: int = 0
    route: tuple[int, ...] = ()


class Move(NamedTuple):
    """A transition as a rule names it.

    Attributes
    ----------
    kind
        What happens: depart, stop, transfer, encounter...
    source
        Where from.
    target
        Where to; None leaves the corridor.
    place
        Index of the place that the event is counted at, or `NOWHERE`.
    link
        Index of the link used, or `NOWHERE`.
    toward
        Index of the place whose room weighs on it, or `NOWHERE`.
    """

    kind: str
    source: Compartment
    target: Compartment | None
    place: int = NOWHERE
    link: int = NOWHERE
    toward: int = NOWHERE


class Frame(NamedTuple):
    """All that compiled code sees of a space; as the attributes of `Space`."""

    group_order: Index
    place: Index
    source: Index
    target: Index
    first: Index
    group_key: Keys
    compartment_key: Keys
    move_key: Keys


@dataclass(frozen=True, eq=False)
class Space:
    """Numbered compartments and transitions; transitions lie sorted by source.

    Attributes
    ----------
    groups
        Names of the groups, length G.
    group_order
        The groups in the order of their names, in which they take their turn; shape (G,).
    compartments
        Length C, in the order of their labels.
    moves
        Length M, sorted by source and name.
    place
        Place of each compartment, `NOWHERE` on a link; shape (C,).
    source, target
        Compartments of each transition; shape (M,).
    first
        Transitions ``first[c]:first[c + 1]`` leave compartment ``c``; shape (C + 1,).
    group_key, compartment_key, move_key
        Names of the random streams, from labels: shapes (G,), (C,), (M,).
    """

    groups: tuple[str, ...]
    group_order: Index
    compartments: tuple[Compartment, ...]
    moves: tuple[Move, ...]
    place: Index
    source: Index
    target: Index
    first: Index
    group_key: Keys
    compartment_key: Keys
    move_key: Keys

    @cached_property
    def frame(self) -> Frame:
        """The arrays alone."""
        return Frame(*(getattr(self, name) for name in Frame._fields))

    @cached_property
    def index(self) -> dict[Compartment, int]:
        """Number of each compartment."""
        return {compartment: i for i, compartment in enumerate(self.compartments)}

    @cached_property
    def _kinds(self) -> dict[str, Index]:
        numbers: dict[str, list[int]] = {}
        for i, move in enumerate(self.moves):
            numbers.setdefault(move.kind, []).append(i)
        return {kind: np.array(rows, dtype=np.int64) for kind, rows in numbers.items()}

    def of(self, *kinds: str) -> Index:
        """Numbers of the transitions of some kinds, in order."""
        rows = [self._kinds[kind] for kind in kinds if kind in self._kinds]
        return np.sort(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)

    @cached_property
    def _where(self) -> Index:
        """Place, link, and place or link of the source of each transition; shape (3, M)."""
        where = [(move.place, move.link, move.source.at) for move in self.moves]
        return np.array(where, dtype=np.int64).reshape(-1, 3).T

    def at(self, rows: Index) -> Index:
        """Places where transitions are counted."""
        return np.asarray(self._where[0, rows])

    def along(self, rows: Index) -> Index:
        """Links that transitions use."""
        return np.asarray(self._where[1, rows])

    def start(self, rows: Index) -> Index:
        """Places that transitions start from; links, where people travel."""
        return np.asarray(self._where[2, rows])

    def where(self, *statuses: str) -> Index:
        """Numbers of the compartments with some statuses."""
        rows = [i for i, c in enumerate(self.compartments) if c.status in statuses]
        return np.array(rows, dtype=np.int64)


def build_space(
    groups: Sequence[str],
    starts: Iterable[Compartment],
    moves: Iterable[Move],
    place_names: Sequence[str],
    link_names: Sequence[str],
) -> Space:
    """Number the compartments and transitions that people can reach.

    Parameters
    ----------
    groups
        Names of the groups.
    starts
        Compartments that people enter from outside.
    moves
        Every transition the rules know.
    place_names, link_names
        Labels; random streams are named after them, so that the order of the rows does not matter.

    Returns
    -------
    Space
    """
    reached = _reachable(starts, moves := list(moves))
    spots = {spot: _spot(spot, place_names, link_names) for spot in reached}
    compartments = tuple(sorted(spots, key=spots.__getitem__))
    number = {compartment: i for i, compartment in enumerate(compartments)}
    named = sorted(
        (
            (number[move.source], _parts(move, spots, place_names, link_names), i)
            for i, move in enumerate(moves)
            if move.source in number
        ),
    )
    leading = [moves[i] for *_, i in named]
    source = np.array([number[move.source] for move in leading], dtype=np.int64)
    target = [NOWHERE if move.target is None else number[move.target] for move in leading]
    travelling = [c.status == "travelling" for c in compartments]
    return Space(
        groups=tuple(groups),
        group_order=np.argsort(np.array(groups)).astype(np.int64),
        compartments=compartments,
        moves=tuple(leading),
        place=np.where(travelling, NOWHERE, [c.at for c in compartments]).astype(np.int64),
        source=source,
        target=np.array(target, dtype=np.int64),
        first=np.searchsorted(source, np.arange(len(compartments) + 1)).astype(np.int64),
        group_key=keys(("group", group) for group in groups),
        compartment_key=keys(("stay", *spots[c]) for c in compartments),
        move_key=keys(
            (kind, *spots[compartments[c]], *target, *rest) for c, (kind, target, *rest), _ in named
        ),
    )


def _reachable(starts: Iterable[Compartment], moves: Sequence[Move]) -> set[Compartment]:
    onward: dict[Compartment, list[Compartment]] = {}
    for move in moves:
        if move.target is not None:
            onward.setdefault(move.source, []).append(move.target)
    reached: set[Compartment] = set()
    waiting = list(starts)
    while waiting:
        spot = waiting.pop()
        if spot not in reached:
            reached.add(spot)
            waiting.extend(onward.get(spot, ()))
    return reached


def _spot(spot: Compartment, places: Sequence[str], links: Sequence[str]) -> tuple[str | int, ...]:
    label = links[spot.at] if spot.status == "travelling" else places[spot.at]
    name: tuple[str | int, ...] = (spot.status, label, spot.moved, spot.stage)
    if spot.recent or spot.today or spot.route:
        name += (spot.recent, spot.today, *(places[place] for place in spot.route))
    return name


def _parts(
    move: Move,
    spots: Mapping[Compartment, tuple[str | int, ...]],
    places: Sequence[str],
    links: Sequence[str],
) -> tuple[str, tuple[str | int, ...], *tuple[str, ...]]:
    """Return what tells the transitions of one compartment apart: kind, target, labels."""
    target = ("nowhere", "", 0, 0) if move.target is None else spots[move.target]
    at = "" if move.place == NOWHERE else places[move.place]
    link = "" if move.link == NOWHERE else links[move.link]
    toward = () if move.toward == NOWHERE else (places[move.toward],)
    return (move.kind, target, at, link, *toward)
