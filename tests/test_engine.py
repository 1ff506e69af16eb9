"""The engine against exact results on small spaces."""

import numpy as np
import pytest
from expected_step import expected_step
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.stats import norm

from rumbo.engine.chances import gone_by
from rumbo.engine.draws import keys
from rumbo.engine.rates import Rates, Wiring
from rumbo.engine.space import NOWHERE, Compartment, Move, Space, build_space
from rumbo.engine.step import Luck, start, step
from rumbo.engine.weights import spread_to

Array = NDArray[np.float64]

PLACES = ("south", "middle", "north", "beyond")


def chain_space(groups: tuple[str, ...] = ("a", "b"), names: tuple[str, ...] = PLACES) -> Space:
    """South, middle and north in a ring of moves, with a way out of each."""
    spots = [Compartment("waiting", i) for i in range(3)]
    moves = [Move("on", one, two, one.at) for one in spots for two in spots if one != two]
    moves += [Move("leave", one, None, one.at) for one in spots]
    return build_space(groups, spots, moves, names, ())


def wiring(space: Space, limited: tuple[int, ...] = ()) -> Wiring:
    """No noise, no entries; some transitions share one limit."""
    limit_of = np.full(len(space.moves), NOWHERE, dtype=np.int64)
    limit_of[list(limited)] = 0
    return Wiring(
        factor_of=np.zeros(len(space.moves), dtype=np.int64),
        factor_row=np.zeros(len(space.groups), dtype=np.int64),
        limit_of=limit_of,
        limit_turn=np.zeros(len(space.moves), dtype=np.int64),
        limit_key=keys([("limit",)]),
        entry_group=np.empty(0, dtype=np.int64),
        entry_target=np.empty(0, dtype=np.int64),
        entry_key=keys([]),
        entry_pool=np.empty(0, dtype=np.int64),
    )


def run(
    space: Space, counts: Array, rate: Array, days: int, *, members: int = 1, limit: float = np.inf,
    limited: tuple[int, ...] = (), stochastic: bool = True, size: float = 1.0, first: int = 0,
) -> tuple[Array, list[Array]]:  # fmt: skip
    """Run some steps from the same counts in every member."""
    table = Rates(
        rate, np.ones((members, 1, 1)), np.empty((members, 0)), np.full((members, 1), limit)
    )
    now = np.repeat(counts[None], members, axis=0)
    flows = []
    for t in range(days):
        wires = wiring(space, limited)
        if stochastic:
            luck = Luck(5, np.arange(first, first + members), t, True)
            now, made = step(now, table, space, wires, size, luck)
            flows.append(made.moved)
        else:
            now, moved = expected_step(now, table, space, wires, size)
            flows.append(moved)
    return now, flows


def chain_matrix(space: Space, rate: Array) -> Array:
    """One day's exact transition matrix of one group, among compartments."""
    size = len(space.compartments)
    matrix = np.eye(size)
    for c in range(size):
        out = range(space.first[c], space.first[c + 1])
        total = sum(rate[m] for m in out)
        for m in out:
            share = (1 - np.exp(-total)) * rate[m] / total
            matrix[c, c] -= share
            if space.target[m] != NOWHERE:
                matrix[c, space.target[m]] += share
    return matrix


@pytest.fixture
def rate() -> Array:
    return np.random.default_rng(1).uniform(0.01, 0.6, (2, 9))


def test_expected_equals_the_exact_chain(rate: Array) -> None:
    space = chain_space()
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    after, _ = run(space, counts, rate, 30, stochastic=False)
    for g in range(2):
        power = np.linalg.matrix_power(chain_matrix(space, rate[g]), 30)
        np.testing.assert_allclose(after[0, g], counts[g] @ power, rtol=1e-12)


def test_mean_of_draws_equals_the_exact_chain(rate: Array) -> None:
    """Largest of 6 z-scores; errs once in 100,000 by chance."""
    space, members = chain_space(), 4000
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    after, _ = run(space, counts, rate, 5, members=members)
    exact, _ = run(space, counts, rate, 5, stochastic=False)
    error = after.std(axis=0) / np.sqrt(members)
    z = np.abs(after.mean(axis=0) - exact[0]) / error
    assert z.max() < norm.isf(1e-5 / 12)


def test_variance_of_draws_is_multinomial(rate: Array) -> None:
    """Variance of the stayers; the ratio to the exact one errs once in 10,000."""
    space, members = chain_space(), 4000
    counts = np.array([[1000.0, 0, 0], [0, 0, 0]])
    _, flows = run(space, counts, rate, 1, members=members)
    moved = flows[0][:, 0, space.first[0] : space.first[1]]
    total = rate[0, space.first[0] : space.first[1]]
    chance = (1 - np.exp(-total.sum())) * total / total.sum()
    ratio = moved.var(axis=0) / (1000 * chance * (1 - chance))
    np.testing.assert_allclose(ratio, 1.0, atol=norm.isf(1e-4 / 6) * np.sqrt(2 / members))


