"""Parts of what is asked, checked: the question, levers and days, shelter places, weights."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeGuard

import pandas as pd

from rumbo.answers.outlook.weights import SLACK
from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.questions.question import NamedQuestion, questions_of
from rumbo.scenario.scenario import Scenario
from rumbo.studio.wording import Text, said

BEDS = "shelter.places"
"""The parameter that counts beds."""

MOST_BEDS = 10_000_000
"""Most beds at a place; beyond it a number is a slip."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


class LeverAsked(NamedTuple):
    """A lever that is left out, or holds from one day until another."""

    id: str
    on: bool
    since: str | None
    until: str | None


WeightsAsked = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
"""Weights of outcomes by event, as whoever asks gives them; those of an event sum to one."""


class BedsAsked(NamedTuple):
    """Shelter places at a place, from a day on."""

    place: str
    beds: float
    since: str | None


def question_in(
    row: object, base: Scenario, faults: list[Text]
) -> tuple[str, str | None, str | None] | None:
    """Return the question that is asked and its days, and note what is wrong with it."""
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


def levers_in(
    rows: list[dict[str, Any]], base: Scenario, faults: list[Text]
) -> Iterator[LeverAsked]:
    """Go through the levers that are asked for, and note what is wrong with them."""
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
        if on and not row.get("since"):
            faults.append(said("lever.since", name=key))
        _in_order(since, until, faults)
        yield LeverAsked(key, on, since if on else None, until if on else None)


def movable(base: Scenario) -> dict[str, bool]:
    """Return the levers with settings in force, by id, and whether their days may be chosen."""
    held = [*dict.fromkeys(base.settings["lever"])]
    deals, rows = deals_of(base.content.deals), base.outcomes["levers"].str.split(";").explode()
    return {key: key in deals or key not in {*rows} for key in sorted(filter(None, held))}


def beds_in(rows: list[dict[str, Any]], base: Scenario, faults: list[Text]) -> Iterator[BedsAsked]:
    """Go through the shelter places that are given, and note what is wrong with them."""
    places, seen = {*base.network.places["id"]}, set[str]()
    for row in rows:
        place = row.get("place")
        if not isinstance(place, str) or place not in places or place in seen:
            faults.append(said("place", name=str(place)[:40]))
            continue
        seen.add(place)
        if (beds := number_of_beds(row.get("beds"), place, faults)) is not None:
            yield BedsAsked(place, beds, _day(row, "since", base, faults))


def number_of_beds(given: object, place: str, faults: list[Text]) -> float | None:
    """Return a number of shelter places; None, and a fault, where it is none."""
    if _is_number(given, MOST_BEDS):
        return float(given)
    faults.append(said("beds", name=place, most=f"{MOST_BEDS:,}"))
    return None


def _is_number(given: object, most: float) -> TypeGuard[int | float]:
    """Whether something is a number from 0 to some most."""
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= most


def weights_in(given: object, base: Scenario, faults: list[Text]) -> WeightsAsked:
    """Return the weights that outcomes are given, and note what is wrong with them."""
    if not given:
        return ()
    if not isinstance(given, dict):
        faults.append(said("weights.form"))
        return ()
    events = base.outcomes.groupby("event")["outcome"]
    known = {str(event): {*own} for event, own in events}
    return tuple(_weighed(str(event), own, known, faults) for event, own in given.items())


def _weighed(
    event: str, own: object, known: Mapping[str, set[str]], faults: list[Text]
) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return the weights of one event; without any where something is wrong with them."""
    names = ", ".join(sorted(known.get(event, known))) or "\u2013"
    if event not in known:
        faults.append(said("weights.event", name=event[:40], known=names))
    elif not isinstance(own, dict) or not all(_is_number(one, 1) for one in own.values()):
        faults.append(said("weights.form"))
    elif (unknown := next((one for one in own if one not in known[event]), None)) is not None:
        faults.append(said("weights.outcome", name=unknown[:40], event=event, known=names))
    elif abs((total := sum(own.values())) - 1.0) > SLACK:
        faults.append(said("weights.sum", event=event, total=f"{total:g}"))
    else:
        return event, tuple((outcome, float(weight)) for outcome, weight in own.items())
    return event, ()


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
