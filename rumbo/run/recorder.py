"""Adds up flows and stocks as a run goes on, month by month."""

import copy
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Flags, Index, Small
from rumbo.engine.space import NOWHERE, Space
from rumbo.engine.step import Flows
from rumbo.model.measures import DRAWN, ENTRIES, PRICE, Ledger, Measure
from rumbo.model.recording import Recording


class Recorder:
    """Adds up flows and stocks over a month, and keeps the months.

    Parameters
    ----------
    ledger
        Where things are added.
    total
        The record, empty: whoever moves people adds to it; shape (R, rows, G).
    places
        Number of places P.

    Attributes
    ----------
    total
        The record since the last month.
    months
        The months kept.
    """

    def __init__(self, ledger: Ledger, total: Array, places: int) -> None:
        self._ledger = ledger
        self.total = total
        self._short = np.zeros((len(total), places))
        self._days = 0
        self._month = ""
        self._earlier: dict[str, Array] = {}
        self.months: list[dict[str, NDArray[np.float32]]] = []

    def copy(self) -> "Recorder":
        """Return an independent copy, to branch from."""
        other = copy.copy(self)
        # Memory of a view stays laid out as it was.
        other.total, other._short = self.total.copy(order="K"), self._short.copy()
        other.months, other._earlier = list(self.months), dict(self._earlier)
        return other

    def add_entries(self, entered: Array, group: Index, counted: Flags) -> None:
        """Add people from outside (R, E), given the group of each entry and whether it counts."""
        add_entries(self.total, self._ledger.rows[ENTRIES][0], entered, group, counted)

    def add_crowd(self, crowd: Array, values: Mapping[str, Array]) -> None:
        """Add a step's shortfall of shelter, and count the step.

        Parameters
        ----------
        crowd
            People at each place, of whom a share seeks a shelter; shape (R, P).
        values
            What each member holds of that share, and of shelter places, NaN where unknown; shape
            (R or 1, P).
        """
        seeking = crowd * values["shelter.seek"]
        self._short += np.fmax(seeking - values["shelter.places"], 0.0)  # where unknown, nobody
        self._days += 1

    @property
    def steps(self) -> int:
        """Number of steps since the last month."""
        return self._days

    def close_month(self, step: float, recording: Recording) -> None:
        """Keep the month's sums and means, and start the next.

        Parameters
        ----------
        step
            Days per step.
        recording
            How events are counted and recorded at the month's end.
        """
        month: dict[str, NDArray[np.float32]] = {}
        for measure in self._ledger.measures:
            if measure.what in (PRICE, DRAWN):
                month[measure.name] = recording.beside(measure).astype(np.float32)
                continue
            sums = month[measure.of[0]] if measure.follows else self._summed(measure, step)
            if measure.what == "recorded":
                month[measure.name] = self._recorded(measure, sums, recording)
            else:
                month[measure.name] = _scaled(sums, measure, recording.values)
        month["shelter_shortfall"] = (self._short / self._days).astype(np.float32)
        self.months.append(month)
        self.forget()

    def forget(self) -> None:
        """Drop what was added since the last month."""
        self.total[:] = 0.0
        self._short[:] = 0.0
        self._days = 0

    def _recorded(
        self, measure: Measure, sums: NDArray[np.float32], recording: Recording
    ) -> NDArray[np.float32]:
        if self._month != recording.month:
            self._month, self._earlier = recording.month, {}
        before = self._earlier.get(measure.name, np.zeros(sums.shape))
        self._earlier[measure.name] = before + sums
        places = self._ledger.places[measure.name]
        return recording.counted(measure, places, before, sums.astype(np.float64)).astype(
            np.float32
        )

    def _summed(self, measure: Measure, step: float) -> NDArray[np.float32]:
        first, shape = self._ledger.rows[measure.name]
        block = self.total[:, first : first + int(np.prod(shape)), :]
        if "group" not in measure.by:
            block = over_groups(block)
        scale = 1.0
        if measure.what == "stock":
            scale = step if measure.units == "person-days" else 1.0 / self._days
        tail = block.shape[2:] if "group" in measure.by else ()
        return (block * scale).reshape(len(block), *shape, *tail).astype(np.float32)


