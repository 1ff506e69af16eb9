"""When caravans form, and with how many: drawn ahead by key for every member.

Formation is a jump in a rate that all who wait at a place share: Poisson in time, lognormal in
size. What is drawn depends on nothing that happens in a run, so that the days of a member's
caravans are the same whatever else differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.draws import keys, uniforms
from rumbo.engine.step import Luck
from rumbo.model.pace import Paces, Pacing
from rumbo.model.rules.form import Values
from rumbo.model.rules.ground import Ground
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.caravans.chain import START
from rumbo.scenario.caravans.events import Dated, dated

SIZE, WEIGHT, AT, LOSS = "caravan size", "caravan weight", "caravan place", "caravan loss"
"""Names of what is drawn for a step: sizes (R or 1, S, Q), how often they come (R or 1, S), the
places (S,), and how far the log of the rate of leaving lies from its median, in standard deviations
(R,)."""

MONTH = 365.25 / 12
"""Days in a month."""

SIZES = 256
"""Sizes that stand for all, each as likely, where means are reckoned with: within 1 % of them."""


class DrawnCaravans(NamedTuple):
    """What was drawn for some members.

    Attributes
    ----------
    size
        People who would set out, 0 where no caravan forms; shape (N, R, S) for N steps.
    loss
        Standard deviations of the log of the rate of leaving; shape (N, R).
    """

    size: Array
    loss: Array


@dataclass(frozen=True, eq=False)
class Formations:
    """The caravans that may form in a scenario.

    Attributes
    ----------
    place
        Places where they form; shape (S,).
    names
        Ids of these.
    dates
        Every day; shape (T,).
    parts
        Steps of a day.
    chance
        Chance in a step that one forms; shape (T, S).
    middle, spread
        Median of the log of its size, and standard deviation; shape (T, S).
    given
        Whether one sets out on the day for certain; shape (T, S).
    low, high
        Logs of the size that was reported of it; NaN where none was; shape (T, S).
    """

    place: Index
    names: tuple[str, ...]
    dates: NDArray[np.datetime64]
    parts: int
    chance: Array
    middle: Array
    spread: Array
    given: Flags
    low: Array
    high: Array

    def alike(self, other: "Formations") -> Flags:
        """On which days the two are the same; shape (T,)."""
        same = np.ones(len(self.dates), dtype=np.bool_)
        for name in ("chance", "middle", "spread", "given", "low", "high"):
            one, two = getattr(self, name), getattr(other, name)
            both = one.dtype.kind == "f"
            same &= ((one == two) | (both & np.isnan(one) & np.isnan(two))).all(axis=1)
        return same

    def on(self, luck: Luck) -> Mapping[str, Array]:
        """Return what is drawn for the step that ``luck`` names, or its means."""
        if not len(self.place):
            return {}
        number = luck.step - self._first
        at: dict[str, Array] = {AT: self.place.astype(np.float64)}
        if not luck.stochastic:
            chance = self._chance(number)
            return at | {
                SIZE: _meant(self)[number // self.parts][None],
                WEIGHT: chance[None],
                LOSS: np.zeros(len(luck.members)),
            }
        drawn = _drawn(self, luck.seed, tuple(luck.members.tolist()))
        size = drawn.size[number][:, :, None]
        return at | {SIZE: size, WEIGHT: (size[:, :, 0] > 0) * 1.0, LOSS: drawn.loss[number]}

    def formed(self, luck: Luck, first: int, last: int) -> Array:
        """Count the caravans that form on some days, or how many do in the mean.

        Parameters
        ----------
        luck
            Seed and members.
        first, last
            Numbers of the first and last day.

        Returns
        -------
        numpy.ndarray
            By member and place of `place`; shape (R, S).
        """
        steps = range(first * self.parts, (last + 1) * self.parts)
        if not luck.stochastic:
            mean = np.sum([self._chance(n) for n in steps], axis=0)
            return np.broadcast_to(mean, (len(luck.members), len(self.place)))
        size = _drawn(self, luck.seed, tuple(luck.members.tolist())).size
        return np.asarray((size[steps.start : steps.stop] > 0).sum(axis=0), dtype=np.float64)

    @property
    def _first(self) -> int:
        return int(self.dates[0].astype("datetime64[D]").astype(np.int64)) * self.parts

    def _chance(self, number: int) -> Array:
        """Chance that one forms in a step; a given one sets out in the first of its day."""
        day, part = divmod(number, self.parts)
        return np.asarray(self.chance[day] + self.given[day] * (part == 0))

    def _size(self, day: int, u: Array, z: Array) -> Array:
        """Size of the caravan of a day by a uniform and a normal deviate; (S,) + those' shape."""
        low, high, middle, spread = (
            one[day].reshape(-1, *(1,) * u.ndim)
            for one in (self.low, self.high, self.middle, self.spread)
        )
        known = np.exp(low + u * (high - low))
        return np.asarray(np.where(np.isnan(low), np.exp(middle + spread * z), known))


