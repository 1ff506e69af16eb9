"""Every parameter's value on every day, as arrays."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.cells import allowed
from rumbo.files.faults import Collector
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.corridor import same_ground
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.values.history import History, Sides, build_histories, build_history
from rumbo.scenario.values.moving import moving_rows

_DAY_ZERO = date(1970, 1, 1)


class Calendar:
    """What is in force on each day of a scenario.

    Days are numbered from the start of the warm-up. A segment is a run of days on which no setting
    starts or ends.

    Parameters
    ----------
    scenario
        The scenario.
    beside
        Another, from which is taken over what they have in common.

    Raises
    ------
    Faults
        If settings that multiply lead out of a parameter's range.

    Attributes
    ----------
    scenario
        The scenario.
    modes
        Modes of travel in the order of arrays over modes.
    recorded
        Number of the first day that is recorded, which is the scenario's start.
    segments
        First and last day of each segment.
    """

    def __init__(self, scenario: Scenario, beside: "Calendar | None" = None) -> None:
        self.scenario = scenario
        self.modes = scenario.selectors.network.modes
        self.recorded = scenario.warm_up
        self._first = _number(scenario.start) - scenario.warm_up
        self._days = _number(scenario.end) - self._first + 1
        alike = beside is not None and same_ground(scenario, beside.scenario)
        self._histories: dict[str, History] = build_histories(
            scenario.settings_in_force,
            scenario.selectors,
            beside._histories if beside and alike else None,
        )
        self._doubts: dict[tuple[str, int], dict[str, Sides]] = {}
        self.segments = self._split()
        self._check()

    @cached_property
    def dates(self) -> NDArray[np.datetime64]:
        """Every day; shape (T,)."""
        return np.arange(self._first, self._first + self._days).astype("datetime64[D]")

    @cached_property
    def segment_of(self) -> Index:
        """Segment of every day; shape (T,)."""
        lengths = [last - first + 1 for first, last in self.segments]
        return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)

    @cached_property
    def month_of(self) -> Index:
        """Month of every day, counted from the month of the first day; shape (T,)."""
        months = self.dates.astype("datetime64[M]").astype(np.int64)
        return np.asarray(months - months[0], dtype=np.int64)

    @property
    def months(self) -> int:
        """Number of months that the days touch."""
        return int(self.month_of[-1]) + 1

    def values(self, segment: int) -> dict[str, Array]:
        """Return the values of all parameters in a segment.

        Parameters
        ----------
        segment
            Number of the segment.

        Returns
        -------
        dict of str to numpy.ndarray
            By parameter: shape () everywhere, (P,) by place, (L,) by link, (Mo,) by mode; those
            that differ by group have one more axis (G,) at the end. The arrays are read-only.
        """
        return {name: self._value(name, segment) for name in PARAMETERS}

    def doubts(self, parameter: str, segment: int) -> dict[str, Sides]:
        """Return how unsure a parameter's values in a segment are.

        Parameters
        ----------
        parameter
            Name of the parameter.
        segment
            Number of the segment.

        Returns
        -------
        dict of str to Sides
            By lever ("" for rows without one): standard deviations on the parameter's scale,
            shaped like the values.
        """
        starts = self._built[parameter][0]
        held = parameter, starts[bisect_right(starts, segment) - 1]
        if held not in self._doubts:
            day = self.segments[held[1]][0] + self._first
            self._doubts[held] = self._histories[parameter].doubts(day)
        return self._doubts[held]

    def moving(self, parameter: str) -> list[Setting]:
        """Return the rows of a parameter whose range moves a value on some day of the run."""
        days = [first + self._first for first, _ in self.segments]
        return moving_rows(self._histories[parameter], days)

    def inflows(self) -> pd.DataFrame:
        """Return who enters: month, place, group, route and per_day.

        Returns
        -------
        pandas.DataFrame
            Months are counted as in `month_of`; persons per day are those of the month spread
            evenly over all its days. Months outside the run are left out.
        """
        table = self.scenario.inflows
        month = table["month"].to_numpy().astype("datetime64[M]")
        number = month.astype(np.int64) - self.dates[0].astype("datetime64[M]").astype(np.int64)
        length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)
        persons = table["persons"].to_numpy() / length
        daily = table[["place", "group", "route"]].assign(month=number, per_day=persons)
        inside = (number >= 0) & (number < self.months) & (persons > 0)
        return daily[inside].reset_index(drop=True)

    def _split(self) -> list[tuple[int, int]]:
        days = {day - self._first for history in self._histories.values() for day in history.dates}
        inside = sorted(day for day in days if 0 < day < self._days)
        return list(zip([0, *inside], [day - 1 for day in (*inside, self._days)], strict=True))

    def _value(self, name: str, segment: int) -> Array:
        """Value in a segment; built again only where a setting starts or ends."""
        starts, arrays = self._built[name]
        return arrays[bisect_right(starts, segment) - 1]

    @cached_property
    def _built(self) -> dict[str, tuple[list[int], list[Array]]]:
        return {name: self._build(history) for name, history in self._histories.items()}

    def _build(self, history: History) -> tuple[list[int], list[Array]]:
        firsts = [first + self._first for first, _ in self.segments]
        starts = [s for s, day in enumerate(firsts) if s == 0 or day in history.dates]
        return starts, [history.values(firsts[s]) for s in starts]

    def _check(self) -> None:
        faults = Collector()
        self._check_parts(faults)
        faults.check()
        for name, (starts, arrays) in self._built.items():
            parameter = PARAMETERS[name]
            for start, array in zip(starts, arrays, strict=True):
                wrong = array[(array < parameter.low) | (array > parameter.high)]
                if wrong.size:
                    day = self.dates[self.segments[start][0]]
                    culprit = self._multiplying(name, day)
                    message = (
                        f"{name} becomes {wrong.flat[0]:g} on {day}, expected "
                        f"{allowed(parameter.low, parameter.high)}"
                    )
                    cure = "Lower the factor, or set the value instead of multiplying it"
                    faults.add(culprit.file, culprit.row, message, cure)
                    break
        faults.check()

    def _check_parts(self, faults: Collector) -> None:
        """Note settings that cannot be in force in part, as their deal would have it."""
        days = [first + self._first for first, _ in self.segments]
        for history in self._histories.values():
            if any(entry.setting.in_part for entry in history.entries):
                for setting, message, cure in (
                    each for day in days for each in history.mixing_faults(day)
                ):
                    faults.add(setting.file, setting.row, message, cure)

    def _multiplying(self, name: str, day: np.datetime64) -> Setting:
        number = int(day.astype(np.int64))
        held = self._histories[name].in_force(number)
        return [e.setting for e in held if e.setting.operation == "multiply"][-1]


def entering(scenario: Scenario) -> pd.DataFrame:
    """Return the people in the inflows of a run's months, and of them those that are assumed.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    pandas.DataFrame
        One row for each nationality and route: nationality, route, persons, assumed.
    """
    month = scenario.inflows["month"]
    first = pd.Timestamp(scenario.start).replace(day=1)
    table = scenario.inflows[(month >= first) & (month <= pd.Timestamp(scenario.end))]
    nation = dict(zip(scenario.groups["id"], scenario.groups["nationality"], strict=True))
    known = table.assign(
        nationality=table["group"].map(nation),
        assumed=table["persons"].where(table["quality"] == "assumed", 0.0),
    )
    return known.groupby(["nationality", "route"])[["persons", "assumed"]].sum().reset_index()


def resolve(scenario: Scenario, parameter: str, day: date) -> Array:
    """Return a parameter's values on a day, by the precedence of its settings.

    Parameters
    ----------
    scenario
        The scenario.
    parameter
        Name of the parameter.
    day
        The day.

    Returns
    -------
    numpy.ndarray
        Shaped as in `Calendar.values`.
    """
    return _history(scenario, parameter).values(_number(day))


def highest(scenario: Scenario, parameter: str) -> Array:
    """Return the highest values that a parameter has on any day of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    parameter
        Name of the parameter.

    Returns
    -------
    numpy.ndarray
        Shaped as in `Calendar.values`.
    """
    return np.asarray(np.max([values for _, values in spells(scenario, parameter)], axis=0))


def spells(scenario: Scenario, parameter: str) -> Iterator[tuple[date, Array]]:
    """Go through the values of a parameter, from each day on which they may change.

    Parameters
    ----------
    scenario
        The scenario.
    parameter
        Name of the parameter.

    Yields
    ------
    tuple of date and numpy.ndarray
        From the first day of the scenario; values shaped as in `Calendar.values`.
    """
    history = _history(scenario, parameter)
    first, last = _number(scenario.start), _number(scenario.end)
    for day in [first, *(day for day in sorted(history.dates) if first < day <= last)]:
        yield date.fromordinal(int(day) + _DAY_ZERO.toordinal()), history.values(day)


def settings_at(scenario: Scenario, parameter: str, day: date) -> list[Setting | None]:
    """Return the setting behind each value of a parameter on a day, as far as others scale it.

    Parameters
    ----------
    scenario
        The scenario.
    parameter
        Name of a parameter that does not differ by group.
    day
        The day.

    Returns
    -------
    list of Setting or None
        One for each place, link or whatever the parameter is of, with the value and the range that
        hold there, within the parameter's bounds; None where the value is its usual one. Where
        settings only scale the usual value, one of them stands for it.
    """
    history, number = _history(scenario, parameter), _number(day)
    values = history.values(number)
    found: list[Setting | None] = [None] * len(values)
    for entry in history.in_force(number):
        for cell in np.unique(entry.cells[0]):
            if entry.setting.operation != "multiply" or found[cell] is None:
                found[cell] = entry.setting
    return [one and _scaled(one, float(value)) for one, value in zip(found, values, strict=True)]


def _scaled(one: Setting, value: float) -> Setting:
    """Return a setting with the value that holds, its range as much wider."""
    factor, bounds = value / one.value if one.value else 1.0, PARAMETERS[one.parameter]
    low, high = (
        float(np.clip(end * factor, bounds.low, bounds.high)) for end in (one.low, one.high)
    )
    return one._replace(operation="", value=value, low=low, high=high)


def _history(scenario: Scenario, parameter: str) -> History:
    rows = scenario.settings_in_force
    mine = [*each_setting(rows[rows["parameter"] == parameter])]
    return build_history(PARAMETERS[parameter], mine, scenario.selectors)


def _number(day: date) -> int:
    return day.toordinal() - _DAY_ZERO.toordinal()
