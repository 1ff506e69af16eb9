"""The corridor beyond the months that were known: who enters, and which policy is in force.

A hindcast is told in three ways. As a **forecast** it knows what was known on its day: what was to
be decided branches, and rules that nobody talked of are in how widely stops, crossings and
appointments wander. Given the **policy**, it has the settings that began later, too. Given policy
**and entries**, it has also those who were counted on the way later. What each adds is what the
error comes from.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from rumbo.fitting.ahead import MonthlyStep, Wander
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.views import views_of
from rumbo.forecasting.baselines import WINDOW
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known
from rumbo.scenario.roles import GATES, TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS
from rumbo.scenario.tree.branching import Branch
from rumbo.scenario.values.ahead import run_on

FORECAST, POLICY, BOTH = "corridor", "corridor-policy-given", "corridor-both-given"
VARIANTS = (FORECAST, POLICY, BOTH)
"""What a hindcast is given, the least first; names in tables."""

JOINED = {name: f"{name}-and-outline" for name in VARIANTS}
"""What they are called where they are joined with the outline's forecast, half and half."""

PAST = 24
"""Months whose changes tell how widely entries wander: older ones reach back to closed borders. All
other counts are taken over the months of persistence."""

SPAN = 6
"""Months over which changes are taken: longer than those of single months, which swing back."""

UNTOLD = MonthlyStep(0.2)
"""MonthlyStep of a month where a series is too short to tell: assumed."""

SLOTS = "appointment.slots"
"""What limits those whom gates receive."""

ALONE = "as-known"
"""Name of the one branch where nothing is to be decided."""


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
        unsure=_unsure(problem),
    )
    return ahead.named(variant)


def _unsure(problem: CorridorProblem) -> dict[str, float]:
    """Return how widely appointments may change by rules that nobody knows of yet."""
    step = _of_count(problem, GATES)
    return {} if step is None else {SLOTS: step.size}


def events_ahead(ahead: Scenario, day: date) -> tuple[str, ...]:
    """Return the events that are decided after a day and within the months ahead.

    Parameters
    ----------
    ahead
        The corridor as it was known on the day, run on.
    day
        The day.
    """
    days = ahead.outcomes.groupby("event")["on"].min()
    return tuple(str(event) for event, on in days.items() if day < on.date() <= ahead.end)


def branches_of(ahead: Scenario, events: Sequence[str]) -> tuple[Branch[Scenario], ...]:
    """Return what may come of events, with the chance of each.

    Parameters
    ----------
    ahead
        The corridor as it was known on a day, run on.
    events
        Those to branch on.

    Returns
    -------
    tuple of Branch
        One, called `ALONE`, where there is no event.
    """
    if not events:
        return (Branch(ALONE, 1.0, ahead.named(ALONE)),)
    tree = ahead.branches(*events)
    return tuple(Branch(b.name, b.probability, b.scenario.named(b.name)) for b in tree.branches)


def wander(problem: CorridorProblem, variant: str) -> list[Wander]:
    """Return how widely what nobody knows wanders ahead, as far as it was known.

    Crossings follow what people hear from one week to the next; the corridor has no rule for it, so
    they go on changing as the counts of those who arrive did. Rules that nobody knows of yet act on
    stops and on who is let through gates: these change as their counts did.

    Parameters
    ----------
    problem
        The fit as of the day.
    variant
        One of `VARIANTS`: entries and rules that are given do not wander.

    Returns
    -------
    list of Wander
        Entries of those counted on the way, as the counts do; all others as those who arrive do.
    """
    registered = problem.record.registered
    counted = np.array([n in registered for n in range(len(problem.nationalities))])
    every, known = np.ones_like(counted), problem.known
    totals = {name: view.total for name, view in views_of(known.backdrop.roles).items()}
    arriving = _step(known, [totals[ZONES]], WINDOW)
    found = [Wander("cross", every, arriving), Wander("entry", ~counted, arriving)]
    if variant != BOTH:
        on_the_way = [key for name, key in totals.items() if name.startswith(TRANSIT)]
        found.append(Wander("entry", counted, _step(known, on_the_way, PAST)))
    if variant == FORECAST:
        for family, count in (("stop", STOPS), ("present", GATES)):
            step = _of_count(problem, count)
            found += [] if step is None else [Wander(family, every, step)]
    return found


def _of_count(problem: CorridorProblem, name: str) -> MonthlyStep | None:
    """Return the step of a count, if the corridor has it."""
    view = views_of(problem.known.backdrop.roles).get(name)
    return None if view is None else _step(problem.known, [view.total], WINDOW)


def _step(known: Known, keys: Sequence[Key], window: int) -> MonthlyStep:
    """Root mean square step of a month, over all series and some months."""
    there = [key for key in keys if key in known.keys(key.measure, key.component)]
    changes = [_changes(np.log1p(known.series(key).values[-window - 1 :])) for key in there]
    squares = np.concatenate([np.empty(0), *changes]) ** 2
    if not len(squares):
        return UNTOLD
    # Series on one way move together: the longest tells how many spans there were.
    spans = max(map(len, changes)) / SPAN + 1.0
    return MonthlyStep(float(np.sqrt(squares.mean() / SPAN)), spans)


def _changes(logs: Array) -> Array:
    return logs[SPAN:] - logs[:-SPAN]
