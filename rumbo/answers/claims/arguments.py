"""Arguments and thresholds of tests, as the table of claims writes them.

They are ``name=value | name=value``. A series is ``measure[.component][@area][/nationality]``,
several are added by ``+`` or listed by ``,``; months are ``2023-12`` or ``2023-07..2023-12``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from rumbo.scores.claims import SERIES
from rumbo.scores.figures import Key

Months = tuple[np.datetime64, np.datetime64]
"""First and last month of a stretch."""

Arguments = dict[str, Any]
"""Values by name, as a test's `Form` reads them."""


class Wrong(Exception):
    """Raised where an argument cannot be read; says which and what was expected."""

    def __init__(self, name: str, text: str, expected: str) -> None:
        super().__init__(name)
        self.name, self.text, self.expected = name, text, expected


class Form(NamedTuple):
    """What a test may be given.

    Attributes
    ----------
    needed, allowed
        Readers of arguments by name: those that must be there, and those that may.
    thresholds
        Readers of thresholds by name; there is at least one.
    """

    needed: Mapping[str, Callable[[str], Any]]
    allowed: Mapping[str, Callable[[str], Any]]
    thresholds: Mapping[str, Callable[[str], Any]]


def pairs(text: str) -> dict[str, str]:
    """Return names and texts of arguments, as written.

    Raises
    ------
    Wrong
        If one has no ``=``, or a name stands twice.
    """
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split("|"))):
        name, sign, value = (one.strip() for one in part.partition("="))
        if not (name and sign and value) or name in found:
            raise Wrong(name or part, part, "name=value")
        found[name] = value
    return found


def series(text: str) -> Key:
    """Return what a series counts."""
    match = SERIES.fullmatch(text.strip())
    if match is None:
        raise ValueError("measure[.component][@area][/nationality]")
    area, who = (match[name] or "all" for name in ("area", "who"))
    return Key(match["measure"], match["component"] or "", area, who)


def spelled(key: Key) -> str:
    """Return a series as the table writes it."""
    component = f".{key.component}" if key.component else ""
    area = f"@{key.area}" if key.area != "all" else ""
    return f"{key.measure}{component}{area}" + (f"/{key.nationality}" * (key.nationality != "all"))


def several(text: str) -> tuple[Key, ...]:
    """Return series that a list names."""
    return tuple(map(series, text.split(",")))


def added(text: str) -> tuple[Key, ...]:
    """Return series that are added up."""
    return tuple(map(series, text.split("+")))


def month(text: str) -> np.datetime64:
    """Return a month."""
    try:
        return np.datetime64(date.fromisoformat(f"{text.strip()}-01"), "M")
    except ValueError:
        raise ValueError("a month such as 2023-12") from None


def months(text: str) -> Months:
    """Return the first and last month of a stretch."""
    first, _, last = text.partition("..")
    stretch = month(first), month(last or first)
    if stretch[1] < stretch[0]:
        raise ValueError("months in order, such as 2023-07..2023-12")
    return stretch


def years(text: str) -> tuple[int, ...]:
    """Return the years of a stretch, or of a list."""
    first, sign, last = text.partition("..")
    try:
        found = range(int(first), int(last) + 1) if sign else map(int, text.split(","))
        return tuple(found)
    except ValueError:
        raise ValueError("years such as 2018..2022") from None


def day(text: str) -> date:
    """Return a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day such as 2023-12-20") from None


def number(text: str) -> float:
    """Return a number."""
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise ValueError("a number")
    return value


def names(text: str) -> tuple[str, ...]:
    """Return names that a list holds."""
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def one_of(*known: str) -> Callable[[str], str]:
    """Return a reader of one of some words."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(", ".join(known))
        return text

    return read


def values(form: Form, arguments: str, thresholds: str) -> Arguments:
    """Return the arguments and thresholds of a test, read.

    Parameters
    ----------
    form
        What the test may be given.
    arguments, thresholds
        As written in the table.

    Returns
    -------
    dict
        Values by name; of what is not given, nothing.

    Raises
    ------
    Wrong
        At the first that is unknown, missing or cannot be read.
    """
    given, limits = pairs(arguments), pairs(thresholds)
    known = {**form.needed, **form.allowed}
    for part, readers in ((given, known), (limits, dict(form.thresholds))):
        for name in part:
            if name not in readers:
                raise Wrong(name, part[name], ", ".join(readers))
    for name in form.needed:
        if name not in given:
            raise Wrong(name, "", f"{name}=...")
    read = {**known, **form.thresholds}
    return {name: _read(read[name], name, text) for name, text in {**given, **limits}.items()}


def _read(reader: Callable[[str], Any], name: str, text: str) -> Any:
    try:
        return reader(text)
    except ValueError as wrong:
        raise Wrong(name, text, str(wrong)) from None
