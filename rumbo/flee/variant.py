"""Folders that look like a crisis in Flee's format, and what they are instead."""

from collections.abc import Sequence
from pathlib import Path

from rumbo.files.faults import Collector
from rumbo.flee.tables import read_sheet

SWEEP = "SWEEP"
"""Folder of a sweep's runs."""

_OF_A_RUN = ("input_csv", "source_data", "simsetting.yml", "locations.csv", "closures.csv")
"""What a folder of a run may hold; in a sweep often only what differs."""


def is_crisis(folder: Path, tables: Path, faults: Collector, warnings: Collector) -> bool:
    """Whether a folder holds a crisis of conflict, as far as its files tell.

    Parameters
    ----------
    folder
        The folder.
    tables
        Folder of its tables.
    faults
        Where is noted, in one line, what it is instead.
    warnings
        Where a sweep beside a crisis is noted.

    Returns
    -------
    bool
    """
    before = len(faults.faults)
    if (tables / "locations.csv").exists():
        _note_flood(tables, faults)
        _warn_of_sweep(folder, warnings)
    elif (folder / "corridor.yaml").exists():
        message = "this is a corridor, expected a crisis in Flee's format"
        faults.add(folder.name, 0, message, "Give it to rumbo run, or in Python to rumbo.load")
    else:
        _note_sweep(folder, faults)
    return len(faults.faults) == before


def _note_flood(tables: Path, faults: Collector) -> None:
    rows = read_sheet(tables / "locations.csv", Collector(), heading="name").rows
    where, cure = "of Flee's flood variant", "Give a folder whose people flee from conflict"
    what = "where floods drive people out; Rumbo runs conflicts only"
    flooded = next((row for row in rows if "flood" in row[5].lower()), None)
    if flooded:
        message = f"location_type '{flooded[5]}' is {where}, {what}"
        faults.add(flooded.file, flooded.line, message, cure)
    elif (tables / "flood_level.csv").exists() and not (tables / "conflicts.csv").exists():
        faults.add("flood_level.csv", 0, f"this is a folder {where}, {what}", cure)


def _note_sweep(folder: Path, faults: Collector) -> None:
    base = folder / SWEEP if (folder / SWEEP).is_dir() else folder
    runs = _runs(base)
    if base != folder or len(runs) > 1:
        message = f"this is a sweep of {len(runs)} runs in {base.name}, expected a single crisis"
        cure = "Give the folder of one run, with the files that it leaves out put in"
        faults.add(folder.name, 0, message, cure)


def _warn_of_sweep(folder: Path, warnings: Collector) -> None:
    if (folder / SWEEP).is_dir():
        runs = len(_runs(folder / SWEEP))
        message = f"a sweep of {runs} runs lies beside the crisis and is passed over"
        warnings.add(SWEEP, 0, message, "Give the folder of one of its runs to have that")


def _runs(base: Path) -> Sequence[Path]:
    return [
        path
        for path in sorted(base.iterdir())
        if path.is_dir() and any((path / name).exists() for name in _OF_A_RUN)
    ]
