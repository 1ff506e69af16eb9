"""Several moves in a step: compartments that people only pass through, rooms, shared entries."""

import numpy as np
import pytest
from expected_step import expected_step

from rumbo.engine.draws import keys
from rumbo.engine.rates import Rates, Room, Wiring
from rumbo.engine.space import NOWHERE, Compartment, Move, Space, build_space
from rumbo.engine.step import MOST_PASSES, Luck, step

A, B, C, D = (Compartment("waiting", place) for place in range(4))
THROUGH = [Compartment("arrived", place) for place in range(4)]
SURE = 1e60


def chain() -> Space:
    """A leads through three places, each of which keeps some and passes the others on."""
    moves = [Move("go", A, THROUGH[1], 0)]
    for place, stay in ((1, B), (2, C), (3, D)):
        moves.append(Move("stop", THROUGH[place], stay, place))
        if place < 3:
            moves.append(Move("on", THROUGH[place], THROUGH[place + 1], place))
    return build_space(("all",), [A], moves, ("a", "b", "c", "d"), ())


def wiring(space: Space, **changed: object) -> Wiring:
    none = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    plain = Wiring(
        factor_of=np.zeros(len(space.moves), dtype=np.int64),
        factor_row=np.zeros(len(space.groups), dtype=np.int64), limit_of=none,
        limit_turn=np.zeros(len(space.moves), dtype=np.int64), limit_key=keys([("limit",)]),
        entry_group=np.empty(0, dtype=np.int64), entry_target=np.empty(0, dtype=np.int64),
        entry_key=keys([]), entry_pool=np.empty(0, dtype=np.int64),
        hop=np.array([c.status == "arrived" for c in space.compartments]),
    )  # fmt: skip
    return plain._replace(**changed)


def rates(space: Space, on: float = 0.25) -> np.ndarray:
    """Of those at a place, ``on`` go on and the others stop, all within the step."""
    share = {"go": np.log(2), "on": SURE * on, "stop": SURE * (1 - on)}
    return np.array([[share[move.kind] for move in space.moves]])


