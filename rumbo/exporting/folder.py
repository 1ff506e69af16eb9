"""The folder of an export: it appears whole or not at all, and takes no other folder's place."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rumbo.exporting.differences import (
    DifferenceBlock,
    compared_in,
    differences_of,
    speakers,
)
from rumbo.exporting.hub import hub_files, model_output, output_path
from rumbo.exporting.names import LANGUAGES
from rumbo.exporting.observed import beside, observed_figures
from rumbo.exporting.package import MARK, PACKAGE, write_package
from rumbo.exporting.series import (
    QuantileBlock,
    ResultFacts,
    block_of,
    read_facts,
    totals,
)
from rumbo.exporting.targets import find_targets
from rumbo.files.faults import Fault, Faults
from rumbo.files.inert import to_csv
from rumbo.scores.beds import SHORT, places_added
from rumbo.scores.branches import side_by_side

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

GEOPACKAGE = "rumbo.gpkg"

SIDECARS = (f"{GEOPACKAGE}-wal", f"{GEOPACKAGE}-shm", f"{GEOPACKAGE}-journal")
"""Files that a program leaves beside a GeoPackage it has opened."""


Progress = Callable[[int, int], None]
"""Told of parts of an export that are written, and of all."""

BLOCKS, TABLES, WORKBOOK, REST = 1, 4, 13, 1
"""Parts as each takes its time, about a second of the bundled corridor's: a workbook is a million
cells."""


def export(
    runs: "xr.Dataset", folder: str | Path, *, progress: Progress | None = None
) -> list[Path]:
    """Write a result as tables, workbooks, a map, a hub's files and a description of them.

    Values above 0 and below 10 are left empty and marked as suppressed. Every value comes with the
    quantiles around it, every difference with who speaks for its size.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` or ``rumbo.open_run`` returned.
    folder
        Folder to make. An earlier export there is replaced; any other folder is refused.
    progress
        Called once at the start and after every part: (parts done, parts in all).

    Returns
    -------
    list of pathlib.Path
        The files: ``datapackage.json``, which describes the others; ``series/*.csv``,
        ``differences/*.csv`` (month by month) and ``differences.csv`` (the whole run), wide;
        ``observed.csv``, ``targets.csv``, ``locations.csv``; ``rumbo-en.xlsx``,
        ``rumbo-es.xlsx``, ``rumbo.gpkg``; and ``hub/``.

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
    >>> runs = rumbo.simulate(rumbo.load("examples/three_places"), members=20)  # doctest: +SKIP
    >>> rumbo.export(runs, "tables")  # doctest: +SKIP
    """
    runs = side_by_side(runs)
    facts = read_facts(runs)
    target = Path(os.path.realpath(folder))
    _check(target, str(folder))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as made:
            staged = Path(made) / "whole"
            staged.mkdir()
            _fill(runs, facts, staged, Path(made), progress)
            _swap(staged, target, Path(made) / "before")
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else str(error)
        message = f"the export cannot be written ({reason})"
        cure = "Make room or choose another place"
        raise Faults([Fault(str(folder), 0, message, cure)]) from error
    return sorted(path for path in target.rglob("*") if path.is_file())


def _fill(
    runs: "xr.Dataset",
    facts: ResultFacts,
    folder: Path,
    scratch: Path,
    progress: Progress | None,
) -> None:
    from rumbo.exporting.geopackage import write_geopackage
    from rumbo.exporting.workbook import WorkbookContent, write_workbook

    every = BLOCKS + TABLES + WORKBOOK * len(LANGUAGES) + REST
    tell = progress or (lambda _done, _all: None)
    tell(0, every)
    blocks, differences = _blocks(runs, facts, folder)
    tell(BLOCKS, every)
    targets = [block.target for block in blocks]
    labels = {one.target.name: [place.id for place in one.locations] for one in blocks}
    observed = observed_figures(facts, targets, labels)
    columns = _write_tables(folder, _tables(facts, blocks, differences, observed))
    content = WorkbookContent(facts, blocks, differences, observed)
    for number, language in enumerate(LANGUAGES):
        tell(BLOCKS + TABLES + WORKBOOK * number, every)
        write_workbook(folder / f"rumbo-{language}.xlsx", content, language, scratch)
    tell(every - REST, every)
    write_geopackage(runs, facts, folder / GEOPACKAGE)
    for path, text in hub_files(facts, blocks).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    write_package(folder, facts, targets, columns)


def _blocks(
    runs: "xr.Dataset", facts: ResultFacts, folder: Path
) -> tuple[list[QuantileBlock], list[DifferenceBlock]]:
    """Return all quantities and their differences; the model's output is written on the way."""
    blocks, differences = list[QuantileBlock](), list[DifferenceBlock]()
    path = folder / output_path(facts)
    path.parent.mkdir(parents=True)
    compared = compared_in(runs, facts)
    added = places_added(facts.background, facts.scenarios)
    with model_output(path, facts) as add:
        for target in find_targets(runs, facts.names):
            found = totals(runs, target)
            block = block_of(target, found, facts.names)
            if block is None:
                continue
            add(block)
            blocks.append(block)
            if compared and not (added and target.variable in SHORT):
                differences.append(differences_of(block, found, compared))
    return blocks, differences


def _tables(
    facts: ResultFacts,
    blocks: list[QuantileBlock],
    differences: list[DifferenceBlock],
    observed: "pd.DataFrame",
) -> "dict[str, pd.DataFrame]":
    """Return the tables by the paths of their files."""
    import pandas as pd

    from rumbo.exporting.tables import (
        difference_table,
        locations_table,
        parts,
        targets_table,
        value_table,
    )

    figures, who = beside(observed), speakers(facts)
    tables = {
        "targets.csv": targets_table([block.target for block in blocks]),
        "locations.csv": locations_table(blocks),
        "observed.csv": observed,
    }
    for block in blocks:
        whole = value_table(block, facts, figures)
        tables |= {f"series/{name}": part for name, part in parts(whole, block.target.name)}
    for one in differences:
        months = difference_table(one, facts, who, whole=False)
        tables |= {f"differences/{name}": part for name, part in parts(months, one.target.name)}
    if differences:
        each = [difference_table(one, facts, who, whole=True) for one in differences]
        tables["differences.csv"] = pd.concat(each, ignore_index=True)
    return tables


def _write_tables(folder: Path, tables: "dict[str, pd.DataFrame]") -> dict[str, list[str]]:
    """Write tables, and return the columns of each."""
    for path, table in tables.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(to_csv(table), encoding="utf-8", newline="\n")
    return {path: [str(name) for name in table.columns] for path, table in tables.items()}


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
    own = _own(target)
    found = (path for path in target.rglob("*") if not path.is_dir())
    foreign = sorted({path.relative_to(target).as_posix() for path in found} - own)
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
