"""From what is asked to the two scenarios that are run: the corridor beside what differs."""

from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from rumbo.answers.outlook.weights import Weights
from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.studio.parts import BEDS
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.wording import Text, said

GIVEN = "given"
"""Source of what whoever asks gives."""


class Compared(NamedTuple):
    """What is compared.

    Attributes
    ----------
    first, second
        The scenario that others are compared with, and what is asked; ``second`` is None where
        nothing differs from the record.
    weights
        Of outcomes, which bear on months ahead alone; empty for the corridor's own.
    """

    first: Scenario
    second: Scenario | None
    weights: Weights = MappingProxyType({})

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Both, or the first alone."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def note(self) -> Text | None:
        """What is to be known before the scenarios are run; None if nothing is."""
        return said("file.weights") if self.weights else None

    def stands(self, base: Scenario) -> bool:
        """Whether the first is the corridor as it was, whatever it is called."""
        if self.first is base:
            return True
        alike = _content(self.first) == _content(base)
        return alike and self.first.settings.equals(base.settings)


@lru_cache(maxsize=32)
def pair_asked(asked: ScenarioAsked, base: Scenario) -> Compared:
    """Return the scenarios that are compared.

    Without a question the corridor as it was stands beside what differs. A question is asked of the
    corridor with all else that differs, on both sides; where it asks of beds, these are its own.

    Parameters
    ----------
    asked
        What is asked, checked.
    base
        The corridor.

    Returns
    -------
    Compared

    Raises
    ------
    Faults
        If levers, days and beds do not go together.
    """
    altered = with_levers(asked, base)
    question = questions_of(base.questions)[asked.question[0]] if asked.question else None
    of_beds = question is not None and question.of_beds
    altered = altered if of_beds else with_beds(asked, altered)
    if asked.question is None or question is None:
        differs = bool(asked.levers or asked.beds)
        return Compared(base, altered.named(asked.name or altered.name) if differs else None)
    own = altered.named(base.name) if altered is base else altered
    beds = {one.place: one.beds for one in asked.beds} if of_beds else None
    key, since, until = asked.question
    return Compared(*own.ask(key, since=since, until=until, beds=beds))


def _content(one: Scenario) -> dict[str, Any]:
    """Return what a scenario says of itself, without what it is called and asked for."""
    return {name: told for name, told in one.describe().items() if name not in ("name", "asking")}


def with_levers(asked: ScenarioAsked, one: Scenario) -> Scenario:
    """Return a scenario with levers left out, or on the days asked for."""
    deals = deals_of(one.content.deals)
    for lever in asked.levers:
        if not lever.on:
            one = one.without(lever.id)
        elif lever.id in deals:
            one = one.deal(lever.id, since=lever.since, until=lever.until)
        else:
            one = one.move(lever.id, since=lever.since or "", until=lever.until)
    return one


def with_beds(asked: ScenarioAsked, one: Scenario) -> Scenario:
    """Return a scenario with the shelter places that are given."""
    for each in asked.beds:
        one = one.change(BEDS, each.beds, at=each.place, since=each.since, source=GIVEN)
    return one
