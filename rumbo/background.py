"""What a result carries beside its numbers, so that it can be told without the corridor."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rumbo.files.code import __version__, code_digest
from rumbo.parameters import PARAMETERS
from rumbo.rates import Array
from rumbo.scenario import Scenario

By = Mapping[str, tuple[str, ...]]
"""Measures by name, with the dimensions that each is kept by."""

ROUND_FIGURES = pd.DateOffset(months=6)
"""Figures this long before and after the run are carried along."""


def background(scenarios: Sequence[Scenario]) -> str:
    """Return what the report tells beside the numbers, as JSON.

    Parameters
    ----------
    scenarios
        The scenarios of one corridor.

    Returns
    -------
    str
        Corridor, scenarios, places, links, groups, levers, settings, figures, sources and base map.
    """
    one = scenarios[0]
    content: dict[str, Any] = {
        "corridor": {
            "id": one.id,
            "title": one.title,
            "description": one.description,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "licence": one.licence,
            "bundles": one.bundles,
        },
        "scenarios": [
            {"name": s.name, "without": list(s.without_), "changes": list(s.changes)}
            for s in scenarios
        ],
        "places": records(one.network.places),
        "links": records(one.network.links),
        "groups": records(one.groups),
        "levers": levers(scenarios),
        "parameters": {
            name: {"unit": p.unit, "meaning_en": p.meaning_en, "meaning_es": p.meaning_es}
            for name, p in PARAMETERS.items()
        },
        "settings": records(one.settings),
        "figures": records(_near(one)),
        "sources": records(one.sources),
        "basemap": one.basemap,
    }
    if one.posterior:
        content["posterior"] = one.posterior.told()
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as a list of rows; days as ISO dates, empty cells as None."""
    plain = table.copy()
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object).where(plain.notna(), None)
    return plain.to_dict("records")


def levers(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Return the calendar of levers: what is modelled, and in which scenarios it is in force."""
    rows = records(scenarios[0].levers)
    for row in rows:
        row["modelled"] = bool((scenarios[0].settings["lever"] == row["lever"]).any())
        row["in"] = [s.name for s in scenarios if row["lever"] not in s.without_]
    return rows


def _near(scenario: Scenario) -> pd.DataFrame:
    if scenario.header.record == "day":
        return scenario.figures
    month = pd.to_datetime(scenario.figures["month"])
    first = pd.Timestamp(scenario.start).replace(day=1) - ROUND_FIGURES
    last = pd.Timestamp(scenario.end) + ROUND_FIGURES
    return scenario.figures[(month >= first) & (month <= last)]


def coordinates(scenario: Scenario, shelter: Array) -> dict[str, tuple[str, Any]]:
    """Return what is known of places, links and groups, as coordinates of a result."""
    places, links, groups = scenario.network.places, scenario.network.links, scenario.groups
    return {
        "lat": ("place", places["lat"].to_numpy(dtype=float)),
        "lon": ("place", places["lon"].to_numpy(dtype=float)),
        "place_name": ("place", places["name"].tolist()),
        "country": ("place", places["country"].tolist()),
        "kind": ("place", places["kind"].tolist()),
        "shelter_places": ("place", shelter),
        "link_from": ("link", links["from"].tolist()),
        "link_to": ("link", links["to"].tolist()),
        "mode": ("link", links["mode"].tolist()),
        "nationality": ("group", groups["nationality"].tolist()),
        "household": ("group", groups["household"].tolist()),
    }


def members_of(scenarios: Sequence[Scenario], members: int, mode: str) -> int:
    """Return how many members a run has: expected ones differ only by a posterior, else it has one.

    Parameters
    ----------
    scenarios, members, mode
        As asked of `rumbo.simulate`.

    Returns
    -------
    int
    """
    return members if mode == "stochastic" or scenarios[0].posterior else 1


def run_id(
    scenarios: Sequence[Scenario], members: int, seed: int, mode: str, by: By | None = None
) -> str:
    """Name of a run: hash of scenarios, data, code, version, seed, members, mode and sums kept."""
    parts = [code_digest(), __version__, str(seed), str(members), mode]
    parts += [json.dumps(sorted(by.items()))] if by else []
    parts += [part for s in scenarios for part in (s.name, s.digest())]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def versions(scenarios: Sequence[Scenario], members: int, seed: int, mode: str) -> dict[str, str]:
    """Return the attributes that say how a result was made."""
    return {"version": __version__, "run_id": run_id(scenarios, members, seed, mode)}
