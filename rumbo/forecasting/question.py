"""What is asked of an evaluation: of which series, from which months, how far ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rumbo.files.faults import Fault, Faults
from rumbo.forecasting.baselines import LONG, PERSISTENCE, SEASONAL_LONG, SHORTEST
from rumbo.forecasting.form import HORIZON
from rumbo.forecasting.published import Joined, Stack, recalibrated
from rumbo.forecasting.targets import Families, chosen, families, last_month
from rumbo.scenario.arrays import Months
from rumbo.scenario.figures import HINDSIGHT, Key, known
from rumbo.scenario.scenario import Scenario

JUDGED = 42
"""Most origins by which forecasts of a corridor are judged that names none."""

BURN_IN = 24
"""Origins before the first from which the stack's weights are learned."""

LATE = 2
"""Months by which figures of a month are out, unless they are published later than most."""

STACK = Stack((SEASONAL_LONG.name, "damped-ets", "policy-shock", "mechanistic"))
"""The published forecast."""

RECALIBRATED = tuple(recalibrated(one.name) for one in (PERSISTENCE, LONG))
"""References whose spread is learned, too."""


def months_between(first: str, last: str) -> Months:
    """Return the months from one to another, both included."""
    return np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of an evaluation.

    Attributes
    ----------
    series
        Series by family.
    origins
        Consecutive months.
    burn_in
        Origins before the first that only the stack learns from.
    horizon
        Months ahead, 1 to 6.
    stack
        The published forecast.
    beside
        What else is joined, and scored beside it where all its members are asked.
    """

    series: Families
    origins: Months
    burn_in: int = BURN_IN
    horizon: int = HORIZON
    stack: Joined = STACK
    beside: tuple[Joined, ...] = RECALIBRATED

    @property
    def every_origin(self) -> Months:
        """All origins, those that only the stack learns from first; shape (O,)."""
        return np.concatenate([self.origins[0] - np.arange(self.burn_in, 0, -1), self.origins])

    @property
    def keys(self) -> tuple[Key, ...]:
        """The series, family by family."""
        return tuple(key for family in self.series.values() for key in family)


def question_from(
    scenario: Scenario, origin: np.datetime64, horizon: int, targets: Sequence[str] = ()
) -> Question:
    """Return the question of the forecast from one origin.

    Parameters
    ----------
    scenario
        Its corridor's figures are forecast.
    origin
        The month.
    horizon
        Months ahead.
    targets
        Names of families; all of them if empty.

    Returns
    -------
    Question
        The stack learns from as many origins before as there are, at most `BURN_IN`.

    Raises
    ------
    Faults
        If there is no such family.
    """
    series = chosen(families(scenario), targets)
    before = int((origin - _begin(scenario, series)).astype(int))
    burn_in = min(max(before, 0), BURN_IN)
    return Question(series, np.array([origin]), burn_in, horizon)


def usual_question(scenario: Scenario, targets: Sequence[str] = ()) -> Question:
    """Return the question by which forecasts of a corridor are judged.

    Parameters
    ----------
    scenario
        Its corridor's figures are forecast.
    targets
        Names of families; all of them if empty.

    Returns
    -------
    Question
        From the origins that the corridor names; else from the latest that its figures allow.

    Raises
    ------
    Faults
        If the figures are too few for any, or there is no such family.
    """
    series, asked = chosen(families(scenario), targets), scenario.header.origins
    if asked:
        return Question(series, months_between(asked.first, asked.last))
    first = _begin(scenario, series) + SHORTEST
    able = np.arange(first, last_month(known(scenario, HINDSIGHT), series))
    if not len(able):
        message = f"the figures are too few to judge forecasts by: the first origin is {first}"
        cure = "Add figures, or name fewer series under targets in corridor.yaml"
        raise Faults([Fault("figures.csv", 0, message, cure)])
    # Where months are few, half of them teach and half judge.
    burn_in = min(BURN_IN, len(able) // 2)
    return Question(series, able[burn_in:][-JUDGED:], burn_in)


def _begin(scenario: Scenario, series: Families) -> np.datetime64:
    """First origin by which two months of every series have been published."""
    if not series:
        message = "there is no figure of anything that is to be forecast"
        cure = "Add figures of encounters or stops, or name targets in corridor.yaml"
        raise Faults([Fault("figures.csv", 0, message, cure)])
    seen = known(scenario, HINDSIGHT)
    firsts = [seen.series(key).months[0] for keys in series.values() for key in keys]
    begin: np.datetime64 = max(firsts) + LATE
    return begin
