"""Adds up flows and stocks as a run goes on, month by month."""

import copy
from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index, Small
from rumbo.engine.space import NOWHERE, Space
from rumbo.engine.step import Flows
from rumbo.model.measures import Ledger, Measure


class Recorder:
    """Adds up flows and stocks over a month, and keeps the months.

    Parameters
    ----------
    ledger
        Where things are added.
    space
        The structure.
    entry_group, counted
        Group of each entry, and whether it counts as an entry; shape (E,).
    places, members
        Numbers of places P and members R.
    """

    def __init__(
        self,
        ledger: Ledger,
        space: Space,
        entry_group: Index,
        counted: NDArray[np.bool_],
        places: int,
        members: int,
    ) -> None:
        self._ledger = ledger
        self._groups = len(space.groups)
        self._entries = np.zeros((len(counted), self._groups))
        self._entries[np.flatnonzero(counted), entry_group[counted]] = 1.0
        self._total = np.zeros((members, ledger.size, self._groups))
        self._short = np.zeros((members, places))
        self._days = 0
        self.months: list[dict[str, NDArray[np.float32]]] = []

    def copy(self) -> "Recorder":
        """Return an independent copy, to branch from."""
        other = copy.copy(self)
        other._total, other._short = self._total.copy(), self._short.copy()
        other.months = list(self.months)
        return other

    def add(self, flows: Flows, counts: Array, crowd: Array, values: Mapping[str, Array]) -> None:
        """Add a step's flows and the counts after it.

        Parameters
        ----------
        flows, counts
            As the engine gave them.
        crowd
            People who need a shelter; shape (R, P).
        values
            Parameters in force: shelter places (P,), NaN where unknown.
        """
        book = self._ledger
        add_flows(
            self._total,
            flows.group,
            flows.move,
            flows.people,
            flows.size,
            book.flow_first,
            book.flow_row,
        )
        add_stocks(self._total, counts, book.stock_first, book.stock_row)
        first = book.rows["entries"][0]
        self._total[:, first] += flows.entered @ self._entries
        self._short += np.nan_to_num(np.maximum(crowd - values["shelter.places"], 0.0))
        self._days += 1

    def close_month(self, step: float, values: Mapping[str, Array]) -> None:
        """Keep the month's sums and means, and start the next.

        Parameters
        ----------
        step
            Days per step.
        values
            Parameters in force at the month's end: how events are counted and recorded.
        """
        month: dict[str, NDArray[np.float32]] = {}
        for measure in self._ledger.measures:
            derived = measure.what == "derived"
            sums = month[measure.of[0]] if derived else self._summed(measure, step)
            month[measure.name] = _scaled(sums, measure, values)
        month["shelter_shortfall"] = (self._short / self._days).astype(np.float32)
        self.months.append(month)
        self.forget()

    def forget(self) -> None:
        """Drop what was added since the last month."""
        self._total = np.zeros_like(self._total)
        self._short = np.zeros_like(self._short)
        self._days = 0

    def _summed(self, measure: Measure, step: float) -> NDArray[np.float32]:
        first, shape = self._ledger.rows[measure.name]
        block = self._total[:, first : first + int(np.prod(shape)), :]
        if "group" not in measure.by:
            block = block.sum(axis=2)
        scale = 1.0
        if measure.what == "stock":
            scale = step if measure.units == "person-days" else 1.0 / self._days
        tail = (self._groups,) if "group" in measure.by else ()
        return (block * scale).reshape(len(block), *shape, *tail).astype(np.float32)


def _scaled(
    sums: NDArray[np.float32], measure: Measure, values: Mapping[str, Array]
) -> NDArray[np.float32]:
    if measure.times:
        sums = sums * np.float32(values[measure.times])
    return sums / np.float32(values[measure.over]) if measure.over else sums


@njit(cache=True)
def add_flows(
    total: Array,
    group: Small,
    move: Small,
    people: Array,
    size: Index,
    first: Index,
    row: Index,
) -> None:
    """Add the moves that happened to the record (R, rows, G), in place."""
    for r in range(len(size)):
        for i in range(size[r]):
            g, m = group[r, i], move[r, i]
            for j in range(first[m], first[m + 1]):
                total[r, row[j], g] += people[r, i]


@njit(cache=True)
def add_stocks(total: Array, counts: Array, first: Index, row: Index) -> None:
    """Add counts (R, G, C) to the record (R, rows, G), in place."""
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            for c in range(counts.shape[2]):
                people = counts[r, g, c]
                if people != 0.0:
                    for i in range(first[c], first[c + 1]):
                        total[r, row[i], g] += people


@njit(cache=True)
def tally(counts: Array, place: Index, size: int) -> Array:
    """Sum counts (R, G, C) by place: place (C,) -> (R, size)."""
    total = np.zeros((counts.shape[0], size))
    for r in range(counts.shape[0]):
        for g in range(counts.shape[1]):
            for c in range(counts.shape[2]):
                if place[c] != NOWHERE:
                    total[r, place[c]] += counts[r, g, c]
    return total


def tally_flows(flows: Flows, place: Index, size: int) -> Array:
    """Sum the moves that happened by place: place (M,) -> (R, size)."""
    return _tally_flows(flows.move, flows.people, flows.size, place, size)


@njit(cache=True)
def _tally_flows(move: Small, people: Array, size: Index, place: Index, places: int) -> Array:
    total = np.zeros((len(size), places))
    for r in range(len(size)):
        for i in range(size[r]):
            at = place[move[r, i]]
            if at != NOWHERE:
                total[r, at] += people[r, i]
    return total
