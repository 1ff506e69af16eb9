"""Scenarios compiled under drawn sets of values, and which set each member holds.

See `rumbo.scenario.values.sets`. Members that run side by side share a table of rates, so they hold
the same set.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain, groupby
from threading import Lock

import numpy as np

from rumbo.engine.arrays import Index
from rumbo.engine.draws import keys, uniforms
from rumbo.model.minds.outlook import learns
from rumbo.model.minds.world import Reckonings
from rumbo.model.rules import Rule
from rumbo.run.program import Compiled, Program, compile_beside, compile_even, paced
from rumbo.run.result import Months
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Job, Members, Task
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting
from rumbo.scenario.tree.doubts import content_at, moving_beliefs, ranged_beliefs
from rumbo.scenario.tree.outcomes import each_outcome, outcomes_of
from rumbo.scenario.values.held import Places, hold, off_bound, ranged
from rumbo.scenario.values.sets import AS_SET, SETS, standing

Pairs = Sequence[tuple[str, str]]
"""(parameter, lever) of values that are drawn together."""

TaskOf = Callable[[list[Program]], Task]
"""Makes of programs, one a scenario, what runs a chunk of members."""


class Sets:
    """The scenarios of a run, compiled as they are set and, when asked for, under drawn sets.

    Parameters
    ----------
    spec
        What was asked.
    beside
        A scenario already compiled, from which the others take over what they have in common.

    Attributes
    ----------
    even
        The scenarios as set, as if nobody believed anything: without paces, and without caravans
        that follow from them. Who runs none of their members needs no more, and is spared half of
        the time.
    numbers
        Set that each member holds, `AS_SET` for none; shape (R,).
    """

    def __init__(self, spec: RunSpec, beside: Compiled | None = None) -> None:
        self._base = compile_even(spec.scenarios[0], beside)
        self._every = [self._base, *(compile_even(one, self._base) for one in spec.scenarios[1:])]
        self.even = [one.program for one in self._every]
        self.numbers = numbers_of(spec, any(map(draws, self._every)))
        several = bool((self.numbers != AS_SET).any())
        self._drawn = [(one.scenario, drawn(one) if several else ()) for one in self._every]

    @cached_property
    def programs(self) -> list[Program]:
        """The scenarios as set, with what people await: worked out when somebody asks."""
        first, *others = self._every
        whole = [paced(first, first.outlook()).program]
        for one in others:  # whose rates are those of the first await what they do there
            alike = replace(one, known=Reckonings(first.known))
            whole.append(paced(alike, alike.outlook()).program)
        return whole

    def under(self, number: int) -> list[Program]:
        """Return the programs under a set."""
        if number == AS_SET:
            return self.programs
        first, *others = (held(scenario, pairs, number) for scenario, pairs in self._drawn)
        base = compile_beside(first, self._base)
        return [base.program, *(compile_beside(one, base).program for one in others)]

    def waves(self, make: TaskOf, chunks: Sequence[Members], workers: int) -> Iterator[list[Job]]:
        """Go through chunks of members with what runs them.

        Parameters
        ----------
        make
            Makes a task of the programs of a set.
        chunks
            Numbers of members, as `chunks_of` gives them.
        workers
            Number of chunks that run at once.

        Yields
        ------
        list of tuple
            Task and members of some chunks: those of as few sets as keep every worker busy, so that
            the tables of few sets lie in memory at a time.
        """
        wave: list[Job] = []
        for number, own in groupby(chunks, lambda chunk: int(self.numbers[chunk[0]])):
            task = UnderSet(partial(self._task, make, number))
            wave += [(task, chunk) for chunk in own]
            if len(wave) >= workers:
                yield wave
                wave = []
        if wave:
            yield wave

    def _task(self, make: TaskOf, number: int) -> Task:
        return make(self.under(number))


class UnderSet:
    """What runs chunks of a set, made by the first thread that runs one, while others run.

    It travels to other processes as what it makes.

    Parameters
    ----------
    make
        Compiles the set.
    """

    def __init__(self, make: Callable[[], Task]) -> None:
        self._make = make
        self._made: Task | None = None
        self._lock = Lock()

    @property
    def task(self) -> Task:
        """What runs them."""
        with self._lock:
            self._made = self._made or self._make()
            return self._made

    def __call__(self, members: Members) -> list[Months]:
        """Run a chunk."""
        return self.task(members)

    def __reduce__(self) -> tuple[type["UnderSet"], tuple[Callable[[], Task]]]:
        """Travel made."""
        return UnderSet, (partial(_as_it_is, self.task),)


def _as_it_is(task: Task) -> Task:
    return task


def chunks_of(numbers: Index, size: int) -> list[Members]:
    """Split members into chunks of the same set.

    Parameters
    ----------
    numbers
        Set that each member holds; shape (R,).
    size
        Most members of a chunk.

    Returns
    -------
    list of tuple of int
        Numbers of the members, set by set; large chunks first, so that the last ones to be run are
        small and no worker waits long for another.
    """
    by_set: list[list[Members]] = []
    for number in np.unique(numbers):
        mine = np.flatnonzero(numbers == number)
        by_set.append([tuple(p.tolist()) for p in np.array_split(mine, -(-len(mine) // size))])
    by_set.sort(key=lambda own: -len(own[0]))
    return [*chain.from_iterable(by_set)]


def numbers_of(spec: RunSpec, several: bool) -> Index:
    """Return which set each member holds.

    Parameters
    ----------
    spec
        What was asked.
    several
        Whether a scenario has something to draw in sets.

    Returns
    -------
    numpy.ndarray
        That of its draw, where a posterior says so; without a posterior, one that is named by seed
        and member where moves are drawn. Else `AS_SET`; shape (R,).
    """
    members = np.arange(spec.size)
    if several and spec.posterior:
        return spec.posterior.set_of(members)
    if not several or not spec.stochastic:
        return np.full(spec.size, AS_SET, dtype=np.int64)
    u = uniforms(spec.luck.seed, members, keys([("set",)]))[:, 0]
    return np.minimum((u * SETS).astype(np.int64), SETS - 1)


def draws(compiled: Compiled) -> bool:
    """Whether a corridor has ranges that no factor carries; said alike of all its scenarios."""
    scenario = compiled.scenario
    content = scenario.content
    told = {(one.parameter, one.lever) for one in ranged_beliefs(content.beliefs)}
    pairs = {*ranged(content.settings)} | told
    return "shocks" in scenario.rules and not pairs <= compiled.program.noise.carried


def drawn(compiled: Compiled) -> Pairs:
    """Return what a scenario draws in sets: ranges that no factor carries and that move a value.

    Parameters
    ----------
    compiled
        The scenario as set.

    Returns
    -------
    list of tuple
        Parameter and lever, sorted, beliefs among them, and values of levers that are awaited;
        nothing where the rule of shared shocks is switched off.
    """
    scenario, off = compiled.scenario, {*unheard(compiled)}
    if "shocks" not in scenario.rules:
        return []
    left = {*ranged(scenario.settings)} - compiled.program.noise.carried
    names = sorted({name for name, _ in left} - off)
    moving = {(name, row.lever) for name in names for row in compiled.calendar.moving(name)}
    told = {(one.parameter, one.lever) for one in told_apart(compiled)}
    return sorted((left & moving) | told | _awaited(compiled, off))


def told_apart(compiled: Compiled) -> list[Setting]:
    """Return the beliefs whose range moves members: those in outcomes that people await."""
    scenario = compiled.scenario
    if not learns(scenario):
        return []
    outcomes = [one for one in each_outcome(outcomes_of(scenario.outcomes)) if one.levers]
    dates = compiled.calendar.dates
    return moving_beliefs(scenario.beliefs, outcomes, dates, scenario.selectors)


def _awaited(compiled: Compiled, off: Collection[str]) -> set[tuple[str, str]]:
    """Return values of levers that may come, in the run's days or not: branches expect the same."""
    scenario, noise = compiled.scenario, compiled.program.noise
    if not learns(scenario):
        return set()
    outcomes, settings = outcomes_of(scenario.outcomes), scenario.content.settings
    coming = {lever for one in outcomes for lever in one.levers}
    carried = {pair for pair in ranged(settings) if pair[0] in noise.read} - {*off_bound(settings)}
    pairs = {*ranged(settings)} - carried
    return {(name, lever) for name, lever in pairs if lever in coming and name not in off}


