"""The corridor beyond the months that were known: who enters, and which policy is in force.

A hindcast is told in three ways. As a **forecast** it knows what was known on its day. Given the
**policy**, it has the settings that began later, too. Given policy **and entries**, it has also
those who were counted on the way later. What each adds is what the error comes from.
"""

import numpy as np

from rumbo.fitting.ahead import Wander
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.views import views_of
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.roles import TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.ahead import run_on

FORECAST, POLICY, BOTH = "corridor", "corridor-policy-given", "corridor-both-given"
VARIANTS = (FORECAST, POLICY, BOTH)
"""What a hindcast is given, the least first; names in tables."""

PAST = 24
"""Months whose changes tell how widely entries wander: older ones reach back to closed borders."""

SPAN = 6
"""Months over which changes are taken: longer than those of single months, which swing back."""

UNTOLD = 0.2
"""Step of a month where a series is too short to tell: assumed."""


def scenario_ahead(
    problem: CorridorProblem, whole: Scenario, until: np.datetime64, variant: str
) -> Scenario:
    """Return a corridor as it was known on a day, run on to a later month.

    Parameters
    ----------
    problem
        The fit as of the day.
    whole
        The corridor as it is known today; a forecast does not see it.
    until
        Last month.
    variant
        One of `VARIANTS`.

    Returns
    -------
    Scenario
    """
    ahead = run_on(
        problem.scenario,
        until,
        day=problem.known.as_of,
        policy=None if variant == FORECAST else whole,
        entries=whole if variant == BOTH else None,
    )
    return ahead.named(variant)


def wander(problem: CorridorProblem, variant: str) -> list[Wander]:
    """Return how widely entries and crossings wander ahead, as far as it was known.

    Crossings follow what people hear from one week to the next; the corridor has no rule for it, so
    they go on changing as the counts of those who arrive did.

    Parameters
    ----------
    problem
        The fit as of the day.
    variant
        One of `VARIANTS`: entries that are given do not wander.

    Returns
    -------
    list of Wander
        Entries of those counted on the way, as the counts do; all others as those who arrive do.
    """
    registered = problem.record.registered
    counted = np.array([n in registered for n in range(len(problem.nationalities))])
    views = views_of(problem.known.backdrop.roles)
    on_the_way = [view.total for name, view in views.items() if name.startswith(TRANSIT)]
    arriving = _step(problem.known, [views[ZONES].total])
    others = [
        Wander("cross", np.ones_like(counted), arriving),
        Wander("entry", ~counted, arriving),
    ]
    if variant == BOTH:
        return others
    return [*others, Wander("entry", counted, _step(problem.known, on_the_way))]


def _step(known: Known, keys: list[Key]) -> float:
    """Root mean square step of a month, over all series."""
    there = [key for key in keys if key in known.keys(key.measure, key.component)]
    changes = [_changes(np.log1p(known.series(key).values[-PAST - 1 :])) for key in there]
    squares = np.concatenate([np.empty(0), *changes]) ** 2
    return float(np.sqrt(squares.mean() / SPAN)) if len(squares) else UNTOLD


def _changes(logs: Array) -> Array:
    return logs[SPAN:] - logs[:-SPAN]
