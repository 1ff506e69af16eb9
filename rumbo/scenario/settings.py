"""Settings: the rows that give parameters their values, checked one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.cells import Column, allowed
from rumbo.files.faults import Collector, choose, choose_or_add
from rumbo.scenario.parameters import PARAMETERS, Parameter
from rumbo.scenario.schema import QUALITY
from rumbo.scenario.selectors import Selectors, UnknownSelector
from rumbo.scenario.values.dates import date_faults, end_faults
from rumbo.scenario.values.meanings import unknown_parameter

ASSUMED = "assumed"
"""Source of a value that no document gives."""

OPERATIONS = ("set", "multiply")

_end = partial(Column, kind="number or inf", needed=False)

SETTINGS = (
    Column("parameter", filled=True),
    Column("at"),
    Column("group"),
    Column("since", "date"),
    Column("until", "date"),
    Column(
        "known",
        "date",
        needed=False,
        adds="the day from which the value was known: fits as of a day use no others",
    ),
    Column("until_known", "date", needed=False, adds="the day from which the end was known"),
    Column(
        "operation", needed=False, known=OPERATIONS, adds="multiply a value instead of setting it"
    ),
    Column("value", "number or inf", filled=True),
    _end("low", adds="the lower end of a range that members draw from"),
    _end("high", adds="the upper end of a range that members draw from"),
    Column("unit", filled=True),
    Column("lever"),
    Column("source", filled=True),
    QUALITY,
    Column("note", needed=False, adds="remarks for readers"),
    Column("change", "number", needed=False, low=-1),
    Column("actor", needed=False, adds="which side of a deal does it; its first if left out"),
)


NEVER = pd.Timestamp("NaT")
"""No day."""


class Setting(NamedTuple):
    """One row of settings.

    Attributes
    ----------
    file, row
        Where it stands.
    parameter, at, group
        What it sets, where and for whom.
    since, until
        First day and first day after; NaT where open.
    operation
        set or multiply; empty means set.
    value, low, high
        Value and its 90 % range; NaN where not given.
    unit, lever, source
        Unit, the lever it belongs to, key of its source.
    change
        0 for a row of the corridor, n for the n-th change made afterwards, -1 for a moved row.
    known, until_known
        Days from which the value and its end were known; NaT where nothing is said of them.
    actor
        Which side of a deal does it; empty for the first.
    part, part_low, part_high
        Share of its effect that is in force, and the ends of that share's 90 % range; NaN where it
        has none. See `rumbo.scenario.deals`.
    """

    file: str
    row: int
    parameter: str
    at: str
    group: str
    since: pd.Timestamp
    until: pd.Timestamp
    operation: str
    value: float
    low: float
    high: float
    unit: str
    lever: str
    source: str
    change: int
    known: pd.Timestamp = NEVER
    until_known: pd.Timestamp = NEVER
    actor: str = ""
    part: float = 1.0
    part_low: float = np.nan
    part_high: float = np.nan

    @property
    def in_part(self) -> bool:
        """Whether it is not simply in force as it stands."""
        return self.part != 1.0 or not np.isnan([self.part_low, self.part_high]).all()


def each_setting(settings: pd.DataFrame) -> Iterator[Setting]:
    """Go through a table of settings row by row."""
    columns = (settings[name].astype(object) for name in Setting._fields if name in settings)
    return (Setting(*row) for row in zip(*columns, strict=True))


@dataclass(frozen=True)
class Surroundings:
    """What settings are checked against.

    Attributes
    ----------
    selectors
        Places, links, modes and groups.
    levers, sources
        Known names; None where any text will do.
    first, last
        Days that the corridor has data for.
    """

    selectors: Selectors
    levers: frozenset[str]
    sources: frozenset[str] | None
    first: pd.Timestamp
    last: pd.Timestamp


def check_settings(settings: pd.DataFrame, around: Surroundings, faults: Collector) -> None:
    """Note the faults of every row, and rows that contradict one another.

    Parameters
    ----------
    settings
        The rows, with ``file`` and ``row``.
    around
        What they are checked against.
    faults
        Where faults are noted.
    """
    for setting in each_setting(settings):
        for message, cure in setting_faults(setting, around):
            faults.add(setting.file, setting.row, message, cure)
    _check_conflicts(settings, faults)
    noted = {fault.file for fault in faults.faults}
    if noted.isdisjoint(settings["file"]):  # a date that cannot be read is no first day
        check_order(settings, around.selectors, faults)


def setting_faults(setting: Setting, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with a setting and how to mend it."""
    parameter = PARAMETERS.get(setting.parameter)
    if parameter is None:
        if setting.parameter:
            yield unknown_parameter(setting.parameter)
    else:
        yield from _selector_faults(setting, parameter, around.selectors)
        yield from _unit_faults(setting, parameter)
        yield from _value_faults(setting, parameter)
    yield from date_faults(setting.since, setting.until, around.first, around.last)
    yield from end_faults(setting.until, setting.until_known)
    if setting.lever and setting.lever not in around.levers:
        cure = choose_or_add(setting.lever, tuple(around.levers), "levers.csv")
        yield f"lever is '{setting.lever}', which is unknown", cure
    yield from source_faults(setting.source, around.sources)