def unheard(compiled: Compiled) -> dict[str, str]:
    """Return parameters that no set may move, and why."""
    model, rules = compiled.program.model, compiled.scenario.rules
    off: list[Rule] = [rule for rule in model.rules if rule.name not in rules]
    return {
        **{name: "it shapes the network, which all members share" for name in model.fixed},
        **{
            name: f"the rule '{rule.name}' is switched off" for rule in off for name in rule.neutral
        },
    }


def held(scenario: Scenario, pairs: Pairs, number: int) -> Scenario:
    """Return a scenario under a set: its drawn values at their place in their ranges."""
    if number == AS_SET or not pairs:
        return scenario
    return held_at(scenario, {pair: float(standing(*pair)[number]) for pair in pairs})


def held_at(scenario: Scenario, places: Places) -> Scenario:
    """Return a scenario whose values and beliefs stand at places within their ranges."""
    content = content_at(scenario.content, tuple(sorted(places.items())))
    return replace(scenario, settings=hold(scenario.settings, places), content=content)


def each_under(plain: Compiled, numbers: Index) -> dict[int, Compiled]:
    """Compile a scenario under each of the sets that members hold.

    Parameters
    ----------
    plain
        The scenario as set.
    numbers
        Set that each member holds; shape (R,).

    Returns
    -------
    dict of int to Compiled
        By number of the set.
    """
    wanted = np.unique(numbers).tolist()
    pairs = () if wanted == [AS_SET] else drawn(plain)
    return {
        n: plain if n == AS_SET else compile_beside(held(plain.scenario, pairs, n), plain)
        for n in wanted
    }


def compile_under(
    scenario: Scenario, plain: Compiled, bases: Mapping[int, Compiled]
) -> dict[int, Compiled]:
    """Compile a scenario under sets, beside another that was compiled under the same.

    Parameters
    ----------
    scenario
        What to run.
    plain
        The other one, as set.
    bases
        The other one, by number of the set.

    Returns
    -------
    dict of int to Compiled
        By number of the set, and as set, each with an even pace (`rumbo.run.program.compile_even`).

    Raises
    ------
    ValueError
        If it has shared shocks and the other has none: its members could not all be as set.
    """
    own = compile_even(scenario, plain)
    if "shocks" in scenario.rules and "shocks" not in plain.scenario.rules:
        raise ValueError(f"'{scenario.name}' has the rule shocks, which its base is without")
    sets = {n: one for n, one in bases.items() if n != AS_SET}
    pairs = drawn(own) if sets else ()
    under = {n: compile_even(held(scenario, pairs, n), one) for n, one in sets.items()}
    return {AS_SET: own, **under}
