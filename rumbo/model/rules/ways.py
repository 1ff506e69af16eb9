"""Ways: which chains of links people see ahead when they choose where to go."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rumbo.model.rules.ground import Ground


class Way(NamedTuple):
    """A chain of links to a destination.

    Attributes
    ----------
    start
        Place where it starts.
    stops
        Places along it, the destination last.
    links
        Its links.
    km
        Its length.
    """

    start: int
    stops: tuple[int, ...]
    links: tuple[int, ...]
    km: float


def links_out(ground: Ground) -> dict[int, list[int]]:
    """Return the links that leave each place, in the order of the table."""
    out: dict[int, list[int]] = {}
    for link, start in enumerate(ground.origin.tolist()):
        out.setdefault(start, []).append(link)
    return out


def ways_from(ground: Ground, start: int, awareness: int) -> Iterator[Way]:
    """Return every way out of a place that people see.

    Parameters
    ----------
    ground
        Facts of the network.
    start
        The place.
    awareness
        Links that people see ahead. Places of kind ``marker`` are passed without being counted,
        and are no destinations.

    Yields
    ------
    Way
        A way never comes back to a place it left.
    """
    out = links_out(ground)
    marker = ground.places["kind"].eq("marker").to_numpy()
    km = ground.links["distance_km"].to_numpy(dtype=np.float64)

    def extend(way: Way, left: int) -> Iterator[Way]:
        end = way.stops[-1]
        if not marker[end]:
            yield way
            left -= 1
        if left > 0:
            before = {start, *way.stops[:-1]}
            for link in out.get(end, []):
                onto = int(ground.destination[link])
                if onto not in before:
                    yield from extend(_longer(way, onto, link, float(km[link])), left)

    for link in out.get(start, []):
        onto = int(ground.destination[link])
        yield from extend(Way(start, (onto,), (link,), float(km[link])), awareness)


def _longer(way: Way, onto: int, link: int, km: float) -> Way:
    return Way(way.start, (*way.stops, onto), (*way.links, link), way.km + km)
