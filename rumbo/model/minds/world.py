"""The world that people reckon with: how things go under the values in force."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.space import Space
from rumbo.model.minds.chain import Chain, reckoned
from rumbo.model.minds.value import After, Mind, usual_values
from rumbo.model.rules import Values

Groups = Index | slice
"""Numbers of some groups, or all of them."""

WHOLE = slice(None)

OF_MINDS = ("kappa", "day_cost", "hope", "own_chance")
"""Parameters of minds in the order of `Mind`."""

READ = (
    "appointment.slots",
    "minds.turn",
    "worth.crossing",
    "minds.appointment_worth",
    *(f"minds.{name}" for name in OF_MINDS),
)
"""Parameters that a world follows from, beside the rates under them."""


@dataclass(frozen=True, eq=False)
class World:
    """How things go under some values, and how people of some groups reckon with it.

    Attributes
    ----------
    space
        The structure.
    decision
        Decision that each transition is part of; shape (M,).
    rate
        Rates under the values; shape (G, M).
    values
        Parameters in force.
    step
        Days per step.
    groups
        Which groups reckon: those that shapes speak of from here on.
    """

    space: Space
    decision: Index
    rate: Array
    values: Values
    step: float
    groups: Groups = field(default_factory=lambda: WHOLE)

    @property
    def read(self) -> Hashable:
        """What it follows from beside the rates: where they lead, and values by their object.

        Equal arrays are one object (`rumbo.run.compiling.tables`).
        """
        return self.space, *(id(self.values[name]) for name in READ)

    def of(self, groups: Groups) -> "World":
        """Return the same world for some groups, each of which reckons for itself."""
        if isinstance(groups, slice):
            return self
        return self._of_some.setdefault(groups.tobytes(), replace(self, groups=groups))

    @cached_property
    def _of_some(self) -> dict[bytes, "World"]:
        return {}

    def _by_group(self, values: Array) -> Array:
        """Return what holds for each of the groups."""
        each = np.broadcast_to(values, (len(self.rate), *values.shape[1:]))
        return np.array(each[self.groups])

    @cached_property
    def chain(self) -> Chain:
        """What leads where, and what that is worth."""
        open_ = float(self.values["appointment.slots"]) > 0.0
        return reckoned(
            self.space,
            self.decision,
            self._by_group(self.rate),
            self._by_group(self.values["minds.turn"]) * open_,
            self._by_group(self.values["worth.crossing"]),
            self._by_group(self.values["minds.appointment_worth"]),
            self.step,
        )

    @cached_property
    def mind(self) -> Mind:
        """How people of each group reckon."""
        return Mind(*(self._by_group(self.values[f"minds.{name}"]) for name in OF_MINDS))

    @cached_property
    def usual(self) -> Array:
        """Value of each compartment if nothing changes; shape (G, C)."""
        return usual_values(self.chain, self.mind, len(self.space.compartments))

    @cached_property
    def after(self) -> After:
        """The same as what an outcome brought, which may be undone."""
        return After(self.chain, self.mind, len(self.space.compartments))


class Reckonings:
    """Logs of paces that were worked out, by what they follow from.

    Those of another structure are never taken, whatever its rates. Groups reckon each for
    themselves: where some have the rates of a world before, so are theirs.

    Parameters
    ----------
    before
        Those of another scenario on the same ground, which are taken over.
    """

    def __init__(self, before: "Reckonings | None" = None) -> None:
        self._logs: dict[Hashable, list[_Logs]] = {}
        if before:
            self._logs = {key: list(own) for key, own in before._logs.items()}

    def __reduce__(self) -> tuple[type["Reckonings"], tuple[()]]:
        """Leave logs behind on the way to another process, where numbers of objects are others."""
        return Reckonings, ()

    def of(
        self, key: Hashable, worlds: Sequence[World], worked_out: Callable[[Groups], Array]
    ) -> Array:
        """Return logs, worked out if they are not known yet.

        Parameters
        ----------
        key
            What they follow from beside the worlds.
        worlds
            Worlds that they follow from.
        worked_out
            Works them out for some groups; shape (..., G, 1 + S).

        Returns
        -------
        numpy.ndarray
            Of all groups.
        """
        rates = [one.rate for one in worlds]
        known = self._logs.setdefault((key, *(one.read for one in worlds)), [])
        unlike = [one.unlike(rates) for one in known]
        if not unlike:
            logs = worked_out(WHOLE)
        else:
            nearest = min(range(len(known)), key=lambda n: int(unlike[n].sum()))
            if not unlike[nearest].any():
                return known[nearest].logs
            logs, groups = known[nearest].logs.copy(), np.flatnonzero(unlike[nearest])
            logs[..., groups, :] = worked_out(groups)
        known.append(_Logs(rates, logs))
        return logs


class _Logs(NamedTuple):
    """Logs of paces, and the rates of the worlds that they follow from; each (G, M)."""

    rates: list[Array]
    logs: Array

    def unlike(self, rates: list[Array]) -> Flags:
        """Which groups have other rates; shape (G,)."""
        pairs = [(a, b) for a, b in zip(self.rates, rates, strict=True) if a is not b]
        none = np.zeros(self.logs.shape[-2], dtype=np.bool_)
        differ = (np.asarray((a != b).any(axis=1)) for a, b in pairs)
        return reduce(np.logical_or, differ, none)
