"""Prices of guided ways as members have them: with their own chances of being stopped."""

from dataclasses import replace

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.step import Luck
from rumbo.model.noise import Noise
from rumbo.model.rules.smuggling import CHANCE, Fares


def fares_in_force(fares: Fares, noise: Noise, luck: Luck, segment: int) -> Array:
    """Return the prices that hold for each member.

    A member's own checks are those that it holds, now and usually: ranges of levers move one of the
    two, ranges of the corridor's own rows both. Price and elasticity are those of its set.

    Parameters
    ----------
    fares
        What prices follow from.
    noise, luck
        What members differ by.
    segment
        Number of the segment.

    Returns
    -------
    numpy.ndarray
        In USD, NaN where there is none; shape (R, A, G).
    """
    kind = noise.factor_row
    first = np.unique(kind, return_index=True)[1]
    rows = {pair: both for pair, both in noise.doubts[segment].items() if pair == (CHANCE, "")}
    middles = {CHANCE: fares.usual_chance[first]}
    usual = replace(noise, doubts=(rows,), middles=(middles,))
    now, before = noise.own(CHANCE, luck, segment), usual.own(CHANCE, luck, 0)
    own, own_before = (one[:, kind % one.shape[1]] for one in (now, before))
    ratio = fares.ratio_of(fares.chance * own, fares.usual_chance * own_before)
    price = np.where(np.isfinite(fares.price), fares.price, np.nan) * ratio
    return np.asarray(price.transpose(0, 2, 1))
