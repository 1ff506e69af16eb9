"""An edition: a file of an agency, or a filled-in template, as figures of the corridor."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rumbo.files.faults import Collector, plain
from rumbo.files.tables import read_bytes
from rumbo.updating.across import read_across
from rumbo.updating.forms import ACROSS, AgencyForm, Forms, read_forms
from rumbo.updating.recognise import recognise
from rumbo.updating.rows import read_rows
from rumbo.updating.sheets import WORKBOOK, sheets_of
from rumbo.updating.template import TEMPLATE, is_template, read_template


@dataclass(frozen=True, eq=False)
class Edition:
    """What a file says, in the corridor's own words.

    Attributes
    ----------
    file
        Its name.
    raw
        Its bytes.
    form
        Its form; None for a filled-in template.
    figures
        Columns as in ``figures.csv`` without ``published``, ``month`` being its first day; and
        ``row``, the line of the file that is first of each.
    labels
        The labels that its labelled columns hold, by heading.
    notes
        What is worth saying of it.
    """

    file: str
    raw: bytes
    form: AgencyForm | None
    figures: pd.DataFrame
    labels: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]

    @property
    def source(self) -> str:
        """Id of its source, under which it is kept."""
        return self.form.source["source"] if self.form else TEMPLATE

    @property
    def suffix(self) -> str:
        """Ending of the name under which it is kept."""
        return ".xlsx" if self.raw.startswith(b"PK") else ".csv"

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def last(self) -> pd.Timestamp:
        """Last month."""
        month: pd.Timestamp = self.figures["month"].max()
        return month


def open_edition(path: Path, folder: Path, faults: Collector) -> Edition | None:
    """Read a file in any form that a corridor knows.

    Parameters
    ----------
    path
        The file.
    folder
        The corridor's folder.
    faults
        Where faults are noted.

    Returns
    -------
    Edition or None
        None after a fault.
    """
    forms, raw = read_forms(folder, faults), read_bytes(path, faults)
    if faults or raw is None:
        return None
    return edition_of(path, raw, forms, faults)


def edition_of(path: Path, raw: bytes, forms: Forms, faults: Collector) -> Edition | None:
    """Read the bytes of a file; see `open_edition`."""
    sheets = sheets_of(path.name, raw, faults)
    if not sheets:
        return None
    if is_template(sheets[0]):
        if raw.startswith(WORKBOOK):
            message = "the template is a workbook, expected a table as text"
            faults.add(path.name, 0, message, "Save it as CSV with encoding UTF-8")
            return None
        figures = read_template(path, faults)
        return None if figures is None else Edition(path.name, raw, None, figures, {}, ())
    found = recognise(path.name, sheets, forms.forms, faults)
    if found is None:
        return None
    read = read_across if found.form.layout == ACROSS else read_rows
    counted = read(found, forms.labels, faults)
    if counted is None:
        return None
    form = found.form
    figures = counted.cells.assign(
        measure=form.measure,
        low=float("nan"),
        high=float("nan"),
        unit=form.unit,
        publisher=form.publisher,
        source=form.source["source"],
        quality=form.quality,
    )
    return Edition(path.name, raw, form, figures, counted.labels, counted.notes)


def changed_labels(edition: Edition, before: Edition) -> tuple[list[str], list[str]]:
    """Return the labels that an edition has and one before it lacks, and the other way round.

    Parameters
    ----------
    edition, before
        Two editions of one form.

    Returns
    -------
    tuple of two lists of str
        New ones and those that are gone, each after its heading.
    """
    mine, theirs = _labels(edition), _labels(before)
    new = [text for key, text in mine.items() if key not in theirs]
    gone = [text for key, text in theirs.items() if key not in mine]
    return new, gone


def _labels(edition: Edition) -> dict[tuple[str, str], str]:
    return {
        (heading, plain(label)): f"{heading}: {label}"
        for heading, labels in edition.labels.items()
        for label in labels
    }
