"""What happens in time in Flee's format: the period, closures and the conflict table."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import LISTED, Collector, choose, misspelt
from rumbo.flee.crisis import CAMPS, CLOSURE_COLUMNS, CLOSURE_KINDS, WITHOUT_EFFECT
from rumbo.flee.tables import Number, Row, Sheet, fits, read_date, read_sheet
from rumbo.scenario.arrays import Array, Flags

# 100,000 days are 270 years: more is a slip.
_LENGTH = Number("Length", 1, 100_000, integer=True)
_DAY = {3: Number("closure_start", integer=True), 4: Number("closure_end", -1, integer=True)}

QUIET = 1e-6
"""Conflict below this is none, as in Flee."""


def read_period(path: Path, faults: Collector) -> tuple[date | None, int]:
    """Read ``sim_period.csv``.

    Parameters
    ----------
    path
        The file.
    faults
        Where faults are noted.

    Returns
    -------
    start : datetime.date or None
        Day 0; None after a fault.
    days : int
        Days of the run; 0 after a fault.
    """
    before = len(faults.faults)
    sheet = read_sheet(path, faults)
    rows = {row[0].lower(): row for row in sheet.rows}
    if len(faults.faults) == before:
        for key, example in (("StartDate", "2015-05-01"), ("Length", "300")):
            if key.lower() not in rows:
                faults.add(sheet.file, 0, f"{key} is missing", f"Add a row '{key},{example}'")
    start = read_date(rows["startdate"], 1, faults) if "startdate" in rows else None
    days = _LENGTH.read(rows["length"], 1, faults) if "length" in rows else np.nan
    return start, 0 if np.isnan(days) else int(days)


def read_closures(
    path: Path, locations: pd.DataFrame, days: int, faults: Collector, warnings: Collector
) -> pd.DataFrame:
    """Read ``closures.csv``, which may be missing.

    Parameters
    ----------
    path
        The file.
    locations
        As `Crisis.locations`; names are not checked if it is empty.
    days
        Days of the run; 0 if unknown.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    pandas.DataFrame
        As `Crisis.closures`.
    """
    sheet = read_sheet(path, faults, heading="closure_type type", optional=True)
    # Type, two names, first day and last; what follows is not read.
    rows = [row for row in sheet.rows if fits(row, 5, np.inf, faults)]
    closures = pd.DataFrame(
        [_closure(row, locations, faults) for row in rows], columns=list(CLOSURE_COLUMNS)
    )
    _warn_of_closures(sheet.file, closures, days, warnings)
    return closures


def _closure(row: Row, locations: pd.DataFrame, faults: Collector) -> tuple[object, ...]:
    kind = row[0].lower()
    if kind not in CLOSURE_KINDS:
        faults.add(
            row.file, row.line, f"closure_type '{row[0]}' is unknown", choose(kind, CLOSURE_KINDS)
        )
    elif kind not in WITHOUT_EFFECT and len(locations):
        _note_unknown(row, kind, locations, faults)
    since, until = (number.read(row, at, faults) for at, number in _DAY.items())
    if -1 < until < since and kind not in WITHOUT_EFFECT:
        message = f"dates out of order: closed on day {since:.0f}, open again on day {until:.0f}"
        faults.add(row.file, row.line, message, "Swap the two, or write -1 for never")
    days = [0 if np.isnan(day) else int(day) for day in (since, until)]
    return (kind, row[1], row[2], *days, row.line)


def _note_unknown(row: Row, kind: str, locations: pd.DataFrame, faults: Collector) -> None:
    known = sorted(set(locations["country" if kind == "country" else "name"]))
    what = "country" if kind == "country" else "location"
    # Only a closed country needs a second name.
    names = (row[1], row[2]) if kind == "country" else (row[1],)
    for name in names:
        if name not in known:
            faults.add(row.file, row.line, f"unknown {what} '{name}'", choose(name, known), what)
    camps = set(locations["name"][locations["kind"].isin(CAMPS)])
    if kind in CAMPS and row[1] in known and row[1] not in camps:
        message = f"'{row[1]}' is closed as a {kind}, and is no camp"
        faults.add(row.file, row.line, message, "Write 'location' for closure_type")


def _warn_of_closures(file: str, closures: pd.DataFrame, days: int, warnings: Collector) -> None:
    dead = closures[closures["kind"].isin(WITHOUT_EFFECT)]
    if len(dead):
        kinds = " and ".join(sorted(set(dead["kind"])))
        message = f"closures of type {kinds} have no effect in Flee"
        cure = "Nothing needs to be done; close a location or a country instead"
        warnings.add(file, int(dead["row"].iloc[0]), message, cure)
    for row, since in zip(closures["row"], closures["since"], strict=True):
        if since >= days > 0 or since < 0:
            when = f"after the last day {days - 1}" if since >= 0 else "before day 0"
            message = f"closure_start {since} is {when}: it never takes effect"
            warnings.add(file, int(row), message, "Mend the day or remove the row")


def read_intensity(
    path: Path,
    locations: pd.DataFrame,
    start: date,
    days: int,
    faults: Collector,
    warnings: Collector,
) -> Array:
    """Read ``conflicts.csv``.

    Parameters
    ----------
    path
        The file: a column per location, a row per day from day 0.
    locations
        As `Crisis.locations`; names are not checked if it is empty.
    start
        Day 0.
    days
        Days of the run; 0 if unknown.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    numpy.ndarray
        As `Crisis.intensity`; zero where at fault.
    """
    sheet = read_sheet(path, faults, heading="day")
    if sheet.rows and not sheet.header:
        sheet = Sheet(sheet.file, sheet.rows[0].cells, sheet.rows[1:])
    columns = sheet.headings(1)
    names = list(locations["name"])
    _note_columns(sheet.file, list(columns.values()), names, faults, warnings)
    values = _values(sheet, columns, faults)
    if len(sheet.rows) < days and sheet.header:
        missing = start + timedelta(days=len(sheet.rows))
        message = (
            f"the table has {len(sheet.rows)} days, the run has {days}: day {len(sheet.rows)} "
            f"({missing}) is the first that is missing"
        )
        cure = "Add a row for each day, or shorten Length in sim_period.csv"
        faults.add(sheet.file, 0, message, cure)
    _warn_of_days(sheet, warnings)
    return _spread(values, list(columns.values()), names, days)


def _note_columns(
    file: str,
    columns: Sequence[str],
    known: Sequence[str],
    faults: Collector,
    warnings: Collector,
) -> None:
    missing = [name for name in known if name not in columns]
    for name in dict.fromkeys(columns):
        if known and name not in known:
            message = f"column '{name}' names no location of locations.csv"
            if misspelt(name, missing):
                faults.add(file, 1, message, choose(name, missing), "columns")
            else:
                cure = "Add the location to locations.csv, or remove the column"
                warnings.add(file, 1, f"{message}: as in Flee it is passed over", cure, "columns")
        if columns.count(name) > 1:
            faults.add(file, 1, f"two columns are called '{name}'", "Remove or rename one")


def _values(sheet: Sheet, columns: dict[int, str], faults: Collector) -> Array:
    """Numbers of the table; shape (rows, columns)."""
    cells = [[row[at] for at in columns] for row in sheet.rows]
    try:
        # In one go, since a table may hold a million numbers.
        values = np.array(cells, dtype=object).astype(np.float64)
        if np.isfinite(values).all() and (values >= 0).all():
            return values.reshape(len(cells), len(columns))
    except ValueError:
        pass
    numbers = {at: Number(f"conflict of {name}", 0) for at, name in columns.items()}
    return np.array(
        [[number.read(row, at, faults) for at, number in numbers.items()] for row in sheet.rows]
    ).reshape(len(cells), len(columns))


def _spread(values: Array, columns: Sequence[str], names: Sequence[str], days: int) -> Array:
    intensity = np.zeros((days, len(names)))
    place = {name: i for i, name in enumerate(names)}
    for column, name in enumerate(columns):
        if name in place:
            held = np.nan_to_num(values[:days, column])
            intensity[: len(held), place[name]] = np.where(held < QUIET, 0.0, held)
    return intensity


def _warn_of_days(sheet: Sheet, warnings: Collector) -> None:
    for day, row in enumerate(sheet.rows):
        if row[0].isdecimal() and int(row[0]) != day:
            message = (
                f"column 'Day' says {row[0]}; the row is taken as day {day}, as in Flee, which "
                "counts rows"
            )
            warnings.add(sheet.file, row.line, message, "Write one row for each day, in order")
            return


def warn_of_zones(locations: pd.DataFrame, intensity: Array, warnings: Collector) -> None:
    """Note what Flee passes over in silence when it takes the conflict table.

    Parameters
    ----------
    locations
        As `Crisis.locations`.
    intensity
        As `Crisis.intensity`.
    warnings
        Where it is noted.
    """
    active = intensity > 0
    ever = active.any(axis=0)
    camp = locations["kind"].isin(CAMPS).to_numpy()
    zone = (locations["kind"] == "conflict_zone").to_numpy()
    empty = (locations["population"] == 0).to_numpy()
    changed = (active[1:] & active[:-1] & (np.diff(intensity, axis=0) != 0)).any(axis=0)
    home = (locations["country"] == locations["country"].iloc[0]).to_numpy()
    conflicts, places = "conflicts.csv", "locations.csv"
    for file, which, message, cure in (
        (conflicts, zone & ~ever, "declared conflict_zone but never in conflict",
         "Mend the column, or write town in locations.csv"),
        (conflicts, camp & ever, "camps in conflict: Flee makes them zones, and then towns",
         "Write 0 in the columns of camps"),
        (conflicts, changed, "conflict changes from one positive value to another: Flee keeps the "
         "first", "Write 0 and 1, or accept the value at onset"),
        (places, ever & ~camp & empty, "in conflict with population 0: nobody leaves from there",
         "Fill the population"),
        (places, ever & ~home, f"in conflict outside {locations['country'].iloc[0]}, which is home "
         "since the first row says so", "Put a location of the home country first"),
    ):  # fmt: skip
        if which.any():
            warnings.add(file, 0, f"{_named(locations['name'][which])}: {message}", cure)
    _warn_of_peace(active, warnings)


def _named(names: "pd.Series[str]") -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(f"'{name}'" for name in names[:LISTED]) + more


def _warn_of_peace(active: Flags, warnings: Collector) -> None:
    somewhere = np.asarray(active.any(axis=1))
    if not somewhere.all():
        day, quiet = int(np.argmin(somewhere)), int((~somewhere).sum())
        message = (
            f"no location is in conflict on {quiet} days, the first is day {day}: Flee ends there, "
            "since nobody could leave home"
        )
        cure = "Mend the table, or shorten Length in sim_period.csv"
        warnings.add("conflicts.csv", 0, message, cure)
