"""An answer as the page is sent it: put together from a result."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from rumbo.report.answer.effects import about_beds, asked_months
from rumbo.report.answer.flows import short_of_beds, waiting_at
from rumbo.report.read.beds import has_beds, places_added, side_with_beds
from rumbo.report.read.names import place_name
from rumbo.report.read.run import Run
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.sheet import moving_on_map, waiting_on_map, ways_of
from rumbo.studio.telling.amounts import ASKED, SHORT
from rumbo.studio.telling.differing import differs, joined, marks
from rumbo.studio.telling.sentence import CHANCE, speaks_briefly, spoken, who
from rumbo.studio.told import (
    Told,
    banded,
    both,
    names_of,
    of_one_side,
    series_of,
    titled,
)
from rumbo.studio.wording import Text, said


class Shown(NamedTuple):
    """What stands beside every answer about a corridor.

    Attributes
    ----------
    flows, costs
        Quantities that are drawn.
    weak
        Those that fail the record.
    titles
        Titles of questions and levers, by kind and id.
    fitted
        Day of the fit; empty if there is none.
    """

    flows: Sequence[str]
    costs: Sequence[str]
    weak: Collection[str]
    titles: dict[str, Text]
    fitted: str


def answer_of(run: Run, asked: ScenarioAsked, beside: Shown, kind: str, *, one: bool) -> Told:
    """Return an answer, ready for JSON.

    Parameters
    ----------
    run
        The result of the months so far: of one scenario, or of two that are compared.
    asked
        What is asked.
    beside
        What stands beside every answer.
    kind
        Whether members are draws of the fit, or simulations with chance.
    one
        Whether there is a single draw, without a range.

    Returns
    -------
    dict
    """
    given = any(not asked.question or one.place == asked.place for one in asked.beds)
    beds = about_beds(run) or given
    alone = about_beds(run) or bool(asked.beds and not (asked.levers or asked.question))
    speaks = speaks_briefly(run, beside.fitted, beds=alone)
    first = SHORT if beds and len(run.scenarios) > 1 else ASKED
    flows = list(dict.fromkeys((first, *beside.flows)))
    told = differs(asked, run, beside.titles)
    about = {
        "version": run.data.attrs.get("version", ""),
        "corridor": run.background["corridor"]["id"],
        "fit": said("source.fit", day=beside.fitted) if beside.fitted else "",
    }
    return {
        "members": run.members,
        "chance": kind == CHANCE,
        "first": 0,
        "differs": told or [said("looking.record")],
        "record": not told,
        **spoken(run, kind, asked.place, joined(told), speaks=speaks, one=one, beds=beds)._asdict(),
        "who": who(run, beside.fitted, beds=alone),
        "speaks": speaks if len(run.scenarios) > 1 else None,
        "summed": both(run, summed),
        "names": names_of(run, joined(told)),
        "marks": marks(asked, run, beside.titles),
        "source": said("source", **about),
        "months": [f"{month:%Y-%m}" for month in run.times],
        "series": series_of(run, flows, beside.weak, one=one),
        "costs": series_of(run, beside.costs, beside.weak, one=one),
        "waiting": waiting_on_map(run, one=one),
        "ways": moving_on_map(run, ways_of(run), one=one),
        "place": place_of(run, asked.place, one=one) if asked.place else None,
    }


def summed(run: Run) -> str:
    """Return the first and the last month of what is summed: those that a question asks about."""
    months = pd.DatetimeIndex(asked_months(run, run.data["waiting"])["month"].values)
    return " \u2013 ".join(run.words.month(months[n]) for n in (0, -1))


def place_of(run: Run, place: str, *, one: bool) -> Told:
    """Return what is told of one place: who is there, and who finds no bed where beds are known."""
    present = _here(run, place, "present", "here.waiting")
    present |= banded(run, waiting_at(run, place), "stock", one=one)
    short = None
    alone = side_with_beds(run, place) if place in places_added(run) else None
    if alone is not None or (has_beds(run, place) and place not in places_added(run)):
        short = _here(run, place, "short", "here.short")
        short |= banded(run, short_of_beds(run, place), "stock", one=one)
        short = short if alone is None else of_one_side(short, alone)
    return {
        "id": place,
        "name": place_name(run.places[place], run.words),
        "present": present,
        "short": short,
    }


def _here(run: Run, place: str, name: str, key: str) -> Told:
    """Return what a series of a place is called: there, and where it stands beside others."""
    told = titled(run, name, key)
    named = both(run, lambda own: f"{place_name(own.places[place], own.words)}: {own.words(key)}")
    return {**told, "name": named, "here": told["name"]}
