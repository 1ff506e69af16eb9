"""What going now is worth against waiting: by hand, and what must hold in any corridor."""

from pathlib import Path

import numpy as np
import pytest
from small_worlds import LINE_TURN, POOL_TURN, SIZE, N, S, W, World, drawn, sight

from benchmarks.minds.world import one_day
from rumbo.engine.arrays import Array
from rumbo.engine.space import NOWHERE
from rumbo.model.minds.backwards import MOST
from rumbo.model.minds.chain import Chain, decisions, going, reckoned, walk
from rumbo.model.minds.dates import blurred_date
from rumbo.model.minds.pace import (
    BELIEFS,
    Prospect,
    at_belief,
    chances,
    pace_table,
    paces_after,
    plain_step,
)
from rumbo.model.minds.value import After, Mind, usual_values
from rumbo.run.program import compile_scenario
from rumbo.scenario.scenario import load

Drawn = tuple[World, Mind]

THREE_PLACES = Path(__file__).parents[1] / "examples" / "three_places"

WORLDS, DATE = 200, 150
"""Random corridors, and the day on which a closing is expected in them."""

NEAR = 1e-9
"""Rounding in a log pace."""

EVERYWHERE = (POOL_TURN, LINE_TURN)

BUMP = np.log(1.02)
"""A rush, as a log pace."""


@pytest.fixture(scope="module")
def random_worlds() -> Drawn:
    return drawn(14, WORLDS)


def rush(world: World, mind: Mind, turns: tuple[int, ...] = (), survives: bool = False) -> Array:
    """Log paces before a closing on a known day, (T, G, D)."""
    seen = sight(world, mind, (DATE, 0.0, DATE + 1), turns, survives)
    return pace_table(seen.usual, mind, seen.prospect, [world.belief])[0]


def hazard(world: World, mind: Mind, turns: tuple[int, ...] = (), survives: bool = False) -> Array:
    """Log of how many set out each day, but for what is the same with and without a lottery."""
    seen = sight(world, mind, (DATE, 0.0, DATE + 1), turns, survives)
    usually = going(seen.usual, walk(seen.usual, SIZE), seen.prospect.usual)
    return rush(world, mind, turns, survives) + mind.stake[:, None] * usually


def peaks(*what: object) -> Array:
    """Largest log pace of each group and decision, (G, D)."""
    return rush(*what).max(axis=0)


PAUSE, CROSS, SHUT, COST, STAKE = 0.1, 0.2, 0.3, 0.001, 4.0


def two_places(worth: float) -> Chain:
    """A pool, from which people set out to the line at once, and the line."""
    one, two = np.array([0, 1]), np.array([1, NOWHERE])
    rate, value = np.array([[PAUSE, CROSS]]), np.array([[0.0, worth]])
    return Chain(one, two, np.array([0, 1]), rate, value)


def test_two_places_by_hand() -> None:
    """The closing takes ``1 - SHUT`` from both places, two days ahead, and is never undone."""
    mind = Mind(*(np.array([one]) for one in (STAKE, COST, 0.0, 0.0)))
    usual = usual_values(two_places(1.0), mind, 2)
    crossing = 1.0 - COST / -np.expm1(-CROSS)
    assert usual[0] == pytest.approx([crossing - COST / -np.expm1(-PAUSE), crossing], abs=1e-4)
    then = After(two_places(SHUT), mind, usual.shape[1]).values(usual)
    assert usual - then == pytest.approx(np.full((1, 2), 1.0 - SHUT), abs=1e-4)

    prospect = Prospect(usual, then[None], blurred_date(2, 0.0, np.arange(3))[None])
    pace = pace_table(two_places(1.0), mind, prospect, [0.5])[0][:, 0]
    stake = STAKE * 0.5 * (1.0 - SHUT)
    assert pace[:, 1] == pytest.approx([stake * np.exp(-CROSS), stake, 0.0], abs=1e-3)
    assert pace[:, 0] == pytest.approx([stake * -np.expm1(-CROSS), 0.0, 0.0], abs=1e-3)


@pytest.mark.parametrize("rate", [np.nan, np.inf])
def test_rates_that_are_no_numbers_are_refused(rate: float) -> None:
    mind, chain = Mind(*(np.array([one]) for one in (STAKE, COST, 0.0, 0.0))), two_places(1.0)
    chain.rate[0, 1] = rate
    with pytest.raises(FloatingPointError, match="no values follow"):
        usual_values(chain, mind, 2)


