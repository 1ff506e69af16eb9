"""The labelled result of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from rumbo.model.measures import Measure
from rumbo.run.about import background, coordinates
from rumbo.run.program import Program
from rumbo.run.spec import By, RunSpec
from rumbo.scores.background import BACKGROUND

Months = dict[str, NDArray[np.float32]]
"""Recorded measures by name; each of shape (members, months, ...)."""

Axes = Mapping[str, tuple[int, ...]]
"""Measures by name, with the axes that each is summed over."""


def label(
    spec: RunSpec, programs: Sequence[Program], chunks: Sequence[Sequence[Months]]
) -> xr.Dataset:
    """Put recorded months together as one labelled result.

    Parameters
    ----------
    spec, programs
        What was run.
    chunks
        Recorded months of each chunk of members, for each scenario.

    Returns
    -------
    xarray.Dataset
        Measures with dims ``(scenario, member, month, ...)``, or day for month where the corridor
        records days.
    """
    model, one = programs[0].model, spec.scenarios[0]
    dims = {name: _describe(name, model.measures)[0] for name in chunks[0][0]}
    shelter = programs[0].in_force(programs[0].recorded)["shelter.places"]
    result = _labelled(programs, chunks, dims).assign_coords(coordinates(one, shelter))
    about = {**spec.about, BACKGROUND: background(spec.scenarios)}
    return model.finish(result.assign_attrs(about), one)


def summed_axes(program: Program, by: By) -> Axes:
    """Return the axes of recorded measures that are summed over.

    Parameters
    ----------
    program
        What is run.
    by
        Dimensions that each measure is kept by.

    Returns
    -------
    dict of str to tuple of int
        Axes of arrays of shape (members, months, ...).

    Raises
    ------
    ValueError
        If there is no such measure, or it has no such dimension.
    """
    known = {one.name: one.by for one in program.model.measures}
    for name, dims in by.items():
        if name not in known:
            raise ValueError(f"there is no measure {name!r}: choose from {', '.join(known)}")
        if not {*dims} <= {*known[name]}:
            raise ValueError(f"{name} can be kept by {known[name]}, not by {dims}")
    return {
        name: tuple(2 + n for n, dim in enumerate(known[name]) if dim not in mine)
        for name, mine in by.items()
    }


def summed(months: Months, axes: Axes) -> Months:
    """Return sums of recorded measures over some of their axes, and nothing else."""
    return {
        name: months[name].sum(axis=over, dtype=np.float64).astype(np.float32)
        for name, over in axes.items()
    }


def label_sums(
    programs: Sequence[Program], chunks: Sequence[Sequence[Months]], by: By
) -> xr.Dataset:
    """Put sums of recorded months together, labelled, without what a report would need.

    Parameters
    ----------
    programs, chunks
        As in `label`.
    by
        Dimensions that each measure is kept by.

    Returns
    -------
    xarray.Dataset
        Measures with dims ``(scenario, member, month, ...)``.
    """
    known = {one.name: one.by for one in programs[0].model.measures}
    dims = {name: tuple(dim for dim in known[name] if dim in mine) for name, mine in by.items()}
    return _labelled(programs, chunks, dims)


def _labelled(
    programs: Sequence[Program], chunks: Sequence[Sequence[Months]], dims: By
) -> xr.Dataset:
    """Put measures together with the labels along their dimensions; chunks are emptied."""
    one, members = programs[0], sum(len(next(iter(chunk[0].values()))) for chunk in chunks)
    data: dict[str, Any] = {}
    for name in dims:
        attrs = _describe(name, one.model.measures)[1]
        values = _taken(chunks, name, (len(programs), members))
        data[name] = (("scenario", "member", one.record, *dims[name]), values, attrs)
    days = one.dates[one.recorded :].astype(f"datetime64[{one.record[0].upper()}]")
    coords = {
        "scenario": [program.name for program in programs],
        "member": np.arange(members),
        one.record: np.unique(days).astype("datetime64[ns]"),
        **{dim: list(one.labels[dim]) for dim in one.labels},
    }
    return xr.Dataset(data, coords)


def _taken(
    chunks: Sequence[Sequence[Months]], name: str, size: tuple[int, int]
) -> NDArray[np.float32]:
    """Take a measure out of all chunks: shape (scenarios, members, months, ...).

    Each chunk's part goes as soon as it is taken, so that a result is never held twice.
    """
    values = np.empty((*size, *chunks[0][0][name].shape[1:]), dtype=np.float32)
    begin = 0
    for chunk in chunks:
        end = begin + len(chunk[0][name])
        for scenario, months in enumerate(chunk):
            values[scenario, begin:end] = months.pop(name)
        begin = end
    return values


def _describe(name: str, measures: Sequence[Measure]) -> tuple[tuple[str, ...], dict[str, str]]:
    for one in measures:
        if one.name == name:
            what = "flow" if one.what == "derived" else one.what
            return one.by, {"long_name": one.long_name, "units": one.units, "what": what}
    about = {"long_name": "people beyond the shelter places known", "units": "persons"}
    return ("place",), {**about, "what": "stock"}
