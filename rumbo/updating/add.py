"""A file of new months added to a corridor's folder: whole, or not at all."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.tables import read_text
from rumbo.scenario.corridor import BUNDLED, read_corridor
from rumbo.scenario.edit.rewrite import check_copy, replace_files
from rumbo.scenario.scenario import load
from rumbo.scenario.schema import FIGURES, SOURCES
from rumbo.updating.checks import check_newest, check_same_day, check_settled, day_published
from rumbo.updating.edition import Edition, changed_labels, open_edition
from rumbo.updating.forms import INCIDENTS
from rumbo.updating.known import (
    BesideParts,
    Fed,
    NewMonths,
    Revision,
    beside_parts,
    compared,
    fed,
    held_on,
    new_months,
    revisions,
)
from rumbo.updating.vintages import Vintage, drop, keep, kept_in, place_of, same_as


@dataclass(frozen=True, eq=False)
class Added:
    """What a file adds to a corridor.

    Attributes
    ----------
    edition
        The file as it was read.
    published, basis
        Day of publication, and whether the source says it or it is assumed.
    rows
        How many figures are appended.
    path
        Where the file is kept.
    again
        Whether it was kept already.
    new, revised, fed
        Months of which nothing was known, figures that change, families that read more.
    together
        How a total of all components meets their sum; None where it is no such total.
    labels, gone
        Labels that the edition before it lacks, and the other way round; empty without one.
    """

    edition: Edition
    published: date
    basis: str
    rows: int
    path: Path
    again: bool
    new: list[NewMonths]
    revised: list[Revision]
    fed: list[Fed]
    together: BesideParts | None
    labels: list[str]
    gone: list[str]


def add(
    file: str | Path, corridor: str | Path, *, published: str | None = None, dry_run: bool = False
) -> Added:
    """Add the figures of a file to a corridor's folder, and keep the file.

    Parameters
    ----------
    file
        A file in a form that the corridor's ``forms.csv`` describes, or a filled-in template.
    corridor
        The folder; none of those that come with the package.
    published
        Day of publication; if None, the end of the last month and the usual delay after it.
    dry_run
        Whether to write nothing.

    Returns
    -------
    Added
        What it adds. A file that was added before adds nothing.

    Raises
    ------
    Faults
        All that is wrong with the file, or with the corridor; then nothing is written.
    OSError
        If the disk refuses; then, too, the folder is as it was.
    """
    folder = own_folder(corridor)
    with nullcontext() if dry_run else _alone(folder):
        return _add(Path(file), folder, published, dry_run=dry_run)


LOCK = ".adding"
"""File that is in a folder while something is added to it."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from adding meanwhile: the figures of one would be lost."""
    try:
        with FileLock(folder / LOCK, timeout=0):
            try:
                yield
            finally:
                with suppress(OSError):  # Windows removes it later
                    (folder / LOCK).unlink()
    except Timeout:
        message = "another process is adding to this corridor"
        cure = "Wait until it has finished, and give the same command again"
        raise Faults([Fault("--corridor", 0, message, cure)]) from None


def _add(file: Path, folder: Path, published: str | None, *, dry_run: bool) -> Added:
    scenario, faults = load(folder), Collector()
    edition = open_edition(file, folder, faults)
    faults.check()
    assert edition is not None
    kept = kept_in(folder, edition.source)
    same = same_as(edition, kept)
    day, basis = day_published(scenario, edition, published, same)
    edition = _over_by(edition, day)
    held = held_on(scenario, pd.Timestamp(day))
    both = compared(edition.figures, held)
    if same is None:
        check_newest(scenario, edition, day, kept, faults)
    if not faults:
        check_settled(scenario, edition, day, both, held, faults)
        check_same_day(edition, day, both, faults)
    faults.check()
    fresh = both[both["since"].isna() | both["revised"]]
    path = same.path if same else place_of(folder, edition, day)
    texts, check = _texts(folder, edition, fresh, day, basis)
    if dry_run:
        if texts:
            check_copy(folder, texts, check)
    elif texts or same is None:
        _write(folder, edition, path, texts, check)
    labels, gone = _labels_beside(edition, folder, [one for one in kept if one != same])
    return Added(
        edition=edition,
        published=day,
        basis=basis,
        rows=len(fresh),
        path=path,
        again=same is not None,
        new=new_months(both),
        revised=revisions(scenario, both),
        fed=fed(scenario, both, held),
        together=beside_parts(scenario, edition.figures, held),
        labels=labels,
        gone=gone,
    )


def own_folder(corridor: str | Path) -> Path:
    """Return the folder of a corridor that may be written.

    Raises
    ------
    Faults
        If it is one of those that come with the package, or no corridor's folder.
    """
    folder = Path(corridor)
    bundled = not folder.exists() and (BUNDLED / str(corridor)).is_dir()
    if bundled or folder.resolve().is_relative_to(BUNDLED.resolve()):
        message = "this corridor comes with the package and is never written"
        cure = f"Make your own copy first: rumbo copy {folder.name} my_corridor"
        raise Faults([Fault("--corridor", 0, message, cure)])
    if not (folder / "corridor.yaml").is_file():
        message = f"'{corridor}' is no folder of a corridor"
        cure = "Give the folder that holds corridor.yaml; rumbo copy makes one"
        raise Faults([Fault("--corridor", 0, message, cure)])
    return folder


