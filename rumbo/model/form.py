"""What a model is: the rules of one kind of movement, and what is recorded of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import NOWHERE, Compartment
from rumbo.files.cells import MOST_PERSONS, NOT_COUNTED
from rumbo.files.faults import Fault, Faults
from rumbo.model.measures import Axes, Labels, Measure
from rumbo.model.rules import Family, Ground, Rule
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Arrivals:
    """Where people come in from outside, and how many on each day.

    Attributes
    ----------
    target
        Compartment that each entry feeds; length E.
    group
        Group of each; shape (E,).
    label
        What each shares its noise by.
    key
        Names of the random streams.
    counted
        Whether it counts as entering the corridor; shape (E,).
    family
        Family of entries whose ranges and noise bear on each; none if empty; length E.
    pool
        Entries of one pool share a number that is known exactly; `NOWHERE` for those drawn on
        their own; shape (E,).
    daily
        Persons per day; shape (T, E).
    """

    target: list[Compartment]
    group: Index
    label: tuple[str, ...]
    key: Sequence[tuple[str, ...]]
    counted: NDArray[np.bool_]
    family: tuple[str, ...]
    pool: Index
    daily: Array

    def enters_as(self, other: "Arrivals") -> bool:
        """Whether people come in at the same places, in the same groups, by the same names."""
        return (
            (self.target, self.label, self.family, list(self.key))
            == (other.target, other.label, other.family, list(other.key))
            and np.array_equal(self.group, other.group)
            and np.array_equal(self.pool, other.pool)
            and np.array_equal(self.counted, other.counted)
        )


def no_facts(ground: Ground, labels: Labels) -> object:
    """Return nothing to look up: what stands in a program has a name, so that it can travel."""
    return None


def as_it_is(result: "xr.Dataset", scenario: Scenario) -> "xr.Dataset":
    """Return a result to which nothing is added."""
    return result


@dataclass(frozen=True)
class Model:
    """The rules of one kind of movement, and what is recorded of it.

    Attributes
    ----------
    rules
        Its mechanisms.
    measures
        What is recorded.
    crowd
        Statuses of people who need a shelter.
    hop
        Statuses that people pass through within a day.
    fixed
        Parameters that shape the structure, and so hold for the whole run.
    looked_up
        Parameters that are looked up while a run goes on.
    held_apart
        Those of them of which each member holds a value of its own, though no rate, limit or entry
        follows from them.
    arrivals
        Who comes in, from the scenario, its calendar, its ground and the values of each segment.
    labels
        Labels along the dimensions of a result.
    axes
        Where a transition, or a compartment, is counted along each dimension but group.
    facts
        What `axes` and the conditions of measures look up.
    finish
        Adds to a labelled result what follows from it.
    """

    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    crowd: tuple[str, ...]
    looked_up: tuple[str, ...]
    arrivals: Callable[[Scenario, Calendar, Ground, list[dict[str, Array]]], Arrivals]
    labels: Callable[[Ground], Labels]
    axes: Axes
    facts: Callable[[Ground, Labels], object] = no_facts
    hop: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    held_apart: tuple[str, ...] = ()
    finish: "Callable[[xr.Dataset, Scenario], xr.Dataset]" = as_it_is

    @property
    def families(self) -> tuple[Family, ...]:
        """Families of transitions that share their noise, of all rules."""
        return tuple(family for rule in self.rules for family in rule.families)


def arriving(
    model: Model,
    scenario: Scenario,
    calendar: Calendar,
    ground: Ground,
    values: list[dict[str, Array]],
) -> Arrivals:
    """Return who comes in; where there is no inflow, nobody by one entry at the first place.

    Parameters
    ----------
    model
        What says who comes in.
    scenario, calendar, ground, values
        As `Model.arrivals` takes them.

    Returns
    -------
    Arrivals

    Raises
    ------
    Faults
        If more come in on a day than are counted exactly.
    """
    arrivals = model.arrivals(scenario, calendar, ground, values)
    most = arrivals.daily.max(initial=0.0)
    if not most <= MOST_PERSONS:
        message = f"{most:g} persons enter on a day under entries.coverage, {NOT_COUNTED}"
        cure = "Lower the persons, or what multiplies them"
        raise Faults([Fault("inflows.csv", 0, message, cure)])
    nation = str(scenario.groups["nationality"].iloc[0])
    return arrivals if arrivals.target else _nobody(nation, len(calendar.dates))


def _nobody(label: str, days: int) -> Arrivals:
    return Arrivals(
        target=[Compartment("waiting", 0)],
        group=np.zeros(1, dtype=np.int64),
        label=(label,),
        key=[("entry", "nobody")],
        family=("",),
        counted=np.ones(1, dtype=np.bool_),
        pool=np.full(1, NOWHERE, dtype=np.int64),
        daily=np.zeros((days, 1)),
    )
