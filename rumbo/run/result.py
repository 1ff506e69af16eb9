"""The labelled result of a run."""

import ctypes
import mmap
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from rumbo.engine.arrays import Index
from rumbo.model.measures import PRICE, Measure
from rumbo.run.about import background, coordinates
from rumbo.run.program import Program
from rumbo.run.spec import Branching, By, RunSpec
from rumbo.scenario.values.sets import AS_SET
from rumbo.scores.background import BACKGROUND, BRANCH, PROBABILITY
from rumbo.scores.figures import DAYS

Months = dict[str, NDArray[np.float32]]
"""Recorded measures by name; each of shape (members, months, ...)."""

Axes = Mapping[str, tuple[int, ...]]
"""Measures by name, with the axes that each is summed over."""

LARGE = 1 << 24
"""Bytes from which a measure lies in a file of the system's, which takes no memory to hold it."""


class Gathered:
    """Recorded months of all members, each put in its place as it comes.

    Parameters
    ----------
    scenarios
        How many.
    sets
        Set of drawn values that each member holds; shape (members,).

    Attributes
    ----------
    sets
        As given.
    measures
        Measures by name; shape (scenarios, members, months, ...).
    """

    def __init__(self, scenarios: int, sets: Index) -> None:
        self._size = (scenarios, len(sets))
        self.sets = sets
        self._maps: list[mmap.mmap] = []
        self.measures: Months = {}

    @property
    def members(self) -> int:
        """Number of members of each scenario."""
        return self._size[1]

    def put(self, chunk: Sequence[int], runs: Sequence[Months]) -> None:
        """Put months in their place.

        Parameters
        ----------
        chunk
            Numbers of the members.
        runs
            What was recorded in each scenario.
        """
        for scenario, months in enumerate(runs):
            for name, values in months.items():
                if name not in self.measures:
                    self.measures[name] = self._room((*self._size, *values.shape[1:]))
                self.measures[name][scenario, list(chunk)] = values
        for held in self._maps:  # the file keeps it
            held.madvise(mmap.MADV_DONTNEED)
        give_back()

    def _room(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return an array to fill: of a file without a name if large, where the disk has room."""
        size = prod(shape) * np.dtype(np.float32).itemsize
        if size < LARGE or not hasattr(os, "posix_fallocate"):
            return np.empty(shape, dtype=np.float32)
        with suppress(OSError), tempfile.TemporaryFile() as file:
            os.posix_fallocate(file.fileno(), 0, size)
            self._maps.append(mmap.mmap(file.fileno(), size))
            return np.frombuffer(self._maps[-1], dtype=np.float32).reshape(shape)
        return np.empty(shape, dtype=np.float32)


def give_back() -> None:
    """Give memory that was let go back to the system, where its allocator would keep it (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(ctypes.c_size_t(0))


def label(
    spec: RunSpec,
    programs: Sequence[Program],
    gathered: Gathered,
    more: Mapping[str, Any] | None = None,
) -> xr.Dataset:
    """Put recorded months together as one labelled result.

    Parameters
    ----------
    spec, programs, gathered
        As in `label_numbers`.
    more
        As in `background`.

    Returns
    -------
    xarray.Dataset
        As from `label_numbers`, with all that is told beside.
    """
    result = label_numbers(spec, programs, gathered)
    return result.assign_attrs({BACKGROUND: background(spec.scenarios, more)})


def label_numbers(spec: RunSpec, programs: Sequence[Program], gathered: Gathered) -> xr.Dataset:
    """Put recorded months together, labelled, without what is told beside them.

    Parameters
    ----------
    spec, programs
        What was run.
    gathered
        Recorded months of all members.

    Returns
    -------
    xarray.Dataset
        Measures with dims ``(scenario, member, month, ...)``, or day for month where the corridor
        records days.
    """
    model, one = programs[0].model, spec.scenarios[0]
    dims = {name: _describe(name, model.measures)[0] for name in gathered.measures}
    shelter = programs[0].in_force(programs[0].recorded)["shelter.places"]
    result = _labelled(programs, gathered, dims).assign_coords(coordinates(one, shelter))
    if "month" in result.dims:
        days = programs[0].dates[programs[0].recorded :].tolist()
        result = result.assign_coords(_days_of_months(days[0], days[-1]))
    return model.finish(result.assign_attrs(spec.about), one)


def _days_of_months(start: date, end: date) -> dict[str, tuple[str, Any]]:
    """Return the days of each month of a run as a coordinate; nothing where all are whole."""
    dates = pd.date_range(start, end)
    days = dates.to_series().groupby(dates.to_period("M")).size()
    whole = bool((days.to_numpy() == days.index.days_in_month).all())
    return {} if whole else {DAYS: ("month", days.to_numpy(dtype=np.int64))}


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
    known = {one.name: one.by for one in program.ledger.measures}
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
    return {  # in one layout: the order of adding follows it, and the last bits that
        name: np.ascontiguousarray(months[name]).sum(axis=over, dtype=np.float64).astype(np.float32)
        for name, over in axes.items()
    }


def label_sums(programs: Sequence[Program], gathered: Gathered, by: By) -> xr.Dataset:
    """Put sums of recorded months together, labelled, without what a report would need.

    Parameters
    ----------
    programs, gathered
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
    return _labelled(programs, gathered, dims)


def _labelled(programs: Sequence[Program], gathered: Gathered, dims: By) -> xr.Dataset:
    """Put measures together with the labels along their dimensions."""
    one = programs[0]
    data: dict[str, Any] = {}
    for name in dims:
        attrs = _describe(name, one.model.measures)[1]
        along = ("scenario", "member", one.record, *dims[name])
        data[name] = (along, gathered.measures[name], attrs)
    days = one.dates[one.recorded :].astype(f"datetime64[{one.record[0].upper()}]")
    coords = {
        "scenario": [program.name for program in programs],
        "member": np.arange(gathered.members),
        one.record: np.unique(days).astype("datetime64[ns]"),
        **{dim: list(one.labels[dim]) for dim in one.labels},
    }
    return xr.Dataset(data, coords).assign_coords(_sets(gathered.sets))


def _sets(numbers: Index) -> dict[str, xr.DataArray]:
    """Say which set of drawn values each member holds, where there are several."""
    if (numbers == AS_SET).all():
        return {}
    attrs = {"long_name": "set of drawn values that the member holds", "units": "1"}
    return {"set": xr.DataArray(numbers, dims="member", attrs=attrs)}


def _describe(name: str, measures: Sequence[Measure]) -> tuple[tuple[str, ...], dict[str, str]]:
    for one in measures:
        if one.name == name:
            what = one.what if one.what in ("stock", PRICE) else "flow"
            return one.by, {"long_name": one.long_name, "units": one.units, "what": what}
    name = "people who seek a shelter, beyond the places known or given"
    return ("place",), {"long_name": name, "units": "persons", "what": "stock"}


def branched(runs: xr.Dataset, layout: Branching | None) -> xr.Dataset:
    """Give a result the dimension ``branch`` beside that of scenarios.

    Parameters
    ----------
    runs
        The result; its scenarios are the branches of the first, then those of the others.
    layout
        Of which scenarios they are the branches; None if of none.

    Returns
    -------
    xarray.Dataset
        Dims ``(scenario, branch, ...)``, with the coordinate ``probability(branch)``.
    """
    if layout is None:
        return runs
    size = len(layout.scenarios), len(layout.branches)
    data = {name: _split(runs[name], size) for name in runs.data_vars}
    coords = {name: one for name, one in runs.coords.items() if "scenario" not in one.dims}
    about = {"long_name": "probability of the branch", "units": "1"}
    coords |= {"scenario": list(layout.scenarios), BRANCH: list(layout.branches)}
    coords[PROBABILITY] = xr.DataArray(list(layout.probability), dims=BRANCH, attrs=about)
    return xr.Dataset(data, coords, runs.attrs)


def _split(values: xr.DataArray, size: tuple[int, int]) -> xr.Variable:
    """Part the scenarios of a measure in those that branch and their branches."""
    assert values.dims[0] == "scenario"
    dims, shape = ("scenario", BRANCH, *values.dims[1:]), (*size, *values.shape[1:])
    return xr.Variable(dims, values.values.reshape(shape), values.attrs)
