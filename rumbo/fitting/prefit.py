"""The start of a fit: levels and paths at which one expected run meets the record.

Round by round, each is moved by what its own figures lack: the log of what was counted over what
was simulated. It costs a run a round, shows at once which figures contradict each other, and leaves
the smoother little to move. All that it sets is counted among the unknowns of the fit.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from rumbo.fitting.problem import CorridorProblem, run_counts
from rumbo.fitting.record import (
    APPOINTMENTS,
    AREAS,
    ASYLUM,
    DEATHS,
    QUARTER,
    QUEUE,
    RETURNS,
    WAITING,
)
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.calendar import resolve
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import GATES, ZONES
from rumbo.scenario.settings import Setting, level_of
from rumbo.scenario.targets import STOPS

ROUNDS = 30
"""Rounds: by then logs move by a hundredth or less."""

DAMPING = 0.6
"""Share of what is lacking that a round makes up for; more swings round the figures."""

FEW = 5.0
"""Added to counts before logs are taken: those of a few people say little."""

HALF = 6
"""Months that the chance of being stopped in a state is taken to hold for."""

FARTHEST = 4.0
"""Furthest that the log of a factor is moved; an odds of fifty."""

KEEP = {"cross": 0.97, "request": 0.97}
"""Share of a path that is kept a round: what entries can explain, they should."""

MISSED = (-0.1, 0.8)
"""Log of how many enter for each whom a register counts: it misses some and counts few twice."""

LATER = (0.4, 0.6)
"""Shares of those who enter in a month that are met at its end in that month and in the next."""

SEEN_BY = {"stop": STOPS, "deport": RETURNS}
"""Families of which the own figures tell all."""

Step = tuple[int, int]
"""First month of a step, and first one after it."""


def prefit(
    problem: CorridorProblem, *, rounds: int = ROUNDS, progress: Progress | None = None
) -> Posterior:
    """Find where expected runs meet the record.

    Parameters
    ----------
    problem
        The fit.
    rounds
        Rounds, each a run.
    progress
        Called after every round.

    Returns
    -------
    Posterior
        One draw, with the levels that were found.
    """
    state = _State(problem)
    for turn in range(rounds):
        state.move()
        if progress:
            progress(turn + 1, rounds)
    return state.centre()


class _State:
    """Levels and paths as they are so far."""

    def __init__(self, problem: CorridorProblem) -> None:
        self.problem = problem
        shapes = problem.layout.shapes
        self.parts = {name: np.zeros((1, *shape)) for name, shape in shapes.items()}
        self.levels = {name: 0.0 for name in _levels(problem)}
        self.targets = _targets(problem)

    def centre(self) -> Posterior:
        """Return what was found."""
        plain = self.problem.posterior(self.problem.layout.pack(self.parts))
        settings = tuple(_setting(self.problem, *one) for one in self.levels.items())
        return replace(plain, values={}, levels=settings)

    def move(self) -> None:
        """Run once, and move everything by what its figures lack."""
        seen = _Lacking(self.problem, self.targets, run_counts(self.problem, self.centre()))
        for name, more in _paths(self.problem, seen):
            part = self.parts[name][0]
            part[:] = np.clip(KEEP.get(name, 1.0) * part + DAMPING * more, -FARTHEST, FARTHEST)
        registered = sorted(self.problem.record.registered)
        entry = self.parts["entry"][0]
        entry[:, registered] = np.clip(entry[:, registered], *MISSED)
        for level in self.levels:
            moved = self.levels[level] + DAMPING * _level_gap(self.problem, seen, level)
            self.levels[level] = float(np.clip(moved, -FARTHEST, FARTHEST))


def _targets(problem: CorridorProblem) -> dict[str, Array]:
    """Counts of single months by view; shape (T, N + 1), everybody last, NaN where unknown."""
    seen, size = problem.observations, (len(problem.months), len(problem.nationalities) + 1)
    tables = {view: np.full(size, np.nan) for view in problem.record.views}
    for view, table in tables.items():
        mine = (seen.view == view) & (seen.month == seen.last)
        table[seen.month[mine], seen.group[mine]] = np.expm1(seen.value[mine])
    return tables


class _Lacking:
    """What figures lack: logs of what was counted over what was simulated."""

    def __init__(
        self, problem: CorridorProblem, targets: dict[str, Array], counts: dict[str, Array]
    ) -> None:
        self._problem, self._targets = problem, targets
        self._counts = {view: self._with_everybody(one[0]) for view, one in counts.items()}

    def _with_everybody(self, counts: Array) -> Array:
        """Add everybody to counts (T, N) or (T, 1); shape (T, N + 1), NaN where not told apart."""
        table = np.full((len(counts), self._width), np.nan)
        if counts.shape[1] == self._width - 1:
            table[:, :-1] = counts
        table[:, -1] = counts.sum(axis=1)
        return table

    def has(self, *views: str) -> bool:
        """Whether there are figures of all of these."""
        return all(view in self._targets for view in views)

    def pair(self, *views: str) -> tuple[Array, Array]:
        """Counted and simulated in some views together; shape (T, N + 1), NaN where unknown."""
        counted = np.sum([self._targets[view] for view in views], axis=0)
        simulated = np.sum([self._counts[view] for view in views], axis=0)
        return counted, np.where(np.isnan(counted), np.nan, simulated)

    def by_step(self, holds: int, *views: str) -> Array:
        """What is lacking in each step of some months; shape (K, N + 1), 0 where unknown."""
        if not self.has(*views):
            return np.zeros((-(-len(self._problem.months) // holds), self._width))
        pairs = [_in_steps(one, holds) for one in self.pair(*views)]
        return np.asarray(np.nan_to_num(np.log((pairs[0] + FEW) / (pairs[1] + FEW))))

    @property
    def _width(self) -> int:
        return len(self._problem.nationalities) + 1

    def everybody(self, view: str, months: Step) -> float:
        """What is lacking of everybody in some months together, spans within them included."""
        seen, totals = self._problem.observations, self._counts[view][:, -1]
        counted = simulated = 0.0
        for i in _within(self._problem, view, months):
            counted += float(np.expm1(seen.value[i]))
            simulated += float(totals[seen.month[i] : seen.last[i] + 1].sum())
        return float(np.log((counted + 1.0) / (simulated + 1.0)))

    def queue(self) -> Array:
        """What the queue lacks in each quarter, in between on a straight line; shape (K,)."""
        quarters = -(-len(self._problem.months) // QUARTER)
        if not self.has(QUEUE):
            return np.zeros(quarters)
        counted, simulated = (one[:, -1] for one in self.pair(QUEUE))
        at = np.flatnonzero(~np.isnan(counted))
        gap = np.log((counted[at] + FEW) / (simulated[at] + FEW))
        return np.asarray(np.interp(np.arange(quarters) * QUARTER + 1.0, at, gap))

    def _at_gates(self) -> tuple[Array, Array, Array]:
        """Counted at gates, simulated appointments, and those counted where they were; (T, N + 1).

        Where appointments were not counted, people at gates less those simulated without one.
        """
        gates, appointments = self._targets[GATES], self._counts[APPOINTMENTS]
        others = np.maximum(self._counts[GATES] - appointments, 0.0)
        known = self._targets[APPOINTMENTS]
        return gates, appointments, np.where(np.isnan(known), np.maximum(gates - others, 0), known)

    def mix_of_appointments(self) -> Array:
        """What each nationality's share of appointments lacks in each quarter; shape (K, N)."""
        _, simulated, counted = self._at_gates()
        known = ~np.isnan(counted)
        both = [_in_steps(np.where(known, one, np.nan), QUARTER) for one in (counted, simulated)]
        gap = np.log((both[0] + FEW) / (both[1] + FEW))
        return np.asarray(np.nan_to_num(gap[:, :-1] - gap[:, -1:]))

    def presenting(self) -> Array:
        """What those at gates without appointment lack in each quarter; shape (K,)."""
        gates, simulated, counted = (one[:, -1] for one in self._at_gates())
        known = self._targets[APPOINTMENTS][:, -1]
        without = gates - np.where(np.isnan(known), simulated, counted)
        others = self._counts[GATES][:, -1] - simulated
        pair = (np.maximum(without, 0.0), np.where(np.isnan(without), np.nan, others))
        sums = [_in_steps(one, QUARTER) for one in pair]
        return np.asarray(np.nan_to_num(np.log((sums[0] + FEW) / (sums[1] + FEW))))

    def share(self, zone: str, months: Step) -> float:
        """What a zone's share of all zones lacks in some months."""
        return self.everybody(f"{ZONES}{AREAS}:{zone}", months) - self.everybody(ZONES, months)


