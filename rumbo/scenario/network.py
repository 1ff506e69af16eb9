"""Places and links, read and checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.cells import BEYOND_EARTH, MOST_PERSONS, NOT_COUNTED, ROUND_EARTH, Column
from rumbo.files.faults import Collector, choose
from rumbo.files.tables import CsvTable, read_table
from rumbo.scenario.arrays import Flags, Index

KINDS = (
    "origin", "border_crossing", "waypoint", "hub", "interior_transfer_destination",
    "waiting_city", "lawful_gate", "destination_zone", "airport", "destination", "conflict_zone",
    "town", "forwarding_hub", "marker", "camp", "idpcamp",
)  # fmt: skip
"""Kinds of places; a place has one kind and may have several roles."""

ROLES = (
    "appointment_gate", "arrival_airport", "boat_port", "caravan_start", "rail_stop",
    "reception", "return_flow", "southern_entry", "staging", "told_first", "trailhead",
    "visible_crowd",
)  # fmt: skip
"""Roles that are no kinds; settings may name further ones."""

GUIDED = "guided"
"""Mode of links on which people are guided from a hub to a border city for a price."""

MODES = (
    "walk", "road", "bus", "freight_rail", "passenger_rail", "passenger_air", "boat",
    "border_crossing", GUIDED,
)  # fmt: skip
"""Modes of travel along links."""

GATE = "lawful_gate"
"""Kind of places where people are met or admitted who come by a lawful way."""

ENDS = ("destination_zone", GATE)
"""Kinds of places where the corridor ends; without any, places of kind or role destination."""

CAMPS = ("camp", "idpcamp")
"""Kinds of places that take displaced people in."""

DISPLACED = ("conflict_zone", "town", "forwarding_hub", "marker", *CAMPS)
"""Kinds of places of displacement, whose countries may be written as their source writes them."""

YEAR = 8760
"""Hours of a year."""

BEYOND_YEAR = "a link of more than a year"

PLACES = (
    Column("id", "id", filled=True),
    Column("name", filled=True),
    Column("country", filled=True),
    Column("admin1", needed=False, adds="settings for a whole region, at admin1:NAME"),
    Column("lat", "number", filled=True, low=-90, high=90),
    Column("lon", "number", filled=True, low=-180, high=180),
    Column(
        "population",
        "number",
        needed=False,
        low=0,
        high=MOST_PERSONS,
        beyond=NOT_COUNTED,
        adds="how large places are, for readers of the tables",
    ),
    Column("kind", filled=True, known=KINDS),
    Column(
        "roles",
        needed=False,
        adds="what else happens at a place, such as reception, told_first, visible_crowd",
    ),
    Column(
        "zone",
        needed=False,
        adds="the name under which people met in a destination zone are counted",
    ),
    Column(
        "office",
        needed=False,
        adds="the name under which people admitted at a lawful gate are counted",
    ),
    Column("twin", needed=False, adds="the place across the line, whose gate people wait for"),
    Column("coord_quality", needed=False, adds="how well a place's position is known, for readers"),
    Column("source", filled=True),
    Column("note", needed=False, adds="remarks for readers"),
)
LINKS = (
    Column("from", filled=True),
    Column("to", filled=True),
    Column("mode", filled=True, known=MODES),
    Column("distance_km", "number", filled=True, low=0, high=ROUND_EARTH, beyond=BEYOND_EARTH),
    Column(
        "gc_km", "number", needed=False, low=0, adds="the distance as the crow flies, for readers"
    ),
    Column(
        "fallback_km",
        "number",
        needed=False,
        low=0,
        adds="the distance taken where no road was found, for readers",
    ),
    Column("typical_hours", "number", filled=True, low=0, high=YEAR, beyond=BEYOND_YEAR),
    Column("method", filled=True),
    Column("terrain", needed=False, adds="the kind of ground, for readers"),
    Column(
        "capacity_group", needed=False, adds="the capacity that links share, see capacities.csv"
    ),
    Column("licence", needed=False, adds="the terms of a link's data, which pages then name"),
    Column("note", needed=False, adds="remarks for readers"),
)


@dataclass(frozen=True, eq=False)
class Network:
    """Places and the directed links between them.

    Attributes
    ----------
    places
        One row a place, numbered from 0, with its ``id``.
    links
        One row a link, numbered from 0; its ``id`` is ``from>to:mode``. Those on which people are
        guided come last, so that the others have the same numbers without them.
    """

    places: pd.DataFrame
    links: pd.DataFrame

    @cached_property
    def _place_number(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.places["id"])}

    def place_index(self, id: str) -> int:
        """Return the number of a place."""
        return self._place_number[id]

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """Modes of the links, sorted."""
        return tuple(sorted(set(self.links["mode"])))

    @cached_property
    def origin(self) -> Index:
        """Place where each link starts; shape (L,)."""
        return np.array([self._place_number[p] for p in self.links["from"]], dtype=np.int64)

    @cached_property
    def destination(self) -> Index:
        """Place where each link ends; shape (L,)."""
        return np.array([self._place_number[p] for p in self.links["to"]], dtype=np.int64)

    def unguided(self) -> "Network":
        """Return the network without the links on which people are guided."""
        others = (self.links["mode"] != GUIDED).to_numpy(dtype=bool)
        return self if others.all() else Network(self.places, self.links[others])

    def having(self, role: str) -> Flags:
        """Return which places have a role, as their kind or beside it; shape (P,)."""
        return np.array(
            [
                role == kind or role in roles.split(";")
                for kind, roles in zip(self.places["kind"], self.places["roles"], strict=True)
            ],
            dtype=np.bool_,
        )

    @cached_property
    def ends(self) -> Flags:
        """Which places are destinations; shape (P,)."""
        ends: Flags = self.places["kind"].isin(ENDS).to_numpy(dtype=np.bool_)
        return ends if ends.any() else self.having("destination")

    def reachable(self, starts: Iterable[int], *, backwards: bool = False) -> Flags:
        """Return which places can be reached from any of some places; shape (P,).

        Parameters
        ----------
        starts
            Numbers of the places to start from.
        backwards
            Go along the links against their direction: places from which the starts are reached.

        Returns
        -------
        numpy.ndarray
            Mask of places, the starts among them.
        """
        near, far = self.origin, self.destination
        if backwards:
            near, far = far, near
        reached = np.zeros(len(self.places), dtype=np.bool_)
        reached[list(starts)] = True
        while True:
            beyond = far[reached[near]]
            if reached[beyond].all():
                return reached
            reached[beyond] = True


def read_network(folder: Path, faults: Collector) -> tuple[Network, CsvTable, CsvTable] | None:
    """Read ``places.csv`` and ``links.csv``.

    Parameters
    ----------
    folder
        Folder of the corridor.
    faults
        Where faults are noted.

    Returns
    -------
    tuple of Network, CsvTable and CsvTable, or None
        The network with the tables of places and links; None when one could not be read.
    """
    places = read_table(folder / "places.csv", PLACES, faults)
    links = read_table(folder / "links.csv", LINKS, faults)
    if places is not None:
        _check_places(places, faults)
    if places is None or links is None:
        return None
    if not _links_fit(links, set(places.frame["id"]), faults) or not len(places.frame):
        return None
    named = links.frame.assign(
        id=links.frame["from"] + ">" + links.frame["to"] + ":" + links.frame["mode"]
    )
    guided = (named["mode"] == GUIDED).to_numpy(dtype=bool)
    last = named.iloc[np.argsort(guided, kind="stable")].reset_index(drop=True)
    return Network(places.frame, last), places, links


def check_unique(
    table: CsvTable, columns: Sequence[str], what: str, faults: Collector, cure: str = ""
) -> None:
    """Note every row that repeats the values of an earlier one.

    Parameters
    ----------
    table
        Rows to check.
    columns
        Columns that together must be unique.
    what
        Words for what is repeated, for example "place".
    faults
        Where faults are noted.
    cure
        How to mend it; a general word is used when empty.
    """
    key = table.frame[list(columns)]
    again = key.duplicated(keep="first").to_numpy()
    if not again.any():
        return
    groups = key.groupby(list(columns), dropna=False, sort=False).ngroup().to_numpy()
    mend = cure or "Keep one of the two rows or give one another id"
    first = np.full(groups.max() + 1, 0, dtype=np.int64)
    first[groups[::-1]] = table.row[::-1]
    for i in np.flatnonzero(again):
        names = ", ".join(filter(None, map(show, key.iloc[i])))
        message = f"duplicate {what} '{names}', already in row {first[groups[i]]}"
        faults.add(table.file, int(table.row[i]), message, mend, f"duplicate {what}")


def show(value: object) -> str:
    """Return a cell's value as it stands in the file."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if value is pd.NaT else str(value)


