"""What ``rumbo ask`` is asked, as it is written, and whether it can be."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from rumbo.cli.asking.beds import OPTION as BEDS
from rumbo.cli.asking.beds import beds_of
from rumbo.cli.asking.voice import Voice
from rumbo.files.cells import Column
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.tables import read_table, read_text
from rumbo.files.yaml import read_yaml
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario

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


def checked(query: Query, scenario: Scenario, says: Voice, *, beds_told: bool = False) -> Query:
    """Return a question as it is asked, once it can be: of beds, with the places that have some.

    Parameters
    ----------
    query
        The question.
    scenario
        The corridor.
    says
        The reader's language.
    beds_told
        Whether it is told elsewhere that its beds cannot be read.

    Raises
    ------
    Faults
        If the corridor lacks the question or places, a place its beds, or days cannot be given.
    """
    known, wrong = questions_of(scenario.questions), _unknown_places(query, scenario, says)
    if query.question not in known:
        key = "unknown" if known else "unknown.none"
        cure = "unknown.cure" if known else "unknown.cure_none"
        listed = ", ".join(known)
        raise Faults([says.fault(CALL, key, cure, name=query.question, known=listed), *wrong])
    question = known[query.question]
    if not question.dated and (query.since or query.until):
        wrong.append(says.fault(CALL, "dates.own", "dates.cure", name=query.question))
    if question.of_beds and not query.beds and not beds_told:
        wrong.append(_no_beds(query, scenario, says))
    if wrong:
        raise Faults(wrong)
    return query._replace(places=query.places or (tuple(query.beds) if question.of_beds else ()))


def _unknown_places(query: Query, scenario: Scenario, says: Voice) -> list[Fault]:
    """Return the faults of places that the corridor lacks, by the option that names them."""
    places = [*scenario.network.places["id"]]
    named = {**dict.fromkeys(query.beds, BEDS), **dict.fromkeys(query.places, "--place")}
    return [
        says.fault(option, "place", "place.cure", name=name, known=", ".join(_near(name, places)))
        for name, option in named.items()
        if name not in places
    ]


def _no_beds(query: Query, scenario: Scenario, says: Voice) -> Fault:
    """Return why beds cannot be asked of: none are given, and perhaps none are known there."""
    rows = scenario.settings[scenario.settings["parameter"] == "shelter.places"]
    unknown = [name for name in query.places if name not in {*rows["at"]}]
    name = (*unknown, *query.places, *rows["at"], "PLACE")[0]
    told = says("beds.unknown", name=name) if unknown else says("beds.none", name=query.question)
    return Fault(BEDS, 0, told, says("beds.cure", name=name))


NEAR = 12
"""Most places that a fault lists."""


def _near(name: str, places: Sequence[str]) -> list[str]:
    """Return places to choose from: the one that is meant, or those that are written alike."""
    plain = name.lower().replace(" ", "_")
    if plain in places:
        return [plain]
    alike = [one for one in places if one[:3] == plain[:3]]
    near = list(dict.fromkeys([*get_close_matches(plain, places, NEAR), *alike]))
    return (near or sorted(places))[:NEAR]
