"""The folder of an export: it appears whole or not at all, and takes no other folder's place."""

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rumbo.export.package import MARK, PACKAGE, write_package
from rumbo.export.series import QuantileBlock, ResultFacts, blocks, find_targets, read_facts
from rumbo.files.faults import Fault, Faults
from rumbo.scores.branches import side_by_side

if TYPE_CHECKING:
    import xarray as xr

CSV, PARQUET, WORKBOOK, GEOPACKAGE = (
    "quantiles.csv",
    "quantiles.parquet",
    "rumbo.xlsx",
    "rumbo.gpkg",
)

SIDECARS = (f"{GEOPACKAGE}-wal", f"{GEOPACKAGE}-shm", f"{GEOPACKAGE}-journal")
"""Files that a program leaves beside a GeoPackage it has opened."""


def export(runs: "xr.Dataset", folder: str | Path) -> list[Path]:
    """Write a result as tables, a workbook, a map and a description of them.

    Values above 0 and below 10 are left empty and marked as suppressed. Every value comes with the
    quantiles around it.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.open_run`` returned.
    folder
        Folder to make. An earlier export there is replaced; any other folder is refused.

    Returns
    -------
    list of pathlib.Path
        The files: ``datapackage.json``, ``quantiles.csv``, ``quantiles.parquet``, ``rumbo.gpkg``
        and ``rumbo.xlsx``.

    Raises
    ------
    Faults
        If the folder holds anything else than an export, or cannot be written. What was there
        before stays.
    ValueError
        If the result lacks its background.

    Examples
    --------
    >>> import rumbo
    >>> from rumbo.export import export
    >>> runs = rumbo.simulate(rumbo.load("examples/three_places"), members=20)  # doctest: +SKIP
    >>> export(runs, "tables")  # doctest: +SKIP
    """
    runs = side_by_side(runs)
    described = read_facts(runs)
    target = Path(os.path.realpath(folder))
    _check(target, str(folder))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as made:
            staged = Path(made) / "whole"
            staged.mkdir()
            _fill(runs, described, staged, Path(made))
            _swap(staged, target, Path(made) / "before")
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        message = f"the export cannot be written ({reason})"
        cure = "Make room or choose another place"
        raise Faults([Fault(str(folder), 0, message, cure)]) from error
    return sorted(target / name for name in (PACKAGE, CSV, PARQUET, WORKBOOK, GEOPACKAGE))


def _fill(runs: "xr.Dataset", described: ResultFacts, folder: Path, scratch: Path) -> None:
    from rumbo.export.geopackage import write_geopackage
    from rumbo.export.tables import long_table
    from rumbo.export.workbook import ranges, write_workbook

    targets = find_targets(runs)
    ranged: list[QuantileBlock] = []
    with long_table(folder / CSV, folder / PARQUET, described) as add:
        for target in targets:
            for block in blocks(runs, target):
                add(block)
                ranged.append(ranges(block))
    write_workbook(folder / WORKBOOK, described, targets, ranged, scratch)
    write_geopackage(runs, described, folder / GEOPACKAGE)
    write_package(folder, described, targets, (CSV, PARQUET, WORKBOOK, GEOPACKAGE))


def _swap(staged: Path, target: Path, before: Path) -> None:
    """Put a finished folder in its place; what was there comes back if that fails."""
    # Folders made by `tempfile` are private; this one is to be read by others.
    staged.chmod(0o755)
    if target.exists():
        os.replace(target, before)
    try:
        os.replace(staged, target)
    except OSError:
        if before.exists():
            os.replace(before, target)
        raise


def _check(target: Path, name: str) -> None:
    """Refuse a place where something else than an export would be lost."""
    if not target.exists():
        return
    cure = "Choose a folder that does not exist yet"
    if not target.is_dir():
        raise Faults([Fault(name, 0, "this is a file, expected a folder", cure)])
    names = {path.name for path in target.iterdir()}
    foreign = sorted(names - _own(target))
    if foreign:
        listed = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        message = f"the folder holds files that no export has written ({listed})"
        raise Faults([Fault(name, 0, message, cure)])


def _own(target: Path) -> set[str]:
    """Return the names of the files that an earlier export wrote there."""
    try:
        package = json.loads((target / PACKAGE).read_text(encoding="utf-8"))
        written = {resource["path"] for resource in package["resources"] if "path" in resource}
        return {PACKAGE, *SIDECARS, *written} if MARK in package else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
