"""What the page or a saved file asks, checked; and the scenarios that it means."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.studio.parts import (
    BedsAsked,
    LeverAsked,
    WeightsAsked,
    beds_in,
    levers_in,
    question_in,
    weights_in,
)
from rumbo.studio.wording import LANGUAGES, Refused, Text, refused, said

MOST_NAME = 200
"""Most letters of a name."""


FEWEST, MOST = 2, 200
"""Members of a run that the page may ask for."""


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
    weights
        Of outcomes, by which months ahead are mixed; empty for the corridor's own.
    """

    name: str
    language: str
    question: tuple[str, str | None, str | None] | None
    levers: tuple[LeverAsked, ...]
    beds: tuple[BedsAsked, ...]
    place: str | None
    weights: WeightsAsked = ()

    @property
    def run(self) -> "ScenarioAsked":
        """What is run: the same, whatever it is called and of whichever place it is told."""
        return self._replace(name="", language="en", place=None, weights=())

    def as_json(self) -> dict[str, Any]:
        """Return it as the page writes it."""
        own = self.question
        question = own and _full({"id": own[0], "since": own[1], "until": own[2]})
        levers = [
            _full(one._asdict()) if one.on else {"id": one.id, "on": False} for one in self.levers
        ]
        beds = [_full(one._asdict()) for one in self.beds]
        told = {"name": self.name, "language": self.language, "question": question or None}
        more = {"levers": levers, "beds": beds, "place": self.place}
        return {**told, **more, "weights": weights_by_event(self.weights)}


def weights_by_event(weights: WeightsAsked) -> dict[str, dict[str, float]]:
    """Return weights as a mapping, as they are written."""
    return {event: dict(own) for event, own in weights}


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


FIELDS = {*ScenarioAsked._fields}


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
        said("scenario.field", name=str(name)[:40]) for name in sorted({*content} - FIELDS)
    ]
    language, name = content.get("language") or "en", content.get("name") or ""
    if language not in LANGUAGES or not isinstance(name, str) or len(name) > MOST_NAME:
        faults.append(said("scenario.name"))
    question = question_in(content.get("question"), base, faults)
    levers = tuple(levers_in(_rows(content, "levers", faults), base, faults))
    beds = tuple(beds_in(_rows(content, "beds", faults), base, faults))
    place = content.get("place") or None
    if place is not None and place not in [*base.network.places["id"]]:
        faults.append(said("place", name=str(place)[:40]))
    weights = weights_in(content.get("weights"), base, faults)
    known = questions_of(base.questions)
    if question and known[question[0]].of_beds and not beds:
        faults.append(said("beds.none"))
    if faults:
        raise Refused(faults)
    return ScenarioAsked(name, language, question, levers, beds, place, weights)


def _rows(content: Mapping[str, Any], name: str, faults: list[Text]) -> list[dict[str, Any]]:
    rows = content.get(name) or []
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(said("scenario.rows", name=name))
    return []


def members_in(content: object) -> int:
    """Return how many members are asked for; 0 for none.

    Raises
    ------
    Refused
        If it is no whole number, too few or too many.
    """
    if content is None or content == 0:
        return 0
    if not isinstance(content, int) or isinstance(content, bool) or not FEWEST <= content <= MOST:
        raise refused("members", most=MOST)
    return content