def _within(problem: CorridorProblem, view: str, months: Step) -> Index:
    """Numbers of the figures of a view, of everybody, whose middle lies within some months."""
    seen = problem.observations
    middle = (seen.month + seen.last) / 2
    mine = (seen.view == view) & (seen.group == -1)
    return np.flatnonzero(mine & (months[0] <= middle) & (middle < months[1]))


def _in_steps(table: Array, holds: int) -> Array:
    """Sum months (T, ...) by steps (K, ...); NaN where nothing is known."""
    first = np.arange(0, len(table), holds)
    known = np.add.reduceat(~np.isnan(table), first, axis=0)
    sums = np.add.reduceat(np.nan_to_num(table), first, axis=0)
    return np.where(known > 0, sums, np.nan)


def _paths(problem: CorridorProblem, seen: _Lacking) -> Iterator[tuple[str, Array]]:
    """Go through paths and how much more each should be."""
    for path in PATHS:
        family = path.name.removesuffix("_all")
        if family in SEEN_BY:
            gap = seen.by_step(path.holds, SEEN_BY[family]) / 2.0
            yield path.name, gap[:, :-1] if path.by_group else gap[:, -1]
    border = seen.by_step(1, *(view for view in (ZONES, GATES) if seen.has(view)))
    later = np.concatenate([border[1:], border[-1:]])
    entry = (LATER[0] * border + LATER[1] * later)[:, :-1]
    for group in problem.record.registered:
        entry[:, group] = entry[:, group].mean()
    yield "entry", entry
    yield "cross", seen.by_step(QUARTER, ZONES)[:, :-1] / 2.0
    if seen.has(GATES) and seen.has(APPOINTMENTS):
        yield "request", seen.mix_of_appointments() + seen.queue()[:, None]
        yield "present_all", seen.presenting()


