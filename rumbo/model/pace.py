"""Paces: how fast people set out from a place, or ask there, against what is usual.

A pace multiplies the rates of transitions that people decide on, out of one place. It is 1 unless
what people believe makes it another.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.rates import EVEN, NO_INDEX
from rumbo.engine.space import NOWHERE, Space
from rumbo.model.rules import Rule


class Paces(NamedTuple):
    """The paces there are. The first is that of everything that has none.

    Attributes
    ----------
    decision
        What people decide on: ``going`` or ``asking``, empty for the first; length 1 + S.
    place
        Where they are; shape (1 + S,), `NOWHERE` for the first.
    of
        Number of the pace of each transition; shape (M,).
    """

    decision: tuple[str, ...]
    place: Index
    of: Index

    def numbers(self, decision: str) -> Index:
        """Return the numbers of the paces of one decision, in the order of places."""
        return np.flatnonzero([one == decision for one in self.decision])


def paces_of(rules: Iterable[Rule], space: Space) -> Paces:
    """Number the paces: one for each decision and place that people can take it in.

    Parameters
    ----------
    rules
        What say which transitions are decided on.
    space
        The structure.

    Returns
    -------
    Paces
    """
    decision = {kind: one for rule in rules for one in rule.paced for kind in rule.paced[one]}
    pairs = [(decision.get(move.kind, ""), move.source.at) for move in space.moves]
    known = sorted({pair for pair in pairs if pair[0]})
    number = {pair: n for n, pair in enumerate(known, 1)}
    return Paces(
        ("", *(one for one, _ in known)),
        np.array([NOWHERE, *(place for _, place in known)], dtype=np.int64),
        np.array([number.get(pair, 0) for pair in pairs], dtype=np.int64),
    )


class Pacing(NamedTuple):
    """The pace of every day; days with the same one share a table.

    Attributes
    ----------
    tables
        Each of shape (1, G, 1 + S).
    table_of
        Number of the table of each day, `NOWHERE` for days with an even pace; shape (T,). Empty if
        all have.
    learned
        Log of what a day's table is multiplied by for members who see nobody get through, in
        proportion for others; each of shape (G, 1 + S), one for each table. Empty if nothing that
        a member sees matters on any day.
    """

    tables: tuple[Array, ...] = ()
    table_of: Index = NO_INDEX
    learned: tuple[Array, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        arrays = (*self.tables, self.table_of, *self.learned)
        return sum(array.nbytes for array in arrays)

    def on(self, t: int, seen: Array | None = None) -> Array:
        """Return the table of a day, or `EVEN`.

        Parameters
        ----------
        t
            Number of the day.
        seen
            How far each member sees the way shut, 0 to 1; shape (R,).

        Returns
        -------
        numpy.ndarray
            Shape (1 or R, G, 1 + S).
        """
        number = self._number(t)
        if number == NOWHERE:
            return EVEN
        table = self.tables[number]
        if seen is None or not self._learns(number):
            return table
        return np.asarray(table * np.exp(seen[:, None, None] * self.learned[number]))

    def learns_on(self, t: int) -> bool:
        """Whether what a member saw bears on the pace of a day."""
        return self._learns(self._number(t))

    def _number(self, t: int) -> int:
        return int(self.table_of[t]) if len(self.table_of) else NOWHERE

    def _learns(self, number: int) -> bool:
        return number != NOWHERE and bool(self.learned) and bool(self.learned[number].any())

    def alike(self, other: "Pacing", days: int) -> Flags:
        """On which days the paces are the same; a table of ones is as good as none; (T,)."""
        same: dict[tuple[int, int], bool] = {}
        found = np.ones(days, dtype=np.bool_)
        for t in range(days if self.tables or other.tables else 0):
            pair = self._number(t), other._number(t)
            if pair not in same:
                same[pair] = self._same(other, t, *pair)
            found[t] = same[pair]
        return found

    def _same(self, other: "Pacing", t: int, mine: int, yours: int) -> bool:
        one, two = self.on(t), other.on(t)
        if one is not two and not (one == two).all():
            return False
        learning = self._learns(mine), other._learns(yours)
        if learning == (True, True):
            return np.array_equal(self.learned[mine], other.learned[yours])
        return not any(learning)


def pacing(
    tables: Sequence[Array],
    table_of: Index,
    shape: tuple[int, int],
    learned: Sequence[Array] = (),
) -> Pacing:
    """Give days their pace.

    Parameters
    ----------
    tables
        What rates are multiplied by, by group and number of the pace; each of shape (G, 1 + S).
    table_of
        As in `Pacing`.
    shape
        Numbers of groups and of paces: (G, 1 + S).
    learned
        As in `Pacing`.

    Returns
    -------
    Pacing

    Raises
    ------
    ValueError
        If a table has another shape, a pace is negative or has no end, that of what has none is not
        1, or a day's table is not there.
    """
    for n, table in enumerate(tables):
        if table.shape != shape:
            raise ValueError(f"table {n} of paces has shape {table.shape}, expected {shape}")
        if not (np.isfinite(table) & (table >= 0.0)).all() or (table[:, 0] != 1.0).any():
            raise ValueError(f"table {n} of paces: expected 0 or more, and 1 in the first column")
    if len(table_of) and not NOWHERE <= table_of.min() <= table_of.max() < len(tables):
        raise ValueError(f"expected numbers of the {len(tables)} tables of paces, or {NOWHERE}")
    whole = tuple(np.array(one, dtype=np.float64)[None] for one in tables)
    return Pacing(whole, table_of, tuple(learned))
