"""What differs between members beside the draws: how sure values are, and shared shocks.

Thousands share a rumour, a storm or a bus. So whole families of transitions are multiplied by
gamma noise of mean one, anew each month, half common and half by place. And each member holds its
own value of every parameter that has a range, log-normal with the range as its middle nine tenths;
a lever's own range is held apart from what was in force before it.

Where a fit left a posterior, members hold its values and paths instead of drawing their own. A path
is of a nationality everywhere, so it takes the place of the common half; that by place goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index, Keys
from rumbo.engine.draws import inside, key, keys, normal_quantile, shocks, uniforms
from rumbo.engine.space import NOWHERE, Space
from rumbo.engine.step import Luck
from rumbo.model.rules import Family
from rumbo.scenario.posterior import Posterior

Members = NDArray[np.int64]


ENTRY = Family("entry", (), "entries.shock", (("entries.coverage", 1.0),))
PRESENT = Family("present", (), unsure=(("present.coverage", 1.0),))
ENTRIES = (ENTRY, PRESENT)
"""Families of entries: over land, and at lawful gates without appointment."""

Doubts = Mapping[tuple[str, str], Array]
"""Log standard deviations by (parameter, lever): by place (P,), or by entry (E,) for entries."""


class Factors(NamedTuple):
    """What is multiplied for each member over a stretch of days.

    Attributes
    ----------
    rate
        Rates, by kind of groups and along a `FactorAxis`; shape (R, K, F).
    entry
        Entries; shape (R, E).
    limit
        Limits; shape (R, Q).
    """

    rate: Array
    entry: Array
    limit: Array


@dataclass(frozen=True)
class FactorAxis:
    """What lies where along the factors of rates: 1, a family after the other by place, room.

    Attributes
    ----------
    families
        Names of the families that have factors of their own, in order.
    places
        Number of places P.
    rooms
        Number of factors at the end that the engine sets itself, J.
    """

    families: tuple[str, ...]
    places: int
    rooms: int = 0

    @property
    def size(self) -> int:
        """Number of factors F."""
        return 1 + len(self.families) * self.places + self.rooms

    @property
    def room(self) -> slice:
        """Those of the room left at places."""
        return slice(self.size - self.rooms, self.size)

    def of(self, family: str) -> slice:
        """Those of a family, one a place."""
        first = 1 + self.families.index(family) * self.places
        return slice(first, first + self.places)


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
    limits
        Parameters of the limits and the places where they are read, in order; length Q.
    rooms
        Number of factors at the end that the engine sets itself.
    least
        Smallest factor on a parameter, by segment, where a member's own value has a lower bound.
    posterior
        What a fit left, or None.
    """

    families: tuple[Family, ...]
    place_names: tuple[str, ...]
    entry_label: tuple[str, ...]
    entry_family: tuple[str, ...]
    entry_fitted: NDArray[np.bool_]
    group_label: tuple[str, ...]
    strength: Mapping[str, float]
    doubts: Sequence[Doubts]
    limits: tuple[tuple[str, int], ...]
    rooms: int = 0
    least: Sequence[Mapping[str, float]] = ()
    posterior: Posterior | None = None

    @cached_property
    def axis(self) -> FactorAxis:
        """What lies where along the factors."""
        names = tuple(family.name for family in self.families)
        return FactorAxis(names, len(self.place_names), self.rooms)

    @cached_property
    def carried(self) -> frozenset[tuple[str, str]]:
        """(parameter, lever) of the ranges that factors carry."""
        return frozenset(pair for doubts in self.doubts for pair in doubts)

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

    def of(self, luck: Luck, month: str, segment: int) -> Factors:
        """Return the factors of a stretch of days.

        Parameters
        ----------
        luck
            Seed and members; without draws they differ only by what was fitted.
        month
            The month, ``YYYY-MM``: shocks are new each month.
        segment
            Number of the segment: ranges are those in force.
        """
        members = len(luck.members)
        blocks = [np.ones((members, 1))]
        blocks += [
            self._held(family, len(self.place_names), luck, segment)
            * self._shocks(family, self._place_keys, luck, month)
            for family in self.families
        ]
        blocks.append(np.ones((members, self.rooms)))
        factor = np.repeat(np.concatenate(blocks, axis=1)[:, None], len(self.group_kinds), axis=1)
        entry = np.ones((members, len(self.entry_label)))
        for family in ENTRIES:
            own = self._held(family, len(self.entry_label), luck, segment)
            own = own * self._shocks(family, self._entry_keys, luck, month)
            entry *= np.where(self._entries_of(family), own, 1.0)
        if self.posterior:
            self._follow(self.posterior, factor, entry, luck.members, month)
        entry = np.where(self.entry_fitted, entry, 1.0)
        for part in (family for family in self.families if family.part_of):
            factor[:, :, self.axis.of(part.name)] *= factor[:, :, self.axis.of(part.part_of)]
        limits = [self._limit(name, place, luck, month, segment) for name, place in self.limits]
        return Factors(factor, entry, np.hstack([np.empty((members, 0)), *limits]))

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

    def own(self, parameter: str, luck: Luck, segment: int) -> Array:
        """Each member's own value of a parameter over the one in force; shape (R, 1 or P)."""
        return self._value(parameter, 1.0, luck, segment)

    def _held(self, family: Family, size: int, luck: Luck, segment: int) -> Array:
        """Return each member's own values over those in force, for all transitions of a family."""
        own = np.ones((len(luck.members), size))
        for parameter, sign in family.unsure:
            own = own * self._value(parameter, sign, luck, segment)
        return own

    def _value(self, parameter: str, sign: float, luck: Luck, segment: int) -> Array:
        """Each member's value over the one in force, (R, 1) or as the range differs by place."""
        own = np.ones((len(luck.members), 1))
        for (name, lever), sd in self.doubts[segment].items():
            if name == parameter:
                z = self._standard(name, lever, luck)
                own = own * np.exp(sign * z[:, None] * np.atleast_1d(sd))
        least = self.least[segment].get(parameter, 0.0) if self.least else 0.0
        return np.maximum(own, least) if sign > 0 else own

    def _limit(self, parameter: str, place: int, luck: Luck, month: str, segment: int) -> Array:
        """Each member's value of a limit over the one in force, with its noise; shape (R, 1)."""
        own = self._value(parameter, 1.0, luck, segment)
        own = own if own.shape[1] == 1 else own[:, place : place + 1]
        cv = self.strength.get(parameter, 0.0)
        return own * self._common(parameter, month, luck, cv) if cv and luck.stochastic else own

    def _standard(self, parameter: str, lever: str, luck: Luck) -> Array:
        """Where members stand in a range, in standard deviations: fitted, else drawn; (R,)."""
        if self.posterior:
            fitted = self.posterior.value(parameter, lever, luck.members)
            if fitted is not None:
                return fitted
        if not luck.stochastic:
            return np.zeros(len(luck.members))
        u = uniforms(luck.seed, luck.members, keys([("value", parameter, lever)]))
        return np.array([normal_quantile(x) for x in u[:, 0]])

    def off(self, members: int) -> Factors:
        """Return factors without any noise."""
        factor = np.ones((members, len(self.group_kinds), self.axis.size))
        entry, limit = (np.ones((members, len(own))) for own in (self.entry_label, self.limits))
        return Factors(factor, entry, limit)
