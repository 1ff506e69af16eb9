"""The workbooks of an export, one in each language: ranges, differences, observed, sources."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from errno import EIO
from io import BytesIO
from itertools import chain, islice
from math import isfinite, isnan
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rumbo.exporting.differences import DifferenceBlock, speakers
from rumbo.exporting.names import LANGUAGES, Both, said
from rumbo.exporting.series import COLUMNS, ENDS, QuantileBlock, ResultFacts
from rumbo.exporting.words import read_me
from rumbo.files.inert import inert

Row = Sequence[Any]
Say = Callable[[Both], str]
"""Picks the text of a workbook's language."""

_WHERE = ("scenario", "quantity", "unit", "kind", "name")
RANGES = (*_WHERE, "date", *ENDS, "suppressed", "target", "location")
_SIGNS = ("share_more", "share_fewer", "who_speaks")
_PAIR = ("scenario", "compared_with", *_WHERE[1:])
DIFFERENCES = (*_PAIR, "date", *ENDS, "suppressed", *_SIGNS, "target", "location")
OBSERVED = (
    "quantity name date value low high unit publisher published quality source measure "
    "component area nationality month month_end"
).split()
TARGETS = ("target", "quantity", "unit", "what", "given_by")
LOCATIONS = ("location", "kind", "name", "country")
SOURCES = ("source", "publisher", "title", "published", "address", "licence")
SETTINGS = (
    "parameter at group since until operation value low high unit lever source quality note"
).split()

WIDTHS = dict.fromkeys(("who_speaks", "title", "address", "note"), 60) | dict.fromkeys(
    ("scenario", "compared_with", "quantity", "publisher", "what", "name"), 34
)
"""Widths of columns that are not as wide as most."""

WIDTH = 13
"""Width of most columns: a date, a number of eight digits, or the words of a heading."""

CREATED = datetime(2000, 1, 1)
"""Date written into the file, so that equal results give equal bytes."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, the header among them."""


class WorkbookContent(NamedTuple):
    """What workbooks are made of."""

    facts: ResultFacts
    blocks: Sequence[QuantileBlock]
    differences: Sequence[DifferenceBlock]
    observed: pd.DataFrame


