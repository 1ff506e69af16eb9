"""What guided links need: a border city at their end, and a hub that has no other."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.files.tables import CsvTable
from rumbo.scenario.network import GUIDED, Network

ZONE = "destination_zone"


def check_guided_links(network: Network, links: CsvTable, faults: Collector) -> None:
    """Note guided links that lead to no border city, and hubs with more than one.

    Parameters
    ----------
    network
        Places and links.
    links
        The links with their rows in the file.
    faults
        Where faults are noted.
    """
    table, places = links.frame, network.places
    number, first = np.flatnonzero(table["mode"] == GUIDED), dict[str, int]()
    cities = _border_cities(places, table)
    stays = {*places["id"][~network.ends]}
    for i in number.tolist():
        start, end, row = table["from"].iloc[i], table["to"].iloc[i], int(links.row[i])
        for message, cure in _faults_of(start, end, cities, stays):
            faults.add(links.file, row, message, cure)
        if first.setdefault(start, row) != row:
            message = f"'{start}' has a second guided link, the first is in row {first[start]}"
            faults.add(links.file, row, message, "Keep one of the two rows")


def _border_cities(places: pd.DataFrame, links: pd.DataFrame) -> set[str]:
    """Return the places from which a link leads into a destination zone."""
    zones = {*places["id"][places["kind"] == ZONE]}
    return {*links["from"][links["to"].isin(zones) & (links["mode"] != GUIDED)]}


def _faults_of(
    start: str, end: str, cities: set[str], stays: set[str]
) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the ends of a guided link."""
    if start not in stays or start in cities:
        message = f"the guided link starts at '{start}', expected a hub inland"
        yield message, "Let it start at a place on the way, before the border"
    if end not in cities:
        message = f"the guided link ends at '{end}', expected a border city"
        known = ", ".join(sorted(cities)[:12]) or f"one with a link into a {ZONE}"
        yield message, f"Let it end where people cross: {known}"
