"""Slowly varying unknowns: paths by month, with steps where something was dated."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rumbo.fitting.record import APPOINTMENTS, QUARTER, QUEUE, RETURNS
from rumbo.fitting.views import on_the_way
from rumbo.scenario.arrays import Array
from rumbo.scenario.roles import GATES, TRANSIT, ZONES, Roles, Transit
from rumbo.scenario.targets import STOPS


class Path(NamedTuple):
    """A path of logs by month.

    Attributes
    ----------
    name
        Its name.
    by_group
        Whether each nationality has one of its own.
    start
        Standard deviation of its first month.
    step
        Standard deviation of a month's step.
    keep
        Share of the month before that is kept: 1 for a random walk.
    jolt
        How many times wider steps are in months with dated events.
    actors
        Whose events those are; empty for everybody's.
    holds
        Months that each step holds for.
    """

    name: str
    by_group: bool
    start: float
    step: float
    keep: float
    jolt: float
    actors: tuple[str, ...]
    holds: int = 1


YEARS = 24
"""Months over which nationalities are taken to be returned in the same proportions."""

ASKED = QUARTER
"""Months over which people of a nationality are taken to ask at the same rate: that more or fewer
ask while a closing is awaited is for minds to say. With one rate a year, nationalities at ports
came out wrong by a third instead of a fifth."""

PATHS = (
    Path("entry", True, 0.3, 0.1, 1.0, 1.0, ()),
    Path("stop", True, 0.15, 0.1, 0.9, 1.0, ()),
    Path("stop_all", False, 0.15, 0.08, 1.0, 1.0, ()),
    Path("cross", True, 0.2, 0.15, 0.8, 1.0, ()),
    Path("cross_all", False, 0.2, 0.1, 0.9, 1.0, ()),
    Path("request", True, 0.3, 0.15, 1.0, 1.0, (), ASKED),
    Path("present_all", False, 0.2, 0.1, 1.0, 1.0, (), QUARTER),
    Path("deport", True, 0.3, 0.2, 1.0, 1.0, (), YEARS),
    Path("deport_all", False, 0.2, 0.2, 0.8, 1.0, ()),
)
"""What is left over the corridor's own rules, levels and levers, around the centre; sizes are
assumed. Steps are no wider at dated events: there the sizes of levers are unknown instead."""

TOLD_BY = {
    ZONES: ("entry", "cross", "cross_all"),
    GATES: ("request", "present_all"),
    STOPS: ("stop", "stop_all"),
    TRANSIT: ("entry", "stop", "cross", "request"),
    RETURNS: ("deport", "deport_all"),
    APPOINTMENTS: ("request",),
    QUEUE: ("request",),
}
"""Paths that figures of a family tell of, alone or by telling them apart from others: how many of
those who enter are stopped, cross or ask shows only where those who enter are counted as well."""

COURT = "court"
"""Actor of rulings in the calendar; they bind those at the corridor's end."""


def paths_of(roles: Roles) -> tuple[Path, ...]:
    """Return the paths of a corridor in outline.

    Steps of entries, stops and crossings are as a study on the bundled figures used them, rounded;
    that noise on crossing persists, steps widen at dated events and coverage drifts is what that
    study found missing or needed. The share of one nationality that a count on the way saw drifted
    by 0.13 to 0.2 a month there. The other sizes are assumed.

    Parameters
    ----------
    roles
        Who plays which part: whose dated events widen which steps.

    Returns
    -------
    tuple of Path
        Those of counts on the way come last, from the corridor's end on.
    """
    stopping, ends = roles.stopping, (*roles.destinations, COURT)
    return (
        Path("entry", True, 0.6, 0.18, 1.0, 1.5, ()),
        Path("entry_all", False, 0.0, 0.15, 1.0, 1.5, ()),
        Path("stop", True, 0.4, 0.08, 1.0, 2.5, stopping),
        Path("stop_all", False, 0.3, 0.12, 1.0, 2.5, stopping),
        Path("cross", True, 0.3, 0.15, 0.85, 2.0, ends),
        Path("cross_all", False, 0.2, 0.12, 0.85, 2.0, ends),
        Path("port", True, 0.5, 0.2, 1.0, 2.0, ends),
        Path("held", False, 0.7, 0.1, 1.0, 2.5, stopping),
        *(_counting(number, one) for number, one in enumerate(reversed(roles.transit))),
    )


def _counting(number: int, count: Transit) -> Path:
    """Path of the share that a count on the way sees; the one furthest on drifts the most."""
    step = 0.15 if number == 0 else 0.1
    return Path(on_the_way(count), True, 0.4, step, 1.0, 1.0, (count.country,))


FAIR = ("entry", "entry_all")
"""Paths whose steps after the fit keep the mean, not the median: nobody is expected to grow."""


def draw_paths(
    rng: np.random.Generator,
    paths: Sequence[Path],
    members: int,
    months: int,
    groups: int,
    widths: Mapping[str, Array],
    fitted: int,
) -> dict[str, Array]:
    """Draw paths: levels in the months of the fit, steps in those after.

    Parameters
    ----------
    rng
        Where chance comes from.
    paths
        Which.
    members, months, groups
        Sizes.
    widths
        Standard deviations of steps, by path; shape (T,); the first is that of the first level.
    fitted
        Number of months of the fit.

    Returns
    -------
    dict of str to numpy.ndarray
        By path, shape (R, T) or (R, T, G).
    """
    drawn = {}
    for path in paths:
        shape = (members, months, groups) if path.by_group else (members, months)
        wide = widths[path.name]
        steps = rng.standard_normal(shape) * (wide[:, None] if path.by_group else wide)
        if path.name in FAIR:
            steps[:, fitted:] -= wide[(..., *(None,) * (len(shape) - 2))][fitted:] ** 2 / 2.0
        for t in range(1, fitted):
            steps[:, t] += path.keep * steps[:, t - 1]
        drawn[path.name] = steps
    return drawn


def unroll(path: Path, drawn: Array, fitted: int) -> Array:
    """Return the levels of all months: steps after the fit are added to its last level."""
    levels = drawn.copy()
    for t in range(fitted, levels.shape[1]):
        levels[:, t] += path.keep * levels[:, t - 1]
    return levels
