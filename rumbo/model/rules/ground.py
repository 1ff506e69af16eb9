"""The facts of the network that rules ask for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.model.rules.choice import Atlas, make_atlas
from rumbo.scenario.network import GUIDED, Network
from rumbo.scenario.roles import Roles

Names = NDArray[np.object_]

MOST_MOVED = 2
"""People taken elsewhere twice or more are counted together."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Facts of the network as arrays: places (P,) and links (L,).

    Attributes
    ----------
    network, groups, step, modes, roles
        Of the scenario.
    fixed
        Values that shape the structure, and so hold for the whole run.
    entering
        People of each group who enter at each place, in all months of the corridor; only their
        proportions count. Shape (G, P), or empty if not known.
    chain
        Places on the way that caravans walk, in order; empty if there is none.
    """

    network: Network
    groups: tuple[str, ...]
    step: float
    modes: tuple[str, ...]
    roles: Roles
    fixed: Mapping[str, Array] = field(default_factory=dict)
    entering: Array = field(default_factory=lambda: np.empty((0, 0)))
    chain: tuple[int, ...] = ()

    @property
    def places(self) -> pd.DataFrame:
        """Table of places."""
        return self.network.places

    @property
    def links(self) -> pd.DataFrame:
        """Table of links."""
        return self.network.links

    @cached_property
    def place_names(self) -> list[str]:
        """Ids of the places."""
        return list(self.places["id"])

    @cached_property
    def link_names(self) -> list[str]:
        """Ids of the links."""
        return list(self.links["id"])

    @cached_property
    def place_number(self) -> dict[str, int]:
        """Number of each place."""
        return {name: i for i, name in enumerate(self.place_names)}

    @cached_property
    def origin(self) -> Index:
        """Place where each link starts."""
        return self._numbers("from", self.place_number)

    @cached_property
    def destination(self) -> Index:
        """Place where each link ends."""
        return self._numbers("to", self.place_number)

    @cached_property
    def mode(self) -> Index:
        """Number of each link's mode."""
        return self._numbers("mode", {name: i for i, name in enumerate(self.modes)})

    def modes_of(self, links: Index) -> Names:
        """Return the names of the modes of links."""
        return np.array(self.modes, dtype=object)[self.mode[links]]

    def _numbers(self, column: str, number: Mapping[str, int]) -> Index:
        return np.array([number[name] for name in self.links[column]], dtype=np.int64)

    @cached_property
    def country(self) -> Names:
        """Country of each place."""
        return np.array(self.places["country"], dtype=object)

    @cached_property
    def twin(self) -> Names:
        """Id of the place across the line from each, or nothing."""
        return np.array(self.places["twin"].fillna(""), dtype=object)

    @cached_property
    def km(self) -> Array:
        """Length of each link."""
        return np.array(self.links["distance_km"], dtype=np.float64)

    @cached_property
    def hours(self) -> Array:
        """Hours that each link usually takes."""
        return np.array(self.links["typical_hours"], dtype=np.float64)

    def having(self, role: str) -> Index:
        """Places with a role, whether as their kind or beside it."""
        return self._having.get(role, np.empty(0, dtype=np.int64))

    @cached_property
    def _having(self) -> dict[str, Index]:
        such: dict[str, list[int]] = {}
        roles = self.places["roles"].fillna("")
        for place, (kind, more) in enumerate(zip(self.places["kind"], roles, strict=True)):
            for role in {kind, *more.split(";")}:
                such.setdefault(role, []).append(place)
        return {role: np.array(places, dtype=np.int64) for role, places in such.items()}

    @cached_property
    def sinks(self) -> Index:
        """Places where nobody stays: destination zones, lawful gates and arrival airports."""
        ends = ("destination_zone", "lawful_gate", "arrival_airport")
        kinds = [self.having(kind) for kind in ends]
        return np.unique(np.concatenate(kinds))

    @cached_property
    def claim_zones(self) -> Index:
        """Destination zones where asylum can be applied for."""
        return np.intersect1d(self.having("destination_zone"), self.having("reception"))

    @cached_property
    def stays(self) -> Index:
        """Places where people can be."""
        return np.setdiff1d(np.arange(len(self.places)), self.sinks)

    @cached_property
    def inland(self) -> Flags:
        """Which places are no waiting cities, and people can be there."""
        inland = np.setdiff1d(self.stays, self.having("waiting_city"))
        return np.isin(np.arange(len(self.places)), inland)

    @cached_property
    def transfer_places(self) -> Index:
        """Places where stopped people can be taken."""
        return self.having("interior_transfer_destination")

    @cached_property
    def moving_countries(self) -> tuple[str, ...]:
        """Countries that take stopped people elsewhere: those with a place to take them to."""
        return tuple(dict.fromkeys(self.country[self.transfer_places]))

    def transfers_within(self, place: int) -> Index:
        """Places where people stopped at a place can be taken: elsewhere in its country."""
        there = self.transfer_places
        own = self.country[there] == self.country[place]
        return np.asarray(there[own & (there != place)])

    @cached_property
    def transfer_pairs(self) -> tuple[Index, Index]:
        """Places where people are stopped, and places where they can be taken from each, (Q,)."""
        pairs = [(p, q) for p in self.moving_places for q in self.transfers_within(p)]
        source, target = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return source, target

    @cached_property
    def moving_places(self) -> Index:
        """Places in countries that take stopped people elsewhere."""
        return self._staying_in(self.moving_countries)

    @cached_property
    def stopping_places(self) -> Index:
        """Places in countries that stop people on the way."""
        return self._staying_in(self.roles.stopping)

    @cached_property
    def waiting_places(self) -> Index:
        """Places in the countries where people wait."""
        return self._staying_in(self.roles.waiting)

    def _staying_in(self, countries: Collection[str]) -> Index:
        there = [place for place, country in enumerate(self.country) if country in countries]
        return np.intersect1d(self.stays, there)

    @cached_property
    def heading(self) -> Index:
        """Links that lead closer to some destination over land (Dial 1971).

        Destinations are the zones. Links out of sinks, into ports and airports of arrival,
        and out of airports abroad (flown by people with papers only) do not count.
        """
        zones, far = self.having("destination_zone"), self._far
        closer = (far[:, self.destination] < far[:, self.origin]).any(axis=0)
        abroad = self.places["kind"].eq("airport").to_numpy().nonzero()[0]
        abroad = np.intersect1d(abroad, self.having("origin"))
        shut = np.isin(self.origin, self.sinks) | np.isin(self.origin, abroad)
        shut |= np.isin(self.destination, np.setdiff1d(self.sinks, zones))
        return np.flatnonzero(closer & ~shut)

    @cached_property
    def guided(self) -> Index:
        """Links of `heading` on which people are guided from a hub to a border city; length A."""
        return np.asarray(self.heading[self.modes_of(self.heading) == GUIDED])

    @cached_property
    def _far(self) -> Array:
        """Kilometres over land from each place to each destination zone, (K, P)."""
        zones = self.having("destination_zone")
        name = self.modes_of(np.arange(len(self.links)))
        # Guided ways follow roads, and make none shorter.
        overland = (name != "passenger_air") & (name != GUIDED)
        return np.asarray(dijkstra(self._graph(overland, backward=True), indices=zones))

    @cached_property
    def atlas(self) -> Atlas:
        """What the choice of way needs to know; links as in `heading`."""
        links, zones = self.heading, self.having("destination_zone")
        ends = self.origin[links], self.destination[links]
        return make_atlas(zones, *ends, self.mode[links], len(self.modes), self._far)

    @cached_property
    def before_zones(self) -> Index:
        """Places from which a link leads into a destination zone."""
        into = np.isin(self.destination[self.heading], self.having("destination_zone"))
        return np.unique(self.origin[self.heading][into])

    @cached_property
    def starts(self) -> Array:
        """Share of each group that enters at each place, (G, P).

        A group of which nobody is known to enter starts evenly from wherever others do.
        """
        if not self.entering.size:
            return np.zeros((len(self.groups), len(self.places)))
        anywhere = np.where(self.entering.sum(axis=0) > 0, 1.0, 0.0)
        known = np.where(self.entering.sum(axis=1, keepdims=True) > 0, self.entering, anywhere)
        return np.asarray(known / np.maximum(known.sum(axis=1, keepdims=True), 1e-300))

    @cached_property
    def passing(self) -> tuple[Index, Index, Index]:
        """Places whose checks a link passes: link, place and rank along the way, each (N,).

        A coach, and who is guided, passes its start and every place on the shortest road to its
        end; other links pass the place where they start.
        """
        name = self.modes_of(np.arange(len(self.links)))
        road = self._graph(name == "road", backward=False)
        along = (name == "bus") | (name == GUIDED)
        starts = np.unique(self.origin[along])
        before = dijkstra(road, indices=starts, return_predecessors=True)[1]
        before_of = dict(zip(starts.tolist(), before, strict=True))
        rows = []
        for link in range(len(self.links)):
            start, end = int(self.origin[link]), int(self.destination[link])
            between = _between(before_of[start], end) if along[link] else []
            rows += [(link, place, rank) for rank, place in enumerate([start, *between])]
        link, place, rank = np.array(rows, dtype=np.int64).T
        return link, place, rank

    def _graph(self, which: NDArray[np.bool_], *, backward: bool) -> csr_array:
        """Kilometres between neighbours along some links."""
        # A metre at the least: a sparse graph takes 0 for no link.
        km = np.maximum(self.km, 1e-3)
        ends = [self.destination, self.origin] if backward else [self.origin, self.destination]
        best = pd.Series(km[which]).groupby([end[which] for end in ends]).min()
        rows = np.array(best.index.to_list(), dtype=np.int64).reshape(-1, 2).T
        size = len(self.places)
        return csr_array((best.to_numpy(), (rows[0], rows[1])), shape=(size, size))

    @cached_property
    def stages(self) -> Index:
        """Whole days on each link beyond the first, each a stage in series."""
        days = np.round(self.hours / 24.0)
        return np.asarray(np.maximum(days - 1, 0), dtype=np.int64)

    def times_moved(self, place: int) -> range:
        """Return the numbers of moves south that are told apart at a place."""
        return range(MOST_MOVED + 1 if place in self._moving else 1)

    def moved_at(self, place: int, moved: int) -> int:
        """Return the times moved under which people are counted at a place that they come to."""
        return moved if moved in self.times_moved(place) else 0

    @cached_property
    def _moving(self) -> frozenset[int]:
        return frozenset(self.moving_places.tolist())


def _between(before: Index, end: int) -> list[int]:
    """Places on the way to ``end``, from predecessors; none if there is no way."""
    way: list[int] = []
    place = int(before[end])
    while place >= 0 and before[place] >= 0:
        way.insert(0, place)
        place = int(before[place])
    return way
