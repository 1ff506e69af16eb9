"""What differs between members beside the draws: how sure values are, and shared shocks.

Thousands share a rumour, a storm or a bus. So whole families of transitions are multiplied by
gamma noise of mean one, anew each month, half common and half by place. And each member holds its
own value of every parameter that has a range, on the parameter's own scale and with the range as
its middle nine tenths; a lever's own range is held apart from what was in force before it.

Where a fit left a posterior, members hold its values and paths instead of drawing their own. A path
is of a nationality everywhere, so it takes the place of the common half; that by place goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index, Keys
from rumbo.engine.draws import inside, key, keys, normal_quantile, shocks, uniforms
from rumbo.engine.space import NOWHERE, Space
from rumbo.engine.step import Luck
from rumbo.model.factors import FactorAxis, Factors, Own, OwnValues, followed
from rumbo.model.rules import Family
from rumbo.scenario.deals.terms import COMPLIANCE
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.values.history import Sides, deal_kept
from rumbo.scenario.values.ranges import scale_of

Members = NDArray[np.int64]


ENTRY = Family("entry", (), "entries.shock", (("entries.coverage", "rate"),))
PRESENT = Family("present", (), unsure=(("present.coverage", "rate"),))
ENTRIES = (ENTRY, PRESENT)
"""Families of entries: over land, and at lawful gates without appointment."""

SURE = np.ones((1, 1))
"""Stands for values that nothing is unsure of."""

Doubts = Mapping[tuple[str, str], Sides]
"""By (parameter, lever), widths on the parameter's scale by kind of groups and place, shape (K or
1, P or 1); of entries by entry, (1, E)."""


@dataclass(frozen=True)
class Noise:
    """The noise of a corridor.

    Attributes
    ----------
    families
        Families of transitions that share their noise.
    place_names
        Labels of the places, length P.
    entry_label
        What each entry shares its noise by; length E.
    entry_family
        Family of `ENTRIES` that each entry belongs to, or nothing; length E.
    entry_fitted
        Whether ranges, shocks and a fitted path of entries bear on it: not on known counts, such as
        arrivals on parole flights; shape (E,).
    group_label
        Nationality of each group; length G.
    strength
        Coefficient of variation of the monthly noise, by family or parameter of a limit.
    doubts
        How unsure values are, by segment.
    middles
        By segment, the values in force that members' own lie about, shaped as `Doubts`.
    limits
        Parameters of the limits, and kind of groups and place that they are read for, in order;
        length Q.
    rooms
        Number of factors at the end that the engine sets itself.
    posterior
        What a fit left, or None.
    reach
        Standard deviations at which no more, and no less, of a deal can be kept, by the name that
        `kept_name` gives how far a side keeps it.
    apart
        Parameters that members hold values of though no factor follows from them.
    """

    families: tuple[Family, ...]
    place_names: tuple[str, ...]
    entry_label: tuple[str, ...]
    entry_family: tuple[str, ...]
    entry_fitted: NDArray[np.bool_]
    group_label: tuple[str, ...]
    strength: Mapping[str, float]
    doubts: Sequence[Doubts]
    middles: Sequence[Mapping[str, Array]]
    limits: tuple[tuple[str, int, int], ...]
    rooms: int = 0
    posterior: Posterior | None = None
    reach: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    apart: tuple[str, ...] = ()

    @cached_property
    def axis(self) -> FactorAxis:
        """What lies where along the factors."""
        names = tuple(family.name for family in self.families)
        return FactorAxis(names, len(self.place_names), self.rooms)

    @cached_property
    def carried(self) -> frozenset[tuple[str, str]]:
        """(parameter, lever) of the ranges in which each member holds a place of its own."""
        return frozenset(pair for doubts in self.doubts for pair in doubts)

    @property
    def moving(self) -> frozenset[tuple[str, str]]:
        """Those that factors carry, so that flows follow from them."""
        return frozenset(pair for pair in self.carried if pair[0] not in self.apart)

    @cached_property
    def read(self) -> frozenset[str]:
        """Parameters that members hold places of, whether or not their values have ranges."""
        entered = (name for one in (*self.families, *ENTRIES) for name, _ in one.unsure)
        return frozenset(entered) | {name for name, *_ in self.limits} | {*self.apart}

    @property
    def fit(self) -> str:
        """Digest of what was fitted; empty if nothing was."""
        return self.posterior.digest if self.posterior else ""

    @cached_property
    def group_kinds(self) -> tuple[str, ...]:
        """Nationalities: kinds of groups whose factors may differ; length K."""
        return tuple(dict.fromkeys(self.group_label))

    @property
    def factor_row(self) -> Index:
        """Kind of each group, shape (G,)."""
        row = {label: n for n, label in enumerate(self.group_kinds)}
        return np.array([row[label] for label in self.group_label], dtype=np.int64)

    def factor_of(self, space: Space) -> Index:
        """Factor of each transition, shape (M,)."""
        first = {kind: self.axis.of(one.name).start for one in self.families for kind in one.kinds}
        numbers = [
            0 if move.kind not in first or move.place == NOWHERE else first[move.kind] + move.place
            for move in space.moves
        ]
        return np.array(numbers, dtype=np.int64)

    def reach_in(self, segment: int) -> dict[str, tuple[float, float]]:
        """Return the `reach` of what is kept in a segment."""
        return {name: self.reach[name] for _, name in self.doubts[segment] if name in self.reach}

    def of(self, luck: Luck, month: str, segment: int, known: OwnValues | None = None) -> Factors:
        """Return the factors of a stretch of days.

        Parameters
        ----------
        luck
            Seed and members; without draws they differ only by what was fitted.
        month
            The month, ``YYYY-MM``: shocks are new each month.
        segment
            Number of the segment: ranges are those in force.
        known
            What was worked out for these members before; added to.
        """
        factor, entry, _ = self.off(len(luck.members))
        known = {} if known is None else known
        for family in self.families:
            shared = self._shocks(family, self._place_keys, luck, month)
            held = self._held(family, luck, segment, known)
            factor[:, :, self.axis.of(family.name)] = held * shared[:, None]
        for family in ENTRIES:
            own = self._held(family, luck, segment, known)[:, 0]
            own = own * self._shocks(family, self._entry_keys, luck, month)
            entry *= np.where(self._entries_of(family), own, 1.0)
        if self.posterior:
            self._follow(self.posterior, factor, entry, luck.members, month)
        entry = np.where(self.entry_fitted, entry, 1.0)
        for part in (family for family in self.families if family.part_of):
            factor[:, :, self.axis.of(part.name)] *= factor[:, :, self.axis.of(part.part_of)]
        limits = [self._limit(*one, luck, month, segment, known) for one in self.limits]
        return Factors(factor, entry, np.hstack([np.empty((len(entry), 0)), *limits]))

    def _follow(
        self, posterior: Posterior, factor: Array, entry: Array, members: Members, month: str
    ) -> None:
        """Multiply factors by the fitted paths, in place."""
        for name in self.axis.families:
            if name in posterior.paths:
                own = posterior.factor(name, month, members, self.group_kinds)
                factor[:, :, self.axis.of(name)] *= own[:, :, None]
        for family in ENTRIES:
            own = posterior.factor(family.name, month, members, self.entry_label)
            entry *= np.where(self._entries_of(family), own, 1.0)

    def _entries_of(self, family: Family) -> NDArray[np.bool_]:
        """Which entries belong to a family; shape (E,)."""
        return np.array([name == family.name for name in self.entry_family], dtype=np.bool_)

    @cached_property
    def _place_keys(self) -> Keys:
        return keys((name,) for name in self.place_names)

    @cached_property
    def _entry_keys(self) -> Keys:
        return keys((label,) for label in self.entry_label)

    def _shocks(self, family: Family, labels: Keys, luck: Luck, month: str) -> Array:
        """Return shared noise of mean one, half common and half by label, as far as not fitted."""
        cv = self.strength.get(family.name, 0.0) / np.sqrt(2.0)
        fitted = self.posterior is not None and self.posterior.covers(family.name, month)
        # Entries are told apart by nationality, as their paths are: nothing is left beside these.
        if cv == 0.0 or (fitted and family is ENTRY) or not luck.stochastic:
            return np.ones((len(luck.members), 1))
        stream = key("shock", family.name, month)
        own = shocks(luck.seed, luck.members, inside(stream, labels), cv)
        return own if fitted else self._common(family.name, month, luck, cv) * own

    @staticmethod
    def _common(name: str, month: str, luck: Luck, cv: float) -> Array:
        """Return a month's noise of mean one that all share; shape (R, 1)."""
        return shocks(luck.seed, luck.members, keys([("shock", name, month)]), cv)

    def own(
        self, parameter: str, luck: Luck, segment: int, known: OwnValues | None = None
    ) -> Array:
        """Each member's own value of a parameter over the one in force; shape (R, K or 1, P or 1).

        1 where nothing is unsure, and where the value lies on a bound of its scale.
        """
        return followed(
            "rate", *self._own(parameter, luck, segment, {} if known is None else known)
        )

    def values_apart(self, luck: Luck, segment: int, known: OwnValues) -> dict[str, Array]:
        """Return members' own values of what is held apart and has a range; shape (R, P or 1)."""
        held = (name for name in self.apart if name in self.middles[segment])
        return {name: self._own(name, luck, segment, known)[1][:, 0] for name in held}

    def _own(
        self, parameter: str, luck: Luck, segment: int, known: OwnValues
    ) -> tuple[Array, Array]:
        """Return values in force and members' own: (1, K or 1, P or 1), the latter (R, ...)."""
        middle = self.middles[segment].get(parameter, SURE)
        pairs = self.doubts[segment].items()
        sides = {lever: both for (name, lever), both in pairs if name == parameter}
        key = parameter, id(middle), *((lever, id(both)) for lever, both in sides.items())
        if key not in known:
            value, own = middle[None], self._moved(parameter, middle, sides, luck)
            known[key] = Own(middle, tuple(sides.values()), value, own)
        return known[key].value, known[key].own

    def _moved(
        self, parameter: str, middle: Array, sides: Mapping[str, Sides], luck: Luck
    ) -> Array:
        """Return members' own values of a parameter, given its ranges by lever."""
        shift = np.zeros((len(luck.members), 1, 1))
        for lever, (below, above) in sides.items():
            z = self._standard(parameter, lever, luck)[:, None, None]
            shift = shift + z * np.where(z > 0.0, above, below)
        scale = scale_of(PARAMETERS[parameter], "set")
        with np.errstate(invalid="ignore"):
            place = scale.onto(middle[None]) + shift
        moved = (shift != 0.0) & np.isfinite(place)
        return np.where(moved, scale.back(place), middle[None])

    def _held(self, family: Family, luck: Luck, segment: int, known: OwnValues) -> Array:
        """What members' own values multiply a family by; (R, K or 1, P, E or 1)."""
        held = np.ones((len(luck.members), 1, 1))
        for parameter, follows in family.unsure:
            value, own = self._own(parameter, luck, segment, known)
            if follows == "withheld":
                free, own_free = self._own(family.spared, luck, segment, known)
                value, own = value * (1.0 - free), own * (1.0 - own_free)
            held = held * followed(follows, value, own)
        return held

    def _limit(
        self,
        parameter: str,
        kind: int,
        place: int,
        luck: Luck,
        month: str,
        segment: int,
        known: OwnValues,
    ) -> Array:
        """Each member's value of a limit over the one in force, with its noise; shape (R, 1)."""
        own = self.own(parameter, luck, segment, known)
        own = own[:, kind % own.shape[1], place % own.shape[2], None]
        cv = self.strength.get(parameter, 0.0)
        return own * self._common(parameter, month, luck, cv) if cv and luck.stochastic else own

    def _standard(self, parameter: str, lever: str, luck: Luck) -> Array:
        """Where members stand in a range, in standard deviations: fitted, else drawn; (R,)."""
        if deal := deal_kept(lever):
            return np.clip(self._standard(COMPLIANCE, deal, luck), *self.reach[lever])
        if self.posterior:
            fitted = self.posterior.value(parameter, lever, luck.members)
            if fitted is not None:
                return fitted
        if not luck.stochastic and (self.posterior is None or parameter not in self.apart):
            return np.zeros(len(luck.members))
        u = uniforms(luck.seed, luck.members, keys([("value", parameter, lever)]))
        return np.array([normal_quantile(x) for x in u[:, 0]])

    def off(self, members: int) -> Factors:
        """Return factors without any noise."""
        factor = np.ones((members, len(self.group_kinds), self.axis.size))
        entry, limit = (np.ones((members, len(own))) for own in (self.entry_label, self.limits))
        return Factors(factor, entry, limit)
