"""An answer as the page is sent it: put together from a result."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from rumbo.report.answer.effects import about_beds, asked_months
from rumbo.report.answer.flows import has_beds, short_of_beds, waiting_at
from rumbo.report.read.names import place_name
from rumbo.report.read.run import Run
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.sentence import (
    ASKED,
    CHANCE,
    SHORT,
    differs,
    joined,
    marks,
    sentence,
    speaks_briefly,
    who,
)
from rumbo.studio.sheet import moving_on_map, waiting_on_map, ways_of
from rumbo.studio.told import (
    Told,
    banded,
    having_side,
    names_of,
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
    beds
        What the page is told of shelter places, by place.
    fitted
        Day of the fit; empty if there is none.
    """

    flows: Sequence[str]
    costs: Sequence[str]
    weak: Collection[str]
    titles: dict[str, Text]
    beds: dict[str, Told | None]
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
    first = SHORT if about_beds(run) and len(run.scenarios) > 1 else ASKED
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
        "differs": told,
        "sentence": sentence(run, kind, asked.place, joined(told), one=one),
        "who": who(run, beside.fitted),
        "speaks": speaks_briefly(run) if len(run.scenarios) > 1 else None,
        "having": ("base", "changed")[having_side(run)],
        "summed": summed(run),
        "names": names_of(run, joined(told)),
        "marks": marks(asked, run, beside.titles),
        "source": said("source", **about),
        "months": [f"{month:%Y-%m}" for month in run.times],
        "series": series_of(run, flows, beside.weak, one=one),
        "costs": series_of(run, beside.costs, beside.weak, one=one),
        "waiting": waiting_on_map(run, one=one),
        "ways": moving_on_map(run, ways_of(run), one=one),
        "place": place_of(run, asked.place, beside, one=one) if asked.place else None,
    }


def summed(run: Run) -> list[str]:
    """Return the first and the last month of what is summed: those that a question asks about."""
    months = pd.DatetimeIndex(asked_months(run, run.data["waiting"])["month"].values)
    return [f"{months[n]:%Y-%m}" for n in (0, -1)]


def place_of(run: Run, place: str, beside: Shown, *, one: bool) -> Told:
    """Return what is told of one place: who is there, and who finds no bed where beds are known."""
    present = titled(run, "present", "here.waiting")
    present |= banded(run, waiting_at(run, place), "stock", one=one)
    short = None
    if has_beds(run, place):
        short = titled(run, "short", "here.short")
        short |= banded(run, short_of_beds(run, place), "stock", one=one)
    name = place_name(run.places[place], run.words)
    return {
        "id": place,
        "name": name,
        "beds": beside.beds[place],
        "present": present,
        "short": short,
    }
