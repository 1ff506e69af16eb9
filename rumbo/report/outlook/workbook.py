"""The workbook of an outlook in one language: how to read it, the months ahead, what came."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from rumbo.files.atomic import write_whole
from rumbo.files.inert import inert
from rumbo.report.corridor.statements import FEW_MEMBERS
from rumbo.report.outlook.after import share_text
from rumbo.report.outlook.first import answer, beds_short, drivers, question
from rumbo.report.outlook.limits import LIMITS, command_of
from rumbo.report.outlook.months import beside, branch_topic, who_speaks
from rumbo.report.page.parts import Row
from rumbo.report.page.words import SMALL, rounded
from rumbo.report.read.outlook import ENDS, MIXED, OutlookTable, open_outlook

CREATED = datetime(2000, 1, 1)
"""Date written into the file, so that equal outlooks give equal bytes."""

PLAIN = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
"""Text such as ``=1`` stays text."""

WIDE, NARROW = 38, 13
"""Widths of columns of words and of numbers."""

FITTED = "fit"
"""Kind of the months of the fit."""

KINDS = {
    FITTED: "outlook.months.fit",
    "nowcast": "outlook.months.nowcast",
    "ahead": "outlook.months.ahead",
}
"""Keys of what months are."""

Cells = Sequence[Any]


def write_outlook_workbook(
    about: str | os.PathLike[str], to: str | os.PathLike[str], language: str = "en"
) -> Path:
    """Write an outlook as a workbook.

    Parameters
    ----------
    about
        The file ``outlook-DAY-PLACE.json`` that ``rumbo outlook`` wrote; its tables lie beside it.
    to
        The file to write; an older one is replaced only when the new one is complete.
    language
        ``en`` or ``es``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If a file is missing, cannot be read or lacks something; then nothing is written.
    ValueError
        If the language is unknown.
    """
    import xlsxwriter

    told, path, buffer = open_outlook(Path(about), language), Path(to), BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as file:
        file.set_properties({"title": question(told), "created": CREATED})
        _add_words(file, told)
        fitted = told.ranges["kind"] == FITTED
        _add(file, told, "outlook.sheet.ahead", AHEAD, _ranges(told, told.ranges[~fitted]))
        _add(file, told, "outlook.sheet.came", CAME, _came(told))
        _add(file, told, "outlook.sheet.fit", AHEAD, _ranges(told, told.ranges[fitted]))
    write_whole(path, lambda part: part.write_bytes(buffer.getvalue()))
    return path


AHEAD = (
    "series",
    "outlook.head.where",
    "outlook.head.branch",
    "month",
    "outlook.head.kind",
    "outlook.head.low_90",
    "outlook.head.low_50",
    "outlook.head.middle",
    "outlook.head.high_50",
    "outlook.head.high_90",
    "outlook.head.who",
)
CAME = (
    "series",
    "outlook.head.where",
    "month",
    "outlook.came",
    "outlook.head.low",
    "outlook.head.high",
    "outlook.head.estimate",
)
WORDY = {"series", "outlook.head.where", "outlook.head.branch", "outlook.head.who"}


def _add_words(file: Any, told: OutlookTable) -> None:
    """Write the sheet that is read first: the answer, who speaks, and what it does not say."""
    sheet = file.add_worksheet(told.words("outlook.sheet.words"))
    sheet.set_column(0, 0, 110, file.add_format({"text_wrap": True, "valign": "top"}))
    for number, text in enumerate(_said(told)):
        sheet.write_string(number, 0, inert(text))


def _said(told: OutlookTable) -> Iterator[str]:
    words, main, members = told.words, answer(told), int(told.about["members"])
    yield from (question(told), main.sentence, main.who)
    if members < FEW_MEMBERS:
        yield words("outlook.few", count=members, enough=FEW_MEMBERS)
    yield from (one.who or one.sentence for one in beds_short(told))
    yield from (beside(told), drivers(told), words("outlook.how_to_read"))
    yield from filter(None, [share_text(told)])
    yield words("outlook.small", small=SMALL)
    yield from map(words, LIMITS)
    yield words("origin.command", command=command_of(told))


def _ranges(told: OutlookTable, ranges: pd.DataFrame) -> Iterator[Cells]:
    """Go through ranges: every series, place, branch and month."""
    words = told.words
    named = {str(one["branch"]): one for one in told.about["branches"]}
    for row in _place_first(ranges):
        branch = named.get(row["branch"], {"branch": MIXED})
        ends = [_number(row[end]) for end in ENDS]
        when = [row["month"].date(), words(KINDS[row["kind"]])]
        of = [*_what(told, row), branch_topic(told, branch)]
        yield [*of, *when, *ends, who_speaks(told, branch)]


def _came(told: OutlookTable) -> Iterator[Cells]:
    """Go through what was published after the day."""
    words = told.words
    for row in _place_first(told.came):
        numbers = [None if row[one] != row[one] else row[one] for one in ("came", "low", "high")]
        by = words("outlook.estimate" if row["estimate"] else "outlook.counted")
        yield [*_what(told, row), row["month"].date(), *numbers, by]


def _place_first(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a table: first those of the place, then of the whole corridor."""
    rows: list[Row] = table.to_dict("records")
    return sorted(rows, key=lambda row: not row["place"])


def _what(told: OutlookTable, row: Row) -> list[str]:
    """Return what a series is called, and where it is of."""
    there = bool(row["place"])
    title = told.words("outlook.here") if there and row["series"] == "waiting" else None
    where = told.place_name if there else told.words("outlook.part.corridor")
    return [title or told.title(row["series"]), where]


def _number(value: float) -> float | str:
    """Return a simulated count to three digits; of a few people only that they are few."""
    shown = rounded(value)
    return f"<{SMALL}" if 0 < shown < SMALL else shown


def _add(
    file: Any, told: OutlookTable, label: str, columns: Sequence[str], rows: Iterator[Cells]
) -> None:
    """Write a table on a sheet of its own."""
    sheet = file.add_worksheet(told.words(label))
    bold = file.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    month, count = (file.add_format({"num_format": form}) for form in ("yyyy-mm", "#,##0"))
    sheet.freeze_panes(1, 0)
    for number, head in enumerate(told.words.heads(*columns)):
        sheet.set_column(number, number, WIDE if columns[number] in WORDY else NARROW)
        sheet.write_string(0, number, head, bold)
    last = 0
    for last, cells in enumerate(rows, start=1):
        for number, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(last, number, inert(cell))
            elif isinstance(cell, date):
                sheet.write_datetime(last, number, cell, month)
            elif cell is not None:
                sheet.write_number(last, number, cell, count)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
