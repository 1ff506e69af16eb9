"""Guided ways: their price, who can pay it, and what follows for stops and harm."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from folders import add, swap
from guided_ways import LINK, ROWS, WAY, Look, drawn, folder_with_guides, guided, look, with_checks
from helpers import three_places
from scipy.stats import norm

import rumbo
from rumbo.files.faults import Fault, Faults
from rumbo.model.rules.smuggling import LEAST_CHECKS, able_to_pay
from rumbo.run.folder import keep_run, write_result
from rumbo.run.program import compile_scenario
from rumbo.run.rerun import repeat
from rumbo.run.simulate import execute, simulate
from rumbo.run.spec import RunSpec
from rumbo.scenario.corridor import read_corridor
from rumbo.scenario.scenario import Scenario, load

SEEDS = range(12)

ON_FOOT = "middle_town>north_crossing:walk"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return guided(tmp_path_factory.mktemp("guided"))


def assert_same(one: xr.Dataset, other: xr.Dataset) -> None:
    """Fail unless two results hold the same bytes, links that only one has left out."""
    for name in one.data_vars:
        if name not in ("guided", "from_hubs", "guided_price"):
            mine = (
                other[name].sel(link=one["link"].values)
                if "link" in one[name].dims
                else other[name]
            )
            np.testing.assert_array_equal(one[name].values, mine.values, err_msg=str(name))


# Price and choice


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_rises_with_the_checks_by_its_elasticity(tmp_path: Path, seed: int) -> None:
    scenario = drawn(tmp_path, seed)
    before, after = look(scenario).fares, look(with_checks(scenario, 1.6)).fares
    np.testing.assert_array_equal(before.ratio, 1.0)
    np.testing.assert_allclose(after.ratio, 1.6**after.elasticity, rtol=1e-9)


def test_the_price_rises_only_for_whom_the_checks_do(base: Scenario) -> None:
    more = base.change("checkpoint.chance", 0.4, at="middle_town", group="family")
    ratio = look(more).fares.ratio[:, 0]
    assert ratio[0] == 1.0
    assert ratio[1] > 1.05


def test_a_coach_and_who_is_guided_pass_the_same_checks(tmp_path: Path) -> None:
    ground = look(drawn(tmp_path, 3)).ground
    link, place, _ = ground.passing
    coach, guide = (ground.link_names.index(WAY.replace("guided", m)) for m in ("bus", "guided"))
    assert len(place[link == guide]) > 1
    np.testing.assert_array_equal(place[link == coach], place[link == guide])


def test_a_guided_way_makes_no_place_nearer(base: Scenario) -> None:
    ground = look(base).ground
    without = compile_scenario(three_places())
    assert without.labels["link"] == tuple(ground.link_names[:-1])
    km = dict(zip(ground.place_names, ground._far[0], strict=True))
    assert km["middle_town"] == 910.0


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_hub_those_who_can_pay_choose_among_all_ways(tmp_path: Path, seed: int) -> None:
    scenario = with_checks(drawn(tmp_path, seed), 1.3)
    now = look(scenario)
    price = now.fares.price * now.fares.ratio
    budget, sigma = (float(now.values[f"smuggling.{n}"][0]) for n in ("budget", "budget_sigma"))
    able = 1.0 - norm.cdf(np.log(price[0, 0] / budget) / sigma)
    every = look(scenario.change("smuggling.budget", 1e12))
    shut = look(scenario.change("link.open", 0.0, at=WAY))
    mixed = able * every.way.choice[0] + (1 - able) * shut.way.choice[0]
    np.testing.assert_allclose(now.at_hub(now.way.choice)[0], now.at_hub(mixed[None])[0], rtol=1e-9)


def test_a_choice_worked_by_hand(base: Scenario) -> None:
    """Two ways lead on, both to the same place: their odds are those of their utilities.

    On foot fifteen days and a check with half the odds of 1/3; guided three days, 0.3 of the odds,
    a price as usual.
    """
    rich = base.change("smuggling.budget", 1e12).change("link.open", 0, at="mode:bus")
    now = look(rich)
    on_foot, guide = (now.of(now.way.choice, name) for name in (ON_FOOT, WAY))
    assert now.of(now.way.stopped, ON_FOOT) == pytest.approx((0.5 / 3) / (1 + 0.5 / 3))
    assert now.of(now.way.stopped, WAY) == pytest.approx(0.1 / 1.1)
    worth = 1 - 0.3 * 3 - np.log(1.1), -0.3 * 15 - np.log(1 + 0.5 / 3)
    assert guide / on_foot == pytest.approx(np.exp(worth[0] - worth[1]))


def test_ability_to_pay_is_lognormal() -> None:
    values = {"smuggling.budget": np.array([1e3, 2e3]), "smuggling.budget_sigma": np.full(2, 0.5)}
    able = able_to_pay(np.array([[1e3, np.inf], [1e3, np.inf]]), values)
    np.testing.assert_allclose(able[:, 0], [0.5, norm.cdf(np.log(2) / 0.5)])
    np.testing.assert_array_equal(able[:, 1], 0.0)


# Neutral


def test_without_the_rule_nothing_is_another(base: Scenario, tmp_path: Path) -> None:
    plain = simulate(three_places(), members=3, seed=7, workers=1)
    unlisted = simulate(load(folder_with_guides(tmp_path, listed=False)), members=3, seed=7)
    assert_same(plain, unlisted)
    assert set(plain.variables) == set(unlisted.variables)
    assert_same(plain, simulate(base.without("smuggling"), members=3, seed=7, workers=1))


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_nobody_able_is_the_way_shut(base: Scenario, mode: str) -> None:
    poor = base.change("smuggling.budget", 1.0).change("smuggling.budget_sigma", 0.01)
    shut = base.change("link.open", 0.0, at=WAY)
    closed = base.change("mode.open", 0.0, at="mode:guided")
    runs = simulate([poor, shut, closed, base], members=3, seed=7, mode=mode)
    one, *others, used = (runs.isel(scenario=n) for n in range(4))
    for other in others:
        xr.testing.assert_equal(one.drop_vars("scenario"), other.drop_vars("scenario"))
    assert float(one["guided"].sum()) == 0.0
    assert float(used["guided"].sum()) > 100.0


def test_everybody_able_is_the_plain_choice(base: Scenario) -> None:
    """No trace is left of those who cannot pay: the same bytes whatever sigma is."""
    rich = base.change("smuggling.budget", 1e30)
    other = rich.change("smuggling.budget_sigma", 0.02)
    np.testing.assert_array_equal(look(rich).way.choice, look(other).way.choice)


def test_where_the_row_stands_does_not_matter(base: Scenario, tmp_path: Path) -> None:
    folder = folder_with_guides(tmp_path)
    head, *rows = (folder / "links.csv").read_text(encoding="utf-8").splitlines()
    (folder / "links.csv").write_text("\n".join([head, rows[-1], *rows[:-1]]) + "\n")
    assert (read_corridor(folder).corridor or base).network.links["id"].iloc[-1] == WAY
    runs = [simulate(one, members=2, seed=1, workers=1) for one in (base, load(folder))]
    xr.testing.assert_equal(*runs)


# Control, stops and harm


def test_more_checks_move_the_share_and_the_stops_as_the_formulas_say(tmp_path: Path) -> None:
    """With two ways on, one exact identity: what the change of share takes from or adds to stops.

    The stops that follow beside those under the share as it was, and the deaths likewise.
    """
    rises = []
    for seed in SEEDS:
        scenario = drawn(tmp_path, seed).change("harm.stay", 1e-4, at="country:MX")
        before, after = look(scenario), look(with_checks(scenario, 1.6))
        share, now = (one.of(one.way.choice, WAY) for one in (before, after))
        odds = _odds(after) / _odds(before)
        able, able_now = (_able(one) for one in (before, after))
        assert now == pytest.approx(able_now * _share(odds * _odds(before)))
        assert share == pytest.approx(able * _share(_odds(before)))
        stopped = [after.of(after.way.stopped, name) for name in (WAY, ON_FOOT)]
        dying = [after.of((1 - after.way.stopped) * after.way.dying, n) for n in (WAY, ON_FOOT)]
        for each, sign in ((stopped, -1.0), (dying, 1.0)):
            follows, fixed = (s * each[0] + (1 - s) * each[1] for s in (now, share))
            assert np.sign(follows - fixed) == sign * np.sign(now - share)
        rises.append(now > share)
    assert {*rises} == {True, False}


def _odds(one: Look) -> float:
    """Odds of the guided way beside that on foot, for those who can pay."""
    level, weight = (one.values[f"smuggling.{n}"] for n in ("level", "price_weight"))
    guide = level.reshape(len(level), -1)[one.ground.guided[0], 0] - weight * np.log(
        one.fares.ratio[0, 0]
    )
    guide = guide - one.values["route.time"] * 3 - one.values["route.risk"] * _risk(one, WAY)
    foot = -one.values["route.time"] * 15 - one.values["route.risk"] * _risk(one, ON_FOOT)
    return float(np.exp(guide - foot))


def _risk(one: Look, link: str) -> float:
    return -np.log(1 - one.of(one.way.stopped, link)) - np.log1p(-one.of(one.way.dying, link))


def _share(odds: float) -> float:
    return odds / (1.0 + odds)


def _able(one: Look) -> float:
    return float(able_to_pay(one.fares.price * one.fares.ratio, one.values)[0, 0])


def test_with_guides_fewer_are_stopped_and_more_die(base: Scenario) -> None:
    deadly = base.change("harm.stay", 1e-4, at="country:MX").change("smuggling.harm", 20.0)
    shut = deadly.change("link.open", 0.0, at=WAY)
    runs = simulate([deadly, shut], mode="expected")
    stops, deaths = (
        runs[n].sum([d for d in runs[n].dims if d != "scenario"]) for n in ("stops", "deaths")
    )
    assert float(stops[0]) < 0.9 * float(stops[1])
    assert float(deaths[0]) > 1.1 * float(deaths[1])


def test_harm_grows_with_its_factor_and_with_days(base: Scenario) -> None:
    staying = base.change("harm.stay", 1e-5, at="country:MX")
    one, four = (look(staying.change("smuggling.harm", f)) for f in (1.0, 4.0))
    assert one.of(one.way.dying, WAY) == pytest.approx(3 * 1e-5 * 2.0)
    assert four.of(four.way.dying, WAY) == pytest.approx(4 * one.of(one.way.dying, WAY))
    assert four.of(four.way.dying, ON_FOOT) == 0.0


# The usual checks


def test_without_usual_checks_the_price_stays(base: Scenario, tmp_path: Path) -> None:
    folder = folder_with_guides(tmp_path)
    swap(
        folder,
        "settings.csv",
        "checkpoint.chance,middle_town,,,,set,0.25,0.15,0.4",
        "checkpoint.chance,middle_town,,,,set,0,,",
    )
    free = load(folder)
    assert (look(free).fares.ratio == 1.0).all()
    assert (look(free.change("checkpoint.chance", 0.3)).fares.ratio == 1.0).all()


def test_without_any_checks_now_the_price_falls_to_a_floor(base: Scenario) -> None:
    none = look(base.change("checkpoint.chance", 0.0)).fares
    np.testing.assert_allclose(none.ratio, LEAST_CHECKS**0.15)


def test_usual_checks_are_the_corridors_own_whatever_is_run(base: Scenario) -> None:
    more = base.change("checkpoint.chance", 0.4, at="middle_town")
    whole, part = (
        look(one).fares.ratio for one in (more, more.between("2024-04-01", "2024-06-30"))
    )
    assert whole[0, 0] > 1.05
    np.testing.assert_array_equal(whole, part)


# Prices in results


def test_prices_are_the_same_until_checks_change_and_rise_then(base: Scenario) -> None:
    more = base.change("checkpoint.chance", 0.4, at="middle_town", since="2024-04-01")
    runs = simulate([base, more], members=40, seed=2, workers=2)
    price = runs["guided_price"].isel(guided_way=0)
    same = price.isel(month=slice(3))
    np.testing.assert_array_equal(same[0], same[1])
    assert (price.isel(scenario=1, month=3) > price.isel(scenario=0, month=3)).all()
    low, high = price.isel(scenario=1, month=5, group=0).quantile([0.05, 0.95], "member").values
    assert 5000 < low < 6500
    assert 8000 < high < 11_000
    xr.testing.assert_equal(runs, simulate([base, more], members=40, seed=2, workers=1))


def test_members_prices_differ_by_ranges_of_levers_and_not_by_those_of_usual_checks(
    tmp_path: Path,
) -> None:
    folder = folder_with_guides(tmp_path)
    text = (folder / "settings.csv").read_text(encoding="utf-8")
    text = text.replace("7000,5000,9000", "7000,,").replace("0.15,0.1,0.24", "0.15,,")
    (folder / "settings.csv").write_text(text, encoding="utf-8")
    for file, row in (
        ("levers.csv", "more-posts,2024-03-01,,More posts,Más puestos,,assumed,assumed,"),
        (
            "settings.csv",
            "checkpoint.chance,middle_town,,2024-03-01,,multiply,1.6,1.2,2.2,factor,more-posts,assumed,assumed,",
        ),
    ):
        add(folder, file, row)
    runs = simulate(load(folder), members=40, seed=2)["guided_price"].isel(guided_way=0, group=0)
    before, after = runs.isel(scenario=0, month=1), runs.isel(scenario=0, month=2)
    np.testing.assert_allclose(before, 7000.0, rtol=1e-6)
    assert after.min() < 7300 < 7600 < after.max()


def test_people_guided_are_those_who_start_on_the_link(base: Scenario) -> None:
    runs = simulate(base, members=2, seed=5)
    every = ["scenario", "member", "month"]
    passed = runs["passages"].sum(every)
    np.testing.assert_allclose(runs["guided"].sum([*every, "group"]), passed.sel(link=[WAY]))
    from_hub = [name for name in passed["link"].values if name.startswith("middle_town>")]
    total = passed.sel(link=from_hub).sum()
    assert float(runs["from_hubs"].sum()) == pytest.approx(float(total))


def test_a_corridor_written_and_read_again_is_the_same(base: Scenario, tmp_path: Path) -> None:
    again = load(base.write(tmp_path / "again"))
    runs = [simulate(one, members=2, seed=1, workers=1) for one in (base, again)]
    xr.testing.assert_equal(*runs)
    unlisted = load(folder_with_guides(tmp_path / "off", listed=False))
    kept = load(unlisted.write(tmp_path / "kept"))
    assert WAY in kept.with_rule("smuggling").network.links["id"].tolist()


# The rule is switched on


def test_a_rule_that_is_left_off_is_switched_on_in_one_line(base: Scenario, tmp_path: Path) -> None:
    off = load(folder_with_guides(tmp_path, listed=False))
    on = off.with_rule("smuggling")
    runs = [simulate(one, members=2, seed=1, workers=1) for one in (base, on)]
    xr.testing.assert_equal(*runs)
    assert on.without("smuggling").with_rule("smuggling").rules[-1] == "smuggling"
    assert on.without("smuggling").with_rule("smuggling").name == "base"


def test_a_run_with_a_rule_switched_on_is_done_once_more(tmp_path: Path) -> None:
    on = load(folder_with_guides(tmp_path / "off", listed=False)).with_rule("smuggling")
    spec = RunSpec.of([on, on.without("smuggling")], 2, 1)
    with keep_run(tmp_path / "run", spec) as store:
        write_result(tmp_path / "run", execute(spec, 1, store))
    assert repeat(tmp_path / "run", 1, lambda done, total: None) == []


def test_guided_ways_stand_in_all_scenarios_of_a_run_or_in_none(tmp_path: Path) -> None:
    off = load(folder_with_guides(tmp_path, listed=False))
    with pytest.raises(Faults, match="do not have the same list of rules"):
        simulate([off, off.with_rule("smuggling").named("on")])


def test_as_of_a_day_before_any_price_nobody_is_guided() -> None:
    then = rumbo.load("darien-rio-bravo").as_known("2023-09-30")
    runs = simulate(then.between("2023-07-01", "2023-07-31"), mode="expected")
    assert "smuggling" not in then.rules
    assert float(runs["passages"].sum()) > 0.0
    assert not {"guided", "guided_price"} & set(runs)
    assert "smuggling" in rumbo.load("darien-rio-bravo").as_known("2024-01-31").rules


def test_the_bundled_corridor_guides_those_whose_share_is_told() -> None:
    scenario = rumbo.load("darien-rio-bravo").between("2023-07-01", "2023-12-31")
    assert (scenario.network.links["mode"] == "guided").sum() == 5
    runs = simulate(scenario, mode="expected")
    told = np.isin(runs["nationality"].values, ["GTM", "HND", "SLV"])
    flows = [runs[name].isel(group=told).sum() for name in ("guided", "from_hubs")]
    assert 0.65 < float(flows[0] / flows[1]) < 0.75
    price = runs["guided_price"].isel(scenario=0, member=0, month=0, guided_way=0)
    assert float(price.sel(group="HND-adult")) == 7000.0
    assert float(price.sel(group="CHN-adult")) == 20_000.0


# Bad input


def only(folder: Path) -> Fault:
    faults = read_corridor(folder).faults
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


SWAPS = {
    "a price of zero": (ROWS[0], "set,7000,5000", "set,0,", "expected"),
    "a price below zero": (ROWS[0], "set,7000,5000,9000", "set,-5,,", "expected"),
    "an elasticity below 0": (ROWS[1], "set,0.15,0.1,0.24", "set,-0.1,,", "0 to 5"),
    "a budget of 0": (ROWS[2], "set,10000", "set,0", "expected"),
    "a sigma of 0": (
        ROWS[2], "smuggling.budget,,,,,set,10000,,,USD", "smuggling.budget_sigma,,,,,set,0,,,-",
        "0.01 to 10",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SWAPS)
def test_a_wrong_value_gives_one_line(tmp_path: Path, name: str) -> None:
    row, old, new, part = SWAPS[name]
    folder = folder_with_guides(tmp_path)
    number = swap(folder, "settings.csv", row, row.replace(old, new))
    fault = only(folder)
    assert (fault.file, fault.row) == ("settings.csv", number)
    assert part in fault.message
    assert fault.cure


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "north_crossing,guided",
            "south_town,guided",
            "ends at 'south_town', expected a border city",
        ),
        ("north_crossing,guided", "north_sector,guided", "ends at 'north_sector'"),
        (
            "middle_town,north_crossing,guided",
            "north_sector,north_crossing,guided",
            "starts at 'north_sector'",
        ),
    ],
)
def test_a_guided_link_that_leads_nowhere_gives_one_line(
    tmp_path: Path, old: str, new: str, part: str
) -> None:
    folder = folder_with_guides(tmp_path)
    number = swap(folder, "links.csv", LINK, LINK.replace(old, new))
    fault = only(folder)
    assert (fault.file, fault.row) == ("links.csv", number)
    assert part in fault.message


def test_a_hub_has_one_guided_way(tmp_path: Path) -> None:
    folder = folder_with_guides(tmp_path)
    add(folder, "places.csv", "east,East,MX,East,28,-99,,waiting_city,,East,,,,assumed,")
    add(folder, "links.csv", "east,north_sector,border_crossing,10,,,6,assumed,,,,")
    row = add(folder, "links.csv", LINK.replace("north_crossing", "east"))
    assert (only(folder).row, "second guided link" in only(folder).message) == (row, True)


def test_a_guided_way_needs_a_price_where_the_rule_is_on(tmp_path: Path) -> None:
    folder = folder_with_guides(tmp_path, listed=False)
    swap(folder, "settings.csv", ROWS[0], ROWS[0].replace("mode:guided,,", "mode:guided,family,"))
    off = load(folder)
    with pytest.raises(Faults, match="has no price for 'OTH-adult'"):
        off.with_rule("smuggling")
    swap(folder, "corridor.yaml", "  - shocks\n", "  - shocks\n  - smuggling\n")
    assert "has no price for 'OTH-adult'" in only(folder).message


def test_a_factor_alone_is_no_price(tmp_path: Path) -> None:
    folder = folder_with_guides(tmp_path)
    factor = "smuggling.price,mode:guided,,,,multiply,2,,,factor,,assumed,assumed,"
    swap(folder, "settings.csv", ROWS[0], factor)
    assert "has no price for 'OTH-adult'" in only(folder).message


def test_a_rule_that_does_not_exist_cannot_be_switched_on() -> None:
    with pytest.raises(Faults, match="'smugling' is an unknown rule"):
        three_places().with_rule("smugling")


@pytest.mark.parametrize(
    ("parameter", "value"), [("smuggling.price", 0.0), ("smuggling.budget", 0.0)]
)
def test_a_wrong_change_is_refused(base: Scenario, parameter: str, value: float) -> None:
    with pytest.raises(Faults, match="expected"):
        base.change(parameter, value)
