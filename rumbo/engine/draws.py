"""Chance: named streams, quantile draws, fair rationing.

Every random number is a hash of what it is for, ``(seed, member, step, group, process)``, turned
into a draw by the quantile of its distribution. No state is kept, so the result does not depend on
the number of workers, their order or what else is drawn, and two scenarios meet the same luck
wherever they agree.
"""

import hashlib
import math
from collections.abc import Iterable

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Keys

EXACT_BELOW = 16.0
"""Mean below which a quantile is found by adding up the mass function; above it by expansion."""


ROUNDING = 1.0 / 12.0
"""Variance that rounding to whole numbers adds to a smooth distribution (Sheppard 1898)."""

FAINT = 1e-17
"""A chance below this, beyond the mean, adds nothing more that a number of 64 bits can hold."""

FEW = 16.0
"""Trials up to which a power is found by multiplying."""


def key(*name: str | int) -> np.uint64:
    """Return the 64-bit key of a named stream.

    Parameters
    ----------
    *name
        The parts of the name, for example ``"depart", "harbour", 0``.

    Returns
    -------
    numpy.uint64
        First eight bytes of the BLAKE2b hash of the name.
    """
    return np.uint64(keys([name])[0])


def keys(names: Iterable[tuple[str | int, ...]]) -> Keys:
    """Return the keys of several streams as one array."""
    texts = ("\x1f".join(map(str, name)).encode() for name in names)
    digests = b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


