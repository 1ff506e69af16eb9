"""Files with a row for each count, or for each incident."""

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, plain
from rumbo.scenario.arrays import Months
from rumbo.updating.counted import FileCounts, calendar_month, check_months, check_parts, summed
from rumbo.updating.forms import INCIDENTS, LEFT_OUT, TO_DATE, WHOLE, AgencyForm, Labels
from rumbo.updating.recognise import Recognised
from rumbo.updating.values import (
    Texts,
    blank_or_count,
    check_expected,
    count_of,
    ids_of,
    labels_in,
    month_told,
    parse,
    year_of,
)

NO_MONTH = np.datetime64("NaT", "ns")


def read_rows(found: Recognised, labels: Labels, faults: Collector) -> FileCounts | None:
    """Read a file with a row for each count.

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
        None after a fault.
    """
    form, whole = found.form, _texts(found, faults)
    if whole is None:
        return None
    texts = _kept(whole, form, labels, faults)
    if not faults:
        texts = _over(texts, form, labels, faults)
    if faults:
        return None
    _check_once(texts, form, faults)
    leaves = _leaves(texts, form, labels, faults)
    if faults or leaves is None:
        return None
    if form.layout != INCIDENTS:
        check_months(texts, leaves["month"], "the file", faults)
        check_parts(texts, leaves, faults)
    if faults:
        return None
    return FileCounts(summed(leaves, form), labels_in(texts, form), _unknown(found))


def _texts(found: Recognised, faults: Collector) -> Texts | None:
    sheet, at = found.sheet, found.header
    head = [plain(cell) for cell in sheet.rows[at]]
    twice = sorted({cell for cell in head if cell and head.count(cell) > 1})
    if twice:
        message = f"two columns are called '{sheet.rows[at][head.index(twice[0])]}'"
        faults.add(found.file, sheet.lines[at], message, "Remove or rename one")
        return None
    rows, lines = sheet.rows[at + 1 :], sheet.lines[at + 1 :]
    if not rows:
        message = "there is no row below the header"
        faults.add(found.file, sheet.lines[at], message, "Save the whole file again")
        return None
    width = len(head)
    if not sheet.name:  # a workbook pads its rows itself
        wrong = [n for n, row in enumerate(rows) if len(row) != width]
        if wrong:
            more = f" (and {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
            message = f"the row has {len(rows[wrong[0]])} cells, expected {width}"
            cure = "Save the whole file again, or put text that holds commas between double quotes"
            faults.add(found.file, lines[wrong[0]], message + more, cure)
            return None
    cells = [[*row, *[""] * (width - len(row))][:width] for row in rows]
    return Texts(found.file, pd.DataFrame(cells, columns=head, dtype=str), np.array(lines))


def _kept(texts: Texts, form: AgencyForm, labels: Labels, faults: Collector) -> Texts:
    """Return the rows that are counted at all."""
    for heading in (one.text for one in form.headings if one.means == "filter"):
        ids = ids_of(texts, heading, form, labels, faults)
        kept = np.array([id != LEFT_OUT for id in ids])
        if not kept.any():
            held = ", ".join(sorted(set(texts.cells[plain(heading)]))[:4])
            message = f"{heading} is never one that is counted here; it is {held}"
            faults.add(texts.file, 0, message, "Save the file with every row")
        if faults:
            return texts
        texts = texts.where(kept)
    return texts


def _over(texts: Texts, form: AgencyForm, labels: Labels, faults: Collector) -> Texts:
    """Return the rows of months that are over; those to come must hold nothing."""
    heading = form.of("grouping")
    if not heading:
        return texts
    grouping = np.array(ids_of(texts, heading, form, labels, faults), dtype=object)
    months = _months(texts, form, faults)
    if faults:
        return texts
    years = np.array(parse(texts, form.of("year"), year_of, faults))
    running = years == years.max()
    begun = running & (grouping == TO_DATE)
    if not begun.any():
        message = f"{heading} has no month that is over in {years.max()}, the last year"
        faults.add(texts.file, 0, message, "Save the whole file again from its source")
        return texts
    to_come = months > months[begun].max()
    ahead = texts.where(to_come)
    counts = np.array(parse(ahead, form.of("count"), blank_or_count, faults), dtype=float)
    if (counts > 0).any():
        row = int(ahead.lines[np.argmax(counts > 0)])
        message = f"a month to come has the count {counts.max():g}, expected nothing"
        cure = f"Save the file again; {heading} should say that the month is over"
        faults.add(texts.file, row, message, cure)
    return texts.where(~to_come)


def _months(texts: Texts, form: AgencyForm, faults: Collector) -> Months:
    years = parse(texts, form.of("year"), year_of, faults)
    numbers = parse(texts, form.of("month"), month_told, faults)
    pairs = [
        NO_MONTH
        if year is None or number is None
        else calendar_month(year, number, form).to_datetime64()
        for year, number in zip(years, numbers, strict=True)
    ]
    return np.array(pairs, dtype="datetime64[ns]")


def _check_once(texts: Texts, form: AgencyForm, faults: Collector) -> None:
    """Note two counts of the same: of incidents, two with one id."""
    count = form.of("count")
    names = [name for name in texts.cells if name != plain(count)]
    if form.layout == INCIDENTS:
        ids = (one.text for one in form.headings if one.means == "id")
        names = [plain(one) for one in ids if plain(one) in texts.cells]
        names = [one for one in names if (texts.cells[one] != "").all()]
    again = texts.cells.duplicated(names).to_numpy() if names else np.zeros(1, dtype=bool)
    if again.any():
        at = int(np.argmax(again))
        same = (texts.cells[names] == texts.cells[names].iloc[at]).all(axis=1).to_numpy()
        first, more = int(texts.lines[np.argmax(same)]), int(again.sum()) - 1
        others = f" (and {more} more rows)" if more else ""
        message = f"the row counts the same as row {first}, expected each once"
        faults.add(texts.file, int(texts.lines[at]), message + others, "Remove one of the two rows")


def _leaves(
    texts: Texts, form: AgencyForm, labels: Labels, faults: Collector
) -> pd.DataFrame | None:
    table: dict[str, object] = {
        "month": pd.Series(_months(texts, form, faults)),
        "value": parse(texts, form.of("count"), count_of, faults),
        "row": texts.lines,
    }
    for means, otherwise in (
        ("component", form.component),
        ("area", WHOLE),
        ("nationality", WHOLE),
    ):
        heading = form.of(means)
        if heading:
            ids = ids_of(texts, heading, form, labels, faults)
            check_expected(texts, ids, heading, form, labels, faults)
            table[means] = ids
        else:
            table[means] = [otherwise] * len(texts.lines)
    if faults:
        return None
    leaves = pd.DataFrame(table)
    kept = (leaves[["component", "area", "nationality"]] != LEFT_OUT).all(axis=1)
    return leaves[kept].astype({"value": np.float64})


def _unknown(found: Recognised) -> tuple[str, ...]:
    cells = found.sheet.rows[found.header]
    names = [cell for cell in cells if cell and found.form.meaning(cell) is None]
    if not names or found.form.layout == INCIDENTS:  # told at length, of which little is counted
        return ()
    return (f"Columns that the form does not know, summed over: {', '.join(names)}",)
