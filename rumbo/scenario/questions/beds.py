"""Shelter places as a scenario has them: how many, where, from which day on."""

from math import isnan
from typing import Any

import numpy as np

from rumbo.scenario.calendar import settings_at, spells
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting

PLACES, SEEK = "shelter.places", "shelter.seek"
"""The parameter that counts them, and that of the share of people who seek one."""

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
        places of which nobody ever knows any are left out. ``beds_given``: places of which they
        were changed in the scenario. ``seek``: by place, which share of people seeks one on the
        last day, its range and source; places where everybody does are left out.
    """
    ids = one.network.places["id"].tolist()
    days = [(f"{day:%Y-%m-%d}", values) for day, values in spells(one, PLACES)]
    found: dict[str, list[Spell]] = {}
    for number in np.flatnonzero(np.any([np.isfinite(values) for _, values in days], axis=0)):
        own = [(day, _known(float(values[number]))) for day, values in days]
        found[ids[number]] = [
            each for n, each in enumerate(own) if n == 0 or each[1] != own[n - 1][1]
        ]
    mine = one.settings[(one.settings["parameter"] == PLACES) & (one.settings["change"] > 0)]
    at = [one.selectors.at(PARAMETERS[PLACES], text) for text in mine["at"].fillna("")]
    given = {ids[n] for cells in at for n in cells}
    seek = dict(zip(ids, settings_at(one, SEEK, one.end), strict=True))
    seekers = {place: _told(row) for place in found if (row := seek[place])}
    return {"beds": found, "beds_given": sorted(given), "seek": seekers} if found else {}


def _told(row: Setting) -> dict[str, Any]:
    numbers = {name: _known(getattr(row, name)) for name in ("value", "low", "high")}
    return {**numbers, "source": row.source}


def _known(places: float) -> float | None:
    return None if isnan(places) else places
