"""Files as grids of text: comma-separated in any usual encoding, or a workbook."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from datetime import date
from typing import NamedTuple

from rumbo.files.faults import Collector
from rumbo.files.tables import LARGEST, begins_with_table

WORKBOOK, OLD_WORKBOOK, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
"""How files begin that are no text."""

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

DELIMITERS = ",;\t"


class Grid(NamedTuple):
    """A grid of text.

    Attributes
    ----------
    name
        Of a workbook's sheet; empty for a text file.
    rows
        Rows that hold anything, cells without blanks around them; of unlike lengths.
    lines
        Line in the file, or row of the sheet, of each.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]


def sheets_of(file: str, raw: bytes, faults: Collector) -> list[Grid]:
    """Return the sheets of a file; what it is, its bytes say and not its name.

    Parameters
    ----------
    file
        Name of the file, for faults.
    raw
        Its bytes.
    faults
        Where faults are noted.

    Returns
    -------
    list of Grid
        One for a text file; empty after a fault.
    """
    if raw.startswith(WORKBOOK):
        return _in_workbook(file, raw, faults)
    if raw.startswith(OLD_WORKBOOK):
        message = "this is a workbook of before 2007"
        faults.add(file, 0, message, "Save it as XLSX, or its table as CSV")
        return []
    if raw.startswith(PDF):
        cure = "Fill in what rumbo data template prints with its figures, and add that"
        faults.add(file, 0, "this is a PDF, from which no table is read", cure)
        return []
    text = _decoded(file, raw, faults)
    if text is None or not begins_with_table(file, text, faults):
        return []
    sheet = _split(file, text, faults)
    return [] if sheet is None else [sheet]


def _decoded(file: str, raw: bytes, faults: Collector) -> str | None:
    try:
        text = raw.decode("utf-16" if raw.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # of agencies' older files
    strange = re.search("[\x00-\x08\x0e-\x1f\x7f\ufffd]", text)
    if strange:
        row = text.count("\n", 0, strange.start()) + 1
        message = "the file holds control characters, expected a table as text or XLSX"
        faults.add(file, row, message, "Save it again as CSV with encoding UTF-8")
        return None
    if not text.strip():
        faults.add(file, 0, "the file is empty, expected a table", "Save it again from its source")
        return None
    return text


def _split(file: str, text: str, faults: Collector) -> Grid | None:
    lines = text.lstrip().splitlines()
    between = max(DELIMITERS, key=lambda one: max(line.count(one) for line in lines[:30]))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    sheet, line = Grid("", [], []), 1
    try:
        for row in reader:
            _keep(sheet, row, line)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(file, line, f"the row cannot be split ({error})", "Mend the quotes in this row")
        return None
    if not sheet.rows:
        faults.add(file, 0, "the file is empty, expected a table", "Save it again from its source")
        return None
    return sheet


def _keep(sheet: Grid, row: list[str], line: int) -> None:
    cells = [" ".join(cell.split()) for cell in row]
    if any(cells):
        sheet.rows.append(cells)
        sheet.lines.append(line)


def _sheets(packed: zipfile.ZipFile) -> list[str]:
    return [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]


def _sprawls(sheet: bytes) -> bool:
    """Whether a sheet is so wide and so long that a grid of all its cells takes up the memory."""
    wide, long = (re.search(rb' r="' + one, sheet) for one in (rb"[A-Z]{3}\d", rb"[A-Z]+\d{6}"))
    return bool(wide and long)


def _in_workbook(file: str, raw: bytes, faults: Collector) -> list[Grid]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ModuleNotFoundError:
        message = "reading a workbook needs a package that is not installed"
        cure = "Install it with: pip install 'rumbo[data]', or save the table as CSV"
        faults.add(file, 0, message, cure)
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST:
                message = f"the workbook unpacks to more than {LARGEST // 1_000_000} MB"
                faults.add(file, 0, message, "Save its table as CSV")
                return []
            if any(map(_sprawls, map(packed.read, _sheets(packed)))):
                message = "a cell far from the table makes the workbook too large"
                faults.add(file, 0, message, "Delete it, or save its table as CSV")
                return []
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        grids = {name: book.get_sheet_by_name(name).to_python(False) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
        message = "the workbook cannot be read"
        faults.add(file, 0, message, "Save it again as XLSX, or its table as CSV")
        return []
    sheets = [Grid(name, [], []) for name in grids]
    for sheet in sheets:
        for number, row in enumerate(grids[sheet.name], 1):
            _keep(sheet, [_text(cell) for cell in row], number)
    full = [sheet for sheet in sheets if sheet.rows]
    if not full:
        message = "the workbook is empty, expected a table"
        faults.add(file, 0, message, "Save it again from its source")
    return full


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