def test_nobody_appears_or_vanishes(rate: Array) -> None:
    space = chain_space()
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    after, flows = run(space, counts, rate, 40, members=3)
    gone = sum(one[:, :, space.target == NOWHERE].sum(axis=2) for one in flows)
    np.testing.assert_array_equal(after.sum(axis=2) + gone, np.tile(counts.sum(axis=1), (3, 1)))
    assert (after >= 0).all()


@given(a=st.floats(0.001, 3), b=st.floats(0.001, 3))
def test_two_half_days_are_one_day(a: float, b: float) -> None:
    """Competing exits at constant rates: the same people leave, in the same proportions."""
    spot = Compartment("waiting", 0)
    moves = [Move("x", spot, None, 0), Move("y", spot, None, 0)]
    space = build_space(("g",), [spot], moves, PLACES, ())
    counts, rate = np.array([[1000.0]]), np.array([[a, b]])
    one = run(space, counts, rate, 1, stochastic=False)[1]
    halves = run(space, counts, rate, 2, stochastic=False, size=0.5)[1]
    both = halves[0] + halves[1]
    np.testing.assert_allclose(both, one[0], rtol=1e-9)


def test_small_steps_approach_continuous_time(rate: Array) -> None:
    """The gap to the continuous-time chain, expm(Q t), halves with the step."""
    space = chain_space()
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    generator = np.zeros((3, 3))
    for m, (source, target) in enumerate(zip(space.source, space.target, strict=True)):
        generator[source, source] -= rate[0, m]
        if target != NOWHERE:
            generator[source, target] += rate[0, m]
    exact = counts[0] @ expm(5 * generator)
    gap = [
        np.abs(run(space, counts, rate, n, stochastic=False, size=5 / n)[0][0, 0] - exact).max()
        for n in (250, 500)
    ]
    assert gap[0] / gap[1] == pytest.approx(2, rel=0.05)
    assert gap[1] / exact.max() < 0.01


@settings(max_examples=40, derandomize=True)
@given(limit=st.floats(0, 60), people=st.integers(0, 200), seed=st.integers(0, 1000))
def test_a_limit_is_never_exceeded(limit: float, people: int, seed: int) -> None:
    space = chain_space()
    rate = np.full((2, 9), 0.5)
    out = tuple(m for m in range(9) if space.target[m] == NOWHERE)
    counts = np.array([[people, 50.0, 3], [20, people, 0]])
    _, flows = run(space, counts, rate, 3, members=2, limit=limit, limited=out, first=seed)
    for one in flows:
        passed = one[:, :, list(out)].sum(axis=(1, 2))
        assert (passed <= np.floor(limit) + 1).all()
    whole, _ = run(space, counts, rate, 1, limit=limit, limited=out, stochastic=False)
    assert counts.sum() - whole.sum() <= limit + 1e-9


def test_a_limit_favours_no_group() -> None:
    """Share of each group among the passed against its share of applicants; errs once in 10,000."""
    space, members = chain_space(), 3000
    rate = np.zeros((2, 9))
    out = tuple(m for m in range(9) if space.target[m] == NOWHERE and space.source[m] == 0)
    rate[:, list(out)] = 36.0
    counts = np.array([[300.0, 0, 0], [100, 0, 0]])
    _, flows = run(space, counts, rate, 1, members=members, limit=37, limited=out)
    passed = flows[0].sum(axis=2)
    assert (passed.sum(axis=1) == 37).all()
    error = passed[:, 0].std() / np.sqrt(members)
    assert abs(passed[:, 0].mean() - 37 * 0.75) < max(norm.isf(5e-5) * error, 0.02)


def test_waiting_time_of_a_queue_is_people_over_slots() -> None:
    """W = Q / C: of 2,000 people who are replaced when served, 40 a day are, each after 50 days."""
    spot, other = Compartment("queue", 0), Compartment("done", 0)
    space = build_space(("tagged", "rest"), [spot], [Move("serve", spot, other, 0)], PLACES, ())
    at = space.index[spot]
    now = np.zeros((1, 2, 2))
    now[0, 0, at], now[0, 1, at] = 1000.0, 1000.0
    table = Rates(
        np.full((2, 1), 36.0), np.ones((1, 1, 1)), np.empty((1, 0)), np.full((1, 1), 40.0)
    )
    waited = 0.0
    for t in range(1200):
        waited += now[0, 0, at]
        now, _ = step(now, table, space, wiring(space, (0,)), 1.0, Luck(2, np.arange(1), t, True))
        now[0, 1, at] = 2000.0 - now[0, 0, at]
    assert now[0, 0, at] == 0
    assert waited / 1000 == pytest.approx(50, rel=0.05)


