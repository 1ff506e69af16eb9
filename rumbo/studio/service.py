"""What the page may ask for: an answer in steps, a report, tables, a file. No web in it."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from rumbo.files.faults import Faults
from rumbo.run.folder import is_finished, open_run
from rumbo.run.spec import RunSpec
from rumbo.scenario.scenario import Scenario
from rumbo.studio import saved
from rumbo.studio.ahead.asked import AheadAsked, looked_ahead, read_ahead
from rumbo.studio.ahead.told import ahead_steps, told_ahead
from rumbo.studio.desk import Desk
from rumbo.studio.jobs import Event, Jobs, Work
from rumbo.studio.kept import SEED
from rumbo.studio.pair import pair_asked
from rumbo.studio.question import ScenarioAsked, read_asked
from rumbo.studio.runs import Stale, Turns, simulated_members
from rumbo.studio.telling.sentence import CHANCE
from rumbo.studio.told import Told
from rumbo.studio.wording import Refused, Spanish, as_it_is, refused, told_faults


class Service:
    """A desk, the runs made at it, and whose turn it is.

    Parameters
    ----------
    base
        The corridor, fitted if it has a posterior.
    folder
        Where runs are kept.
    spanish
        Puts sentences of the package into Spanish.
    """

    def __init__(self, base: Scenario, folder: Path, spanish: Spanish = as_it_is) -> None:
        self.desk, self.folder, self._spanish = Desk(base), folder, spanish
        self.turns, self.jobs = Turns(), Jobs()
        self._kept: dict[ScenarioAsked, Path] = {}
        self._ahead: dict[AheadAsked, str] = {}

    def asked(self, content: object) -> ScenarioAsked:
        """Return what is asked, once it can be run.

        Parameters
        ----------
        content
            What the page sends.

        Raises
        ------
        Refused
            If something is wrong with it.
        """
        asked = read_asked(content, self.desk.base)
        try:
            pair_asked(asked, self.desk.base)
        except Faults as faults:
            raise Refused(told_faults(faults, self._spanish)) from None
        return asked

    def answer(self, asked: ScenarioAsked, members: int) -> Generator[Told, None, None]:
        """Answer in steps; whatever was asked before is cancelled.

        Parameters
        ----------
        asked
            What is asked, checked.
        members
            Pairs of simulations with chance to run in the end; 0 for none.

        Yields
        ------
        dict
            Steps, as they are sent to the page; the last is ``done`` or ``cancelled``.
        """
        stale = self.turns.take()
        self.jobs.stop()
        try:
            yield from self.desk.steps(asked, stale)
            if members and not stale():
                yield from self._simulated(asked, members, stale)
        except (Faults, Refused) as problem:
            if not stale():
                yield {"step": "fault", "faults": self.told(problem, asked.language)}
                return
        yield {"step": "cancelled" if stale() else "done"}

    def told(self, problem: Faults | Refused, language: str) -> list[str]:
        """Return why something cannot be answered, in a language."""
        if isinstance(problem, Refused):
            return [text[language] for text in problem.texts]
        return [text[language] for text in told_faults(problem, self._spanish)]

    def _simulated(self, asked: ScenarioAsked, members: int, stale: Stale) -> Iterator[Told]:
        """Run members in a worker process, and answer by them."""
        pair = pair_asked(asked, self.desk.base)
        spec = RunSpec.of(pair.scenarios, members, SEED)
        name = saved.slug(asked.name or (asked.question[0] if asked.question else "scenario"))
        folder = self.folder / f"{name or 'scenario'}-{spec.id[:8]}"
        for kind, value in self.jobs.run(simulated_members, spec, folder, stale=stale):
            if kind == "progress":
                done, every = value
                yield {"step": "progress", "part": "members", "done": done, "of": every}
            else:
                self._kept[asked.run] = folder
                told = self.desk.answer(open_run(folder), asked, pair, CHANCE)
                yield {"step": "members", "answer": {**told, "folder": str(folder)}}

    def ahead(self, content: Told) -> AheadAsked:
        """Return what is asked of the months ahead, once it can be run; else it is refused."""
        try:
            return read_ahead(content, self.desk.base)
        except Faults as faults:
            raise Refused(told_faults(faults, self._spanish)) from None

    def look_ahead(self, asked: AheadAsked) -> Generator[Told, None, None]:
        """Run the months ahead of a day in steps; whatever was asked before is cancelled."""
        stale, folder = self.turns.take(), self.folder / "outlook"
        work = self.jobs.run(looked_ahead, self.desk.base, asked.run, folder, stale=stale)
        try:
            yield from ahead_steps(self._keeping(work, asked), asked)
        except (Faults, Refused) as problem:
            yield {"step": "fault", "faults": self.told(problem, asked.language)}
            return
        yield {"step": "cancelled" if stale() else "done"}

    def _keeping(self, work: Iterator[Event], asked: AheadAsked) -> Iterator[Event]:
        """Go through what a worker says, and keep where it left what it ran."""
        for kind, value in work:
            if kind == "done":
                self._ahead[asked.run] = str(value)
            yield kind, value

    def weighed(self, asked: AheadAsked) -> Told:
        """Return months ahead that were run before, their outcomes weighed as is asked.

        Raises
        ------
        Refused
            If they were not, or cannot be weighed so.
        """
        if asked.run not in self._ahead:
            raise refused("ahead.none")
        try:
            return told_ahead(self._ahead[asked.run], asked)
        except Faults as faults:
            raise Refused(told_faults(faults, self._spanish)) from None

    def cancel(self) -> None:
        """Cancel what is asked; finished members stay."""
        self.turns.cancel()
        self.jobs.stop()

    def written(self, work: Work, asked: ScenarioAsked, language: str) -> str:
        """Write something of the run of a scenario, and return its path.

        Parameters
        ----------
        work
            What is written.
        asked
            The scenario.
        language
            Language that comes first.

        Raises
        ------
        Refused
            If there is no run of it, or it was stopped.
        """
        folder = self._kept.get(asked.run)
        if folder is None or not is_finished(folder):
            raise refused("work.none")
        languages = tuple(sorted(("en", "es"), key=lambda one: one != language))
        stale = self.turns.take()
        for kind, value in self.jobs.run(work, folder, languages, stale=stale):
            if kind == "done":
                return str(value)
        raise refused("work.ended")

    def saved(self, asked: ScenarioAsked) -> Told:
        """Return a scenario as the text of a file, and a name for it."""
        base = self.desk.base
        return {"text": saved.written(asked, base), "name": saved.file_name(asked, base)}

    def opened(self, text: Any) -> Told:
        """Return the scenario that a file holds, and what is to be known before it is used."""
        asked, notes = saved.read(text, self.desk.base)
        self.asked(asked.as_json())
        return {"scenario": asked.as_json(), "notes": notes}
