"""The choice of way and the mix of those who choose, held against dense systems of the same."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from helpers import QUIET, variant
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from rumbo.model.rules import mix
from rumbo.model.rules.choice import Atlas, make_atlas, weigh_ways, zone_shares
from rumbo.model.rules.mix import Again, fresh_choice, passages
from rumbo.run.program import compile_beside
from rumbo.run.simulate import simulate
from rumbo.scenario.scenario import Scenario, load

MODES = 3


class Made(NamedTuple):
    """A made-up network."""

    origin: np.ndarray
    onto: np.ndarray
    mode: np.ndarray
    zones: np.ndarray
    far: np.ndarray

    @property
    def atlas(self) -> Atlas:
        return make_atlas(self.zones, self.origin, self.onto, self.mode, MODES, self.far)


def network(seed: int, places: int = 20, links: int = 90, zones: int = 3) -> Made:
    """Return the links of a network with circles that lead nearer to one of its first places."""
    rng = np.random.default_rng(seed)
    origin, onto = rng.integers(places, size=(2, links))
    ends, km = np.arange(zones), np.zeros((places, places))
    on = ~np.isin(origin, ends)
    km[onto[on], origin[on]] = rng.uniform(1, 9, on.sum())
    far = dijkstra(csr_array(km), indices=ends)
    used = (far[:, onto] < far[:, origin]).any(axis=0) & on
    mode = rng.integers(MODES, size=links)[used]
    return Made(origin[used], onto[used], mode, ends, far)


def tastes(made: Made, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return utilities of links and of changing the mode, of two kinds of people."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-3, -0.1, (2, len(made.origin))), rng.uniform(-3, 0.2, (2, MODES))


def chain(made: Made, utility: np.ndarray, board: np.ndarray, zone: int) -> np.ndarray:
    """Return the weights between states (place, mode of arrival) of one kind: (H, states)."""
    size = made.far.shape[1]
    nearer = made.far[zone, made.onto] < made.far[zone, made.origin]
    weight = np.zeros((len(made.origin), size, MODES + 1))
    for a in np.flatnonzero(nearer):
        for by in range(MODES + 1):
            changed = by != made.mode[a]
            weight[a, made.origin[a], by] = np.exp(utility[a] + changed * board[made.mode[a]])
    return weight.reshape(len(made.origin), -1)


def dense(made: Made, weight: np.ndarray, zone: int) -> np.ndarray:
    """Return the values of all states by one dense system."""
    states = made.far.shape[1] * (MODES + 1)
    system, end = np.eye(states), np.zeros(states)
    end[zone * (MODES + 1) : (zone + 1) * (MODES + 1)] = 1.0
    for a, out in enumerate(weight):
        system[:, made.onto[a] * (MODES + 1) + made.mode[a]] -= out
    return np.linalg.solve(system, end)


@pytest.mark.parametrize("seed", range(4))
def test_values_solve_the_equations(seed: int) -> None:
    made = network(seed)
    utility, board = tastes(made, seed)
    value = np.exp(weigh_ways(utility, board, made.atlas).value)
    atlas = made.atlas
    for u in range(2):
        for zone in made.zones:
            wanted = dense(made, chain(made, utility[u], board[u], zone), zone).reshape(-1, 4)
            for place in range(len(wanted)):
                by = atlas.by[atlas.first_by[place] : atlas.first_by[place + 1]]
                found = value[u, zone, place, by]
                np.testing.assert_allclose(found, wanted[place, by], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("low", [0.0, 5.0, 40.0])
def test_ways_that_cost_nothing_or_please_have_values_all_the_same(low: float) -> None:
    made = network(1, 60, 300)
    ways = weigh_ways(np.full((1, len(made.origin)), low), np.full((1, MODES), low), made.atlas)
    reached = np.isfinite(made.far)
    assert np.isfinite(ways.value[0, :, :, -1][reached]).all()
    bound = zone_shares(np.zeros((1, 3)), ways.value[:, :, :, -1])
    np.testing.assert_allclose(bound.sum(axis=1)[0], reached.any(axis=0), atol=1e-12)


def test_a_zone_that_nobody_reaches_draws_nobody() -> None:
    made = network(2)
    on, far = made.onto != 2, made.far.copy()
    far[2] = np.where(np.arange(20) == 2, 0.0, np.inf)
    alone = Made(made.origin[on], made.onto[on], made.mode[on], made.zones, far)
    utility, board = tastes(alone, 2)
    ways = weigh_ways(utility, board, alone.atlas)
    bound = zone_shares(np.array([[0.0, 0.0, 50.0]] * 2), ways.value[:, :, :, -1])
    reached = np.isfinite(far[:2]).any(axis=0)
    assert (bound[:, 2, reached] == 0).all()
    choice = fresh_choice(ways, np.arange(2), alone.atlas, bound, np.ones((2, 20), dtype=bool))
    left = np.zeros((2, 20))
    np.add.at(left.T, alone.origin, choice.T)
    np.testing.assert_allclose(left[:, 3:], np.tile(reached[3:], (2, 1)), atol=1e-12)


def people(made: Made, seed: int, groups: int = 5) -> tuple[np.ndarray, np.ndarray, Again]:
    """Return who enters, who gets on, and where those who do not set out again."""
    rng = np.random.default_rng(seed)
    size, links = made.far.shape[1], len(made.origin)
    stopped = rng.uniform(0, 0.5, (links, groups))
    again = Again(
        np.arange(links), made.origin, stopped, rng.uniform(0, 0.6, (size, groups)),
        made.origin, rng.integers(3, size, links), rng.uniform(0, 0.05, (links, groups)),
    )  # fmt: skip
    return rng.uniform(0, 9, (size, groups)), (1 - stopped) * 0.99, again


def explicit(
    made: Made, kind: tuple[np.ndarray, np.ndarray], g: int, bound: np.ndarray, who: tuple
) -> np.ndarray:
    """Return passages of the chain whose states are (zone, place, mode of arrival)."""
    start, alive, again = who
    size, each = made.far.shape[1], made.far.shape[1] * (MODES + 1)
    move = np.zeros((len(made.zones) * each, len(made.zones) * each))
    enter, flows = np.zeros(len(move)), np.zeros((len(made.origin), len(move)))
    place = np.arange(size)
    for k in made.zones:
        weight = chain(made, *kind, k)
        value = dense(made, weight, k)
        at = slice(k * each, (k + 1) * each)
        target = made.onto * (MODES + 1) + made.mode
        with np.errstate(invalid="ignore", divide="ignore"):
            flows[:, at] = np.nan_to_num(weight * value[target][:, None] / value)
        enter[k * each + place * (MODES + 1) + MODES] = start[:, g] * bound[k, :, g]
        for a in range(len(made.origin)):
            move[at, k * each + target[a]] += flows[a, at] * alive[a, g]
    stops = (again.stopped[:, g, None] * flows).T
    for a, s in enumerate(made.origin):
        moved = np.flatnonzero(again.source == s)
        places = [s, *again.target[moved]]
        shares = [again.released[s, g], *again.moved[moved, g]]
        for to, share in zip(places, shares, strict=True):
            for k in made.zones:
                move[:, k * each + to * (MODES + 1) + MODES] += (
                    stops[:, a] * share * bound[k, to, g]
                )
    return flows @ np.linalg.solve(np.eye(len(move)) - move.T, enter)


@pytest.mark.parametrize("seed", range(3))
def test_passages_are_those_of_the_chain_with_memory(seed: int) -> None:
    made = network(seed, 14, 60)
    utility, board = tastes(made, seed)
    who = people(made, seed)
    ways = weigh_ways(utility, board, made.atlas)
    appeal = np.random.default_rng(seed).uniform(-1, 1, (5, 3))
    bound = zone_shares(appeal, ways.value[[1] * 5, :, :, -1]).transpose(1, 2, 0)
    found = passages(1, ways, made.atlas, bound, *who)
    for g in range(5):
        wanted = explicit(made, (utility[1], board[1]), g, bound, who)
        np.testing.assert_allclose(found[:, g], wanted, rtol=1e-9, atol=1e-12)


def test_the_order_of_links_places_and_zones_changes_nothing() -> None:
    made = network(5)
    utility, board = tastes(made, 5)
    rng = np.random.default_rng(1)
    links, places = rng.permutation(len(made.origin)), rng.permutation(20)
    zones = rng.permutation(3)
    far = np.empty_like(made.far)
    far[:, places] = made.far[zones]
    other = Made(
        places[made.origin[links]], places[made.onto[links]], made.mode[links],
        places[made.zones[zones]], far,
    )  # fmt: skip
    one = weigh_ways(utility, board, made.atlas)
    two = weigh_ways(utility[:, links], board, other.atlas)
    np.testing.assert_allclose(
        two.value[..., -1][:, :, places], one.value[..., -1][:, zones], rtol=1e-12
    )
    np.testing.assert_allclose(two.weight, one.weight[:, zones][:, :, links], rtol=1e-12)


def relay(to: Path) -> Scenario:
    """Return a corridor in which people reach a town by van or by coach, and go on by either."""
    town = {"name": "T", "country": "GT", "admin1": "South", "lat": 17, "lon": -94, "kind": "hub"}
    way = {"distance_km": 400, "typical_hours": 20, "method": "assumed"}
    scenario = variant(
        to,
        places=[town | {"id": name} for name in ("fork", "turn")],
        links=[
            {"from": one, "to": other, "mode": mode} | way
            for one, other in (("south_town", "fork"), ("fork", "turn"), ("turn", "north_crossing"))
            for mode in ("bus", "road")
        ],
        settings=[
            {"parameter": "mode.board", "at": f"mode:{mode}", "value": value, "unit": "utility"}
            for mode, value in (("bus", -2), ("road", -1.5))
        ],
    )
    off = (QUIET, "checkpoints", "asylum", "harm", "attrition", "appointments")
    for rule in off:
        scenario = scenario.without(rule)
    return scenario.change("stay.days", 2).change("crossing.retry", 0)


def test_links_carry_what_the_mix_expects_once_numbers_are_steady(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many enter in each day of January and February."""
    taken, count = [], mix.passages
    monkeypatch.setattr(mix, "SMALLEST_SHARE", 0.0)
    monkeypatch.setattr(mix, "passages", lambda *given: taken.append(count(*given)) or taken[-1])
    scenario = relay(tmp_path / "relay")
    ground = compile_beside(scenario).ground
    month = simulate(scenario, mode="expected").isel(scenario=0, member=0).sel(month="2024-02")
    links = [h for h in range(len(ground.heading)) if ground.origin[ground.heading[h]] != 2]
    wanted = taken[0].sum(axis=1)[links]
    found = month["passages"].values.ravel()[ground.heading[links]]
    np.testing.assert_allclose(found / found.sum(), wanted / wanted.sum(), atol=1e-3)
    on = {
        name: wanted[i] for i, name in enumerate(ground.network.links["id"][ground.heading[links]])
    }
    assert on["fork>turn:bus"] > on["south_town>fork:bus"] * 0.5


TRAILS = (
    "acandi>bajo_chiquito", "capurgana>bajo_chiquito", "capurgana>canaan_membrillo",
    "puerto_obaldia>canaan_membrillo",
)  # fmt: skip


def test_in_the_bundled_corridor_people_walk_where_the_road_ends() -> None:
    scenario = load("darien-rio-bravo").between("2023-09-01", "2023-11-30")
    runs = simulate(scenario, mode="expected").isel(scenario=0, member=0)
    total = runs["passages"].sum("month").to_series()
    left = sum(people for name, people in total.items() if name.startswith("necocli>"))
    assert total[[f"{trail}:walk" for trail in TRAILS]].sum() >= 0.98 * left > 0