@pytest.mark.parametrize(
    ("p", "rho", "share"), [(0.35, 0.9, 0.95), (0.8, 0.8, 0.56), (0.9, 0.8, 0.36)]
)
def test_retry_identity(p: float, rho: float, share: float) -> None:
    """Stopped with chance p, trying again with chance rho: (1 - p) / (1 - p rho) arrive."""
    south, held = Compartment("waiting", 0), Compartment("held", 0)
    moves = [
        Move("arrive", south, None, 1), Move("stop", south, held, 0),
        Move("again", held, south, 0), Move("give_up", held, None, 0),
    ]  # fmt: skip
    space = build_space(("g",), [south], moves, PLACES, ())
    chance = {"arrive": 1 - p, "stop": p, "again": rho, "give_up": 1 - rho}
    rate = np.array([[36.0 * chance[move.kind] for move in space.moves]])
    counts = np.zeros((1, 2))
    counts[0, space.index[south]] = 1.0
    _, flows = run(space, counts, rate, 400, stochastic=False)
    arrived = sum(one[0, 0, space.of("arrive")].sum() for one in flows)
    assert arrived == pytest.approx((1 - p) / (1 - p * rho), abs=1e-9)
    assert round(arrived, 2) == share


def test_a_member_does_not_depend_on_the_others(rate: Array) -> None:
    space = chain_space()
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    many, _ = run(space, counts, rate, 10, members=20)
    alone, _ = run(space, counts, rate, 10, members=1, first=17)
    np.testing.assert_array_equal(many[17], alone[0])


def test_order_of_groups_and_places_changes_nothing_else(rate: Array) -> None:
    """The same labels in another order give the same people, permuted."""
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    space = chain_space()
    after, _ = run(space, counts, rate, 10, members=4)
    turned = chain_space(("b", "a"), ("north", "middle", "south", "beyond"))
    moves = {
        (PLACES[m.source.at], m.kind, PLACES[m.target.at] if m.target else ""): i
        for i, m in enumerate(space.moves)
    }
    names = ("north", "middle", "south")
    order = [
        moves[names[m.source.at], m.kind, names[m.target.at] if m.target else ""]
        for m in turned.moves
    ]
    spots = [
        space.index[Compartment("waiting", PLACES.index(names[c.at]))] for c in turned.compartments
    ]
    again, _ = run(turned, counts[::-1][:, spots], rate[::-1][:, order], 10, members=4)
    np.testing.assert_array_equal(again, after[:, ::-1][:, :, spots])


def test_one_more_person_changes_one_journey(rate: Array) -> None:
    """Quantile draws are monotone: a place far from the extra person feels nothing that day."""
    space = chain_space()
    counts = np.array([[100.0, 30, 0], [5, 0, 1000]])
    more = counts + np.array([[1.0, 0, 0], [0, 0, 0]])
    _, flows = run(space, counts, rate, 1, members=50)
    _, other = run(space, more, rate, 1, members=50)
    change = other[0] - flows[0]
    south = slice(space.first[0], space.first[1])
    assert np.abs(np.delete(change[:, 0], np.r_[south], axis=1)).max() == 0
    assert np.abs(change[:, 1]).max() == 0
    assert set(change[:, 0, south].sum(axis=1)) <= {0.0, 1.0}


def test_start_is_empty() -> None:
    assert start(chain_space(), 3).shape == (3, 2, 3)
    assert start(chain_space(), 3).sum() == 0


def exits_open(space: Space, *pairs: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether each transition leads along one of some pairs of compartments."""
    rows = zip(space.source.tolist(), space.target.tolist(), strict=True)
    return np.array([pair in pairs for pair in rows])


def test_groups_come_to_what_their_own_exits_and_entries_lead_to() -> None:
    space = chain_space()
    live = np.stack([exits_open(space, (0, 1)), exits_open(space, (2, 0))])
    peopled = np.array([[True, False, False], [False, False, False]])
    entries = np.array([1]), np.array([2])  # of group b alone
    spread_to(peopled, live, np.arange(2), *entries, space.frame, True)
    assert peopled.tolist() == [[True, True, False], [True, False, True]]


def test_members_come_to_what_exits_and_entries_of_any_group_lead_to() -> None:
    space = chain_space()
    live = exits_open(space, (0, 1))[None]
    peopled = np.array([[True, False, False], [False, False, False]])
    entries = np.array([1]), np.array([2])
    spread_to(peopled, live, np.zeros(2, np.int64), *entries, space.frame, False)
    assert peopled.tolist() == [[True, True, True], [False, False, True]]


def test_the_share_that_is_gone_is_that_of_the_exponential() -> None:
    x = np.concatenate([-np.geomspace(1e-12, 5.0, 200), [0.0], np.geomspace(1e-12, 60.0, 200)])
    found = [gone_by(float(one)) for one in x]
    np.testing.assert_allclose(found, -np.expm1(-x), rtol=1e-14, atol=0.0)
