"""What a file counts: calendar months, components, areas and nationalities, each with its line."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.updating.forms import WHOLE, AgencyForm
from rumbo.updating.values import Texts

KEY = ("component", "area", "nationality")
"""What tells the series of a measure apart."""


class FileCounts(NamedTuple):
    """What a file counts.

    Attributes
    ----------
    cells
        Counts: month (first day), component, area, nationality, value, and ``row``, the line of the
        file that is first of it. Of estimates also low and high.
    labels
        The labels that each labelled column holds.
    notes
        What is worth saying of the file: English, with everything filled in.
    """

    cells: pd.DataFrame
    labels: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> pd.Timestamp:
        """First month."""
        month: pd.Timestamp = self.cells["month"].min()
        return month

    @property
    def last(self) -> pd.Timestamp:
        """Last month."""
        month: pd.Timestamp = self.cells["month"].max()
        return month


def calendar_month(year: int, month: int, form: AgencyForm) -> pd.Timestamp:
    """Return the calendar month of a month of a form's year."""
    early = form.year_begins > 1 and month >= form.year_begins
    return pd.Timestamp(year - early, month, 1)


def summed(leaves: pd.DataFrame, form: AgencyForm) -> pd.DataFrame:
    """Sum leaves of a file into the figures that its form gives; what has no row is 0.

    Parameters
    ----------
    leaves
        month, component, area, nationality, value and row of each leaf.
    form
        The form.

    Returns
    -------
    pandas.DataFrame
        As the cells of `FileCounts`.
    """
    over = {"total": ["area", "nationality"], "nationality": ["area"], "area": ["nationality"]}
    tables = [_summed(leaves.assign(**dict.fromkeys(over[one], WHOLE))) for one in form.writes]
    return pd.concat(tables, ignore_index=True)


def _summed(leaves: pd.DataFrame) -> pd.DataFrame:
    sums = leaves.groupby([*KEY, "month"], as_index=False).agg(
        value=("value", "sum"), row=("row", "min")
    )
    months = pd.date_range(leaves["month"].min(), leaves["month"].max(), freq="MS")
    series = sums[list(KEY)].drop_duplicates()
    every = series.merge(pd.DataFrame({"month": months}), how="cross")
    whole = every.merge(sums, how="left", on=[*KEY, "month"])
    return whole.fillna({"value": 0.0, "row": 0}).astype({"row": np.int64})


def check_months(texts: Texts, months: pd.Series, what: str, faults: Collector) -> None:
    """Note months between the first and the last of which there is nothing."""
    every = pd.date_range(months.min(), months.max(), freq="MS")
    lacking = every[~every.isin(months)]
    if len(lacking):
        more = f" (and {len(lacking) - 1} more months)" if len(lacking) > 1 else ""
        message = f"{what} has nothing in {lacking[0]:%Y-%m}, expected every month"
        faults.add(texts.file, 0, message + more, "Save the whole file again from its source")


def check_parts(texts: Texts, leaves: pd.DataFrame, faults: Collector) -> None:
    """Note components that lack a month which another has."""
    every = set(leaves["month"])
    for component, mine in leaves.groupby("component", sort=False):
        lacking = sorted(every - set(mine["month"]))
        if lacking:
            more = f" (and {len(lacking) - 1} more months)" if len(lacking) > 1 else ""
            message = f"{component} has nothing in {lacking[0]:%Y-%m}, as other parts have"
            faults.add(texts.file, 0, message + more, "Save the whole file again from its source")