def branching(worth: float) -> Chain:
    """Three places: a decision that may end in death, one to cross, and ways back and about."""
    rate = np.array([[0.1, 0.02, 0.05, 0.03, 0.2, 0.15]])
    gains = np.array([[0.0, 0.0, 0.0, 0.0, worth, 0.0]])
    ends = np.array([0, 0, 0, 1, 1, 2]), np.array([1, NOWHERE, 2, 0, NOWHERE, 1])
    return Chain(*ends, np.array([0, 0, -1, -1, 1, -1]), rate, gains)


def day_by_day(chain: Chain, faster: Array) -> tuple[Array, Array]:
    """A day ahead as ``docs/minds.md`` writes it: P V is the first times V, plus the second."""
    ahead, gain = np.zeros((3, 3)), np.full(3, -COST)
    rate = chain.rate[0] * np.where(chain.decision < 0, 1.0, faster[chain.decision])
    for c in range(3):
        rows = np.flatnonzero(chain.source == c)
        total = rate[rows].sum()
        ahead[c, c] += np.exp(-total)
        for m in rows:
            share = (1.0 - np.exp(-total)) * rate[m] / total
            gain[c] += share * chain.worth[0, m]
            if chain.target[m] != NOWHERE:
                ahead[c, chain.target[m]] += share
    return ahead, gain


def gain_of(chain: Chain, value: Array) -> Array:
    """Going today less being here tomorrow, by decision."""
    there = np.where(chain.target < 0, 0.0, value[chain.target]) + chain.worth[0]
    gains = []
    for d in range(2):
        rows = chain.decision == d
        mean = np.average(there[rows], weights=chain.rate[0, rows])
        gains.append(mean - value[chain.source[rows][0]])
    return np.array(gains)


def test_the_formulas_of_the_guide() -> None:
    """As they stand in ``docs/minds.md``, one by one, for who half counts on going faster later."""
    hope, own_chance, belief, last = 0.01, 0.5, 0.6, 30
    mind = Mind(*(np.array([one]) for one in (STAKE, COST, hope, own_chance)))
    now, then = branching(1.0), branching(SHUT)
    (ahead, gain), (ahead_o, gain_o) = (day_by_day(one, np.ones(2)) for one in (now, then))
    usual = np.linalg.solve(np.eye(3) - ahead, gain)
    held = (1.0 - hope) * gain_o + hope * usual
    shut = np.linalg.solve(np.eye(3) - (1.0 - hope) * ahead_o, held)
    assert usual_values(now, mind, 3)[0] == pytest.approx(usual, abs=1e-4)
    assert After(then, mind, 3).values(usual[None])[0] == pytest.approx(shut, abs=1e-4)

    share, value, logs = blurred_date(20, 4.0, np.arange(last)), usual, np.zeros((last, 2))
    for t in reversed(range(last)):
        chance = belief * share[t] / (1.0 - belief * share[:t].sum())
        logs[t] = STAKE * (gain_of(now, value) - gain_of(now, usual))
        paced, gains = day_by_day(now, np.exp(own_chance * logs[t]))
        value = (1.0 - chance) * (paced @ value + gains) + chance * shut
    prospect = Prospect(usual[None], shut[None, None], share[None])
    assert pace_table(now, mind, prospect, [belief])[0][:, 0] == pytest.approx(logs, abs=1e-3)
    after = STAKE * (gain_of(then, shut) - gain_of(now, usual))
    told = paces_after(now, then, mind, usual[None], shut[None])
    assert told[0] == pytest.approx(after, abs=1e-3)


def test_an_outcome_that_is_undone_on_the_next_day_costs_one_day() -> None:
    mind = Mind(*(np.array([one]) for one in (STAKE, COST, 1.0, 0.0)))
    usual = usual_values(two_places(1.0), mind, 2)
    assert After(two_places(0.0), mind, usual.shape[1]).values(usual) == pytest.approx(usual)


