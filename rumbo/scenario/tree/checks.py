"""Checks of ``outcomes.csv``: what keeps events from making branches."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pandas as pd

from rumbo.files.cells import is_id
from rumbo.files.faults import Collector, choose_or_add, misspelt
from rumbo.files.tables import CsvTable
from rumbo.scenario.checks import check_dates
from rumbo.scenario.network import check_unique, show
from rumbo.scenario.tree.branching import TABLE, too_many, undecided
from rumbo.scenario.tree.outcomes import (
    JOINED,
    MOST_BRANCHES,
    Outcome,
    choose_outcome,
    outcomes_of,
    ways,
)

ROUNDING = 1e-6
"""How far probabilities may miss one: what writing thirds with six digits and more leaves."""

Rows = Sequence[tuple[int, Outcome]]
"""Outcomes with their rows in the file."""


class Levers(NamedTuple):
    """What is known of levers.

    Attributes
    ----------
    calendar
        Those in ``levers.csv``.
    settings
        All settings.
    """

    calendar: Sequence[str]
    settings: pd.DataFrame

    @property
    def modelled(self) -> list[str]:
        """Levers with settings."""
        return sorted({*self.settings["lever"]} - {""})


def check_outcomes(
    table: CsvTable,
    levers: Levers | None,
    first: pd.Timestamp,
    last: pd.Timestamp,
    faults: Collector,
) -> None:
    """Note outcomes that cannot be branched on.

    Parameters
    ----------
    table
        The table.
    levers
        What is known of levers; None if that cannot be read.
    first, last
        First and last day of the run; NaT if not known.
    faults
        Where faults are noted.
    """
    rows = list(zip(table.row.tolist(), outcomes_of(table.frame), strict=True))
    cure = "Keep one of the two rows, or give one another name"
    check_unique(table, ["event", "outcome", "given"], "outcome", faults, cure)
    check_dates(table, "on", "takes_effect", faults)
    check_dates(table, "known", "on", faults)
    for row, one in rows:
        found = (*_day_faults(one, first), *_given_faults(one, rows), *_lever_faults(one, levers))
        for message, mend in found:
            faults.add(table.file, row, message, mend)
    for row, message, mend in (*_event_faults(rows), *_shared_levers(rows), *_unlike(rows)):
        faults.add(table.file, row, message, mend)
    _check_number([one for _, one in rows], first, last, faults)


def _day_faults(one: Outcome, first: pd.Timestamp) -> Iterator[tuple[str, str]]:
    if one.on < first:
        message = f"on is {show(one.on)}, before the run's start on {show(first)}"
        yield message, "Leave the event out, or let the run start before it"


def _given_faults(one: Outcome, rows: Rows) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the outcome that one depends on."""
    if not one.given:
        return
    known = {other.key: other for _, other in rows if other.event != one.event}
    needed = known.get(one.given)
    if needed is None:
        cure = choose_outcome(one.given, [*known])
        yield f"given is '{one.given}', an unknown outcome", cure
    elif one.on <= needed.on:
        message = f"on {show(one.on)} is not after {show(needed.on)}, the day of '{one.given}'"
        yield f"{message}, which it depends on", "Write a later day, or leave given empty"


def _lever_faults(one: Outcome, levers: Levers | None) -> Iterator[tuple[str, str]]:
    """Say what is wrong with the levers of an outcome."""
    if levers is None:
        return
    settings = levers.settings
    for lever in one.levers:
        if lever not in {*levers.calendar, *levers.modelled}:
            cure = choose_or_add(lever, levers.modelled, "levers.csv")
            yield f"levers names '{lever}', an unknown lever", cure
        elif lever not in levers.modelled:
            cure = "Give it a setting, or leave it out"
            yield f"levers names '{lever}', which has no settings", cure
        else:
            yield from _early(one, settings[settings["lever"] == lever])


