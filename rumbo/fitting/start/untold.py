"""How unsure it is what no figures tell of: as far off as other assumptions proved to be.

A fit that does not see a family of figures leaves the paths and levels that these told of where
they were assumed. How wrong an assumption may be the other figures say: the start of the fit moved
each path and level that they tell of, and those that they do not tell of may be as far off. So the
width follows from what the fit sees, and from nothing of the family that is left out.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rumbo.fitting.paths import PATHS, TOLD_BY, Path
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.start.levels import Level, before_the_fit, levels_of, most_of, span_of
from rumbo.scenario.arrays import Array, Flags
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import TRANSIT
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.added import with_rows
from rumbo.scenario.values.fitted import FAMILIES
from rumbo.scenario.values.levels import level_of
from rumbo.scenario.values.ranges import Z90

UNSURE = "level"
"""Names, with a number, what brings the range of a level that no figures tell of."""


HALVES = frozenset(
    one.name
    for one in PATHS
    if {one.name.removesuffix("_all"), f"{one.name.removesuffix('_all')}_all"}
    <= {other.name for other in PATHS}
)
"""Paths of families that have both one for all and one for each nationality."""


class Moves(NamedTuple):
    """How far figures moved what was assumed, as root mean squares of logs.

    Attributes
    ----------
    common, own
        Of paths in a month: what all nationalities have in common, and what each has besides.
    keep
        Correlation of a path from a month to the next.
    level
        Of levels.
    """

    common: float
    own: float
    keep: float
    level: float


def untold_paths(problem: CorridorProblem) -> dict[str, Flags]:
    """Return the paths that the figures left out told of, and of which nationalities.

    Parameters
    ----------
    problem
        The fit.

    Returns
    -------
    dict of str to numpy.ndarray
        By name, shapes (N,); registers tell of those alone whom they count.
    """
    every = np.ones(len(problem.nationalities), dtype=np.bool_)
    mine = np.isin(np.arange(len(every)), [*problem.record.unregistered])
    names = [(name, kind) for kind in sorted(problem.left) for name in TOLD_BY.get(kind, ())]
    untold = {name: np.zeros_like(every) for name, _ in names}
    for name, kind in names:
        untold[name] |= mine if kind == TRANSIT else every
    return untold


def moves_of(problem: CorridorProblem) -> Moves | None:
    """Measure how far figures moved what was assumed, each kind of assumption once.

    Parameters
    ----------
    problem
        The fit, around its centre.

    Returns
    -------
    Moves or None
        None where figures of all families are seen, or nothing is known of a centre.
    """
    if not problem.left or problem.centre is None:
        return None
    paths = [*_told(problem)]
    common = [path.mean(axis=1) for path in paths]
    own = [path - mean[:, None] for path, mean in zip(paths, common, strict=True)]
    return Moves(_rms(common), _rms(own), _keep(paths), _rms([*_logs_of(problem.centre)]))


def _told(problem: CorridorProblem) -> Iterator[Array]:
    """Go through the paths at the centre of the nationalities that figures tell of; (T, N)."""
    untold = untold_paths(problem)
    for family in FAMILIES:
        masks = [mask for name, mask in untold.items() if name.removesuffix("_all") == family]
        told = ~np.any(masks, axis=0) if masks else np.ones(len(problem.nationalities), np.bool_)
        if told.any():
            yield problem.middle[family][:, told]


def _keep(paths: list[Array]) -> float:
    """Return the correlation of paths about 0 from a month to the next; 0 where none moved."""
    kept = sum(float(np.mean(path[1:] * path[:-1])) for path in paths)
    every = sum(float(np.mean(path**2)) for path in paths)
    return float(np.clip(kept / every, 0.0, 1.0)) if every else 0.0


def _rms(kinds: list[Array]) -> float:
    """Root of the mean over kinds of their mean squares."""
    return float(np.sqrt(np.mean([np.mean(one**2) for one in kinds]))) if kinds else 0.0


def _logs_of(centre: Posterior) -> Iterator[Array]:
    """Go through the logs of factors on levels, parameter by parameter."""
    rows = [one for one in centre.levels if one.operation == "multiply"]
    for name in dict.fromkeys(one.parameter for one in rows):
        yield np.log([one.value for one in rows if one.parameter == name])


def untold_path(path: Path, moves: Moves) -> Path:
    """Return a path that no figures tell of: as wide in every month, and as steady, as others were.

    Parameters
    ----------
    path
        As it is where figures tell of it; it is made no narrower.
    moves
        What the other figures moved.

    Returns
    -------
    Path
    """
    whole = float(np.hypot(moves.common, moves.own))
    part = moves.own if path.by_group else moves.common
    wide = max(part if path.name in HALVES else whole, path.start)
    keep = moves.keep**path.holds
    return path._replace(start=wide, step=wide * np.sqrt(1.0 - keep**2), keep=keep)


def unsure(problem: CorridorProblem) -> CorridorProblem:
    """Give each level that figures left out told of a range of its own.

    Parameters
    ----------
    problem
        The fit, around its centre.

    Returns
    -------
    CorridorProblem
        The same where nothing is left out.
    """
    moves = moves_of(problem)
    if moves is None:
        return problem
    whole = replace(problem, left=frozenset(), centre=None)
    seen = set(levels_of(problem))
    left = [one for one in levels_of(whole) if one not in seen]
    rows = [_ranged(problem, level, n, moves.level) for n, level in enumerate(left)]
    return replace(problem, scenario=with_rows(problem.scenario, rows))


def _ranged(problem: CorridorProblem, level: Level, number: int, wide: float) -> Setting:
    """Return a level as it was assumed, with the range that an assumption has."""
    parameter, at, *_ = level
    factor = parameter != "zone.reach"
    value = 1.0 if factor else before_the_fit(problem, level)
    low, high = most_of(level, np.inf)
    ways = max(-Z90 * wide, low), min(Z90 * wide, high)
    ends = [value * np.exp(way) if factor else value + way for way in ways]
    operation = "multiply" if factor else "set"
    row = level_of(parameter, at, "", *span_of(problem, level), operation, value)
    return row._replace(low=ends[0], high=ends[1], lever=f"{UNSURE}-{number}")
