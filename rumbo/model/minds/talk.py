"""What people take up from neighbours: ``N`` pairs of places, ``J`` places that have neighbours."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index


class Contacts(NamedTuple):
    """Who hears from whom: neighbours along links, either way, each with the same weight.

    Attributes
    ----------
    teller
        Place that tells, of each pair of neighbours, by who listens; shape (N,).
    weight
        What each teller counts for its listener; sums to 1 over a listener's pairs; shape (N,).
    place
        Places that have neighbours, ascending; shape (J,).
    first
        Where the pairs of each begin; shape (J,).
    """

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
    return Contacts(pairs[1], np.repeat(1.0 / many, many), place, first)


@njit(cache=True, nogil=True)
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
    after = belief.copy()
    for j in range(len(contacts.place) if contact else 0):
        end = contacts.first[j + 1] if j + 1 < len(contacts.first) else len(contacts.teller)
        for h in range(len(belief)):
            own, pull, most = belief[h, contacts.place[j]], 0.0, 0.0
            for n in range(contacts.first[j], end):
                told = belief[h, contacts.teller[n]]
                most = max(most, told)
                if told > own:
                    pull += contacts.weight[n] * told
            risen = own - (1.0 - own) * np.expm1(-contact * pull)
            after[h, contacts.place[j]] = max(own, min(risen, most))
    return after
