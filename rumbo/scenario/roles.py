"""Who plays which part in a corridor: who stops people, where they wait, what is counted where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.files.tables import CsvTable
from rumbo.scenario.header import Header, Region, TwoLanguages
from rumbo.scenario.network import ENDS, Network

ENCOUNTERS, TRANSIT, TRANSFERS = "encounters", "transit", "transfers"
"""Measures whose figures are told apart by component: of transfers the mode, if it was one."""

ZONES, GATES = "zones", "gates"
"""Where the components of encounters are counted."""

REGIONS = {
    "way": Region(en="on the way", es="en el camino"),
    "crossing": Region(en="at the crossing", es="en el cruce", crossing=True),
}
"""Regions of a corridor that names none."""


@dataclass(frozen=True)
class Transit:
    """A count of people on their way.

    Attributes
    ----------
    id
        Component of the measure ``transit``.
    at
        Place or country where they are counted.
    country
        The country of that place.
    nationalities
        Those that are counted there; empty if all are.
    """

    id: str
    at: str
    country: str
    nationalities: tuple[str, ...]


@dataclass(frozen=True)
class Roles:
    """Who plays which part.

    Attributes
    ----------
    stopping
        Countries whose authorities stop people on the way.
    waiting
        Countries in which people wait.
    destinations
        Countries of destination zones and lawful gates.
    zones, gates
        Components of encounters in destination zones and at lawful gates.
    transit
        Counts of people on their way, in the order of the table, which is that of the way.
    regions
        Regions that deaths are counted in, by id.
    """

    stopping: tuple[str, ...]
    waiting: tuple[str, ...]
    destinations: tuple[str, ...]
    zones: str
    gates: str
    transit: tuple[Transit, ...]
    regions: dict[str, Region]

    def described(self) -> dict[str, Any]:
        """Return the roles as plain lists and texts, for a result to carry."""
        return {
            "stopping": list(self.stopping),
            "waiting": list(self.waiting),
            "zones": self.zones,
            "gates": self.gates,
            "transit": [one.id for one in self.transit],
            "regions": list(self.regions),
        }

    @property
    def components(self) -> tuple[str, str]:
        """Components of encounters."""
        return self.zones, self.gates

    @property
    def crossing_region(self) -> int:
        """Number of the region of deaths in crossing into a destination zone."""
        return [region.crossing for region in self.regions.values()].index(True)

    def region_of(self, country: str) -> int:
        """Return the number of the region that a country lies in: its own, or the rest."""
        regions = list(self.regions.values())
        own = [i for i, region in enumerate(regions) if country in region.countries]
        rest = [i for i, region in enumerate(regions) if region.rest]
        return (own or rest)[0]


def roles_of(header: Header, components: pd.DataFrame, network: Network) -> Roles:
    """Return who plays which part in a corridor.

    Parameters
    ----------
    header
        What ``corridor.yaml`` says.
    components
        The table of components.
    network
        Places and links.

    Returns
    -------
    Roles
    """
    encounters = components[components["measure"] == ENCOUNTERS]
    named = dict(zip(encounters["at"], encounters["id"], strict=True))
    return Roles(
        stopping=header.stopping,
        waiting=header.waiting or countries_on_the_way(network),
        destinations=tuple(dict.fromkeys(network.places["country"][network.ends])),
        zones=named.get(ZONES, ZONES),
        gates=named.get(GATES, GATES),
        transit=tuple(transits(components, network)),
        regions=header.regions or REGIONS,
    )


def transits(components: pd.DataFrame, network: Network) -> Iterator[Transit]:
    """Go through the counts of people on their way."""
    country = dict(zip(network.places["id"], network.places["country"], strict=True))
    for row in components[components["measure"] == TRANSIT].itertuples():
        nationalities = tuple(filter(None, row.nationalities.split(";")))
        yield Transit(row.id, row.at, country.get(row.at, row.at), nationalities)


def countries_on_the_way(network: Network) -> tuple[str, ...]:
    """Countries without zones and gates; all where there are no others."""
    ends = network.places["kind"].isin(ENDS)
    known = dict.fromkeys(network.places["country"])
    beyond = set(network.places["country"][ends])
    return tuple(one for one in known if one not in beyond) or tuple(known)


def check_countries(header: Header, network: Network, faults: Collector) -> None:
    """Note countries that have no place, and regions that leave a death uncounted."""
    known = sorted(set(network.places["country"]))
    if not network.places["country"].str.fullmatch("[A-Z]{2}").all():
        return  # noted where it stands
    for role in ("stopping", "waiting"):
        for country in getattr(header, role):
            _country(country, known, f"{role} names", header.line(role), faults)
    for name, region in header.regions.items():
        for country in region.countries:
            row = header.line("regions", name, "countries")
            _country(country, known, f"the region '{name}' names", row, faults)
    if header.regions:
        _check_regions(header.regions, header.line("regions"), faults)


def _country(country: str, known: list[str], who: str, row: int, faults: Collector) -> None:
    if country not in known:
        message = f"{who} '{country}', a country without a place"
        faults.add("corridor.yaml", row, message, choose(country, known))


def _check_regions(regions: dict[str, Region], row: int, faults: Collector) -> None:
    rest = [name for name, region in regions.items() if region.rest]
    crossing = [name for name, region in regions.items() if region.crossing]
    for names, which, cure in (
        (rest, "the rest of the way", "Let one region have neither countries nor crossing"),
        (crossing, "the crossing", "Write 'crossing: true' for one region"),
    ):
        if len(names) != 1:
            given = f"{len(names)} regions are" if names else "no region is"
            faults.add("corridor.yaml", row, f"{given} {which}, expected one", cure)


def check_components(
    table: CsvTable, network: Network, nations: Sequence[str], faults: Collector
) -> None:
    """Note components that are counted nowhere, or of nationalities that no group has."""
    places = network.places
    known = {
        ENCOUNTERS: [ZONES, GATES],
        TRANSIT: sorted({*places["id"], *places["country"]}),
    }
    for row, one in zip(table.row.tolist(), table.frame.itertuples(), strict=True):
        if one.measure in known and one.at not in known[one.measure]:
            what = "place or country" if one.measure == TRANSIT else "way of being counted"
            message = f"at is '{one.at}', an unknown {what}"
            faults.add(table.file, row, message, choose(one.at, known[one.measure]))
        for nation in filter(None, one.nationalities.split(";")):
            if nation not in nations:
                message = f"nationalities names '{nation}', an unknown nationality"
                faults.add(table.file, row, message, choose(nation, nations))


def texts_of(
    header: Header,
    components: pd.DataFrame,
    words: pd.DataFrame,
    targets: Mapping[str, TwoLanguages],
) -> dict[str, dict[str, str]]:
    """Return what a corridor says in its own words, by key and language.

    Parameters
    ----------
    header
        What ``corridor.yaml`` says: titles of regions.
    components
        The table of components: ``component.ID``.
    words
        Its other texts.
    targets
        What is forecast: ``target.ID``.

    Returns
    -------
    dict of str to dict
    """
    parts = {"region": header.regions or REGIONS, "target": targets}
    named = components[["id", "name_en", "name_es"]].itertuples(index=False)
    return {
        **{
            f"{kind}.{name}": {"en": one.en, "es": one.es}
            for kind, entries in parts.items()
            for name, one in entries.items()
        },
        **{f"component.{id}": {"en": en, "es": es} for id, en, es in named},
        **{row.key: {"en": row.en, "es": row.es} for row in words.itertuples()},
    }
