"""What is taken to be possible before any figure is seen: the ensemble that a fit starts from."""

import numpy as np

from rumbo.fitting.paths import PATHS, draw_paths
from rumbo.fitting.problem import CorridorProblem
from rumbo.fitting.start.untold import moves_of, untold_path
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
    rng, groups = np.random.default_rng((seed, 2)), len(problem.nationalities)
    drawn: dict[str, Array] = {}
    moves = moves_of(problem)
    for path in PATHS:
        one = untold_path(path, moves) if moves and path.name in problem.untold else path
        size = len(problem.knots(path))
        widths = {path.name: np.array([one.start, *[one.step] * (size - 1)])}
        drawn |= draw_paths(rng, (one,), members, size, groups, widths, size)
    drawn["values"] = rng.standard_normal((members, len(problem.ranged)))
    return problem.layout.pack(drawn)
