"""Small corridors that people reckon in: home, a southern pool, and the line; drawn at random."""

from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.chain import Chain
from rumbo.model.minds.dates import blurred_date
from rumbo.model.minds.pace import Prospect
from rumbo.model.minds.value import After, Mind, usual_values

HOME, ROAD, POOL, HELD, NORTH, LINE = 0, 1, 3, 4, 5, 7
"""Compartments; a road has two stages."""

SIZE = 8

S, W, N = range(3)
"""Decisions: to set out from home, from the southern pool, and across the line."""

ROWS = (
    (HOME, ROAD, S), (HOME, NOWHERE, -1),
    (ROAD, ROAD + 1, -1), (ROAD + 1, POOL, -1),
    (POOL, NORTH, W), (POOL, HELD, W), (POOL, NOWHERE, -1), (POOL, NOWHERE, -1),
    (HELD, POOL, -1), (HELD, NOWHERE, -1),
    (NORTH, NORTH + 1, -1), (NORTH + 1, LINE, -1),
    (LINE, NOWHERE, N), (LINE, NOWHERE, -1), (LINE, NOWHERE, -1),
)  # fmt: skip
"""Source, target and decision of each transition. The last ways out of the pool and of the line are
appointments."""

CROSSING = 12

POOL_TURN, LINE_TURN = 7, 14
"""Transitions that are appointments, in the pool and at the line."""


class World(NamedTuple):
    """Many small corridors, one a group; every shape is (G,). Days, chances, rates a day, worths.

    `appointment` is its worth, `open_` and `shut` are those of crossing.
    """

    home: Array
    give_up: Array
    first_road: Array
    pool: Array
    leave: Array
    caught: Array
    held: Array
    lost: Array
    second_road: Array
    line: Array
    turn: Array
    appointment: Array
    open_: Array
    shut: Array
    belief: Array


RANGES = World(
    (60, 240), (180, 1500), (8, 25), (4, 15), (0.001, 0.006), (0.2, 0.6), (3, 12), (0, 0.3),
    (8, 13), (6, 20), (0.002, 0.02), (1, 1.6), (1, 1), (0, 0.7), (0.1, 0.9),
)  # fmt: skip

MINDS = Mind((3, 12), (0.0002, 0.003), (1 / 720, 1 / 60), (0, 1))
"""Ranges of how people reckon: stake, cost, hope, ahead."""


def drawn(seed: int, count: int) -> tuple[World, Mind]:
    """Draw small corridors and how people reckon there, one a group."""
    rng = np.random.default_rng(seed)
    world = World(*(rng.uniform(*bounds, count) for bounds in RANGES))
    return world, Mind(*(rng.uniform(*bounds, count) for bounds in MINDS))


def chain_of(world: World, *, shut: bool = False, turns: tuple[int, ...] = ()) -> Chain:
    """Return the chain of the small corridors, open or shut, with some appointments or none."""
    out, none = rate_of_mean(world.pool, 1.0), np.zeros_like(world.home)
    first, second = (rate_of_mean(one / 2, 1.0) for one in (world.first_road, world.second_road))
    let_go = 1.0 / world.held
    rate = np.stack([
        1.0 / world.home, 1.0 / world.give_up,
        first, first,
        out * (1.0 - world.caught), out * world.caught, world.leave, none,
        let_go * (1.0 - world.lost), let_go * world.lost,
        second, second,
        rate_of_mean(world.line, 1.0), world.leave, none,
    ], axis=1)  # fmt: skip
    rate[:, list(turns)] = world.turn[:, None]
    worth = np.zeros_like(rate)
    worth[:, CROSSING] = world.shut if shut else world.open_
    worth[:, POOL_TURN] = worth[:, LINE_TURN] = world.appointment
    source, target, decision = np.array(ROWS, dtype=np.int64).T.copy()
    return Chain(source, target, decision, rate, worth)


class Sight(NamedTuple):
    """The usual world, that after closing, and what people see coming."""

    usual: Chain
    then: Chain
    prospect: Prospect


def sight(
    world: World,
    mind: Mind,
    date: tuple[float, float, int],
    turns: tuple[int, ...] = (),
    survives: bool = False,
) -> Sight:
    """Let a closing come, and end the lottery that there is, unless that survives.

    ``date`` is the day, its blur, and how many days are looked ahead.
    """
    usual = chain_of(world, turns=turns)
    then = chain_of(world, shut=True, turns=turns if survives else ())
    value = usual_values(usual, mind, SIZE)
    shut = After(then, mind, value.shape[1]).values(value)
    return Sight(
        usual,
        then,
        Prospect(value, shut[None], blurred_date(date[0], date[1], np.arange(date[2]))[None]),
    )
