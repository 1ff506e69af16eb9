"""Places and links as they are read."""

from pathlib import Path

import folders
import numpy as np
import pytest

from rumbo.files.faults import Collector
from rumbo.scenario.network import Network, read_network


@pytest.fixture(scope="module")
def network() -> Network:
    faults = Collector()
    read = read_network(folders.THREE_PLACES, faults)
    assert read is not None
    assert not faults
    return read[0]


def test_links_are_named_after_their_ends_and_mode(network: Network) -> None:
    assert network.links["id"].iloc[0] == "south_town>middle_town:walk"
    assert network.links["id"].tolist().index("north_crossing>middle_town:bus") == 3
    assert network.place_index("north_port") == 3
    assert network.modes == ("border_crossing", "bus", "walk")


def test_rows_are_numbered_from_zero(network: Network) -> None:
    assert network.places.index.equals(network.links.index[:0].union(range(5)))
    assert network.origin.tolist() == [0, 1, 1, 2, 2, 2]
    assert network.destination.tolist() == [1, 2, 2, 1, 3, 4]


def test_a_role_is_found_as_kind_or_beside_it(network: Network) -> None:
    assert np.flatnonzero(network.having("reception")).tolist() == [1]
    assert np.flatnonzero(network.having("destination_zone")).tolist() == [4]
    assert not network.having("rail_stop").any()
    assert np.flatnonzero(network.ends).tolist() == [3, 4]


def test_reach_along_and_against_the_links(network: Network) -> None:
    assert network.reachable([0]).all()
    assert network.reachable([4]).tolist() == [False, False, False, False, True]
    assert network.reachable([1], backwards=True).tolist() == [True, True, True, False, False]


def test_empty_numbers_are_unknown_and_empty_text_is_empty(network: Network) -> None:
    assert np.isnan(network.places["population"].iloc[3])
    assert network.places["twin"].iloc[0] == ""


def test_destinations_without_sectors_or_ports(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "places.csv", "lawful_gate,appointment_gate", "destination,")
    folders.swap(folder, "places.csv", "destination_zone,,Del Rio", "waypoint,destination,Del Rio")
    read = read_network(folder, Collector())
    assert read is not None
    assert np.flatnonzero(read[0].ends).tolist() == [3, 4]
