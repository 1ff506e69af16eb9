"""Levels: settings that hold for months, each moved by its own figures until a run meets them."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.record import AREAS, ASYLUM, DEATHS, QUARTER, WAITING
from rumbo.fitting.start.lacking import Lacking, Step, within
from rumbo.scenario.calendar import resolve
from rumbo.scenario.roles import ZONES
from rumbo.scenario.settings import Setting
from rumbo.scenario.targets import STOPS
from rumbo.scenario.values.levels import level_of

HALF = 6
"""Months that the chance of being stopped in a state is taken to hold for."""

ELIGIBLE = "appointment.eligible"
"""Share of those waiting at a place who can ask for an appointment."""

MOST = {"stay.days": (-1.2, 1.2), ELIGIBLE: (-2.3, 0.0)}
"""Furthest that the logs of some levels are moved either way: stays of those who wait differ by a
factor of three or so, and not more than all can ask."""

Level = tuple[str, str, int, int]
"""Parameter, where it is set, and the step: its first month and the first one after."""


def levels_of(problem: CorridorProblem) -> Iterator[Level]:
    """Go through the levels that figures tell of."""
    states = set(problem.scenario.network.places["admin1"])
    for view in problem.record.views:
        kind, _, label = view.partition(":")
        if kind == ASYLUM:
            yield from (("asylum.apply", "", *step) for step in _steps(problem, view, QUARTER))
        if kind == STOPS + AREAS and label in states:
            steps = _steps(problem, view, HALF)
            yield from (("checkpoint.chance", f"admin1:{label}", *step) for step in steps)
        if kind == WAITING and label not in _at_the_line(problem):
            yield from _asking(problem, view, label)
        elif kind == WAITING:
            yield from (("stay.days", label, *step) for step in _steps(problem, view, HALF))
        if kind == ZONES + AREAS:
            steps = _steps(problem, view, QUARTER)
            at = _zones(problem, label)
            yield from (("zone.reach", place, *step) for place in at for step in steps)
        if kind == DEATHS:
            steps = _steps(problem, view, HALF)
            yield from ((*harm, *step) for harm in _harms(problem, label) for step in steps)


def _asking(problem: CorridorProblem, view: str, place: str) -> Iterator[Level]:
    """Go through the steps in which people at a place could ask for an appointment.

    Who can ask stays; how many can tells how many are there.
    """
    for step in _steps(problem, view, HALF):
        if _before(problem, ELIGIBLE, place, sum(step) // 2) > 0.0:
            yield (ELIGIBLE, place, *step)


def _at_the_line(problem: CorridorProblem) -> set[str]:
    """Places that a link into a destination zone leaves from.

    How long people stay elsewhere weighs on the choice of way, which figures of stocks alone do not
    tell: those are left to the ranges of members.
    """
    network = problem.scenario.network
    zones = set(network.places["id"][network.places["kind"] == "destination_zone"])
    return set(network.links["from"][network.links["to"].isin(zones)])


def _steps(problem: CorridorProblem, view: str, holds: int) -> list[Step]:
    """Steps of months that a view has figures of, each up to the next one, over all months."""
    every = range(0, len(problem.months), holds)
    starts = [a for a in every if len(within(problem, view, (a, a + holds)))]
    ends = [*starts[1:], len(problem.months)]
    return [(0 if a == starts[0] else a, b) for a, b in zip(starts, ends, strict=True)]


def _zones(problem: CorridorProblem, area: str) -> list[str]:
    places = problem.scenario.network.places
    return list(places["id"][(places["kind"] == "destination_zone") & (places["zone"] == area)])


@cache
def _harms(problem: CorridorProblem, region: str) -> tuple[tuple[str, str], ...]:
    """Return the death rates of a region, and where they are set."""
    return tuple(_rates_of_dying(problem, region))


def _rates_of_dying(problem: CorridorProblem, region: str) -> Iterator[tuple[str, str]]:
    roles, network = problem.scenario.roles, problem.scenario.network
    number = list(roles.regions).index(region)
    if number == roles.crossing_region:
        yield "harm.crossing", ""
        return
    for country in dict.fromkeys(network.places["country"]):
        if roles.region_of(country) == number:
            yield "harm.stay", f"country:{country}"
    country_of = dict(zip(network.places["id"], network.places["country"], strict=True))
    # Guided links have values too, and come last: without their rule they are not in the network.
    rates = resolve(problem.scenario, "harm.passage", problem.scenario.start)
    deadly = rates[: len(network.links)] > 0.0
    for link, start in zip(network.links["id"][deadly], network.links["from"][deadly], strict=True):
        if roles.region_of(country_of[start]) == number:
            yield "harm.passage", link


def lacking_of(problem: CorridorProblem, seen: Lacking, level: Level) -> float:
    """How much more a level should be."""
    parameter, at, first, end = level
    if parameter == "asylum.apply":
        return seen.everybody(ASYLUM, (first, end))
    if parameter == "checkpoint.chance":
        return seen.everybody(f"{STOPS}{AREAS}:{at.partition(':')[2]}", (first, end))
    if parameter in ("stay.days", ELIGIBLE):
        return seen.everybody(f"{WAITING}:{at}", (first, end))
    if parameter == "zone.reach":
        places = problem.scenario.network.places
        return seen.share(str(places["zone"][places["id"] == at].iloc[0]), (first, end))
    return seen.everybody(f"{DEATHS}:{_region_of(problem, level)}", (first, end))


def _region_of(problem: CorridorProblem, level: Level) -> str:
    regions = list(problem.scenario.roles.regions)
    return next(region for region in regions if level[:2] in _harms(problem, region))


def setting_of(problem: CorridorProblem, level: Level, moved: float) -> Setting:
    """Return a level as a setting: the first one holds before the fit, the last one after it."""
    parameter, at, *_ = level
    days = span_of(problem, level)
    if parameter != "zone.reach":
        return level_of(parameter, at, "", *days, "multiply", float(np.exp(moved)))
    return level_of(parameter, at, "", *days, "set", before_the_fit(problem, level) + moved)


def most_of(level: Level, usual: float) -> tuple[float, float]:
    """Return how far the log of a level is moved down and up at the most."""
    return MOST.get(level[0], (-usual, usual))


def span_of(problem: CorridorProblem, level: Level) -> tuple[str | None, str | None]:
    """Return the first day of a level and the first one after; None where open."""
    months, (first, end) = problem.months, level[2:]
    since = None if first == 0 else f"{months[first]}-01"
    return since, None if end == len(months) else f"{months[end]}-01"


def before_the_fit(problem: CorridorProblem, level: Level) -> float:
    """Return the value that a level has in its middle before anything is fitted."""
    parameter, at, first, end = level
    return _before(problem, parameter, at, (first + end) // 2)


@cache
def _before(problem: CorridorProblem, parameter: str, place: str, month: int) -> float:
    """Return the value that a place has in a month before anything is fitted."""
    day = pd.Timestamp(f"{problem.months[month]}-01").date()
    number = problem.scenario.network.places["id"].tolist().index(place)
    return float(resolve(problem.scenario, parameter, day)[number])
