"""What people take up from neighbours: ``N`` pairs of places, ``J`` places that have neighbours."""

from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index


class Contacts(NamedTuple):
    """Who hears from whom: neighbours along links, either way, each with the same weight.

    Attributes
    ----------
    listener, teller
        Places of each pair, by listener; shape (N,).
    weight
        What each teller counts for its listener; sums to 1 over a listener's pairs; shape (N,).
    place
        Places that have neighbours, ascending; shape (J,).
    first
        Where the pairs of each begin; shape (J,).
    """

    listener: Index
    teller: Index
    weight: Array
    place: Index
    first: Index


def contacts_along(origin: Index, destination: Index) -> Contacts:
    """Return who hears from whom where links join places.

    Parameters
    ----------
    origin, destination
        Places where links start and end; shape (L,).

    Returns
    -------
    Contacts
    """
    ends = np.stack([np.r_[origin, destination], np.r_[destination, origin]])
    pairs = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    place, first, many = np.unique(pairs[0], return_index=True, return_counts=True)
    return Contacts(pairs[0], pairs[1], np.repeat(1.0 / many, many), place, first)


def taken_up(belief: Array, contact: float, contacts: Contacts) -> Array:
    """Return beliefs after a day of talk: nobody's falls, and none rises above the highest met.

    Parameters
    ----------
    belief
        Shape (H, P).
    contact
        Rate of taking up, per day.
    contacts
        Who hears from whom.

    Returns
    -------
    numpy.ndarray
        Shape (H, P).
    """
    told = belief[:, contacts.teller]
    higher = told > belief[:, contacts.listener]
    if not contact or not higher.any():
        return belief
    own = belief[:, contacts.place]
    pull = np.add.reduceat(contacts.weight * told * higher, contacts.first, axis=1)
    most = np.maximum.reduceat(told, contacts.first, axis=1)
    risen = own - (1.0 - own) * np.expm1(-contact * pull)
    after = belief.copy()
    after[:, contacts.place] = np.maximum(own, np.minimum(risen, most))
    return after
