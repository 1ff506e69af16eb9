"""The desk: a corridor kept ready, and answers to what is asked of it, step by step.

An answer comes in three steps: the central draw of the fit, as its months close; a few draws that
show its range; and simulations with chance, which a worker process runs. No web in it.
"""

import json
from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from rumbo.report.read.background import of_background
from rumbo.report.read.record import fails
from rumbo.report.read.run import Run
from rumbo.report.read.simulated import simulated
from rumbo.run.about import background, of_scenarios
from rumbo.scenario.scenario import Scenario
from rumbo.studio.answers import Shown, answer_of
from rumbo.studio.kept import RECORD, Kept, central, several
from rumbo.studio.pair import Compared, pair_asked
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.runs import Stale, held
from rumbo.studio.telling.sentence import CHANCE, DRAWS
from rumbo.studio.telling.shown import desk_of, titles_of
from rumbo.studio.told import COSTS, FLOWS, Told
from rumbo.studio.wording import Text

if TYPE_CHECKING:
    import xarray as xr

EVERY = 0.5
"""Seconds between two answers of a draw whose months close."""


class Desk:
    """A corridor kept ready, of which questions are asked from several threads.

    Parameters
    ----------
    base
        The corridor, fitted if it has a posterior.

    Attributes
    ----------
    result
        The result behind the newest answer with a range; None before there is one.
    """

    def __init__(self, base: Scenario) -> None:
        self.base = base
        self.result: xr.Dataset | None = None
        self._central, self._several = Lock(), Lock()
        self._weak: frozenset[str] | None = None

    @cached_property
    def plain(self) -> Run:
        """The corridor without any run, told of the whole fit."""
        return of_background(json.loads(background((self.base,))))

    @cached_property
    def titles(self) -> dict[str, Text]:
        """Titles of questions and levers."""
        return titles_of(self.base, self.plain)

    @cached_property
    def shown(self) -> Told:
        """What the page is told before anything is asked."""
        return desk_of(self.base, self.plain)

    @cached_property
    def _one(self) -> Kept:
        return central(self.base)

    @cached_property
    def _few(self) -> Kept:
        return several(self.base)

    def ready(self) -> None:
        """Make ready what the first questions need, those first that come first."""
        _ = self.shown
        with held(self._central):
            self._one.session.run()
        with held(self._several):
            self._mark()

    def _mark(self) -> None:
        """Find once which series fail the record, before an answer with a range tells of them."""
        if self._weak is None:
            told = self._run(self._few.session.run(), Compared(self.base, None))
            self._weak = frozenset(key for key in (*FLOWS, *COSTS) if fails(told, key))

    def steps(self, asked: ScenarioAsked, stale: Stale) -> Iterator[Told]:
        """Answer in steps: the central draw as its months close, then the draws around it.

        Parameters
        ----------
        asked
            What is asked.
        stale
            Whether the answer is no longer wanted.

        Yields
        ------
        dict
            How far it is, and the answer so far; no more once it is no longer wanted.

        Raises
        ------
        Faults
            If levers, days and beds do not go together.
        """
        pair = pair_asked(asked, self.base)
        kind = DRAWS if self.base.posterior else CHANCE
        with held(self._central):
            yield from self._closing(self._one, asked, pair, stale, kind)
        yield {"step": "progress", "part": "draws", "done": 0, "of": len(self.shown["months"])}
        with held(self._several):
            self._mark()
            yield from self._ranged(self._few, asked, pair, stale, kind)

    def _closing(
        self, kept: Kept, asked: ScenarioAsked, pair: Compared, stale: Stale, kind: str
    ) -> Iterator[Told]:
        """Answer by a single draw, now and then while its months close."""
        last = 0.0
        for closed in kept.months(asked):
            if stale():
                return
            if closed.count == closed.of or monotonic() - last > EVERY:
                run = self._run(closed.numbers(), pair)
                told = answer_of(run, asked, self._beside(run), kind, one=True)
                yield {"step": "draw", "done": closed.count, "of": closed.of, "answer": told}
                last = monotonic()

    def _ranged(
        self, kept: Kept, asked: ScenarioAsked, pair: Compared, stale: Stale, kind: str
    ) -> Iterator[Told]:
        """Answer by several draws, and say how far they are while their months close."""
        for closed in kept.months(asked):
            if stale():
                return
            far = {"done": closed.count, "of": closed.of}
            yield {"step": "progress", "part": "draws", **far}
        yield {"step": "draws", "answer": self.answer(closed.result(), asked, pair, kind)}

    def answer(self, data: "xr.Dataset", asked: ScenarioAsked, pair: Compared, kind: str) -> Told:
        """Return the answer that several members give."""
        run = self._run(data, pair)
        self.result = run.data
        return answer_of(run, asked, self._beside(run), kind, one=False)

    def _run(self, data: "xr.Dataset", pair: Compared) -> Run:
        """Return the result of a pair as the report reads it, told of the whole fit."""
        names = [one.name for one in pair.scenarios]
        if RECORD in data["scenario"].values:
            mine = data.isel(scenario=slice(-len(names), None))
            data = mine.assign_coords(scenario=names)
        told = {name: json.loads(part) for name, part in of_scenarios(pair.scenarios).items()}
        return Run(data, self.plain.background | told, self.plain.words)

    def _beside(self, run: Run) -> Shown:
        flows, costs = (simulated(run, keys) for keys in (FLOWS, COSTS))
        fit = self.base.posterior
        fitted = fit.as_of.isoformat() if fit else ""
        return Shown(flows, costs, self._weak or frozenset(), self.titles, fitted)
