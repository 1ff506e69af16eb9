"""What people believe of dated events, made into how fast they set out or ask.

People reckon with the values in force on the day, and with those that an outcome would bring on the
day from which it holds. Before that day the pace follows the belief of the day; after it, if the
outcome came, what is left of the belief. Outcomes without levers change nothing that anybody could
await. The logs of several outcomes are added up: each is reckoned as if it stood alone, beside what
is known by then of other events. Beliefs in what one event may bring sum to 1 at most.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.space import NOWHERE, Space
from rumbo.model.minds.backwards import MOST
from rumbo.model.minds.chain import decisions
from rumbo.model.minds.dates import any_day, blurred_date
from rumbo.model.minds.hearing import Beliefs, beliefs_of
from rumbo.model.minds.pace import (
    Asked,
    Prospect,
    at_belief,
    beliefs_around,
    pace_table,
    paces_after,
)
from rumbo.model.minds.world import Groups, Reckonings, World
from rumbo.model.pace import Paces, Pacing, pacing
from rumbo.model.rules import Values
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.outcomes import Outcome, by_event, each_outcome, outcomes_of

RULE = "minds"

FAINT = 0.01
"""Beliefs below this move nobody: with the largest stakes a log pace of some hundredths."""

WIDE = 3.0
"""Standard deviations of a believed date after which nobody awaits it any more."""


class Stretch(NamedTuple):
    """Paces of some successive days.

    Attributes
    ----------
    first
        The first day.
    log
        Logs of the paces; shape (T, G, 1 + S).
    learned
        What they change by for members who see nobody get through; of the same shape.
    """

    first: int
    log: Array
    learned: Array


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a scenario's paces are worked out from.

    Attributes
    ----------
    calendar
        What is in force on each day.
    space, paces
        The structure, and which transitions go faster or slower together.
    values_in
        Values in force in a segment of a calendar.
    rate_under
        Rates under them; shape (G, M).
    known
        Logs of paces that were worked out.
    """

    calendar: Calendar
    space: Space
    paces: Paces
    values_in: Callable[[Calendar, int], Values]
    rate_under: Callable[[Values], Array]
    known: Reckonings

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.calendar.scenario

    @cached_property
    def decision(self) -> Index:
        """Decision that each transition is part of: one for each compartment and pace; (M,)."""
        return decisions(self.space, self.paces.of)

    @cached_property
    def column(self) -> Index:
        """Decision that stands for each pace but the first: of those least often moved; (S,)."""
        rows = np.flatnonzero(self.decision != NOWHERE)
        moved = np.array([self.space.compartments[c].moved for c in self.space.source[rows]])
        rows = rows[np.argsort(moved, kind="stable")]
        numbers, first = np.unique(self.paces.of[rows], return_index=True)
        assert numbers.tolist() == list(range(1, len(self.paces.place)))
        return self.decision[rows[first]]

    @cached_property
    def came(self) -> dict[str, bool]:
        """Which outcomes come, by ``event=outcome``."""
        return came_in(self.scenario)

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """What dated events may bring, each once."""
        return each_outcome(outcomes_of(self.scenario.outcomes))

    @cached_property
    def beliefs(self) -> Beliefs:
        """What is believed of them."""
        return beliefs_of(self.calendar, self.came)

    @cached_property
    def worlds(self) -> dict[int, World]:
        """Worlds that were worked out, by segment."""
        return {}

    def world(self, segment: int) -> World:
        """Return the world of a segment."""
        if segment not in self.worlds:
            self.worlds[segment] = self.under(self.values_in(self.calendar, segment))
        return self.worlds[segment]

    def under(self, values: Values) -> World:
        """Return the world under some values."""
        rate = self.rate_under(values)
        return World(self.space, self.decision, rate, values, self.scenario.step)

    def news_beside(self, one: Outcome) -> dict[str, int]:
        """Return the day on which each other event is decided; may lie outside the days."""
        first, events = self.calendar.dates[0], by_event(outcomes_of(self.scenario.outcomes))
        days = {e: np.datetime64(min(row.on for row in rows), "D") for e, rows in events.items()}
        return {e: int((day - first).astype(int)) for e, day in days.items() if e != one.event}

    def after(self, one: Outcome, decided: frozenset[str]) -> World | None:
        """Return the world on the day from which an outcome holds, had it come, if it still can."""
        other = self.scenario.alone(one.key, decided)
        if other is None:
            return None
        day = max(one.takes_effect, pd.Timestamp(other.start))
        other = replace(other, end=max(other.end, day.date()))
        calendar = Calendar(other, self.calendar)
        number = int((np.datetime64(day, "D") - calendar.dates[0]).astype(np.int64))
        return self.under(self.values_in(calendar, int(calendar.segment_of[number])))


