"""What follows being stopped: taken elsewhere, returned home, let go. And cleared camps."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import CERTAIN, Family, LimitOf, Rule, Tables, Values, by_group, shared
from rumbo.model.rules.ground import MOST_MOVED, Ground


def custody_moves(ground: Ground) -> Iterator[Move]:
    """Transitions out of being held."""
    for place in ground.stays.tolist():
        for k in ground.times_moved(place):
            held = Compartment("held", place, k)
            yield Move("release", held, Compartment("waiting", place, k), place)
            yield Move("deport", held, None, place)
            if len(ground.times_moved(place)) > 1:
                yield from _south(ground, held, "transfer")
    for place in ground.transfer_places.tolist():
        for k in ground.times_moved(place):
            moved = Compartment("moved", place, k)
            yield Move("retry", moved, Compartment("waiting", place, min(k + 1, MOST_MOVED)), place)
            yield Move("moved_settle", moved, None, place)
            yield Move("moved_home", moved, None, place)


def _south(ground: Ground, source: Compartment, kind: str) -> Iterator[Move]:
    for place in ground.transfers_within(source.at).tolist():
        yield Move(kind, source, Compartment("moved", place, source.moved), place)


def custody_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates out of being held: the stay ends, and shares say how."""
    groups = len(ground.groups)
    leaving = by_group(rate_of_mean(values["held.days"], ground.step), groups)
    south = by_group(values["transfer.share"], groups)
    home = shared(values["deport.share"], groups)
    ways = {"release": (1 - south) * (1 - home), "deport": home + 0 * south}
    tables = {kind: _at(leaving * part, space, kind) for kind, part in ways.items()}
    moved = _southward(leaving * south * (1 - home), values, ground, space, "transfer")
    return {**tables, "transfer": moved, **_after_move(values, ground, space)}


def _after_move(values: Values, ground: Ground, space: Space) -> Tables:
    """What people moved south do at once: start again, less often with each move, or give up."""
    tables = {}
    homeward = values["retry.home"]
    for kind in ("retry", "moved_settle", "moved_home"):
        before = np.array([space.moves[i].source.moved for i in space.of(kind)], dtype=np.int64)
        again = shared(values["retry.share"], len(ground.groups)) * values["retry.decay"] ** before
        share = {
            "retry": again,
            "moved_settle": (1 - again) * (1 - homeward),
            "moved_home": (1 - again) * homeward,
        }
        tables[kind] = CERTAIN * share[kind]
    return tables


def _at(rate: Array, space: Space, kind: str) -> Array:
    return np.asarray(rate[:, space.start(space.of(kind))])


def _southward(rate: Array, values: Values, ground: Ground, space: Space, kind: str) -> Array:
    """Split a rate of being moved among the places people are taken to."""
    rows = space.of(kind)
    source, target = space.start(rows), space.at(rows)
    return np.asarray(rate[:, source] * _destination(values, ground, source, target))


def _destination(values: Values, ground: Ground, source: Index, target: Index) -> Array:
    """Share of those moved from ``source`` taken to ``target``, elsewhere in their country."""
    weight = np.zeros(len(ground.places))
    weight[ground.transfer_places] = values["transfer.to"][ground.transfer_places]
    whole = {c: np.where(ground.country == c, weight, 0.0).sum() for c in ground.moving_countries}
    own = np.array([whole[country] for country in ground.country[source]])
    others = np.maximum(own - weight[source], 1e-12)  # 0 where there is nowhere else
    return np.asarray(weight[target] / others)


def set_out_again(values: Values, ground: Ground) -> tuple[Array, Index, Index, Array]:
    """Return which share of those stopped set out again, and where.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.

    Returns
    -------
    released
        Share let go at each place; shape (P, G).
    source, target
        Pairs of places between which people are taken; shape (Q,).
    moved
        Share of those stopped at the source who set out again from the target, if all have seats;
        shape (Q, G).
    """
    groups = len(ground.groups)
    source, target = ground.transfer_pairs
    south = by_group(values["transfer.share"], groups) * np.isin(
        np.arange(len(ground.places)), source
    )
    free = 1 - shared(values["deport.share"], groups)
    moved = free * south * shared(values["retry.share"], groups)
    there = moved[:, source] * _destination(values, ground, source, target)
    return (free * (1 - south)).T, source, target, there.T


def clearance_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of people cleared from where they wait: moved south, or scattered inland."""
    for place in ground.having("waiting_city").tolist():
        if len(ground.times_moved(place)) == 1:
            continue
        inland = nearest_inland(ground, place)
        for k in ground.times_moved(place):
            here = Compartment("waiting", place, k)
            yield from _south(ground, here, "clear_move")
            if inland is not None:
                yield Move("clear_scatter", here, Compartment("waiting", inland, k), place)


def nearest_inland(ground: Ground, place: int) -> int | None:
    """Return the nearest hub or way-point in the same country that is not a waiting city itself."""
    links = np.flatnonzero(ground.origin == place)
    onto = ground.destination[links]
    fits = (ground.country[onto] == ground.country[place]) & ground.inland[onto]
    near = zip(ground.hours[links[fits]].tolist(), onto[fits].tolist(), strict=True)
    return min(near, default=(0.0, None))[1]


def clearance_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of being cleared."""
    groups = len(ground.groups)
    rate = by_group(values["clearance.rate"], groups)
    south = values["clearance.moved"]
    return {
        "clear_move": _southward(rate * south, values, ground, space, "clear_move"),
        "clear_scatter": _at(rate * (1 - south), space, "clear_scatter"),
    }


TRANSFERS = Rule(
    "transfers",
    custody_moves,
    custody_rates,
    neutral={"transfer.share": 0.0},
    limits=(LimitOf("transfer seats", ("transfer",), "transfer.seats", by_country=True),),
    families=(
        Family("transfer", ("transfer",), unsure=(("transfer.share", "odds"),)),
        Family("retry", ("retry",), unsure=(("retry.share", "odds"),)),
    ),
)
CLEARANCE = Rule(
    "clearance",
    clearance_moves,
    clearance_rates,
    neutral={"clearance.rate": 0.0},
    families=(
        Family("clear", ("clear_move", "clear_scatter"), unsure=(("clearance.rate", "rate"),)),
    ),
)
