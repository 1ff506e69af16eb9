"""A corridor: the facts that scenarios start from, as they stand in its folder."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from rumbo.files.code import PACKAGE
from rumbo.files.faults import Collector, Fault, choose
from rumbo.scenario.checks import check_bundles
from rumbo.scenario.deals.dating import in_force
from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.edit.upgrade import outdated
from rumbo.scenario.folder import Content, read_folder
from rumbo.scenario.header import Header, Target, read_header
from rumbo.scenario.network import Network
from rumbo.scenario.questions.checks import check_questions
from rumbo.scenario.roles import Roles, roles_of, texts_of
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.smuggling.rows import SMUGGLING
from rumbo.scenario.targets import targets_of

BUNDLED = PACKAGE / "corridors"
"""Folder of the corridors that come with the package."""


@dataclass(frozen=True, eq=False)
class Corridor:
    """A corridor as it stands in its folder.

    Attributes
    ----------
    header
        What ``corridor.yaml`` says.
    content
        Tables of the corridor as they were read.
    folder
        Where it was read from.
    """

    header: Header
    content: Content
    folder: Path

    @property
    def id(self) -> str:
        """Id of the corridor."""
        return self.header.id

    @property
    def title(self) -> dict[str, str]:
        """Title of the corridor by language."""
        return self.header.title.model_dump()

    @property
    def description(self) -> dict[str, str]:
        """Description of the corridor by language."""
        return self.header.description.model_dump()

    @property
    def licence(self) -> str:
        """Licence of the corridor's data."""
        return self.header.licence

    @property
    def bundles(self) -> dict[str, dict[str, str]]:
        """Titles by language of the levers that are bundles."""
        return {lever: words.model_dump() for lever, words in self.header.bundles.items()}

    @property
    def step(self) -> float:
        """Days per step."""
        return self.header.step

    @property
    def warm_up(self) -> int:
        """Days simulated before the start and not recorded."""
        return self.header.warm_up

    @cached_property
    def network(self) -> Network:
        """Places and links; those of guided ways only where the corridor lists their rule."""
        whole = self.content.network
        return whole if SMUGGLING in self.header.rules else whole.unguided()

    @property
    def groups(self) -> pd.DataFrame:
        """Groups of people: id, nationality, household, names, source."""
        return self.content.groups

    @property
    def inflows(self) -> pd.DataFrame:
        """Persons entering by month, place, group and route."""
        return self.content.inflows

    @property
    def levers(self) -> pd.DataFrame:
        """Calendar of levers and events."""
        return self.content.levers

    @property
    def settings_at_first(self) -> pd.DataFrame:
        """Settings that hold as the corridor stands, before anything is changed."""
        return in_force(self.content.settings, deals_of(self.content.deals))

    @property
    def outcomes(self) -> pd.DataFrame:
        """Outcomes of dated events, with their probabilities and levers."""
        return self.content.outcomes

    @property
    def figures(self) -> pd.DataFrame:
        """Observed figures; see also `rumbo.figures`."""
        return self.content.figures

    @property
    def sources(self) -> pd.DataFrame:
        """Documents that values come from."""
        return self.content.sources

    @property
    def capacities(self) -> pd.DataFrame:
        """Capacities known from a source, for readers; limits in force are settings."""
        return self.content.capacities

    @property
    def publication(self) -> pd.DataFrame:
        """Usual delays and revisions of the figures, by measure and component."""
        return self.content.publication

    @property
    def record_before(self) -> pd.DataFrame:
        """How an earlier version met the figures, by series of the record table."""
        return self.content.record_before

    @property
    def sensitivity(self) -> pd.DataFrame:
        """What a headline hangs on, value by value, the strongest first."""
        return self.content.sensitivity

    @property
    def tested(self) -> pd.DataFrame:
        """What came out when the corridor was put to the test."""
        return self.content.tested

    def untested(self) -> Self:
        """Return the same without what tests of it gave, which nothing else depends on."""
        content = self.content
        plain = replace(content, sensitivity=content.sensitivity[:0], tested=content.tested[:0])
        return replace(self, content=plain)

    @property
    def beliefs(self) -> pd.DataFrame:
        """What groups hold possible of dated events, where it is not what the tree says."""
        return self.content.beliefs

    @property
    def rumours(self) -> pd.DataFrame:
        """Rumours of dated events: where and when they came up."""
        return self.content.rumours

    @property
    def caravans(self) -> pd.DataFrame:
        """Places on the way that caravans walk, in order."""
        return self.content.caravans

    @property
    def events(self) -> pd.DataFrame:
        """Caravans on record."""
        return self.content.events

    @property
    def deals(self) -> pd.DataFrame:
        """Deals between governments, a row for each side."""
        return self.content.deals

    @property
    def questions(self) -> pd.DataFrame:
        """Named questions, a row for each thing that one does."""
        return self.content.questions

    @property
    def components(self) -> pd.DataFrame:
        """What is counted apart, and where."""
        return self.content.components

    @property
    def words(self) -> pd.DataFrame:
        """Texts of the report that the corridor says in its own words."""
        return self.content.words

    @cached_property
    def roles(self) -> Roles:
        """Who plays which part."""
        return roles_of(self.header, self.components, self.network)

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Texts in the corridor's own words, by key and language."""
        return texts_of(self.header, self.components, self.words, self.targets)

    @cached_property
    def targets(self) -> dict[str, Target]:
        """What is forecast, by family."""
        return targets_of(self.header, self.roles)

    @property
    def basemap(self) -> dict[str, Any]:
        """GeoJSON for maps; empty when the corridor has none."""
        return self.content.basemap

    @cached_property
    def selectors(self) -> Selectors:
        """What ``at`` and ``group`` of settings mean here, guided ways among them."""
        return Selectors(self.content.network, self.groups)