def _over_by(edition: Edition, day: date) -> Edition:
    """Leave out months of incidents that were not over when the file was published."""
    if edition.form is None or edition.form.layout != INCIDENTS:
        return edition
    ends = edition.figures["month"] + pd.offsets.MonthEnd(1)
    over = (ends <= pd.Timestamp(day)).to_numpy()
    if over.all():
        return edition
    if not over.any():
        message = f"is {day}, before the end of the first month in {edition.file}"
        cure = "Write the day on which the file was published"
        raise Faults([Fault("--published", 0, message, cure)])
    note = f"Left out, for they were not over on {day}: months after {{}}"
    figures = edition.figures[over].reset_index(drop=True)
    last = f"{figures['month'].max():%Y-%m}"
    return replace(edition, figures=figures, notes=(*edition.notes, note.format(last)))


def _labels_beside(
    edition: Edition, folder: Path, kept: list[Vintage]
) -> tuple[list[str], list[str]]:
    """Return labels that are new or gone beside the edition kept last, if it can be read still."""
    if edition.form is None or not kept:
        return [], []
    before = open_edition(kept[-1].path, folder, Collector())
    return changed_labels(edition, before) if before else ([], [])


Check = Callable[[Path], object]


def _texts(
    folder: Path, edition: Edition, fresh: pd.DataFrame, day: date, basis: str
) -> tuple[dict[str, str], Check]:
    """Return the tables with rows appended, and the check that a copy with them must pass."""
    if fresh.empty:
        return {}, lambda _: None
    rows = [_row(one, day, basis) for one in fresh.to_dict("records")]
    texts = {"figures.csv": _appended(folder, "figures.csv", [c.name for c in FIGURES], rows)}
    if edition.form:
        named = _read(folder, "sources.csv")
        if edition.source not in {row["source"] for row in csv.DictReader(io.StringIO(named))}:
            columns = [c.name for c in SOURCES]
            texts["sources.csv"] = _appended(folder, "sources.csv", columns, [edition.form.source])
    before = _lines(_read(folder, "figures.csv"))
    lines = dict(enumerate(fresh["row"].tolist(), before + 1))
    return texts, partial(_check, file=edition.file, lines=lines)


def _check(copy: Path, *, file: str, lines: Mapping[int, int]) -> None:
    """Refuse figures that the corridor cannot be read with, naming the file they come from."""
    reading = read_corridor(copy)
    if reading.faults:
        raise Faults(
            replace(one, file=file, row=lines[one.row])
            if one.file == "figures.csv" and one.row in lines
            else one
            for one in reading.faults
        )


def _row(figure: Mapping[str, object], day: date, basis: str) -> dict[str, str]:
    texts = {name: _cell(value) for name, value in figure.items()}
    return texts | {
        "month": f"{figure['month']:%Y-%m}",
        "published": str(day),
        "published_basis": basis,
    }


def _cell(value: object) -> str:
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _read(folder: Path, name: str) -> str:
    if not (folder / name).exists():
        return ""
    faults = Collector()
    text = read_text(folder / name, faults)
    faults.check()
    return text or ""


def _appended(
    folder: Path, name: str, columns: list[str], rows: Sequence[Mapping[str, str]]
) -> str:
    """Return a table's text with rows after it; what stands there stays to the byte."""
    text = _read(folder, name)
    newline = "\r\n" if "\r\n" in text else "\n"
    head = next(csv.reader(io.StringIO(text)), columns)
    head = [one.strip() for one in head]
    _check_head(name, head, columns, rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, head, restval="", extrasaction="ignore", lineterminator=newline)
    if not text:
        writer.writeheader()
    writer.writerows(rows)
    between = "" if not text or text.endswith("\n") else newline
    return _mark(folder / name) + text + between + out.getvalue()


def _mark(path: Path) -> str:
    """Return the sign with which some programs begin a table, if this one has it."""
    marked = path.exists() and path.read_bytes().startswith(codecs.BOM_UTF8)
    return codecs.BOM_UTF8.decode() if marked else ""


def _check_head(
    name: str, head: list[str], columns: list[str], rows: Sequence[Mapping[str, str]]
) -> None:
    """Refuse a table that lacks a column in which a row says something."""
    says = {one for row in rows for one in columns if row.get(one, "") not in ("", "all")}
    lacking = sorted(says - set(head) - {"publisher", "quality", "address", "licence"})
    if lacking:
        message = f"there is no column {', '.join(lacking)}"
        raise Faults([Fault(name, 1, message, "Add it to the header, and to every row")])


def _lines(text: str) -> int:
    """Return the number of the last line of a table; 1 for one that is about to be made."""
    return max(text.count("\n") + (text[-1:] not in ("", "\n")), 1)


def _write(
    folder: Path, edition: Edition, path: Path, texts: Mapping[str, str], check: Check
) -> None:
    there = path.exists()
    try:
        if not there:
            keep(path, edition)
        replace_files(folder, texts, check if texts else None)
    except BaseException:  # stopped by hand, too
        if not there:
            drop(path)
        raise
