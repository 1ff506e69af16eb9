"""Tables of a corridor's folder rewritten cell by cell, all files or none."""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from rumbo.files.atomic import write_text, write_whole
from rumbo.files.faults import Collector, Faults
from rumbo.files.tables import read_text

YAML = "corridor.yaml"

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
    return _texts(sorted(folder.glob("*.csv")))


def texts_of(folder: Path) -> dict[str, str]:
    """Return the text of every table of a folder and of its corridor.yaml, by file.

    Raises
    ------
    Faults
        If one cannot be read as text.
    """
    return _texts([*sorted(folder.glob("*.csv")), folder / YAML])


def _texts(paths: Iterable[Path]) -> dict[str, str]:
    faults = Collector()
    texts = {path.name: read_text(path, faults) for path in paths}
    if faults:
        raise Faults(faults.faults)
    return {name: text for name, text in texts.items() if text is not None}


def check_square(texts: Mapping[str, str]) -> None:
    """Refuse tables of which cells would be lost, being written again.

    Raises
    ------
    Faults
        If a table names a column twice, or a row has more cells than there are columns.
    """
    faults = Collector()
    for name, text in texts.items():
        if name != YAML:
            _check_square(name, csv.reader(io.StringIO(text, newline="")), faults)
    if faults:
        raise Faults(faults.faults)


def _check_square(name: str, rows: Iterator[list[str]], faults: Collector) -> None:
    head = next(rows)
    for column in sorted({one for one in head if head.count(one) > 1}):
        faults.add(name, 1, f"column '{column}' stands there twice", "Keep one of the two")
    for number, row in enumerate(rows, 2):
        if len(row) > len(head):
            message = f"{len(row)} cells, expected {len(head)}"
            cure = "Put text that holds commas between double quotes"
            faults.add(name, number, message, cure)


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

    Raises
    ------
    OSError
        If the disk refuses; then, as when it is stopped, all files are as they were. A disk that
        does not take them back either leaves each file whole, as it was or anew.
    """
    if check is not None:
        check_copy(folder, texts, check)
    before = {name: _bytes_of(folder / name) for name in texts}
    try:
        for name, text in texts.items():
            write_text(folder / name, text)
    except BaseException:  # stopped by hand, too
        _put_back(folder, before)
        raise


def check_copy(folder: Path, texts: Mapping[str, str], check: Callable[[Path], object]) -> None:
    """Check a copy of a folder with some files written anew; the folder stays as it is.

    Parameters
    ----------
    folder
        The folder.
    texts
        Files by name.
    check
        Called with the copy, which is gone afterwards.
    """
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / folder.resolve().name
        shutil.copytree(folder, copy)
        for name, text in texts.items():
            (copy / name).write_text(text, encoding="utf-8", newline="")
        check(copy)


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _put_back(folder: Path, before: Mapping[str, bytes | None]) -> None:
    """Let the files that were written anew be as they were; None is one that was not there."""
    for name, content in before.items():
        with suppress(OSError):  # told is what stopped the writer; others are still put back
            _put_one_back(folder / name, content)


def _put_one_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    elif _bytes_of(path) != content:
        write_whole(path, lambda unfinished: unfinished.write_bytes(content))
