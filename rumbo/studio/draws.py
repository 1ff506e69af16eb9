"""Draws of a posterior that stand for all: the one in the middle, and eight across its width."""

from dataclasses import replace

import numpy as np

from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.posterior import Posterior

SEVERAL = 8
"""Draws that show a range; assumed: as many as a laptop runs in a few seconds."""


def central_draw(posterior: Posterior) -> int:
    """Return the number of the draw that lies nearest to all others: their medoid."""
    return int(_medoid(places_of(posterior)))


def spread_draws(posterior: Posterior, many: int = SEVERAL) -> Index:
    """Return the numbers of draws that stand for all of a posterior.

    Draws are put in order along the direction in which they differ most, cut into parts of one
    size, and of each part the medoid is taken: so they reach across, and none is far from the rest.

    Parameters
    ----------
    posterior
        The posterior, of K draws.
    many
        How many are wanted.

    Returns
    -------
    numpy.ndarray
        Ascending numbers; all of them where there are no more.
    """
    if posterior.draws <= many:
        return np.arange(posterior.draws)
    places = places_of(posterior)
    widest = np.linalg.svd(places, full_matrices=False)[0][:, 0]
    parts = np.array_split(np.argsort(widest, kind="stable"), many)
    return np.sort([part[_medoid(places[part])] for part in parts])


def places_of(posterior: Posterior) -> Array:
    """Return where draws lie, from their mean, in standard deviations: (draws, dimensions).

    Values count as much as one another, and all values as much as all paths of a family.
    """
    blocks = [np.stack([*posterior.values.values()], axis=1)] if posterior.values else []
    paths = (own.astype(np.float64) for own in posterior.paths.values())
    blocks += [own.reshape(posterior.draws, -1) for own in paths]
    return np.concatenate([_standing(block) for block in blocks], axis=1)


def _standing(block: Array) -> Array:
    """Return a block in standard deviations, each column's part of the whole the same."""
    wide = block.std(axis=0)
    moved = block[:, wide > 0] - block[:, wide > 0].mean(axis=0)
    return np.asarray(moved / wide[wide > 0] / np.sqrt(max(int((wide > 0).sum()), 1)))


def _medoid(places: Array) -> int:
    """Return the number of the place with the least distance to all others together."""
    far = (places**2).sum(axis=1)
    apart = np.sqrt(np.maximum(far[:, None] + far - 2.0 * places @ places.T, 0.0))
    return int(apart.sum(axis=1).argmin())


def only(posterior: Posterior, draws: Index) -> Posterior:
    """Return a posterior of some draws alone."""
    return replace(
        posterior,
        values={pair: own[draws] for pair, own in posterior.values.items()},
        paths={name: own[draws] for name, own in posterior.paths.items()},
        sets=None if posterior.sets is None else posterior.sets[draws],
    )
