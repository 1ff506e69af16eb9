"""Links on which people are guided from a hub to a border city, along the shortest road."""

import io
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

WAYS = (
    ("tapachula", "ciudad_juarez"),
    ("villahermosa", "reynosa"),
    ("oaxaca", "tijuana"),
    ("mexico_city", "piedras_negras"),
    ("guadalajara", "nogales_son"),
)
"""Hubs and the border city where each way ends; assumed, spread over the sectors with most people
met between ports in 2022 and 2023."""


def with_guided(links: bytes, places: bytes) -> bytes:
    """Return the table of links with those of guided ways at its end."""
    text = {"dtype": str, "keep_default_na": False}
    table = pd.read_csv(io.BytesIO(links), **text)
    places_of = pd.read_csv(io.BytesIO(places), index_col="id")
    roads = table[table["mode"] == "road"].drop_duplicates(["from", "to"])
    roads = roads.set_index(["from", "to"])[["distance_km", "typical_hours"]].astype(float)
    rows = [_row(start, end, roads, places_of) for start, end in WAYS]
    whole = pd.concat([table, pd.DataFrame(rows, columns=table.columns)], ignore_index=True)
    return (
        links
        + whole.iloc[len(table) :].to_csv(index=False, header=False, lineterminator="\n").encode()
    )


def _row(start: str, end: str, roads: pd.DataFrame, places: pd.DataFrame) -> dict[str, str]:
    way = _shortest(start, end, roads)
    km, hours = roads.loc[list(pairwise(way))].sum()
    return {
        "from": start,
        "to": end,
        "mode": "guided",
        "distance_km": f"{km:.1f}",
        "gc_km": f"{_great_circle(places.loc[start], places.loc[end]):.1f}",
        "fallback_km": "",
        "typical_hours": f"{hours:.2f}",
        "method": "sum_of_road_links",
        "terrain": "",
        "capacity_group": "",
        "licence": "ODbL-derived",
        "note": f"via {' > '.join(way[1:-1])}",
    }


def _shortest(start: str, end: str, roads: pd.DataFrame) -> list[str]:
    """Return the places on the shortest road."""
    names = sorted({name for ends in roads.index for name in ends})
    number = {name: i for i, name in enumerate(names)}
    ends = np.array([[number[name] for name in pair] for pair in roads.index]).T
    size = len(names)
    graph = csr_array((roads["distance_km"].to_numpy(), (ends[0], ends[1])), shape=(size, size))
    before = dijkstra(graph, indices=number[start], return_predecessors=True)[1]
    way = [number[end]]
    while names[way[0]] != start:
        way.insert(0, int(before[way[0]]))
    return [names[place] for place in way]


def _great_circle(one: pd.Series, other: pd.Series) -> float:
    """Kilometres as the crow flies (haversine)."""
    lat, lon, other_lat, other_lon = np.radians([one.lat, one.lon, other.lat, other.lon])
    half = np.sin((lat - other_lat) / 2) ** 2
    half += np.cos(lat) * np.cos(other_lat) * np.sin((lon - other_lon) / 2) ** 2
    return float(2 * 6371.0 * np.arcsin(np.sqrt(half)))
