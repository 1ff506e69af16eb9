"""How much each kind of members counts, by how well it tells the figures."""

import numpy as np
from scipy.special import logsumexp

from rumbo.fitting.ensemble.smoother import FEWEST, Evidence
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.values.sets import SETS

ROUNDS = 1_000
"""Steps towards the best weights; after these they are settled to a thousandth."""


def sets_of(members: int) -> Index:
    """Return the set of drawn values that each member of an ensemble is run under; shape (R,)."""
    return np.arange(members) % SETS


def weigh(predicted: Array, evidence: Evidence, kinds: Index, series: Index) -> Array:
    """Weigh kinds so that their mixture tells the series of figures best.

    What tells kinds apart is no unknown, so no smoother moves it; where all members of a kind are
    far from a figure, only leaving the kind out helps. Stacking of predictive distributions (Yao,
    Vehtari, Simpson and Gelman 2018): the weights of the largest sum of the log of the mixture's
    density, by expectation and maximisation. A series speaks once, by the mean over its months:
    these follow one path that was fitted to them, and are no separate witnesses. One series more
    speaks for each kind (a Dirichlet prior of 2), so that few leave kinds nearly alike. A kind that
    alone tells some series well keeps a weight, as one of the better all round does; none of them
    need be true.

    Parameters
    ----------
    predicted
        What members predict; shape (D, R).
    evidence
        The figures, with the scatter of draws in their errors.
    kinds
        Number of each member's kind; shape (R,).
    series
        Number of each figure's series; shape (D,).

    Returns
    -------
    numpy.ndarray
        Weights with the sum 1, all alike where a kind has too few members to be known by;
        shape (K,).
    """
    many = int(kinds.max()) + 1
    weights = np.full(many, 1.0 / many)
    if np.bincount(kinds).min() < FEWEST:
        return weights
    told = np.stack([_log_density(predicted[:, kinds == k], evidence) for k in range(many)], axis=1)
    length = np.bincount(series)
    told = np.stack([np.bincount(series, own) / length for own in told.T], axis=1)
    # Densities relative to the best kind's of each series, floored so that the mixture never is 0.
    density = np.maximum(np.exp(told - told.max(axis=1, keepdims=True)), 1e-300)
    for _ in range(ROUNDS):
        share = density * weights
        spoken = (share / share.sum(axis=1, keepdims=True)).sum(axis=0) + 1.0
        weights = spoken / spoken.sum()
    return np.asarray(weights)


def _log_density(predicted: Array, evidence: Evidence) -> Array:
    """Log density of each figure under the mean of members' normal errors, less constants; (D,)."""
    z = (predicted - evidence.value[:, None]) / evidence.sd[:, None]
    return np.asarray(logsumexp(-0.5 * z**2, axis=1) - np.log(predicted.shape[1]))