def write_workbook(path: Path, content: WorkbookContent, language: str, scratch: Path) -> None:
    """Write the workbook of one language.

    Parameters
    ----------
    path
        The file to write.
    content
        What it holds.
    language
        ``en`` or ``es``.
    scratch
        Folder for parts of the file while it is written.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    buffer = BytesIO()
    number = LANGUAGES.index(language)
    reason = _fault(buffer, content, lambda both: both[number], scratch)
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


def _fill(buffer: BytesIO, content: WorkbookContent, say: Say, scratch: Path) -> None:
    import xlsxwriter

    # Rows go to disk as they come; text such as "=1" stays text; the finished file is small.
    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as file:
        title = str(content.facts.about.get("title", ""))
        file.set_properties({"title": title, "created": CREATED})
        book = _Book(file, say)
        book.add_read_me(content.facts)
        book.add("ranges", RANGES, _ranges(content, say))
        if content.differences:
            book.add("differences", DIFFERENCES, _differences(content, say))
        book.add("observed", OBSERVED, _observed(content, say))
        book.add("targets", TARGETS, _targets(content, say))
        book.add("locations", LOCATIONS, _locations(content, say))
        for name, columns in (("sources", SOURCES), ("settings", SETTINGS)):
            records = content.facts.background[name]
            book.add(name, columns, ([r.get(c) for c in columns] for r in records))


COLUMN = re.compile(r"\b(?:(?:low|high)_\d\d|suppressed|scenario_id|compared_with|who_speaks)\b")
"""Columns of the tables as texts name them."""


class _Book:
    """A workbook in one language."""

    def __init__(self, file: Any, say: Say) -> None:
        self._file, self._say = file, say
        self._bold = file.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day = file.add_format({"num_format": "yyyy-mm-dd"})
        self._count = file.add_format({"num_format": "#,##0"})

    def add_read_me(self, facts: ResultFacts) -> None:
        """Write the sheet that says how to read the others, in both languages."""
        sheet = self._file.add_worksheet(self._say(said("sheet.read_me")))
        wrapped = self._file.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate((14, 70, 70)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        about = self._say(said("head.about"))
        for column, text in enumerate((about, "English", "Español")):
            sheet.write_string(0, column, text, self._bold)
        for row, line in enumerate(read_me(facts), start=1):
            for column, text in enumerate(line):
                sheet.write_string(row, column, inert(COLUMN.sub(self._headed, text)), wrapped)

    def _headed(self, named: re.Match[str]) -> str:
        """Return a column of the tables by the heading that it has in this workbook."""
        name = named[0].removesuffix("_id")
        return f"\u201c{self._say(said(f'head.{name}'))}\u201d"

    def add(self, name: str, columns: Sequence[str], rows: Iterator[Row]) -> None:
        """Write a table, on as many sheets as it needs."""
        label, empty = self._say(said(f"sheet.{name}")), True
        for number, part in enumerate(_parts(rows, MOST_ROWS - 1), start=1):
            self._sheet(label if number == 1 else f"{label} {number}", columns, part)
            empty = False
        if empty:
            self._sheet(label, columns, iter(()))

    def _sheet(self, label: str, columns: Sequence[str], rows: Iterator[Row]) -> None:
        sheet = self._file.add_worksheet(label)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.set_column(column, column, WIDTHS.get(name, WIDTH))
            sheet.write_string(0, column, self._say(said(f"head.{name}")), self._bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            self._write(sheet, last, row)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)

    def _write(self, sheet: Any, row: int, values: Row) -> None:
        """Write a row; what is missing stays an empty cell, a number without end becomes text."""
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, inert(value))
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, self._day)
            elif value is None or isnan(value):
                continue
            elif not isfinite(value):
                sheet.write_string(row, column, str(value))
            else:
                large = isinstance(value, float) and abs(value) >= 1000
                sheet.write_number(row, column, value, self._count if large else None)


def _parts(rows: Iterator[Row], most: int) -> Iterator[Iterator[Row]]:
    """Cut rows into parts of at most so many; each must be used up before the next."""
    for first in rows:
        yield chain([first], islice(rows, most - 1))


def _where(block: QuantileBlock | DifferenceBlock, place: int, say: Say) -> list[str]:
    """Return quantity, unit, kind of location and location in words."""
    target, location = block.target, block.locations[place]
    unit = say(said(f"unit.{target.unit}", target.unit))
    return [say(target.title), unit, say(said(f"kind.{target.kind}")), say(location.name)]


def _ranges(content: WorkbookContent, say: Say) -> Iterator[Row]:
    facts, yes = content.facts, say(said("yes"))
    titles = [say(facts.names.scenario(name)) for name in facts.scenarios]
    for block in content.blocks:
        values = block.values[..., COLUMNS]
        hidden = np.asarray(block.suppressed[..., COLUMNS].any(axis=-1))
        for place, location in enumerate(block.locations):
            words = _where(block, place, say)
            for i, title in enumerate(titles):
                for k, day in enumerate(facts.ends):
                    mark = yes if hidden[i, place, k] else None
                    ends = values[i, place, k].tolist()
                    yield title, *words, day, *ends, mark, block.target.name, location.id


def _differences(content: WorkbookContent, say: Say) -> Iterator[Row]:
    facts, yes = content.facts, say(said("yes"))
    titles = [say(facts.names.scenario(name)) for name in facts.scenarios]
    who = [say(one.text) for one in speakers(facts)]
    periods = [say(said("period")), *facts.ends]
    for block in content.differences:
        hidden = np.asarray(block.suppressed.any(axis=-1))
        for place, location in enumerate(block.locations):
            words = _where(block, place, say)
            for i, one in enumerate(block.compared):
                pair = titles[one.having], titles[one.lacking]
                for k, period in enumerate(periods):
                    at = i, place, k - 1  # the last of the block is the whole run
                    mark = yes if hidden[at] else None
                    signs = (round(float(share[at]), 3) for share in (block.more, block.fewer))
                    ends, named = block.values[at].tolist(), (block.target.name, location.id)
                    yield *pair, *words, period, *ends, mark, *signs, who[i], *named


def _observed(content: WorkbookContent, say: Say) -> Iterator[Row]:
    blocks = {block.target.name: block for block in content.blocks}
    places = {
        (name, one.id): say(one.name) for name, block in blocks.items() for one in block.locations
    }
    for row in content.observed.to_dict("records"):
        block = blocks.get(row["target"])
        told = row | {
            "quantity": say(block.target.title) if block else "",
            "name": places.get((row["target"], row["location"]), ""),
            "quality": say(said(f"quality.{row['quality']}", str(row["quality"]))),
            "unit": say(said(f"unit.{row['unit']}", str(row["unit"]))),
            "date": date.fromisoformat(row["date"]) if row["date"] else None,
        }
        yield [None if told[column] == "" else told[column] for column in OBSERVED]


def _targets(content: WorkbookContent, say: Say) -> Iterator[Row]:
    for target in (block.target for block in content.blocks):
        words = said(f"unit.{target.unit}", target.unit), said(f"what.{target.what}")
        given = said(f"kind.{target.kind}")
        yield target.name, say(target.title), *map(say, words), say(given)


def _locations(content: WorkbookContent, say: Say) -> Iterator[Row]:
    seen = dict.fromkeys(place for block in content.blocks for place in block.locations)
    for one in seen:
        yield one.id, say(said(f"kind.{one.kind}")), say(one.name), one.country