def test_who_believes_in_nothing_goes_exactly_as_usual(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    seen = sight(world, mind, (DATE, 5.0, DATE + 20))
    table = pace_table(seen.usual, mind, seen.prospect)
    assert (at_belief(table, np.zeros((1, 1, 1))) == 0.0).all()
    for belief, most in ((0.0, 0.0), (1e-12, NEAR)):
        held = world._replace(belief=np.full(WORLDS, belief))
        assert np.abs(rush(held, mind)).max() <= most


def test_the_rush_grows_with_belief_and_with_the_stake(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    peak = peaks(world, mind)
    assert (peak > BUMP).mean() > 0.98
    doubting = world._replace(belief=0.8 * world.belief)
    calmer = mind._replace(stake=0.8 * mind.stake)
    for less in (peaks(doubting, mind), peaks(world, calmer)):
        assert (less <= peak).all()
        assert (less < peak)[peak < MOST].all()


def test_the_rush_on_the_way_falls_with_interception(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    freer = world._replace(caught=0.8 * world.caught)
    assert (peaks(freer, mind) > peaks(world, mind))[:, [S, W]].all()


def test_people_wait_and_see_at_the_date_and_stay_away_if_it_closes(random_worlds: Drawn) -> None:
    """Who cannot be across in time waits; at the line, people go until the day before."""
    world, mind = random_worlds
    pace = rush(world, mind)
    assert (pace[DATE] <= NEAR).all()
    assert (pace[DATE - 2 : DATE][..., [S, W]] < 0.0).all()
    seen = sight(world, mind, (DATE, 0.0, DATE + 1))
    usual, shut = seen.prospect.usual, seen.prospect.then[0]
    assert (paces_after(seen.usual, seen.then, mind, usual, shut) < 0.0).all()


def test_fewer_set_out_on_every_day_where_people_are_in_a_lottery(random_worlds: Drawn) -> None:
    """One that ends with the closing, whatever people count on."""
    fewer = hazard(*random_worlds, EVERYWHERE) < hazard(*random_worlds)
    assert fewer[:DATE][..., [W, N]].all()


def test_fewer_set_out_on_every_day_where_a_lottery_survives(random_worlds: Drawn) -> None:
    """Where people count on the usual chance to go; who counts on going fast later puts it off."""
    plain = with_ahead(random_worlds, 0.0)
    fewer = hazard(*plain, EVERYWHERE, True) < hazard(*plain)
    assert fewer[:DATE][..., [W, N]].all()


def test_a_lottery_that_survives_makes_every_rush_smaller(random_worlds: Drawn) -> None:
    without = peaks(*random_worlds)
    assert (peaks(*random_worlds, EVERYWHERE, True) < without)[without < MOST].all()


def test_a_lottery_that_ends_makes_the_rush_at_the_line_larger(random_worlds: Drawn) -> None:
    without = peaks(*random_worlds)[:, N]
    larger = peaks(*random_worlds, EVERYWHERE)[:, N] > without
    assert larger[without < MOST].all()


def test_a_lottery_ahead_that_ends_makes_the_rush_towards_it_larger(random_worlds: Drawn) -> None:
    """From the pool, if people can ask only at the line and count on the usual chance to go.

    Where they can ask in the pool as well, going does not bring them nearer to it, and the rush
    from there is mostly smaller.
    """
    plain = with_ahead(random_worlds, 0.0)
    without = peaks(*plain)[:, W]
    assert (peaks(*plain, (LINE_TURN,))[:, W] > without).all()
    assert (peaks(*plain, EVERYWHERE)[:, W] < without).mean() > 0.8


def with_ahead(worlds: Drawn, ahead: float) -> Drawn:
    """Let everybody count so far on their own later chance to go."""
    return worlds[0], worlds[1]._replace(ahead=np.full(WORLDS, ahead))


@pytest.mark.parametrize("blur", [0.0, 7.0])
def test_the_rush_from_the_pool_leaves_time_to_arrive(random_worlds: Drawn, blur: float) -> None:
    world, mind = random_worlds
    seen = sight(world, mind, (DATE, blur, DATE + 40))
    pace = pace_table(seen.usual, mind, seen.prospect, [world.belief])[0][:, :, W]
    remaining = world.second_road + world.line
    ratio = ((DATE - pace.argmax(axis=0)) / remaining)[pace.max(axis=0) > BUMP]
    assert ((ratio > 0.6) & (ratio < 1.7)).mean() >= 0.9
    assert ((ratio > 0.5) & (ratio < 2.0)).mean() >= 0.95


def test_several_dates_are_the_mean_of_each_for_who_counts_on_the_usual_chance(
    random_worlds: Drawn,
) -> None:
    """Where nothing is cut off, that is: a belief of a tenth in each, all at a small stake."""
    world, mind = with_ahead(random_worlds, 0.0)
    mind = mind._replace(stake=mind.stake / 4.0)
    seen = sight(world, mind, (DATE, 0.0, DATE + 1))
    days = [blurred_date(day, 0.0, np.arange(DATE + 1)) for day in (DATE, DATE - 60)]

    def pace(share: Array) -> Array:
        prospect = seen.prospect._replace(share=share[None])
        return pace_table(seen.usual, mind, prospect, [1.0])[0]

    both = pace(0.1 * days[0] + 0.1 * days[1])[: DATE - 60]
    apart = [pace(0.2 * day)[: DATE - 60] for day in days]
    assert both == pytest.approx(sum(apart) / 2.0, abs=1e-9)


def test_outcomes_of_the_same_worth_are_one(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    seen = sight(world, mind, (DATE, 3.0, DATE + 10))
    one = pace_table(seen.usual, mind, seen.prospect, [world.belief])[0]
    share, then = seen.prospect.share, seen.prospect.then
    halves = np.concatenate([0.3 * share, 0.7 * share])
    prospect = Prospect(seen.prospect.usual, np.concatenate([then, then]), halves)
    two = pace_table(seen.usual, mind, prospect, [world.belief])[0]
    assert two == pytest.approx(one, abs=1e-9)


def test_five_beliefs_are_enough(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    seen = sight(world, mind, (DATE, 5.0, DATE + 20))
    table = pace_table(seen.usual, mind, seen.prospect)
    assert table.shape[0] == len(BELIEFS)
    exact = pace_table(seen.usual, mind, seen.prospect, [world.belief])[0]
    apart = np.abs(at_belief(table, world.belief[None, :, None]) - exact)
    assert np.median(apart) < 0.01
    assert np.quantile(apart, 0.95) < 0.2


def test_the_order_of_groups_changes_nothing(random_worlds: Drawn) -> None:
    world, mind = random_worlds
    order = np.random.default_rng(3).permutation(WORLDS)
    turned = rush(World(*(one[order] for one in world)), Mind(*(one[order] for one in mind)))
    assert turned == pytest.approx(rush(world, mind)[:, order], abs=NEAR)


def test_a_believed_chance_is_that_of_the_day_if_none_came_before() -> None:
    share = np.full((1, 4), 0.25)
    assert chances(share, 1.0)[0, :, 0] == pytest.approx([1 / 4, 1 / 3, 1 / 2, 1.0])
    assert chances(share, 0.4)[0, :, 0] == pytest.approx([0.1, 0.1 / 0.9, 0.1 / 0.8, 0.1 / 0.7])


def test_the_plain_rule_rises_before_and_falls_after() -> None:
    ahead, come = np.array([0.0, 0.5, 0.0]), np.array([0.0, 0.0, 0.5])
    assert plain_step(ahead, come, 2.0, 3.0).tolist() == [0.0, 1.0, -1.5]


def test_the_engines_table_becomes_a_chain() -> None:
    """Only what is rationed is reckoned with otherwise: who is in the queue has a turn at times."""
    program = compile_scenario(load(THREE_PLACES))
    space, rate = program.space, program.rate[0]
    groups, size = len(rate), len(space.compartments)
    decision = decisions(space, program.paces.of)
    turn, across, lawful = (np.full(groups, one) for one in (0.02, 0.9, 1.3))
    chain = reckoned(space, decision, rate, turn, across, lawful, program.step)
    alike = np.setdiff1d(
        np.arange(len(space.moves)),
        space.of("appointment", "leave_queue", "queue_settle", "queue_home"),
    )
    assert (chain.rate[:, alike] == rate[:, alike]).all()
    stay, taken = one_day(chain, size)
    assert stay + [np.bincount(chain.source, one, size) for one in taken] == pytest.approx(1.0)
    served, queues = space.of("appointment"), space.where("queue")
    assert len(queues)
    turns = [np.bincount(chain.source[served], one[served], size)[queues] for one in taken]
    assert np.array(turns) == pytest.approx(0.02, rel=0.05)
    set_out = {space.moves[m].kind for m in np.flatnonzero(chain.decision != NOWHERE)}
    assert set_out >= {"depart", "encounter", "evade"}
    assert (chain.worth[:, space.of("evade")] == 0.9).all()
