"""Folders of an earlier version: what they are told, and how they are brought up to date."""

import csv
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from rumbo.files.faults import Fault, Faults
from rumbo.scenario.edit.rewrite import (
    YAML,
    Row,
    as_csv,
    check_square,
    replace_files,
    rewritten,
    rows_of,
    tables_of,
    texts_of,
)

COMPONENTS = "components.csv"


class Renamed(NamedTuple):
    """A word that tables used to say.

    Attributes
    ----------
    file, column
        Where; an empty column means the heading itself.
    old, new
        The word before and now.
    """

    file: str
    column: str
    old: str
    new: str


@lru_cache
def renamed() -> tuple[Renamed, ...]:
    """Return all words that were renamed."""
    text = files("rumbo.scenario.edit").joinpath("renamed.csv").read_text("utf-8")
    return tuple(Renamed(**row) for row in csv.DictReader(text.splitlines()))


@lru_cache
def counted_apart() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what used to be known without a table: zones', gates' components, transit counts."""
    text = files("rumbo.scenario.edit").joinpath("counted.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    zones, gates, transit = (
        tuple(row["id"] for row in rows if row["at"] == at) for at in ("zones", "gates", "transit")
    )
    return zones, gates, transit


def old_words(texts: Mapping[str, str]) -> list[str]:
    """Return the words of an earlier version that tables say, each once."""
    return list(dict.fromkeys(_found(texts)))


def _found(texts: Mapping[str, str]) -> Iterator[str]:
    transit = counted_apart()[2]
    for name, text in texts.items():
        mine = [one for one in renamed() if fnmatch(name, one.file)]
        if not mine and name != "figures.csv":
            continue
        rows = rows_of(text)
        cells = {head: {row.get(head, "") for row in rows} for head in (rows[0] if rows else ())}
        for one in mine:
            if _says(one, cells):
                yield one.old
        yield from (one for one in transit if one in cells.get("measure", ()))


def _says(one: Renamed, cells: Mapping[str, set[str]]) -> bool:
    if not one.column:
        return one.old in cells
    if one.column == "area":  # regions of deaths may have any name now
        return False
    return any(one.old in cell.split(";") for cell in cells.get(one.column, ()))


def outdated(folder: Path) -> Fault | None:
    """Say in one line which words of an earlier version a folder has, and the cure."""
    try:
        words = old_words(tables_of(folder))
    except Faults:
        return None  # told file by file when they are read
    if not words:
        return None
    some = ", ".join(words[:4]) + (f" and {len(words) - 4} more" if len(words) > 4 else "")
    message = f"the folder is of an earlier version: it says {some}"
    return Fault(folder.name, 0, message, f"Run rumbo upgrade {folder}")


def upgrade(folder: str | Path) -> list[str]:
    """Bring a corridor's folder of an earlier version up to date.

    Parameters
    ----------
    folder
        The folder; files that need no change stay as they are.

    Returns
    -------
    list of str
        Files that were written.

    Raises
    ------
    Faults
        If the folder has no ``corridor.yaml``, or a table cannot be read.
    """
    target = Path(folder)
    if not (target / YAML).is_file():
        message = "there is no corridor.yaml, expected the folder of a corridor"
        raise Faults([Fault(str(folder), 0, message, "Give the folder that holds corridor.yaml")])
    texts = texts_of(target)
    if not old_words(texts):
        return []
    check_square(texts)
    changed = rewritten(texts, _up_to_date)
    components = list(_components(texts))
    if components and COMPONENTS not in texts:
        changed[COMPONENTS] = as_csv(components)
    yaml = texts.pop(YAML)
    more = _roles(yaml, texts)
    if more:
        newline = "\r\n" if "\r\n" in yaml else "\n"
        changed[YAML] = yaml.rstrip() + newline + more.replace("\n", newline)
    replace_files(target, changed)
    return sorted(changed)


def _up_to_date(name: str, row: Row) -> Row:
    for one in renamed():
        if fnmatch(name, one.file):
            row = _renamed(one, row)
    if name == "places.csv" and row.get("zone") and row.get("kind") == "waiting_city":
        row = {**row, "roles": ";".join(filter(None, [row.get("roles", ""), "visible_crowd"]))}
    if "measure" in row and row["measure"] in counted_apart()[2]:
        row = {**row, "measure": "transit", "component": row["measure"]}
    return row


def _renamed(one: Renamed, row: Row) -> Row:
    if not one.column:
        return {one.new if head == one.old else head: cell for head, cell in row.items()}
    if one.column == "area" and row.get("measure") != "deaths":
        return row
    parts = row.get(one.column, "").split(";")
    if one.old not in parts:
        return row
    return {**row, one.column: ";".join(one.new if part == one.old else part for part in parts)}


def _components(texts: Mapping[str, str]) -> Iterator[Row]:
    """Give the components that figures name, under their ids until somebody writes titles."""
    figures = rows_of(texts.get("figures.csv", ""))
    named = {row.get("component", "") for row in figures}
    places = rows_of(texts.get("places.csv", ""))
    countries = [row.get("country", "") for row in places] or [""]
    zones, gates, transit = counted_apart()
    for ids, at in ((zones, "zones"), (gates, "gates")):
        yield from (_component("encounters", id, at) for id in ids if id in named)
    counted = {row.get("measure", "") for row in figures}
    yield from (_component("transit", id, countries[0]) for id in transit if id in counted)


def _component(measure: str, id: str, at: str) -> Row:
    note = (
        "" if measure == "encounters" else "at: assumed by the upgrade; write where it is counted"
    )
    return {
        "measure": measure, "id": id, "at": at, "nationalities": "", "name_en": id, "name_es": id,
        "note": note,
    }  # fmt: skip


def _roles(yaml: str, texts: Mapping[str, str]) -> str:
    """Say in corridor.yaml what used to follow: who takes people elsewhere stops them."""
    if "\nstopping:" in yaml:
        return ""
    places = rows_of(texts.get("places.csv", ""))
    able = "interior_transfer_destination"
    there = dict.fromkeys(
        row["country"]
        for row in places
        if row.get("country") and able in (row.get("kind"), *row.get("roles", "").split(";"))
    )
    listed = ", ".join(there)
    return f"stopping: [{listed}]\nwaiting: [{listed}]\n" if there else ""
