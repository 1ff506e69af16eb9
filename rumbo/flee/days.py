"""What holds in a crisis on each day by Flee's rules: zones, scores, closures, who flees."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from rumbo.flee.crisis import CAMPS, Crisis
from rumbo.scenario.arrays import Array, Flags, Index

QUIET = 1e-6
"""Intensity below which there is no conflict."""

HARDLY_LEFT = 0.005
"""A place that fewer than this leave in a day counts as a camp."""

OPEN = -1
"""Stands for a link that no closure has closed."""


@dataclass(frozen=True, eq=False)
class Days:
    """A crisis day by day: T days, P locations, L links (both directions of every route).

    Parameters
    ----------
    crisis
        What was read.
    """

    crisis: Crisis

    @cached_property
    def links(self) -> pd.DataFrame:
        """Links; columns: start, end (numbers of locations), km, speed, walking, roads.

        A route that is listed again, or is a forced redirection, adds to ``roads``: Flee weighs
        it as often, and travels the first.
        """
        number = {name: i for i, name in enumerate(self.crisis.locations["name"])}
        by_pair: dict[tuple[int, int], dict[str, float]] = {}
        for route in self.crisis.routes.itertuples():
            ends = number[str(route.start)], number[str(route.end)]
            speed = self.crisis.settings.max_move_speed
            link = {
                "km": float(route.km),
                "speed": speed if np.isnan(route.max_move_speed) else float(route.max_move_speed),
                "walking": float(route.walk_probability),
            }
            for pair in (ends, ends[::-1]):
                times = 2 if route.redirection == 1 else 1
                by_pair.setdefault(pair, {**link, "roads": 0.0})["roads"] += times
        rows = [{"start": a, "end": b, **link} for (a, b), link in by_pair.items()]
        return pd.DataFrame(rows, columns=["start", "end", "km", "speed", "walking", "roads"])

    @cached_property
    def link_ids(self) -> list[str]:
        """Ids of the links: two places and the mode."""
        ids = self.crisis.place_ids
        pairs = zip(self.links["start"], self.links["end"], strict=True)
        return [f"{ids[start]}>{ids[end]}:road" for start, end in pairs]

    @cached_property
    def home(self) -> str:
        """Country of the first location."""
        return str(self.crisis.locations["country"].iloc[0])

    @cached_property
    def camp(self) -> Flags:
        """Which locations are camps as declared; shape (P,)."""
        return np.asarray(self.crisis.locations["kind"].isin(CAMPS), dtype=np.bool_)

    @cached_property
    def _zones(self) -> tuple[Array, Index, Flags]:
        """Intensity at onset and day of onset, (T, P), and whether zones changed on a day (T,)."""
        crisis, declared = self.crisis, self._declared_zone
        on = crisis.intensity >= QUIET
        intensity, onset = np.zeros(on.shape), np.full(on.shape, -1, dtype=np.int64)
        changed = np.zeros(len(on), dtype=np.bool_)
        now, since = np.where(declared, 1.0, 0.0), np.full(on.shape[1], -1)
        for t in range(len(on)):
            before = on[t - 1] if t else np.zeros_like(declared)
            begins, ends = on[t] & ~before, ~on[t] & before
            now = np.where(begins, crisis.intensity[t], np.where(ends, 0.0, now))
            since = np.where(begins, t, since)
            changed[t] = bool(begins.any() or ends.any())
            intensity[t], onset[t] = now, since
        return intensity, onset, changed

    @cached_property
    def _declared_zone(self) -> Flags:
        places = self.crisis.locations
        zone = places["kind"].eq("conflict_zone") & places["conflict_day"].le(0)
        return np.asarray(zone, dtype=np.bool_)

    @cached_property
    def _touched(self) -> Flags:
        """Which locations the conflict table has turned into a zone or a town before, (T, P)."""
        return np.maximum.accumulate(self.crisis.intensity >= QUIET, axis=0)

    @property
    def intensity(self) -> Array:
        """Intensity in force; a change between two intensities has no effect in Flee; (T, P)."""
        return self._zones[0]

    def _decay(self, day: Index, onset: Index) -> Array:
        """Factor of a zone's weight by the time since its onset."""
        steps = self.crisis.settings.conflict_spawn_decay
        if not steps:
            return np.ones(onset.shape)
        since = (day - onset) // self.crisis.settings.conflict_spawn_decay_interval
        number = np.clip(since, 0, len(steps) - 1)
        return np.asarray(np.array(steps, dtype=np.float64)[number])

    @cached_property
    def chance(self) -> Array:
        """Chance of setting out, closures of camps aside; (T, P)."""
        s, kind = self.crisis.settings, self.crisis.locations["kind"]
        first = kind.map(
            {
                "camp": s.camp_movechance,
                "idpcamp": s.idpcamp_movechance,
                "marker": 1.0,
                "forwarding_hub": 1.0,
                "town": s.default_movechance,
                "conflict_zone": s.default_movechance,
            }
        ).to_numpy(dtype=np.float64)
        zone = self.intensity > 0
        chance = np.where(zone, s.conflict_movechance, first)
        chance = np.where(self._touched & ~zone, s.default_movechance, chance)
        return np.clip(chance * self._size_factor(), 0.0, 1.0)

    @cached_property
    def closed_camp_chance(self) -> Array:
        """Chance of setting out from each camp while it is closed, a town; (P,)."""
        return np.clip(self.crisis.settings.default_movechance * self._size_factor(), 0.0, 1.0)

    def _size_factor(self) -> Array:
        s, places = self.crisis.settings, self.crisis.locations
        size = np.maximum(places["population"], places["capacity"]).to_numpy(dtype=np.float64)
        return np.asarray((size / s.movechance_pop_base) ** s.movechance_pop_scale_factor)

    @cached_property
    def town(self) -> Flags:
        """Which locations are towns, closures of camps aside; (T, P)."""
        kind = self.crisis.locations["kind"]
        named = np.asarray(kind.isin(("town", "conflict_zone")), dtype=np.bool_)
        left = self.crisis.settings.default_movechance >= HARDLY_LEFT
        first = named & ~self._declared_zone & left
        peace: Flags = self.intensity == 0
        return np.where(self._touched, peace, first & peace)

    @cached_property
    def score(self) -> Array:
        """What each location is worth as a destination, closures of camps aside; (T, P)."""
        s = self.crisis.settings
        intensity, onset, _ = self._zones
        day = np.arange(len(onset))[:, None]
        danger = s.conflict_weight ** (self._decay(day, onset) * intensity)
        return (
            self.town_score * np.where(self.camp, s.camp_weight, 1.0) * self._size_pull() * danger
        )

    @cached_property
    def town_score(self) -> Array:
        """What each location is worth as a town at peace; (P,)."""
        abroad = (self.crisis.locations["country"] != self.home).to_numpy()
        return np.where(abroad, self.crisis.settings.foreign_weight, 1.0)

    def _size_pull(self) -> Array:
        s = self.crisis.settings
        if not s.use_pop_for_loc_weight:
            return np.ones(len(self.camp))
        population = np.maximum(self.crisis.locations["population"].to_numpy(dtype=float), 1.0)
        return np.where(self.camp, 1.0, population**s.pop_power_for_loc_weight)

    @cached_property
    def closed_by(self) -> Index:
        """Row of the closure that keeps each link closed at the end of a day, or `OPEN`; (T, L).

        A link that any closure opens again is open, whatever else closed it.
        """
        closed = np.full((self.crisis.days, len(self.links)), OPEN, dtype=np.int64)
        now = np.full(len(self.links), OPEN, dtype=np.int64)
        closures = self._closures("country", "location")
        reach = {i: self._links_of(row) for i, row in closures}
        for t in range(self.crisis.days):
            for i, row in closures:
                if row.since == t:
                    now[reach[i] & (now == OPEN)] = i
                if row.until == t:
                    now[reach[i]] = OPEN
            closed[t] = now
        return closed

    def _closures(self, *kinds: str) -> list[tuple[int, Any]]:
        rows = enumerate(self.crisis.closures.itertuples())
        return [(i, row) for i, row in rows if row.kind in kinds]

    def _links_of(self, row: Any) -> Flags:
        places, links = self.crisis.locations, self.links
        by = places["country"] if row.kind == "country" else places["name"]
        start, end = (by.to_numpy()[links[side].to_numpy(dtype=int)] for side in ("start", "end"))
        if row.kind == "location":
            return np.asarray((start == row.name1) | (end == row.name1))
        there = (start == row.name1) & (end == row.name2)
        return np.asarray(there | ((start == row.name2) & (end == row.name1)))

    @cached_property
    def camp_closures(self) -> list[tuple[int, int, int, int]]:
        """Closures of camps: row, location, first day and first day after (the end if never)."""
        number = {name: i for i, name in enumerate(self.crisis.locations["name"])}
        end = self.crisis.days
        return [
            (i, number[row.name1], int(row.since), int(row.until) if row.until >= 0 else end)
            for i, row in self._closures(*CAMPS)
        ]

    @cached_property
    def displaced(self) -> Array:
        """Persons displaced from each location on each day; expected shares of a known sum; (T, P).

        A zone's weight is population times intensity times decay, looked up as Flee does: at the
        end of the day before, or on the day itself when a zone began or ended.
        """
        s, population = self.crisis.settings, self.crisis.locations["population"].to_numpy(float)
        intensity, onset, changed = self._zones
        people = self.crisis.registers.corrected().newly_displaced(
            self.crisis.days, s.sum_from_camps, s.insert_day0, s.empty_camps_on_day0
        )
        day = np.arange(len(people))
        looked = np.where(changed | (day == 0), day, day - 1)[:, None]
        factor = intensity * self._decay(looked, onset)
        shares, last = np.zeros(factor.shape), population * self._declared_zone
        for t in range(len(people)):
            weight = population * factor[t]
            last = weight if weight.sum() > 0 else last
            shares[t] = people[t] * last / last.sum() if last.sum() > 0 else 0.0
            if s.take_from_population:
                population = np.maximum(population - shares[t], 0.0)
        return shares

    @cached_property
    def registered(self) -> Index:
        """Persons counted in each location on day 0, who stand there already; shape (P,)."""
        s = self.crisis.settings
        counted = np.zeros(len(self.camp), dtype=np.int64)
        if s.empty_camps_on_day0 or not s.insert_day0:
            return counted
        first = self.crisis.registers.corrected().daily(1)[0]
        count = dict(zip(self.crisis.registers.names, first, strict=True))
        names = self.crisis.locations["name"].map(count).fillna(0).to_numpy(dtype=np.int64)
        return np.where(self.camp, names, counted)
