"""Observed figures, as they were known on a date."""

from datetime import date

import pandas as pd

from rumbo.changes import as_day
from rumbo.files.faults import Collector
from rumbo.scenario import Scenario


def figures(scenario: Scenario, as_of: date | str | None = None) -> pd.DataFrame:
    """Return the corridor's observed figures.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        Day up to which figures had to be published; all figures if None.

    Returns
    -------
    pandas.DataFrame
        One row a figure: measure, component, area, nationality, month, value, low, high, unit,
        published, published_basis, publisher, source, quality. Without rows before the first
        publication.

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    if as_of is None:
        return scenario.figures.reset_index(drop=True)
    return published(scenario, as_of)[1].reset_index(drop=True)


def published(scenario: Scenario, as_of: date | str) -> tuple[date, pd.DataFrame]:
    """Return a day, and the figures published by it with their rows in the file as index.

    Parameters
    ----------
    scenario
        The scenario; figures are those of its corridor.
    as_of
        The day.

    Returns
    -------
    tuple of datetime.date and pandas.DataFrame
        Columns as of `figures`.

    Raises
    ------
    Faults
        If ``as_of`` is not a date.
    """
    faults = Collector()
    day = as_day("figures", "as_of", as_of, faults)
    faults.check()
    return day.date(), scenario.figures[scenario.figures["published"] <= day]
