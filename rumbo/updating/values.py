"""Cells of agencies' files turned into counts, months and ids; each kind of slip in one line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.cells import MOST_PERSONS
from rumbo.files.faults import Collector, plain
from rumbo.updating.forms import LABELLED, AgencyForm, Labels

T = TypeVar("T")

Lines = NDArray[np.int64]

MONTHS = (
    ("jan", "ene"),
    ("feb",),
    ("mar",),
    ("apr", "abr"),
    ("may",),
    ("jun",),
    ("jul",),
    ("aug", "ago"),
    ("sep", "set"),
    ("oct",),
    ("nov",),
    ("dec", "dic"),
)
"""How months begin, in English and Spanish."""


class WrongText(Exception):
    """A text that cannot be read.

    Parameters
    ----------
    message, cure
        As of a fault.
    """

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


@dataclass(frozen=True)
class Texts:
    """Cells of a file and the lines that they stand on.

    Attributes
    ----------
    file
        Its name.
    cells
        A column for each heading, spelt plainly.
    lines
        Line of each row; shape (n,).
    """

    file: str
    cells: pd.DataFrame
    lines: Lines

    def where(self, wanted: NDArray[np.bool_]) -> "Texts":
        """Return some of the rows."""
        return Texts(self.file, self.cells[wanted].reset_index(drop=True), self.lines[wanted])


def parse(
    texts: Texts,
    heading: str,
    read: Callable[[str], T],
    faults: Collector,
    *,
    each: bool = False,
) -> list[T | None]:
    """Read a column, each distinct text once.

    Parameters
    ----------
    texts
        The cells.
    heading
        Heading of the column.
    read
        Reads a text, or raises `WrongText`.
    faults
        Where the first wrong text is noted, with how many rows are wrong.
    each
        Whether every wrong text is noted instead.

    Returns
    -------
    list
        What each row holds; None where it cannot be read.
    """
    code, distinct = pd.factorize(texts.cells[plain(heading)])
    values: list[T | None] = []
    wrong: dict[int, WrongText] = {}
    for number, text in enumerate(distinct):
        try:
            values.append(read(str(text)))
        except WrongText as slip:
            values.append(None)
            wrong[number] = slip
    if wrong:
        _note(texts, heading, code, wrong, faults, each=each)
    return [values[one] for one in code]


def _note(
    texts: Texts,
    heading: str,
    code: NDArray[np.intp],
    wrong: dict[int, WrongText],
    faults: Collector,
    *,
    each: bool,
) -> None:
    for number, slip in wrong.items():
        same = code == number if each else np.isin(code, list(wrong))
        others = int(same.sum()) - 1
        more = f" (and {others} more rows)" if others else ""
        row = int(texts.lines[np.flatnonzero(same)[0]])
        faults.add(texts.file, row, f"{heading} {slip.message}{more}", slip.cure)
        if not each:
            return


def count_of(text: str) -> float:
    """Return a count: a whole number, thousands apart by commas or not at all.

    Raises
    ------
    WrongText
        If it is none.
    """
    if re.fullmatch("[0-9]+|[0-9]{1,3}(,[0-9]{3})+", text):
        count = float(text.replace(",", ""))
        if count > MOST_PERSONS:
            raise WrongText(f"is '{text[:40]}', expected 0 to {MOST_PERSONS:g}", "Mend the number")
        return count
    if not text:
        raise WrongText("is empty, expected a count", "Fill the cell, or save the file again")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text):
        cure = "Write thousands without a dot, such as 1240"
        raise WrongText(f"is '{text}', expected a whole number", cure)
    expected = "0 or more" if text.startswith("-") else "a whole number"
    raise WrongText(f"is '{text[:40]}', expected {expected}", "Mend the number")


def blank_or_count(text: str) -> float:
    """Return a count, 0 for a cell that is empty or holds a dash."""
    return 0.0 if text in ("", "-", "–") else count_of(text)


def year_of(text: str) -> int:
    """Return a year, such as that of ``2026 (FYTD)``.

    Raises
    ------
    WrongText
        If it is none.
    """
    found = re.fullmatch(r"(?:FY ?)?((?:19|20)[0-9]{2})(?: ?\(.*\))?", text)
    if found is None:
        raise WrongText(f"is '{text[:40]}', expected a year", "Write it as 2025")
    return int(found[1])


def month_of(text: str) -> int:
    """Return the number of a month by its name in English or Spanish; 0 if it is none."""
    words = re.fullmatch(r"([a-z]{3,10})\.?", plain(text))
    start = words[1][:3] if words else ""
    return next((n for n, names in enumerate(MONTHS, 1) if start in names), 0)


def month_told(text: str) -> int:
    """Return the number of a month, by name or number.

    Raises
    ------
    WrongText
        If it is none.
    """
    number = int(text) if re.fullmatch("[0-9]{1,2}", text) else month_of(text)
    if not 1 <= number <= 12:
        raise WrongText(f"is '{text[:40]}', expected a month", "Write it as JAN or as 1")
    return number


def ids_of(
    texts: Texts, heading: str, form: AgencyForm, labels: Labels, faults: Collector
) -> list[str | None]:
    """Return what the labels of a column mean, or note the row that labels.csv lacks.

    Parameters
    ----------
    texts
        The cells.
    heading
        Heading of the column.
    form, labels
        How labels are looked up.
    faults
        Where every unknown label is noted.

    Returns
    -------
    list of str
    """

    def read(text: str) -> str:
        found = labels.find(form.id, heading, text)
        if found is None:
            cure = f"Add the row {_row(heading, text)} to labels.csv, with its id, or - to leave it"
            raise WrongText(f"is '{text[:60]}', which labels.csv lacks", cure)
        return found

    return parse(texts, heading, read, faults, each=True)


def _row(heading: str, text: str) -> str:
    quoted = f'"{text}"' if "," in text else text
    return f"{heading},{quoted},ID,"


def labels_in(texts: Texts, form: AgencyForm) -> dict[str, tuple[str, ...]]:
    """Return the labels that each labelled column holds, as they are written."""
    named = (one.text for one in form.headings if one.means in LABELLED)
    there = (one for one in named if plain(one) in texts.cells)
    return {one: tuple(sorted(set(texts.cells[plain(one)]))) for one in there}


def check_expected(
    texts: Texts,
    ids: Sequence[str | None],
    heading: str,
    form: AgencyForm,
    labels: Labels,
    faults: Collector,
) -> None:
    """Note ids that a column should name and does not, where it takes any label."""
    lacking = sorted(labels.expected(form.id, heading) - {one for one in ids if one})
    if lacking:
        message = f"no {heading} means {', '.join(lacking)}"
        cure = "Save the whole file again, or add how it is written to labels.csv"
        faults.add(texts.file, 0, message, cure)