@lru_cache(maxsize=32)
def _meant(one: Formations) -> Array:
    """Sizes that stand for all of the caravans of each day; shape (T, S, Q)."""
    u = (np.arange(SIZES) + 0.5) / SIZES
    return np.stack([one._size(day, u, ndtri(u)) for day in range(len(one.dates))])


@lru_cache(maxsize=32)
def _drawn(one: Formations, seed: int, members: tuple[int, ...]) -> DrawnCaravans:
    """Draw the caravans of some members over all days."""
    steps, number = len(one.dates) * one.parts, np.array(members, dtype=np.int64)
    size = np.zeros((steps, len(members), len(one.place)))
    for s, name in enumerate(one.names):
        u, v = (_uniforms(one, seed, number, (what, name)) for what in ("caravan", "caravan size"))
        chance = np.stack([one._chance(n)[s] for n in range(steps)])
        for n, r in np.argwhere(u < chance[:, None]):
            day = int(n) // one.parts
            size[n, r, s] = one._size(day, v[n, r : r + 1], ndtri(v[n, r : r + 1]))[s, 0]
    forms = np.asarray((size > 0).any(axis=2))
    return DrawnCaravans(size, _losses(one, seed, number, forms))


def _uniforms(one: Formations, seed: int, members: Index, what: tuple[str, ...]) -> Array:
    """Uniform numbers by step and member, (N, R), named by the number of the step from 1970."""
    steps = range(one._first, one._first + len(one.dates) * one.parts)
    return uniforms(seed, members, keys((*what, n) for n in steps)).T


def _losses(one: Formations, seed: int, members: Index, forms: Flags) -> Array:
    """Deviates of the month in which the last caravan set out, that of the day before any did."""
    month = np.repeat(one.dates.astype("datetime64[M]").astype(np.int64), one.parts)
    names, number = np.unique(month, return_inverse=True)
    z = ndtri(uniforms(seed, members, keys(("caravan loss", int(name)) for name in names)))
    step = np.arange(len(number))[:, None]
    last = np.maximum.accumulate(np.where(forms, step, -1), axis=0)
    held = number[np.where(last < 0, step, last)]
    return np.asarray(np.take_along_axis(z.T, held, axis=0))


def formations_of(
    calendar: Calendar, values: Sequence[Values], ground: Ground, paces: Paces, pacing: Pacing
) -> Formations:
    """Return the caravans that may form in a scenario.

    Parameters
    ----------
    calendar
        The scenario's values by day.
    values
        The same by segment, without those of rules that are switched off.
    ground
        Facts of its network.
    paces, pacing
        How fast people set out.

    Returns
    -------
    Formations
        Without a place where the corridor has no way for caravans.
    """
    place = np.intersect1d(ground.having(START), ground.chain).astype(np.int64)
    names = tuple(ground.place_names[p] for p in place)
    segment, shape = calendar.segment_of, (len(calendar.dates), len(place))

    def daily(name: str) -> Array:
        each = [np.broadcast_to(one[name], len(ground.places))[place] for one in values]
        return np.stack(each)[segment].reshape(shape)

    record = [one for one in dated(calendar.scenario.events) if one.place in names]
    wanted = daily("caravan.given") > 0
    given, low, high = _given(record, names, calendar.dates, wanted)
    month = daily("caravan.formation") * _moved(daily("caravan.belief"), place, paces, pacing)
    chance = -np.expm1(-month / MONTH * ground.step)
    # Which caravans set out is known until the last on record: none is drawn beside them.
    known = [calendar.dates <= one.day for one in record]
    drawn = ~(wanted & np.any(known, axis=0).reshape(-1, 1)) if known else ~np.zeros_like(wanted)
    return Formations(
        place,
        names,
        calendar.dates,
        round(1 / ground.step),
        np.where(drawn, chance, 0.0),
        np.log(daily("caravan.size")),
        daily("caravan.size_spread"),
        given,
        low,
        high,
    )


def _given(
    record: Sequence[Dated], names: tuple[str, ...], dates: NDArray[np.datetime64], wanted: Flags
) -> tuple[Flags, Array, Array]:
    """Days and places where a caravan on record sets out, and logs of its size; (T, S) each."""
    given = np.zeros(wanted.shape, dtype=np.bool_)
    low, high = (np.full(wanted.shape, np.nan) for _ in range(2))
    for one in record:
        at = int((one.day - dates[0]).astype(np.int64)), names.index(one.place)
        if 0 <= at[0] < len(dates) and wanted[at]:
            given[at] = True
            low[at], high[at] = np.log(one.low), np.log(one.high)
    return given, low, high


def _moved(power: Array, place: Index, paces: Paces, pacing: Pacing) -> Array:
    """What formation is multiplied by: the mean pace of setting out from the place, to a power."""
    factor = np.ones(power.shape)
    number = {int(paces.place[n]): n for n in paces.numbers("going")}
    for t in np.flatnonzero(power.any(axis=1)):
        table = pacing.on(int(t))[0]
        for s, p in enumerate(place):
            if table.shape[1] > 1 and int(p) in number:
                factor[t, s] = table[:, number[int(p)]].mean() ** power[t, s]
    return factor
