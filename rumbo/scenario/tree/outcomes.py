"""Outcomes of dated events: which may come together, how likely, and by which levers."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

import pandas as pd

from rumbo.files.faults import choose

JOINED = ";"
"""What stands between the outcomes in a branch's name, and between the levers of an outcome."""

MOST_BRANCHES = 16
"""Branches that a run may have: each is a scenario of its own, with all its members."""


class Outcome(NamedTuple):
    """A row of ``outcomes.csv``.

    Attributes
    ----------
    event, outcome
        What is decided, and how.
    on, takes_effect
        Day on which it is known, and from which its levers hold.
    probability
        Its chance, given what it depends on.
    levers
        Levers that are in force if it comes; those of the event's other outcomes are not.
    given
        Outcome of another event without which it cannot come, as ``event=outcome``; "" if none.
    known
        Day from which it was known to be possible; NaT if with its event and its levers.
    """

    event: str
    outcome: str
    on: pd.Timestamp
    takes_effect: pd.Timestamp
    probability: float
    levers: tuple[str, ...]
    given: str
    known: pd.Timestamp = pd.NaT

    @property
    def key(self) -> str:
        """Name of a branch that it alone makes."""
        return f"{self.event}={self.outcome}"

    def may_come(self, happened: Container[str]) -> bool:
        """Whether it can come after what has happened, given as keys."""
        return not self.given or self.given in happened


Way = tuple[Outcome, ...]
"""How events turn out, in order of the days on which that is known."""


def outcomes_of(table: pd.DataFrame) -> tuple[Outcome, ...]:
    """Return the rows of ``outcomes.csv``, in their order.

    Parameters
    ----------
    table
        The table, as it was read.

    Returns
    -------
    tuple of Outcome
    """
    effect = table["takes_effect"].fillna(table["on"])
    columns = (table["event"], table["outcome"], table["on"], effect, table["probability"])
    levers = (tuple(filter(None, map(str.strip, cell.split(JOINED)))) for cell in table["levers"])
    rows = zip(*columns, levers, table["given"], table["known"], strict=True)
    return tuple(Outcome(*row) for row in rows)


def choose_outcome(text: str, known: Sequence[str]) -> str:
    """Say which outcome to write instead of an unknown one; of an event alone, all that it has.

    Parameters
    ----------
    text
        The unknown name.
    known
        Outcomes that could be meant, as ``event=outcome``.

    Returns
    -------
    str
    """
    own = [key for key in known if key.partition("=")[0] == text]
    return f"Write one of: {', '.join(own)}" if own else choose(text, known)


def each_outcome(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return outcomes once each: one that depends on others has a row for each, its first stands.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.

    Returns
    -------
    list of Outcome
        In the order of the rows.
    """
    found: dict[str, Outcome] = {}
    for one in outcomes:
        found.setdefault(one.key, one)
    return [*found.values()]


def kept(table: pd.DataFrame, keep: Callable[[Outcome], bool]) -> pd.DataFrame:
    """Return the rows of events of which every outcome is wanted, and can still come.

    Parameters
    ----------
    table
        Rows of ``outcomes.csv``.
    keep
        Whether an outcome is wanted.

    Returns
    -------
    pandas.DataFrame
        Without events that lack an outcome, and without those that depend on them.
    """
    rows = outcomes_of(table)
    gone = {one.event for one in rows if not keep(one)}
    for event, own in by_event(rows).items():
        if any(one.given.partition("=")[0] in gone for one in own):
            gone.add(event)
    return table[~table["event"].isin(gone)].reset_index(drop=True)


def by_event(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Return outcomes by event, in order of the days on which events may be decided."""
    events: dict[str, list[Outcome]] = {}
    for one in outcomes:
        events.setdefault(one.event, []).append(one)
    return dict(sorted(events.items(), key=lambda item: min(one.on for one in item[1])))


def ways(events: Sequence[Sequence[Outcome]], happened: frozenset[str]) -> Iterator[Way]:
    """Go through all that may come of some events.

    Parameters
    ----------
    events
        Outcomes of each event, in the order of `by_event`.
    happened
        Keys of the outcomes of other events that have come, or are taken to come.

    Yields
    ------
    tuple of Outcome
        One of each event that can happen under what was decided before it.
    """
    if not events:
        yield ()
        return
    able = [one for one in events[0] if one.may_come(happened)]
    for one in able:
        yield from ((one, *way) for way in ways(events[1:], happened | {one.key}))
    if not able:
        yield from ways(events[1:], happened)


def chance(way: Way) -> float:
    """Return the probability with which events turn out in a way."""
    return prod(one.probability for one in way)


def name_of(way: Way) -> str:
    """Return the name of the branch in which events turn out in a way."""
    return JOINED.join(one.key for one in way)


def leading_to(
    outcomes: Sequence[Outcome], key: str, decided: Container[str], happened: Container[str]
) -> tuple[str, ...]:
    """Return what must come for an outcome to come, as far as it is not known.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.
    key
        The outcome, as ``event=outcome``.
    decided
        Events of which it is known how they turn out.
    happened
        Keys of the outcomes that came of them.

    Returns
    -------
    tuple of str
        Keys, its own last; of several that it may depend on those of the first row that can still
        come. Empty if none can.
    """
    for one in (row for row in outcomes if row.key == key):
        if not one.given or one.given in happened:
            return (key,)
        if one.given.partition("=")[0] not in decided:
            before = leading_to(outcomes, one.given, decided, happened)
            if before:
                return (*before, key)
    return ()


def realised(outcomes: Iterable[Outcome], levers: Container[str]) -> dict[str, Outcome]:
    """Return how events turned out, told by which levers are in force.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.
    levers
        Levers in force.

    Returns
    -------
    dict of str to Outcome
        By event; one that cannot have happened, or whose levers fit no outcome, is left out.
    """
    found: dict[str, Outcome] = {}
    for event, rows in by_event(outcomes).items():
        inside = {lever for one in rows for lever in one.levers if lever in levers}
        keys = {one.key for one in found.values()}
        able = (one for one in rows if one.may_come(keys))
        if fit := next((one for one in able if {*one.levers} == inside), None):
            found[event] = fit
    return found


def switched(
    outcomes: Sequence[Outcome],
    way: Way,
    before: Mapping[str, Outcome],
    usual: Mapping[str, Outcome],
) -> dict[str, bool]:
    """Return which levers are in force once events turned out in a way.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.
    way
        What is decided. Events that can no longer happen then have none of their levers.
    before
        How other events turned out, which stays as it is.
    usual
        How events turn out in the corridor: so do those that could not happen before and now can.

    Returns
    -------
    dict of str to bool
        By lever, of the levers on which the way decides.
    """
    decided = _revived(outcomes, before, usual) | {one.event: one for one in way}
    levers, happened = dict[str, bool](), set[str]()
    for event, rows in by_event(outcomes).items():
        one = decided.get(event) or before.get(event)
        able = [row for row in rows if row.may_come(happened)]
        if event in decided or not able:
            mine = decided[event].levers if decided.get(event) in able else ()
            levers |= {lever: lever in mine for row in rows for lever in row.levers}
        if one in able:
            happened.add(one.key)
    return levers


def _revived(
    outcomes: Sequence[Outcome], before: Mapping[str, Outcome], usual: Mapping[str, Outcome]
) -> dict[str, Outcome]:
    """Return what usually comes of events that could not happen before."""
    keys = {one.key for one in before.values()}
    able = {one.event for one in outcomes if one.may_come(keys)}
    return {event: one for event, one in usual.items() if event not in able}
