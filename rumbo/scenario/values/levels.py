"""Levels that a fit found: settings beneath those of a corridor."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.settings import ASSUMED, Setting

LEVEL = ("parameter", "at", "group", "since", "until", "operation", "value")
"""What a fit says of a level that it found: a setting without a range, a unit and a lever."""

FITTED = "fitted"
"""Quality of a level that a fit found."""


def level_of(
    parameter: str,
    at: str,
    group: str,
    since: str | None,
    until: str | None,
    operation: str,
    value: float,
) -> Setting:
    """Return a level that a fit found as a setting.

    Parameters
    ----------
    parameter, at, group, operation, value
        As in `Setting`.
    since, until
        First day and first day after, ``YYYY-MM-DD``; None where open.

    Returns
    -------
    Setting
    """
    first, last = (pd.Timestamp(day) if day else pd.NaT for day in (since, until))
    unit, nan = PARAMETERS[parameter].unit, np.nan  # alone equal to itself
    return Setting(
        "posterior", 0, parameter, at, group, first, last, operation, value, nan, nan, unit,
        "", ASSUMED, 0,
    )  # fmt: skip


def with_levels(settings: pd.DataFrame, levels: Sequence[Setting]) -> pd.DataFrame:
    """Return a table of settings with the levels that a fit found beneath them."""
    if not levels:
        return settings
    rows = _level_rows(tuple(levels), tuple(settings.dtypes.items()))
    return pd.concat([settings, rows], ignore_index=True)


@lru_cache(maxsize=8)
def _level_rows(
    levels: tuple[Setting, ...], columns: tuple[tuple[Hashable, Any], ...]
) -> pd.DataFrame:
    """Return levels as rows with the columns of a table, by name and type: many scenarios ask."""
    rows = pd.DataFrame([one._asdict() for one in levels]).assign(quality=FITTED, note="")
    return rows[[name for name, _ in columns]].astype(dict(columns))
