"""Counted figures: what an empty cell means, which edition counts, counts on days between them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Persons = NDArray[np.int64]


UNDER_WAY = "under_way"
"""What figures of people under way are called; their area is the means of travel."""

DAYS = "days"
"""Coordinate of a result whose run begins or ends inside a month: days of each month in the run."""

RIDE_DAYS = "ride_days"
"""Coordinate of a result: days that a ride along each link usually takes."""

ESTIMATES = ("waiting", "queue", UNDER_WAY)
"""Measures of stocks that several may estimate on days of the same month."""


class Key(NamedTuple):
    """What a series counts.

    Attributes
    ----------
    measure
        Name of the measure, such as ``encounters``.
    component
        What is counted apart of encounters and transit counts; empty for others.
    area
        Zone, office, state or place; ``all`` for the whole.
    nationality
        Code of the nationality; ``all`` for everybody.
    """

    measure: str
    component: str = ""
    area: str = "all"
    nationality: str = "all"

    def __str__(self) -> str:
        """Name the parts that say something, for messages and tables."""
        return " ".join(part for part in self if part and part != "all")


@dataclass(frozen=True)
class Series:
    """Consecutive months of one figure.

    Attributes
    ----------
    key
        What is counted.
    months
        The months, without gaps; shape (T,).
    values
        The figures; shape (T,).
    """

    key: Key
    months: NDArray[np.datetime64]
    values: NDArray[np.float64]

    @property
    def last(self) -> np.datetime64:
        """Last month."""
        month: np.datetime64 = self.months[-1]
        return month

    def since(self, month: str | np.datetime64) -> "Series":
        """Return the months from one on."""
        later = self.months >= np.asarray(month, dtype="datetime64[M]")
        return Series(self.key, self.months[later], self.values[later])


NO_ENTRY = ("parole", "port", "already_there")
"""Routes of people who do not come in over land during the run."""

MOST_ASSUMED = 0.2
"""Share of a nationality's entries that may be assumed where counts on the way are held against
them: beyond it, entries that nobody counted would be measured by a count."""


def of_months(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of single months, without those that are sums over a span of months."""
    return figures[~spanning(figures)]


def spanning(figures: pd.DataFrame) -> "pd.Series[bool]":
    """Return which figures are sums over a span of months: those with a ``month_end``."""
    if "month_end" not in figures:
        return pd.Series(False, index=figures.index)
    return figures["month_end"].notna() & (figures["month_end"].astype(str) != "")


def without_nested(figures: pd.DataFrame) -> pd.DataFrame:
    """Leave out sums over months each of which has a figure of its own in the same series."""
    spans = spanning(figures)
    if not spans.any():
        return figures
    keys = list(zip(*(figures[name] for name in Key._fields), strict=True))
    months = figures["month"].astype(str).str[:7]
    own = {(key, month) for key, month, span in zip(keys, months, spans, strict=True) if not span}
    ends = figures["month_end"].astype(str).str[:7]
    nested = [
        span and all((key, f"{one:%Y-%m}") in own for one in pd.period_range(month, end, freq="M"))
        for key, month, end, span in zip(keys, months, ends, spans, strict=True)
    ]
    return figures[~np.array(nested, dtype=bool)]


class Span(NamedTuple):
    """A figure that is the sum over consecutive months.

    Attributes
    ----------
    first, last
        First and last month, both counted.
    value
        The sum; the mean of both ends where only they were given.
    low, high
        The ends of an estimate; NaN where none is given.
    """

    first: np.datetime64
    last: np.datetime64
    value: float
    low: float
    high: float


def spans_of(figures: pd.DataFrame) -> list[Span]:
    """Return the spans among the figures of one series, of each the last published, in order.

    Parameters
    ----------
    figures
        Rows with month, month_end, value, low, high and published.

    Returns
    -------
    list of Span
    """
    last = last_published(figures[spanning(figures)], ["month", "month_end"])
    return counts_of(last.sort_values(["month", "month_end"], kind="stable"))


def counts_of(last: pd.DataFrame) -> list[Span]:
    """Return figures with month, month_end, value, low and high, one by one.

    Parameters
    ----------
    last
        The figures, each in the edition that counts.

    Returns
    -------
    list of Span
    """
    ends = (last[name].to_numpy().astype("datetime64[M]") for name in ("month", "month_end"))
    middle = last["value"].fillna((last["low"] + last["high"]) / 2.0)
    numbers = (column.astype(float).tolist() for column in (middle, last["low"], last["high"]))
    return [Span(*span) for span in zip(*ends, *numbers, strict=True)]


def fill_labels(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures that say ``all`` where they name no area or nationality."""
    named = {name: figures[name].replace("", "all") for name in ("area", "nationality")}
    return figures.assign(**named)


def last_published(
    figures: pd.DataFrame, key: Sequence[str], estimates: Collection[str] = ()
) -> pd.DataFrame:
    """Return the edition of each figure that was published last, in order of publication.

    Parameters
    ----------
    figures
        Rows with ``published``, the columns of the key and, if there are estimates, ``measure``.
    key
        Columns in which the editions of one figure are alike.
    estimates
        Measures of which every row stays, since several publishers may estimate the same.

    Returns
    -------
    pandas.DataFrame
        Rows of the table, with its index.
    """
    ordered = figures.sort_values("published", kind="stable")
    revised = ordered.duplicated(list(key), keep="last")
    if estimates:
        revised &= ~ordered["measure"].isin(estimates)
    return ordered[~revised]


def on_days(rows: pd.DataFrame, days: int) -> Persons:
    """Return persons on each day of a run.

    Parameters
    ----------
    rows
        Counts; columns: day and persons. Rows out of order are used as Flee does: a day lies
        before the first row in the file that has a later day.
    days
        Days of the run.

    Returns
    -------
    numpy.ndarray
        Persons; shape (days,). Zero without rows.
    """
    if rows.empty:
        return np.zeros(days, dtype=np.int64)
    at = rows["day"].to_numpy(dtype=np.float64)
    persons = rows["persons"].to_numpy(dtype=np.float64)
    wanted = np.arange(days)
    later = np.searchsorted(np.maximum.accumulate(at), wanted, side="right")
    later[wanted <= at[0]] = 0
    after = np.minimum(later, len(at) - 1)
    before = np.maximum(later - 1, 0)
    gap = at[after] - at[before]
    share = np.divide(wanted - at[before], gap, out=np.zeros(days), where=after > before)
    between = persons[before] + share * (persons[after] - persons[before])
    cut: Persons = np.trunc(between).astype(np.int64)
    return cut
