"""The values of one parameter over time, by precedence of its settings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.parameters import PARAMETERS, Parameter
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.values.parts import (
    mixed,
    mixing_faults,
    powered,
    sides_left,
    sides_of_mix,
)
from rumbo.scenario.values.ranges import Z90, scale_of, sides, sides_of_factor, times, way


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
        """Both together, whichever way they lead."""
        return abs(self.below) + abs(self.above)


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
    written
        The settings as they came, cell by cell; None where nothing is written.
    """

    parameter: Parameter
    shape: tuple[int, ...]
    entries: tuple[Entry, ...]
    written: tuple[tuple[object, ...], ...]
    # Of other entries they are others: not among what `dataclasses.replace` takes along.
    _values: dict[tuple[int, ...], Array] = field(default_factory=dict, init=False)
    _sides_by: dict[tuple[int, ...], dict[str, Sides]] = field(default_factory=dict, init=False)

    @cached_property
    def dates(self) -> frozenset[int]:
        """Days on which a setting starts or ends."""
        ends = {d for e in self.entries for d in (e.since, e.until) if isfinite(d)}
        return frozenset(int(day) for day in ends)

    def in_force(self, day: int) -> tuple[Entry, ...]:
        """Return the settings that hold on a day, in order."""
        return tuple(self.entries[n] for n in self._numbers(day))

    def _numbers(self, day: int) -> tuple[int, ...]:
        return tuple(n for n, e in enumerate(self.entries) if e.since <= day < e.until)

    def values(self, day: int) -> Array:
        """Return the parameter's values on a day, read-only."""
        key = self._numbers(day)
        if key not in self._values:
            made = self._applied(self.in_force(day)).reshape(self._outer)
            made.setflags(write=False)
            self._values.setdefault(key, made)  # another thread may have been first
        return self._values[key]

    def _applied(self, entries: Sequence[Entry]) -> Array:
        """Return the values under some settings, by cell."""
        array = np.full(self.shape, self.parameter.default, dtype=np.float64)
        for number, entry in enumerate(entries):
            setting = entry.setting
            if setting.operation == "multiply":
                factor = powered(setting).value
                array[entry.cells] = times(self.parameter, array[entry.cells], factor)
            elif setting.part == 1.0:
                array[entry.cells] = setting.value
            else:
                before = self._applied(_without(entries[:number], setting.lever))
                array[entry.cells] = mixed(before[entry.cells], setting.value, setting.part)
        return array

    def mixing_faults(self, day: int) -> Iterator[tuple[Setting, str, str]]:
        """Go through settings that cannot be in force in part on a day: what is wrong, the cure."""
        entries = self.in_force(day)
        for number, entry in enumerate(entries):
            if entry.setting.in_part:
                before = self._applied(_without(entries[:number], entry.setting.lever))
                for message, cure in mixing_faults(entry.setting, before[entry.cells]):
                    yield entry.setting, message, cure

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
            set replaces, what multiplies comes on top: the rows of one lever move together. How
            far a side keeps a deal stands under the name that `kept_name` gives it.
        """
        key = self._numbers(day)
        if key not in self._sides_by:
            self._sides_by.setdefault(key, self._doubts(self.in_force(day)))
        return self._sides_by[key]

    def _doubts(self, entries: Sequence[Entry]) -> dict[str, Sides]:
        values = self._applied(entries)
        held = self._held(entries, values) | self._kept(entries, values)
        return {
            lever: Sides(*(side.reshape(self._outer) for side in both))
            for lever, both in held.items()
            if both.width.any()
        }

    def _held(self, entries: Sequence[Entry], values: Array) -> dict[str, Sides]:
        """Return the sides by lever, by cell; ``values`` are those under all settings."""
        held: dict[str, Sides] = {}
        for number, entry in enumerate(entries):
            multiplies = entry.setting.operation == "multiply"
            for side in (side for one in held.values() for side in one if not multiplies):
                side[entry.cells] = 0.0
            if not multiplies and entry.setting.part != 1.0:
                self._mix(held, entry, entries[:number], values)
                continue
            mine = held.setdefault(entry.setting.lever, self._none())
            for side, more in zip(mine, self._sides(entry, values), strict=True):
                side[entry.cells] += more
        return held

    def _mix(
        self, held: dict[str, Sides], entry: Entry, earlier: Sequence[Entry], values: Array
    ) -> None:
        """Put into ``held`` what a setting in part leaves of the sides before, and its own."""
        rest, setting, cells = _without(earlier, entry.setting.lever), entry.setting, entry.cells
        before = self._applied(rest)[cells]
        for lever, both in self._held(rest, values).items():
            old = both.below[cells], both.above[cells]
            left = sides_left(self.parameter, setting, before, old)
            for side, more in zip(held.setdefault(lever, self._none()), left, strict=True):
                side[cells] = more
        mine = held.setdefault(setting.lever, self._none())
        for side, more in zip(mine, sides_of_mix(self.parameter, setting, before), strict=True):
            side[cells] += more

    def _kept(self, entries: Sequence[Entry], values: Array) -> dict[str, Sides]:
        """Return the sides of how far deals are kept, signed: where more of one lowers a value."""
        scale, held = scale_of(self.parameter, "set"), dict[str, Sides]()
        for name in dict.fromkeys(_kept_by(e) for e in entries if e.setting.in_part):
            low, high = (
                way(scale, self._applied([_bent(e, name, end) for e in entries]), values) / Z90
                for end in ("part_low", "part_high")
            )
            held[name] = Sides(-low, high)
        return held

    def _none(self) -> Sides:
        return Sides(np.zeros(self.shape), np.zeros(self.shape))

    def _sides(self, entry: Entry, values: Array) -> tuple[Array, Array]:
        if entry.setting.operation == "multiply":
            return sides_of_factor(self.parameter, powered(entry.setting), values[entry.cells])
        below, above = map(np.asarray, sides(self.parameter, entry.setting))
        return below, above

    @property
    def _outer(self) -> tuple[int, ...]:
        return self.shape[1:] if self.parameter.over == "everywhere" else self.shape


KEPT = "kept:"
"""What the name begins with under which it stands how far a side keeps a deal."""


def kept_name(deal: str, actor: str) -> str:
    """Return the name under which it stands how far a side keeps a deal."""
    return f"{KEPT}{deal}/{actor}"


def _kept_by(entry: Entry) -> str:
    return kept_name(entry.setting.lever, entry.setting.actor)


def deal_kept(name: str) -> str:
    """Return the deal of which a name says how far it is kept; empty for that of a lever."""
    return name.removeprefix(KEPT).rpartition("/")[0] if name.startswith(KEPT) else ""


def _without(entries: Sequence[Entry], lever: str) -> list[Entry]:
    return [entry for entry in entries if entry.setting.lever != lever]


def _bent(entry: Entry, name: str, end: str) -> Entry:
    """Return a setting as it is at an end of the range in which a side keeps its deal."""
    part = getattr(entry.setting, end)
    if np.isnan(part) or _kept_by(entry) != name:
        return entry
    return entry._replace(setting=entry.setting._replace(part=part))


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
    every = tuple(settings)
    ordered = sorted(every, key=lambda setting: _precedence(setting, selectors))
    entries = tuple(_entry(parameter, setting, selectors) for setting in ordered)
    return History(parameter, shape, entries, _written(every))


def _written(settings: Iterable[Setting]) -> tuple[tuple[object, ...], ...]:
    # What is missing, a number or a day, is unlike itself.
    return tuple(tuple(None if cell != cell else cell for cell in one) for one in settings)


def build_histories(
    settings: pd.DataFrame, selectors: Selectors, beside: Mapping[str, History] | None = None
) -> dict[str, History]:
    """Sort the settings of all parameters.

    Parameters
    ----------
    settings
        All settings, checked.
    selectors
        What selectors mean.
    beside
        Histories under selectors that mean the same: those of like settings are taken over, with
        what was worked out of them.

    Returns
    -------
    dict of str to History
        By parameter.
    """
    rows: dict[str, list[Setting]] = {name: [] for name in PARAMETERS}
    for setting in each_setting(settings):
        rows[setting.parameter].append(setting)
    known = beside or {}
    return {
        name: known[name]
        if name in known and known[name].written == _written(own)
        else build_history(PARAMETERS[name], own, selectors)
        for name, own in rows.items()
    }


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
