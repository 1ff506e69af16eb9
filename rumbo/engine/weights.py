"""Weights of exits while they stay the same, laid out in lanes, and where people are under them."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.lanes import Lay
from rumbo.engine.rates import Wiring
from rumbo.engine.space import NOWHERE, Frame


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
    peopled
        Compartments that people of a block are in, or may come to; shape (A, C).
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
    peopled: Flags
    rate_row: Index
    factor_row: Index
    lay: Lay


def weights_of(
    lay: Lay, rate: Array, factor: Array, wiring: Wiring, frame: Frame, plain: Flags, people: Array
) -> Weights:
    """Lay out rates and factors.

    Parameters
    ----------
    lay
        How people lie.
    rate, factor
        Shapes (G, M) and (R, K, F).
    wiring, frame
        The structure.
    plain
        Which exits are plain; shape (M,).
    people
        People as they lie when weights begin to hold; shape (A, C + 1, B).
    """
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
    peopled = np.asarray((people[:, :-1] != 0.0).any(axis=2))
    spread_to(peopled, live, rate_row, wiring.entry_group, wiring.entry_target, frame, lay.across)
    return Weights(
        rates, lay.filled(factors), factor_of, live, live & plain, peopled, rate_row, row, lay
    )


@njit(cache=True, nogil=True)
def spread_to(
    peopled: Flags, live: Flags, row: Index, group: Index, entry: Index, frame: Frame, across: bool
) -> None:
    """Add the compartments that people may come to, from those that they are in or enter (A, C).

    Where exits lead is followed once, whatever their weights, so that a step can pass over
    compartments that nobody of a block can be in.
    """
    for a in range(len(peopled)):
        for e in range(len(entry)):
            if not across or group[e] == a:
                peopled[a, entry[e]] = True
        ahead = [int(c) for c in np.flatnonzero(peopled[a])]
        while len(ahead):
            c = ahead.pop()
            for m in range(frame.first[c], frame.first[c + 1]):
                t = frame.target[m]
                if live[row[a], m] and t != NOWHERE and not peopled[a, t]:
                    peopled[a, t] = True
                    ahead.append(t)


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
