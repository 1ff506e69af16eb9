"""The order of an ensemble's members: any first few of them stand for all."""

import numpy as np
from scipy.spatial.distance import cdist

from rumbo.scenario.arrays import Array, Index

DIRECTIONS = 20
"""Directions along which draws are spread out: beyond, they differ by chance alone."""


def in_order(unknowns: Array) -> Index:
    """Order members so that any first few stand for all: the central one first, then spread out.

    Parameters
    ----------
    unknowns
        The ensemble; shape (N, R).

    Returns
    -------
    numpy.ndarray
        Each next one is as near to all, and as far from those taken, as can be (support points by
        the energy distance; Mak and Joseph 2018), along the directions in which most differ; (R,).
    """
    around = unknowns - unknowns.mean(axis=1, keepdims=True)
    _, size, along = np.linalg.svd(around, full_matrices=False)
    points = (size[:DIRECTIONS, None] * along[:DIRECTIONS]).T
    apart = cdist(points, points)
    near, taken = apart.mean(axis=1), np.zeros(len(points))
    order = np.empty(len(points), dtype=np.int64)
    for n in range(len(points)):
        merit = near - taken / (n + 1)
        merit[order[:n]] = np.inf
        order[n] = np.argmin(merit)
        taken += apart[order[n]]
    return order


def in_proportion(order: Index, kinds: Index, weights: Array) -> Index:
    """Take members in such turns that any first few hold the kinds by their weights.

    Parameters
    ----------
    order
        The members in order, as `in_order` gives them; shape (R,).
    kinds
        Number of each member's kind; shape (R,).
    weights
        Weights of the kinds, with the sum 1; shape (K,).

    Returns
    -------
    numpy.ndarray
        Members, at each place the next in order of the kind that lacks most; it ends where that
        kind has no more. Shape (up to R,).
    """
    waiting = [list(order[kinds[order] == kind]) for kind in range(len(weights))]
    taken, turns = np.zeros(len(weights)), []
    for place in range(1, len(order) + 1):
        kind = int(np.argmax(weights * place - taken))
        if not waiting[kind]:
            break
        turns.append(waiting[kind].pop(0))
        taken[kind] += 1
    return np.array(turns)
