"""Tables of a year with a column for each month, under a header of one or several rows."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.faults import Collector, plain
from rumbo.updating.counted import FileCounts, calendar_month, summed
from rumbo.updating.forms import LEFT_OUT, WHOLE, AgencyForm, Labels
from rumbo.updating.recognise import Recognised, cells_beside
from rumbo.updating.values import (
    Texts,
    blank_or_count,
    check_expected,
    ids_of,
    labels_in,
    month_of,
    parse,
)

Counts = NDArray[np.float64]
"""Counts by month and row of the table."""


def read_across(found: Recognised, labels: Labels, faults: Collector) -> FileCounts | None:
    """Read a table of a year with a column for each month.

    Parameters
    ----------
    found
        The table.
    labels
        What labels mean.
    faults
        Where faults are noted.

    Returns
    -------
    FileCounts or None
        None after a fault. The last month is the last that holds anything.
    """
    form = found.form
    year, columns = _year(found, faults), _months(found, faults)
    if faults:
        return None
    texts = _texts(found, columns)
    over = [n for n in sorted(columns) if (texts.cells[_name(n)] != "").any()]
    if not len(texts.lines) or not over:
        line = found.sheet.lines[found.header]
        faults.add(found.file, line, "no month holds a count", "Save the whole file again")
        return None
    heading = form.of("nationality")
    ids = ids_of(texts, heading, form, labels, faults)
    check_expected(texts, ids, heading, form, labels, faults)
    months = list(range(1, over[-1] + 1))
    values = np.array([_counts(texts, n, faults) for n in months], dtype=float)
    if faults:
        return None
    _check_sums(texts, ids, values, faults)
    if not faults:
        _check_total(texts, form, values, faults)
    if faults:
        return None
    leaves = pd.DataFrame(list(_leaves(texts, form, ids, values, year)))
    return FileCounts(summed(leaves, form), labels_in(texts, form))


def _year(found: Recognised, faults: Collector) -> int:
    """Return the one year that the title names."""
    above = (cell for row in found.sheet.rows[: found.header + 1] for cell in row)
    years = sorted({one for cell in above for one in re.findall(r"\b(?:19|20)\d\d\b", cell)})
    if len(years) == 1:
        return int(years[0])
    message = "the title names no year, expected the one year of the table"
    if years:
        message = f"the title names {', '.join(years)}, expected the one year of the table"
    line = found.sheet.lines[found.header]
    faults.add(found.file, line, message, "Write the year above the table")
    return 0


def _months(found: Recognised, faults: Collector) -> dict[int, int]:
    """Return the column of each month, from the first on without a gap."""
    header = found.sheet.rows[found.header]
    columns: dict[int, int] = {}
    for at, cell in enumerate(header):
        columns.setdefault(month_of(cell), at)
    columns.pop(0, None)
    lacking = [str(n) for n in range(1, max(columns) + 1) if n not in columns]
    if lacking:
        message = f"the header has no column for the months {', '.join(lacking)}"
        cure = "Undo merged cells, so that each month has its own heading"
        faults.add(found.file, found.sheet.lines[found.header], message, cure)
    return columns


def _texts(found: Recognised, columns: dict[int, int]) -> Texts:
    """Return the rows of the table: those with a count, each under its label."""
    wanted = {plain(one.text): one.text for one in found.form.headings if one.means != "title"}
    named = {
        plain(cell): at
        for at, cell in cells_beside(found.sheet, found.header)
        if plain(cell) in wanted
    } | {_name(n): at for n, at in columns.items()}
    label = plain(found.form.of("nationality"))
    rows, lines = [], []
    below = range(found.header + 1, len(found.sheet.rows))
    for number in below:
        cells = {name: _cell(found.sheet.rows[number], at) for name, at in named.items()}
        if cells[label] and any(cells[_name(n)] for n in columns):
            rows.append(cells)
            lines.append(found.sheet.lines[number])
    frame = pd.DataFrame(rows, columns=list(named), dtype=str)
    return Texts(found.file, frame, np.array(lines, dtype=np.int64))


def _name(month: int) -> str:
    return f"month-{month}"


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _counts(texts: Texts, month: int, faults: Collector) -> list[float]:
    empty = texts.cells[_name(month)] == ""
    if empty.any():
        more = f" (and {int(empty.sum()) - 1} more rows)" if empty.sum() > 1 else ""
        message = f"the month {month} is empty, though it or a later month is counted"
        cure = "Fill the cell, with - for none"
        faults.add(texts.file, int(texts.lines[int(np.argmax(empty))]), message + more, cure)
        return [0.0] * len(texts.lines)
    found = parse(texts, _name(month), blank_or_count, faults)
    return [one or 0.0 for one in found]


def _check_sums(
    texts: Texts,
    ids: Sequence[str | None],
    values: Counts,
    faults: Collector,
) -> None:
    """Note months whose parts do not sum to the total that stands in a row of its own."""
    whole = [n for n, one in enumerate(ids) if one == WHOLE]
    parts = [n for n, one in enumerate(ids) if one not in (WHOLE, LEFT_OUT)]
    for at in whole:
        sums = values[:, parts].sum(axis=1)
        wrong = np.flatnonzero(sums != values[:, at])
        if len(wrong):
            month = int(wrong[0])
            message = (
                f"the total of month {month + 1} is {values[month, at]:.0f}, "
                f"but its parts sum to {sums[month]:.0f}"
            )
            cure = "Save the whole file again, or give labels of subtotals the id - in labels.csv"
            faults.add(texts.file, int(texts.lines[at]), message, cure)
            return


def _check_total(texts: Texts, form: AgencyForm, values: Counts, faults: Collector) -> None:
    """Note rows whose months do not sum to the total at their end."""
    heading = form.of("total")
    if not heading or plain(heading) not in texts.cells:
        return
    totals = parse(texts, heading, blank_or_count, faults)
    sums = values.sum(axis=0)
    for line, total, sum_ in zip(texts.lines.tolist(), totals, sums.tolist(), strict=True):
        if total is not None and total not in (0.0, sum_):
            message = f"{heading} is {total:.0f}, but the months sum to {sum_:.0f}"
            faults.add(texts.file, line, message, "Save the whole file again from its source")
            return


def _leaves(
    texts: Texts,
    form: AgencyForm,
    ids: Sequence[str | None],
    values: Counts,
    year: int,
) -> Iterator[dict[str, object]]:
    for at, id in enumerate(ids):
        if id in (WHOLE, LEFT_OUT):
            continue
        for month, value in enumerate(values[:, at].tolist(), 1):
            yield {
                "month": calendar_month(year, month, form),
                "component": form.component,
                "area": WHOLE,
                "nationality": id,
                "value": value,
                "row": int(texts.lines[at]),
            }