def _early(one: Outcome, settings: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Say that a lever holds before it takes effect, if it does."""
    early = settings[settings["since"].isna() | (settings["since"] < one.takes_effect)]
    if not early.empty:
        begin = early.iloc[0]
        since = "always" if pd.isna(begin["since"]) else f"from {show(begin['since'])} on"
        message = f"'{begin['lever']}' holds {since} ({begin['file']}, row {begin['row']})"
        cure = "Write the first day on which its levers hold as takes_effect, or mend the setting"
        yield f"{message}, before {show(one.takes_effect)}, when the outcome takes effect", cure


def _event_faults(rows: Rows) -> Iterator[tuple[int, str, str]]:
    """Say what is wrong with events as a whole, unless the names of their rows are."""
    events = {event: own for event, own in _grouped(rows, lambda one: one.event) if is_id(event)}
    keys = {one.key for _, one in rows}
    for event, own in events.items():
        known = {key for key in keys if key.partition("=")[0] != event}
        ahead = {one.given for _, one in own}
        if len({given.partition("=")[0] for given in ahead}) > 1:
            if ahead - known - {""}:
                continue
            message = f"the outcomes of '{event}' do not all depend on the same event"
            yield own[0][0], message, "Write given in each of its rows, of one event, or in none"
        else:
            sound = [(row, one) for row, one in own if one.given in {"", *known}]
            for given, under in _grouped(sound, lambda one: one.given):
                named = f"'{event}'" + f" given '{given}'" * bool(given)
                twin = misspelt(event, [other for other in events if other != event])
                yield from _sum_faults(named, under, twin)


def _grouped(rows: Rows, label: Callable[[Outcome], str]) -> list[tuple[str, Rows]]:
    """Return rows by a label, in order of the first of each."""
    groups: dict[str, list[tuple[int, Outcome]]] = {}
    for row, one in rows:
        groups.setdefault(label(one), []).append((row, one))
    return list(groups.items())


def _sum_faults(event: str, rows: Rows, twin: str) -> Iterator[tuple[int, str, str]]:
    """Say what is wrong with the outcomes of an event of which one must come.

    ``twin`` is the event that it may be meant to be, if any.
    """
    row, first = rows[0]
    total = sum(one.probability for _, one in rows)
    if len(rows) == 1:
        message = f"{event} has one outcome, '{first.outcome}', expected two or more"
        also = f", or write '{twin}' as its event" * bool(twin)
        yield row, message, f"Add a row for what else may come{also}"
    elif abs(total - 1.0) > ROUNDING:
        message = f"the probabilities of {event} sum to {total:g}, expected 1"
        yield row, message, f"Mend them in rows {', '.join(str(n) for n, _ in rows)}"
    for _, alike in _grouped(rows, lambda one: JOINED.join(sorted({*one.levers}))):
        for n, other in alike:
            if other.outcome != alike[0][1].outcome:
                message = f"'{other.outcome}' has the same levers as '{alike[0][1].outcome}'"
                yield n, message, "Merge the two, or give one a lever of its own"


def _unlike(rows: Rows) -> Iterator[tuple[int, str, str]]:
    """Say which outcomes have other days or levers under another outcome that they depend on."""
    for key, own in _grouped(rows, lambda one: one.key):
        row, first = own[0]
        said = _said(first)
        for n, other in ((n, other) for n, other in own if other.given != first.given):
            for column, value in _said(other).items():
                if "" not in (value, said[column]) and value != said[column]:
                    message = f"{column} of '{key}' is {value}, but {said[column]} in row {row}"
                    yield n, message, "Write the same in each of its rows, or another outcome"
                    break


def _said(one: Outcome) -> dict[str, str]:
    """Return what an outcome has wherever it comes; days that cannot be read are empty."""
    on = "" if pd.isna(one.on) else show(one.on)
    levers = JOINED.join(sorted({*one.levers})) or "none"
    effect = show(one.takes_effect) if one.levers and not pd.isna(one.takes_effect) else ""
    return {"on": on, "levers": levers, "takes_effect": effect}


def _shared_levers(rows: Rows) -> Iterator[tuple[int, str, str]]:
    """Say which levers belong to outcomes of several events."""
    owner: dict[str, str] = {}
    for row, one in rows:
        for lever in one.levers:
            if owner.setdefault(lever, one.event) != one.event:
                message = f"levers names '{lever}', which an outcome of '{owner[lever]}' has too"
                yield row, message, "Let one event alone decide on it"


def _check_number(
    outcomes: Sequence[Outcome], first: pd.Timestamp, last: pd.Timestamp, faults: Collector
) -> None:
    events = [*undecided(outcomes, first, last).values()]
    if len(list(islice(ways(events, frozenset()), MOST_BRANCHES + 1))) > MOST_BRANCHES:
        wrong = too_many()
        faults.add(TABLE, wrong.row, wrong.message, wrong.cure)
