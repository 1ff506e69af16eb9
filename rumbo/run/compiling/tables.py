"""Rates under the values in force: worked out once, wherever the values that they follow are equal.

A rule's rates follow from the values that it reads and from nothing else. So what it gave stands
for any segment, of any scenario on the same ground, in which these values are the same.
"""

from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import Space
from rumbo.model import Model
from rumbo.model.rules import Ground, Rule, Values
from rumbo.model.rules.noted import Memory, Noted


class Pool:
    """Arrays of parameters, each kept once: equal values are one object.

    Parameters
    ----------
    known
        One whose arrays are taken over.
    """

    def __init__(self, known: "Pool | None" = None) -> None:
        self._arrays: dict[str, list[Array]] = (
            {name: list(own) for name, own in known._arrays.items()} if known else {}
        )
        self._met: dict[int, tuple[Array, Array]] = {}

    def of(self, values: Values) -> dict[str, Array]:
        """Return the same values, as the arrays kept."""
        return {name: self._one(name, array) for name, array in values.items()}

    def _one(self, name: str, array: Array) -> Array:
        if id(array) not in self._met:
            held = self._arrays.setdefault(name, [])
            one = next((one for one in held if _same_bits(one, array)), None)
            if one is None:
                held.append(one := array)
            self._met[id(array)] = array, one  # kept, so that no other gets its id
        return self._met[id(array)][1]


def _same_bits(one: Array, other: Array) -> bool:
    return np.array_equal(one.view(np.int64), other.view(np.int64))


class _Part(NamedTuple):
    """What a rule gave: some columns of a table, and the values that it read."""

    read: dict[str, Array]
    columns: Index
    table: Array

    def holds(self, values: Values) -> bool:
        """Whether the rule would give the same again."""
        return all(values[name] is array for name, array in self.read.items())


class RateTables:
    """Rates of all transitions under constant values.

    Parameters
    ----------
    model, ground, space
        What the rules work on.
    known
        Tables of the same rules, ground and space, which are taken over.
    """

    def __init__(
        self, model: Model, ground: Ground, space: Space, known: "RateTables | None" = None
    ) -> None:
        self._model, self._ground, self._space = model, ground, space
        self._parts: list[list[_Part]] = (
            [list(parts) for parts in known._parts] if known else [[] for _ in model.rules]
        )
        self._tables: dict[tuple[int, ...], Array] = dict(known._tables) if known else {}
        self._memory: Memory = {w: list(own) for w, own in known._memory.items()} if known else {}

    def of(self, values: Values) -> Array:
        """Return the table under some values, whose arrays are those of one `Pool`; (G, M)."""
        parts = [next((p for p in own if p.holds(values)), None) for own in self._parts]
        whole = self._tables.get(tuple(map(id, parts)))
        return self._made(values, parts) if whole is None else whole

    def _made(self, values: Values, known: list[_Part | None]) -> Array:
        widest = max(filter(None, known), key=lambda part: len(part.columns), default=None)
        table = self._empty() if widest is None else widest.table.copy()
        parts = []
        for rule, own, part in zip(self._model.rules, self._parts, known, strict=True):
            if part is None:
                part = self._fresh(rule, values, table)
                own.append(part)
            elif widest and part.table is not widest.table:
                table[:, part.columns] = part.table[:, part.columns]
            parts.append(part)
        self._tables[tuple(map(id, parts))] = table
        return table

    def _empty(self) -> Array:
        return np.zeros((len(self._ground.groups), len(self._space.moves)))

    def _fresh(self, rule: Rule, values: Values, table: Array) -> _Part:
        noted, columns = Noted(values, self._memory), []
        for kind, rate in rule.rates(noted, self._ground, self._space).items():
            columns.append(self._space.of(kind))
            table[:, columns[-1]] = rate
        return _Part(noted.read, np.concatenate([np.empty(0, np.int64), *columns]), table)
