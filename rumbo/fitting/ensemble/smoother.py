"""An iterative ensemble smoother with local solves: from a prior ensemble to one that fits.

Ensemble smoother with multiple data assimilation (Emerick and Reynolds 2013): the data are used
several times, each time with their error variance inflated so that the sum of the inverse factors
is one. Each unknown is moved by its own few observations only, in a solve of its own; masking one
gain for all unknowns instead leaves it no longer that of any covariance, and diverges.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from rumbo.scenario.arrays import Array, Flags, Index

Forward = Callable[[Array], Array]
"""From unknowns (N, R) to what would be observed (D, R), for R members."""


FEWEST = 5
"""Members of a kind below which kinds are not told apart: too few tell how unknowns go together."""


class Block(NamedTuple):
    """Unknowns that are moved together, and the observations that move them.

    Attributes
    ----------
    unknowns
        Rows of the unknowns.
    observations
        Rows of the observations.
    doubt
        How many times wider the errors of these are taken: more, the further away they are, so
        that chance correlations of a finite ensemble count for little; shape as observations.
    """

    unknowns: Index
    observations: Index
    doubt: Array


class Evidence(NamedTuple):
    """What was observed.

    Attributes
    ----------
    value
        Observations on the scale on which errors are normal; shape (D,).
    sd
        Standard deviations of their errors; shape (D,).
    """

    value: Array
    sd: Array


REACH = (3.0, 1.5)
"""Months before and after an unknown's own over which figures lose weight; assumed. Stays and
journeys last about a month, and what holds for one month tells of the next ones."""

NEAR = 2.5
"""How many times that far figures are looked at."""


def round_a_month(rows: Index, month: int, months: Index, mine: Flags) -> Block:
    """Let figures move some unknowns of a month, the less the further away they are.

    Parameters
    ----------
    rows
        Rows of the unknowns.
    month
        Number of their month.
    months
        Number of each figure's month; shape (D,).
    mine
        Figures that may move them; shape (D,).

    Returns
    -------
    Block
        Errors widen with the square root of a Gaussian's inverse (localisation by the
        observations' errors, as in Hunt, Kostelich and Szunyogh 2007).
    """
    away = months - month
    far = np.where(away < 0, -away / REACH[0], away / REACH[1])
    seen = np.flatnonzero(mine & (far <= NEAR))
    # A weight exp(-d^2 / 2) divides the variance, so that errors widen by exp(d^2 / 4).
    return Block(rows, seen, np.exp(far[seen] ** 2 / 4.0))


def at_full_weight(rows: Index, mine: Flags) -> Block:
    """Let figures move some unknowns, all at full weight."""
    seen = np.flatnonzero(mine)
    return Block(rows, seen, np.ones(len(seen)))


def beyond_chance(
    block: Block, unknowns: Array, predicted: Array, kinds: Index | None = None
) -> Iterator[Block]:
    """Let each unknown be moved only by figures that go with it more than chance would make them.

    Of many figures some go with any unknown by chance, the more so the fewer members there are;
    so values that no figure tells of lose most of their width. Correlations of R members have a
    standard deviation of ``1 / sqrt(R)`` by chance, and the largest of D about
    ``sqrt(2 ln D)`` times that (Donoho and Johnstone 1994; against chance in smoothers Luo, Bhakta
    and Naevdal 2018).

    Parameters
    ----------
    block
        Unknowns that all figures of it may move.
    unknowns, predicted, kinds
        The ensemble, what it predicts and the kinds of its members, as in `one_pass`.

    Yields
    ------
    Block
        One an unknown, with the figures above that bound; none where there are none.
    """
    rows, seen, doubt = block
    kinds = _kinds(unknowns.shape[1], kinds)
    free = len(kinds) - int(kinds.max())  # each kind after the first takes a mean of its own
    bound = np.sqrt(2.0 * np.log(max(len(seen), 2)) / free)
    mine = _standard(_around(unknowns[rows], kinds))
    theirs = _standard(_around(predicted[seen], kinds))
    for row, together in zip(rows, np.abs(mine @ theirs.T), strict=True):
        kept = together > bound
        if kept.any():
            yield Block(np.array([row]), seen[kept], doubt[kept])


def _standard(around: Array) -> Array:
    """Return rows (N, R) of length 1; 0 where all members are alike."""
    size = np.linalg.norm(around, axis=1, keepdims=True)
    return np.asarray(np.divide(around, size, out=np.zeros_like(around), where=size > 0.0))


def smooth(
    unknowns: Array,
    forward: Forward,
    evidence: Evidence,
    blocks: Sequence[Block],
    *,
    passes: int,
    seed: int,
) -> Array:
    """Move a prior ensemble to one that fits the evidence.

    Parameters
    ----------
    unknowns
        Prior ensemble, standard normal before it is transformed; shape (N, R).
    forward
        What would be observed.
    evidence
        What was.
    blocks
        Which observations move which unknowns; unknowns in no block stay as they are.
    passes
        Times the data are used.
    seed
        Names the noise added to observations.

    Returns
    -------
    numpy.ndarray
        Posterior ensemble; shape (N, R).

    Raises
    ------
    FloatingPointError
        If the forward model gives something that is not a number.
    """
    for turn in range(passes):
        unknowns = one_pass(unknowns, forward(unknowns), evidence, blocks, passes, (seed, turn))
    return unknowns


def one_pass(
    unknowns: Array,
    predicted: Array,
    evidence: Evidence,
    blocks: Sequence[Block],
    passes: int,
    stream: tuple[int, int],
    kinds: Index | None = None,
) -> Array:
    """Use the data once, with their variance inflated ``passes`` times.

    Members that differ in kind, by values that no unknown stands for, are compared with those of
    their own: what a kind adds to predictions would else pass for noise that no unknown can undo.

    Parameters
    ----------
    unknowns, predicted
        The ensemble and what it predicts; shapes (N, R) and (D, R).
    evidence, blocks, passes
        As in `smooth`.
    stream
        Seed and number of the pass.
    kinds
        Number of each member's kind, shape (R,); all are of one if None.

    Returns
    -------
    numpy.ndarray
        The ensemble moved; shape (N, R).
    """
    if not np.isfinite(predicted).all():
        raise FloatingPointError("the model predicted something that is not a number")
    kinds = _kinds(unknowns.shape[1], kinds)
    noise = np.random.default_rng(stream).standard_normal(predicted.shape)
    wide = np.sqrt(passes) * evidence.sd[:, None]
    gap = evidence.value[:, None] + wide * (noise - noise.mean(axis=1, keepdims=True)) - predicted
    spread, around = _around(predicted, kinds), _around(unknowns, kinds)
    moved = unknowns.copy()
    with threadpool_limits(1):  # small solves on many threads wait for each other, and differ
        for mine, seen, doubt in blocks:
            near = spread[seen]
            inner = near @ near.T + np.diag(passes * (doubt * evidence.sd[seen]) ** 2)
            step = cho_solve(cho_factor(inner), gap[seen])
            moved[mine] += around[mine] @ near.T @ step
    return moved


def _kinds(members: int, kinds: Index | None) -> Index:
    """Return the kinds of members, one for all where a kind has too few to be compared."""
    if kinds is None or np.bincount(kinds).min() < FEWEST:
        return np.zeros(members, dtype=np.int64)
    return kinds


def _around(values: Array, kinds: Index) -> Array:
    """Return how far members are from the mean of their kind, over the root of what is free."""
    size = np.bincount(kinds)
    own = np.eye(len(size))[kinds]
    means = (values @ own / size)[:, kinds]
    return np.asarray((values - means) / np.sqrt(len(kinds) - float(len(size))))
