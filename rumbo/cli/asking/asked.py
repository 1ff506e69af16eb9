"""What ``rumbo ask`` says, in the reader's language; and what it is asked, as it is written."""

import csv
import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from rumbo.cli.terminal import Language
from rumbo.files.cells import Column
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.tables import read_table, read_text
from rumbo.files.yaml import read_yaml
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario

BEDS = (Column("place", filled=True), Column("beds", "number", filled=True, low=0))
"""Columns of a file of beds."""

ROWS = (
    Column("question", filled=True),
    Column("from", needed=False, adds="the day from which it is asked"),
    Column("until", needed=False, adds="the first day after"),
    Column("place", needed=False, adds="places to tell of, apart by ;"),
    Column("beds", needed=False, adds="their beds as place=number, apart by ;"),
)
"""Columns of a file of questions."""

CALL = "rumbo ask"


class Query(NamedTuple):
    """One question as it is asked.

    Attributes
    ----------
    question
        Its id.
    since, until
        First day and first day after; None for its own.
    places
        Places to tell of.
    beds
        Shelter places by place.
    """

    question: str
    since: str | None
    until: str | None
    places: tuple[str, ...]
    beds: dict[str, float]


@cache
def _texts() -> dict[str, dict[str, str]]:
    text = files("rumbo.cli.asking").joinpath("asked.csv").read_text("utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


class Voice(NamedTuple):
    """Who speaks to the reader: in one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its places filled."""
        return _texts()[key][self.language].format(**values)

    def fault(self, where: str, key: str, cure: str, **values: object) -> Fault:
        """Return a fault in this language."""
        return Fault(where, 0, self(key, **values), self(cure, **values))


def voice(language: Language) -> Voice:
    """Return the language to speak: that of the pages, or if they are in both that of the system.

    Parameters
    ----------
    language
        Language of the pages.
    """
    if language is not Language.both:
        return Voice(language.value)
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Voice("es" if next(filter(None, names), "").lower().startswith("es") else "en")


def beds_of(texts: Sequence[str], says: Voice) -> dict[str, float]:
    """Read beds such as ``harbour=1500``, or files with a row for each place.

    Raises
    ------
    Faults
        If a text is neither.
    """
    found: dict[str, float] = {}
    for text in texts:
        place, equals, number = (part.strip() for part in text.partition("="))
        if not equals and Path(text).is_file():
            found |= _beds_in(Path(text))
            continue
        try:
            amount = float(number)
        except ValueError:
            amount = -1.0
        if not place or not 0 <= amount < float("inf"):
            form = {"text": text, "name": place or "PLACE"}
            raise Faults([says.fault("--beds", "beds.form", "beds.form_cure", **form)])
        found[place] = amount
    return found


def _beds_in(path: Path) -> dict[str, float]:
    table = read_table(path, BEDS, faults := Collector())
    faults.check()
    rows = [] if table is None else table.frame.to_dict("records")
    return {str(row["place"]).strip(): float(row["beds"]) for row in rows}


def queries_in(path: Path, says: Voice) -> list[Query]:
    """Read a file of questions, CSV or YAML.

    Raises
    ------
    Faults
        If it cannot be read, or says what no question has.
    """
    faults = Collector()
    if not path.is_file():
        told = says("file.read", reason=path.name)
        raise Faults([Fault(str(path), 0, told, says("file.read_cure"))])
    if path.suffix.lower() in (".yaml", ".yml"):
        text = read_text(path, faults)
        content = None if text is None else read_yaml(path.name, text, says("file.cure"), faults)
        faults.check()
        return [_query(row, path, says) for row in _listed(content, path, says)]
    table = read_table(path, ROWS, faults)
    faults.check()
    rows = [] if table is None else table.frame.to_dict("records")
    return [_query({str(key): cell for key, cell in row.items()}, path, says) for row in rows]


def _listed(content: object, path: Path, says: Voice) -> list[Mapping[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(row, Mapping) for row in content):
        raise Faults([says.fault(path.name, "file.form", "file.cure")])
    return content


def _query(row: Mapping[str, Any], path: Path, says: Voice) -> Query:
    known = [column.name for column in ROWS]
    if unknown := next((name for name in row if name not in known), ""):
        raise Faults([says.fault(path.name, "file.key", "file.cure", name=unknown)])
    cells = {name: str(row.get(name) or "").strip() for name in known}
    parts = {
        name: tuple(filter(None, map(str.strip, cells[name].split(";"))))
        for name in ("place", "beds")
    }
    days = (cells["from"] or None, cells["until"] or None)
    return Query(cells["question"], *days, parts["place"], beds_of(parts["beds"], says))


def checked(query: Query, scenario: Scenario, says: Voice) -> Query:
    """Return a question as it is asked, once it can be: of beds, with the places that have some.

    Parameters
    ----------
    query
        The question.
    scenario
        The corridor.
    says
        The reader's language.

    Raises
    ------
    Faults
        If the corridor lacks the question or a place, or a place its beds.
    """
    known, places = questions_of(scenario.questions), [*scenario.network.places["id"]]
    if query.question not in known:
        key = "unknown" if known else "unknown.none"
        cure = "unknown.cure" if known else "unknown.cure_none"
        listed = ", ".join(known)
        raise Faults([says.fault(CALL, key, cure, name=query.question, known=listed)])
    question, names = known[query.question], (*query.places, *query.beds)
    if unknown := [name for name in dict.fromkeys(names) if name not in places]:
        listed = ", ".join(_near(unknown[0], places))
        raise Faults([says.fault("--place", "place", "place.cure", name=unknown[0], known=listed)])
    if not question.dated and (query.since or query.until):
        raise Faults([says.fault(CALL, "dates.own", "dates.cure", name=query.question)])
    if question.of_beds and not query.beds:
        raise Faults([_no_beds(query, scenario, says)])
    return query._replace(places=query.places or (tuple(query.beds) if question.of_beds else ()))


def _no_beds(query: Query, scenario: Scenario, says: Voice) -> Fault:
    """Return why beds cannot be asked of: none are given, and perhaps none are known there."""
    rows = scenario.settings[scenario.settings["parameter"] == "shelter.places"]
    unknown = [name for name in query.places if name not in {*rows["at"]}]
    name = (*unknown, *query.places, *rows["at"], "PLACE")[0]
    told = says("beds.unknown", name=name) if unknown else says("beds.none", name=query.question)
    return Fault("--beds", 0, told, says("beds.cure", name=name))


NEAR = 12
"""Most places that a fault lists."""


def _near(name: str, places: Sequence[str]) -> list[str]:
    """Return places to choose from: those that begin alike first."""
    alike = [one for one in places if one[:3] == name[:3].lower()]
    return list(dict.fromkeys([*alike, *sorted(places)]))[:NEAR]
