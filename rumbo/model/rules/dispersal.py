"""Buses that take people on from where too many wait: not stopped, and not moved back."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.arrays import Index
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import LimitOf, Rule, Tables, Values, by_group, shares
from rumbo.model.rules.ground import Ground


def places_with(ground: Ground, parameter: str) -> Index:
    """Places where people wait with a parameter above 0 for somebody."""
    value = ground.fixed[parameter].reshape(len(ground.places), -1)
    return np.intersect1d(np.flatnonzero((value > 0).any(axis=1)), ground.waiting_places)


def dispersal_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of being taken to wait elsewhere in the same country."""
    onto = places_with(ground, "dispersal.to")
    for place in places_with(ground, "dispersal.rate").tolist():
        near = onto[(ground.country[onto] == ground.country[place]) & (onto != place)]
        for target in near.tolist():
            for k in ground.times_moved(place):
                here, there = (Compartment("waiting", at, k) for at in (place, target))
                yield Move("disperse", here, there, target)


def dispersal_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of being dispersed, split among the places people are taken to."""
    rows = space.of("disperse")
    source = space.source[rows]
    split = shares(values["dispersal.to"][space.at(rows)][None], source, len(space.compartments))
    rate = by_group(values["dispersal.rate"], len(ground.groups))
    return {"disperse": rate[:, space.start(rows)] * split}


DISPERSAL = Rule(
    "dispersal",
    dispersal_moves,
    dispersal_rates,
    neutral={"dispersal.seats": 0.0},
    limits=(LimitOf("dispersal seats", ("disperse",), "dispersal.seats"),),
)
