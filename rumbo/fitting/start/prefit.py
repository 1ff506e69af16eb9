"""The start of a fit: levels and paths at which one expected run meets the record.

Round by round, each is moved by what its own figures lack: the log of what was counted over what
was simulated. It costs a run a round, shows at once which figures contradict each other, and leaves
the smoother little to move. All that it sets is counted among the unknowns of the fit.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rumbo.fitting.paths import ASKED, PATHS, TOLD_BY
from rumbo.fitting.problem import CorridorProblem, run_counts
from rumbo.fitting.record import APPOINTMENTS, RETURNS
from rumbo.fitting.start.lacking import Lacking, targets_of
from rumbo.fitting.start.levels import lacking_of, levels_of, most_of, setting_of
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Flags
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import GATES, TRANSIT, ZONES
from rumbo.scenario.targets import STOPS

ROUNDS = 30
"""Rounds: by then logs move by a hundredth or less."""

DAMPING = 0.8
"""Share of what is lacking that a round makes up for; more swings round the figures."""

FARTHEST = 4.0
"""Furthest that the log of a factor is moved; an odds of fifty."""

NEAR = 0.98
"""Share of a level that is kept a round: where more stops drive all to other ways, more would only
lose people."""

KEEP = {"cross": 0.97, "request": 0.97}
"""Share of a path that is kept a round: what entries can explain, they should."""

LOOSE = 0.15
"""How far entries of a month may lie from the register's, beside what it misses of all months."""

SMOOTH = 0.05
"""Share of what entries of a month differ from those beside it by that a round takes away."""

MISSED = (0.0, 1.0)
"""Log of how many enter for each whom a register counts: it misses some and counts few twice."""

LATER = (0.4, 0.6)
"""Shares of those who enter in a month that are met at its end in that month and in the next."""

SEEN_BY = {"stop": STOPS, "deport": RETURNS}
"""Families of which the own figures tell all."""


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
        self.levels = {name: 0.0 for name in levels_of(problem)}
        self.targets = targets_of(problem)

    def centre(self) -> Posterior:
        """Return what was found."""
        plain = self.problem.posterior(self.problem.layout.pack(self.parts))
        settings = tuple(setting_of(self.problem, *one) for one in self.levels.items())
        return replace(plain, values={}, levels=settings)

    def move(self) -> None:
        """Run once, and move everything by what its figures lack."""
        seen = Lacking(self.problem, self.targets, run_counts(self.problem, self.centre()))
        before = self.parts["entry"][0].mean(axis=0)
        for name, more in _paths(seen):
            part = self.parts[name][0]
            if name in TOLD_BY[TRANSIT]:
                # Without the register of those who enter, what they do is not told apart from how
                # many they are: all of it stays as assumed, and the smoother moves it together.
                more[:, [*self.problem.record.unregistered]] = 0.0
            part[:] = np.clip(KEEP.get(name, 1.0) * part + DAMPING * more, -FARTHEST, FARTHEST)
        self._carry(seen)
        self._hold_entries(before, seen)
        for level in self.levels:
            gap = lacking_of(self.problem, seen, level)
            moved = NEAR * self.levels[level] + DAMPING * gap
            self.levels[level] = float(np.clip(moved, *most_of(level, FARTHEST)))

    def _carry(self, seen: Lacking) -> None:
        """Let paths stand where their own figures left them, in steps that these do not tell of."""
        for path in PATHS:
            view = SEEN_BY.get(path.name.removesuffix("_all"))
            if view:
                told = seen.told(path.holds, view)
                part = self.parts[path.name][0]
                part[:] = carried(part, told[:, :-1] if path.by_group else told[:, -1])

    def _hold_entries(self, before: Array, seen: Lacking) -> None:
        """Let entries change slowly, and keep those who are registered near their register."""
        entry = self.parts["entry"][0]
        beside = np.concatenate([entry[:1], entry, entry[-1:]])
        entry += SMOOTH * (beside[:-2] - 2.0 * entry + beside[2:])
        for group in self.problem.record.registered:
            alike = before[group] + seen.register(group)
            level = np.clip(entry[:, group].mean(), alike + MISSED[0], alike + MISSED[1])
            entry[:, group] = np.clip(entry[:, group], level - LOOSE, level + LOOSE)


def carried(levels: Array, told: Flags) -> Array:
    """Give steps that nothing tells of the level of the last one before, else of the first after.

    Parameters
    ----------
    levels
        Levels by step; shape (K,) or (K, N).
    told
        Whether figures tell of them; shape as levels.

    Returns
    -------
    numpy.ndarray
        Shape as levels; columns of which nothing is told stay as they are.
    """
    steps = np.arange(len(levels)).reshape(-1, *[1] * (levels.ndim - 1))
    last = np.maximum.accumulate(np.where(told, steps, -1), axis=0)
    source = np.where(last < 0, np.argmax(told, axis=0), last)
    return np.where(told.any(axis=0), np.take_along_axis(levels, source, axis=0), levels)


def _paths(seen: Lacking) -> Iterator[tuple[str, Array]]:
    """Go through paths and how much more each should be."""
    for path in PATHS:
        family = path.name.removesuffix("_all")
        if family in SEEN_BY:
            gap = seen.by_step(path.holds, SEEN_BY[family]) / 2.0
            yield path.name, gap[:, :-1] if path.by_group else gap[:, -1]
    border = seen.by_step(1, ZONES, *([GATES] if seen.has(GATES) else []))
    later = np.concatenate([border[1:], border[-1:]])
    entry = (LATER[0] * border + LATER[1] * later)[:, :-1]
    yield "entry", entry
    yield "cross", seen.by_step(1, ZONES)[:, :-1] / 2.0
    if seen.has(GATES) and seen.has(APPOINTMENTS):
        yield "request", seen.appointments(ASKED) + seen.queue(ASKED)[:, None]
        yield "present_all", seen.presenting()
