"""A run done once more from what its folder holds, and where the two differ."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from rumbo.files.atomic import checksum
from rumbo.files.code import versions_now
from rumbo.files.faults import Fault, Faults
from rumbo.run.folder import CORRIDOR, RESULT, open_run, read_manifest
from rumbo.run.netcdf import write_netcdf
from rumbo.run.simulate import execute
from rumbo.run.spec import Branching, RunSpec
from rumbo.scenario.posterior import POSTERIOR
from rumbo.scenario.questions.moving import Asking
from rumbo.scenario.scenario import load

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario


def rebuild(folder: str | Path) -> list["Scenario"]:
    """Return the scenarios of a run, built from the corridor kept in its folder.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    list of Scenario

    Raises
    ------
    Faults
        If the folder holds no run, or its corridor cannot be read.
    """
    manifest = read_manifest(folder)
    corridor = load(Path(folder) / CORRIDOR)
    if fit := manifest["scenarios"][0].get("posterior"):
        corridor = corridor.fitted()
        if corridor.describe()["posterior"] != fit:
            message = "it is not the posterior that the run was made with"
            raise Faults([Fault(POSTERIOR, 0, message, "Put the one it was made with back")])
    return [_scenario(corridor, one) for one in manifest["scenarios"]]


def spec_of(folder: str | Path) -> RunSpec:
    """Return what was asked of a run, from what its folder holds.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    RunSpec

    Raises
    ------
    Faults
        As `rebuild`.
    """
    manifest = read_manifest(folder)
    layout = manifest.get("layout")
    return RunSpec(
        tuple(rebuild(folder)),
        **manifest["arguments"],
        layout=Branching(**{name: tuple(of) for name, of in layout.items()}) if layout else None,
    )


def _scenario(corridor: "Scenario", wanted: dict[str, Any]) -> "Scenario":
    """Repeat the changes on days that allow every one of them, then cut to the run's own days."""
    start, end = date.fromisoformat(wanted["start"]), date.fromisoformat(wanted["end"])
    one = corridor.between(min(corridor.start, start), max(corridor.end, end))
    placed = {deal["name"] for deal in wanted.get("deals", ())}
    for name in (name for name in wanted["without"] if name not in placed):
        one = one.without(name)  # first, since a deal may hold on the days of what was left out
    for deal in wanted.get("deals", ()):
        one = one.deal(**deal)
    for moved in wanted.get("moved", ()):
        one = one.move(**moved)
    for change in wanted["changes"]:
        one = one.change(**{key: value for key, value in change.items() if key != "unit"})
    for name in (name for name in wanted["without"] if name in placed):
        one = one.without(name)
    asking = Asking(**wanted["asking"]) if "asking" in wanted else None
    one = replace(one, without_=tuple(wanted["without"]), asking=asking)
    one = one.between(start, end)
    return one if one.name == wanted["name"] else one.named(wanted["name"])


def differences(old: xr.Dataset, new: xr.Dataset) -> list[str]:
    """Say in which variables two results differ.

    Parameters
    ----------
    old, new
        The two results.

    Returns
    -------
    list of str
        One line each; empty if they hold the same numbers and labels.
    """
    names = [*old.variables, *(name for name in new.variables if name not in old.variables)]
    lines = [line for name in names for line in _difference(str(name), old, new)]
    keys = sorted({*old.attrs, *new.attrs})
    return lines + [
        f"attribute {key}: {old.attrs.get(key)!s:.60} before, {new.attrs.get(key)!s:.60} now"
        for key in keys
        if str(old.attrs.get(key)) != str(new.attrs.get(key))
    ]


def _difference(name: str, old: xr.Dataset, new: xr.Dataset) -> Iterator[str]:
    if name not in new.variables or name not in old.variables:
        yield f"{name}: only in the {'old' if name in old.variables else 'new'} result"
        return
    before, now = old[name], new[name]
    if before.dims != now.dims or before.shape != now.shape:
        yield f"{name}: shape {dict(before.sizes)} before, {dict(now.sizes)} now"
        return
    unlike = before.values != now.values
    if before.dtype.kind == "f":
        unlike &= ~(np.isnan(before.values) & np.isnan(now.values))
    if np.any(unlike):
        yield _where(name, before, now, np.atleast_1d(unlike))


def _where(name: str, before: xr.DataArray, now: xr.DataArray, unlike: np.ndarray) -> str:
    text = f"{name}: {np.count_nonzero(unlike)} of {unlike.size} values differ"
    if before.dtype.kind != "f":
        return text
    first = tuple(int(i[0]) for i in np.nonzero(unlike))
    place = ", ".join(
        f"{dim} {before[dim].values[i]!s:.10}" for dim, i in zip(before.dims, first, strict=True)
    )
    most = float(np.nanmax(np.abs(now.values - before.values)))
    return (
        f"{text}, by {most:g} at most; the first at {place}: "
        f"{before.values[first]:g} before, {now.values[first]:g} now"
    )


def repeat(
    folder: str | Path, workers: int | None, progress: Callable[[int, int], None]
) -> list[str]:
    """Run once more from what a run folder holds, and compare.

    Parameters
    ----------
    folder
        The run folder; nothing in it is changed.
    workers, progress
        As in `rumbo.simulate`.

    Returns
    -------
    list of str
        What differs, and what may be the reason; empty if the bytes are the same.

    Raises
    ------
    Faults
        If the folder holds no finished run.
    """
    manifest, old = read_manifest(folder), open_run(folder)
    asked = spec_of(folder)
    new = execute(asked, workers, progress=progress)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / RESULT
        write_netcdf(new, path)
        if checksum(path) == manifest["files"][RESULT]:
            return []
        lines = differences(old, xr.load_dataset(path, engine="h5netcdf"))
    return [*(lines or ["the numbers are the same, the file's bytes are not"]), *_reasons(manifest)]


def _reasons(manifest: dict[str, Any]) -> Iterator[str]:
    for name, now in versions_now().items():
        before = manifest["versions"].get(name)
        if before != now:
            yield f"a possible reason: {name} was {before:.16}, is {now:.16}"
