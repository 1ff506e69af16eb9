"""What a result tells of minds beside its numbers: beliefs and paces by week, of a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.model.minds.hearing import Beliefs, beliefs_of
from rumbo.model.minds.outlook import FAINT, came_in
from rumbo.model.pace import Paces, Pacing
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.outcomes import outcomes_of

MOST_GROUPS, MOST_SCENARIOS = 3, 4
"""Groups that are told of, each of another nationality, and scenarios: a result stays small."""

MOST_PLACES = {"planning": 2, "going": 4, "asking": 2}
"""Places that are told of, by what people decide there."""

MOST_POINTS = 120
"""Points of a path; those of a longer run stand for several weeks each."""

WEEK = 7

FIRST_TOLD = "told_first"
"""Role of places that come before those with most people."""


class Paced(NamedTuple):
    """A scenario's paces, as they were run.

    Attributes
    ----------
    name
        Its name.
    pace
        That of every day.
    """

    name: str
    pace: Pacing


@dataclass(frozen=True, eq=False)
class Crowds:
    """Who is where in a run: whom and which places it tells of follows from that.

    Attributes
    ----------
    queue, waiting
        Mean people who ask for an appointment, and all who stay; shape (P, G).
    """

    queue: Array
    waiting: Array

    @cached_property
    def groups(self) -> Index:
        """Groups, the largest in the queue first, then those of which most wait."""
        return np.lexsort((-self.waiting.sum(axis=0), -self.queue.sum(axis=0)))

    def at(self, decision: str) -> Array:
        """Return how many people decide on something at each place; shape (P,)."""
        size: Array = (self.queue if decision == "asking" else self.waiting).sum(axis=1)
        return size


def told_minds(
    scenario: Scenario, paced: Sequence[Paced], paces: Paces, recorded: int, crowds: Crowds
) -> dict[str, Any]:
    """Return beliefs and paces as a result carries them.

    Parameters
    ----------
    scenario
        Scenario whose beliefs are told: they follow from the tree, and are the same in its branches
        until the news.
    paced
        The scenarios in which people believe anything; the first few are told.
    paces
        The paces there are.
    recorded
        First day that is recorded.
    crowds
        Who is where.

    Returns
    -------
    dict
        First days of the weeks; beliefs on these by outcome and kind of hearers, where most people
        wait, and on the eve of the news; mean paces by scenario, decision, place and group: those
        of the values as they are set.
    """
    calendar = Calendar(scenario)
    beliefs = beliefs_of(calendar, came_in(scenario))
    weeks = Weeks(recorded, calendar.dates)
    held = _beliefs(scenario, beliefs, weeks, crowds)
    rows = [
        row
        for one in paced[:MOST_SCENARIOS]
        for row in _paces(scenario, one, paces, weeks, crowds, beliefs.hearer)
    ]
    awaited = {one.key for one in outcomes_of(scenario.outcomes) if one.levers}
    told = weeks.told(
        [row["held"] for row in held if row["outcome"] in awaited], [row["pace"] for row in rows]
    )
    return {
        "from": np.datetime_as_string(weeks.dates[told], unit="D").tolist(),
        "days": weeks.step,
        "place": str(scenario.network.places["id"].iloc[_lead(crowds)]),
        "beliefs": [{**row, "held": np.round(row["held"][told], 3).tolist()} for row in held],
        "paces": [{**row, "pace": _short(row["pace"][told])} for row in rows],
    }


@dataclass(frozen=True, eq=False)
class Weeks:
    """Weeks from the first recorded day on; the last may be shorter.

    Attributes
    ----------
    recorded
        First day that is recorded.
    days
        Every day; shape (T,).
    """

    recorded: int
    days: NDArray[np.datetime64]

    @property
    def step(self) -> int:
        """Days of a week, or of several where the run is long."""
        long = len(self.days) - self.recorded
        return WEEK * max(1, -(-long // (WEEK * MOST_POINTS)))

    @property
    def starts(self) -> Index:
        """First day of each, counted from the first recorded."""
        return np.arange(0, len(self.days) - self.recorded, self.step)

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """First day of each."""
        return self.days[self.recorded :][self.starts]

    def means(self, daily: Array) -> Array:
        """Return means by week of what has a value on each recorded day, the first axis."""
        size = np.diff(np.append(self.starts, len(daily)))
        sums = np.add.reduceat(daily, self.starts, axis=0)
        return np.asarray(sums / size.reshape(-1, *[1] * (daily.ndim - 1)))

    def eve(self, daily: Array, day: int) -> list[Any]:
        """Return the day before one, and what has a value on each day then; [] if not recorded."""
        if not self.recorded < day <= len(self.days):
            return []
        return [str(self.days[day - 1]), round(float(daily[day - 1]), 3)]

    def told(self, held: Sequence[Array], paces: Sequence[Array]) -> slice:
        """Return the weeks in which anything is believed or anybody is faster or slower."""
        moved = np.zeros(len(self.starts), dtype=bool)
        for one in held:
            moved |= one >= FAINT
        for one in paces:
            moved |= one != 1.0
        (at,) = np.nonzero(moved)
        return slice(int(at[0]), int(at[-1]) + 1) if len(at) else slice(0, 0)


def _lead(crowds: Crowds) -> int:
    """Return the place at which most people wait."""
    return int(crowds.waiting.sum(axis=1).argmax())


def _beliefs(
    scenario: Scenario, beliefs: Beliefs, weeks: Weeks, crowds: Crowds
) -> list[dict[str, Any]]:
    """Return what each kind of hearers believes where most people wait, the largest kind first."""
    ids, lead = scenario.groups["id"].to_numpy(), _lead(crowds)
    kinds = dict.fromkeys(beliefs.hearer[crowds.groups].tolist())
    return [
        {
            "outcome": key,
            "groups": ids[beliefs.hearer == kind].tolist(),
            "held": beliefs.path[i][weeks.recorded + weeks.starts, kind, lead],
            "eve": weeks.eve(beliefs.path[i][:, kind, lead], int(beliefs.on[i])),
        }
        for i, key in enumerate(beliefs.outcomes)
        for kind in list(kinds)[:MOST_GROUPS]
    ]


def _paces(
    scenario: Scenario, paced: Paced, paces: Paces, weeks: Weeks, crowds: Crowds, hearer: Index
) -> list[dict[str, Any]]:
    """Return how fast a few groups decide at a few places; nothing if always as usual."""
    groups = _groups(scenario, crowds, hearer)
    numbers = [n for decision in MOST_PLACES for n in _numbers(scenario, decision, paces, crowds)]
    days = range(weeks.recorded, len(weeks.days))
    pace = weeks.means(np.stack([_on(paced.pace, t, groups, numbers) for t in days]))
    ids, places = scenario.groups["id"], scenario.network.places["id"]
    return [
        {
            "scenario": paced.name,
            "decision": paces.decision[number],
            "place": str(places.iloc[paces.place[number]]),
            "group": str(ids.iloc[group]),
            "pace": pace[:, g, n],
        }
        for n, number in enumerate(numbers)
        for g, group in enumerate(groups)
        if (pace[:, :, n] != 1.0).any()
    ]


def _on(pace: Pacing, t: int, groups: list[int], numbers: list[int]) -> Array:
    """Return the paces of a day; shape (groups, numbers)."""
    table = pace.on(t)[0]
    size = len(groups), len(numbers)
    return table[np.ix_(groups, numbers)] if table.size > 1 else np.ones(size)


def _groups(scenario: Scenario, crowds: Crowds, hearer: Index) -> list[int]:
    """Return the largest groups: first one of each kind of hearers, all of other nationalities."""
    nationality = scenario.groups["nationality"].to_numpy()
    order = crowds.groups
    firsts = order[np.sort(np.unique(hearer[order], return_index=True)[1])]
    chosen: dict[str, int] = {}
    for group in (*firsts, *order):
        chosen.setdefault(str(nationality[group]), int(group))
    few = list(chosen.values())[:MOST_GROUPS]
    return sorted(few, key=order.tolist().index)


def _numbers(scenario: Scenario, decision: str, paces: Paces, crowds: Crowds) -> list[int]:
    """Return the paces of a decision at a few places, from south to north."""
    places, size = scenario.network.places, crowds.at(decision)
    roles = [FIRST_TOLD in str(cell).split(";") for cell in places["roles"]]
    numbers = paces.numbers(decision).tolist()
    numbers.sort(key=lambda n: (not roles[paces.place[n]], -size[paces.place[n]]))
    few = numbers[: MOST_PLACES[decision]]
    return sorted(few, key=lambda n: float(places["lat"].iloc[paces.place[n]]))


def _short(values: Array) -> list[float]:
    """Return numbers to three digits."""
    return [float(f"{value:.3g}") for value in values]
