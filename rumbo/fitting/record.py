"""What a corridor is fitted to: every series of figures that tells of its flows and stocks.

Beside stops and crossings by nationality: zones apart, gates, returns, asylum, registers of people
on the way, states, deaths, people present at places and in the queue. A view of an area, region or
place is named ``VIEW:LABEL``, such as ``stops.areas:Inland``; it tells of everybody.
"""

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray as xr

from rumbo.fitting.views import (
    ERROR,
    TOTAL,
    Observation,
    Observations,
    error_of,
    look,
    on_the_way,
)
from rumbo.model.riding import ride_days
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.roles import ENCOUNTERS, GATES, TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS
from rumbo.scenario.values.ranges import Z90
from rumbo.scores.figures import UNDER_WAY, Span
from rumbo.scores.underway import under_way

RETURNS, ASYLUM, APPOINTMENTS = "returns_by_transit", "asylum_applications", "appointments"
DEATHS, RECORDED = "deaths", "deaths_recorded"
WAITING, QUEUE, PASSAGES = "waiting", "queue", "passages"
AREAS = ".areas"

QUARTER = 3
"""Months of a quarter: deaths of single months are too few for their logs to be normal."""

ESTIMATE = 0.15
"""Standard deviation of the log of an estimate of a stock that gives no range: assumed."""

STATE = 0.10
"""The same for counts in a state or a zone: assumed."""

MANY = 50.0
"""Deaths recorded in a quarter from which quarters are told apart."""

CLUSTER = 2.0
"""Deaths are recorded in clusters: a month's log has variance ``1 / CLUSTER`` more; assumed."""

SUMS = {
    "entries": ("group",),
    "encounters": ("component", "area", "group"),
    "stops": ("place", "group"),
    RETURNS: ("group",),
    APPOINTMENTS: ("group",),
    ASYLUM: (),
    RECORDED: ("region",),
    WAITING: ("place",),
    QUEUE: (),
    PASSAGES: ("link",),
}
"""Measures that the views see, and what each is kept by."""


class Sight(NamedTuple):
    """A view, and the series of figures behind it.

    Attributes
    ----------
    view
        Its name.
    key
        The series of everybody.
    error
        Share of the error that every count has.
    """

    view: str
    key: Key
    error: float


