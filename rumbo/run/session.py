"""A session: a scenario kept ready, beside which changed ones are run quickly."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from rumbo.model.pace import Pacing
from rumbo.run.about import minds
from rumbo.run.program import Program, compile_beside, compile_even
from rumbo.run.result import Gathered, Months, label, label_numbers
from rumbo.run.sets import chunks_of, compile_under, draws, each_under, numbers_of
from rumbo.run.simulate import at_once
from rumbo.run.spec import RunSpec
from rumbo.run.states import begin
from rumbo.run.trunk import Trunk
from rumbo.run.unfolding import Awaiting, Unfolding
from rumbo.run.workers import Members
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.sets import AS_SET

MEMORY = 2**28
"""Bytes that a session may hold unless told otherwise."""

Labelling = Callable[[RunSpec, Sequence[Program], Gathered], xr.Dataset]
"""Puts recorded months together, labelled."""


class Session:
    """A scenario kept ready, beside which changed ones are run.

    The base is compiled once, and once more under each drawn set that members hold, and run once. A
    changed scenario is compiled where its values differ from the base's, and run from the first day
    on which it differs. What is returned is the same, to the byte, as `rumbo.simulate` returns for
    the base and the changed scenarios. A session is for one thread at a time.

    Parameters
    ----------
    scenario
        The base.
    members
        Number of runs of each scenario.
    seed
        Names the luck of all runs.
    mode
        ``expected`` or ``stochastic``, as in `rumbo.simulate`.
    memory
        Most bytes to hold beside the base, its result, the state that was branched from last and
        the weights of exits, which kept states share with one another while they stay the same.
        One half is for the base's states, at the start of every month or of every few of them; the
        other for results of changed scenarios, those asked for last.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the scenario cannot be run.

    Examples
    --------
    >>> import rumbo
    >>> from rumbo.run.session import Session
    >>> base = rumbo.load("examples/three_places")
    >>> session = Session(base)
    >>> runs = session.run(base.without("bus-closure"))
    >>> runs.sizes["scenario"]
    2
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        members: int = 1,
        seed: int = 0,
        mode: str = "expected",
        memory: int = MEMORY,
    ) -> None:
        if memory < 0:
            raise ValueError(f"memory must be 0 bytes or more, got {memory}")
        self._spec = RunSpec.of(scenario, members, seed, mode)
        self._base = compile_beside(scenario)
        numbers = numbers_of(self._spec, draws(self._base))
        self._under = each_under(self._base, numbers)
        self._memory = memory
        self._threads = ThreadpoolController()
        self._results: dict[str, _Result] = {}
        program, size = self._base.program, self._spec.size
        self._numbers, self._chunks = numbers, chunks_of(numbers, at_once(program, size, mode))
        lucks = [self._spec.luck._replace(members=np.array(chunk)) for chunk in self._chunks]
        state = sum(begin(program, luck).held for luck in lucks)
        marks = _marks(program, memory // 2 // state - 1)
        self._trunks = [
            Trunk(self._under[self._set_of(chunk)].program, luck, marks)
            for chunk, luck in zip(self._chunks, lucks, strict=True)
        ]

    @property
    def held(self) -> int:
        """Bytes that are held beside the base and its result: its states, and other results."""
        return sum(trunk.held for trunk in self._trunks) + self._remembered

    @property
    def _remembered(self) -> int:
        return sum(result.nbytes for result in self._results.values())

    def run(self, *changed: Scenario) -> xr.Dataset:
        """Run the base and changed scenarios, as far as they were not run yet.

        Parameters
        ----------
        *changed
            Scenarios made from the base; none for the base alone.

        Returns
        -------
        xarray.Dataset
            As `rumbo.simulate` returns for the base and these, to the byte.

        Raises
        ------
        ValueError
            If a scenario does not fit the base: another corridor, other dates, another step or
            posterior, the same name, or the rule shocks where the base is without it.
        """
        spec = self._beside(changed)
        with self._threads.limit(limits=1):  # sums on more threads differ in the last bits
            runs = [self._runs(scenario) for scenario in changed]
            others = [own.result() for own in runs]
            paces = [own.plain.pace for own in runs]
            base = [trunk.months() for trunk in self._trunks]
        for scenario, result in zip(changed, others, strict=True):
            self._keep(scenario, result)
        program, months = self._base.program, [base, *(result.months for result in others)]
        named = zip(changed, paces, strict=True)
        paced = [replace(program, name=one.name, pace=pace) for one, pace in named]
        programs, gathered = self._gathered(spec, program, months)
        told = minds(spec.scenarios, [program, *paced], gathered.measures)
        return label(spec, programs, gathered, told)

    def months(self, *changed: Scenario) -> Iterator["Closed"]:
        """Run the base and changed scenarios, and stop as soon as each month has closed.

        Parameters
        ----------
        *changed
            Scenarios made from the base; none for the base alone.

        Yields
        ------
        Closed
            The months so far; days, where the corridor records days.

        Raises
        ------
        ValueError
            As in `run`.
        """
        return self._closing(self._beside(changed))

    def _closing(self, spec: RunSpec) -> Iterator["Closed"]:
        changed = spec.scenarios[1:]
        runs = [*map(self._runs, changed)]
        closed: list[list[list[Months]]] = []
        for number, (_, end) in enumerate(periods := _periods(self._base.program)):
            with self._threads.limit(limits=1):
                others = [[run.month(number, end) for run in own.each] for own in runs]
                base = [trunk.month(number, end) for trunk in self._trunks]
            closed.append([base, *others])
            until = _until(self._base.program, end)
            so_far = partial(self._so_far, spec, until, [*closed])
            yield Closed(number + 1, len(periods), so_far)
        for scenario, own in zip(changed, runs, strict=True):
            self._keep(scenario, own.result())

    def _so_far(
        self,
        spec: RunSpec,
        program: Program,
        closed: Sequence[Sequence[Sequence[Months]]],
        labelled: Labelling,
    ) -> xr.Dataset:
        """Label months, given one after the other, by scenario and chunk of members."""
        by_scenario = [[*map(_joined, zip(*own, strict=True))] for own in zip(*closed, strict=True)]
        return labelled(spec, *self._gathered(spec, program, by_scenario))

    def _beside(self, changed: Sequence[Scenario]) -> RunSpec:
        return replace(self._spec, scenarios=(*self._spec.scenarios, *changed))

    def _runs(self, scenario: Scenario) -> "_Runs":
        """Return the runs of a scenario, one for each chunk of members; known ones are read."""
        known = self._results.get(_content(scenario))
        if known is not None:
            plain = Awaiting(lambda: compile_even(scenario, self._base), known.pace)
            return _Runs([*map(_Known, known.months)], plain)
        compiled = compile_under(scenario, self._base, self._under)
        awaiting = {n: Awaiting(partial(compiled.pop, n)) for n in [*compiled]}
        each = [
            Unfolding(trunk, awaiting[self._set_of(chunk)])
            for chunk, trunk in zip(self._chunks, self._trunks, strict=True)
        ]
        return _Runs(each, awaiting[AS_SET])

    def _keep(self, scenario: Scenario, result: "_Result") -> None:
        """Keep a result as that asked last, and let go of those asked the longest ago."""
        self._results.pop(name := _content(scenario), None)
        self._results[name] = result
        while self._results and self._remembered > self._memory // 2:
            self._results.pop(next(iter(self._results)))

    def _set_of(self, chunk: Members) -> int:
        return int(self._numbers[chunk[0]])

    def _gathered(
        self, spec: RunSpec, program: Program, months: list[list[Months]]
    ) -> tuple[list[Program], Gathered]:
        """Put months, by scenario and chunk of members, in their place, with what labels them."""
        programs = [replace(program, name=scenario.name) for scenario in spec.scenarios]
        gathered = Gathered(len(programs), self._numbers)
        for chunk, runs in zip(self._chunks, zip(*months, strict=True), strict=True):
            gathered.put(chunk, runs)
        return programs, gathered


@dataclass(frozen=True)
class Closed:
    """Months of a run that have closed.

    Attributes
    ----------
    count, of
        How many, and of how many.
    labelled
        Labels them, given how.
    """

    count: int
    of: int
    labelled: Callable[[Labelling], xr.Dataset]

    def result(self) -> xr.Dataset:
        """Return these months as `Session.run` does, to the byte, without beliefs and paces.

        Those are told of whole runs: in months to come people may await something else.
        """
        return self.labelled(label)

    def numbers(self) -> xr.Dataset:
        """Return the same without what is told beside, which takes longer."""
        return self.labelled(label_numbers)


def _joined(months: Sequence[Months]) -> Months:
    """Put months, one after the other, together."""
    return {name: np.concatenate([one[name] for one in months], axis=1) for name in months[0]}


class _Result(NamedTuple):
    """What is remembered of a changed scenario: its months, by chunk of members, and its pace.

    The pace is not there where members hold sets and nobody was told of the scenario as set.
    """

    months: list[Months]
    pace: Pacing | None

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        months = sum(array.nbytes for own in self.months for array in own.values())
        return months + (self.pace.nbytes if self.pace else 0)


class _Known:
    """A run that was made before."""

    def __init__(self, months: Months) -> None:
        self._months = months

    def months(self) -> Months:
        """Return the recorded months."""
        return self._months

    def month(self, number: int, _end: int) -> Months:
        """Return one of them."""
        return {name: array[:, number : number + 1] for name, array in self._months.items()}


class _Runs(NamedTuple):
    """The runs of a changed scenario, one for each chunk of members, and the scenario as set."""

    each: Sequence[Unfolding | _Known]
    plain: Awaiting

    def result(self) -> _Result:
        """Run them to the end."""
        return _Result([run.months() for run in self.each], self.plain.known_pace)


def _content(scenario: Scenario) -> str:
    """Digest of what a scenario says, whatever it is called."""
    return scenario.named("").digest()


def _starts(dates: NDArray[np.datetime64], unit: str) -> list[int]:
    """Numbers of the days on which a month, or another unit of time, begins within the run."""
    period = dates.astype(f"datetime64[{unit}]")
    return (np.flatnonzero(period[1:] != period[:-1]) + 1).tolist()


def _marks(program: Program, most: int) -> list[int]:
    """Days whose states are kept: the starts of months, or of every few so as to be few enough."""
    starts = _starts(program.dates, "M")
    return starts[:: -(-len(starts) // most)] if most > 0 else []


def _periods(program: Program) -> list[tuple[int, int]]:
    """First day of each recorded month or day, and the first day after it."""
    recorded = program.dates[program.recorded :]
    starts = [0, *_starts(recorded, program.record[0].upper()), len(recorded)]
    return [(program.recorded + a, program.recorded + b) for a, b in pairwise(starts)]


def _until(program: Program, end: int) -> Program:
    """Return what labels the recorded days of a program before a day."""
    days = slice(program.recorded, end)
    return replace(program, dates=program.dates[days], recorded=0, segment=program.segment[days])
