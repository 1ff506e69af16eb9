"""Shelter places as a scenario has them: how many, where, from which day on, and who says so."""

from math import isnan
from typing import Any

import numpy as np

from rumbo.scenario.calendar import settings_at, spells
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.questions.asking import BEDS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting

SEEK = "shelter.seek"
"""The parameter that says which share of people seeks a shelter."""

Spell = tuple[str, float | None]


def beds_of(one: Scenario) -> dict[str, Any]:
    """Return what a result says of a scenario's shelter places.

    Parameters
    ----------
    one
        The scenario.

    Returns
    -------
    dict
        ``beds``: by place, pairs of the day from which and how many, None where none are known;
        places of which nobody ever knows any are left out. ``beds_said``: by place, the number of
        the last day with its range and source. ``beds_given``: places of which they were changed
        in the scenario. ``seek``: by place, which share of people seeks one on the last day, its
        range and source; places where everybody does are left out.
    """
    ids = one.network.places["id"].tolist()
    days = [(f"{day:%Y-%m-%d}", values) for day, values in spells(one, BEDS)]
    found: dict[str, list[Spell]] = {}
    for number in np.flatnonzero(np.any([np.isfinite(values) for _, values in days], axis=0)):
        own = [(day, _known(float(values[number]))) for day, values in days]
        found[ids[number]] = [
            each for n, each in enumerate(own) if n == 0 or each[1] != own[n - 1][1]
        ]
    if not found:
        return {}
    mine = [row for row in one.changes if row["parameter"] == BEDS]
    at = [one.selectors.at(PARAMETERS[BEDS], row.get("at") or "") for row in mine]
    return {
        "beds": found,
        "beds_said": _said(one, BEDS, found),
        "beds_given": sorted({ids[n] for cells in at for n in cells}),
        "seek": _said(one, SEEK, found),
    }


def _said(one: Scenario, parameter: str, places: dict[str, list[Spell]]) -> dict[str, Any]:
    """Return the settings behind values of some places on the last day, where there are any."""
    ids = one.network.places["id"].tolist()
    rows = dict(zip(ids, settings_at(one, parameter, one.end), strict=True))
    return {place: _told(row) for place in places if (row := rows[place])}


def _told(row: Setting) -> dict[str, Any]:
    numbers = {name: _known(getattr(row, name)) for name in ("value", "low", "high")}
    return {**numbers, "source": row.source}


def _known(places: float) -> float | None:
    return None if isnan(places) else places
