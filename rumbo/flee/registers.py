"""Persons counted in camps: raw rows, corrections of registers, and counts day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rumbo.scenario.arrays import Array, Index
from rumbo.scores.figures import on_days


@dataclass(frozen=True, eq=False)
class Registers:
    """Counts of the camps and of the whole.

    Attributes
    ----------
    names
        Camps with counts, in the order of ``data_layout.csv``. Some may be no location of the
        crisis: they are not simulated, and yet belong to the sum over camps.
    rows
        Counts of each camp as registered; columns: day (from the start, may be negative) and
        persons. In the order of the file.
    total
        Counts of the whole; columns as in rows.
    corrections
        New registrations that showed earlier counts to be too high, in the order they apply;
        columns: camp and day. Each falls on a row of its camp.
    """

    names: tuple[str, ...]
    rows: tuple[pd.DataFrame, ...]
    total: pd.DataFrame
    corrections: pd.DataFrame

    def corrected(self, as_of: int | None = None) -> "Registers":
        """Return the counts after corrections.

        Parameters
        ----------
        as_of
            Last day that is known: later rows and corrections do not exist. None knows all.

        Returns
        -------
        Registers
            Corrected counts, without corrections left to apply.
        """
        until = np.inf if as_of is None else as_of
        known = {
            name: _known(rows, until) for name, rows in zip(self.names, self.rows, strict=True)
        }
        for camp, day in zip(self.corrections["camp"], self.corrections["day"], strict=True):
            if day <= until:
                known[camp] = correct(known[camp], int(day))
        return replace(
            self,
            rows=tuple(known.values()),
            total=_known(self.total, until),
            corrections=self.corrections.iloc[:0],
        )

    def daily(self, days: int) -> Index:
        """Return the persons in each camp on each day.

        Parameters
        ----------
        days
            Days of the run.

        Returns
        -------
        numpy.ndarray
            Persons; shape (days, camps). Between rows on a straight line, cut to whole persons;
            before the first and after the last row as on that row.
        """
        counts = [on_days(rows, days) for rows in self.rows]
        return np.column_stack(counts) if counts else np.zeros((days, 0), dtype=np.int64)

    def newly_displaced(
        self, days: int, sum_from_camps: bool, insert_day0: bool, empty_on_day0: bool = False
    ) -> Index:
        """Return how many people leave home each day.

        Nobody is taken away when counts fall: the fall is a debt, and nobody leaves home until
        the counts have made up for it.

        Parameters
        ----------
        days
            Days of the run.
        sum_from_camps
            Whether the whole is the sum over camps, not the counts of the whole.
        insert_day0
            Whether those counted on day 0 stand in the camps already.
        empty_on_day0
            Whether those counted on day 0 are left out altogether.

        Returns
        -------
        numpy.ndarray
            Persons; shape (days,).
        """
        total = self.daily(days).sum(axis=1) if sum_from_camps else on_days(self.total, days)
        # To pay debts first is to follow the highest count so far.
        highest = np.maximum.accumulate(total)
        nobody = insert_day0 or empty_on_day0
        return np.diff(highest, prepend=highest[:1] if nobody else 0)


def correct(rows: pd.DataFrame, day: int) -> pd.DataFrame:
    """Scale what was counted before a new registration.

    Parameters
    ----------
    rows
        Counts of a camp; columns: day and persons.
    day
        Day of the new registration.

    Returns
    -------
    pandas.DataFrame
        Counts of which those before that day's row are multiplied by what the new registration
        found over what stood in the row before it. Unchanged where that row holds nobody.
    """
    persons = rows["persons"].to_numpy(dtype=np.float64).copy()
    for i in np.flatnonzero(rows["day"].to_numpy() == day):
        if i > 0 and persons[i - 1] > 0:
            persons[:i] *= persons[i] / persons[i - 1]
    return rows.assign(persons=persons)


def add_up(files: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up the files of one camp.

    Parameters
    ----------
    files
        Counts; columns: day and persons.

    Returns
    -------
    pandas.DataFrame
        A row for each day that any file has. A file counts with its last earlier row, so that a
        later row never changes an earlier sum, and with nobody before its first row.
    """
    if len(files) == 1:
        return files[0]
    day = np.unique(np.concatenate([rows["day"].to_numpy(dtype=np.int64) for rows in files]))
    return pd.DataFrame({"day": day, "persons": sum(_held(rows, day) for rows in files)})


def _held(rows: pd.DataFrame, day: Index) -> Array:
    ordered = rows.sort_values("day", kind="stable")
    last = np.searchsorted(ordered["day"].to_numpy(), day, side="right")
    persons: Array = np.concatenate([[0.0], ordered["persons"].to_numpy()])[last]
    return persons


def _known(rows: pd.DataFrame, until: float) -> pd.DataFrame:
    return rows[rows["day"] <= until].reset_index(drop=True)