class Record:
    """What had been published of a corridor, and what of a run it counts.

    Parameters
    ----------
    scenario
        The corridor over the days of the fit.
    known
        What had been published.
    months
        Months of the fit; shape (T,).
    nationalities
        In the order of the groups; length N.
    left
        Kinds of views whose figures are left out; those by area go with the whole that they are
        parts of.
    """

    def __init__(
        self,
        scenario: Scenario,
        known: Known,
        months: Months,
        nationalities: tuple[str, ...],
        left: frozenset[str] = frozenset(),
    ) -> None:
        self._missed = np.zeros(len(nationalities))
        self._left = left
        self._known, self._months = known, months
        self._nations, self._roles = nationalities, scenario.roles
        self._places = scenario.network.places
        self._mode, self._ride_days = scenario.network.links["mode"], ride_days(scenario)
        self._nation_of = scenario.groups["nationality"].to_numpy(dtype=object)

    def seeing(self, missed: Array) -> "Record":
        """Return the same record, its registers missing people.

        Parameters
        ----------
        missed
            Log of how many enter for each that the registers count, by nationality; shape (N,).
        """
        other = copy(self)
        other._missed = missed
        return other

    @cached_property
    def observations(self) -> Observations:
        """The figures, but for those left out."""
        seen = self._all
        kinds = [str(view).partition(":")[0] for view in seen.view]
        kept = np.array([not {kind, kind.removesuffix(AREAS)} & self._left for kind in kinds])
        return Observations(*(column[kept] for column in seen))

    @property
    def _all(self) -> Observations:
        whole = look(self._known, self._months, self._nations, (ZONES, GATES, STOPS))
        rows = [
            *self._counted(),
            *self._by_nationality(RETURNS),
            *self._by_nationality(APPOINTMENTS),
        ]
        rows += [one for sight in self._sights() for one in self._of(sight)]
        rows += [one for key in self._known.keys(DEATHS) for one in self._deaths(key)]
        rest = Observations.of(rows)
        return Observations(*(np.concatenate(pair) for pair in zip(whole, rest, strict=True)))

    @cached_property
    def views(self) -> tuple[str, ...]:
        """Names of the views that have figures, in order."""
        return tuple(dict.fromkeys(self.observations.view.tolist()))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of the views, those of all areas, regions and places together."""
        return tuple(dict.fromkeys(view.split(":")[0] for view in self.views))

    def counts(self, runs: xr.Dataset) -> dict[str, Array]:
        """Return what each view sees of members by month and nationality.

        Parameters
        ----------
        runs
            Measures of `SUMS` with dims ``(member, month, ...)``.

        Returns
        -------
        dict of str to numpy.ndarray
            By view, shape (R, T, N), or (R, T, 1) where it tells of everybody only.
        """
        return {view: self.seen(view, runs) for view in self.views}

    def seen(self, view: str, runs: xr.Dataset) -> Array:
        """Return what one view sees; see `counts`."""
        kind, _, label = view.partition(":")
        components = {ZONES: self._roles.zones, GATES: self._roles.gates}
        if kind in components:
            mine = runs["encounters"].sel(component=components[kind], drop=True).sum("area")
            return self._of_nations(mine)
        if kind == STOPS:
            return self._of_nations(runs["stops"].sum("place"))
        if kind in (RETURNS, APPOINTMENTS):
            return self._of_nations(runs[kind])
        if kind == TRANSIT:
            return self._of_nations(runs["entries"]) * np.exp(-self._missed)
        return _values(self._everybody(kind, label, runs))

    def _everybody(self, kind: str, label: str, runs: xr.Dataset) -> xr.DataArray:
        """Return what a view of everybody sees; dims member and month."""
        if kind == STOPS + AREAS:
            named = self._places[["id", "admin1"]].isin(label.split(";")).any(axis=1)
            inside = named.to_numpy(dtype=bool)
            return runs["stops"].isel(place=inside).sum(["place", "group"])
        if kind == ZONES + AREAS:
            mine = runs["encounters"].sel(component=self._roles.zones, area=label, drop=True)
            return mine.sum("group")
        if kind == DEATHS:
            return runs[RECORDED].sel(region=label, drop=True)
        if kind == UNDER_WAY:
            riding = self._mode.eq(label).to_numpy()
            return under_way(runs[PASSAGES], self._ride_days).isel(link=riding).sum("link")
        return runs[kind].sel(place=label, drop=True) if label else runs[kind]

    def _of_nations(self, counts: xr.DataArray) -> Array:
        by = counts.transpose("member", "month", "group").values
        sums = [by[..., self._nation_of == n].sum(axis=-1) for n in self._nations]
        return np.stack(sums, axis=-1).astype(np.float64)

    def _counted(self) -> Iterator[Observation]:
        """Go through the registers of those who enter as they are counted on the way.

        Every register misses people, so the larger of the counts of a month is held to be theirs.
        """
        names = [on_the_way(one) for one in self._roles.transit]
        seen = look(self._known, self._months, self._nations, names)
        largest: dict[tuple[int, int], Observation] = {}
        for columns in zip(*seen, strict=True):
            one = Observation(*columns)._replace(view=TRANSIT)
            cell = one.month, one.group
            if one.group in self.registered and one.value > largest.get(cell, one)[4] - 1e-12:
                largest[cell] = one
        yield from largest.values()

    @property
    def registered(self) -> frozenset[int]:
        """Numbers of the nationalities of whose entries over land nearly all are counted."""
        return frozenset() if TRANSIT in self._left else self._on_registers

    @property
    def unregistered(self) -> frozenset[int]:
        """Those of whom they are, by registers that are left out."""
        return self._on_registers - self.registered

    @cached_property
    def _on_registers(self) -> frozenset[int]:
        known = self._known.backdrop.registered if self._roles.transit else ()
        return frozenset(n for n, name in enumerate(self._nations) if name in known)

    def _by_nationality(self, measure: str) -> Iterator[Observation]:
        for key in self._known.keys(measure):
            everybody = key.nationality == "all"
            if key.area == "all" and (everybody or key.nationality in self._nations):
                group = -1 if everybody else self._nations.index(key.nationality)
                sight = Sight(measure, key, TOTAL if everybody else ERROR[STOPS])
                yield from self._of(sight, group)

    def _sights(self) -> Iterator[Sight]:
        """Go through the views of everybody."""
        known = self._known
        states, places = (set(self._places[name].dropna()) for name in ("admin1", "id"))
        yield Sight(ASYLUM, Key(ASYLUM), ERROR[STOPS])
        yield Sight(QUEUE, Key(QUEUE), ESTIMATE)
        for key in known.keys(ENCOUNTERS, self._roles.zones):
            if key.area != "all" and key.nationality == "all":
                yield Sight(f"{ZONES}{AREAS}:{key.area}", key, STATE)
        for key in known.keys(STOPS, spans=True):
            if {*key.area.split(";")} <= states | places and key.nationality == "all":
                yield Sight(f"{STOPS}{AREAS}:{key.area}", key, STATE)
        for key in known.keys(WAITING):
            if key.area in places and key.nationality == "all":
                yield Sight(f"{WAITING}:{key.area}", key, ESTIMATE)
        for key in known.keys(UNDER_WAY):
            yield Sight(f"{UNDER_WAY}:{key.area}", key, ESTIMATE)

    def _of(self, sight: Sight, group: int = -1) -> Iterator[Observation]:
        """Go through the figures of a series that lie wholly within the months of the fit."""
        for count in self._known.counts(sight.key):
            first, last = (int((m - self._months[0]).astype(int)) for m in count[:2])
            if first >= 0 and last < len(self._months):
                log = float(np.log1p(count.value))
                yield Observation(sight.view, first, last, group, log, _error(count, sight.error))

    def _deaths(self, key: Key) -> Iterator[Observation]:
        """Go through the deaths recorded in a region: by quarter, or as one sum where they are few.

        What is recorded of few is one cluster, and months without any: its log says little.
        """
        start = self._months[0]
        figures = self._known.counts(key)
        counts = {int((one.first - start).astype(int)): one.value for one in figures}
        months = [month for month in range(len(self._months)) if month in counts]
        if not months:
            return
        many = sum(counts[m] for m in months) * QUARTER >= MANY * len(months)
        holds = QUARTER if many else len(self._months)
        for first in range(0, len(self._months), holds):
            step = range(first, min(first + holds, len(self._months)))
            if all(month in counts for month in step):
                total = sum(counts[month] for month in step)
                error = np.sqrt(1.0 / (total + 1.0) + 1.0 / (CLUSTER * len(step)))
                view, log = f"{DEATHS}:{key.area}", float(np.log1p(total))
                yield Observation(view, first, step[-1], -1, log, float(error))


def _error(count: Span, base: float) -> float:
    """Return the standard deviation of the log of a count: its own range's, or what is usual."""
    if 0 < count.low < count.high:
        return max(float(np.log(count.high / count.low)) / (2 * Z90), base / 2.0)
    return error_of(count.value, base)


def _values(counts: xr.DataArray) -> Array:
    """Return counts of everybody; shape (R, T, 1)."""
    return counts.transpose("member", "month").values[..., None].astype(np.float64)
