"""The workbook of an export: a read-me, the ranges one line a month, sources and settings."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from errno import EIO
from io import BytesIO
from itertools import chain, islice
from math import isfinite, isnan
from pathlib import Path
from typing import Any

import numpy as np

from rumbo.export.series import QUANTILES, ExportTarget, QuantileBlock, ResultFacts, locations_of
from rumbo.export.words import read_me

Row = Sequence[Any]

ENDS = {
    "low_95": 0.025,
    "low_80": 0.1,
    "low_50": 0.25,
    "median": 0.5,
    "high_50": 0.75,
    "high_80": 0.9,
    "high_95": 0.975,
}
"""Columns of the ranges, and the quantiles they hold."""

COLUMNS = [QUANTILES.index(level) for level in ENDS.values()]

HEADER = ("scenario", "target", "location", "date", *ENDS, "suppressed")
TARGETS = ("target", "description", "unit", "what", "given by")
LOCATIONS = ("location", "kind", "name", "country")
SOURCES = ("source", "publisher", "title", "published", "address", "licence")
SETTINGS = (
    "parameter", "at", "group", "since", "until", "operation", "value", "low", "high", "unit",
    "lever", "source", "quality", "note",
)  # fmt: skip

CREATED = datetime(2000, 1, 1)
"""Date written into the file, so that equal results give equal bytes."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, the header among them."""


def ranges(block: QuantileBlock) -> QuantileBlock:
    """Return a block with only the quantiles that the workbook shows."""
    return block._replace(
        values=block.values[..., COLUMNS], suppressed=block.suppressed[..., COLUMNS]
    )


def write_workbook(
    path: Path,
    described: ResultFacts,
    targets: Sequence[ExportTarget],
    ranged: Sequence[QuantileBlock],
    scratch: Path,
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        The file to write.
    described
        What all targets share.
    targets
        What the blocks hold.
    ranged
        The ranges to show.
    scratch
        Folder for parts of the file while it is written.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    buffer = BytesIO()
    reason = _fault(buffer, described, targets, ranged, scratch)
    if reason is not None:
        raise OSError(reason, f"{path.name} cannot be written")
    path.write_bytes(buffer.getvalue())


def _fault(buffer: BytesIO, *content: Any) -> int | None:
    """Fill a file and return the number of the error that stopped it.

    The exception itself is let go: it would keep a half-written archive alive, which complains
    when it is dropped after the file under it.
    """
    from xlsxwriter.exceptions import FileCreateError

    try:
        _fill(buffer, *content)
    except FileCreateError as error:
        return getattr(error.args[0], "errno", None) or EIO
    except OSError as error:
        return error.errno or EIO
    return None


def _fill(
    buffer: BytesIO,
    described: ResultFacts,
    targets: Sequence[ExportTarget],
    ranged: Sequence[QuantileBlock],
    scratch: Path,
) -> None:
    import xlsxwriter

    # Rows go to disk as they come; text such as "=1" stays text; the finished file is small.
    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": str(described.about.get("title", "")), "created": CREATED})
        _add_read_me(book, described)
        _add_ranges(book, described, ranged)
        _add_about(book, described, targets, ranged)


def _add_read_me(book: Any, described: ResultFacts) -> None:
    sheet = _start(book, "read-me", ("about", "English", "Español"), (14, 70, 70))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for row, line in enumerate(read_me(described), start=1):
        sheet.write_row(row, 0, line, wrapped)


def _add_ranges(book: Any, described: ResultFacts, ranged: Sequence[QuantileBlock]) -> None:
    rows = (row for block in ranged for row in _rows(block, described))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, part in enumerate(_parts(rows, MOST_ROWS - 1), start=1):
        name = "ranges" if number == 1 else f"ranges {number}"
        sheet = _start(book, name, HEADER, (26, 24, 24, 12))
        last = 0
        for last, row in enumerate(part, start=1):
            _write(sheet, last, row, day)
        sheet.autofilter(0, 0, last, len(HEADER) - 1)


def _parts(rows: Iterator[Row], most: int) -> Iterator[Iterator[Row]]:
    """Cut rows into parts of at most so many; each must be used up before the next."""
    for first in rows:
        yield chain([first], islice(rows, most - 1))


def _rows(block: QuantileBlock, described: ResultFacts) -> Iterator[Row]:
    hidden = np.asarray(block.suppressed.any(axis=-1))
    for i, j, k in np.ndindex(hidden.shape):
        labels = described.scenarios[i], block.target, block.locations[j], described.ends[k]
        yield *labels, *block.values[i, j, k].tolist(), bool(hidden[i, j, k])


def _add_about(
    book: Any,
    described: ResultFacts,
    targets: Sequence[ExportTarget],
    ranged: Sequence[QuantileBlock],
) -> None:
    """Write what the targets and locations are, the sources and the settings."""
    _add_records(book, "targets", TARGETS, [_described(target) for target in targets])
    seen = dict.fromkeys((block.kind, name) for block in ranged for name in block.locations)
    places = [(name, kind, *described.names[kind, name]) for kind, name in seen]
    _add_records(book, "locations", LOCATIONS, places)
    for name, columns in (("sources", SOURCES), ("settings", SETTINGS)):
        records = described.background[name]
        _add_records(book, name, columns, [[r.get(c) for c in columns] for r in records])


def _described(target: ExportTarget) -> Row:
    given = ", ".join(locations_of(target))
    return target.name, target.description, target.unit, target.what, given


def _add_records(book: Any, name: str, columns: Sequence[str], records: Sequence[Row]) -> None:
    sheet = _start(book, name, columns, (24,) * len(columns))
    for row, record in enumerate(records, start=1):
        _write(sheet, row, record)
    sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)


def _start(book: Any, name: str, columns: Sequence[str], widths: Sequence[int]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    return sheet


def _write(sheet: Any, row: int, values: Row, day: Any = None) -> None:
    """Write a row; what is missing stays an empty cell, a number without end becomes text."""
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, float) and not isfinite(value):
            sheet.write(row, column, None if isnan(value) else str(value))
        else:
            sheet.write(row, column, value)
