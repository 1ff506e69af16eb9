"""The published forecast: components joined by weights, then widened, as past origins taught.

Array letters: ``N`` past cells (an origin and a series), ``M`` members of the stack, ``Q``
quantiles.
"""

from typing import NamedTuple

import numpy as np

from rumbo.scenario.arrays import Array, Index
from rumbo.scores.quantiles import MIDDLE, PROBABILITIES, ends, mix, wis

HALF = 12.0
"""Past origins, with outcomes that do not overlap, at which what was learned counts as much as
equal weights and an unchanged spread (assumed: a year)."""

ROUNDS = 300
"""Steps of the search for weights; its mean has then settled to about a hundredth."""

COVERS = (0.5, 0.9)
"""Covers that the spread is set by."""


class Learned(NamedTuple):
    """What past origins say of a stack.

    Attributes
    ----------
    weights
        Weights of the members, from 0, with the sum 1; shape (M,).
    spread
        Factor on the distance of each quantile from the median.
    """

    weights: Array
    spread: float


def learn(past: Array, outcomes: Array, series: Index, independent: float) -> Learned:
    """Learn weights and spread from past forecasts whose outcomes are known.

    Parameters
    ----------
    past
        Quantiles of the members; shape (N, M, Q).
    outcomes
        What came; shape (N,).
    series
        Number of the series of each cell: each counts by how hard it is; shape (N,).
    independent
        Past origins, divided by the horizon: their outcomes overlap.

    Returns
    -------
    Learned
        Equal weights and 1 where nothing is past.
    """
    equal = np.full(past.shape[1], 1.0 / past.shape[1])
    if not len(outcomes):
        return Learned(equal, 1.0)
    share = independent / (independent + HALF)
    best = _best_weights(past, outcomes, _ease(past.mean(axis=1), outcomes, series))
    weights = share * best + (1.0 - share) * equal
    factor = _missed_by(mix(past, weights), outcomes)
    return Learned(weights, float(np.exp(share * np.log(factor))))


def _ease(quantiles: Array, outcomes: Array, series: Index) -> Array:
    """One over the mean score of each cell's series, scaled to a mean of 1; shape (N,)."""
    scores = wis(quantiles, outcomes)
    totals = np.bincount(series, scores) / np.maximum(np.bincount(series), 1)
    # A series met exactly would count without limit.
    ease = 1.0 / np.maximum(totals[series], 1e-9)
    return np.asarray(ease / ease.mean())


def _best_weights(past: Array, outcomes: Array, ease: Array) -> Array:
    """Weights of the least mean score of the mix, by exponentiated gradients.

    The score is convex in the weights; the mean of the steps converges (Kivinen, Warmuth 1997),
    with steps that shrink as Duchi, Hazan and Singer (2011).
    """
    logits, squares, total = np.zeros((3, past.shape[1]))
    for _ in range(ROUNDS):
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        total += weights
        wrong = (outcomes[:, None] < mix(past, weights)) - PROBABILITIES
        slope = np.einsum("n,nq,nmq->m", ease, wrong, past) / wrong.size
        slope -= slope @ weights
        squares += slope @ slope
        # In the first step all members may be alike: no slope, no move.
        logits -= slope / np.sqrt(np.maximum(squares, 1e-12))
    return np.asarray(total / ROUNDS)


def _missed_by(quantiles: Array, outcomes: Array) -> float:
    """Factor on the spread with which 50 and 90 % ranges would have held 50 and 90 %."""
    middle = quantiles[:, MIDDLE]
    misses = []
    for cover in COVERS:
        low, high = ends(quantiles, cover)
        reach = np.where(outcomes > middle, high - middle, middle - low)
        # Floors for a range without width, and for medians that were always met.
        ratio = np.abs(outcomes - middle) / np.maximum(reach, 1e-9)
        misses.append(np.log(np.maximum(np.quantile(ratio, cover), 1e-3)))
    return float(np.exp(np.mean(misses)))