@njit(types.uint64(types.uint64), cache=True, nogil=True)
def scramble(x: np.uint64) -> np.uint64:
    """Mix the bits of ``x`` (the finaliser of splitmix64, Steele and others 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(types.uint64(types.uint64, types.uint64), cache=True, nogil=True)
def combine(a: np.uint64, b: np.uint64) -> np.uint64:
    """Key of stream ``b`` inside stream ``a``."""
    return scramble(scramble(a) + b * np.uint64(0x9E3779B97F4A7C15))


@njit(types.float64(types.uint64), cache=True, nogil=True)
def unit(x: np.uint64) -> float:
    """Turn a key into a uniform number inside (0, 1)."""
    return (float(x >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


@njit(types.float64(types.float64), cache=True, nogil=True)
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal, relative error 1.15e-9 (Acklam 2003)."""
    if u < 0.02425 or u > 0.97575:
        tail = u if u < 0.5 else 1.0 - u
        q = math.sqrt(-2.0 * math.log(tail))
        top = (
            ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
            - 2.549732539343734
        ) * q + 4.374664141464968
        low = (
            (7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996
        ) * q + 3.754408661907416
        x = (top * q + 2.938163982698783) / (low * q + 1.0)
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    top = (
        ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
        + 1.383577518672690e02
    ) * r - 3.066479806614716e01
    low = (
        ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
        + 6.680131188771972e01
    ) * r - 1.328068155288572e01
    return (top * r + 2.506628277459239) * q / (low * r + 1.0)


@njit(types.float64(*[types.float64] * 5), cache=True, nogil=True)
def expanded_quantile(u: float, mean: float, sd: float, skew: float, kurtosis: float) -> float:
    """Quantile of a count by the Cornish-Fisher expansion, rounded to the lattice.

    ``sd`` is that before rounding: the count's variance has `ROUNDING` more.
    """
    z = normal_quantile(u)
    z2 = z * z
    w = z + skew * (z2 - 1.0) / 6.0
    w += z * ((z2 - 3.0) * kurtosis / 24.0 - (2.0 * z2 - 5.0) * skew * skew / 36.0)
    return math.floor(mean + sd * w + 0.5)


@njit(types.float64(types.float64, types.float64, types.float64), cache=True, nogil=True)
def binomial(n: float, p: float, u: float) -> float:
    """Quantile ``u`` of the binomial distribution of ``n`` trials with chance ``p``.

    Exact below a mean of `EXACT_BELOW`; above it within one of the exact quantile.
    """
    if p > 0.5:
        return n - binomial(n, 1.0 - p, 1.0 - u)
    if n <= 0.0 or p <= 0.0:
        return 0.0
    mean = n * p
    if mean >= EXACT_BELOW:
        variance = mean * (1.0 - p)
        sd = math.sqrt(variance - ROUNDING)
        kurtosis = (1.0 - 6.0 * p * (1.0 - p)) / variance
        k = expanded_quantile(u, mean, sd, (1.0 - 2.0 * p) / sd, kurtosis)
        return min(max(k, 0.0), n)
    if u <= 1.0 - mean:  # nobody, for (1 - p)^n is at least 1 - n p
        return 0.0
    if n <= FEW:
        mass = 1.0
        for _ in range(int(n)):
            mass *= 1.0 - p
    else:
        mass = math.exp(n * math.log1p(-p))
    odds = p / (1.0 - p)
    k = 0.0
    left = u - mass
    while left > 0.0 and k < n:
        mass *= odds * (n - k) / (k + 1.0)
        k += 1.0
        if mass < FAINT and k > mean:
            break
        left -= mass
    return k


@njit(types.float64(types.float64, types.float64), cache=True, nogil=True)
def poisson(mean: float, u: float) -> float:
    """Quantile ``u`` of the Poisson distribution; exact below a mean of `EXACT_BELOW`."""
    if mean <= 0.0:
        return 0.0
    if mean >= EXACT_BELOW:
        sd = math.sqrt(mean - ROUNDING)
        return max(expanded_quantile(u, mean, sd, 1.0 / sd, 1.0 / mean), 0.0)
    mass = math.exp(-mean)
    k = 0.0
    left = u - mass
    while left > 0.0:
        k += 1.0
        mass *= mean / k
        if mass < FAINT and k > mean:
            break
        left -= mass
    return k


@njit(cache=True, nogil=True)
def ration(flows: Array, cells: NDArray[np.int64], limit: float, u: float) -> None:
    """Cut ``flows[cells]`` in place so that they add up to at most ``limit``.

    One uniform number places a comb of ``limit`` equally spaced teeth over the applicants laid end
    to end: each applicant is taken with the same chance ``limit / applicants``, whoever they are,
    the total is exactly the limit, and nobody is taken who did not apply (systematic sampling,
    Madow 1949).

    Parameters
    ----------
    flows
        Applicants by cell, whole persons; shape (cells of the table,).
    cells
        The cells that share the limit.
    limit
        Whole persons that can pass.
    u
        A uniform number in (0, 1).
    """
    applicants = 0.0
    for i in cells:
        applicants += flows[i]
    if applicants <= limit:
        return
    ratio = limit / applicants
    seen, passed = 0.0, 0.0
    for i in cells:
        if flows[i] > 0.0:
            seen += flows[i]
            upto = min(math.floor(seen * ratio + u), limit)
            flows[i] = min(upto - passed, flows[i])
            passed += flows[i]


@njit(types.uint64[:](types.uint64, types.uint64[::1]), cache=True, nogil=True)
def inside(a: np.uint64, b: Keys) -> Keys:
    """Keys of streams ``b`` inside stream ``a``: `combine` for many at once."""
    combined = np.empty(len(b), dtype=np.uint64)
    for i in range(len(b)):
        combined[i] = combine(a, b[i])
    return combined


def uniforms(seed: int, members: NDArray[np.int64], purpose: Keys) -> Array:
    """Uniform numbers, one for each member and purpose.

    Parameters
    ----------
    seed
        The run's seed.
    members
        Numbers of the members, shape (R,).
    purpose
        Keys of what the numbers are for, shape (N,).

    Returns
    -------
    numpy.ndarray
        Shape (R, N), inside (0, 1).
    """
    rows = [inside(combine(np.uint64(seed), np.uint64(member)), purpose) for member in members]
    return ((np.stack(rows) >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def shocks(seed: int, members: NDArray[np.int64], purpose: Keys, cv: Array | float) -> Array:
    """Gamma noise with mean one and coefficient of variation ``cv``, shape (R, N)."""
    from scipy.special import gammaincinv

    u = uniforms(seed, members, purpose)
    shape = 1.0 / np.maximum(np.broadcast_to(cv, u.shape), 1e-9) ** 2  # of 0: not used below
    return np.where(np.broadcast_to(cv, u.shape) > 0, gammaincinv(shape, u) / shape, 1.0)
