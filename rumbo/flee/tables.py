"""Low-level reading of Flee's CSV files: rows of stripped text, numbers and dates."""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path

from rumbo.files.cells import bounded
from rumbo.files.faults import Collector
from rumbo.files.tables import begins_with_table, left_out, read_text


@dataclass(frozen=True)
class Row:
    """A row of a file.

    Attributes
    ----------
    file
        Name of the file.
    line
        Line in the file.
    cells
        Text of the cells, without blanks around it.
    """

    file: str
    line: int
    cells: tuple[str, ...]

    def __getitem__(self, at: int) -> str:
        """Text of a cell; empty beyond the last."""
        return self.cells[at] if at < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, comments and blank lines left out.

    Attributes
    ----------
    file
        Name of the file.
    header
        Headings; empty without a header.
    rows
        The rows below.
    """

    file: str
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    def headings(self, first: int) -> dict[int, str]:
        """Headings from a column on, by column: what they name are attributes."""
        return {i: name for i, name in enumerate(self.header) if i >= first and name}


def read_sheet(path: Path, faults: Collector, heading: str = "", optional: bool = False) -> Sheet:
    """Read a CSV file in Flee's way.

    Parameters
    ----------
    path
        The file, in UTF-8.
    faults
        Where faults are noted.
    heading
        First cell of a header that does not start with ``#``, in any case; several are separated
        by blanks.
    optional
        Whether the file may be missing or empty.

    Returns
    -------
    Sheet
        The header is the widest of the rows at the top that start with ``#`` or the heading;
        other rows that start with ``#`` are comments. Without rows after a fault.
    """
    if optional and _blank(path):
        return Sheet(path.name)
    text = read_text(path, faults)
    if text is None or not begins_with_table(path.name, text, faults):
        return Sheet(path.name)
    rows = list(_rows(path.name, text, faults))
    if rows and len(rows[0].cells) == 1 and all(";" in row[0] for row in rows):
        message = "cells are separated by semicolons, expected commas"
        faults.add(path.name, 1, message, "Save the file again as CSV separated by commas")
        return Sheet(path.name)
    above = list(takewhile(lambda row: _heads(row, heading), rows))
    below = tuple(row for row in rows[len(above) :] if not row[0].startswith("#"))
    widest = max(above, key=lambda row: len(row.cells), default=None)
    header = (widest[0].lstrip("# "), *widest.cells[1:]) if widest else ()
    return Sheet(path.name, header, below)


def _blank(path: Path) -> bool:
    try:
        plain = path.is_file()
        return left_out(path) or (plain and not path.read_bytes().strip(b"\xef\xbb\xbf \t\r\n,"))
    except OSError:
        return False


def _heads(row: Row, heading: str) -> bool:
    return row[0].startswith("#") or row[0].lower() in heading.split()


def _rows(file: str, text: str, faults: Collector) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                yield Row(file, line, stripped)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(file, line, f"the row cannot be split ({error})", "Mend the quotes in this row")


def fits(row: Row, least: int, most: float, faults: Collector) -> bool:
    """Note a row of too few cells, or of more than there are headings for.

    Parameters
    ----------
    row
        The row.
    least, most
        Cells that a row must and may have; empty cells at the end do not count.
    faults
        Where faults are noted.

    Returns
    -------
    bool
        Whether the row has cells to work with.
    """
    filled = max(i + 1 for i, cell in enumerate(row.cells) if cell)
    if len(row.cells) < least:
        sign = ";" in row[0] and len(row.cells) == 1
        message = f"the row has {len(row.cells)} cells, expected {least}"
        cure = "Separate the cells by commas" if sign else "Add the cells that are missing"
        faults.add(row.file, row.line, message, cure, "cells per row")
    elif filled > most:
        message = f"the row has {filled} cells, expected {most:g} as in the header"
        cure = "Write numbers without thousands separators, and text that holds commas in quotes"
        faults.add(row.file, row.line, message, cure, "cells per row")
    return len(row.cells) >= least


@dataclass(frozen=True)
class Number:
    """What a cell for a number may hold.

    Attributes
    ----------
    name
        What the number is, for messages.
    low, high
        Range.
    above
        Whether the number must be above ``low``, not just reach it.
    integer
        Whether it must be a whole number.
    empty
        Value of an empty cell; None where it must not be empty.
    beyond
        What a number above ``high`` would be, for messages.
    """

    name: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    integer: bool = False
    empty: float | None = None
    beyond: str = ""

    def expected(self, value: float) -> str:
        """Return the words for what is allowed where a cell holds something else."""
        kind = "a whole number" if self.integer else "a number"
        if math.isinf(self.low) and math.isinf(self.high):
            return kind
        if self.above and not value > self.high:
            return f"{kind}, more than {self.low:g}"
        return f"{kind}, {bounded(self.low, self.high, self.beyond, value)}"

    def read(self, row: Row, at: int, faults: Collector) -> float:
        """Return the number in a cell.

        Parameters
        ----------
        row
            The row.
        at
            The column, from 0.
        faults
            Where faults are noted.

        Returns
        -------
        float
            NaN after a fault.
        """
        text = row[at]
        if not text and self.empty is not None:
            return self.empty
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if self.takes(value):
            return value
        shown = f"'{text[:40]}'" if text else "empty"
        message = f"{self.name} is {shown}, expected {self.expected(value)}"
        faults.add(row.file, row.line, message, self.cure(text), self.name)
        return math.nan

    def takes(self, value: float) -> bool:
        """Whether a value is allowed; NaN never is."""
        low = self.low < value if self.above else self.low <= value
        return low and value <= self.high and (not self.integer or value.is_integer())

    def cure(self, text: str) -> str:
        """Say how to mend a cell."""
        if _SEPARATED.fullmatch(text):
            return "Write it without thousands separators, such as 22849"
        if re.fullmatch(r"-?\d+,\d+", text):
            return "Write it with a decimal point, such as 12.5"
        return "Fill the cell" if not text else "Mend the number"


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_SEPARATED = re.compile(r"-?\d{1,3}([,. '’]\d{3})+")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_date(row: Row, at: int, faults: Collector) -> date | None:
    """Return the date in a cell.

    Parameters
    ----------
    row
        The row.
    at
        The column, from 0.
    faults
        Where faults are noted.

    Returns
    -------
    datetime.date or None
        None after a fault.
    """
    parts = _DATE.fullmatch(row[at])
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    message = f"'{row[at][:40]}' is not a date"
    cure = "Write dates as year-month-day, such as 2015-05-01"
    faults.add(row.file, row.line, message, cure, "dates")
    return None