def same_ground(one: Corridor, other: Corridor) -> bool:
    """Whether all but settings and beliefs is surely the same."""
    same = one.header is other.header or one.header == other.header
    return same and one.content.shares_ground(other.content)


class Reading(NamedTuple):
    """What reading a folder gave.

    Attributes
    ----------
    corridor
        The corridor; None if there are faults.
    faults
        All that is wrong, by file and row.
    warnings
        What is dubious without keeping the corridor from running.
    """

    corridor: Corridor | None
    faults: list[Fault]
    warnings: list[Fault]


def read_corridor(name_or_folder: str | Path) -> Reading:
    """Read a corridor and note all that is wrong with it.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    Reading
    """
    faults, warnings = Collector(), Collector()
    folder = _find(name_or_folder, faults)
    if folder is None:
        return Reading(None, faults.faults, [])
    if folder.parent != BUNDLED and (earlier := outdated(folder)):
        return Reading(None, [earlier], [])
    header = read_header(folder, faults)
    content = read_folder(folder, header, faults, warnings)
    if header and content:
        check_bundles(header.bundles, content.levers, faults)
    if content:
        check_questions(content, faults)
    if faults or header is None or content is None:
        return Reading(None, faults.faults, warnings.faults)
    return Reading(Corridor(header, content, folder), [], warnings.faults)


def corridors() -> list[str]:
    """Return the names of the corridors that come with the package."""
    return sorted(path.parent.name for path in BUNDLED.glob("*/corridor.yaml"))


def _find(name_or_folder: str | Path, faults: Collector) -> Path | None:
    text = str(name_or_folder)
    folder, bundled = Path(text), BUNDLED / text
    plain = isinstance(name_or_folder, str) and re.fullmatch(r"\w[\w-]*", text)
    if plain and text in corridors():
        if (folder / "corridor.yaml").exists() and folder.resolve() != bundled.resolve():
            message = "this names both a bundled corridor and a folder here"
            faults.add(text, 0, message, f"Write ./{text} for the folder, or rename it")
            return None
        return bundled
    if (folder / "input_csv").is_dir() and not (folder / "corridor.yaml").exists():
        message = "this is a crisis in Flee's format, expected the folder of a corridor"
        faults.add(text, 0, message, "Give it to rumbo flee, or in Python to rumbo.read_flee")
        return None
    if folder.is_dir():
        return folder
    what = "a file, expected the folder of a corridor" if folder.exists() else "unknown"
    message = f"this is {what}"
    cure = f"{choose(text, corridors())}, or give the folder that holds corridor.yaml"
    faults.add(text, 0, message, cure)
    return None
