"""The values of one parameter over time, by precedence of its settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.parameters import Parameter
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.ranges import sides, sides_of_factor, times


class Entry(NamedTuple):
    """A setting with its cells and the days on which it holds.

    Attributes
    ----------
    setting
        The row.
    cells
        Where it applies: indices of the parameter's array.
    since, until
        First day and first day after, as numbers of days since 1970.
    """

    setting: Setting
    cells: tuple[Index, ...]
    since: float
    until: float


class Sides(NamedTuple):
    """How unsure values are: standard deviations on their parameter's scale.

    Attributes
    ----------
    below, above
        Widths downwards and upwards, shaped like the values.
    """

    below: Array
    above: Array

    @property
    def width(self) -> Array:
        """Both together."""
        return self.below + self.above


@dataclass(frozen=True, eq=False)
class History:
    """One parameter's settings, in the order in which they are applied.

    Attributes
    ----------
    parameter
        The parameter.
    shape
        Cells, and groups where it differs by group.
    entries
        Settings with their cells: less specific first, then multiplications, then changes.
    """

    parameter: Parameter
    shape: tuple[int, ...]
    entries: tuple[Entry, ...]

    @cached_property
    def dates(self) -> frozenset[int]:
        """Days on which a setting starts or ends."""
        ends = {d for e in self.entries for d in (e.since, e.until) if isfinite(d)}
        return frozenset(int(day) for day in ends)

    def in_force(self, day: int) -> tuple[Entry, ...]:
        """Return the settings that hold on a day, in order."""
        return tuple(e for e in self.entries if e.since <= day < e.until)

    def values(self, day: int) -> Array:
        """Return the parameter's values on a day."""
        array = np.full(self.shape, self.parameter.default, dtype=np.float64)
        for entry in self.in_force(day):
            if entry.setting.operation == "multiply":
                here = array[entry.cells]
                array[entry.cells] = times(self.parameter, here, entry.setting.value)
            else:
                array[entry.cells] = entry.setting.value
        return array.reshape(self._outer)

    def doubts(self, day: int) -> dict[str, Sides]:
        """Return how unsure the values of a day are, by the lever whose row says so.

        Parameters
        ----------
        day
            Number of the day since 1970.

        Returns
        -------
        dict of str to Sides
            From the rows' 90 % ranges, shaped like the values; "" for rows without a lever. What is
            set replaces, what multiplies comes on top: the rows of one lever move together.
        """
        values = self.values(day).reshape(self.shape)
        held: dict[str, Sides] = {}
        for entry in self.in_force(day):
            multiplies = entry.setting.operation == "multiply"
            for side in (side for one in held.values() for side in one if not multiplies):
                side[entry.cells] = 0.0
            none = Sides(np.zeros(self.shape), np.zeros(self.shape))
            mine = held.setdefault(entry.setting.lever, none)
            for side, more in zip(mine, self._sides(entry, values), strict=True):
                side[entry.cells] += more
        return {
            lever: Sides(*(side.reshape(self._outer) for side in both))
            for lever, both in held.items()
            if both.width.any()
        }

    def _sides(self, entry: Entry, values: Array) -> tuple[Array, Array]:
        if entry.setting.operation == "multiply":
            return sides_of_factor(self.parameter, entry.setting, values[entry.cells])
        below, above = map(np.asarray, sides(self.parameter, entry.setting))
        return below, above

    @property
    def _outer(self) -> tuple[int, ...]:
        return self.shape[1:] if self.parameter.over == "everywhere" else self.shape


def build_history(
    parameter: Parameter, settings: Iterable[Setting], selectors: Selectors
) -> History:
    """Sort a parameter's settings by precedence and find their cells.

    Parameters
    ----------
    parameter
        The parameter.
    settings
        Its settings, checked.
    selectors
        What selectors mean.

    Returns
    -------
    History
    """
    shape: tuple[int, ...] = (selectors.size(parameter),)
    if parameter.by_group:
        shape += (len(selectors.groups),)
    ordered = sorted(settings, key=lambda setting: _precedence(setting, selectors))
    entries = tuple(_entry(parameter, setting, selectors) for setting in ordered)
    return History(parameter, shape, entries)


def _precedence(setting: Setting, selectors: Selectors) -> tuple[float, ...]:
    if setting.change:
        return (2.0, setting.change)
    multiplies = 1.0 if setting.operation == "multiply" else 0.0
    return (multiplies, *selectors.rank(setting.at, setting.group), _day(setting.since, -np.inf))


def _entry(parameter: Parameter, setting: Setting, selectors: Selectors) -> Entry:
    cells: tuple[Index, ...] = (selectors.at(parameter, setting.at),)
    if parameter.by_group:
        cells = (cells[0][:, None], selectors.group(parameter, setting.group))
    since, until = _day(setting.since, -np.inf), _day(setting.until, np.inf)
    return Entry(setting, cells, since, until)


def _day(when: pd.Timestamp, otherwise: float) -> float:
    # Nanoseconds in a day.
    return otherwise if pd.isna(when) else float(when.value // 86_400_000_000_000)