Level = tuple[str, str, int, int]
"""Parameter, where it is set, and the step: its first month and the first one after."""


def _levels(problem: CorridorProblem) -> Iterator[Level]:
    """Go through the levels that figures tell of."""
    for view in problem.record.views:
        kind, _, label = view.partition(":")
        if kind == ASYLUM:
            yield from (("asylum.apply", "", *step) for step in _steps(problem, view, QUARTER))
        if kind == STOPS + AREAS:
            steps = _steps(problem, view, HALF)
            yield from (("checkpoint.chance", f"admin1:{label}", *step) for step in steps)
        if kind == WAITING:
            yield from (("stay.days", label, *step) for step in _steps(problem, view, HALF))
        if kind == ZONES + AREAS:
            steps = _steps(problem, view, QUARTER)
            yield from (("zone.reach", place, *step) for place in _zones(problem, label)
                        for step in steps)  # fmt: skip
        if kind == DEATHS:
            yield from ((*harm, 0, len(problem.months)) for harm in _harms(problem, label))


def _steps(problem: CorridorProblem, view: str, holds: int) -> list[Step]:
    """Steps of months that a view has figures of, each up to the next one, over all months."""
    every = range(0, len(problem.months), holds)
    starts = [a for a in every if len(_within(problem, view, (a, a + holds)))]
    ends = [*starts[1:], len(problem.months)]
    return [(0 if a == starts[0] else a, b) for a, b in zip(starts, ends, strict=True)]


def _zones(problem: CorridorProblem, area: str) -> list[str]:
    places = problem.scenario.network.places
    return list(places["id"][(places["kind"] == "destination_zone") & (places["zone"] == area)])


def _harms(problem: CorridorProblem, region: str) -> Iterator[tuple[str, str]]:
    """Go through the death rates of a region, and where they are set."""
    roles, network = problem.scenario.roles, problem.scenario.network
    number = list(roles.regions).index(region)
    if number == roles.crossing_region:
        yield "harm.crossing", ""
        return
    for country in dict.fromkeys(network.places["country"]):
        if roles.region_of(country) == number:
            yield "harm.stay", f"country:{country}"
    country_of = dict(zip(network.places["id"], network.places["country"], strict=True))
    deadly = resolve(problem.scenario, "harm.passage", problem.scenario.start) > 0.0
    for link, start in zip(network.links["id"][deadly], network.links["from"][deadly], strict=True):
        if roles.region_of(country_of[start]) == number:
            yield "harm.passage", link


def _level_gap(problem: CorridorProblem, seen: _Lacking, level: Level) -> float:
    """How much more a level should be."""
    parameter, at, first, end = level
    if parameter == "asylum.apply":
        return seen.everybody(ASYLUM, (first, end))
    if parameter == "checkpoint.chance":
        return seen.everybody(f"{STOPS}{AREAS}:{at.partition(':')[2]}", (first, end))
    if parameter == "stay.days":
        return seen.everybody(f"{WAITING}:{at}", (first, end))
    if parameter == "zone.reach":
        places = problem.scenario.network.places
        return seen.share(str(places["zone"][places["id"] == at].iloc[0]), (first, end))
    return seen.everybody(f"{DEATHS}:{_region_of(problem, level)}", (first, end))


def _region_of(problem: CorridorProblem, level: Level) -> str:
    regions = list(problem.scenario.roles.regions)
    return next(region for region in regions if level[:2] in _harms(problem, region))


def _setting(problem: CorridorProblem, level: Level, moved: float) -> Setting:
    """Return a level as a setting: the first one holds before the fit, the last one after it."""
    parameter, at, first, end = level
    months = problem.months
    since = None if first == 0 else f"{months[first]}-01"
    until = None if end == len(months) else f"{months[end]}-01"
    if parameter != "zone.reach":
        return level_of(parameter, at, "", since, until, "multiply", float(np.exp(moved)))
    place = problem.scenario.network.places["id"].tolist().index(at)
    day = pd.Timestamp(f"{months[(first + end) // 2]}-01").date()
    start = float(resolve(problem.scenario, parameter, day)[place])
    return level_of(parameter, at, "", since, until, "set", start + moved)
