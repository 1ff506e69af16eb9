"""What a corridor's folder leaves out, and what it would add."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rumbo.files.cells import Column
from rumbo.scenario.edit.rewrite import tables_of
from rumbo.scenario.network import LINKS, PLACES
from rumbo.scenario.schema import OPTIONAL, TABLES
from rumbo.scenario.settings import SETTINGS

WHOLE_TABLES = {
    "levers.csv": "a calendar of policies and events, which scenarios can leave out",
    "outcomes.csv": "dated events that may turn out in several ways, each a branch",
    "figures.csv": "observed figures, set beside the simulated ones, to fit to and to forecast",
    "capacities.csv": "capacities known from a source, for readers",
    "publication.csv": "how late figures come and how much they are revised",
    "components.csv": "names of what is counted apart: in zones, at gates, on the way",
    "words.csv": "texts of the report in the corridor's own words",
    "record_before.csv": "how an earlier version met the figures, shown beside this one",
    "sensitivity.csv": "on which values a headline hangs, written by rumbo sensitivity",
    "tested.csv": "what came out when the corridor was put to the test",
    "beliefs.csv": "what groups hold possible of dated events, where not what the tree says",
    "rumours.csv": "rumours of dated events: where and when they came up",
    "caravans.csv": "the way that caravans walk, place by place",
    "events.csv": "caravans on record, which may set out in a run on their days",
    "deals.csv": "deals between governments that can be kept in part or placed on other days",
    "questions.csv": "named questions that rumbo ask answers in a page",
    "basemap.geojson": "a map below the places",
}
"""Tables and files that may be left out, and what they would add."""


class Addition(NamedTuple):
    """A column or file that is left out.

    Attributes
    ----------
    file, column
        Which; the column is empty for a whole file.
    adds
        What it would add.
    """

    file: str
    column: str
    adds: str


def left_out(folder: Path) -> list[Addition]:
    """Return the files and columns that a folder leaves out, file by file.

    Raises
    ------
    Faults
        If a table cannot be read as text.
    """
    return list(_left_out(folder))


def _left_out(folder: Path) -> Iterator[Addition]:
    texts = tables_of(folder)
    for name, text in texts.items():
        there = text.split("\n", 1)[0].replace('"', "").strip().split(",")
        for one in _columns(name):
            if not one.needed and one.adds and one.name not in there:
                yield Addition(name, one.name, one.adds)
    for name in (*OPTIONAL, "basemap.geojson"):
        if not (folder / name).exists():
            yield Addition(name, "", WHOLE_TABLES[name])


def _columns(file: str) -> tuple[Column, ...]:
    if file.startswith("settings"):
        return SETTINGS
    return {"places.csv": PLACES, "links.csv": LINKS, **TABLES}.get(file, ())
