"""The service behind a widget: it keeps its newest answer with a range, for the next cells."""

import threading
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rumbo.run.folder import open_run
from rumbo.scenario.scenario import Scenario
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.saved import as_faults
from rumbo.studio.service import Service
from rumbo.studio.told import Told

if TYPE_CHECKING:
    import xarray as xr

CALL, NEWER = "rumbo.studio.widget", "Something newer was asked meanwhile. Ask again."
"""What faults name, and what is said where an answer was cancelled."""

RANGED = ("draws", "members")
"""Steps whose answers have a range."""

OF_A_RUN = ("background", "run_id")
"""What a result says of its run, which reports and exports need: draws have no run of their own."""


class Answered(NamedTuple):
    """An answer with its range.

    Attributes
    ----------
    asked
        What was asked, in whichever language and with whichever weights ahead.
    step
        Whether draws of the fit gave it, or simulated members.
    answer
        What the page is told.
    result
        The result behind it; that of members lies in the answer's folder.
    """

    asked: ScenarioAsked
    step: str
    answer: Told
    result: "xr.Dataset | None"


class NotebookService(Service):
    """A service that is asked from a page and from cells alike, and answers both with the same.

    Parameters
    ----------
    base
        The corridor, fitted if it has a posterior.
    folder
        Where runs are kept.
    """

    def __init__(self, base: Scenario, folder: Path) -> None:
        super().__init__(base, folder)
        self._last: Answered | None = None
        self._working: tuple[ScenarioAsked, threading.Event] | None = None
        threading.Thread(target=self.desk.ready, daemon=True).start()

    def answer(self, asked: ScenarioAsked, members: int) -> Generator[Told, None, None]:
        """Answer in steps, as `Service.answer` does; what was answered last is not run again."""
        last = None if members else self._known(asked)
        if last is not None:
            self._cancel_other(asked)
            yield {"step": last.step, "answer": last.answer}
            yield {"step": "done"}
            return
        done = threading.Event()
        self._working = (_plain(asked), done)
        try:
            for line in super().answer(asked, members):
                if line["step"] in RANGED:
                    told = (line["step"], line["answer"], self.desk.result)
                    self._last = Answered(_plain(asked), *told)
                yield line
        finally:
            done.set()

    def whole(self, asked: ScenarioAsked) -> Answered:
        """Return the answer with its range; what a page has asked already is waited for.

        Parameters
        ----------
        asked
            What is asked, checked.

        Raises
        ------
        Faults
            If it cannot be answered, or something newer was asked meanwhile.
        """
        *_, end = self.answer(asked, 0)
        if newest := self._newest(asked):
            return newest
        raise as_faults(CALL, end.get("faults", [NEWER]))

    def _known(self, asked: ScenarioAsked) -> Answered | None:
        """Return what was answered last, if that was asked; wait where it is being worked out."""
        if self._newest(asked) is None and self._working and self._working[0] == _plain(asked):
            self._working[1].wait()
        return self._newest(asked)

    def _cancel_other(self, asked: ScenarioAsked) -> None:
        """Cancel what is being worked out, unless it is what was asked."""
        if self._working and self._working[0] != _plain(asked):
            self.cancel()

    def _newest(self, asked: ScenarioAsked) -> Answered | None:
        return self._last if self._last and self._last.asked == _plain(asked) else None


def _plain(asked: ScenarioAsked) -> ScenarioAsked:
    """Return what makes the answer: it is told in both languages, and weights are for ahead."""
    return asked._replace(language="en", weights=())


def result_of(one: Answered) -> "xr.Dataset":
    """Return the result behind an answer: of simulated members whole, as it lies in its folder."""
    if one.result is None or one.step == "members":
        return open_run(one.answer["folder"])
    draws = one.result.copy()
    draws.attrs = {name: told for name, told in draws.attrs.items() if name not in OF_A_RUN}
    return draws