def source_faults(source: str, known: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    """Go through the unknown keys in a cell of sources; keys are separated by semicolons."""
    if known is None:
        return
    keys = frozenset(known)
    for key in (part.strip() for part in source.split(";")):
        if key and key != ASSUMED and key not in keys:
            cure = f"{choose(key, tuple(keys))}, add it to sources.csv, or write {ASSUMED}"
            yield f"source is '{key}', which is unknown", cure


def _selector_faults(
    setting: Setting, parameter: Parameter, selectors: Selectors
) -> Iterator[tuple[str, str]]:
    for find, text in ((selectors.at, setting.at), (selectors.group, setting.group)):
        try:
            find(parameter, text)
        except UnknownSelector as unknown:
            yield unknown.message, unknown.cure


def _unit_faults(setting: Setting, parameter: Parameter) -> Iterator[tuple[str, str]]:
    fits = (parameter.unit,) if setting.operation in ("", "set") else (parameter.unit, "factor")
    if setting.unit and setting.unit not in fits:
        yield (
            f"unit is '{setting.unit}', expected '{parameter.unit}' for {parameter.name}",
            f"Convert the value and write '{parameter.unit}'",
        )


def _value_faults(setting: Setting, parameter: Parameter) -> Iterator[tuple[str, str]]:
    for name in ("value", "low", "high"):
        number = getattr(setting, name)
        if np.isnan(number):
            continue
        if setting.operation == "multiply":
            if not 0 <= number < np.inf:
                yield f"{name} is {number:g}, expected a factor of 0 or more", "Mend the number"
        elif not parameter.accepts(number):
            fits = allowed(parameter.low, parameter.high)
            yield (
                f"{name} is {number:g}, expected {fits} for {parameter.name}",
                f"Write a number in {parameter.unit} within that range",
            )
    if setting.low > setting.value:
        yield f"low {setting.low:g} is above value {setting.value:g}", "Mend or swap them"
    if setting.value > setting.high:
        yield f"value {setting.value:g} is above high {setting.high:g}", "Mend or swap them"
    if np.isinf(setting.value) and np.isfinite(setting.low):
        cure = "Write a number, or remove low and high"
        yield (
            f"value is inf and low {setting.low:g}, expected a value with an end on either side",
            cure,
        )


def _check_conflicts(settings: pd.DataFrame, faults: Collector) -> None:
    key = ["parameter", "at", "group", "since", "operation", "lever", "change"]
    held = settings.assign(operation=settings["operation"].replace("", "set"))
    number = held.groupby(key, dropna=False, sort=False).ngroup().to_numpy()
    first: dict[int, int] = {}
    for i, n in enumerate(number.tolist()):
        if (earlier := first.setdefault(n, i)) == i:
            continue
        row, other = settings.iloc[i], settings.iloc[earlier]
        again, cure = _AGAIN[str(held["operation"].iloc[i])]
        message = (
            f"{row['parameter']} is {again} again for the same place, group, date and lever as in "
            f"{other['file']} row {other['row']}"
        )
        faults.add(str(row["file"]), int(row["row"]), message, cure)


_AGAIN = {
    "set": ("set", "Keep one of the two rows, or give them different dates"),
    "multiply": ("multiplied", "Write one row with the product, or give them different dates"),
}
"""How two rows that cannot be told apart are named, and what to do, by operation."""


def check_order(settings: pd.DataFrame, selectors: Selectors, faults: Collector) -> None:
    """Note values set from the same day on, of which neither comes first by precedence."""
    alike: dict[tuple[object, ...], list[Setting]] = {}
    for setting in each_setting(settings):
        if setting.parameter in PARAMETERS and setting.operation != "multiply":
            rank = selectors.rank(setting.at, setting.group)
            since = None if pd.isna(setting.since) else setting.since
            key = (setting.parameter, since, setting.change, *rank)
            alike.setdefault(key, []).append(setting)
    for rows in alike.values():
        _check_apart(rows, selectors, faults)


def _check_apart(rows: list[Setting], selectors: Selectors, faults: Collector) -> None:
    """Note rows that set a cell which a row before them has set."""
    parameter = PARAMETERS[rows[0].parameter]
    held = np.full((selectors.size(parameter), len(selectors.groups)), -1)
    for i, setting in enumerate(rows if len(rows) > 1 else ()):
        cells = selectors.cells(parameter, setting.at, setting.group)
        other = rows[int(held[cells].max(initial=-1))]
        if (held[cells] >= 0).any() and not _same(setting, other):
            message = (
                f"{parameter.name} is set from the same day on as in {other.file} row {other.row} "
                "for some of the same places and groups"
            )
            cure = "Give one of them another first day, or a more specific place or group"
            faults.add(setting.file, setting.row, message, cure)
        held[cells] = i


def _same(one: Setting, other: Setting) -> bool:
    """Whether two rows are alike, which is noted as a conflict."""
    return (one.at, one.group, one.lever) == (other.at, other.group, other.lever)
