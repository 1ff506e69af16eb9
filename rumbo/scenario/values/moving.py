"""Rows whose range moves a value on some day."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rumbo.scenario.parameters import Parameter
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.history import History
from rumbo.scenario.values.ranges import Z90, value_at


def moving_rows(history: History, days: Sequence[int]) -> list[Setting]:
    """Return the rows whose range moves a value of their parameter.

    Parameters
    ----------
    history
        The parameter's rows.
    days
        Days to look at, counted from 1970.

    Returns
    -------
    list of Setting
        Without those that other rows overrule on all of these days.
    """
    numbers, few = range(len(history.entries)), _one_of_each(history, days)
    return [history.entries[n].setting for n in numbers if _moves(history, n, few)]


def ends_of(parameter: Parameter, setting: Setting) -> set[float]:
    """Return the values at the ends of a row's range that differ from the row's own."""
    if np.isnan([setting.low, setting.high]).all():
        return set()
    return {value_at(parameter, setting, z) for z in (-Z90, Z90)} - {setting.value}


def _one_of_each(history: History, days: Sequence[int]) -> list[int]:
    """Return one of the days between which no row starts or ends: their values are the same."""
    stretch = np.searchsorted(sorted(history.dates), days, side="right").tolist()
    return list(dict(zip(stretch, days, strict=True)).values())


def _moves(history: History, number: int, days: Sequence[int]) -> bool:
    entry = history.entries[number]
    ends = ends_of(history.parameter, entry.setting)
    held = [day for day in days if entry.since <= day < entry.until] if ends else []
    return any(_differ(history, _with(history, number, end), held) for end in ends)


def _with(history: History, number: int, value: float) -> History:
    entries = list(history.entries)
    moved = entries[number].setting._replace(value=value)
    entries[number] = entries[number]._replace(setting=moved)
    return replace(history, entries=tuple(entries))


def _differ(one: History, other: History, days: Sequence[int]) -> bool:
    pairs = ((one.values(day), other.values(day)) for day in days)
    return any(not np.array_equal(a, b, equal_nan=True) for a, b in pairs)
