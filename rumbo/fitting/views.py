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
from rumbo.scenario.roles import ENCOUNTERS, GATES, TRANSIT, ZONES, Roles, Transit
from rumbo.scenario.targets import STOPS

ERROR = {ZONES: 0.10, GATES: 0.12, STOPS: 0.12, TRANSIT: 0.15}
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
        Which of the model's series it sees, such as ``zones``.
    month, last
        Number of its month, or of the first and last ones of the span that it is a sum over.
    group
        Number of the nationality; -1 for everybody.
    value
        Log of one plus the count.
    sd
        Standard deviation of its error.
    """

    view: str
    month: int
    last: int
    group: int
    value: float
    sd: float


class Observations(NamedTuple):
    """Figures as arrays; shapes (D,).

    Attributes
    ----------
    view
        Names of the views.
    month, last, group
        As in `Observation`.
    value, sd
        As in `Observation`.
    """

    view: NDArray[np.str_]
    month: Index
    last: Index
    group: Index
    value: Array
    sd: Array

    @classmethod
    def of(cls, rows: Iterable[Observation]) -> "Observations":
        """Return single figures as arrays."""
        columns = zip(*rows, strict=True)
        types = (np.str_, np.int64, np.int64, np.int64, np.float64, np.float64)
        given = list(columns) or [()] * len(types)
        return cls(*(np.array(c, dtype=t) for c, t in zip(given, types, strict=True)))

    @property
    def series(self) -> Index:
        """Number of each figure's series, those of one view and nationality; shape (D,)."""
        view = np.unique(self.view, return_inverse=True)[1]
        pairs = np.stack([view, self.group])
        return np.asarray(np.unique(pairs, axis=1, return_inverse=True)[1].ravel(), dtype=np.int64)


class View(NamedTuple):
    """What a view sees.

    Attributes
    ----------
    total
        The series of everybody.
    error
        Share of the error that every count has; see `ERROR`.
    """

    total: Key
    error: float


def views_of(roles: Roles) -> dict[str, View]:
    """Return the views of a corridor: zones, gates, stops, then counts on the way from its end on.

    Parameters
    ----------
    roles
        Who plays which part.

    Returns
    -------
    dict of str to View
        By name: ``zones``, ``gates``, ``stops`` and ``transit.ID`` for each count on the way.
    """
    views = {
        ZONES: View(Key(ENCOUNTERS, roles.zones), ERROR[ZONES]),
        GATES: View(Key(ENCOUNTERS, roles.gates), ERROR[GATES]),
        STOPS: View(Key(STOPS), ERROR[STOPS]),
    }
    for one in reversed(roles.transit):
        views[on_the_way(one)] = View(Key(TRANSIT, one.id), ERROR[TRANSIT])
    return views


def on_the_way(count: Transit) -> str:
    """Return the name of the view, and of the path, of a count of people on their way."""
    return f"{TRANSIT}.{count.id}"


def look(
    known: Known,
    months: Months,
    groups: tuple[str, ...],
    views: Iterable[str] | None = None,
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
        Names of the views wanted; all of them if None.

    Returns
    -------
    Observations
        By view, nationality and month; totals come last in each view.
    """
    rows: list[Observation] = []
    every = views_of(known.backdrop.roles)
    for view in every if views is None else views:
        total = every[view].total
        keys = known.keys(total.measure, total.component)
        there = {key.nationality: key for key in keys if key.area == "all"}
        wanted = [(g, there[name]) for g, name in enumerate(groups) if name in there]
        everybody = [(-1, there["all"])] if "all" in there else []
        for g, key in [*wanted, *everybody]:
            base = TOTAL if g < 0 else every[view].error
            rows += _observations(known, months, (view, g, base), key)
    return Observations.of(rows)


def _observations(
    known: Known, months: Months, seen: tuple[str, int, float], key: Key
) -> list[Observation]:
    view, group, base = seen
    series = known.series(key)
    number = (series.months - months[0]).astype(np.int64)
    return [
        Observation(
            view,
            int(m),
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


def of_group(groups: Index, group: int) -> NDArray[np.bool_]:
    """Which observations tell of a nationality: its own, or the totals if it has none.

    Parameters
    ----------
    groups
        Groups of the observations; shape (D,).
    group
        Number of the nationality.

    Returns
    -------
    numpy.ndarray
        Shape (D,).
    """
    return np.asarray(groups == (group if group in groups else -1))


def at_observations(series: Mapping[str, Array], observations: Observations) -> Array:
    """Return logs of one plus the counts that observations see, shape (D, R)."""
    members = next(iter(series.values())).shape[0]
    logs = np.empty((len(observations.month), members))
    for view, values in series.items():
        mine = observations.view == view
        counts = np.concatenate([values, values.sum(axis=2, keepdims=True)], axis=2)
        month, last, group = (column[mine] for column in observations[1:4])
        # Sums up to each month, so that a span is a difference; a month is taken as it is.
        up_to = np.concatenate([np.zeros_like(counts[:, :1]), counts.cumsum(axis=1)], axis=1)
        spans = up_to[:, last + 1, group] - up_to[:, month, group]
        logs[mine] = np.log1p(np.where(month == last, counts[:, month, group], spans)).T
    return logs
