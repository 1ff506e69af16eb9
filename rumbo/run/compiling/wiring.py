"""How factors, limits, room and entries attach to the transitions of a program."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.draws import keys
from rumbo.engine.rates import Room, Wiring
from rumbo.engine.space import NOWHERE, Space
from rumbo.model import Arrivals, Model
from rumbo.model.noise import Noise
from rumbo.model.pace import Paces
from rumbo.model.rules import Ground, LimitOf, Values
from rumbo.scenario.parameters import PARAMETERS


def wire(
    model: Model,
    space: Space,
    ground: Ground,
    noise: Noise,
    arrivals: Arrivals,
    toward: list[tuple[int, bool]],
    paces: Paces,
) -> Wiring:
    """Attach factors, limits, room, entries and paces to the transitions.

    Parameters
    ----------
    model, space, ground, noise, arrivals
        What was compiled so far.
    toward
        As `rooms_ahead` found.
    paces
        As `rumbo.model.pace.paces_of` found.

    Returns
    -------
    Wiring
    """
    limit_of = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    limit_turn = np.zeros(len(space.moves), dtype=np.int64)
    limits = list(each_limit(model, ground))
    for q, one in reversed(list(enumerate(limits))):
        rows = space.of(*one.limit.kinds)
        if one.place != NOWHERE:
            rows = rows[ground.country[space.at(rows)] == ground.country[one.place]]
        limit_of[rows] = q
        limit_turn[rows] = int(len(one.groups) < len(ground.groups))
    return Wiring(
        factor_of=_factor_of(space, noise, toward),
        factor_row=noise.factor_row,
        limit_of=limit_of,
        limit_turn=limit_turn,
        limit_key=keys(("limit", one.name) for one in limits),
        entry_group=arrivals.group,
        entry_target=np.array([space.index[spot] for spot in arrivals.target], dtype=np.int64),
        entry_key=keys(arrivals.key),
        entry_pool=arrivals.pool,
        hop=np.isin([c.status for c in space.compartments if model.hop], model.hop),
        room_place=np.array([place for place, _ in toward], dtype=np.int64),
        room_back=np.array([back for _, back in toward], dtype=np.bool_),
        pace_of=paces.of,
    )


def _factor_of(space: Space, noise: Noise, toward: list[tuple[int, bool]]) -> Index:
    """Factor of each transition: that of the room ahead comes before shared noise; shape (M,)."""
    factor = noise.factor_of(space)
    slot = {pair: noise.axis.room.start + k for k, pair in enumerate(toward)}
    for m, move in enumerate(space.moves):
        if move.toward != NOWHERE:
            factor[m] = slot[move.toward, move.kind == "turn_back"]
    return factor


def place_if(space: Space, statuses: tuple[str, ...]) -> Index:
    """Place of each compartment with some statuses, `NOWHERE` for the others; shape (C,)."""
    wanted = np.isin([c.status for c in space.compartments], statuses)
    return np.where(wanted, space.place, NOWHERE)


def stop_place(space: Space) -> Index:
    """Place that each transition is a stop at, or `NOWHERE`; shape (M,)."""
    place = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    rows = space.of("stop", "patrol")
    place[rows] = space.at(rows)
    return place


def rooms_ahead(space: Space) -> list[tuple[int, bool]]:
    """Places whose room weighs on transitions, and whether it weighs on turning back."""
    pairs = {(m.toward, m.kind == "turn_back") for m in space.moves if m.toward != NOWHERE}
    return sorted(pairs)


def rooms_of(values: Values, model: Model) -> Room:
    """How full places may be under constant values."""
    if not model.hop:
        return Room()
    full = values["flight.room"]
    near = full * np.maximum(values["flight.buffer"], 1e-9)
    return Room(near, full, values["flight.camp"] > 0, float(values["flight.weight_power"]))


def limits_of(values: Values, model: Model, ground: Ground) -> Array:
    """Persons per day that can pass each limit, shape (Q,)."""
    return np.array([_limit(values, one) for one in each_limit(model, ground)], dtype=np.float64)


def _limit(values: Values, one: "Limit") -> float:
    value = np.asarray(values[one.limit.parameter])
    at = one.groups[0] if one.place == NOWHERE else one.place
    return float(value[at] if value.ndim else value)


class Limit(NamedTuple):
    """A daily limit of some people.

    Attributes
    ----------
    name
        Names its random stream.
    limit
        What it limits.
    groups
        Whom it holds for.
    place
        Where its parameter is read, for transitions in the country of that place; `NOWHERE` for
        all transitions.
    """

    name: str
    limit: LimitOf
    groups: Index
    place: int


def each_limit(model: Model, ground: Ground) -> Iterator[Limit]:
    """Go through the limits: one to each group or country where its parameter tells them apart."""
    everyone = np.arange(len(ground.groups))
    for limit in (limit for rule in model.rules for limit in rule.limits):
        if limit.by_country:
            yield from _by_country(limit, everyone, ground)
        elif PARAMETERS[limit.parameter].by_group:
            for g in everyone:
                name = f"{limit.name} of {ground.groups[g]}"
                yield Limit(name, limit, everyone[g : g + 1], NOWHERE)
        else:
            yield Limit(limit.name, limit, everyone, NOWHERE)


def _by_country(limit: LimitOf, everyone: Index, ground: Ground) -> Iterator[Limit]:
    """Give each country a limit of its own, read at the first place it takes people to."""
    there = ground.transfer_places.tolist()
    for n, country in enumerate(ground.moving_countries):
        # A corridor with one such country has the stream that it had when seats were shared.
        name = f"{limit.name} of {country}" if n else limit.name
        first = next(place for place in there if ground.country[place] == country)
        yield Limit(name, limit, everyone, first)
