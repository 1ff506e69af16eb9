"""A folder in Flee's format, read with every fault of every file found at once."""

from datetime import date
from pathlib import Path

from rumbo.files.faults import Collector, Fault
from rumbo.flee.camps import CORRECTIONS, read_registers
from rumbo.flee.crisis import Crisis
from rumbo.flee.events import read_closures, read_intensity, read_period, warn_of_zones
from rumbo.flee.places import read_locations, read_routes
from rumbo.flee.settings import Settings, read_settings
from rumbo.flee.tables import read_sheet
from rumbo.flee.variant import is_crisis

SETTINGS = "simsetting.yml"
CHANGES = "location_changes.csv"

UNUSED = (
    "demographics_*.csv",
    "agents.csv",
    "flood_level.csv",
    "region_attributes*.csv",
    "major_routes.csv",
)
"""Files that Flee can use and Rumbo does not."""

_SOME_DAY = date(2000, 1, 1)
"""Stands for a start that cannot be read, so that other files are checked all the same."""


def read_crisis(folder: Path, settings: Path | None = None) -> tuple[Crisis | None, list[Fault]]:
    """Read a folder in Flee's format.

    Parameters
    ----------
    folder
        Folder that holds ``input_csv`` and ``source_data``, or the files of both.
    settings
        File of settings; ``simsetting.yml`` of the folder if None, and Flee's defaults if that is
        missing.

    Returns
    -------
    crisis : Crisis or None
        None after a fault.
    faults : list of Fault
        By file and row.
    """
    faults, warnings = Collector(), Collector()
    if not folder.is_dir():
        faults.add(folder.name, 0, "there is no such folder", "Name a folder in Flee's format")
        return None, faults.faults
    plain = is_crisis(folder, _within(folder, "input_csv"), faults, warnings)
    crisis = _read(folder, settings, faults, warnings) if plain else None
    return crisis, faults.faults


def _read(
    folder: Path, settings: Path | None, faults: Collector, warnings: Collector
) -> Crisis | None:
    tables, source = _within(folder, "input_csv"), _within(folder, "source_data")
    chosen = _settings(folder, settings, faults, warnings)
    _note_others(folder, tables, faults, warnings)
    start, days = read_period(tables / "sim_period.csv", faults)
    day0 = start or _SOME_DAY
    locations = read_locations(tables / "locations.csv", faults, warnings)
    routes = read_routes(tables / "routes.csv", locations, faults, warnings)
    closures = read_closures(tables / "closures.csv", locations, days, faults, warnings)
    intensity = read_intensity(tables / "conflicts.csv", locations, day0, days, faults, warnings)
    registers = read_registers(source, tables / CORRECTIONS, locations, day0, faults, warnings)
    if faults or chosen is None:
        return None
    warn_of_zones(locations, intensity, warnings)
    return Crisis(
        name=folder.resolve().name,
        start=day0,
        days=days,
        locations=locations,
        routes=routes,
        closures=closures,
        intensity=intensity,
        registers=registers,
        settings=chosen,
        warnings=tuple(warnings.faults),
    )


def _within(folder: Path, name: str) -> Path:
    return folder / name if (folder / name).is_dir() else folder


def _settings(
    folder: Path, given: Path | None, faults: Collector, warnings: Collector
) -> Settings | None:
    path = given or folder / SETTINGS
    if given is None and not path.exists():
        message = "the file is missing: Flee's default settings are used"
        warnings.add(SETTINGS, 0, message, f"Put a file {SETTINGS} into the folder, or name one")
        return Settings()
    return read_settings(path, faults, warnings)


def _note_others(folder: Path, tables: Path, faults: Collector, warnings: Collector) -> None:
    for pattern in UNUSED:
        for path in sorted(tables.glob(pattern)):
            message = "the file is not used here, and can have an effect in Flee"
            cure = "Nothing needs to be done; results may differ from Flee's"
            warnings.add(path.name, 0, message, cure)
    for path in {folder / CHANGES, tables / CHANGES}:
        changes = read_sheet(path, faults, heading="name", optional=True).rows
        if changes:
            message = "changes of locations are not supported"
            cure = "Remove the file; use closures.csv to close a camp for a time"
            faults.add(CHANGES, changes[0].line, message, cure)
