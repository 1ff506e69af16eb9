"""People in camps as a planner without sight of the future would have shared out their total."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy.special import gammaincinv, ndtri

from rumbo.engine.draws import keys, uniforms
from rumbo.files.code import __version__
from rumbo.files.faults import Fault, Faults
from rumbo.flee.convert import to_scenario
from rumbo.flee.crisis import Crisis
from rumbo.flee.doubt import TAIL, Normals, whole_persons
from rumbo.flee.reader import read_crisis
from rumbo.flee.roads import Roads, known_at
from rumbo.flee.shares import FITTED, FITTED_WITH_CAPACITIES, Numbers, share_out
from rumbo.run.about import background
from rumbo.run.spec import run_id
from rumbo.scenario.arrays import Array, Index
from rumbo.scores.background import BACKGROUND

Where = str | os.PathLike[str]

AT_ONCE = 100
"""Members drawn together, so that many members do not take much memory."""


def learn_shares(
    folder: Where,
    settings: Where | None = None,
    *,
    every: int | None = 30,
    lag: int = 3,
    first: int = 0,
    capacities: bool = False,
    members: int = 200,
    seed: int = 0,
    numbers: Numbers | None = None,
) -> xr.Dataset:
    """Share out the people in the camps of a crisis from what was published by each origin.

    The total over the camps with counts is given for every day, as Flee is given it: it is itself
    the sum of the counts as corrected to the end. How it is shared out on the days from one origin
    to the next is forecast from the network, the conflict and closures up to the origin, and the
    counts and corrections dated ``lag`` days before it or earlier.

    Parameters
    ----------
    folder
        Folder that holds ``input_csv`` and ``source_data``.
    settings
        File of settings, as for `rumbo.read_flee`; it is checked, and makes no difference.
    every
        Days from one origin to the next; None forecasts once, from ``first`` to the end.
    lag
        Days from the date of a count to its publication.
    first
        Day of the first origin; earlier days are left out.
    capacities
        Whether to use capacities of camps. Those in Flee's own folders are mostly later counts of
        the same camp, and thus look ahead.
    members
        Members of the ensemble.
    seed
        Equal seeds give equal results; a member does not depend on how many there are.
    numbers
        Numbers of the model; None takes those fitted on six crises.

    Returns
    -------
    xarray.Dataset
        ``waiting``, whole persons (to 16.7 million, all that 32 bits can tell apart), with dims
        (scenario, member, day, place): the camps that have counts, with the ids that
        `rumbo.read_flee` gives them. ``origin`` is the day from which each day was forecast.

    Raises
    ------
    Faults
        Everything that is wrong with the files, listed together.
    ValueError
        If an argument is out of its domain.
    """
    numbers = numbers or (FITTED_WITH_CAPACITIES if capacities else FITTED)
    path = Path(folder)
    crisis = _read(path, None if settings is None else Path(settings))
    _check(crisis.days, every, lag, first, members, seed, capacities, numbers)
    origins = range(first, crisis.days, every or crisis.days)
    counts = forecasts(crisis, given_totals(crisis), origins, lag, members, seed, numbers)
    how: dict[str, int | str] = {
        "lag": lag,
        "every": every or 0,
        "first": first,
        "capacities": int(capacities),
        "numbers": json.dumps(asdict(numbers)),
    }
    return _label(crisis, path, counts, origins, seed, how)


def _read(folder: Path, settings: Path | None) -> Crisis:
    crisis, faults = read_crisis(folder, settings)
    if crisis is None:
        raise Faults(faults)
    if not crisis.scored:
        cure = "Add a row '<camp>,<file>' for a camp of locations.csv"
        raise Faults([Fault("data_layout.csv", 0, "no camp has counts to learn from", cure)])
    return crisis


def _check(
    days: int,
    every: int | None,
    lag: int,
    first: int,
    members: int,
    seed: int,
    capacities: bool,
    numbers: Numbers,
) -> None:
    if every is not None and every < 1:
        raise ValueError(f"every must be 1 or more days, or None for one origin, got {every}")
    if lag < 0:
        raise ValueError(f"lag must be 0 or more days, got {lag}")
    if not 0 <= first < days:
        raise ValueError(f"first must be a day of the crisis, 0 to {days - 1}, got {first}")
    if members < 1:
        raise ValueError(f"members must be 1 or more, got {members}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be between 0 and 2**63 - 1, got {seed}")
    if numbers.room_power != 0 and not capacities:
        raise ValueError(
            "numbers must have room_power 0 where capacities are not used, "
            f"got {numbers.room_power}: pass capacities=True"
        )


def given_totals(crisis: Crisis) -> Array:
    """Return the people in all scored camps on each day, as corrected to the end; (days,)."""
    totals: Array = scored_counts(crisis).sum(axis=1)
    return totals


def scored_counts(crisis: Crisis) -> Array:
    """Return the people in each scored camp as corrected to the end; shape (days, C)."""
    registers = crisis.registers.corrected()
    at = [registers.names.index(name) for name in crisis.scored]
    counts: Array = registers.daily(crisis.days)[:, at].astype(np.float64)
    return counts


def forecasts(
    crisis: Crisis,
    totals: Array,
    origins: Sequence[int],
    lag: int,
    members: int,
    seed: int,
    numbers: Numbers,
) -> Array:
    """Forecast from each origin to the day before the next, from the last one to the end.

    Parameters
    ----------
    crisis
        What was read.
    totals
        Given total of each day; shape (days,).
    origins
        Days of the origins, in order.
    lag
        Days from the date of a count to its publication.
    members, seed, numbers
        As for `learn_shares`.

    Returns
    -------
    numpy.ndarray
        Whole persons; shape (members, days from the first origin on, C).
    """
    roads = Roads.of(crisis)
    ends = [*origins[1:], crisis.days]
    parts = []
    for origin, end in zip(origins, ends, strict=True):
        known, days = known_at(crisis, roads, origin, lag), np.arange(origin, end)
        chunks = (np.arange(i, min(i + AT_ONCE, members)) for i in range(0, members, AT_ONCE))
        each = (normals_of(seed, chunk, origin, days, crisis.scored) for chunk in chunks)
        drawn = [share_out(known, totals[:end], days, normals, numbers) for normals in each]
        parts.append(whole_persons(np.concatenate(drawn)))
    return np.concatenate(parts, axis=1)


def normals_of(
    seed: int, members: Index, origin: int, days: Index, camps: Sequence[str]
) -> Normals:
    """Return random numbers, each named by seed, member, origin, what it is for, and camp.

    Parameters
    ----------
    seed, members
        The run's seed and the numbers of R members.
    origin, days
        Day of the forecast, and the T days forecast.
    camps
        Names of C camps.

    Returns
    -------
    Normals
        Those of these members, whoever else there is.
    """
    purposes = ("opening", "share", "row", "revision", "tail", "revised")
    names = [("shares", what, origin, camp) for what in purposes for camp in camps]
    flat = uniforms(seed, members, keys(names)).reshape(len(members), len(purposes), len(camps))
    opening, share, row, revision, tail, revised = np.moveaxis(flat, 1, 0)
    steps = keys(("shares", "drift", origin, camp, int(day)) for day in days for camp in camps)
    drift = uniforms(seed, members, steps).reshape(len(members), len(days), len(camps))
    return Normals(
        opening=-np.log(opening),
        share=ndtri(share),
        row=ndtri(row),
        revision=ndtri(revision),
        tail=2.0 * gammaincinv(TAIL / 2, tail),
        revised=revised,
        drift=ndtri(drift),
    )


def _label(
    crisis: Crisis,
    folder: Path,
    counts: Array,
    origins: Sequence[int],
    seed: int,
    how: dict[str, int | str],
) -> xr.Dataset:
    scenario = to_scenario(crisis, folder).named("learned")
    start, days = np.datetime64(crisis.start, "ns"), np.arange(origins[0], crisis.days)
    origin = np.asarray(origins)[np.searchsorted(origins, days, side="right") - 1]
    about = {"long_name": "people present at a place", "units": "persons", "what": "stock"}
    dims = ("scenario", "member", "day", "place")
    coords = {
        "scenario": ["learned"],
        "member": np.arange(len(counts)),
        "day": start + days.astype("timedelta64[D]"),
        **_places(crisis),
        "origin": ("day", start + origin.astype("timedelta64[D]")),
    }
    mode = " ".join(["learned", *(f"{name}={value}" for name, value in how.items())])
    return xr.Dataset(
        {"waiting": (dims, counts[None].astype(np.float32), about)},
        coords,
        {
            "title": scenario.title["en"],
            "seed": seed,
            "members": len(counts),
            "mode": "learned",
            **how,
            "version": __version__,
            "run_id": run_id([scenario], len(counts), seed, mode),
            BACKGROUND: background([scenario]),
        },
    )


def _places(crisis: Crisis) -> dict[str, Any]:
    """Return the camps with counts as coordinates; ids are made over all locations."""
    places = crisis.locations.assign(id=crisis.place_ids)
    camps = places.set_index("name").loc[list(crisis.scored)]
    return {
        "place": camps["id"].tolist(),
        "place_name": ("place", camps.index.tolist()),
        **{name: ("place", camps[name].to_numpy(dtype=float)) for name in ("lat", "lon")},
        **{name: ("place", camps[name].tolist()) for name in ("kind", "country")},
    }
