"""Counted figures: what an empty cell means, and counts on the days between them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.int64]


def whole(figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures that say ``all`` where they name no area or nationality."""
    named = {name: figures[name].replace("", "all") for name in ("area", "nationality")}
    return figures.assign(**named)


def on_days(rows: pd.DataFrame, days: int) -> Days:
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
    whole: Days = np.trunc(between).astype(np.int64)
    return whole