def run(
    space: Space, wires: Wiring, table: Rates, people: float, *, stochastic: bool, day: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    counts = np.zeros((1, 1, len(space.compartments)))
    counts[0, 0, space.index[A]] = people
    if not stochastic:
        after, moved = expected_step(counts, table, space, wires, 1.0)
        return after[0, 0], moved[0, 0]
    after, flows = step(counts, table, space, wires, 1.0, Luck(3, np.arange(1), day, True))
    return after[0, 0], flows.moved[0, 0]


def plain(space: Space, limit: float = np.inf) -> Rates:
    return Rates(rates(space), np.ones((1, 1, 1)), np.empty((1, 0)), np.full((1, 1), limit))


def test_a_chain_is_passed_in_one_step() -> None:
    space = chain()
    after, moved = run(space, wiring(space), plain(space), 1600.0, stochastic=False)
    meant = {A: 800, B: 600, C: 150, D: 50}
    for spot, people in meant.items():
        assert after[space.index[spot]] == pytest.approx(people)
    assert moved[space.of("on")].sum() == pytest.approx(200 + 50)
    assert after.sum() == pytest.approx(1600.0)


def test_draws_have_the_mean_of_the_expected_step() -> None:
    space = chain()
    wires, table = wiring(space), plain(space)
    drawn = [run(space, wires, table, 1600.0, stochastic=True, day=t)[0] for t in range(400)]
    meant, _ = run(space, wires, table, 1600.0, stochastic=False)
    # Binomial standard errors of 400 means; errs once in about 10,000 runs by chance.
    spread = np.sqrt(np.maximum(meant * (1 - meant / 1600.0), 1e-9) / 400)
    assert (np.abs(np.mean(drawn, axis=0) - meant) < 4.2 * spread + 1e-9).all()
    assert {one.sum() for one in drawn} == {1600.0}


@pytest.mark.parametrize("stochastic", [True, False])
def test_a_limit_holds_over_all_passes_of_a_step(stochastic: bool) -> None:
    space = chain()
    shared = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    shared[space.of("on")] = 0
    wires = wiring(space, limit_of=shared)
    after, moved = run(space, wires, plain(space, 230.0), 1600.0, stochastic=stochastic)
    assert moved[space.of("on")].sum() <= 230.0 + 1e-9
    assert moved[space.of("on")].sum() > 225.0
    assert after.sum() == pytest.approx(1600.0)


def test_who_goes_round_for_ever_goes_on_tomorrow() -> None:
    ring = [
        Move("go", A, THROUGH[1], 0), Move("on", THROUGH[1], THROUGH[2], 1),
        Move("on", THROUGH[2], THROUGH[1], 2),
    ]  # fmt: skip
    space = build_space(("all",), [A], ring, ("a", "b", "c", "d"), ())
    table = Rates(
        np.array([[SURE for _ in space.moves]]), np.ones((1, 1, 1)), np.empty((1, 0)),
        np.full((1, 1), np.inf),
    )  # fmt: skip
    after, moved = run(space, wiring(space), table, 10.0, stochastic=True)
    assert after.sum() == 10.0
    assert moved.sum() == 10.0 * MOST_PASSES


def room_for(people: float) -> tuple[Space, Wiring, Rates]:
    """People at A go to C, or turn back to B where there is too little room at C."""
    moves = [Move("go", A, C, 0, toward=2), Move("turn_back", A, B, 0, toward=2)]
    space = build_space(("all",), [A, C], moves, ("a", "b", "c", "d"), ())
    back = np.array([move.kind == "turn_back" for move in space.moves])
    wires = wiring(
        space, factor_of=np.where(back, 2, 1), room_place=np.array([2, 2]),
        room_back=np.array([False, True]),
        hop=np.zeros(len(space.compartments), dtype=np.bool_),
    )  # fmt: skip
    near, full = np.full(4, np.inf), np.full(4, np.inf)
    near[2], full[2] = 0.8 * people, people
    table = Rates(
        np.full((1, 2), SURE), np.ones((1, 1, 3)), np.empty((1, 0)), np.full((1, 1), np.inf),
        Room(near, full, np.full(4, True), 1.0),
    )  # fmt: skip
    return space, wires, table


@pytest.mark.parametrize(
    ("there", "enters"),
    [(0, True), (79, True), (89, True), (91, False), (100, False), (300, False)],
)
def test_people_turn_back_when_less_than_half_of_the_room_is_left(there: int, enters: bool) -> None:
    space, wires, table = room_for(100.0)
    counts = np.zeros((1, 1, len(space.compartments)))
    counts[0, 0, space.index[A]], counts[0, 0, space.index[C]] = 40.0, float(there)
    after, _ = step(counts, table, space, wires, 1.0, Luck(1, np.arange(1), 0, True))
    assert after[0, 0, space.index[C]] == there + 40.0 * enters
    assert after[0, 0, space.index[B]] == 40.0 * (not enters)


@pytest.mark.parametrize("day", range(20))
def test_a_pool_is_shared_to_the_person(day: int) -> None:
    space = build_space(("all",), [A, B, C], [Move("go", A, B, 0)], ("a", "b", "c", "d"), ())
    wires = wiring(
        space, hop=np.empty(0, dtype=np.bool_), entry_group=np.zeros(3, dtype=np.int64),
        entry_target=np.array([space.index[spot] for spot in (A, B, C)]),
        entry_key=keys([("a",), ("b",), ("c",)]), entry_pool=np.zeros(3, dtype=np.int64),
    )  # fmt: skip
    table = Rates(
        np.zeros((1, 1)), np.ones((1, 1, 1)), np.array([[10.4, 5.2, 1.4]]), np.full((1, 1), np.inf)
    )
    luck = Luck(1, np.arange(50), day, True)
    many = Rates(
        table.rate, np.ones((50, 1, 1)), np.repeat(table.entry, 50, axis=0), np.ones((50, 1))
    )
    after, flows = step(np.zeros((50, 1, 3)), many, space, wires, 1.0, luck)
    assert (flows.entered.sum(axis=1) == 17.0).all()
    assert (after.sum(axis=(1, 2)) == 17.0).all()
    assert len(np.unique(flows.entered[:, 0])) > 3