def _scaled(
    sums: NDArray[np.float32], measure: Measure, values: Mapping[str, Array]
) -> NDArray[np.float32]:
    if measure.times:
        sums = sums * _along(values[measure.times], sums)
    return sums / _along(values[measure.over], sums) if measure.over else sums


def _along(value: Array, sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay a value, or one for each place (P,), along sums (R, P, ...)."""
    own = np.asarray(value, dtype=np.float32)
    return own.reshape(own.shape + (1,) * (sums.ndim - 2)) if own.ndim else own


def add_flows(total: Array, flows: Flows, first: Index, row: Index) -> None:
    """Add the moves that happened to the record (R, rows, G), in place."""
    _add_flows(total, flows.group, flows.move, flows.people, flows.size, first, row)


@njit(cache=True, nogil=True)
def _add_flows(
    total: Array,
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    first: Index,
    row: Index,
) -> None:
    for r in range(len(size)):
        for i in range(size[r]):
            g, m = group[r, i], move[r, i]
            for j in range(first[m], first[m + 1]):
                total[r, row[j], g] += people[r, i]


@njit(cache=True, nogil=True)
def over_groups(block: Array) -> Array:
    """Sum (R, rows, G) over groups in their order, however memory lies: (R, rows)."""
    total = np.zeros(block.shape[:2])
    for r in range(block.shape[0]):
        for row in range(block.shape[1]):
            for g in range(block.shape[2]):
                total[r, row] += block[r, row, g]
    return total


@njit(cache=True, nogil=True)
def add_entries(total: Array, row: int, entered: Array, group: Index, counted: Flags) -> None:
    """Add people from outside (R, E) to a row of the record (R, rows, G), in place."""
    for r in range(len(entered)):
        for e in range(len(group)):
            if counted[e]:
                total[r, row, group[e]] += entered[r, e]


@njit(cache=True, nogil=True)
def add_stocks(total: Array, counts: Array, first: Index, row: Index) -> None:
    """Add counts (R, G, C) to the record (R, rows, G), in place."""
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            for c in range(counts.shape[2]):
                people = counts[r, g, c]
                if people != 0.0:
                    for i in range(first[c], first[c + 1]):
                        total[r, row[i], g] += people


@njit(cache=True, nogil=True)
def tally(counts: Array, place: Index, size: int) -> Array:
    """Sum counts (R, G, C) by place: place (C,) -> (R, size)."""
    total = np.zeros((counts.shape[0], size))
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            for c in range(counts.shape[2]):
                if place[c] != NOWHERE:
                    total[r, place[c]] += counts[r, g, c]
    return total


def people_with(space: Space, places: int, counts: Array, status: str) -> Array:
    """Sum people with a status by place: counts (R, G, C) to (R, G, P)."""
    cells, first, place = _cells(space, status)
    people = np.zeros((*counts.shape[:2], places))
    if len(cells):
        people[:, :, place] = np.add.reduceat(counts[:, :, cells], first, axis=2)
    return people


@lru_cache(maxsize=64)
def _cells(space: Space, status: str) -> tuple[Index, Index, Index]:
    """Compartments with a status, sorted by place; where each place begins, and its number."""
    cells = space.where(status)
    cells = cells[np.argsort(space.place[cells], kind="stable")]
    place, first = np.unique(space.place[cells], return_index=True)
    return cells, first, place


def tally_flows(flows: Flows, place: Index, size: int) -> Array:
    """Sum the moves that happened by place: place (M,) -> (R, size)."""
    return _tally_flows(flows.move, flows.people, flows.size, place, size)


@njit(cache=True, nogil=True)
def _tally_flows(move: Small, people: Array, size: Index, place: Index, places: int) -> Array:
    total = np.zeros((len(size), places))
    for r in range(len(size)):
        for i in range(size[r]):
            at = place[move[r, i]]
            if at != NOWHERE:
                total[r, at] += people[r, i]
    return total
