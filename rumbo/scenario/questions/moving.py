"""A corridor whose levers begin on other days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Self

import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.scenario.changes import MADE_HERE, as_day, check_names
from rumbo.scenario.deals.dating import shifted
from rumbo.scenario.deals.dealt import Dealt
from rumbo.scenario.deals.terms import deals_of

CALL = "move"
"""What faults of a call are named after."""

MOVED = -1
"""What stands under ``change`` of moved rows: they replace every row but later changes."""

DAYS = ("since", "until", "known", "until_known")

CALENDAR_DAYS = ("since", "until", "announced", "until_announced")

SIDES = ("without", "with")
"""The two sides of a question: without what is asked, and with it."""


class Shift(NamedTuple):
    """A lever, or some of its parameters, moved in time.

    Attributes
    ----------
    lever
        Id of the lever.
    only
        Parameters that move; all of the lever's if empty.
    since, until
        First day, and first day after; NaT for no end but that of the lever.
    """

    lever: str
    only: tuple[str, ...]
    since: pd.Timestamp
    until: pd.Timestamp

    def covers(self, rows: pd.DataFrame) -> pd.Series:
        """Return which settings move."""
        mine = rows["lever"] == self.lever
        return mine & rows["parameter"].isin(self.only) if self.only else mine


class Asking(NamedTuple):
    """Which question a scenario is a side of.

    Attributes
    ----------
    question
        Id of the question.
    side
        ``with`` what is asked, or ``without``.
    since, until
        Days from which and until which it is asked, ISO dates; empty where open.
    """

    question: str
    side: str
    since: str
    until: str


@dataclass(frozen=True, eq=False, repr=False)
class Movable(Dealt):
    """A corridor with levers of which some begin on other days.

    Attributes
    ----------
    moved
        What was moved, in order.
    asking
        The named question that it is a side of; None if of none.
    """

    moved: tuple[Shift, ...] = ()
    asking: Asking | None = None

    def move(
        self,
        lever: str,
        *,
        since: date | str,
        until: date | str | None = None,
        only: Sequence[str] = (),
    ) -> Self:
        """Return a scenario in which a lever, or part of it, begins on another day.

        Its settings keep their distance from its first day. They replace whatever else the corridor
        sets on these days; a value changed by `change` replaces them.

        Parameters
        ----------
        lever
            Id of a lever with settings; a deal is moved by `deal`.
        since
            First day.
        until
            First day after. If the lever's own first day is still to come then, it begins on that
            day as it did. Of a lever brought forward it may not lie after that day. Without it
            there is no end but the lever's own.
        only
            Parameters of the lever that move; all if empty.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is no such lever or parameter, the lever is left out, or the days do not fit.
        """
        check_names("move", lever=lever)
        faults = Collector()
        shift = self._shift(lever, since, until, tuple(only), faults)
        faults.check()
        others = (one for one in self.moved if one.lever != lever or one.only != shift.only)
        made = replace(self, moved=(*others, shift), label="")
        return replace(made, settings=made._with_moves({lever}))

    def _shift(
        self,
        lever: str,
        since: date | str,
        until: date | str | None,
        only: tuple[str, ...],
        faults: Collector,
    ) -> Shift:
        """Return what is to be moved, and note what is wrong with it."""
        own = self.content.settings
        known = sorted({*own["lever"]} - {"", *deals_of(self.content.deals)})
        if lever in deals_of(self.content.deals):
            cure = f"Place it with .deal('{lever}', since=...)"
            faults.add(CALL, 0, f"'{lever}' is a deal", cure)
        elif lever not in known:
            faults.add(CALL, 0, f"there is no lever '{lever}' with settings", choose(lever, known))
        elif lever in self.without_ and not self._decides(lever):
            faults.add(CALL, 0, f"the lever '{lever}' is left out here", "Move it where it holds")
        parameters = sorted({*own.loc[own["lever"] == lever, "parameter"]})
        for name in (name for name in only if parameters and name not in parameters):
            message = f"'{lever}' has no settings of '{name}'"
            faults.add(CALL, 0, message, choose(name, parameters))
        if self._decides(lever) and {*parameters} <= ({*only} or {*parameters}):
            cure = "Name some of its parameters with only, such as " + parameters[0]
            faults.add(CALL, 0, f"'{lever}' comes with an event and cannot move whole", cure)
        first = as_day(CALL, "since", since or "never", faults)
        last = as_day(CALL, "until", until, faults)
        if not (pd.isna(first) or self.start <= first.date() <= self.end):
            message = f"since is {first:%Y-%m-%d}, expected a day from {self.start} to {self.end}"
            faults.add(CALL, 0, message, "Choose a day of the run, or let the run last longer")
        if last <= first:
            message = f"until {last:%Y-%m-%d} is not after since {first:%Y-%m-%d}"
            faults.add(CALL, 0, message, "Swap the two dates; until is the first day after")
        shift = Shift(lever, only, first, last)
        if parameters:
            self._check_return(shift, faults)
        return shift

    def _check_return(self, shift: Shift, faults: Collector) -> None:
        """Note an end from which on nothing would hold of what the lever does of itself then."""
        own, begins = self.content.settings, self._first_of(shift)
        ends = own.loc[shift.covers(own), "until"]
        if shift.since < begins < shift.until and not (ends <= shift.until).all():
            message = (
                f"until {shift.until:%Y-%m-%d} is after {begins:%Y-%m-%d}, from which on "
                f"'{shift.lever}' holds anyway: it would end then"
            )
            cure = f"Leave out until, or choose a day up to {begins:%Y-%m-%d}"
            faults.add(CALL, 0, message, cure)

    def _decides(self, lever: str) -> bool:
        """Whether an event decides on a lever: what people await of it is not moved."""
        return any(lever in one.levers for one in self._outcomes)

    def _with_moves(self, levers: set[str]) -> pd.DataFrame:
        """Return the settings with moved rows where they belong, once ``levers`` moved."""
        rows = self.settings[self.settings["change"] != MOVED]
        here, anew = rows["file"] == MADE_HERE, levers - {*self.without_}
        others = rows[~here & ~rows["lever"].isin(anew)]
        parts = [others, *map(self._rows_of, sorted(anew)), *map(self._copies, self.moved)]
        whole = pd.concat(parts).sort_values(["file", "row"], kind="stable")
        return pd.concat([whole, rows[here]], ignore_index=True)

    def _rows_of(self, lever: str) -> pd.DataFrame:
        """Return the settings of a lever, those that moved only if they begin once more."""
        rows = super()._rows_of(lever)
        for shift in (one for one in self.moved if one.lever == lever):
            again = shift.until <= self._first_of(shift)
            rows = rows if again else rows[~shift.covers(rows)]
        return rows

    def _copies(self, shift: Shift) -> pd.DataFrame:
        """Return the settings that move, on their new days."""
        own = self.content.settings
        rows = own[shift.covers(own)]
        moved = shifted(rows, shift.since - self._first_of(shift), DAYS)
        moved["since"] = moved["since"].fillna(shift.since)
        ends = moved["until"]
        if not pd.isna(shift.until):
            ends = ends.where(ends < shift.until, shift.until)
        # What an event brings is told by its lever's rows: these are in force whatever it brings.
        named = "" if self._decides(shift.lever) else shift.lever
        made = moved.assign(until=ends, until_known=pd.NaT, change=MOVED, lever=named)
        return made[~(made["since"] >= made["until"])].astype(own.dtypes.to_dict())

    def _first_of(self, shift: Shift) -> pd.Timestamp:
        """Return the day from which the days of a lever's settings are counted."""
        own, levers = self.content.settings, self.content.levers
        first = own.loc[shift.covers(own), "since"].min()
        return (
            levers.loc[levers["lever"] == shift.lever, "since"].min() if pd.isna(first) else first
        )

    def _differences(self) -> Iterator[str]:
        yield from super()._differences()
        for one in self.moved:
            only = f" ({', '.join(one.only)})" if one.only else ""
            end = "" if pd.isna(one.until) else f" until {one.until:%Y-%m-%d}"
            yield f"{one.lever}{only} since {one.since:%Y-%m-%d}{end}"

    def without(self, lever_or_rule: str) -> Self:
        """Return a scenario without a lever, moved or not, or without a rule.

        Parameters
        ----------
        lever_or_rule
            Id of a lever or a deal, or name of a rule.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is no such lever or rule, or nothing to drop; a deal may not be in force.
        """
        check_names("without", lever_or_rule=lever_or_rule)
        made, gone = super().without(lever_or_rule), lever_or_rule
        kept = tuple(one for one in made.moved if one.lever != gone or self._decides(gone))
        return replace(made, moved=kept) if kept != made.moved else made

    def describe_more(self) -> dict[str, Any]:
        """Return deals placed, levers moved and the question asked, ready for JSON, if any."""
        told = super().describe_more()
        if self.moved:
            told["moved"] = [_described(one) for one in self.moved]
        if self.asking:
            told["asking"] = self.asking._asdict()
        return told

    @property
    def levers_moved(self) -> pd.DataFrame:
        """Calendar of levers and events, those moved as a whole on the days on which they hold."""
        table = self.levers
        for shift in (one for one in self.moved if not one.only):
            mine, first = table["lever"] == shift.lever, self._first_of(shift)
            rows = shifted(table[mine], shift.since - first, CALENDAR_DAYS)
            rows["since"] = rows["since"].fillna(shift.since)
            if not pd.isna(shift.until):
                ends = rows["until"].where(rows["until"] < shift.until, shift.until)
                rows = rows.assign(until=ends, until_announced=pd.NaT)
            rows = rows[~(rows["since"] >= rows["until"])]
            stay = table if shift.until <= first else table[~mine]
            table = pd.concat([stay, rows]).sort_index(kind="stable").astype(table.dtypes.to_dict())
        return table

    def moved_settings(self) -> pd.DataFrame:
        """Return the settings that were moved, on their new days."""
        return self.settings[self.settings["change"] == MOVED]


def _described(one: Shift) -> dict[str, Any]:
    end = "" if pd.isna(one.until) else f"{one.until:%Y-%m-%d}"
    return {
        "lever": one.lever,
        "since": f"{one.since:%Y-%m-%d}",
        "until": end,
        "only": list(one.only),
    }
