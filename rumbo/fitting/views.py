"""The observation model: what figures say about flows, and how far they may be off.

It stands apart from the state. Figures are compared as ``log(1 + count)``; the error has a share
that every count of a series has, one for small counts, and one for the newest months, which are
still revised.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.scenario.arrays import Array, Index, Months
from rumbo.scenario.figures import Key, Known

ERROR = {
    "USBP": 0.10,
    "OFO": 0.12,
    "stops": 0.12,
    "honduras": 0.15,
    "darien": 0.15,
}
"""Standard deviation of the log of a count: 0.10 to 0.12 for counts at stops and crossings, as a
study on the bundled figures found; assumed wider for registers of people on the way."""

TOTAL = 0.04
"""The same for totals, over many parts whose errors cancel: assumed."""

FEW = 5.0
"""Small counts are overdispersed: their log has variance ``FEW / (FEW + count)`` more; assumed."""


class Observation(NamedTuple):
    """One figure that a model is to meet.

    Attributes
    ----------
    view
        Which of the model's series it sees, such as ``USBP``.
    month
        Number of the month.
    group
        Number of the nationality; -1 for everybody.
    value
        Log of one plus the count.
    sd
        Standard deviation of its error.
    """

    view: str
    month: int
    group: int
    value: float
    sd: float


class Observations(NamedTuple):
    """Figures as arrays; shapes (D,).

    Attributes
    ----------
    view
        Names of the views.
    month, group
        As in `Observation`.
    value, sd
        As in `Observation`.
    """

    view: NDArray[np.str_]
    month: Index
    group: Index
    value: Array
    sd: Array


VIEWS: Mapping[str, tuple[str, str]] = {
    "USBP": ("encounters", "USBP"),
    "OFO": ("encounters", "OFO"),
    "stops": ("stops", ""),
    "honduras": ("honduras", ""),
    "darien": ("darien", ""),
}
"""Measure and component of each view."""


def look(
    known: Known, months: Months, groups: tuple[str, ...], views: Iterable[str] = tuple(VIEWS)
) -> Observations:
    """Return what had been published about some months.

    Parameters
    ----------
    known
        What had been published.
    months
        Consecutive months; figures of others are left out.
    groups
        Codes of nationalities.
    views
        Names of the views wanted.

    Returns
    -------
    Observations
        By view, nationality and month; totals come last in each view.
    """
    rows: list[Observation] = []
    for view in views:
        there = {key.nationality: key for key in known.keys(*VIEWS[view]) if key.area == "all"}
        wanted = [(g, there[name]) for g, name in enumerate(groups) if name in there]
        total = [(-1, there["all"])] if "all" in there else []
        for g, key in [*wanted, *total]:
            rows += _observations(known, months, view, g, key)
    columns = zip(*rows, strict=True) if rows else ([], [], [], [], [])
    view_, month, group, value, sd = (np.array(column) for column in columns)
    return Observations(view_, month.astype(np.int64), group.astype(np.int64), value, sd)


def _observations(
    known: Known, months: Months, view: str, group: int, key: Key
) -> list[Observation]:
    series = known.series(key)
    number = (series.months - months[0]).astype(np.int64)
    base = TOTAL if group < 0 else ERROR[view]
    return [
        Observation(
            view,
            int(m),
            group,
            float(np.log1p(y)),
            error_of(y, base, known.revision_sd(key, months[m])),
        )
        for m, y in zip(number, series.values, strict=True)
        if 0 <= m < len(months)
    ]


def error_of(count: float, base: float, revision: float = 0.0) -> float:
    """Return the standard deviation of the error of the log of a count.

    Parameters
    ----------
    count
        The count.
    base
        Share of the error that every count of the series has.
    revision
        Share that is still to be revised.

    Returns
    -------
    float
    """
    return float(np.sqrt(base**2 + revision**2 + FEW / (FEW + count)))


def at_observations(series: Mapping[str, Array], observations: Observations) -> Array:
    """Return logs of one plus the counts that observations see, shape (D, R)."""
    members = next(iter(series.values())).shape[0]
    logs = np.empty((len(observations.month), members))
    for view, values in series.items():
        mine = observations.view == view
        counts = np.concatenate([values, values.sum(axis=2, keepdims=True)], axis=2)
        logs[mine] = np.log1p(counts[:, observations.month[mine], observations.group[mine]]).T
    return logs
