"""A forecast's table and the figures beside it, as the report reads them: checked."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.report.page.parts import Row
from rumbo.report.read.tables import CheckedTable, are_numbers, read_table
from rumbo.scores.figures import last_published, of_months

HUB = (
    "reference_date", "target", "component", "location", "nationality", "horizon",
    "step", "kind", "target_end_date", "output_type", "output_type_id", "value", "model_id",
)  # fmt: skip
"""Columns of a forecast's table (hubverse.io)."""

NOWCAST = "nowcast"
"""Kind of a month that was over on the day of the forecast."""

STALE = "stale_driver"
"""Column of the last month of counts that were too old to drive the simulation, if it is there."""

SERIES = ["target", "component", "location", "nationality"]
"""Columns that name a series."""

ENDS = {
    "low_90": 0.05, "low_80": 0.1, "low_50": 0.25, "middle": 0.5,
    "high_50": 0.75, "high_80": 0.9, "high_90": 0.95,
}  # fmt: skip
"""Ends of the ranges that are told of, and the probability of each."""

FIGURES = (
    "measure", "component", "area", "nationality", "month", "value", "low", "high", "published",
    "publisher",
)  # fmt: skip
"""Columns that figures must have."""

CURE = "Make the forecast again, or name the file of one model's forecast as of one day"


@dataclass(frozen=True)
class ForecastTable:
    """One forecast, and what had been published by its day.

    Attributes
    ----------
    day
        As of which it was made.
    model
        What made it.
    ranges
        One row a series and month ahead: `SERIES`, horizon, step, kind, month (its first day) and
        `ENDS`.
    figures
        Figures published by the day, each month's last edition.
    driven_until
        Last month of the counts that drive the simulation, where they were too old; else empty.
    """

    day: date
    model: str
    ranges: pd.DataFrame
    figures: pd.DataFrame
    driven_until: str = ""

    def rows(self, target: str, component: str, by: str = "") -> list[Row]:
        """Return the months of a total, the nearest first, or of its parts.

        These are by ``nationality`` or ``location``, in the order of the table.
        """
        table = self.ranges
        mine = table[(table["target"] == target) & (table["component"] == component)]
        for column in ("nationality", "location"):
            mine = mine[(mine[column] != "all") == (column == by)]
        ordered = mine if by else mine.sort_values("step")
        return list(ordered.to_dict("records"))

    @property
    def totals(self) -> list[tuple[str, str]]:
        """Target and component of each total, in the order of the table."""
        whole = self.ranges[(self.ranges[["location", "nationality"]] == "all").all(axis=1)]
        return list(dict.fromkeys(zip(whole["target"], whole["component"], strict=True)))

    def areas(self, measure: str) -> list[str]:
        """Return the areas that a measure has figures of, in their order."""
        named = self.figures["area"][self.figures["measure"] == measure]
        return [area for area in dict.fromkeys(named) if area != "all"]

    def observed(self, measure: str, component: str = "", area: str = "all") -> pd.DataFrame:
        """Return the figures of everybody in an area, by month."""
        table = self.figures
        wanted = (measure, component, area, "all")
        columns = ("measure", "component", "area", "nationality")
        for column, label in zip(columns, wanted, strict=True):
            table = table[table[column] == label]
        return table.sort_values("month")


def read_forecast(forecast: Path, figures: pd.DataFrame) -> ForecastTable:
    """Read a forecast and check it and the figures that it is shown beside.

    Parameters
    ----------
    forecast
        A table in the columns of the forecast hubs, ``.parquet`` or ``.csv``: of one model, as of
        one day.
    figures
        What had been published by that day, such as ``rumbo.figures`` returns.

    Returns
    -------
    ForecastTable

    Raises
    ------
    Faults
        If the table is missing, cannot be read or cannot be a forecast; or if a figure was
        published after its day.
    """
    faults = Collector()
    table = read_table(forecast, CURE, faults)
    faults.check()
    if table.holds(HUB):
        _check_form(table)
    faults.check()
    ranges, rows = _ranges(table.rows), table.rows
    _check_ranges(table, ranges)
    day = date.fromisoformat(str(rows["reference_date"].iloc[0])[:10])
    _check_figures(figures, day, faults)
    faults.check()
    model, until = str(rows["model_id"].iloc[0]), _driven_until(rows)
    return ForecastTable(day, model, ranges, _latest(figures), until)


def _driven_until(rows: pd.DataFrame) -> str:
    """Return the month that stale series are marked with; tables of other makers have none."""
    marks = rows[STALE].fillna("").astype(str) if STALE in rows else pd.Series(dtype=str)
    return max(marks[marks != ""], default="")


def _check_form(table: CheckedTable) -> None:
    rows = table.rows
    for column, what in (("reference_date", "day"), ("model_id", "model")):
        if len(set(rows[column])) > 1:
            table.fault(f"there is more than one {what}, expected one")
    for column in ("reference_date", "target_end_date"):
        days = pd.to_datetime(rows[column], format="%Y-%m-%d", errors="coerce")
        table.note(days.notna(), f"'{column}' is no day such as 2024-06-30")
    for column in ("horizon", "step", "output_type_id", "value"):
        table.note(are_numbers(rows[column]), f"'{column}' is not a number")
    table.note(rows["output_type"] == "quantile", "'output_type' is not 'quantile'")


def _ranges(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a series and month ahead, NaN for a quantile that is missing."""
    probability = table["output_type_id"].astype(float).round(3)
    numbered = {value: name for name, value in ENDS.items()}
    shown = table[probability.isin(list(numbered))]
    shown = shown.assign(end=probability.map(numbered), value=shown["value"].astype(float))
    index = [*SERIES, "horizon", "step", "kind", "target_end_date"]
    wide = shown.pivot_table(index=index, columns="end", values="value", sort=False)
    wide = wide.reindex(columns=list(ENDS)).reset_index()
    ends = pd.to_datetime(wide.pop("target_end_date"))
    wide.insert(7, "month", ends.dt.to_period("M").dt.to_timestamp())
    return wide.rename_axis(columns=None)


def _check_ranges(table: CheckedTable, ranges: pd.DataFrame) -> None:
    ends = ranges[list(ENDS)].to_numpy()
    if not len(ranges) or np.isnan(ends).any():
        expected = ", ".join(str(value) for value in ENDS.values())
        table.fault(f"a forecast lacks a quantile, expected those at {expected}")
    elif (ends < 0).any() or (np.diff(ends, axis=1) < 0).any():
        table.fault("quantiles fall or lie below 0, expected rising ones")


def _check_figures(figures: pd.DataFrame, day: date, faults: Collector) -> None:
    missing = [column for column in FIGURES if column not in figures.columns]
    if missing:
        lacking = f"columns are missing: {', '.join(missing)}"
        faults.add("figures", 0, lacking, "Give what rumbo.figures returns")
    elif (pd.to_datetime(figures["published"]) > pd.Timestamp(day)).any():
        late = f"some were published after {day}, the day of the forecast"
        faults.add("figures", 0, late, f"Give what rumbo.figures returns as of {day}")


def _latest(figures: pd.DataFrame) -> pd.DataFrame:
    """Return each month's last edition, its dates as such and its blank labels as ``all``."""
    table = of_months(figures)[list(FIGURES)].copy()
    for column in ("month", "published"):
        table[column] = pd.to_datetime(table[column])
    for column in ("area", "nationality"):
        table[column] = table[column].fillna("").replace("", "all")
    table["component"] = table["component"].fillna("")
    return last_published(table, ["measure", "component", "area", "nationality", "month"])
