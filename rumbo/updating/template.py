"""A table for any other count: typed in by hand under the corridor's own ids."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.files.inert import to_csv
from rumbo.files.tables import read_table
from rumbo.scenario.roles import TRANSIT
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.schema import FIGURES
from rumbo.scores.figures import of_months
from rumbo.updating.sheets import Grid

TEMPLATE = "template"
"""What filled-in templates are kept under."""

_LEFT = ("month_end", "day", "published", "published_basis")

COLUMNS = tuple(
    replace(one, filled=True) if one.name == "value" else one
    for one in FIGURES
    if one.name not in (*_LEFT, "low", "high")
)
"""Columns of the template: those of figures.csv, without what is asked for or worked out."""

NAMES = tuple(one.name for one in COLUMNS)


def is_template(sheet: Grid) -> bool:
    """Whether a sheet has the header of the template, or nearly."""
    return {"measure", "month", "value"} <= set(sheet.rows[0])


def read_template(path: Path, faults: Collector) -> pd.DataFrame | None:
    """Read a filled-in template.

    Parameters
    ----------
    path
        The file.
    faults
        Where faults are noted.

    Returns
    -------
    pandas.DataFrame or None
        As the figures of an edition; None after a fault.
    """
    table = read_table(path, COLUMNS, faults, faults)
    if faults or table is None:
        return None
    if table.frame.empty:
        faults.add(path.name, 1, "there is no row below the header", "Add a row for each count")
        return None
    frame = table.frame.assign(row=table.row, low=np.nan, high=np.nan)
    named = {name: frame[name].replace("", "all") for name in ("area", "nationality")}
    frame = frame.assign(**named)
    key = ["measure", "component", "area", "nationality", "month", "source"]
    again = frame.duplicated(key).to_numpy()
    if again.any():
        row = int(frame["row"].to_numpy()[np.argmax(again)])
        faults.add(path.name, row, "the row counts the same as one above", "Remove one of the two")
        return None
    return frame


def template(scenario: Scenario) -> str:
    """Return a template of a corridor to be filled in: a row for each total that is told ahead.

    These are the totals that are forecast, and what is counted on the way: an outlook begins where
    the last month of these ends.

    Parameters
    ----------
    scenario
        The corridor.

    Returns
    -------
    str
        A table as CSV; the month of each row is the first of which there is no figure.
    """
    figures = of_months(scenario.figures)
    rows = []
    totals = [(t.measure, t.component) for t in scenario.targets.values() if t.by == "total"]
    totals += [(TRANSIT, one.id) for one in scenario.roles.transit]
    for measure, component in dict.fromkeys(totals):
        mine = figures[
            (figures["measure"] == measure)
            & (figures["component"] == component)
            & figures["area"].isin(("", "all"))
            & figures["nationality"].isin(("", "all"))
        ]
        if mine.empty:
            continue
        last = mine.sort_values("month").iloc[-1]
        row = dict.fromkeys(NAMES, "") | {name: last[name] for name in NAMES if name in last}
        month = f"{last['month'] + pd.DateOffset(months=1):%Y-%m}"
        asked = {"month": month, "value": "", "source": "", "area": "all", "nationality": "all"}
        rows.append(row | asked)
    return to_csv(pd.DataFrame(rows, columns=list(NAMES)))
