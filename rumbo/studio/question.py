"""What the page or a saved file asks, checked; and the scenarios that it means."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.questions.question import NamedQuestion, questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.studio.wording import LANGUAGES, Refused, Text, refused, said

BEDS = "shelter.places"
"""The parameter that counts beds."""

MOST_BEDS = 10_000_000
"""Most beds at a place; beyond it a number is a slip."""

MOST_NAME = 200
"""Most letters of a name."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


class LeverAsked(NamedTuple):
    """A lever that is left out, or holds from one day until another."""

    id: str
    on: bool
    since: str | None
    until: str | None


class BedsAsked(NamedTuple):
    """Shelter places at a place, from a day on."""

    place: str
    beds: float
    since: str | None


class ScenarioAsked(NamedTuple):
    """A scenario as the page or a file describes it.

    Attributes
    ----------
    name
        What whoever asks calls it; may be empty.
    language
        ``en`` or ``es``.
    question
        Id of a named question, and the days from and until which it is asked; None if none is.
    levers, beds
        What differs from the record.
    place
        Id of the place that is told of; None if none is.
    """

    name: str
    language: str
    question: tuple[str, str | None, str | None] | None
    levers: tuple[LeverAsked, ...]
    beds: tuple[BedsAsked, ...]
    place: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as the page writes it."""
        own = self.question
        question = own and _full({"id": own[0], "since": own[1], "until": own[2]})
        levers = [
            _full(one._asdict()) if one.on else {"id": one.id, "on": False} for one in self.levers
        ]
        beds = [_full(one._asdict()) for one in self.beds]
        told = {"name": self.name, "language": self.language, "question": question or None}
        return {**told, "levers": levers, "beds": beds, "place": self.place}


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


FIELDS = {*ScenarioAsked._fields, "weights"}


def read_asked(content: object, base: Scenario) -> ScenarioAsked:
    """Check what is asked of a corridor, and return it.

    Parameters
    ----------
    content
        What the page sends, or a file holds: a mapping as JSON.
    base
        The corridor.

    Returns
    -------
    ScenarioAsked

    Raises
    ------
    Refused
        Everything that is wrong with it, in sentences.
    """
    if not isinstance(content, dict):
        raise refused("scenario.form")
    faults: list[Text] = [
        said("scenario.field", name=str(name)[:40])
        for name in sorted(content)
        if name not in FIELDS
    ]
    if content.get("weights"):
        faults.append(said("weights"))
    language, name = content.get("language") or "en", content.get("name") or ""
    if language not in LANGUAGES or not isinstance(name, str) or len(name) > MOST_NAME:
        faults.append(said("scenario.name"))
    question = _question(content.get("question"), base, faults)
    levers = tuple(_levers(_rows(content, "levers", faults), base, faults))
    beds = tuple(_beds(_rows(content, "beds", faults), base, faults))
    place = content.get("place") or None
    if place is not None and place not in {*base.network.places["id"]}:
        faults.append(said("place", name=str(place)[:40]))
    known = questions_of(base.questions)
    if question and known[question[0]].of_beds and not beds:
        faults.append(said("beds.none"))
    if faults:
        raise Refused(faults)
    return ScenarioAsked(name, language, question, levers, beds, place)


def _rows(content: Mapping[str, Any], name: str, faults: list[Text]) -> list[dict[str, Any]]:
    rows = content.get(name) or []
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(said("scenario.rows", name=name))
    return []


def _question(
    row: object, base: Scenario, faults: list[Text]
) -> tuple[str, str | None, str | None] | None:
    if row is None:
        return None
    known: Mapping[str, NamedQuestion] = questions_of(base.questions)
    key = row.get("id") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(key, str) or key not in known:
        faults.append(said("question", name=str(key)[:40], known=", ".join(known)))
        return None
    since, until = (_day(row, name, base, faults) for name in ("since", "until"))
    if (since or until) and not known[key].dated:
        faults.append(said("question.days"))
    _in_order(since, until, faults)
    return key, since, until


def _levers(rows: list[dict[str, Any]], base: Scenario, faults: list[Text]) -> Iterator[LeverAsked]:
    known, seen = movable(base), set[str]()
    for row in rows:
        key = row.get("id")
        if not isinstance(key, str) or key not in known or key in seen:
            faults.append(said("lever", name=str(key)[:40], known=", ".join(known)))
            continue
        seen.add(key)
        since, until = (_day(row, name, base, faults) for name in ("since", "until"))
        on = row.get("on") is not False
        if on and not known[key]:
            faults.append(said("lever.event", name=key))
        if on and not since:
            faults.append(said("lever.since", name=key))
        _in_order(since, until, faults)
        yield LeverAsked(key, on, since if on else None, until if on else None)


def movable(base: Scenario) -> dict[str, bool]:
    """Return the levers with settings in force, by id, and whether their days may be chosen."""
    held = [*dict.fromkeys(base.settings["lever"])]
    deals, rows = deals_of(base.content.deals), base.outcomes["levers"].str.split(";").explode()
    return {key: key in deals or key not in {*rows} for key in sorted(filter(None, held))}


def _beds(rows: list[dict[str, Any]], base: Scenario, faults: list[Text]) -> Iterator[BedsAsked]:
    places, seen = {*base.network.places["id"]}, set[str]()
    for row in rows:
        place, beds = row.get("place"), row.get("beds")
        if not isinstance(place, str) or place not in places or place in seen:
            faults.append(said("place", name=str(place)[:40]))
            continue
        seen.add(place)
        if (
            isinstance(beds, bool)
            or not isinstance(beds, int | float)
            or not 0 <= beds <= MOST_BEDS
        ):
            faults.append(said("beds", name=place, most=f"{MOST_BEDS:,}"))
            continue
        yield BedsAsked(place, float(beds), _day(row, "since", base, faults))


def _day(row: Mapping[str, Any], name: str, base: Scenario, faults: list[Text]) -> str | None:
    """Return a day of the run, as it is written; None where none is given."""
    text = row.get(name)
    if text is None or text == "":
        return None
    try:
        if not isinstance(text, str) or not DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        faults.append(said("day.form", day=str(text)[:40]))
        return None
    if not base.start <= day <= base.end:
        faults.append(said("day.outside", day=text, start=base.start, end=base.end))
        return None
    return text


def _in_order(since: str | None, until: str | None, faults: list[Text]) -> None:
    if since and until and pd.Timestamp(until) <= pd.Timestamp(since):
        faults.append(said("day.order", since=since, until=until))
