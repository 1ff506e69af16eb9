"""Scenarios that are branches of others, as a dimension of a result."""

import xarray as xr

from rumbo.run.spec import Layout
from rumbo.scores.branches import BRANCH, PROBABILITY


def branched(runs: xr.Dataset, layout: Layout | None) -> xr.Dataset:
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
