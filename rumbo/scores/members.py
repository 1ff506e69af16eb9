"""Scores of simulated counts against counted ones, on plain arrays.

Arrays have the shapes: observed (T, C), simulated (N, T, C), for T days or months, C camps or other
parts of a whole and N members. Missing counts are NaN and are left out.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

from rumbo.scores.quantiles import Array, crps_of_points

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""One minus the cover of the intervals of the weighted interval score: with the median, the 23
quantiles of the forecast hubs (Bracher and others 2021)."""


def relative_difference(simulated: Array, observed: Array, *, rescale: bool = True) -> Array:
    """Averaged relative difference of each period (Suleimenova, Bell, Groen 2017).

    Parameters
    ----------
    simulated
        Counts; shape (..., T, C).
    observed
        Counts; shape (T, C).
    rescale
        Whether simulated counts are first scaled to the observed total, as Flee's authors do.

    Returns
    -------
    numpy.ndarray
        ``sum_c |simulated - observed| / sum_c observed``, from 0 to 2 when rescaled; shape
        (..., T). A period whose total is 0 divides by 1.
    """
    known = ~np.isnan(observed)
    observed = np.where(known, observed, 0.0)
    simulated = np.where(known, simulated, 0.0)
    counted = observed.sum(axis=-1)
    if rescale:
        there = simulated.sum(axis=-1)
        factor = np.divide(counted, there, out=np.ones_like(there), where=there > 0)
        simulated = simulated * factor[..., None]
    missed = np.abs(simulated - observed).sum(axis=-1)
    return np.asarray(missed / np.where(counted > 0, counted, 1.0))


def held_shares(observed: Array, at: int) -> Array:
    """Counts if the shares of one period held throughout, the totals of its parts being known.

    Parameters
    ----------
    observed
        Counts; shape (T, C).
    at
        Number of the period.

    Returns
    -------
    numpy.ndarray
        Shape (T, C); NaN for parts that were not counted then, and for those not counted in the
        period itself.
    """
    known = ~np.isnan(observed) & ~np.isnan(observed[at])
    counts = np.where(known, observed[at], 0.0)
    totals = np.where(known, observed, 0.0).sum(axis=1, keepdims=True)
    # 1e-300 keeps 0 over 0 at 0 where nobody was counted.
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
    return np.where(known, totals * shares, np.nan)


def even_split(observed: Array) -> Array:
    """Counts if every part counted in a period held the same, the totals being known.

    Parameters
    ----------
    observed
        Counts; shape (T, C).

    Returns
    -------
    numpy.ndarray
        Shape (T, C); NaN for parts that were not counted.
    """
    known = ~np.isnan(observed)
    parts = np.maximum(known.sum(axis=1, keepdims=True), 1)
    return np.where(known, np.nansum(observed, axis=1, keepdims=True) / parts, np.nan)


def crps(simulated: Array, observed: Array) -> Array:
    """Continuous ranked probability score of each count, from the members; shape (T, C)."""
    return crps_of_points(np.moveaxis(simulated, 0, -1), observed)


def weighted_interval_score(simulated: Array, observed: Array) -> Array:
    """Weighted interval score of each count, from 23 quantiles of the members; shape (T, C).

    The mean of the absolute error of the median and, for each interval, half its level times its
    width, plus how far a count lies outside of it (Bracher and others 2021).
    """
    levels = np.array(LEVELS)
    low, middle, high = quantiles(simulated, levels)
    count = observed[..., None]
    outside = np.maximum(low - count, 0.0) + np.maximum(count - high, 0.0)
    total = np.abs(observed - middle) / 2.0 + (levels / 2.0 * (high - low) + outside).sum(axis=-1)
    return np.asarray(total / (len(LEVELS) + 0.5))


def quantiles(simulated: Array, levels: Array) -> tuple[Array, Array, Array]:
    """Lower ends, medians and upper ends of central intervals.

    Parameters
    ----------
    simulated
        Shape (N, T, C).
    levels
        One minus the covers; shape (K,).

    Returns
    -------
    tuple of numpy.ndarray
        Shapes (T, C, K), (T, C) and (T, C, K).
    """
    ends = np.quantile(simulated, np.concatenate([levels / 2.0, 1.0 - levels / 2.0]), axis=0)
    low, high = np.moveaxis(ends, 0, -1)[..., : len(levels)], np.moveaxis(ends, 0, -1)
    return low, np.median(simulated, axis=0), high[..., len(levels) :]


def cover(simulated: Array, observed: Array, share: float) -> float:
    """Share of the counts that lie inside a central interval of the members.

    Parameters
    ----------
    simulated, observed
        Shapes (N, T, C) and (T, C).
    share
        Share of the members that the interval holds, such as 0.9.

    Returns
    -------
    float
        NaN for a single member, which has no interval.
    """
    if len(simulated) < 2:
        return float("nan")
    low, _, high = quantiles(simulated, np.array([1.0 - share]))
    inside = (low[..., 0] <= observed) & (observed <= high[..., 0])
    return float(inside[~np.isnan(observed)].mean())


def block_range(values: Array, block: int, draws: int = 400) -> tuple[float, float]:
    """90 % range of the mean of a series, by the circular block bootstrap (Politis, Romano 1992).

    Parameters
    ----------
    values
        One value for each period; shape (T,).
    block
        Periods in a block: about as long as values hang together.
    draws
        Resamples.

    Returns
    -------
    tuple of float
        The ends; the same for the same values.
    """
    means = values[block_picks(len(values), block, draws)].mean(axis=1)
    low, high = np.quantile(means, (0.05, 0.95))
    return float(low), float(high)


def block_picks(size: int, block: int, draws: int) -> NDArray[np.int64]:
    """Resample periods in blocks that wrap round, the circular block bootstrap.

    Parameters
    ----------
    size
        Periods.
    block
        Periods in a block.
    draws
        Resamples.

    Returns
    -------
    numpy.ndarray
        Numbers of the periods picked, the same for the same input; shape (draws, size).
    """
    block = min(block, size)
    rng = np.random.default_rng(0)
    starts = rng.integers(0, size, (draws, -(-size // block)))
    picked = (starts[..., None] + np.arange(block)) % size
    return np.asarray(picked.reshape(draws, -1)[:, :size])


def mean(values: Array) -> float:
    """Mean of what is known; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(np.nanmean(values)) if values.size else float("nan")
