"""The labelled result of a run."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.background import background, coordinates, versions
from rumbo.measures import MEASURES
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
        Measures with dims ``(scenario, member, month, ...)``.
    """
    labels = programs[0].labels
    names = [name for name in chunks[0][0]]
    data = {}
    for name in names:
        values = np.stack(
            [np.concatenate([chunk[s][name] for chunk in chunks]) for s in range(len(programs))]
        )
        dims, attrs = _describe(name)
        data[name] = (("scenario", "member", "month", *dims), values, attrs)
    data["visible_crowd"] = _visible(data["shelter_shortfall"], scenarios[0])
    days = programs[0].dates[programs[0].recorded :]
    coords = {
        "scenario": [program.name for program in programs],
        "member": np.arange(members),
        "month": np.unique(days.astype("datetime64[M]")).astype("datetime64[ns]"),
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
    return xr.Dataset(data, coords, {**about, **versions(scenarios, members, seed, mode)})


def _describe(name: str) -> tuple[tuple[str, ...], dict[str, str]]:
    known = {m.name: (m.by, m.long_name, m.units, m.what) for m in MEASURES}
    known["deaths_recorded"] = (("region",), "deaths that are recorded", "persons", "flow")
    known["kidnappings_reported"] = (("place",), "kidnappings reported", "events", "flow")
    known["shelter_shortfall"] = (
        ("place",), "people beyond the shelter places known", "persons", "stock",
    )  # fmt: skip
    by, long_name, units, what = known[name]
    return by, {"long_name": long_name, "units": units, "what": what}


def _visible(shortfall: tuple, scenario: Scenario) -> tuple:
    dims, values, _ = shortfall
    places = scenario.network.places
    north = places["sector"].fillna("").ne("") & places["kind"].eq("waiting_city")
    attrs = {
        "long_name": "people without shelter in northern border cities",
        "units": "persons",
        "what": "stock",
    }
    return dims[:-1], values[..., north.to_numpy()].sum(axis=-1), attrs