def came_in(scenario: Scenario) -> dict[str, bool]:
    """Return which outcomes come in a scenario, by ``event=outcome``.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    dict of str to bool
        Of events that are decided by its last day.
    """
    turned, last = scenario.realised, pd.Timestamp(scenario.end)
    return {
        one.key: turned[one.event] == one.outcome
        for one in outcomes_of(scenario.outcomes)
        if one.on <= last and one.event in turned
    }


def learns(scenario: Scenario) -> bool:
    """Whether what people believe bears on anything in a scenario."""
    return RULE in scenario.rules and any(one.levers for one in outcomes_of(scenario.outcomes))


def pacing_of(outlook: Outlook) -> Pacing:
    """Return the pace of every day of a scenario.

    Parameters
    ----------
    outlook
        What it is worked out from.

    Returns
    -------
    Pacing
        Even where the corridor has no dated events, or the rule of minds is switched off.
    """
    if not learns(outlook.scenario):
        return Pacing()
    awaited = (i for i, one in enumerate(outlook.outcomes) if one.levers)
    return _put_together(outlook, [part for i in awaited for part in _of_outcome(outlook, i)])


def even_until(outlook: Outlook) -> int:
    """Return the first day on which a pace may be other than even; needs no pace worked out.

    Parameters
    ----------
    outlook
        What paces would be worked out from.

    Returns
    -------
    int
        The number of days if none is.
    """
    if not learns(outlook.scenario):
        return len(outlook.calendar.dates)
    awaited = (i for i, one in enumerate(outlook.outcomes) if one.levers)
    return min(_first_paced(outlook, i) for i in awaited)


def _first_paced(outlook: Outlook, i: int) -> int:
    """Return the first day on which an outcome is believed in, or from which it holds."""
    days, effect = len(outlook.calendar.dates), max(int(outlook.beliefs.effect[i]), 0)
    believed = np.flatnonzero(_believed(outlook.beliefs.path[i][:effect]))
    return int(believed[0]) if len(believed) else min(effect, days)


def _believed(path: Array) -> Flags:
    """On which days somebody believes in an outcome, whose path is (T, H, P)."""
    return np.asarray((path >= FAINT).any(axis=(1, 2)))


def _put_together(outlook: Outlook, stretches: list[Stretch]) -> Pacing:
    """Add up the logs of each day."""
    days = len(outlook.calendar.dates)
    shape = len(outlook.scenario.groups), len(outlook.paces.place)
    none = np.zeros(shape)
    logs: dict[int, tuple[Array, Array]] = {}
    for one in stretches:
        for t, (log, learned) in enumerate(zip(one.log, one.learned, strict=True), one.first):
            before = logs.get(t, (none, none))
            logs[t] = before[0] + log, before[1] + learned
    moving = sorted(t for t in logs if any(part.any() for part in logs[t]))
    table_of = np.full(days, NOWHERE, dtype=np.int64)
    table_of[moving] = np.arange(len(moving))
    tables = [np.exp(np.clip(logs[t][0], -MOST, MOST)) for t in moving]
    return pacing(tables, table_of, shape, [logs[t][1] for t in moving])


def _of_outcome(outlook: Outlook, i: int) -> Iterator[Stretch]:
    """Go through the paces that one outcome makes: before it holds, and after."""
    beliefs, one = outlook.beliefs, outlook.outcomes[i]
    yield from _ahead(outlook, i, one)
    days, effect = len(outlook.calendar.dates), int(beliefs.effect[i])
    path = beliefs.path[i]
    if outlook.came.get(one.key, False) and 0 < effect < days:
        usual = outlook.world(int(outlook.calendar.segment_of[effect - 1]))
        for segment, t, end in _segments(outlook, effect, days):
            log = _after(outlook, usual, outlook.world(segment))
            given_way = beliefs.unlearned[i, t:end, None, None]
            left, seen = (
                log * _at_paces(outlook, path[t:end] * share)
                for share in (1.0 - given_way, given_way)
            )
            yield Stretch(t, left, seen)


