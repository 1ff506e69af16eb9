"""The labelled result of a run."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.background import background, coordinates, versions
from rumbo.measures import Measure
from rumbo.program import Program
from rumbo.scenario import Scenario

Months = dict[str, NDArray[np.float32]]
"""Recorded measures by name; each of shape (members, months, ...)."""


def label(
    scenarios: Sequence[Scenario],
    programs: Sequence[Program],
    chunks: Sequence[Sequence[Months]],
    members: int,
    seed: int,
    mode: str,
) -> xr.Dataset:
    """Put recorded months together as one labelled result.

    Parameters
    ----------
    scenarios, programs
        What was run, in the same order.
    chunks
        Recorded months of each chunk of members, for each scenario.
    members, seed, mode
        As asked of `rumbo.simulate`.

    Returns
    -------
    xarray.Dataset
        Measures with dims ``(scenario, member, month, ...)``, or day for month where the corridor
        records days.
    """
    labels, period = programs[0].labels, programs[0].record
    names = [name for name in chunks[0][0]]
    data = {}
    for name in names:
        values = np.stack(
            [np.concatenate([chunk[s][name] for chunk in chunks]) for s in range(len(programs))]
        )
        dims, attrs = _describe(name, programs[0].model.measures)
        data[name] = (("scenario", "member", period, *dims), values, attrs)
    days = programs[0].dates[programs[0].recorded :]
    coords = {
        "scenario": [program.name for program in programs],
        "member": np.arange(members),
        period: np.unique(days.astype(f"datetime64[{period[0].upper()}]")).astype("datetime64[ns]"),
        **{dim: list(labels[dim]) for dim in labels},
        **coordinates(scenarios[0], programs[0].in_force(programs[0].recorded)["shelter.places"]),
        "background": background(scenarios),
    }
    about: dict[str, str | int] = {
        "title": scenarios[0].title["en"],
        "seed": seed,
        "mode": mode,
        "members": members,
    }
    whole = xr.Dataset(data, coords, {**about, **versions(scenarios, members, seed, mode)})
    return programs[0].model.finish(whole, scenarios[0])


def _describe(name: str, measures: Sequence[Measure]) -> tuple[tuple[str, ...], dict[str, str]]:
    for one in measures:
        if one.name == name:
            what = "flow" if one.what == "derived" else one.what
            return one.by, {"long_name": one.long_name, "units": one.units, "what": what}
    about = {"long_name": "people beyond the shelter places known", "units": "persons"}
    return ("place",), {**about, "what": "stock"}
