"""What a result carries beside its numbers: corridor, settings, figures, sources, base map."""

import json
from typing import Any

import xarray as xr

from rumbo.files.faults import Fault, Faults

OLD = Fault(
    "result",
    0,
    "it was made by an earlier version and does not say all that pages and files tell of it",
    "Run the scenario again",
)
"""What is said of a result whose background lacks what it has today."""

BACKGROUND = "background"
"""Attribute of a result that holds it, as JSON."""

BRANCH, PROBABILITY = "branch", "probability"
"""Dimension of a result's branches, and the coordinate that says how likely each is."""


def carried(runs: xr.Dataset) -> xr.Dataset:
    """Return a result that carries its background as an attribute.

    In results of before it stands among the coordinates, and so on every variable.
    """
    if BACKGROUND not in runs.coords:
        return runs
    text = str(runs.coords[BACKGROUND].item())
    return runs.drop_vars(BACKGROUND).assign_attrs({BACKGROUND: text})


def background_of(runs: xr.Dataset) -> dict[str, Any]:
    """Return what a result carries beside its numbers.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.learn_shares`` returned, or the ``result.nc`` of a run
        folder.

    Returns
    -------
    dict
        Corridor, scenarios, places, links, groups, levers, settings, figures, sources, base map.

    Raises
    ------
    ValueError
        If the result lacks it.
    """
    text = carried(runs).attrs.get(BACKGROUND)
    if text is None:
        raise ValueError(
            "the result lacks its background: give the whole Dataset that rumbo.simulate returned, "
            "or the result.nc of a run folder"
        )
    background: dict[str, Any] = json.loads(str(text))
    return background


def check_whole(background: dict[str, Any]) -> None:
    """Refuse what a result of a corridor carries if an earlier version made it.

    Parameters
    ----------
    background
        What the result carries beside its numbers.

    Raises
    ------
    Faults
        If it does not say who plays which part in the corridor, or in what scenarios differ.
    """
    told = all("only_levers" in one for one in background.get("scenarios") or [])
    if "roles" not in background or not told:
        raise Faults([OLD])
