"""From a named question to the two scenarios that answer it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.scenario.changes import as_day, check_names
from rumbo.scenario.questions.moving import Asking
from rumbo.scenario.questions.question import TABLE, NamedQuestion, Part, questions_of

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario

CALL = "ask"
"""What faults of a call are named after."""

GIVEN = "given"
"""Source of a number of beds: whoever asks gives it."""

Day = date | str | None


def pair_of(
    scenario: "Scenario", name: str, since: Day, until: Day, beds: Mapping[str, float] | None
) -> tuple["Scenario", "Scenario"]:
    """Return the scenarios without and with what is asked, that which stands as it is first.

    Parameters
    ----------
    scenario
        The scenario that is asked of.
    name, since, until, beds
        As in `rumbo.Scenario.ask`.

    Returns
    -------
    tuple of Scenario

    Raises
    ------
    Faults
        As in `rumbo.Scenario.ask`.
    """
    check_names(CALL, question=name)
    question, faults = named_question(scenario, name), Collector()
    days = _days(question, since, until, faults)
    _check_inside(scenario, days, faults)
    _check_moved(scenario, question, days[0], faults)
    if question.of_beds and not beds:
        cure = "Give beds={'place': number}, on the command line --beds PLACE=NUMBER"
        faults.add(CALL, 0, f"the question '{name}' asks of beds, and none are given", cure)
    if until and not since and any(part.does == "lever" for part in question.parts):
        message = "an end (until) is given without a beginning (since), to which the lever moves"
        faults.add(CALL, 0, message, "Give both, or neither")
    faults.check()
    own = {} if question.of_beds else beds or {}
    first = other = with_beds(scenario, own)
    for part in question.parts:
        first, other = _sides(part, first, other, days, beds or {})
    begun, ended = ("" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in days)
    dated = (f"since {begun}" if begun else "", f"until {ended}" if ended else "")
    label = " ".join(filter(None, (name, *dated)))
    told = Asking(name, "without", begun, ended)
    without = replace(first, asking=told)
    with_it = replace(other.named(label), asking=told._replace(side="with"))
    stands = other.settings.equals(with_beds(scenario, own).settings)
    return (with_it, without) if stands else (without, with_it)


def named_question(scenario: "Scenario", name: str) -> NamedQuestion:
    """Return a question of a corridor.

    Raises
    ------
    Faults
        If the corridor has no such question.
    """
    known = questions_of(scenario.questions)
    if name not in known:
        cure = choose(str(name), [*known]) if known else f"Add it to {TABLE} of the corridor"
        raise Faults([Fault(CALL, 0, f"the corridor has no question '{name}'", cure)])
    return known[name]


def with_beds(scenario: "Scenario", beds: Mapping[str, float]) -> "Scenario":
    """Return a scenario with shelter places as given, its name kept.

    Parameters
    ----------
    scenario
        The scenario.
    beds
        Shelter places by place.
    """
    one = scenario
    for place, number in beds.items():
        one = one.change(BEDS, number, at=place, source=GIVEN)
    return one.named(scenario.name) if beds else scenario


BEDS = "shelter.places"
"""The parameter that counts beds."""


def _days(
    question: NamedQuestion, since: Day, until: Day, faults: Collector
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days from which and until which is asked: those given, or the question's own."""
    if not question.dated:
        if since or until:
            message = f"the question '{question.key}' has days of its own"
            faults.add(CALL, 0, message, "Leave out the days")
        return pd.NaT, pd.NaT
    first = as_day(CALL, "since", since, faults)
    last = as_day(CALL, "until", until, faults)
    first = question.since if pd.isna(first) else first
    last = question.until if pd.isna(last) and not since else last
    if last <= first:
        message = f"until {last:%Y-%m-%d} is not after since {first:%Y-%m-%d}"
        faults.add(CALL, 0, message, "Swap the two dates; until is the first day after")
    return first, last


def _check_inside(
    scenario: "Scenario", days: tuple[pd.Timestamp, pd.Timestamp], faults: Collector
) -> None:
    """Note days on which nothing would be asked, as none of the run is among them."""
    (first, last), begin, end = days, scenario.start, scenario.end
    cure = "Choose a day of the run, or let the run last longer"
    if not pd.isna(first) and not begin <= first.date() <= end:
        message = f"since is {first:%Y-%m-%d}, expected a day from {begin} to {end}"
        faults.add(CALL, 0, message, cure)
    if not (pd.isna(last) or last <= first) and last.date() <= begin:
        message = f"until is {last:%Y-%m-%d}, expected a day after {begin}"
        faults.add(CALL, 0, message, cure)


def _check_moved(
    scenario: "Scenario", question: NamedQuestion, first: pd.Timestamp, faults: Collector
) -> None:
    """Note levers that begin anyway on the day to which a question moves them."""
    levers = scenario.levers
    for part in question.parts:
        own = levers.loc[levers["lever"] == part.what, "since"].min()
        if part.does == "move" and own == first:
            message = f"'{part.what}' begins on {first:%Y-%m-%d} anyway, so that nothing is moved"
            faults.add(CALL, 0, message, "Choose another day")


def _sides(
    part: Part,
    first: "Scenario",
    other: "Scenario",
    days: tuple[pd.Timestamp, pd.Timestamp],
    beds: Mapping[str, float],
) -> tuple["Scenario", "Scenario"]:
    """Return the two sides once a part of a question is asked of them."""
    since, until = (None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in days)
    if part.does == "set":
        at, group = part.at or None, part.group or None
        return first, other.change(
            part.what, part.value, at=at, group=group, since=since, until=until, source=part.source
        )
    if part.does == "move":
        return first, other.move(part.what, since=since or "", until=until, only=part.only)
    if part.does == "deal":
        moved = other.deal(part.what, since=since, until=until) if since or until else other
        return _without_deal(part.what, first), moved
    if part.does == "lever":
        moved = other.move(part.what, since=since, until=until) if since else other
        return first.without(part.what), moved
    if part.does == "beds":
        for place, number in beds.items():
            other = other.change(
                part.what, number, at=place, since=since, until=until, source=GIVEN
            )
        return first, other
    return first.given(part.against), other.given(part.what)


def _without_deal(deal: str, one: "Scenario") -> "Scenario":
    """Return a scenario without a deal: as it is, where the deal waits to be placed."""
    return one.without(deal) if deal in one.deals_in_force else one
