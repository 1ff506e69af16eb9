"""How unsure a scenario's values are: what its members' noise is drawn from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.model import Arrivals, Model
from rumbo.model.noise import ENTRIES, PRESENT, Doubts, Noise
from rumbo.model.rules import Ground, Values
from rumbo.run.compiling.wiring import each_limit
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.deals.terms import Deal
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.held import off_bound
from rumbo.scenario.values.history import Sides, kept_name

BY_ENTRY = {name for family in ENTRIES for name, _ in family.unsure}
"""Parameters whose ranges bear on entries, by their groups."""


def build_noise(
    scenario: Scenario,
    model: Model,
    calendar: Calendar,
    values: Sequence[Values],
    ground: Ground,
    arrivals: Arrivals,
    rooms: int,
    known: "KnownRanges",
) -> Noise:
    """Gather how unsure a scenario's values are, and the shocks that its members share.

    Parameters
    ----------
    scenario, model, calendar, ground, arrivals
        The scenario, and what was compiled of it so far.
    values
        Parameters in force, by segment.
    rooms
        Number of factors that the engine sets itself.
    known
        Ranges laid out before, on the same ground and for the same entries; new ones are added.

    Returns
    -------
    Noise
    """
    quiet = "shocks" not in scenario.rules
    labels = tuple(scenario.groups["nationality"])
    kinds = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    kind = np.array([kinds[label] for label in labels], dtype=np.int64)
    limits = tuple(
        (one.limit.parameter, int(kind[one.groups[0]]), one.place)
        for one in each_limit(model, ground)
    )
    drawn = _drawn(scenario, model, {name for name, *_ in limits})
    cells = FactorCells(kind, arrivals.group, ground.origin, len(ground.places))
    mine = known.setdefault(drawn, {})
    segments = [_ranges(calendar, s, own, drawn, cells, mine) for s, own in enumerate(values)]
    return Noise(
        families=model.families,
        place_names=tuple(ground.place_names),
        entry_label=arrivals.label,
        entry_family=arrivals.family,
        entry_fitted=arrivals.counted | (np.array(arrivals.family) == PRESENT.name),
        group_label=labels,
        strength={} if quiet else _strength(model, values[0]),
        doubts=[doubts for doubts, _ in segments],
        middles=[middles for _, middles in segments],
        limits=limits,
        rooms=rooms,
        posterior=scenario.posterior,
        reach=reach_of(scenario.deals_in_force.values()),
        apart=model.held_apart,
    )


def reach_of(deals: Iterable[Deal]) -> dict[str, tuple[float, float]]:
    """Return how far the sides of deals can keep them, as `rumbo.model.noise.Noise` takes it."""
    pairs = ((deal, side) for deal in deals for side in deal.sides if side.ranged)
    return {kept_name(deal.key, side.actor): side.reach for deal, side in pairs}


@dataclass(frozen=True)
class DrawnRanges:
    """Which ranges make members differ: those of what families and limits read, or is held apart.

    A range with a value on a bound is left out, for no factor leads away from there; without
    shared noise so is what was not fitted.

    Attributes
    ----------
    names
        Parameters that families and limits read, and those held apart.
    spared
        Those with a share of people from whom nothing is withheld.
    left
        Pairs of parameter and lever that are left out.
    only
        Pairs that alone are drawn; None for all.
    """

    names: tuple[str, ...]
    spared: tuple[str, ...]
    left: frozenset[tuple[str, str]]
    only: frozenset[tuple[str, str]] | None

    def has(self, pair: tuple[str, str]) -> bool:
        """Whether the range of a pair of parameter and lever is drawn."""
        return pair not in self.left and (self.only is None or pair in self.only)


def _drawn(scenario: Scenario, model: Model, limits: set[str]) -> DrawnRanges:
    listed = (rule for rule in model.rules if rule.name in scenario.header.rules)
    families = (*(family for rule in listed for family in rule.families), *ENTRIES)
    read = limits | {name for family in families for name, _ in family.unsure}
    read |= {*model.held_apart}
    fitted = frozenset(scenario.posterior.values) if scenario.posterior else frozenset()
    return DrawnRanges(
        names=tuple(sorted(read)),
        spared=tuple(sorted({family.spared for family in families} - {""})),
        left=frozenset(off_bound(scenario.settings_in_force)),
        only=fitted if "shocks" not in scenario.rules else None,
    )


def _strength(model: Model, values: Values) -> dict[str, float]:
    """Coefficient of variation of the monthly noise, by family or parameter of a limit."""
    families = {f.name: f.shock for f in (*model.families, *ENTRIES) if f.shock}
    limits = {q.parameter: q.shock for rule in model.rules for q in rule.limits if q.shock}
    return {name: float(values[shock]) for name, shock in (families | limits).items()}


@dataclass(frozen=True)
class FactorCells:
    """Which values stand for the kinds of groups and the places that factors are told apart by.

    Where several fall together, the one with the widest range stands for all: of the groups of a
    nationality, and of the links that start at a place, whose factor theirs is.

    Attributes
    ----------
    kind
        Kind of each group; shape (G,).
    entering
        Group of each entry; shape (E,).
    origin
        Place where each link starts; shape (L,).
    places
        Number of places.
    """

    kind: Index
    entering: Index
    origin: Index
    places: int

    def of(self, name: str, width: Array) -> Callable[[Array], Array]:
        """Return what lays an array of a parameter out by kind and place, given its widths."""
        parameter = PARAMETERS[name]
        if name in BY_ENTRY:
            return lambda array: np.broadcast_to(array, self.kind.shape)[self.entering][None]
        if parameter.by_group:
            rows = np.atleast_2d(width)
            stands = np.stack([_widest(rows, own) for own in self._groups], axis=1)
            return lambda array: np.take_along_axis(np.atleast_2d(array), stands, axis=1).T
        if parameter.over == "link":
            return lambda array: self._by_start(array, width)
        return np.atleast_2d

    @property
    def _groups(self) -> list[Index]:
        return [np.flatnonzero(self.kind == k) for k in range(int(self.kind.max()) + 1)]

    def _by_start(self, array: Array, width: Array) -> Array:
        """Return, of the links that start at each place, that with the widest range; (1, P)."""
        # Guided links, the last, have no factors where their rule is not listed.
        order = np.argsort(width[: len(self.origin)], kind="stable")
        stands = np.zeros((1, self.places))
        stands[0, self.origin[order]] = array[order]  # the last one holds
        return stands


def _widest(width: Array, groups: Index) -> Index:
    return np.asarray(groups[np.argmax(width[:, groups], axis=1)])


class LaidOut(NamedTuple):
    """The ranges of a parameter, laid out, and what they were laid out from.

    Attributes
    ----------
    held, value
        Its ranges and values as the calendar has them: kept, so that no others get their numbers.
    middle
        The values, if members differ in them.
    doubts
        The ranges.
    """

    held: dict[str, Sides]
    value: Array
    middle: Array | None
    doubts: Doubts


KnownRanges = dict[DrawnRanges, dict[tuple[str, int, int], LaidOut]]
"""Ranges that were laid out, by which of them are drawn, their parameter, and the numbers of what
they were laid out from."""


def _ranges(
    calendar: Calendar,
    segment: int,
    values: Values,
    drawn: DrawnRanges,
    cells: FactorCells,
    known: dict[tuple[str, int, int], LaidOut],
) -> tuple[Doubts, dict[str, Array]]:
    """Ranges of a segment, and the values that they lie about."""
    doubts: dict[tuple[str, str], Sides] = {}
    middles: dict[str, Array] = {}
    for name in (*drawn.names, *drawn.spared):
        held = calendar.doubts(name, segment)
        one = known.get((name, id(held), id(values[name])))
        # In another process numbers of objects are others.
        if one is None or one.held is not held or one.value is not values[name]:
            laid = _laid_out(name, held, values[name], drawn, cells)
            one = LaidOut(held, values[name], *laid)
            known[name, id(held), id(values[name])] = one
        if one.middle is not None:
            middles[name] = one.middle
            doubts |= one.doubts
    return doubts, middles


def _laid_out(
    name: str, held: dict[str, Sides], value: Array, drawn: DrawnRanges, cells: FactorCells
) -> tuple[Array | None, Doubts]:
    """Lay the ranges of a parameter out by kind and place."""
    own = {(name, lever): both for lever, both in held.items() if drawn.has((name, lever))}
    if not own and name not in drawn.spared:
        return None, {}
    where = cells.of(name, sum((both.width for both in own.values()), np.zeros_like(value)))
    return where(value), {pair: Sides(*map(where, both)) for pair, both in own.items()}
