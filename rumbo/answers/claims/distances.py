"""Test ``distance``: how far apart places are along the links of the corridor."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from rumbo.answers.claims.arguments import Arguments, Form, names, number
from rumbo.answers.claims.on_record import Missing, OnRecord
from rumbo.scenario.arrays import Array
from rumbo.scores.claims import CONTRADICTED, MIXED, SUPPORTED, Finding, Statistic

KM_PER_MILE = 1.609344
"""Kilometres of an international mile."""

FORM = Form(
    needed={"from": names, "to": names},
    allowed={"modes": names},
    thresholds={"far": number, "near": number},
)
"""``to``: a parameter whose settings weigh the places, such as ``transfer.to``; origins weigh
alike. ``far``: miles that the weighted median must reach; ``near``: miles under which 95 % lie."""


def distance(record: OnRecord, asked: Arguments) -> Finding:
    """Hold distances by road between places against what is claimed of them.

    Parameters
    ----------
    record
        The corridor.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Supported where the weighted median reaches ``far``, contradicted where 95 % lie under
        ``near``, else mixed.
    """
    ids = list(record.scenario.network.places["id"])
    for name in asked["from"]:
        if name not in ids:
            raise Missing("place", place=name)
    origins = [ids.index(name) for name in asked["from"]]
    weights = _weights(record, asked["to"])
    if not weights:
        raise Missing("place", place=", ".join(asked["to"]))
    miles = _kilometres(record, asked.get("modes", ()), origins)[:, [*weights]] / KM_PER_MILE
    each = np.tile(np.array([*weights.values()]), len(origins))
    # What is moved elsewhere from a place that cannot be reached by these modes is left out.
    there = np.isfinite(miles.ravel())
    low, middle, high = (_quantile(miles.ravel()[there], each[there], q) for q in (0.05, 0.5, 0.95))
    outcome = SUPPORTED if middle >= asked["far"] else MIXED
    outcome = CONTRADICTED if high < asked["near"] else outcome
    pairs = int(there.sum())
    statistics = [
        Statistic("distance", "", middle, low, high, "miles"),
        Statistic("pairs", "", pairs, pairs, pairs, "number"),
    ]
    return Finding("", "distance", outcome, statistics=statistics)


def _weights(record: OnRecord, parameters: tuple[str, ...]) -> dict[int, float]:
    """Weights of places by their number, from settings that hold without a lever."""
    settings, ids = record.scenario.settings, list(record.scenario.network.places["id"])
    rows = settings[settings["parameter"].isin(parameters) & (settings["lever"] == "")]
    return {ids.index(row.at): float(row.value) for row in rows.itertuples() if row.at in ids}


def _kilometres(record: OnRecord, modes: tuple[str, ...], origins: list[int]) -> Array:
    """Shortest ways from places to all places; shape (origins, P)."""
    ids = {name: n for n, name in enumerate(record.scenario.network.places["id"])}
    links = record.scenario.network.links
    links = links[links["mode"].isin(modes)] if modes else links
    km = links.groupby(["from", "to"], as_index=False)["distance_km"].min()
    ends = (km[name].map(ids).to_numpy() for name in ("from", "to"))
    graph = coo_array((km["distance_km"].to_numpy(), tuple(ends)), shape=(len(ids), len(ids)))
    return np.asarray(dijkstra(graph.tocsr(), indices=origins))


def _quantile(values: Array, weights: Array, q: float) -> float:
    order = np.argsort(values, kind="stable")
    share = weights[order].cumsum() / weights.sum()
    return float(values[order][np.searchsorted(share, q)])
