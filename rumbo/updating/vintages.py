"""Files kept as they were published, in the corridor's folder."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rumbo.files.atomic import write_whole
from rumbo.updating.edition import Edition

VINTAGES = "vintages"
"""Folder in a corridor's folder: in it one for each source."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-([0-9a-f]{8})\.(?:csv|xlsx)")


class Vintage(NamedTuple):
    """A file that is kept.

    Attributes
    ----------
    path
        Where.
    published
        Day of its publication.
    digest
        First letters of the SHA-256 of its bytes.
    """

    path: Path
    published: date
    digest: str


def kept_in(folder: Path, source: str) -> list[Vintage]:
    """Return the files of a source that a corridor's folder keeps, in order of publication."""
    every = map(_vintage, (folder / VINTAGES / source).glob("*"))
    return sorted(filter(None, every), key=lambda one: (one.published, one.digest))


def _vintage(path: Path) -> Vintage | None:
    """Return a file as one that was kept; None if its name is of another form, or no day's."""
    name = _NAME.fullmatch(path.name)
    try:
        return Vintage(path, date.fromisoformat(name[1]), name[2]) if name else None
    except ValueError:
        return None


def same_as(edition: Edition, kept: list[Vintage]) -> Vintage | None:
    """Return the vintage that has an edition's very bytes; None if there is none."""
    mine = (one for one in kept if one.digest == edition.digest[: len(one.digest)])
    return next((one for one in mine if one.path.read_bytes() == edition.raw), None)


def place_of(folder: Path, edition: Edition, day: date) -> Path:
    """Return where an edition is to be kept."""
    name = f"{day}-{edition.digest[:8]}{edition.suffix}"
    return folder / VINTAGES / edition.source / name


def keep(path: Path, edition: Edition) -> None:
    """Keep an edition's file untouched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda unfinished: unfinished.write_bytes(edition.raw))


def drop(path: Path) -> None:
    """Take back what `keep` wrote, and folders that it leaves empty."""
    path.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder)
