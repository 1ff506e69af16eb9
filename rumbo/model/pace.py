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
    """

    tables: tuple[Array, ...] = ()
    table_of: Index = NO_INDEX

    def on(self, t: int) -> Array:
        """Return the table of a day, or `EVEN`."""
        number = int(self.table_of[t]) if len(self.table_of) else NOWHERE
        return EVEN if number == NOWHERE else self.tables[number]

    def alike(self, other: "Pacing", days: int) -> Flags:
        """On which days the paces are the same; a table of ones is as good as none; (T,)."""
        same: dict[tuple[int, int], bool] = {}
        found = np.ones(days, dtype=np.bool_)
        for t in range(days if self.tables or other.tables else 0):
            one, two = self.on(t), other.on(t)
            pair = id(one), id(two)
            if pair not in same:
                same[pair] = one is two or bool((one == two).all())
            found[t] = same[pair]
        return found


def pacing(tables: Sequence[Array], table_of: Index, shape: tuple[int, int]) -> Pacing:
    """Give days their pace.

    Parameters
    ----------
    tables
        What rates are multiplied by, by group and number of the pace; each of shape (G, 1 + S).
    table_of
        As in `Pacing`.
    shape
        Numbers of groups and of paces: (G, 1 + S).

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
    return Pacing(tuple(np.array(one, dtype=np.float64)[None] for one in tables), table_of)
