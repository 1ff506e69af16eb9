"""The world that people reckon with: how things go under the values in force."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import Space
from rumbo.model.minds.chain import Chain, reckoned
from rumbo.model.minds.value import After, Mind, usual_values
from rumbo.model.rules import Values

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
    """How things go under some values, and how people reckon with it.

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
    """

    space: Space
    decision: Index
    rate: Array
    values: Values
    step: float

    @property
    def known_by(self) -> Hashable:
        """What it follows from; equal arrays are one object (`rumbo.run.compiling.tables`)."""
        return id(self.rate), *(id(self.values[name]) for name in READ)

    @cached_property
    def chain(self) -> Chain:
        """What leads where, and what that is worth."""
        open_ = float(self.values["appointment.slots"]) > 0.0
        groups = np.ones(len(self.rate))
        return reckoned(
            self.space,
            self.decision,
            self.rate,
            self.values["minds.turn"] * groups * open_,
            self.values["worth.crossing"] * groups,
            self.values["minds.appointment_worth"] * groups,
            self.step,
        )

    @cached_property
    def mind(self) -> Mind:
        """How people of each group reckon."""
        groups = np.ones(len(self.rate))
        return Mind(*(self.values[f"minds.{name}"] * groups for name in OF_MINDS))

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

    Parameters
    ----------
    before
        Those of another scenario on the same ground, which are taken over.
    """

    def __init__(self, before: "Reckonings | None" = None) -> None:
        self._logs: dict[Hashable, Array] = dict(before._logs) if before else {}

    def __reduce__(self) -> tuple[type["Reckonings"], tuple[()]]:
        """Leave logs behind on the way to another process, where numbers of objects are others."""
        return Reckonings, ()

    def of(self, key: Hashable, worked_out: Callable[[], Array]) -> Array:
        """Return the logs known by a key, worked out if they are not yet."""
        if key not in self._logs:
            self._logs[key] = worked_out()
        return self._logs[key]
