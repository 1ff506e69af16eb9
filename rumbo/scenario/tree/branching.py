"""A tree of scenarios: one branch for each way in which dated events may turn out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

import pandas as pd

from rumbo.files.faults import Fault, Faults, choose
from rumbo.scenario.tree.outcomes import (
    JOINED,
    MOST_BRANCHES,
    Outcome,
    Way,
    by_event,
    choose_outcome,
    name_of,
    ways,
)

TABLE = "outcomes.csv"

S = TypeVar("S")


@dataclass(frozen=True, eq=False)
class Branch(Generic[S]):
    """One way in which events turn out.

    Attributes
    ----------
    name
        Outcomes as ``event=outcome``, joined by ``;``.
    probability
        Its chance: that of its outcomes multiplied.
    scenario
        The scenario in which they come.
    """

    name: str
    probability: float
    scenario: S


@dataclass(frozen=True, eq=False, repr=False)
class Tree(Generic[S]):
    """A scenario and its branches, which `rumbo.simulate` runs side by side.

    Attributes
    ----------
    base
        The scenario as it was.
    branches
        Every way in which the events may turn out; their probabilities sum to one.
    """

    base: S
    branches: tuple[Branch[S], ...]

    def __repr__(self) -> str:
        """Return the branches, rather than every table."""
        names = ", ".join(f"'{one.name}' ({one.probability:g})" for one in self.branches)
        return f"<Tree of {self.base!r}: {names}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Say where to ask for what a scenario has, and its branches have not together."""
            message = f"a tree of branches has no '{name}'"
            if not name.startswith("_") and hasattr(self.__dict__.get("base"), name):
                message += f": use .{name} of the scenario before its .branches(), or of a branch's"
                message += " .scenario"
            raise AttributeError(message)


def undecided(
    outcomes: Sequence[Outcome], first: pd.Timestamp, last: pd.Timestamp
) -> dict[str, list[Outcome]]:
    """Return events that may be decided on a day of a run; what is decided later makes no branch.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.
    first, last
        First and last day of the run.

    Returns
    -------
    dict of str to list of Outcome
        By event, in the order of their days.
    """
    events = by_event(outcomes)
    return {e: rows for e, rows in events.items() if first <= min(r.on for r in rows) <= last}


def ways_of(
    events: dict[str, list[Outcome]], asked: Sequence[str], before: dict[str, Outcome]
) -> list[Way]:
    """Return all that may come of the events asked for, or of all.

    Parameters
    ----------
    events
        Events that may be decided during a run.
    asked
        Events to branch on; all if empty.
    before
        How events turned out in the scenario that branches: those not asked for stay so.

    Returns
    -------
    list of tuple of Outcome

    Raises
    ------
    Faults
        If there are none, one that was asked for is unknown or cannot happen, or they are too many.
    """
    _check_asked(events, asked)
    wanted = {event: rows for event, rows in events.items() if event in asked or not asked}
    happened = frozenset(one.key for event, one in before.items() if event not in wanted)
    found = list(islice(ways(list(wanted.values()), happened), MOST_BRANCHES + 1))
    if len(found) > MOST_BRANCHES:
        raise Faults([too_many()])
    _check_each_comes(wanted, found)
    return found


def too_many() -> Fault:
    """Return the fault of a tree with more branches than are run."""
    message = f"the events have more than {MOST_BRANCHES} branches together"
    return Fault(TABLE, 0, message, "Ask for fewer events, or leave out some of their rows")


def _check_asked(events: dict[str, list[Outcome]], asked: Sequence[str]) -> None:
    if not events:
        message = "no event is decided on a day of the run, so nothing branches"
        raise Faults([Fault("branches", 0, message, f"Add an event to {TABLE}, or run its days")])
    message = "there is no event '{}' that is decided on a day of the run"
    faults = [
        Fault("branches", 0, message.format(event), choose(str(event), [*events]))
        for event in asked
        if str(event) not in events
    ]
    if faults:
        raise Faults(faults)


def _check_each_comes(events: dict[str, list[Outcome]], found: Sequence[Way]) -> None:
    """Refuse events that happen in no branch, as what they depend on does not come."""
    happen = {one.event for way in found for one in way}
    faults = [
        Fault("branches", 0, f"'{event}' never happens here: it depends on {_needed(rows)}", CURE)
        for event, rows in events.items()
        if event not in happen
    ]
    if faults:
        raise Faults(faults)


CURE = "Branch on the event that it depends on as well"


def _needed(rows: Sequence[Outcome]) -> str:
    return " or ".join(f"'{key}'" for key in dict.fromkeys(one.given for one in rows))


def way_named(outcomes: Sequence[Outcome], name: str, before: dict[str, Outcome]) -> Way:
    """Return the outcomes that a branch is named after.

    Parameters
    ----------
    outcomes
        Rows of ``outcomes.csv``.
    name
        ``event=outcome``, or several joined by ``;``.
    before
        How other events turned out.

    Returns
    -------
    tuple of Outcome
        In the order of their days.

    Raises
    ------
    Faults
        If there is no such outcome, if it depends on one that does not come, or if an event is
        named twice.
    """
    keys = [key.strip() for key in str(name).strip(f" {JOINED}").split(JOINED)]
    known = list(dict.fromkeys(one.key for one in outcomes))
    if unknown := [key for key in keys if key not in known]:
        message = "there is no outcome '{}', expected event=outcome"
        cures = (choose_outcome(key, known) if known else f"Add it to {TABLE}" for key in unknown)
        told = zip(unknown, cures, strict=True)
        raise Faults([Fault("given", 0, message.format(key), cure) for key, cure in told])
    named = {key.partition("=")[0] for key in keys}
    asked = {e: [r for r in rows if r.key in keys] for e, rows in by_event(outcomes).items()}
    happened = frozenset(one.key for event, one in before.items() if event not in named)
    found = list(ways([asked[event] for event in asked if event in named], happened))
    if len(found) != 1 or len(found[0]) != len(keys):
        raise Faults([_cannot(keys, outcomes)])
    return found[0]


def _cannot(keys: Sequence[str], outcomes: Sequence[Outcome]) -> Fault:
    """Return why outcomes that are known cannot come together."""
    if len({key.partition("=")[0] for key in keys}) < len(keys):
        return Fault("given", 0, "an event is named twice", "Name one outcome of each event")
    needed = [one for one in outcomes if one.key in keys and one.given]
    message = f"'{JOINED.join(keys)}' cannot come here: it depends on {_needed(needed)}"
    cure = f"Name that too, such as given('{name_of((needed[0],))}{JOINED}{needed[0].given}')"
    return Fault("given", 0, message, cure)
