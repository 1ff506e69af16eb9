"""Counts of camps in Flee's format, and their corrections."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.cells import MOST_PERSONS, NOT_COUNTED
from rumbo.files.faults import Collector, choose, misspelt
from rumbo.flee.crisis import CAMPS
from rumbo.flee.registers import Registers, add_up
from rumbo.flee.tables import Number, Row, Sheet, read_date, read_sheet

LAYOUT = "data_layout.csv"
CORRECTIONS = "registration_corrections.csv"

_PERSONS = Number("count", 0, MOST_PERSONS, integer=True, beyond=NOT_COUNTED)
_NOTHING = pd.DataFrame({"day": np.empty(0, np.int64), "persons": np.empty(0, np.float64)})


def read_registers(
    source: Path,
    corrections: Path,
    locations: pd.DataFrame,
    start: date,
    faults: Collector,
    warnings: Collector,
) -> Registers:
    """Read the files that ``data_layout.csv`` names, and ``registration_corrections.csv``.

    Parameters
    ----------
    source
        Folder with ``data_layout.csv`` and the files it names.
    corrections
        File of corrections, which may be missing.
    locations
        As `Crisis.locations`; names are not checked if it is empty.
    start
        Day 0.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious.

    Returns
    -------
    Registers
        Counts; those at fault are left out.
    """
    layout = read_sheet(source / LAYOUT, faults)
    reading = _RegisterReading(source, start, faults, warnings)
    _check_layout(layout, locations, faults, warnings)
    counted: dict[str, pd.DataFrame] = {}
    for row in layout.rows[1:]:
        if (rows := reading.counts(row)) is not None:
            counted.setdefault(row[0], rows)
    total = reading.counts(layout.rows[0]) if layout.rows else None
    registers = Registers(
        tuple(counted),
        tuple(counted.values()),
        _NOTHING if total is None else total,
        pd.DataFrame({"camp": pd.Series(dtype=str), "day": pd.Series(dtype=np.int64)}),
    )
    sheet = read_sheet(corrections, faults, heading="camp name", optional=True)
    camps = list(locations["name"][locations["kind"].isin(CAMPS)])
    known = [*camps, *(row[0] for row in layout.rows[1:] if row[0] not in camps)]
    return _with_corrections(registers, sheet, reading, known)


def _check_layout(
    layout: Sheet, locations: pd.DataFrame, faults: Collector, warnings: Collector
) -> None:
    camps = list(locations["name"][locations["kind"].isin(CAMPS)])
    if layout.rows and layout.rows[0][0] in camps:
        message = f"the first row is the camp '{layout.rows[0][0]}', expected the total"
        faults.add(LAYOUT, layout.rows[0].line, message, "Put a row 'total,refugees.csv' first")
    elif layout.rows and not layout.rows[0][1]:
        faults.add(
            LAYOUT, layout.rows[0].line, "the total names no file", "Write 'total,refugees.csv'"
        )
    rows = layout.rows[1:]
    listed = [row[0] for row in rows if any(row.cells[1:])]
    missing = [camp for camp in camps if camp not in listed]
    for i, row in enumerate(rows):
        if row[0] in [other[0] for other in rows[:i]]:
            faults.add(LAYOUT, row.line, f"'{row[0]}' stands there twice", "Remove one")
        elif camps and row[0] not in camps:
            _note_stranger(row, list(locations["name"]), missing, faults, warnings)
    for camp in missing if layout.rows else ():
        message = (
            f"the camp '{camp}' has no counts: it is simulated and not scored; Flee would stop"
        )
        warnings.add(LAYOUT, 0, message, f"Add a row '{camp},<file>'")


def _note_stranger(
    row: Row, names: Sequence[str], missing: Sequence[str], faults: Collector, warnings: Collector
) -> None:
    """Note a row for what is no camp: a misspelt camp is a fault, one left out on purpose not."""
    if row[0] in names or not misspelt(row[0], missing):
        what = "no camp" if row[0] in names else "no location"
        message = (
            f"'{row[0]}' is {what} of locations.csv: as in Flee its counts belong to the sum over "
            "camps and are not scored"
        )
        cure = "Add it to locations.csv as a camp, or remove the row"
        warnings.add(row.file, row.line, message, cure)
    else:
        message = f"unknown camp '{row[0]}', not in locations.csv"
        faults.add(row.file, row.line, message, choose(row[0], missing), "camps")


class _RegisterReading:
    def __init__(self, source: Path, start: date, faults: Collector, warnings: Collector) -> None:
        self.source = source
        self.start = start
        self.faults = faults
        self.warnings = warnings

    def counts(self, row: Row) -> pd.DataFrame | None:
        """Counts of a row of the layout; None without a file to read."""
        files = [rows for name in row.cells[1:] if name if len(rows := self.file(row, name))]
        first = set(files[0]["day"]) if files else set()
        if any(not first.issuperset(rows["day"]) for rows in files):
            message = (
                f"{row[1]} of '{row[0]}' lacks dates of its other files: there it counts with its "
                "last earlier row, where Flee takes its next one"
            )
            cure = "Nothing needs to be done; give the files the same dates to be sure"
            self.warnings.add(row.file, row.line, message, cure)
        return add_up(files) if files else None

    def file(self, layout: Row, name: str) -> pd.DataFrame:
        path = self.source / name
        if not path.exists():
            message = f"the file {name} of '{layout[0]}' is missing"
            cure = f"Put {name} into {self.source.name}, or mend its name"
            self.faults.add(layout.file, layout.line, message, cure)
            return _NOTHING
        before = len(self.faults.faults)
        rows = list(self.rows(read_sheet(path, self.faults, heading="date datetime")))
        if not rows and len(self.faults.faults) == before:
            self.faults.add(name, 0, "the file holds no count", "Add rows 'date,persons'")
        self.warn_of_order(rows)
        day = np.array([(day - self.start).days for day, _, _ in rows], dtype=np.int64)
        return pd.DataFrame({"day": day, "persons": np.array([n for _, n, _ in rows], float)})

    def rows(self, sheet: Sheet) -> Iterator[tuple[date, float, Row]]:
        """Dates and counts; a row without a count says nothing."""
        for row in sheet.rows:
            if not row[1]:
                continue
            day = read_date(row, 0, self.faults)
            persons = np.nan if self.split(row) else _PERSONS.read(row, 1, self.faults)
            if day is not None and not np.isnan(persons):
                yield day, persons, row

    def split(self, row: Row) -> bool:
        """Note a count that its thousands separators have cut into several cells."""
        groups = row.cells[1:]
        # 22,849 splits into 22 and 849: one to three digits, then threes.
        cut = len(groups) > 1 and len(groups[0]) < 4 and groups[0].isdecimal()
        if not cut or not all(len(cell) == 3 and cell.isdecimal() for cell in groups[1:]):
            return False
        message = f"count is '{','.join(groups)}', expected a whole number"
        cure = f"Write it without thousands separators, such as {''.join(groups)}"
        self.faults.add(row.file, row.line, message, cure, "count")
        return True

    def warn_of_order(self, rows: Sequence[tuple[date, float, Row]]) -> None:
        for (before, _, _), (day, _, row) in pairwise(rows):
            if day <= before:
                what = "is repeated" if day == before else f"comes after {before}"
                message = (
                    f"dates out of order: {day} {what}; rows count in the order of the file, as in "
                    "Flee"
                )
                cure = "Sort the rows and keep one for each date"
                self.warnings.add(row.file, row.line, message, cure, "dates out of order")


def _with_corrections(
    registers: Registers, sheet: Sheet, reading: _RegisterReading, camps: Sequence[str]
) -> Registers:
    days = [_day(registers, row, reading, camps) for row in sheet.rows]
    corrected = [
        (row[0], day) for row, day in zip(sheet.rows, days, strict=True) if day is not None
    ]
    return replace(
        registers,
        corrections=pd.DataFrame(
            {
                "camp": pd.Series([name for name, _ in corrected], dtype=str),
                "day": np.array([day for _, day in corrected], np.int64),
            }
        ),
    )


def _day(
    registers: Registers, row: Row, reading: _RegisterReading, camps: Sequence[str]
) -> int | None:
    """Day of a correction that applies; None is noted here or, for camps without counts, before."""
    when = read_date(row, 1, reading.faults)
    day = (when - reading.start).days if when else None
    if day is not None and day < 0:
        message = (
            f"the correction of '{row[0]}' on {row[1]} is before the start and passed over, as in "
            "Flee"
        )
        reading.warnings.add(row.file, row.line, message, "Remove the row")
    elif day is not None and row[0] in registers.names:
        rows = registers.rows[registers.names.index(row[0])]
        return day if _has_row(rows, row, day, reading.faults) else None
    elif day is not None and camps and row[0] not in camps:
        message = f"unknown camp '{row[0]}', not in {LAYOUT}"
        reading.faults.add(row.file, row.line, message, choose(row[0], camps), "camps")
    return None


def _has_row(rows: pd.DataFrame, row: Row, day: int, faults: Collector) -> bool:
    at = np.flatnonzero(rows["day"].to_numpy() == day)
    wrong = None
    if not len(at):
        wrong = "has no count on that date", "Write the date of the first count after it"
    elif at[0] == 0:
        wrong = "has no earlier count to correct", "Remove the row"
    elif rows["persons"].iloc[at[0] - 1] <= 0:
        wrong = "has nobody in the count before, which cannot be scaled", "Remove the row"
    if wrong:
        faults.add(row.file, row.line, f"correction on {row[1]}: '{row[0]}' {wrong[0]}", wrong[1])
    return wrong is None
