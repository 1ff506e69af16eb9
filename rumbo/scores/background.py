"""What a result carries beside its numbers: corridor, settings, figures, sources, base map."""

import json
from functools import lru_cache
from typing import Any

import xarray as xr

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


def check_result(runs: xr.Dataset) -> None:
    """Check that something is a result over scenarios, members and time, as these came.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.open_run`` returned, or a part of it along its dims.

    Raises
    ------
    ValueError
        If it is anything else, or was taken a quantile, a mean or a single value of.
    """
    if not isinstance(runs, xr.Dataset):
        kind = type(runs).__name__
        raise ValueError(f"expected a result, got {kind}: give what rumbo.simulate returned")
    missing = [dim for dim in ("scenario", "member") if dim not in runs.dims]
    missing += ["month"] * (not {"month", "day"} & {*runs.dims})
    if missing:
        raise ValueError(
            f"the result has no {' and no '.join(missing)}: give what rumbo.simulate returned, "
            "before taking quantiles or means; of one scenario or month select a list of one, as "
            "in runs.isel(scenario=[0])"
        )


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
        Corridor, scenarios, places, links, groups, levers, settings, figures, sources, base map;
        each to be read alone, for all who ask get the same.

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
    return {**_parsed(str(text))}


@lru_cache(maxsize=2)  # megabytes, read by every table that a page is made of
def _parsed(text: str) -> dict[str, Any]:
    background: dict[str, Any] = json.loads(text)
    return background


def is_whole(background: dict[str, Any]) -> bool:
    """Return whether the background of a corridor's result says all that pages and files tell.

    Those of earlier versions do not say who plays which part in the corridor, or in what scenarios
    differ.
    """
    told = all("only_levers" in one for one in background.get("scenarios") or [])
    return "roles" in background and told
