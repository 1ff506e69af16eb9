"""What is taken to be possible before any figure is seen: the ensemble that a fit starts from."""

import numpy as np

from rumbo.fitting.paths import PATHS, Path, draw_paths
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.start.untold import moves_of, untold_path, untold_paths
from rumbo.scenario.arrays import Array


def draw_prior(problem: CorridorProblem, members: int, seed: int) -> Array:
    """Draw unknowns before any figure is seen.

    Parameters
    ----------
    problem
        The fit, around its centre.
    members
        Number of members R.
    seed
        Names their luck.

    Returns
    -------
    numpy.ndarray
        Shape (N, R). Paths that no figures tell of scatter as `rumbo.fitting.start.untold` says.
    """
    rng = np.random.default_rng((seed, 2))
    moves, untold = moves_of(problem), untold_paths(problem)
    drawn: dict[str, Array] = {}
    for path in PATHS:
        drawn[path.name] = _drawn(rng, problem, path, members)
        if moves and path.name in untold:
            wide = _drawn(rng, problem, untold_path(path, moves), members)
            mine = untold[path.name] if path.by_group else np.ones(1, dtype=np.bool_)
            drawn[path.name] = np.where(mine, wide, drawn[path.name])
    drawn["values"] = rng.standard_normal((members, len(problem.ranged)))
    return problem.layout.pack(drawn)


def _drawn(rng: np.random.Generator, problem: CorridorProblem, path: Path, members: int) -> Array:
    """Draw one path; shape (R, K) or (R, K, N)."""
    size, groups = len(problem.knots(path)), len(problem.nationalities)
    widths = {path.name: np.array([path.start, *[path.step] * (size - 1)])}
    return draw_paths(rng, (path,), members, size, groups, widths, size)[path.name]
