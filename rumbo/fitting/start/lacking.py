"""What figures lack: logs of what was counted over what was simulated."""

import numpy as np

from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.record import APPOINTMENTS, AREAS, QUARTER, QUEUE
from rumbo.scenario.arrays import Array, Flags, Index
from rumbo.scenario.roles import GATES, TRANSIT, ZONES

FEW = 5.0
"""Added to counts before logs are taken: those of a few people say little."""

NEARLY = 0.02
"""Log of what may lack where slots are taken to be full: months' days, and who does not come."""

Step = tuple[int, int]
"""First month of a step, and first one after it."""


def targets_of(problem: CorridorProblem) -> dict[str, Array]:
    """Counts of single months by view; shape (T, N + 1), everybody last, NaN where unknown."""
    seen, size = problem.observations, (len(problem.months), len(problem.nationalities) + 1)
    tables = {view: np.full(size, np.nan) for view in problem.record.views}
    for view, table in tables.items():
        mine = (seen.view == view) & (seen.month == seen.last)
        table[seen.month[mine], seen.group[mine]] = np.expm1(seen.value[mine])
    return tables


class Lacking:
    """What figures lack after a run.

    Parameters
    ----------
    problem
        The fit.
    targets
        As from `targets_of`.
    counts
        What each view sees of one member; shape (1, T, N) or (1, T, 1).
    """

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
        if not views or not self.has(*views):
            return np.zeros((-(-len(self._problem.months) // holds), self._width))
        pairs = [_in_steps(one, holds) for one in self.pair(*views)]
        return np.asarray(np.nan_to_num(np.log((pairs[0] + FEW) / (pairs[1] + FEW))))

    def told(self, holds: int, *views: str) -> Flags:
        """Whether figures tell of each step of some months; shape (K, N + 1)."""
        steps = -(-len(self._problem.months) // holds)
        if not views or not self.has(*views):
            return np.zeros((steps, self._width), dtype=np.bool_)
        return ~np.isnan(_in_steps(self.pair(*views)[0], holds))

    @property
    def _width(self) -> int:
        return len(self._problem.nationalities) + 1

    def everybody(self, view: str, months: Step) -> float:
        """What is lacking of everybody in some months together, spans within them included."""
        seen, totals = self._problem.observations, self._counts[view][:, -1]
        counted = simulated = 0.0
        for i in within(self._problem, view, months):
            counted += float(np.expm1(seen.value[i]))
            simulated += float(totals[seen.month[i] : seen.last[i] + 1].sum())
        return float(np.log((counted + 1.0) / (simulated + 1.0)))

    def register(self, group: int) -> float:
        """What entries of a nationality lack to be those that a register counted."""
        counted, entered = (one[:, group] for one in self.pair(TRANSIT))
        return float(np.log((np.nansum(counted) + FEW) / (np.nansum(entered) + FEW)))

    def queue(self, holds: int) -> Array:
        """What the queue lacks in each step of some months, on a straight line; shape (K,)."""
        steps = -(-len(self._problem.months) // holds)
        if not self.has(QUEUE):
            return np.zeros(steps)
        counted, simulated = (one[:, -1] for one in self.pair(QUEUE))
        at = np.flatnonzero(~np.isnan(counted))
        gap = np.log((counted[at] + FEW) / (simulated[at] + FEW))
        return np.asarray(np.interp(np.arange(steps) * holds + (holds - 1) / 2.0, at, gap))

    def _at_gates(self) -> tuple[Array, Array, Array]:
        """Counted at gates, simulated appointments, and those counted where they were; (T, N + 1).

        Where appointments were not counted, people at gates less those simulated without one.
        """
        gates, appointments = self._targets[GATES], self._counts[APPOINTMENTS]
        others = np.maximum(self._counts[GATES] - appointments, 0.0)
        known = self._targets[APPOINTMENTS]
        return gates, appointments, np.where(np.isnan(known), np.maximum(gates - others, 0), known)

    def appointments(self, holds: int) -> Array:
        """What each nationality's share of appointments lacks in each step; shape (K, N).

        More ask, of all, where slots stay empty; where they are full, the queue tells how many.
        """
        _, simulated, counted = self._at_gates()
        known = ~np.isnan(counted)
        both = [_in_steps(np.where(known, one, np.nan), holds) for one in (counted, simulated)]
        gap = np.log((both[0] + FEW) / (both[1] + FEW))
        of_month = np.nan_to_num(np.log((counted[:, -1] + FEW) / (simulated[:, -1] + FEW)))
        first = np.arange(0, len(of_month), holds)
        empty = np.maximum.reduceat(np.maximum(of_month - NEARLY, 0.0), first)
        return np.asarray(np.nan_to_num(gap[:, :-1] - gap[:, -1:] + empty[:, None]))

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


def within(problem: CorridorProblem, view: str, months: Step) -> Index:
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
