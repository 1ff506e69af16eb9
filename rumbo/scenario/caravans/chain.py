"""The way that caravans walk: places in order, each joined to the next over land."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.files.tables import CsvTable
from rumbo.scenario.network import Network, check_unique
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.selectors import Selectors, UnknownSelector

START = "caravan_start"
"""Role of places where caravans form."""

ON_FOOT = ("walk", "road")
"""Modes of links along which people can walk, a way made for it first."""

FORMATION = "caravan.formation"


def check_chain(
    table: CsvTable, network: Network, waiting: Sequence[str], faults: Collector
) -> None:
    """Note what keeps caravans from walking: unknown places, gaps, starts where nobody waits.

    Parameters
    ----------
    table
        The rows of ``caravans.csv``, in the order of the way.
    network
        Places and links.
    waiting
        Countries in which people wait.
    faults
        Where faults are noted.
    """
    check_unique(table, ["place"], "place", faults, "Let the way pass a place once")
    known, places = network.places["id"].tolist(), table.frame["place"].tolist()
    for row, place in zip(table.row.tolist(), places, strict=True):
        if place and place not in known:
            message = f"place is '{place}', an unknown place"
            faults.add(table.file, row, message, choose(place, known))
        for message, cure in _end_faults(place, places, network, waiting):
            faults.add(table.file, row, message, cure)
    _check_joined(table, network, faults)


def _check_joined(table: CsvTable, network: Network, faults: Collector) -> None:
    """Note a way of one place, and places that no way over land joins to the next."""
    rows, places = table.row.tolist(), table.frame["place"].tolist()
    if len(places) == 1:
        message = "the way has one place, expected two or more"
        faults.add(table.file, rows[0], message, "Add the next place on the way")
    joined, known = _joined(network), set(network.places["id"])
    for row, one, other in zip(rows[1:], places, places[1:], strict=False):
        if {one, other} <= known and (one, other) not in joined:
            message = f"the way has a gap: no link by walk or road leads from '{one}' to '{other}'"
            faults.add(table.file, row, message, "Add the link to links.csv, or the place between")


def _joined(network: Network) -> set[tuple[str, str]]:
    links = network.links[network.links["mode"].isin(ON_FOOT)]
    return {*zip(links["from"], links["to"], strict=True)}


def _end_faults(
    place: str, places: Sequence[str], network: Network, waiting: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Say that nobody waits at a place, or that caravans form where the way ends."""
    if place not in set(network.places["id"]):
        return
    number = network.place_index(place)
    ends = network.ends | network.having("arrival_airport")
    if ends[number] or network.places["country"].iloc[number] not in waiting:
        message = f"nobody waits at '{place}', so no caravan can start, pass or end there"
        yield message, "Name its country under waiting in corridor.yaml, or leave the place out"
    elif network.having(START)[number] and place == places[-1]:
        message = f"caravans start at '{place}', where their way ends"
        yield message, f"Take the role {START} from it, or add the next place"


def check_starts(
    chain: CsvTable,
    places: CsvTable,
    settings: pd.DataFrame,
    selectors: Selectors,
    faults: Collector,
) -> None:
    """Note caravans that are to start where the way does not pass, or where no role says so.

    Parameters
    ----------
    chain, places
        The rows of ``caravans.csv`` and ``places.csv``.
    settings
        All settings.
    selectors
        What their places mean.
    faults
        Where faults are noted.
    """
    starts, way = selectors.network.having(START), set(chain.frame["place"])
    for row, place, start in zip(places.row.tolist(), places.frame["id"], starts, strict=True):
        if start and place not in way:
            message = f"caravans start at '{place}', which is not on their way"
            cure = f"Add it to caravans.csv, or take the role {START} from it"
            faults.add(places.file, row, message, cure)
    check_formation(settings, selectors, faults)


def check_formation(settings: pd.DataFrame, selectors: Selectors, faults: Collector) -> None:
    """Note caravans that are to form where no place has the role for it.

    Parameters
    ----------
    settings
        Settings of any parameters.
    selectors
        What their places mean.
    faults
        Where faults are noted.
    """
    starts = selectors.network.having(START)
    acting = settings[(settings["parameter"] == FORMATION) & (settings["value"] > 0)]
    for one in acting.itertuples():
        if not _starts_at(str(one.at), starts, selectors):
            where = f"at '{one.at}', where" if one.at else "but"
            message = f"{FORMATION} is above 0 {where} no place has the role {START}"
            cure = f"Give a place on the way of caravans.csv the role {START} in places.csv"
            faults.add(str(one.file), int(str(one.row)), message, cure)


def _starts_at(at: str, starts: np.ndarray, selectors: Selectors) -> bool:
    """Whether a setting holds for a place where caravans start; noted elsewhere if unknown."""
    try:
        return bool(starts[selectors.at(PARAMETERS[FORMATION], at)].any())
    except UnknownSelector:
        return True


def chain_of(table: pd.DataFrame, network: Network) -> tuple[int, ...]:
    """Return the numbers of the places on the way, in order.

    Parameters
    ----------
    table
        The rows of ``caravans.csv``, checked.
    network
        Places and links.

    Returns
    -------
    tuple of int
        Empty if the corridor has no such way.
    """
    return tuple(network.place_index(place) for place in table["place"])


def walked_km(network: Network, start: int, end: int) -> float:
    """Return the kilometres from one place to the next, on foot if there is a way on foot.

    Parameters
    ----------
    network
        Places and links.
    start, end
        Numbers of the places.

    Returns
    -------
    float
    """
    between = (network.origin == start) & (network.destination == end)
    links = network.links[between].set_index("mode")["distance_km"]
    return float(next(links[mode] for mode in ON_FOOT if mode in links.index))
