"""A corridor whose levers are taken out and put back, alone or as the outcomes of events."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.scenario.changes import MADE_HERE, nothing_to_drop, words_of
from rumbo.scenario.corridor import Corridor
from rumbo.scenario.parameters import RULE_NAMES
from rumbo.scenario.smuggling.prices import check_prices
from rumbo.scenario.smuggling.rows import SMUGGLING
from rumbo.scenario.tree.branching import Branch, Tree, undecided, way_named, ways_of
from rumbo.scenario.tree.outcomes import (
    JOINED,
    Outcome,
    Way,
    chance,
    kept,
    leading_to,
    name_of,
    outcomes_of,
    realised,
    switched,
)
from rumbo.scenario.values.meanings import lever_titles, rule_meanings


@dataclass(frozen=True, eq=False, repr=False)
class Levered(Corridor):
    """A corridor with the settings that hold, and what was taken out of them.

    Attributes
    ----------
    start, end
        First and last day of the run.
    rules
        Names of the rules that are switched on.
    settings
        Rows that give parameters their values; ``change`` is 0 for rows of the corridor.
    without_
        Levers and rules switched off.
    changes
        Changes made, in order.
    label
        Name given; empty for the derived one.
    """

    start: date
    end: date
    rules: tuple[str, ...]
    settings: pd.DataFrame
    without_: tuple[str, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    label: str = ""

    @cached_property
    def name(self) -> str:
        """Name given, or derived from what differs from the corridor."""
        return self.label or ", ".join(self._differences()) or "base"

    def _differences(self) -> Iterator[str]:
        if (self.start, self.end) != (self.header.start, self.header.end):
            yield f"{self.start} to {self.end}"
        if self.without_:
            yield f"without {' and '.join(self.without_)}"
        yield from map(words_of, self.changes)

    def without(self, lever_or_rule: str) -> Self:
        """Return a scenario without a lever or a rule.

        Parameters
        ----------
        lever_or_rule
            Id of a lever, whose settings are dropped, or name of a rule, which is switched off.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is no such lever or rule, or nothing to drop.
        """
        name = lever_or_rule
        if name in self.without_:
            return self
        off = (*self.without_, name)
        dropped = (self.settings["lever"] == name).to_numpy(dtype=bool)
        if name and dropped.any():
            settings = self.settings[~dropped].reset_index(drop=True)
            return replace(self, settings=settings, without_=off, label="")
        if name in self.rules:
            rules = tuple(rule for rule in self.rules if rule != name)
            return replace(self, rules=rules, without_=off, label="")
        if outcomes := [o.key for o in self._outcomes if name in (o.event, o.key)]:
            cure = " or ".join(f".given('{key}')" for key in dict.fromkeys(outcomes))
            message = f"'{name}' is a dated event, neither a lever nor a rule"
            raise Faults([Fault("without", 0, message, f"Say how it turns out: {cure}")])
        settings = {lever for lever in self.settings["lever"] if lever}
        levers = sorted(settings), set(self.levers["lever"])
        known = RULE_NAMES[self.header.model]
        titles = lever_titles(self.levers, self.bundles)
        raise Faults([nothing_to_drop(name, *levers, self.rules, known, titles)])

    def with_rule(self, name: str) -> Self:
        """Return the corridor with a rule that its ``corridor.yaml`` does not list.

        Parameters
        ----------
        name
            Name of the rule.

        Returns
        -------
        Scenario
            As if the line ``- name`` stood under ``rules``: what it is compared with must have it
            there too, and may be ``without`` it.

        Raises
        ------
        Faults
            If there is no such rule, or the corridor lacks what it needs.
        """
        known = RULE_NAMES[self.header.model]
        if name not in known:
            message = f"'{name}' is an unknown rule"
            cure = choose(str(name), known, rule_meanings("what"))
            raise Faults([Fault("with_rule", 0, message, cure)])
        if name == SMUGGLING:
            check_prices(self.settings, self.selectors, faults := Collector())
            faults.check()
        listed, on = (tuple(dict.fromkeys((*one.rules, name))) for one in (self.header, self))
        header = self.header.model_copy(update={"rules": listed})
        off = tuple(one for one in self.without_ if one != name)
        return replace(self, header=header, rules=on, without_=off)

    def _unlisted_unless_priced(self) -> Self:
        """Return the corridor as if it did not list guides where not all of them have a price."""
        check_prices(self.settings, self.selectors, faults := Collector())
        if not faults.faults:
            return self
        listed, on = (
            tuple(rule for rule in one.rules if rule != SMUGGLING) for one in (self.header, self)
        )
        return replace(self, header=self.header.model_copy(update={"rules": listed}), rules=on)

    @property
    def realised(self) -> dict[str, str]:
        """How dated events turn out here, by event: the outcome whose levers are in force."""
        return {event: one.outcome for event, one in self._realised(self._outcomes).items()}

    def branches(self, *events: str) -> Tree[Self]:
        """Return a scenario for each way in which dated events may turn out.

        Parameters
        ----------
        *events
            Events of ``outcomes.csv``; all that are decided on a day of the run if none are named.
            Events that are not named turn out as they do here.

        Returns
        -------
        Tree
            The branches with their probabilities. Two of them differ only from the first day on
            which an outcome takes effect that they do not share; with the rule of minds, from that
            on which it is known.

        Raises
        ------
        Faults
            If there is no such event, it is decided before or after the run, it depends on an
            outcome that does not come, or there are more than 16 branches.
        """
        rows, run = self._outcomes, (pd.Timestamp(self.start), pd.Timestamp(self.end))
        found = ways_of(undecided(rows, *run), events, self._realised(rows))
        return Tree(self, tuple(Branch(name_of(w), chance(w), self._after(w)) for w in found))

    def given(self, outcome: str) -> Self:
        """Return the scenario in which an event turns out in one way.

        Parameters
        ----------
        outcome
            ``event=outcome``, or several joined by ``;``, as in the name of a branch. Its levers
            are in force, those of the event's other outcomes are not.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is no such outcome, or it depends on one that does not come here.
        """
        rows = self._outcomes
        return self._after(way_named(rows, outcome, self._realised(rows)))

    def alone(self, outcome: str, decided: Set[str]) -> Self | None:
        """Return the scenario in which an outcome comes, and nothing else that is not known.

        Branches that part later give the same one, since what they differ in is not known yet.

        Parameters
        ----------
        outcome
            ``event=outcome``.
        decided
            Events of which it is known how they turn out; here they do so.

        Returns
        -------
        Scenario or None
            None if it depends on what did not come.
        """
        rows, one = self._outcomes, self
        came = {row.key for event, row in self._realised(rows).items() if event in decided}
        if not (way := leading_to(rows, outcome, decided, came)):
            return None
        fixed = {*decided, *(key.partition("=")[0] for key in way)}
        unknown = {lever for row in rows if row.event not in fixed for lever in row.levers}
        for lever in sorted(unknown & {*self.settings["lever"]}):
            one = one.without(lever)
        return one.given(JOINED.join(way))

    @property
    def _outcomes(self) -> tuple[Outcome, ...]:
        return outcomes_of(self.outcomes)

    def _realised(self, rows: Sequence[Outcome]) -> dict[str, Outcome]:
        return realised(rows, frozenset(self.settings["lever"]))

    @property
    def outcomes_ahead(self) -> pd.DataFrame:
        """Rows of ``outcomes.csv`` of events that can still turn out in any way here.

        Left out are those decided before the first day, with levers that were taken out, and those
        that depend on them.
        """
        start, levers = pd.Timestamp(self.start), {*self.settings["lever"]}
        return kept(self.outcomes, lambda one: one.on >= start and {*one.levers} <= levers)

    def _after(self, way: Way) -> Self:
        """Return the scenario once events turned out in a way."""
        rows, one = self._outcomes, self
        usual = realised(rows, frozenset(self.settings_at_first["lever"]))
        levers = switched(rows, way, self._realised(rows), usual)
        for lever, wanted in levers.items():
            if wanted:
                one = one._with(lever)
            elif lever not in one.without_ and not one._awaits(lever):
                one = one.without(lever)
        rest = tuple(name for name in one.without_ if name not in levers)
        base, name = replace(one, without_=rest, label=self.label).name, name_of(way)
        return replace(one, label=name if base == "base" else f"{base}, {name}")

    def _awaits(self, lever: str) -> bool:
        """Whether a lever that an event may bring is not in force, without being taken out."""
        return lever not in {*self.settings["lever"]} and lever in {*self.content.settings["lever"]}

    def _with(self, lever: str) -> Self:
        """Return a scenario in which a lever that is out, or awaited, is in force."""
        if lever in {*self.settings["lever"]}:
            return self
        off = tuple(name for name in self.without_ if name != lever)
        return replace(self, settings=self._with_rows(lever), without_=off, label="")

    def _with_rows(self, lever: str) -> pd.DataFrame:
        """Return the settings with those of a lever where they stand in the corridor."""
        here = self.settings["file"] == MADE_HERE
        others = self.settings[~here & (self.settings["lever"] != lever)]
        rows = pd.concat([others, self._rows_of(lever)])
        rows = rows.sort_values(["file", "row"], kind="stable")
        return pd.concat([rows, self.settings[here]], ignore_index=True)

    def _rows_of(self, lever: str) -> pd.DataFrame:
        """Return the settings of a lever, in force or not."""
        own = self.content.settings
        return own[own["lever"] == lever]
