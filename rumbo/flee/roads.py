"""What a planner could know of a crisis on a day: zones, roads, closures, published counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from rumbo.flee.crisis import CAMPS, Crisis
from rumbo.flee.shares import Counted
from rumbo.scenario.arrays import Array, Flags, Index

SHORTEST_KM = 1.0
"""A road is taken to be no shorter (assumed), for a graph knows no road of length 0."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Zones, roads and closures by day: T days, Z zones, C camps with counts.

    No day depends on a later one, so that the days up to an origin are what was known there.

    Attributes
    ----------
    weights
        Population times intensity of each zone; shape (T, Z).
    km
        Distance over open links, inf where cut off; shape (T, Z, C).
    free_km
        Distance with every link open; shape (Z, C).
    capacity
        Persons; shape (C,).
    is_open
        Whether a camp is open; shape (T, C).
    """

    weights: Array
    km: Array
    free_km: Array
    capacity: Array
    is_open: Flags

    @classmethod
    def of(cls, crisis: Crisis) -> "Roads":
        """Return that of a crisis; its zones are all places with people, but for camps."""
        routes, force = _Routes.of(crisis), _in_force(crisis)
        rows = list(crisis.closures.itertuples())
        shut = [routes.shut_by(row) for row in rows]
        states, state = np.unique(force, axis=0, return_inverse=True)
        km = [routes.distances([shut[i] for i in np.flatnonzero(now)]) for now in states]
        closed = np.array([routes.closed_by(row) for row in rows], dtype=bool)
        closed = closed.reshape(len(rows), len(routes.camps))
        people = crisis.locations["population"].to_numpy(dtype=np.float64)[routes.zones]
        capacity = crisis.locations["capacity"].to_numpy(dtype=np.float64)
        return cls(
            weights=crisis.intensity[:, routes.zones] * people,
            km=np.stack(km)[state.ravel()],
            free_km=routes.distances([]),
            capacity=capacity[routes.camps],
            is_open=~(force[:, :, None] & closed[None]).any(axis=1),
        )


def known_at(crisis: Crisis, roads: Roads, origin: int, lag: int) -> Counted:
    """Return what is known at an origin.

    Parameters
    ----------
    crisis
        What was read.
    roads
        Its roads.
    origin
        Day of the forecast.
    lag
        Days from the date of a count or correction to its publication.

    Returns
    -------
    Counted
        Roads up to the origin, and what was dated ``origin - lag`` or earlier.
    """
    upto, registers = origin + 1, crisis.registers.corrected(as_of=origin - lag)
    sent = (roads.weights[:upto] > 0).any(axis=0)  # other zones make no difference yet
    tables = [registers.rows[registers.names.index(name)] for name in crisis.scored]
    tables = [table.sort_values("day", kind="stable") for table in tables]
    return Counted(
        weights=roads.weights[:upto, sent],
        km=roads.km[:upto, sent],
        free_km=roads.free_km[sent],
        capacity=roads.capacity,
        is_open=roads.is_open[:upto],
        camp=np.repeat(np.arange(len(tables)), [len(table) for table in tables]),
        day=np.concatenate([table["day"].to_numpy(dtype=np.int64) for table in tables]),
        persons=np.concatenate([table["persons"].to_numpy(dtype=np.float64) for table in tables]),
    )


def _in_force(crisis: Crisis) -> Flags:
    """Return which closures are in force on each day; shape (T, closures)."""
    since, until = (crisis.closures[name].to_numpy(dtype=np.int64) for name in ("since", "until"))
    day = np.arange(crisis.days)[:, None]
    return np.asarray((since >= 0) & (since <= day) & ((until < 0) | (day < until)))


@dataclass(frozen=True, eq=False)
class _Routes:
    """Routes, and who is where; P locations, L routes."""

    names: NDArray[Any]
    countries: NDArray[Any]
    ends: Index
    km: Array
    zones: Index
    camps: Index
    all_camps: Index

    @classmethod
    def of(cls, crisis: Crisis) -> "_Routes":
        places, number = crisis.locations, {n: i for i, n in enumerate(crisis.locations["name"])}
        ends = crisis.routes[["start", "end"]].to_numpy(dtype=object)
        camp = places["kind"].isin(CAMPS).to_numpy(dtype=bool)
        return cls(
            names=places["name"].to_numpy(dtype=object),
            countries=places["country"].to_numpy(dtype=object),
            ends=np.array([[number[name] for name in pair] for pair in ends]).reshape(-1, 2),
            km=np.maximum(crisis.routes["km"].to_numpy(dtype=np.float64), SHORTEST_KM),
            zones=np.flatnonzero((places["population"].to_numpy() > 0) & ~camp),
            camps=np.array([number[name] for name in crisis.scored]),
            all_camps=np.flatnonzero(camp),
        )

    def shut_by(self, row: Any) -> Flags:
        """Return which routes a closure shuts; shape (L,).

        The closure of a location shuts its routes, or that to the location named beside it.
        """
        if row.kind not in ("country", "location"):
            return np.zeros(len(self.km), dtype=bool)
        start, end = (self.countries if row.kind == "country" else self.names)[self.ends].T
        if row.kind == "location" and row.name2 not in self.names:
            return np.asarray((start == row.name1) | (end == row.name1))
        one_way = (start == row.name1) & (end == row.name2)
        return np.asarray(one_way | ((start == row.name2) & (end == row.name1)))

    def closed_by(self, row: Any) -> Flags:
        """Return which scored camps are not open under a closure; shape (C,).

        A camp is, too, if it is closed as a location beside which no other location is named.
        """
        itself = row.kind in CAMPS or (row.kind == "location" and row.name2 not in self.names)
        return np.asarray((self.names[self.camps] == row.name1) & itself)

    def distances(self, shut: list[Flags]) -> Array:
        """Return the way from zones to scored camps with some routes shut; shape (Z, C).

        Camps end journeys: nobody passes through one to reach another.
        """
        ends, km = self.ends, self.km
        if shut:
            there = ~np.any(shut, axis=0)
            ends, km = ends[there], km[there]
        matrix = np.full((len(self.names), len(self.names)), np.inf)
        for pair in (ends, ends[:, ::-1]):
            np.minimum.at(matrix, tuple(pair.T), km)
        matrix[self.all_camps] = np.inf
        if not len(self.zones):
            return np.zeros((0, len(self.camps)))
        away = dijkstra(np.where(np.isfinite(matrix), matrix, 0.0), indices=self.zones)
        return np.asarray(away[:, self.camps])
