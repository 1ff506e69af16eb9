"""What a result carries beside its numbers: corridor, settings, figures, sources, base map."""

import json
from typing import Any

import xarray as xr

BACKGROUND = "background"
"""Attribute of a result that holds it, as JSON."""


def background_of(runs: xr.Dataset) -> dict[str, Any]:
    """Return what a result carries beside its numbers.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.learn_shares`` returned, or the ``result.nc`` of a run
        folder; in those of versions before 0.1.0 it stood among the coordinates.

    Returns
    -------
    dict
        Corridor, scenarios, places, links, groups, levers, settings, figures, sources, base map.

    Raises
    ------
    ValueError
        If the result lacks it.
    """
    if BACKGROUND in runs.attrs:
        text = runs.attrs[BACKGROUND]
    elif BACKGROUND in runs.coords:
        text = runs.coords[BACKGROUND].item()
    else:
        raise ValueError(
            "the result lacks its background: give the whole Dataset that rumbo.simulate returned, "
            "or the result.nc of a run folder"
        )
    background: dict[str, Any] = json.loads(str(text))
    return background
