"""Tables of a corridor's folder rewritten cell by cell, all files or none."""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rumbo.files.atomic import write_text
from rumbo.files.faults import Collector, Faults
from rumbo.files.tables import read_text

Row = dict[str, str]

Change = Callable[[str, Row], Row]
"""Given a file's name and a row by heading: the row as it is to be, under its new headings."""


def tables_of(folder: Path) -> dict[str, str]:
    """Return the text of every table of a folder, by file.

    Raises
    ------
    Faults
        If one cannot be read as text.
    """
    faults = Collector()
    texts = {path.name: read_text(path, faults) for path in sorted(folder.glob("*.csv"))}
    if faults:
        raise Faults(faults.faults)
    return {name: text for name, text in texts.items() if text is not None}


def rows_of(text: str) -> list[Row]:
    """Return the rows of a table by heading; cells that a row lacks are empty."""
    return [
        {head: cell or "" for head, cell in row.items() if head is not None}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def rewritten(texts: Mapping[str, str], change: Change) -> dict[str, str]:
    """Return the tables that a change makes other than they are, by file.

    Parameters
    ----------
    texts
        Text of each table.
    change
        What becomes of each row.

    Returns
    -------
    dict of str to str
    """
    found = {name: _table(name, text, change) for name, text in texts.items()}
    return {name: text for name, text in found.items() if text is not None}


def _table(name: str, text: str, change: Change) -> str | None:
    before = rows_of(text)
    after = [change(name, dict(row)) for row in before]
    if after == before:
        return None
    return as_csv(after, "\r\n" if "\r\n" in text else "\n")


def as_csv(rows: list[Row], newline: str = "\n") -> str:
    """Return rows as the text of a table."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def replace_files(
    folder: Path, texts: Mapping[str, str], check: Callable[[Path], object] | None = None
) -> None:
    """Write files of a folder anew, once a copy with all of them has been checked.

    Parameters
    ----------
    folder
        The folder.
    texts
        Files by name.
    check
        Called with the copy; what it raises leaves the folder as it was.
    """
    if check is not None:
        with tempfile.TemporaryDirectory() as made:
            copy = Path(made) / folder.name
            shutil.copytree(folder, copy)
            for name, text in texts.items():
                (copy / name).write_text(text, encoding="utf-8", newline="")
            check(copy)
    for name, text in texts.items():
        write_text(folder / name, text)
