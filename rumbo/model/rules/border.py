"""Custody after an encounter in a destination zone: released, removed home, or sent back."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.arrays import Index
from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import Family, LimitOf, Rule, Tables, Values, by_group, shared
from rumbo.model.rules.ground import Ground


def cities_of(ground: Ground, zone: int) -> Index:
    """Places across the line from a zone."""
    links = ground.heading
    return np.unique(ground.origin[links[ground.destination[links] == zone]])


def moves(ground: Ground) -> Iterator[Move]:
    """Transitions out of custody."""
    for zone in ground.having("destination_zone").tolist():
        custody = Compartment("custody", zone)
        yield Move("border_release", custody, None, zone)
        yield Move("border_remove", custody, None, zone)
        for city in cities_of(ground, zone).tolist():
            yield Move("expel_retry", custody, Compartment("waiting", city), zone)
            yield Move("expel_leave", custody, None, city)


def rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates out of custody: the stay ends, and shares say how."""
    groups = len(ground.groups)
    leaving = rate_of_mean(values["crossing.held_days"], ground.step)
    back = shared(values["crossing.expelled"], groups)
    home = shared(values["crossing.removed"], groups)
    again = shared(values["crossing.retry"], groups)
    zones = space.at(space.of("border_release"))
    claim = by_group(values["asylum.claim"], groups) * np.isin(
        np.arange(len(ground.places)), ground.claim_zones
    )
    free = np.maximum(1 - back - home, 0.0)
    parts = {
        "border_release": free * (1 - claim[:, zones]),
        "claim": free * claim[:, space.at(space.of("claim"))],
        "border_remove": home,
        "expel_retry": back * again,
        "expel_leave": back * (1 - again),
    }
    return {kind: leaving * part / _shared_among(space, kind) for kind, part in parts.items()}


def _shared_among(space: Space, kind: str) -> Index:
    """How many transitions of the kind leave the same compartment as each."""
    source = space.source[space.of(kind)]
    return np.bincount(source, minlength=len(space.compartments))[source]


BORDER = Rule(
    "border",
    moves,
    rates,
    neutral={"crossing.factor": 0.0},
    families=(
        Family(
            "cross",
            ("encounter", "evade"),
            "crossing.shock",
            (("crossing.factor", "rate"),),
        ),
    ),
)
REMOVAL = Rule(
    "removal",
    neutral={"crossing.removed": 0.0, "deport.share": 0.0},
    limits=(LimitOf("removal seats", ("border_remove",), "removal.seats"),),
    families=(
        Family("remove", ("border_remove",), unsure=(("crossing.removed", "odds"),)),
        Family("deport", ("deport",), unsure=(("deport.share", "odds"),)),
    ),
)
