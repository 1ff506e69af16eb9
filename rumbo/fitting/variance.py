"""How the variance of what comes out is split among the values that were drawn.

A polynomial of the values is fitted to the runs: up to the third degree of each, and the product of
every two. Its terms are orthogonal where values are even over their ranges, so that the squares of
their coefficients are Sobol' (1993) indices (Sudret 2008, Reliability Engineering & System Safety
93). Estimates from differences between runs (Saltelli et al. 2010), of which the design is, ask for
many more: from 384 runs of the bundled corridor the shares of five values came to 45-181 %.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.polynomial.legendre import legvander

from rumbo.scenario.arrays import Array
from rumbo.scores.quantiles import RANGE_90

DEGREE = 3
"""Highest power of a value alone."""

RUNS_A_TERM = 3
"""Fewest runs for each term of the polynomial: with fewer, powers and products are left out."""

RESAMPLED = 1_000
"""Resamples behind the 90 % ranges of shares of variance."""


class Split(NamedTuple):
    """Shares of variance, each with the ends of its 90 % range.

    Attributes
    ----------
    alone, total
        What each value makes alone, and with others; shape (K, 3).
    together
        What some of them make, each alone; shape (3,).
    """

    alone: Array
    total: Array
    together: Array


class Terms(NamedTuple):
    """Terms of the polynomial.

    Attributes
    ----------
    values
        At each run; shape (N, T).
    alone, within
        Which terms are of a value alone, and which have it in them; shape (K, T).
    """

    values: Array
    alone: Array
    within: Array


def split(places: Array, outputs: Array, block: int, most: int, seed: int) -> Split:
    """Split the variance of an output among the values that were drawn.

    Parameters
    ----------
    places
        Where values stood in each run, from -1 to 1 within their ranges; shape (N, K).
    outputs
        What came out; shape (N,), not all alike.
    block
        Runs of each base point, which are resampled together; N is a multiple of it.
    most
        How many of the strongest values are taken together.
    seed
        Names the resamples.

    Returns
    -------
    Split
    """
    terms = _terms(places)
    points = len(outputs) // block
    rows = terms.values.reshape(points, block, -1)
    centred = (outputs - outputs.mean()).reshape(points, block)
    # A resample is a weighted sum over base points of what each adds to the normal equations.
    normal, right = np.einsum("pbt,pbu->ptu", rows, rows), np.einsum("pbt,pb->pt", rows, centred)
    rng = np.random.default_rng((seed, 6))
    counts = rng.multinomial(points, np.full(points, 1.0 / points), RESAMPLED)
    weights = np.concatenate([np.ones((1, points)), counts]) / (points * block)
    square = weights @ (centred**2).sum(axis=1)
    squares = np.array(
        [
            _squares(np.tensordot(w, normal, 1), w @ right, y)
            for w, y in zip(weights, square, strict=True)
        ]
    )
    alone, total = squares @ terms.alone.T, squares @ terms.within.T
    named = np.argsort(-total[0], kind="stable")[:most]
    return Split(_ranged(alone), _ranged(total), _ranged(alone[:, named].sum(axis=1)))


def _terms(places: Array) -> Terms:
    """Lay out as many terms as the runs bear: powers first, then products."""
    runs, size = places.shape
    pairs = list(combinations(range(size), 2))
    bear = runs // RUNS_A_TERM - 1
    degree = min(max(bear // size, 1), DEGREE)
    norm = np.sqrt(2 * np.arange(degree + 1) + 1)
    power = legvander(places, degree) * norm
    columns = [np.ones(runs), *(power[:, k, d] for k in range(size) for d in range(1, degree + 1))]
    own = np.kron(np.eye(size), np.ones(degree))
    shared = np.zeros((size, 0))
    if bear >= size * degree + len(pairs):
        columns += [power[:, i, 1] * power[:, j, 1] for i, j in pairs]
        shared = np.array([[float(k in pair) for pair in pairs] for k in range(size)])
    none, absent = np.zeros((size, 1)), np.zeros_like(shared)
    return Terms(
        np.stack(columns, axis=1),
        np.concatenate([none, own, absent], axis=1),
        np.concatenate([none, own, shared], axis=1),
    )


def _squares(normal: Array, right: Array, square: float) -> Array:
    """Return the share of variance that each term makes, of what all make and what is left; (T,).

    Normal equations (T, T) and (T,) and the mean square of the output are those of a resample.
    """
    coefficients = np.linalg.pinv(normal, hermitian=True) @ right
    left = max(square - float(coefficients @ right), 0.0)
    own: Array = coefficients**2
    own[0] = 0.0  # the mean is no variance
    # A resample of few base points may be all alike.
    return np.asarray(own / max(own.sum() + left, np.finfo(float).tiny))


def _ranged(shares: Array) -> Array:
    """Return the share of all base points, and the ends over resamples; the last axis is 3."""
    low, high = np.quantile(shares[1:], (RANGE_90[0], RANGE_90[-1]), axis=0)
    return np.stack([shares[0], low, high], axis=-1)
