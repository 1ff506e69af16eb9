"""Which form a file is of: found by its header alone, never by its name."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rumbo.files.faults import Collector, plain
from rumbo.updating.forms import ACROSS, AgencyForm, FormHeading
from rumbo.updating.sheets import Grid
from rumbo.updating.values import month_of

FIRST_ROWS = 15
"""Rows among which a header is looked for: titles may stand above it."""

BESIDE = 3
"""Rows above a row of months in which a table may name its other columns."""

FEW_MONTHS = 3
"""Names of months that make a row a header of months, though some lie under merged cells."""


class Recognised(NamedTuple):
    """A table of a known form.

    Attributes
    ----------
    file
        Name of the file.
    form
        Its form.
    sheet
        Where it stands.
    header
        Number of its header among the sheet's rows.
    """

    file: str
    form: AgencyForm
    sheet: Grid
    header: int


class _Try(NamedTuple):
    """How well a row fits a form as its header: the share that is there, and what is lacking."""

    share: float
    needed: int
    found: Recognised
    lacking: tuple[str, ...]


def recognise(
    file: str, sheets: Sequence[Grid], forms: Sequence[AgencyForm], faults: Collector
) -> Recognised | None:
    """Find the table of a known form in a file.

    Parameters
    ----------
    file
        Name of the file, for faults.
    sheets
        What it holds.
    forms
        Forms that are known.
    faults
        Where is noted what is lacking.

    Returns
    -------
    Recognised or None
        The table; of several forms that fit, that which needs most. None after a fault.
    """
    tries = [
        _as_across(file, form, sheet, at)
        if form.layout == ACROSS
        else _as_rows(file, form, sheet, at)
        for sheet in sheets
        for form in forms
        for at in range(min(FIRST_ROWS, len(sheet.rows)))
    ]
    fits = [one for one in tries if not one.lacking]
    if fits:
        return max(fits, key=lambda one: one.needed).found
    nearest = max(tries, key=lambda one: one.share, default=None)
    if nearest is None or nearest.share < 0.5:
        head = ", ".join(sheets[0].rows[0][:4])
        names = ", ".join(form.id for form in forms) or "none"
        message = f"the header is of no known form ({names}); it begins: {head[:80]}"
        cure = "Save the file as it is published, or fill in what rumbo data template prints"
        faults.add(file, sheets[0].lines[0], message, cure)
        return None
    found = nearest.found
    lacking = ", ".join(f"'{one}'" for one in nearest.lacking)
    message = f"the header is nearest to that of {found.form.id}, but lacks {lacking}"
    cure = "Save the file as it is published, or describe its form in forms_columns.csv"
    faults.add(file, found.sheet.lines[found.header], message, cure)
    return None


def _as_rows(file: str, form: AgencyForm, sheet: Grid, at: int) -> _Try:
    needed = [one for one in form.headings if one.needed]
    there = set(map(plain, sheet.rows[at]))
    lacking = tuple(one.text for one in needed if plain(one.text) not in there)
    share = 1 - len(lacking) / len(needed)
    return _Try(share, len(needed), Recognised(file, form, sheet, at), lacking)


def _as_across(file: str, form: AgencyForm, sheet: Grid, at: int) -> _Try:
    needed = [one for one in form.headings if one.needed]
    lacking = [one.text for one in needed if not _stands(one, sheet, at)]
    if sum(month_of(cell) > 0 for cell in sheet.rows[at]) < FEW_MONTHS:
        lacking.append(f"months after '{form.of('nationality')}'")
    share = 1 - len(lacking) / (len(needed) + 1)
    return _Try(share, len(needed) + 1, Recognised(file, form, sheet, at), tuple(lacking))


def _stands(one: FormHeading, sheet: Grid, at: int) -> bool:
    """Whether words stand in a header of several rows, or those of a title above it."""
    if one.means == "title":
        above = (cell for row in sheet.rows[: at + 1] for cell in row)
        return any(plain(one.text) in plain(cell) for cell in above)
    return any(plain(one.text) == plain(cell) for _, cell in cells_beside(sheet, at))


def cells_beside(sheet: Grid, at: int) -> Iterator[tuple[int, str]]:
    """Go through the cells of a header of several rows, each with the number of its column."""
    for row in sheet.rows[max(at - BESIDE, 0) : at + 1]:
        yield from enumerate(row)
