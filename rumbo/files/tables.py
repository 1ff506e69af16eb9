"""Tables of text read from CSV files, with every fault of form found at once."""

import csv
import io
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.cells import Column, Index, parse_column
from rumbo.files.faults import Collector, choose

LARGEST = 200_000_000
"""Bytes beyond which a file is refused unread."""


@dataclass(frozen=True)
class CsvTable:
    """A file's rows.

    Attributes
    ----------
    file
        Name of the file.
    frame
        Values: text, floats (NaN where empty), days or first days of months (NaT where empty).
    row
        Line in the file of each row; shape (n,).
    """

    file: str
    frame: pd.DataFrame
    row: Index


def read_text(path: Path, faults: Collector) -> str | None:
    """Read a whole file as UTF-8 text, or note why that cannot be done.

    Parameters
    ----------
    path
        The file.
    faults
        Where faults are noted.

    Returns
    -------
    str or None
        The text without a byte-order mark; None after a fault.
    """
    raw = read_bytes(path, faults)
    return None if raw is None else _decode(path.name, raw, faults)


def read_bytes(path: Path, faults: Collector) -> bytes | None:
    """Read a whole file, or note why that cannot be done.

    Parameters
    ----------
    path
        The file.
    faults
        Where faults are noted.

    Returns
    -------
    bytes or None
        None after a fault.
    """
    name = path.name
    try:
        about = path.stat()
        # A pipe would be waited for, a device read until memory is gone.
        if not stat.S_ISREG(about.st_mode):
            faults.add(name, 0, "this is no plain file", f"Put a plain file {name} there")
            return None
        size = about.st_size
        if size > LARGEST:
            most = LARGEST // 1_000_000
            message = f"the file has {size / 1e6:,.0f} MB, expected at most {most} MB"
            cure = "Sum the rows by month, place and group, or split the corridor"
            faults.add(name, 0, message, cure)
            return None
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        faults.add(name, 0, f"the file cannot be read ({reason})", f"Put a file {name} there")
        return None
    return raw


def _decode(name: str, raw: bytes, faults: Collector) -> str | None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        faults.add(name, row, "the text is not UTF-8", "Save the file again with encoding UTF-8")
        return None
    strange = re.search("[\x00-\x08\x0e-\x1f]", text)
    if strange:
        row = text.count("\n", 0, strange.start()) + 1
        message = "the file holds control characters, expected plain text"
        faults.add(name, row, message, "Save the file again as CSV with encoding UTF-8")
        return None
    if not text.strip():
        faults.add(name, 0, "the file is empty, expected a header and rows", "Fill or remove it")
        return None
    return text


def left_out(path: Path) -> bool:
    """Whether there is no such file; a link that leads nowhere is one that cannot be read."""
    return not path.exists() and not path.is_symlink()


def read_table(
    path: Path,
    columns: Sequence[Column],
    faults: Collector,
    warnings: Collector | None = None,
) -> CsvTable | None:
    """Read a CSV file and check the form of every cell.

    Parameters
    ----------
    path
        The file.
    columns
        What the columns may hold.
    faults
        Where faults are noted.
    warnings
        Where is noted what is dubious; nowhere if None.

    Returns
    -------
    CsvTable or None
        The table; cells at fault are NaN, NaT or their text. None if there is no table to speak of.
    """
    text = read_text(path, faults)
    if text is None or not begins_with_table(path.name, text, faults):
        return None
    split = _split(path.name, text, faults)
    if split is None:
        return None
    header, rows, lines = split
    if not _header_fits(path.name, header, columns, faults):
        return None
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    held = dict(zip(header, cells, strict=True))
    blank = ("",) * len(rows)
    line = np.array(lines, dtype=np.int64)
    parsed = {
        c.name: parse_column(path.name, c, held.get(c.name, blank), line, faults, warnings)
        for c in columns
    }
    return CsvTable(path.name, pd.DataFrame(parsed), line)


def empty_table(file: str, columns: Sequence[Column]) -> CsvTable:
    """Return a table without rows, for a file that may be left out."""
    nothing = np.empty(0, dtype=np.int64)
    faults = Collector()
    parsed = {c.name: parse_column(file, c, (), nothing, faults) for c in columns}
    return CsvTable(file, pd.DataFrame(parsed), nothing)


def begins_with_table(name: str, text: str, faults: Collector) -> bool:
    """Note a first line such as ``sep=,``, which is a word to a spreadsheet.

    Parameters
    ----------
    name
        Name of the file.
    text
        Its text.
    faults
        Where the fault is noted.

    Returns
    -------
    bool
        Whether the text begins with a row of the table.
    """
    sign = re.match(r"""["']?sep=[^\r\n]{0,3}""", text, re.IGNORECASE)
    if sign:
        message = f"the first line '{sign[0].strip()}' is for a spreadsheet, expected the header"
        faults.add(name, 1, message, "Remove this line")
    return sign is None


def _split(
    name: str, text: str, faults: Collector
) -> tuple[list[str], list[list[str]], list[int]] | None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(name, line, f"the row cannot be split ({error})", "Mend the quotes in this row")
        return None
    if len(rows) > 1 and _tagged(rows[1]):
        message = f"the row holds HXL tags such as {rows[1][0].strip()}, expected data"
        faults.add(name, lines[1], message, "Remove this row")
        del rows[1], lines[1]
    width = len(rows[0])
    bad = [i for i, row in enumerate(rows) if len(row) != width]
    for i in bad:
        message = f"the row has {len(rows[i])} cells, expected {width}"
        cure = "Put text that holds commas between double quotes"
        faults.add(name, lines[i], message, cure, "cells per row")
    for i in reversed(bad):
        del rows[i], lines[i]
    return [cell.strip() for cell in rows[0]], rows[1:], lines[1:]


def _tagged(row: Sequence[str]) -> bool:
    """Whether a row names its columns once more, by tags such as ``#date+start``."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and all(re.fullmatch(r"#[a-z][\w ]*(\+[\w +]*)?", c) for c in filled)


def _header_fits(
    name: str, header: list[str], columns: Sequence[Column], faults: Collector
) -> bool:
    known = [column.name for column in columns]
    if len(header) == 1 and ";" in header[0]:
        message = "cells are separated by semicolons, expected commas"
        faults.add(name, 1, message, "Save the file again as CSV separated by commas")
        return False
    good = True
    if header.count(""):
        blank = header.count("")
        many = f"{blank} columns have" if blank > 1 else "a column has"
        cure = "Delete the columns beside the table, or give them headings"
        faults.add(name, 1, f"{many} no heading", cure)
        good = False
    for heading in filter(None, dict.fromkeys(header)):
        if header.count(heading) > 1:
            faults.add(name, 1, f"two columns are called '{heading}'", "Remove or rename one")
            good = False
        if heading not in known:
            missing = [n for n in known if n not in header]
            other = f"{choose(heading, missing)}, or remove the column" if missing else ""
            faults.add(name, 1, f"unknown column '{heading}'", other or "Remove the column")
    for column in columns:
        if column.needed and column.name not in header:
            message = f"column '{column.name}' is missing"
            cure = f"Add the column '{column.name}' to the header and to every row"
            faults.add(name, 1, message, cure)
            good = False
    return good
