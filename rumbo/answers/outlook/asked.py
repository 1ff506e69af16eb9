"""What an outlook is asked for, and on which days one can be made."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.answers.outlook.refused import refusal
from rumbo.files.faults import choose
from rumbo.fitting.problem import check_whole
from rumbo.fitting.views import views_of
from rumbo.forecasting.corridor.hindcast import FEWEST
from rumbo.forecasting.form import HORIZON
from rumbo.scenario.arrays import Months
from rumbo.scenario.changes import day_of
from rumbo.scenario.figures import HINDSIGHT, Key, known
from rumbo.scenario.roles import TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.ahead import month_end

TOLD_FIRST = "told_first"
"""Role of places that are told of before others."""


class OutlookSize(NamedTuple):
    """Size and luck of an outlook.

    Attributes
    ----------
    members, passes
        Of the fit as of the day, where none is at hand.
    drawn
        Members that are run on.
    seed
        Names the luck of all.
    """

    members: int = 160
    passes: int = 2
    drawn: int = 100
    seed: int = 1


class OutlookAsked(NamedTuple):
    """What is asked of a corridor ahead of a day.

    Attributes
    ----------
    as_of
        The day; nothing known later is looked at.
    months
        Months ahead: whole ones that begin after the day; shape (H,).
    place
        Place that is told of.
    events
        Events to branch on; all that are ahead if empty.
    beds
        Shelter places there, as whoever asks gives them; None for those that are known.
    """

    as_of: date
    months: Months
    place: str
    events: tuple[str, ...] = ()
    beds: float | None = None


def asked_of(
    scenario: Scenario,
    as_of: str | date | None,
    months: int,
    place: str | None,
    events: tuple[str, ...] = (),
    language: str = "en",
    beds: Mapping[str, float] | None = None,
) -> OutlookAsked:
    """Return what is asked, checked before anything is fitted.

    Parameters
    ----------
    scenario
        The corridor as it is known today.
    as_of
        The day; the last on which it is known who enters if None.
    months
        Months ahead, 1 to 6.
    place
        Id of a place; if None that of the beds, else the first that the corridor tells of.
    events
        Events to branch on; whether they are ahead is seen once the corridor is.
    language
        Of what is refused.
    beds
        Shelter places by place, where whoever asks gives them.

    Returns
    -------
    OutlookAsked

    Raises
    ------
    Faults
        If no outlook can be made as of the day, for so many months, or of the place; or if beds
        are given for a place that is not told of.
    """
    check_whole(scenario)
    last = last_day(scenario)
    day = last if as_of is None else day_of("outlook", "as_of", as_of).date()
    if day < (first := first_day(scenario)):
        raise refusal("early", language, day=day, start=scenario.start, first=first)
    if day > last:
        month = _counted(scenario)["month"].max()
        told = {"day": day, "month": f"{month:%Y-%m}", "last": last, "corridor": scenario.id}
        raise refusal("late", language, **told)
    if not 1 <= months <= HORIZON:
        raise refusal("months", language, months=months, most=HORIZON)
    ahead, given = np.datetime64(day, "M") + 1 + np.arange(months), dict(beds or {})
    of = _place(scenario, place or next(iter(given), None), language)
    if other := next((one for one in given if one != of), None):
        raise refusal("beds", language, name=other, place=of)
    return OutlookAsked(day, ahead, of, events, given.get(of))


def _place(scenario: Scenario, place: str | None, language: str) -> str:
    places = scenario.network.places
    names = places["id"].tolist()
    waiting = places[places["country"].isin(scenario.roles.waiting)]
    first = [*places["id"][scenario.network.having(TOLD_FIRST)], *waiting["id"], *names]
    if place is None:
        return str(first[0])
    if place not in names:
        shown = ", ".join(dict.fromkeys(first[:5]))
        choice = choose(place, names)
        raise refusal("place", language, place=place, choice=choice, names=shown)
    return place


def _counted(scenario: Scenario, *also: str) -> pd.DataFrame:
    """Return the counts that say who enters, of all zones where none on the way is there.

    With them go those of further views, by name; in order of months and days of publication.
    """
    seen, views = known(scenario, HINDSIGHT), views_of(scenario.roles)
    there = [
        view.total
        for name, view in views.items()
        if (name.startswith(TRANSIT) or name in also)
        and view.total in seen.keys(view.total.measure, view.total.component)
    ]
    keys: list[Key] = there or [views[ZONES].total]
    table = scenario.figures
    whole = table["area"].isin(["", "all"]) & table["nationality"].isin(["", "all"])
    pairs = {(key.measure, key.component) for key in keys}
    named = zip(table["measure"], table["component"], strict=True)
    mine = np.array([pair in pairs for pair in named], dtype=bool)
    return table[whole & mine].sort_values(["month", "published"], kind="stable")


def last_day(scenario: Scenario) -> date:
    """Return the last day on which it is known who enters.

    Parameters
    ----------
    scenario
        The corridor.

    Returns
    -------
    datetime.date
        The eve of the day on which the count after the last one is due, if it takes as long.
    """
    newest = _counted(scenario).iloc[-1]
    ended = newest["month"] + pd.offsets.MonthEnd(0)
    due = newest["month"] + pd.offsets.MonthEnd(2) + (newest["published"] - ended)
    day: date = (due - pd.Timedelta(days=1)).date()
    return day


def first_day(scenario: Scenario) -> date:
    """Return the first day by which `FEWEST` months of the run had been counted.

    Parameters
    ----------
    scenario
        The corridor.

    Returns
    -------
    datetime.date
        The last day that there can be where so many never were.
    """
    month = pd.Timestamp(scenario.start).replace(day=1) + pd.DateOffset(months=FEWEST - 1)
    counted = _counted(scenario, ZONES)
    published = counted[counted["month"] >= month].groupby("component")["published"].min()
    return HINDSIGHT if published.empty else published.max().date()


def reaching(scenario: Scenario) -> Scenario:
    """Return a corridor that runs as far as it is known who entered.

    Parameters
    ----------
    scenario
        The corridor, whose days may end before that.

    Returns
    -------
    Scenario
    """
    newest = min(_counted(scenario)["month"].max(), scenario.inflows["month"].max())
    end = month_end(np.datetime64(newest, "M"))
    return replace(scenario, end=max(scenario.end, end), posterior=None)