def _check_places(table: CsvTable, faults: Collector) -> None:
    check_unique(table, ["id"], "place", faults)
    frame = table.frame
    if not len(frame):
        faults.add(table.file, 0, "there are no places", "Add at least one row")
    displaced = frame["kind"].isin(DISPLACED)
    coded = displaced | frame["country"].str.fullmatch("[A-Z]{2}|")
    for i in np.flatnonzero(~coded.to_numpy(dtype=bool)):
        message = f"country is '{frame['country'].iloc[i]}', expected two capital letters"
        faults.add(table.file, int(table.row[i]), message, "Write its ISO 3166 code, such as FR")
    known = set(frame["id"])
    for i in np.flatnonzero(~frame["twin"].isin([*known, ""]).to_numpy()):
        twin = frame["twin"].iloc[i]
        message = f"twin is '{twin}', an unknown place"
        faults.add(table.file, int(table.row[i]), message, choose(twin, sorted(known)))
    nameless = (frame["kind"] == "destination_zone") & (frame["zone"] == "")
    for i in np.flatnonzero(nameless.to_numpy()):
        message = "zone is empty, expected a name for a destination_zone"
        cure = "Fill the column zone with the name that figures are counted under"
        faults.add(table.file, int(table.row[i]), message, cure)


def _links_fit(table: CsvTable, places: set[str], faults: Collector) -> bool:
    frame, good = table.frame, True
    for column in ("from", "to"):
        for i in np.flatnonzero(~frame[column].isin([*places, ""]).to_numpy()):
            name = frame[column].iloc[i]
            message = f"{column} is '{name}', an unknown place"
            cure = choose(name, sorted(places))
            faults.add(table.file, int(table.row[i]), message, cure, f"column {column}")
            good = False
    for i in np.flatnonzero((frame["from"] == frame["to"]).to_numpy()):
        message = f"the link leads from '{frame['from'].iloc[i]}' to itself, expected two places"
        faults.add(table.file, int(table.row[i]), message, "Mend one end or remove the row")
    check_unique(table, ["from", "to", "mode"], "link", faults)
    return good and bool((frame[["from", "to"]] != "").all(axis=None))