def _ahead(outlook: Outlook, i: int, one: Outcome) -> Iterator[Stretch]:
    """Go through the paces before an outcome holds, from one news of other events to the next."""
    path = outlook.beliefs.path[i][: max(int(outlook.beliefs.effect[i]), 0)]
    news = outlook.news_beside(one)
    begins = sorted({0} | {t for t in news.values() if 0 < t < len(path)})
    for begin, known in zip(begins, [*begins[1:], len(path)], strict=True):
        believed = np.flatnonzero(_believed(path[begin:known]))
        decided = frozenset(event for event, t in news.items() if t <= begin)
        then = outlook.after(one, decided) if len(believed) else None
        if then:
            first = begin + int(believed[0])
            for segment, t, end in _segments(outlook, first, known):
                log = _before(outlook, i, (t, end), outlook.world(segment), then)
                yield Stretch(t, log, np.zeros_like(log))


def _segments(outlook: Outlook, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Go through the parts of some days by segment: its number, first day and day after."""
    segment_of = outlook.calendar.segment_of[begin:end]
    firsts = np.flatnonzero(np.diff(segment_of, prepend=NOWHERE))
    for first, last in zip(firsts, [*firsts[1:], len(segment_of)], strict=True):
        yield int(segment_of[first]), begin + int(first), begin + int(last)


def _before(outlook: Outlook, i: int, span: tuple[int, int], now: World, then: World) -> Array:
    """Logs of the paces while an outcome may come, under one set of values."""
    (t, end), beliefs = span, outlook.beliefs
    path, blur, days = beliefs.path[i][t:end], beliefs.blur[i][t], int(beliefs.effect[i]) - t
    told = days, blur.tobytes(), path.tobytes(), beliefs.hearer.tobytes()

    def worked_out(groups: Groups) -> Array:
        mine, value = now.of(groups), then.of(groups).after.values(now.of(groups).usual)
        dates = _dates(days, blur)[:, beliefs.hearer[groups]]
        around = beliefs_around(path)
        prospect = Prospect(mine.usual, value[None], dates[None])
        asked = Asked(end - t, outlook.column)
        table = pace_table(mine.chain, mine.mind, prospect, around, asked)
        none = np.zeros((*table.shape[:3], 1))
        held = _at_paces(outlook, path)[:, groups]
        return at_belief(np.concatenate([none, table], axis=3), held, around)

    return outlook.known.of(told, (now, then), worked_out)


def _dates(effect: int, blur: Array) -> Array:
    """Share of the believed date that falls on each day from today on, by hearer; (T, H)."""
    known = np.isfinite(blur)
    widest = blur[known].max(initial=0.0)
    ahead = np.arange(effect + int(np.ceil(WIDE * widest)) + 1)
    dated = blurred_date(effect, np.where(known, blur, 0.0), ahead)
    return np.where(known, dated, any_day(effect, ahead)[:, None])


def _after(outlook: Outlook, before: World, now: World) -> Array:
    """Log of the pace once an outcome holds and people are sure that it stays; (G, 1 + S)."""

    def worked_out(groups: Groups) -> Array:
        mine, later = before.of(groups), now.of(groups)
        value = later.after.values(mine.usual)
        log = paces_after(mine.chain, later.chain, mine.mind, mine.usual, value)
        return np.pad(log[:, outlook.column], ((0, 0), (1, 0)))

    return outlook.known.of((), (before, now), worked_out)


def _at_paces(outlook: Outlook, path: Array) -> Array:
    """Beliefs (T, H, P) of each group, at the place of each pace; shape (T, G, 1 + S)."""
    place = np.maximum(outlook.paces.place, 0)  # the first pace has no place, and log 0
    return np.asarray(path[:, outlook.beliefs.hearer][:, :, place])
