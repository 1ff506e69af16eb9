"""A scenario: a corridor with the settings that are assumed. It is read and changed here."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from rumbo.files.faults import Collector, Fault, Faults
from rumbo.scenario.caravans.chain import check_formation
from rumbo.scenario.changes import day_of, make_setting, record, run_days
from rumbo.scenario.corridor import corridors, read_corridor
from rumbo.scenario.deals.terms import known_on
from rumbo.scenario.edit.write import write_corridor
from rumbo.scenario.folder import span, table_digest
from rumbo.scenario.posterior import POSTERIOR, Posterior, given_or_own
from rumbo.scenario.questions.asking import pair_of
from rumbo.scenario.questions.frozen import frozen
from rumbo.scenario.questions.moving import Movable
from rumbo.scenario.settings import Setting, Surroundings, setting_faults
from rumbo.scenario.tree.beliefs import beliefs_in
from rumbo.scenario.tree.rumours import rumours_in
from rumbo.scenario.values.known import (
    check_posterior,
    content_known,
    header_known,
    settings_in_force,
)
from rumbo.scenario.values.levels import with_levels

__all__ = ["Scenario", "corridors", "load"]


@dataclass(frozen=True, eq=False, repr=False)
class Scenario(Movable):
    """A corridor plus changed settings. It never changes; its methods return new scenarios.

    Attributes
    ----------
    warnings
        What is dubious about where it came from, without keeping it from running.
    posterior
        What a fit left, which members hold instead of drawing their own; see `fitted`.
    """

    warnings: tuple[Fault, ...] = ()
    posterior: Posterior | None = None

    def __repr__(self) -> str:
        """Return the name, the corridor and the days, rather than every table."""
        return f"<Scenario '{self.name}' of {self.id}, {self.start} to {self.end}>"

    @cached_property
    def settings_whole(self) -> pd.DataFrame:
        """Settings, with the levels that a fit found beneath them."""
        return with_levels(self.settings, self.posterior.levels if self.posterior else ())

    @cached_property
    def settings_in_force(self) -> pd.DataFrame:
        """The same, those of deals as far as these are brought in and kept."""
        return self._in_parts(self.settings_whole)

    def change(
        self,
        parameter: str,
        value: float,
        *,
        at: str | None = None,
        group: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        source: str = "",
    ) -> "Scenario":
        """Return a scenario in which a parameter has another value.

        Parameters
        ----------
        parameter
            Name, such as ``checkpoint.chance``.
        value
            Value in the parameter's unit.
        at
            Where: everywhere if None, or such as ``country:XA``, ``role:waiting_city``,
            ``mode:bus``, the id of a place or of a link.
        group
            For whom: all if None, or a nationality, a household or the id of a group.
        since, until
            First day and first day after; open if None.
        source
            Where the value comes from; ``assumed`` if empty.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If the parameter, value, place, group or dates do not fit.
        """
        number = 1 + int(self.settings["change"].max() if len(self.settings) else 0)
        setting = make_setting(number, parameter, value, at, group, since, until, source)
        self._check_settings([setting], (pd.Timestamp(self.start), pd.Timestamp(self.end)))
        row = pd.DataFrame([setting._asdict()]).assign(quality="", note="")
        row = row[list(self.settings.columns)].astype(self.settings.dtypes.to_dict())
        check_formation(row, self.selectors, faults := Collector())
        faults.check()
        settings = pd.concat([self.settings, row], ignore_index=True)
        made = replace(self, settings=settings, changes=(*self.changes, record(setting)), label="")
        warned = dict.fromkeys((*self.warnings, *frozen(made)))
        return replace(made, warnings=tuple(warned))

    def ask(
        self,
        question: str,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        beds: Mapping[str, float] | None = None,
    ) -> tuple["Scenario", "Scenario"]:
        """Return the two scenarios that answer a named question: with and without what is asked.

        Parameters
        ----------
        question
            Id of a question of ``questions.csv``; see ``rumbo ask``.
        since, until
            First day and first day after; the question's own if None.
        beds
            Shelter places by place, in both scenarios; of a question of beds in the second alone.

        Returns
        -------
        tuple of Scenario
            To be run together, as in ``rumbo.simulate(base.ask("pact"), members=200)``: first the
            side that is the corridor as it stands, else the one without.

        Raises
        ------
        Faults
            If there is no such question, it cannot be asked of these days, or lacks its beds.
        """
        return pair_of(self, question, since, until, beds)

    def _check_settings(
        self, settings: Iterable[Setting], days: tuple[pd.Timestamp, pd.Timestamp]
    ) -> None:
        """Refuse settings that do not fit the corridor, or these days."""
        around, faults = Surroundings(self.selectors, frozenset(), None, *days), Collector()
        for setting in settings:
            for message, cure in setting_faults(setting, around):
                faults.add(setting.file, 0, message, cure)
        faults.check()

    def between(self, start: date | str, end: date | str) -> "Scenario":
        """Return a scenario that runs over other days.

        Parameters
        ----------
        start, end
            First and last day; the corridor must have inflows for them.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If the days are out of order or outside what the corridor has data for.
        """
        run = pd.Timestamp(self.header.start), pd.Timestamp(self.header.end)
        first, last = run_days(start, end, *span(*run, self.inflows))
        return replace(self, start=first, end=last, label="")

    def fitted(self, posterior: Posterior | str | Path | None = None) -> "Scenario":
        """Return the same scenario, its members drawn from what a fit found; its name stays.

        Parameters
        ----------
        posterior
            The posterior or its file; the one in the corridor's folder if None.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If there is none, it cannot be read, or it is of another corridor.
        """
        draws = given_or_own(posterior, self.folder)
        levers = {*self.levers["lever"], *self.content.settings["lever"]}
        draws.check_for(self.id, set(self.groups["nationality"]), levers)
        first, last = self._data_days
        run = min(first, pd.Timestamp(self.start)), max(last, pd.Timestamp(self.end))
        self._check_settings(draws.levels, run)
        return replace(self, posterior=draws)

    def as_known(self, day: date | str) -> "Scenario":
        """Return the scenario as it was known on a day, without all that came later.

        Settings, levers, entries and figures known later are gone, and ends known later are open;
        changes made here stay. What an event may bring is in force once decided: its branches have
        it. Months whose entries were not known have none: what would come is to be said before
        running on. Where no price of guides was known, nobody is guided.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        Scenario

        Raises
        ------
        Faults
            If it is not a date, no entries were known, or the posterior is as of a later day.
        """
        when = day_of("as_known", "day", day)
        check_posterior(self.posterior, when)
        content = content_known(self._as_placed(), when)
        header = header_known(self.header, content)
        settings = settings_in_force(self.settings, self.levers, self.outcomes, when)
        deals = [deal for deal in self.placed if deal.key in {*content.deals["deal"]}]
        placed = tuple(known_on(deal, when) for deal in deals)
        then = replace(self, header=header, content=content, settings=settings, placed=placed)
        return then._unlisted_unless_priced()

    def named(self, name: str) -> "Scenario":
        """Return the same scenario under a name of one's own."""
        return replace(self, label=name)

    def describe(self) -> dict[str, Any]:
        """Return what differs from the corridor, ready for JSON."""
        return {
            "name": self.name,
            "without": list(self.without_),
            "changes": [dict(change) for change in self.changes],
            **self.describe_more(),
            **({"posterior": self.posterior.summary()} if self.posterior else {}),
        }

    def write(self, folder: str | Path) -> Path:
        """Write the scenario as a corridor of its own, whose "base" it is.

        A posterior is written along: the scenario is then ``load(folder).fitted()``.

        Parameters
        ----------
        folder
            Folder to make; it must not exist yet.

        Returns
        -------
        pathlib.Path
            The folder.

        Raises
        ------
        Faults
            If the folder exists or cannot be made.
        """
        now = {"start": self.start, "end": self.end, "rules": self.rules}
        ahead = self.outcomes_ahead
        own, settings = self._to_write()
        content = replace(
            own,
            outcomes=ahead,
            beliefs=beliefs_in(self.beliefs, ahead),
            rumours=rumours_in(self.rumours, ahead),
        )
        header = self.header.model_copy(update=now)
        write_corridor(replace(self, content=content, placed=()), header, settings, folder)
        if self.posterior:
            self.posterior.write(Path(folder) / POSTERIOR)
        return Path(folder)

    def write_base(self, folder: str | Path) -> Path:
        """Write the corridor that the scenario is of, without what was changed.

        Parameters
        ----------
        folder
            Folder to make; it must not exist yet.

        Returns
        -------
        pathlib.Path
            The folder.
        """
        base = replace(self, placed=())
        return write_corridor(base, self.header, self.content.settings, folder)

    def digest(self) -> str:
        """Return a hash of everything that the scenario says, for run ids."""
        parts = [
            self.content.digest,
            table_digest(self.settings.drop(columns=["file", "row"])),
            self.header.model_dump_json(),
            json.dumps([str(self.start), str(self.end), self.rules, self.describe()]),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load(name_or_folder: str | Path) -> Scenario:
    """Read a corridor.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    Scenario
        The corridor as it stands, named "base".

    Raises
    ------
    Faults
        Everything that is wrong with the files, listed together.
    """
    corridor, faults, warnings = read_corridor(name_or_folder)
    if corridor is None:
        raise Faults(faults)
    header = corridor.header
    read = header, corridor.content, corridor.folder, header.start, header.end, header.rules
    return Scenario(*read, corridor.settings_at_first, warnings=tuple(warnings))
