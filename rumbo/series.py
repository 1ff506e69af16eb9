"""Monthly figures as they were known on a day: the only door to data for fits and forecasts."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.changes import as_day
from rumbo.faults import Collector
from rumbo.figures import figures
from rumbo.scenario import Scenario

Months = NDArray[np.datetime64]
Array = NDArray[np.float64]


class Key(NamedTuple):
    """What a series counts.

    Attributes
    ----------
    measure
        Name of the measure, such as ``encounters``.
    component
        ``USBP`` or ``OFO`` for encounters; empty for others.
    area
        Sector, field office, state or place; ``all`` for the whole.
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
    months: Months
    values: Array

    @property
    def last(self) -> np.datetime64:
        """Last month."""
        return self.months[-1]

    def since(self, month: str | np.datetime64) -> "Series":
        """Return the months from one on."""
        kept = self.months >= np.datetime64(month, "M")
        return Series(self.key, self.months[kept], self.values[kept])


@dataclass(frozen=True, eq=False)
class Known:
    """What had been published by a day; nothing later can be had from it.

    Attributes
    ----------
    as_of
        The day.
    """

    as_of: date
    _table: pd.DataFrame

    def keys(self, measure: str, component: str = "") -> list[Key]:
        """Return the series there are of a measure, in order."""
        mine = self._table[
            (self._table["measure"] == measure) & (self._table["component"] == component)
        ]
        found = mine[["area", "nationality"]].drop_duplicates().itertuples(index=False)
        return sorted(Key(measure, component, *pair) for pair in found)

    def series(self, key: Key) -> Series:
        """Return a series up to the last month published by the day.

        Parameters
        ----------
        key
            What is counted.

        Returns
        -------
        Series

        Raises
        ------
        Faults
            If nothing had been published, a month is missing in the middle or stands twice.
        """
        mine = self._table
        for name, wanted in key._asdict().items():
            mine = mine[mine[name] == wanted]
        mine = mine.sort_values("month", kind="stable")
        months = mine["month"].to_numpy().astype("datetime64[M]")
        _check_months(key, months, self.as_of)
        return Series(key, months, mine["value"].to_numpy(dtype=np.float64))


def _check_months(key: Key, months: Months, as_of: date) -> None:
    faults = Collector()
    if not len(months):
        faults.add(
            "figures.csv", 0, f"nothing of '{key}' had been published by {as_of}",
            "Choose a later day, or add the figures",
        )  # fmt: skip
    for before, after in zip(months[:-1], months[1:], strict=True):
        step = int((after - before).astype(int))
        if step == 0:
            faults.add(
                "figures.csv", 0, f"'{key}' has {before} twice, expected one figure a month",
                "Remove one of the two rows",
            )  # fmt: skip
        elif step > 1:
            faults.add(
                "figures.csv", 0, f"'{key}' has nothing between {before} and {after}, expected"
                " consecutive months", "Add the missing months, or leave out those before the gap",
            )  # fmt: skip
    faults.check()


def known(scenario: Scenario, as_of: date | str) -> Known:
    """Return what had been published by a day.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        The day.

    Returns
    -------
    Known

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    faults = Collector()
    day = as_day("figures", "as_of", as_of, faults)
    faults.check()
    table = figures(scenario, day.date()).fillna({"component": ""})
    return Known(day.date(), table)
