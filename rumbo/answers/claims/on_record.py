"""What tests of claims may look at: figures published by a day, and what was worked out of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.answers.claims.arguments import Months, spelled
from rumbo.forecasting.panel import Panel
from rumbo.run.workers import Progress
from rumbo.scenario.figures import Key, Known, known, published
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.known import levers_known
from rumbo.scores.figures import ESTIMATES, fill_labels, last_published, spanning

NORMAL_90 = 1.645
"""Standard deviations to either side that hold nine in ten."""


REPORTS = ("camp", "south")
"""Components of which every report stays, since none takes the place of another."""


class Missing(Exception):
    """Raised where a test needs what is not known; says why, in the words of pages."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


class Tally(NamedTuple):
    """A count and the ends that editions, estimates and rounding leave open."""

    value: float
    low: float
    high: float

    def plus(self, other: "Tally") -> "Tally":
        """Return the sum."""
        return Tally(*(mine + its for mine, its in zip(self, other, strict=True)))

    def less(self, other: "Tally") -> "Tally":
        """Return the difference, as wide as both may make it."""
        low, high = self.low - other.high, self.high - other.low
        return Tally(self.value - other.value, max(low, 0.0), high)

    def over(self, other: "Tally") -> "Tally":
        """Return the ratio, as wide as both may make it."""
        return Tally(
            self.value / other.value, self.low / other.high, self.high / max(other.low, 1e-9)
        )


@dataclass(frozen=True)
class Making:
    """What is made where it is not kept yet, and how.

    Attributes
    ----------
    folder
        Where forecasts and runs are kept.
    forecasts, model
        Whether to make forecasts, and runs of the corridor.
    members, seed, workers, progress
        As in `rumbo.simulate`.
    """

    folder: Path
    forecasts: bool = True
    model: bool = False
    members: int = 20
    seed: int = 0
    workers: int | None = None
    progress: Progress | None = None


@dataclass(frozen=True, eq=False)
class OnRecord:
    """A corridor as of a day, and the figures that claims alone need.

    Attributes
    ----------
    scenario
        The corridor, fitted if it has a fit.
    as_of
        Day up to which figures had been published.
    own
        Figures that stand with the claims.
    making
        What else may be made.
    """

    scenario: Scenario
    as_of: date
    own: pd.DataFrame
    making: Making

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures published by the day: the corridor's, then those that stand with the claims."""
        _, table = published(self.scenario, self.as_of)
        mine = self.own[self.own["published"] <= pd.Timestamp(self.as_of)]
        whole = pd.concat([table, mine], ignore_index=True) if len(mine) else table
        return fill_labels(whole.assign(component=whole["component"].fillna("")))

    @cached_property
    def known(self) -> Known:
        """The corridor's figures as forecasts see them."""
        return known(self.scenario, self.as_of)

    @cached_property
    def levers(self) -> pd.DataFrame:
        """The calendar as it was known on the day."""
        return levers_known(self.scenario.levers, pd.Timestamp(self.as_of))

    @cached_property
    def _by_key(self) -> dict[Key, pd.DataFrame]:
        return {Key(*key): rows for key, rows in self.figures.groupby(list(Key._fields))}

    @cached_property
    def panels(self) -> dict[date, Panel]:
        """Published forecasts looked up before, by day."""
        return {}

    @cached_property
    def _kept(self) -> dict[Key, "_Stretches"]:
        return {}

    def rows(self, key: Key) -> pd.DataFrame:
        """Return the figures of a series, each in the edition that counts, in order of months.

        ``last`` is the last month of each; of estimates every one stays.
        """
        rows = self._by_key.get(key, self.figures[:0])
        rows = rows.assign(last=rows["month_end"].where(spanning(rows), rows["month"]))
        if key.component in REPORTS:
            return rows.sort_values(["month", "published"], kind="stable")
        told = last_published(rows, ["month", "last"], ESTIMATES)
        return told.sort_values(["month", "published"], kind="stable")

    def amount(self, keys: tuple[Key, ...], stretch: Months) -> Tally:
        """Return the sum of series over months, from months, sums and differences of sums.

        Raises
        ------
        Missing
            If they were not published.
        """
        first, *others = [self._one(key, stretch) for key in keys]
        for other in others:
            first = first.plus(other)
        return first

    def monthly(self, key: Key, stretch: Months) -> list[Tally]:
        """Return a series month by month; see `amount`."""
        every = np.arange(stretch[0], stretch[1] + 1)
        return [self._one(key, (month, month)) for month in every]

    def _one(self, key: Key, stretch: Months) -> Tally:
        if key not in self._kept:
            self._kept[key] = _Stretches(self.rows(key), partial(self._doubt, key))
        found = self._kept[key].sum_of(stretch)
        if found is None:
            raise Missing("figures", series=spelled(key), months=months_text(stretch))
        return found

    def _doubt(self, key: Key, month: np.datetime64, quality: str) -> float:
        """Return by how much a figure may differ from the settled one, as a share.

        What was reported from a first edition stays as it was; the rest is revised till settled.
        """
        if quality == "official":
            return NORMAL_90 * self.known.revision_sd(key, month)
        table = self.scenario.publication
        at = (table["measure"] == key.measure) & (table["component"].fillna("") == key.component)
        return NORMAL_90 * float(table.loc[at, "revision_sd"].max()) if at.any() else 0.0


def months_text(stretch: Months) -> str:
    """Return a stretch as it is written in the table."""
    first, last = map(str, stretch)
    return first if first == last else f"{first}..{last}"


class _Stretches:
    """Figures of one series by their first and last month."""

    def __init__(self, rows: pd.DataFrame, doubt: Callable[[np.datetime64, str], float]) -> None:
        ends = (rows[name].to_numpy().astype("datetime64[M]") for name in ("month", "last"))
        told = zip(*ends, rows.to_dict("records"), strict=True)
        amounts = {
            (first, last): tally(row, doubt(last, row["quality"])) for first, last, row in told
        }
        self._of = {at: amount for at, amount in amounts.items() if amount is not None}

    def sum_of(self, stretch: Months) -> Tally | None:
        """Return a figure of the stretch, of its months, or of the difference of two stretches."""
        if stretch in self._of:
            return self._of[stretch]
        first, last = stretch
        every = [self._of.get((month, month)) for month in np.arange(first, last + 1)]
        if all(every):
            total = Tally(0.0, 0.0, 0.0)
            for amount in filter(None, every):
                total = total.plus(amount)
            return total
        return self._difference(first, last)

    def _difference(self, first: np.datetime64, last: np.datetime64) -> Tally | None:
        for (begin, end), whole in self._of.items():
            before = self._of.get((begin, first - 1))
            if end == last and before is not None:
                return whole.less(before)
        return None


def tally(row: dict[str, float], doubt: float = 0.0) -> Tally | None:
    """Return a figure with its ends: those given, or what revision and rounding leave open.

    Parameters
    ----------
    row
        Its value, low and high.
    doubt
        Share by which it may still be revised.

    Returns
    -------
    Tally or None
        None where no number is given.
    """
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if math.isnan(value):
        value = (low + high) / 2.0
    if math.isnan(value):
        return None
    if not math.isnan(low) and low < high:
        return Tally(value, low, high)
    half = max(rounding(value), doubt * value)
    return Tally(value, max(value - half, 0.0), value + half)


def rounding(value: float) -> float:
    """Return half the last place that a number is written to: 50 of 1,500, a half of 1,501."""
    place = 1.0
    while value and value % (10.0 * place) == 0.0:
        place *= 10.0
    return place / 2.0 if value >= 1.0 else 0.0
