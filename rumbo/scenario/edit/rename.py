"""An id of a corridor changed everywhere it stands."""

import re
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from rumbo.files.faults import Fault, Faults, choose
from rumbo.scenario.corridor import read_corridor
from rumbo.scenario.edit.rewrite import YAML, Row, replace_files, rewritten, rows_of, texts_of


class Kind(NamedTuple):
    """A kind of id.

    Attributes
    ----------
    file, column
        Where its ids are given.
    also
        Further columns that name them, by file; several ids may stand in a cell, apart by
        semicolons, and a place may be part of a link's id.
    words
        What their titles in ``words.csv`` begin with.
    yaml
        Keys of ``corridor.yaml`` whose values name them.
    """

    file: str
    column: str
    also: Mapping[str, tuple[str, ...]]
    words: str = ""
    yaml: tuple[str, ...] = ()


KINDS = {
    "place": Kind(
        "places.csv",
        "id",
        {
            "places.csv": ("twin",),
            "links.csv": ("from", "to"),
            "inflows.csv": ("place",),
            "settings*.csv": ("at",),
            "figures.csv": ("area",),
            "components.csv": ("at",),
            "rumours.csv": ("place",),
            "caravans.csv": ("place",),
            "events.csv": ("place", "furthest"),
            "questions.csv": ("at",),
        },
        "place.",
        ("only",),
    ),
    "group": Kind(
        "groups.csv",
        "id",
        {name: ("group",) for name in ("inflows.csv", "settings*.csv", "beliefs.csv",
                                       "rumours.csv", "questions.csv")},
    ),
    "lever": Kind(
        "levers.csv",
        "lever",
        {
            "settings*.csv": ("lever",),
            "outcomes.csv": ("event", "levers", "given"),
            "beliefs.csv": ("event",),
            "rumours.csv": ("outcome",),
            "deals.csv": ("deal",),
            "questions.csv": ("what", "against"),
        },
        yaml=("lever",),
    ),
    "source": Kind(
        "sources.csv",
        "source",
        {name: ("source",) for name in ("places.csv", "groups.csv", "inflows.csv", "levers.csv",
                                        "outcomes.csv", "settings*.csv", "figures.csv",
                                        "publication.csv", "capacities.csv", "beliefs.csv",
                                        "rumours.csv", "caravans.csv", "events.csv", "deals.csv",
                                        "questions.csv")},
        yaml=("source",),
    ),
    "component": Kind(
        "components.csv",
        "id",
        {
            "figures.csv": ("component",),
            "publication.csv": ("component",),
            "forms.csv": ("component",),
            "labels.csv": ("id",),
        },
        "component.",
        ("component",),
    ),
    "capacity group": Kind(
        "capacities.csv", "capacity_group", {"links.csv": ("capacity_group",)}
    ),
}  # fmt: skip


NO_PLACES = ("encounters", "deaths")
"""Measures whose areas are zones, offices or regions, which may be called as a place is."""


def rename(folder: str | Path, old: str, new: str) -> list[str]:
    """Change an id everywhere in a corridor's folder.

    Parameters
    ----------
    folder
        The folder.
    old, new
        Id of a place, group, lever, source, component or capacity group, before and after.

    Returns
    -------
    list of str
        Files that were written.

    Raises
    ------
    Faults
        If no id is such, if the new one is taken or no id, or if the corridor cannot be read with
        it; then nothing is written.
    """
    target = Path(folder)
    _whole(target)
    texts = texts_of(target)
    kind = _kind_of(old, texts)
    if new in _ids(kind, texts):
        raise Faults([Fault(kind.file, 0, f"'{new}' is there already", "Choose another id")])
    changed = rewritten(texts, lambda name, row: _row(kind, name, row, old, new))
    yaml = texts.pop(YAML)
    again = _in_yaml(kind, yaml, old, new)
    if again != yaml:
        changed[YAML] = again
    replace_files(target, changed, _whole)
    return sorted(changed)


def _whole(folder: Path) -> None:
    reading = read_corridor(folder)
    if reading.faults:
        raise Faults(reading.faults)


def _ids(kind: Kind, texts: Mapping[str, str]) -> list[str]:
    return [row.get(kind.column, "") for row in rows_of(texts.get(kind.file, ""))]


def _kind_of(old: str, texts: Mapping[str, str]) -> Kind:
    known = {name: _ids(kind, texts) for name, kind in KINDS.items()}
    fits = [name for name, ids in known.items() if old in ids]
    if len(fits) == 1:
        return KINDS[fits[0]]
    if fits:
        message = f"'{old}' is the id of a {' and of a '.join(fits)}, expected of one thing alone"
        raise Faults(
            [Fault(KINDS[fits[0]].file, 0, message, "Give one of them another id by hand")]
        )
    every = sorted({one for ids in known.values() for one in ids if one})
    message = f"there is no id '{old}'"
    raise Faults([Fault("corridor.yaml", 0, message, choose(old, every))])


def _row(kind: Kind, name: str, row: Row, old: str, new: str) -> Row:
    columns = {kind.column} if name == kind.file else set()
    for file, also in kind.also.items():
        columns |= set(also) if fnmatch(name, file) else set()
    if row.get("measure") in NO_PLACES:
        columns.discard("area")
    changed = {
        head: _cell(cell, old, new) if head in columns else cell for head, cell in row.items()
    }
    if name == "words.csv" and kind.words and row.get("key") == kind.words + old:
        changed["key"] = kind.words + new
    return changed


def _cell(cell: str, old: str, new: str) -> str:
    """Put the new id for the old one, alone, between semicolons, or as a part of another id."""
    return ";".join(
        part.replace(part.strip(), _part(part.strip(), old, new)) if part.strip() else part
        for part in cell.split(";")
    )


def _part(part: str, old: str, new: str) -> str:
    event, given, outcome = part.partition("=")
    if given:
        return (new if event == old else event) + given + outcome
    if ">" not in part:
        return new if part == old else part
    ends, colon, mode = part.partition(":")
    return ">".join(new if end == old else end for end in ends.split(">")) + colon + mode


BUNDLES = r"(?m)^bundles:.*(?:\n(?:[ \t#].*)?$)*"
"""The part of corridor.yaml whose keys are levers."""


def _in_yaml(kind: Kind, text: str, old: str, new: str) -> str:
    """Put the new id for the old one where corridor.yaml names such ids, and nowhere else."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])")
    value = r"(?:[ \t]*\n[ \t]*-[^\n]*)+|[ \t]*\[[^\]]*\]|[^,}\n]*"
    for key in kind.yaml:
        named = re.compile(rf"(?<![\w.-])({key}:)({value})")
        text = named.sub(lambda found: found[1] + whole.sub(lambda _: new, found[2]), text)
    if "lever" in kind.yaml:
        key_of = re.compile(rf"(?m)((?:^[ \t]+|[{{,][ \t]*)[\"']?){re.escape(old)}(?=[\"']?:)")
        text = re.sub(BUNDLES, lambda part: key_of.sub(lambda at: at[1] + new, part[0]), text)
    return text
