"""Weights of exits while they stay the same, laid out in lanes."""

from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.lanes import Lay
from rumbo.engine.rates import Wiring


class Weights(NamedTuple):
    """Weights of exits while they stay the same.

    The weight of exit ``m`` in lane ``b`` of block ``a`` is ``rate[rate_row[a], m, b]`` (the same
    in all lanes if there is one) times ``factor[factor_row[a], factor_of[m], b]``. Factors that are
    alike are kept once (F'), so that they stay in a cache. The first is 1.

    Attributes
    ----------
    rate
        Per person and day; shape (G, M, 1) if lanes are members, else (1, M, B).
    factor
        What rates are multiplied by; shape (K, F', B) or (R, F', B).
    factor_of
        Factor of each exit; shape (M,).
    live, plain
        Exits with any rate, and those of them that are plain, by row of ``rate``; shape (G, M) or
        (1, M).
    rate_row, factor_row
        Rows of each block; shape (A,).
    lay
        Which way lanes lie.
    """

    rate: Array
    factor: Array
    factor_of: Index
    live: Flags
    plain: Flags
    rate_row: Index
    factor_row: Index
    lay: Lay


def weights_of(lay: Lay, rate: Array, factor: Array, wiring: Wiring, plain: Flags) -> Weights:
    """Lay out rates (G, M) and factors (R, K, F), given which exits (M,) are plain."""
    number, which = distinct(factor)
    factor, factor_of = factor[:, :, number], which[wiring.factor_of]
    if lay.across:
        each, row = np.arange(lay.groups), wiring.factor_row
        factors, live = factor.transpose(1, 2, 0), np.asarray(rate > 0.0)
        rates, rate_row = rate.astype(f"f{lay.bits // 8}", order="C")[:, :, None], each
    else:
        each = row = np.arange(lay.members)
        factors = factor[:, wiring.factor_row].transpose(0, 2, 1)
        live = np.asarray((rate > 0.0).any(axis=0, keepdims=True))
        rates, rate_row = lay.filled(rate.T[None]), np.zeros_like(each)
    return Weights(rates, lay.filled(factors), factor_of, live, live & plain, rate_row, row, lay)


def distinct(factor: Array) -> tuple[Index, Index]:
    """Number those of factors (R, K, F) that differ, and which of them each is; (F',) and (F,)."""
    by_factor = np.ascontiguousarray(factor.reshape(-1, factor.shape[2]).T)
    which = np.zeros(len(by_factor), dtype=np.int64)
    seen = {np.ones(by_factor.shape[1]).tobytes(): 0}
    changed = np.flatnonzero((by_factor != 1.0).any(axis=1))
    # Places often have the factor of the one before.
    same = np.zeros(len(changed), dtype=np.bool_)
    same[1:] = (by_factor[changed[1:]] == by_factor[changed[:-1]]).all(axis=1)
    number = 0
    for f, alike in zip(changed, same, strict=True):
        number = number if alike else seen.setdefault(by_factor[f].tobytes(), len(seen))
        which[f] = number
    return np.unique(which, return_index=True)[1], which
