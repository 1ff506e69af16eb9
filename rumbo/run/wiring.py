"""How factors, limits, room and entries attach to the transitions of a program."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.draws import keys
from rumbo.engine.rates import Room, Wiring
from rumbo.engine.space import NOWHERE, Space
from rumbo.model import Arrivals, Model
from rumbo.model.noise import Noise
from rumbo.model.rules import Ground, LimitOf, Values
from rumbo.scenario.parameters import PARAMETERS


def wire(
    model: Model,
    space: Space,
    ground: Ground,
    noise: Noise,
    arrivals: Arrivals,
    toward: list[tuple[int, bool]],
) -> Wiring:
    """Attach factors, limits, room and entries to the transitions.

    Parameters
    ----------
    model, space, ground, noise, arrivals
        What was compiled so far.
    toward
        As `rooms_ahead` found.

    Returns
    -------
    Wiring
    """
    limit_of = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    limit_turn = np.zeros(len(space.moves), dtype=np.int64)
    limits = list(limit_groups(model, ground))
    for q, (_, limit, groups) in reversed(list(enumerate(limits))):
        limit_of[space.of(*limit.kinds)] = q
        limit_turn[space.of(*limit.kinds)] = int(len(groups) < len(ground.groups))
    return Wiring(
        factor_of=_factor_of(space, noise, toward),
        factor_row=noise.factor_row,
        limit_of=limit_of,
        limit_turn=limit_turn,
        limit_key=keys(("limit", name) for name, _, _ in limits),
        entry_group=arrivals.group,
        entry_target=np.array([space.index[spot] for spot in arrivals.target], dtype=np.int64),
        entry_key=keys(arrivals.key),
        entry_pool=arrivals.pool,
        hop=np.isin([c.status for c in space.compartments if model.hop], model.hop),
        room_place=np.array([place for place, _ in toward], dtype=np.int64),
        room_back=np.array([back for _, back in toward], dtype=np.bool_),
    )


def _factor_of(space: Space, noise: Noise, toward: list[tuple[int, bool]]) -> Index:
    """Factor of each transition: that of the room ahead comes before shared noise; shape (M,)."""
    factor = noise.factor_of(space)
    slot = {pair: noise.axis.room.start + k for k, pair in enumerate(toward)}
    for m, move in enumerate(space.moves):
        if move.toward != NOWHERE:
            factor[m] = slot[move.toward, move.kind == "turn_back"]
    return factor


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
    everyone = len(ground.groups)
    limits = [
        np.broadcast_to(values[name], everyone)[: everyone if PARAMETERS[name].by_group else 1]
        for name in (limit.parameter for rule in model.rules for limit in rule.limits)
    ]
    return np.concatenate([np.empty(0), *limits])


def limit_groups(model: Model, ground: Ground) -> Iterator[tuple[str, LimitOf, Index]]:
    """Name, limit and groups of every limit; a parameter by group gives one limit to each group."""
    everyone = np.arange(len(ground.groups))
    for limit in (limit for rule in model.rules for limit in rule.limits):
        if PARAMETERS[limit.parameter].by_group:
            for g in everyone:
                yield f"{limit.name} of {ground.groups[g]}", limit, everyone[g : g + 1]
        else:
            yield limit.name, limit, everyone
