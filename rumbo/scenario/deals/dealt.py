"""A corridor whose deals between governments are placed on days of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.scenario.changes import MADE_HERE
from rumbo.scenario.deals.asking import (
    CALL,
    Day,
    Ends,
    Ramps,
    Shares,
    agreed,
    described,
    same_terms,
    words_of_deal,
)
from rumbo.scenario.deals.dating import calendar, first_day, in_parts, placed
from rumbo.scenario.deals.terms import TABLE, Deal, deals_of, with_terms
from rumbo.scenario.folder import Content, span
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.settings import check_order, each_setting
from rumbo.scenario.tree.levered import Levered
from rumbo.scenario.tree.outcomes import Way
from rumbo.scenario.values.history import build_history


@dataclass(frozen=True, eq=False, repr=False)
class Dealt(Levered):
    """A corridor with levers, of which some are deals.

    Attributes
    ----------
    placed
        Deals under other terms than those of the corridor, in order of their names.
    """

    placed: tuple[Deal, ...] = ()

    def deal(
        self,
        name: str,
        *,
        since: Day | None = None,
        until: Ends = None,
        ramp: Ramps = None,
        compliance: Shares = None,
    ) -> Self:
        """Return a scenario in which a deal between governments holds under other terms.

        Its settings, with the days on which they were announced, move along with its first day.

        Parameters
        ----------
        name
            Id of a deal; see ``rumbo list deals``.
        since
            First day; that of the corridor if None.
        until
            First day after, ``""`` for no end; here and below one value for all sides, or a mapping
            by actor such as ``{"XA": "2024-06-01"}``. None leaves what the corridor says.
        ramp
            Days until all is in force, in at most seven steps.
        compliance
            Share of what was agreed that is done, 0 to 1; with its 90 % range ``(low, share,
            high)``. 0 is the corridor without the deal.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is no such deal or side, the terms do not fit, the deal would lie outside the
            run, or a value without limit would hold in part.
        """
        deals, faults = deals_of(self.content.deals), Collector()
        if name not in [*deals]:
            cure = choose(str(name), [*deals]) if deals else f"Add it to {TABLE} of the corridor"
            raise Faults([Fault(CALL, 0, f"there is no deal '{name}'", cure)])
        own = deals[name]
        deal = agreed(own, since, until, ramp, compliance, faults)
        faults.check()
        self._check_days(deal, faults)
        self._check_outcomes(deal, faults)
        faults.check()
        others = [one for one in self.placed if one.key != name]
        changed = [] if own.in_force and same_terms(deal, own) else [deal]
        off = tuple(lever for lever in self.without_ if lever != name)
        every = tuple(sorted([*others, *changed]))
        here = replace(self, placed=every, without_=off, label="")
        made = replace(here, settings=here._with_rows(name))
        made._check_values(deal, faults)
        faults.check()
        return made

    def without(self, lever_or_rule: str) -> Self:
        """Return a scenario without a lever or a rule, as `Levered.without` does.

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
        name, deals = lever_or_rule, deals_of(self.content.deals)
        held = [*self.settings["lever"], *self.without_]
        if name in [*deals] and name not in held:
            if any(deal.key == name and deal.in_force for deal in self.placed):
                return replace(self, without_=(*self.without_, name), label="")
            message = f"the deal '{name}' is not in force, nothing to drop"
            cure = f"Place it first, with .deal('{name}', since=...)"
            raise Faults([Fault("without", 0, message, cure)])
        return super().without(name)

    @property
    def levers(self) -> pd.DataFrame:
        """Calendar of levers and events, with deals on the days on which they hold here."""
        table, own = self.content.levers, deals_of(self.content.deals)
        for deal in self.placed:
            if deal.key in own:
                table = calendar(table, deal, first_day(own[deal.key], self.content.levers))
        return table

    @cached_property
    def deals_in_force(self) -> dict[str, Deal]:
        """Deals with settings in force, under the terms that hold here, by name."""
        deals = deals_of(self.content.deals) | {deal.key: deal for deal in self.placed}
        held = {*self.settings["lever"]}
        return {key: deal for key, deal in deals.items() if key in held and deal.in_force}

    def _after(self, way: Way) -> Self:
        """Return the scenario once events turned out in a way, its placed deals still fitting."""
        made, faults = super()._after(way), Collector()
        for deal in made.placed:
            made._check_values(deal, faults)
        faults.check()
        return made

    def _in_parts(self, settings: pd.DataFrame) -> pd.DataFrame:
        return in_parts(settings, self.deals_in_force)

    def _differences(self) -> Iterator[str]:
        yield from super()._differences()
        own = deals_of(self.content.deals) if self.placed else {}
        for deal in self.placed:
            if deal.key not in self.without_:
                yield words_of_deal(deal, own.get(deal.key, deal))

    def _rows_of(self, lever: str) -> pd.DataFrame:
        rows, own = super()._rows_of(lever), deals_of(self.content.deals)
        deal = next((one for one in self.placed if one.key == lever), own.get(lever))
        if deal is None:
            return rows
        if not deal.in_force:
            return rows[:0]
        moved = placed(rows, deal, first_day(own[lever], self.content.levers))
        first, last = self._data_days
        return moved[~((moved["since"] > last) | (moved["until"] <= first))]

    @property
    def _data_days(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day that the corridor has data for."""
        run = pd.Timestamp(self.header.start), pd.Timestamp(self.header.end)
        return span(*run, self.inflows)

    def describe_more(self) -> dict[str, Any]:
        """Return the deals placed, ready for JSON; nothing where none is."""
        return {"deals": [*map(described, self.placed)]} if self.placed else {}

    def _as_placed(self) -> Content:
        """Return the corridor's tables as if deals had always stood in them as they hold here."""
        if not self.placed:
            return self.content
        names = [deal.key for deal in self.placed]
        rows = self.content.settings
        kept = [rows[~rows["lever"].isin(names)], *map(self._rows_of, names)]
        settings = pd.concat(kept).sort_values(["file", "row"], kind="stable", ignore_index=True)
        deals = with_terms(self.content.deals, {deal.key: deal for deal in self.placed})
        return replace(self.content, settings=settings, deals=deals, levers=self.levers)

    def _to_write(self) -> tuple[Content, pd.DataFrame]:
        """Return tables and settings of a corridor that has the deals as they are here.

        Deals that were taken out are left out; those that wait to be placed come along.
        """
        content, held = self._as_placed(), {*self.settings["lever"]}
        ahead = {key for key, deal in deals_of(content.deals).items() if not deal.in_force}
        rows = content.settings[content.settings["lever"].isin(ahead - held)]
        settings = pd.concat([self.settings, rows], ignore_index=True)
        deals = content.deals[content.deals["deal"].isin(held | ahead)]
        return replace(content, deals=deals), settings

    def _check_days(self, deal: Deal, faults: Collector) -> None:
        """Note that a deal holds on no day of the run."""
        start, end = pd.Timestamp(self.start), pd.Timestamp(self.end)
        if deal.since > end or all(side.until <= start for side in deal.sides):
            message = (
                f"'{deal.key}' would lie outside the run, expected a day between {self.start} "
                f"and {self.end}"
            )
            faults.add(CALL, 0, message, "Give other dates, or let the run last longer")

    def _check_outcomes(self, deal: Deal, faults: Collector) -> None:
        """Note that a deal would hold before the outcome that brings it takes effect."""
        for one in self._outcomes:
            if deal.key in one.levers and deal.since < one.takes_effect:
                day = f"{one.takes_effect:%Y-%m-%d}"
                message = f"'{deal.key}' comes with '{one.key}', which takes effect on {day}"
                faults.add(CALL, 0, message, "Give that day as since, or a later one")

    def _check_values(self, deal: Deal, faults: Collector) -> None:
        """Note settings of a placed deal that leave two values for a day, or none."""
        rows = self.settings[self.settings["lever"] == deal.key]
        touched = self.settings[self.settings["parameter"].isin(rows["parameter"])]
        twice = Collector()
        check_order(touched[touched["file"] != MADE_HERE], self.selectors, twice)
        for fault in twice.faults:
            cure = f"Place '{deal.key}' on another day, or leave the other row's lever out"
            faults.add(fault.file, fault.row, fault.message, cure)
        settings = [*each_setting(self._in_parts(touched.reset_index(drop=True)))]
        for name in dict.fromkeys(rows["parameter"]):
            own = [one for one in settings if one.parameter == name]
            history = build_history(PARAMETERS[name], own, self.selectors)
            for day in sorted(history.dates):
                for setting, message, cure in history.mixing_faults(day):
                    faults.add(setting.file, setting.row, message, cure)
