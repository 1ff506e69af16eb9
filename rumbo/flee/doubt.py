"""How unsure counts are, and parts that are tied to a sum which is sure."""

from dataclasses import dataclass

import numpy as np

from rumbo.scenario.arrays import Array

# Set by hand before other numbers were fitted (assumed).
MONTH = 30.0
"""Days in a month, by which drift is counted."""
REVISION_MEAN, REVISION_SD = -0.3, 0.3
"""Log factor by which a register is revised, if it is."""
TAIL = 4.0
"""Degrees of freedom of the errors of counts."""

CLOSE = 1e-6
"""Error of the log of a sum at which the search for a tilt ends; what is left is scaled away."""
ROUNDS = 60
"""Most steps of the search, far more than Newton's method needs; it stops by itself."""
TINY = 1e-12
"""Stands for a total of nobody, whose log would be endless."""


@dataclass(frozen=True, eq=False)
class Normals:
    """Standard random numbers of R members for C camps over T days.

    Attributes
    ----------
    opening
        Exponential; shape (R, C).
    share, row, revision
        Normal; shape (R, C).
    tail
        Chi-squared with `TAIL` degrees of freedom; shape (R, C).
    revised
        Uniform; shape (R, C).
    drift
        Normal; shape (R, T, C).
    """

    opening: Array
    share: Array
    row: Array
    revision: Array
    tail: Array
    revised: Array
    drift: Array


def share_sd(growth: Array, pretended: float, prior_sd: float, learned_sd: float) -> Array:
    """Return ``sqrt(s_l^2 + s_p^2 N / (N + D))``, the log sd of shares of arrivals; shape (C,).

    Parameters
    ----------
    growth
        Arrivals that counts have told of, D; shape (C,).
    pretended
        How many arrivals the prior is worth, N.
    prior_sd, learned_sd
        Log sds without counts, beyond the other, and with ample counts.
    """
    return np.sqrt(learned_sd**2 + prior_sd**2 * pretended / (pretended + growth))


def count_sd(row: float, drift: float, chance: float, age: Array) -> Array:
    """Return the log sd of counts.

    Parameters
    ----------
    row
        Log sd of a count on its day.
    drift
        Log sd that a month adds.
    chance
        Chance that the register is revised.
    age
        Days since the count; shape (C,).

    Returns
    -------
    numpy.ndarray
        ``sqrt(row^2 + drift^2 age / 30 + chance (0.3^2 + 0.3^2))``; shape (C,).
    """
    revision = chance * (REVISION_MEAN**2 + REVISION_SD**2)
    return np.sqrt(row**2 + drift**2 * age / MONTH + revision)


def extra_doubt(
    remaining: Array, gained: Array, remaining_sd: Array, gained_sd: Array, total: float
) -> float:
    """Return the variance to add to log counts so that missing the total is no surprise.

    Parameters
    ----------
    remaining, gained, remaining_sd, gained_sd
        Persons and log sds on the day of the total; shape (C,).
    total
        The total.

    Returns
    -------
    float
        ``max(0, log(total / sum)^2 - expected)``: 0 where the sds explain what is missing.
    """
    carried = max(float(remaining.sum() + gained.sum()), 1.0)
    gap = np.log(max(total, 1.0) / carried)
    expected = (
        (remaining / carried * remaining_sd) ** 2 + (gained / carried * gained_sd) ** 2
    ).sum()
    return float(max(gap**2 - expected, 0.0))


def wander(
    normals: Normals, variance: float, drift: float, chance: float, age: Array
) -> tuple[Array, Array]:
    """Return errors of log counts: a heavy-tailed walk from the last row on, and revisions.

    Parameters
    ----------
    normals
        Random numbers.
    variance
        Variance of the log of a count on its day.
    drift, chance
        As for `count_sd`.
    age
        Days since the last count; shape (T, C).

    Returns
    -------
    walk, own : numpy.ndarray
        Errors and, given tails and who is revised, their variances; shape (R, T, C).
    """
    steps = np.sqrt(np.diff(age / MONTH, axis=0, prepend=0.0))
    scale = np.sqrt(TAIL / normals.tail)[:, None, :]
    revised = (normals.revised < chance)[:, None, :]
    walk = np.sqrt(variance) * normals.row[:, None, :] + drift * np.cumsum(
        steps * normals.drift, axis=1
    )
    revision = revised * (REVISION_MEAN + REVISION_SD * normals.revision[:, None, :])
    own = scale**2 * (variance + drift**2 * age / MONTH) + revised * REVISION_SD**2
    return scale * walk + revision, own


def tie(parts: Array, variance: Array, totals: Array) -> Array:
    """Scale parts by ``exp(tilt * variance)`` so that they sum to the total.

    The less sure a part, the more of the difference it takes: for small differences this is the
    exact conditioning of normal errors on their sum. Newton's method comes from the right on a
    convex, rising function, hence never overshoots. Each sum stops on its own, so that it does not
    depend on what else is tied.

    Parameters
    ----------
    parts
        Shape (..., P); 0 stays 0 unless all are.
    variance
        Variance of the log of each part, above 0; shape (..., P).
    totals
        Shape (...), or its trailing part.

    Returns
    -------
    numpy.ndarray
        Shape (..., P).
    """
    with np.errstate(divide="ignore"):
        logs = np.log(parts)
    logs = np.where(np.all(parts <= 0, axis=-1, keepdims=True), 0.0, logs)
    goal = np.log(np.maximum(totals, TINY))
    tilt = _right_of_it(logs, variance, goal)
    for _ in range(ROUNDS):
        value, slope = _log_sum(logs + tilt[..., None] * variance, variance)
        away = np.abs(value - goal) >= CLOSE
        if not away.any():
            break
        tilt = tilt - np.where(away, (value - goal) / slope, 0.0)
    tilted = np.exp(logs + tilt[..., None] * variance)
    tied: Array = tilted * (totals / np.maximum(tilted.sum(axis=-1), TINY))[..., None]
    return tied


def _right_of_it(logs: Array, variance: Array, goal: Array) -> Array:
    """Return a tilt no less than the one sought."""
    gap = goal - _log_sum(logs, variance)[0]
    there = np.isfinite(logs)
    least = np.where(there, variance, np.inf).min(axis=-1)
    most = np.where(there, variance, 0.0).max(axis=-1)
    start: Array = gap / np.where(gap > 0, least, most)
    return start


def _log_sum(logs: Array, variance: Array) -> tuple[Array, Array]:
    """Return the log of the sum, and its slope with the tilt."""
    top = logs.max(axis=-1, keepdims=True)
    parts = np.exp(logs - top)
    sums = parts.sum(axis=-1)
    return top[..., 0] + np.log(sums), (parts * variance).sum(axis=-1) / sums


def whole_persons(counts: Array) -> Array:
    """Cut counts to whole persons; a whole sum stays what it is, and each moves by less than one.

    Parameters
    ----------
    counts
        Shape (..., P).

    Returns
    -------
    numpy.ndarray
        Shape (..., P).
    """
    upto = np.floor(np.cumsum(counts, axis=-1) + 0.5)
    cut: Array = np.diff(upto, axis=-1, prepend=0.0)
    return cut
