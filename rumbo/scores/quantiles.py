"""Arithmetic and scores of quantiles at the 23 probabilities; ``Q`` of them, the last axis."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PROBABILITIES: Array = np.round(
    np.concatenate([[0.01, 0.025], np.arange(1, 20) / 20.0, [0.975, 0.99]]), 3
)
"""Probabilities of the 23 quantiles of the forecast hubs (Bracher and others 2021); shape (Q,)."""

MIDDLE = len(PROBABILITIES) // 2
"""Index of the median."""

RANGE_90 = (0.05, 0.5, 0.95)
"""Probabilities of the low end, the middle and the high end of a 90 % range."""

POINTS = 100
"""Evenly likely points that stand for a distribution in the ranked probability score."""


def mix(members: Array, weights: Array) -> Array:
    """Average the quantiles of members: shapes (..., M, Q) and (M,) to (..., Q)."""
    return np.asarray(np.einsum("...mq,m->...q", members, weights))


def pool(members: Array) -> Array:
    """Return quantiles of the mixture in which each member counts alike: (..., M, Q) to (..., Q).

    The linear opinion pool (Stone 1961, Annals of Mathematical Statistics 32): where members
    disagree its ranges hold both. Between its quantiles a distribution is taken as linear, and to
    end at its outermost ones.
    """
    flat = members.reshape(-1, *members.shape[-2:])
    pooled = np.array([_pooled(cell) for cell in flat])
    return pooled.reshape(*members.shape[:-2], members.shape[-1])


def _pooled(members: Array) -> Array:
    """Pool the quantiles of one cell; shapes (M, Q) to (Q,)."""
    values = np.sort(members, axis=None)
    below = [np.interp(values, one, PROBABILITIES, left=0.0, right=1.0) for one in members]
    # Where nobody expects anything the share below stands still: it is made to rise by next to
    # nothing, so that each share has one value.
    rising = np.mean(below, axis=0) + 1e-12 * np.arange(len(values))
    return np.interp(PROBABILITIES, rising, values)


def widen(quantiles: Array, spread: float) -> Array:
    """Move quantiles away from the median, or towards it, by a factor; shape (..., Q)."""
    middle = quantiles[..., MIDDLE : MIDDLE + 1]
    return np.asarray(middle + spread * (quantiles - middle))


def ends(quantiles: Array, cover: float) -> tuple[Array, Array]:
    """Return the ends of the central range with a cover such as 0.9; shapes (...)."""
    low = int(np.argmin(np.abs(PROBABILITIES - (1.0 - cover) / 2.0)))
    return quantiles[..., low], quantiles[..., -1 - low]


def held(quantiles: Array, outcomes: Array, cover: float) -> Array:
    """Whether a central range held what came: 1 or 0, NaN where unknown; shape (...)."""
    low, high = ends(quantiles, cover)
    inside = (low <= outcomes) & (outcomes <= high)
    return np.where(np.isnan(outcomes) | np.isnan(low), np.nan, inside)


def wis(quantiles: Array, outcomes: Array) -> Array:
    """Weighted interval score of quantiles: shapes (..., Q) and (...) to (...).

    With the median among the quantiles it is twice their mean loss (Bracher and others 2021).
    """
    apart = outcomes[..., None] - quantiles
    loss = np.maximum(PROBABILITIES * apart, (PROBABILITIES - 1.0) * apart)
    return np.asarray(2.0 * loss.mean(axis=-1))


def crps(quantiles: Array, outcomes: Array) -> Array:
    """Continuous ranked probability score of quantiles: shapes (..., Q) and (...) to (...).

    Twice the mean quantile loss would be the weighted interval score over again, as the 23
    probabilities are not evenly spaced. So the score is that of 100 evenly likely points of the
    quantile function, straight between quantiles and flat beyond the outermost.
    """
    flat, seen = quantiles.reshape(-1, quantiles.shape[-1]), outcomes.ravel()
    known = np.isfinite(flat).all(axis=1) & np.isfinite(seen)
    at = (np.arange(POINTS) + 0.5) / POINTS
    scores = np.full(len(seen), np.nan)
    if known.any():
        points = np.array([np.interp(at, PROBABILITIES, row) for row in flat[known]])
        scores[known] = crps_of_points(points, seen[known])
    return scores.reshape(outcomes.shape)


def crps_of_points(points: Array, outcomes: Array) -> Array:
    """Continuous ranked probability score of evenly likely points: (..., M) and (...) to (...).

    Their quantile loss summed over all probabilities (Laio and Tamea 2007). Four lines of our own:
    the library that has them builds all its scores in every process, for some seconds.
    """
    ranked, size = np.sort(points, axis=-1), points.shape[-1]
    apart = ranked - outcomes[..., None]
    loss = apart * ((apart > 0.0) - (np.arange(size) + 0.5) / size)
    return np.asarray(2.0 * loss.mean(axis=-1))
