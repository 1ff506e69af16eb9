"""Deaths on record: a part of all deaths, found by chance and in clusters, member by member."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from folders import THREE_PLACES
from helpers import QUIET, three_places, variant

from rumbo.engine.draws import keys, normal_quantile, uniforms
from rumbo.engine.step import Luck
from rumbo.model.corridor import LEAVING, leaves_its_place
from rumbo.model.recording import Recording, count_records
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import execute, simulate
from rumbo.run.spec import RunSpec
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.values.ranges import Z90

DEADLY = {"harm.crossing": 0.05, "harm.undercount": 2.0}
"""So many deaths that their records can be told from noise."""


def deadly(scenario: Scenario) -> Scenario:
    """Return a corridor in which many die."""
    for name, value in DEADLY.items():
        scenario = scenario.change(name, value)
    return scenario


def fitted_to(z: np.ndarray) -> Posterior:
    """Return draws of the undercount, in standard deviations of its range."""
    values = {("harm.undercount", ""): z}
    return Posterior("three_places", three_places().end, ("2024-01",), ("OTH",), values, {})


def undercount(z: np.ndarray) -> np.ndarray:
    """Return members' own value, 2 with a range from 1.2 to 4: one more than what moves on logs."""
    return 1.0 + np.exp(z * np.log(np.where(z > 0.0, 3.0, 5.0)) / Z90)


def records(events: np.ndarray, share: float, shape: float, seed: int = 1) -> np.ndarray:
    """Return records of events (R, 1) of one region and month, for R members."""
    program = compile_scenario(three_places())
    members = np.arange(len(events))
    values = {
        "harm.undercount": np.array(1.0 / share),
        "harm.recorded_shape": np.full(program.places, shape),
    }
    noise = replace(program.noise, doubts=[{}], middles=[{}])
    luck = Luck(seed, members, 0, True)
    measure = next(one for one in program.model.measures if one.name == "deaths_recorded")
    how = Recording(noise, luck, "2024-01", 0, {"region": ("there",)}, values)
    at = (np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    return how.counted(measure, at, np.zeros(events.shape), events)[:, 0]


# How records vary


@pytest.mark.parametrize(("shape", "share"), [(8.0, 0.7), (2.0, 0.5), (0.5, 0.25)])
def test_records_vary_as_a_negative_binomial(shape: float, share: float) -> None:
    """Poisson deaths of mean 60, 40,000 members: m + m^2 / k, and what is found late on top."""
    deaths = np.random.default_rng(3).poisson(60.0, (40_000, 1)).astype(float)
    found, mean = records(deaths, share, shape), 60.0 * share
    assert found.mean() == pytest.approx(mean, rel=4 * shape**-0.5 / 200)
    x = np.random.default_rng(4).gamma(shape, share / shape, 1_000_000)
    late = 60.0 * (np.maximum(x - 1.0, 0.0) ** 2).mean()
    assert found.var() == pytest.approx(mean + mean**2 / shape + late, rel=0.08)


def test_without_clusters_each_death_is_found_or_not() -> None:
    deaths = np.full((20_000, 1), 40.0)
    found = records(deaths, 0.3, np.inf)
    assert found.max() <= 40
    assert found.mean() == pytest.approx(12, rel=0.01)
    assert found.var() == pytest.approx(40 * 0.3 * 0.7, rel=0.05)
    np.testing.assert_array_equal(records(deaths, 1.0, np.inf), 40)


def test_late_finds_may_be_more_than_the_deaths_of_a_month() -> None:
    deaths = np.full((2_000, 1), 10.0)
    found = records(deaths, 0.8, 0.4)
    assert (found > 10).any()
    assert (found == 0).any()


def test_parts_of_a_month_sum_to_the_month() -> None:
    share = np.array([[0.4, 2.5]])
    streams = keys([("a",), ("b",)])[None]
    ends = [np.full((1, 2), end) for end in (0.0, 3.0, 3.0, 17.0, 90.0)]
    parts = sum(count_records(first, last, share, streams) for first, last in pairwise(ends))
    whole = count_records(ends[0], ends[-1], share, streams)
    np.testing.assert_array_equal(parts, whole)


# In a run


def test_days_sum_to_months(tmp_path: Path) -> None:
    shape = {"parameter": "harm.recorded_shape", "value": 0.5, "unit": "-", "quality": "assumed"}
    variant(tmp_path / "v", settings=[shape])
    runs = []
    for period in ("month", "day"):
        with (tmp_path / "v" / "corridor.yaml").open("a", encoding="utf-8") as file:
            file.write("record: day\n" if period == "day" else "")
        base = deadly(load(tmp_path / "v").between("2024-01-01", "2024-04-30"))
        runs.append(simulate(base, members=3, seed=5, workers=1))
    months, days = runs
    for name in ("deaths", "deaths_recorded"):
        summed = days[name].resample(day="MS").sum().transpose("scenario", "member", "day", ...)
        np.testing.assert_array_equal(summed.values, months[name].values, err_msg=name)
    assert (months["deaths_recorded"] != months["deaths"] / 2).any()


def test_what_counts_people_acts_from_its_own_day(tmp_path: Path) -> None:
    base = three_places().between("2024-01-01", "2024-04-30")
    plain, changed = (
        simulate(one, mode="expected", members=1)["stops"].sum(("place", "group")).values.ravel()
        for one in (base, base.change("stop.count", 2.0, since="2024-03-16"))
    )
    np.testing.assert_allclose(changed / plain, [1.0, 1.0, 1 + 16 / 31, 2.0], rtol=1e-5)


@pytest.mark.parametrize("name", ["darien-rio-bravo", THREE_PLACES])
def test_whoever_is_at_a_place_no_more_has_left_it(name: str | Path) -> None:
    """Every kind of transition that ends a stay is among those counted."""
    program = compile_scenario(load(name))
    leaving = [move.kind for move in program.space.moves if leaves_its_place(move, None)]
    assert {*leaving} <= {*LEAVING}
    measure = next(one for one in program.ledger.measures if one.name == "departures")
    assert measure.of == LEAVING


def test_whoever_entered_a_place_is_there_or_has_left_it(tmp_path: Path) -> None:
    """Day by day, of the town where all enter and to which nobody is taken."""
    variant(tmp_path / "v")
    with (tmp_path / "v" / "corridor.yaml").open("a", encoding="utf-8") as file:
        file.write("record: day\n")
    runs = simulate(load(tmp_path / "v"), mode="expected", members=1).isel(scenario=0, member=0)
    there, gone = (
        runs[name].sel(place="south_town").sum([d for d in runs[name].dims if d == "group"])
        for name in ("waiting", "departures")
    )
    entered = runs["entries"].sum("group").values
    assert float(gone.sum()) > 1_000
    np.testing.assert_allclose(np.diff(there), (entered - gone.values)[1:], atol=1e-3)


def test_records_follow_the_members_own_undercount() -> None:
    """Deaths of a member with twice the undercount double, those on record stay as they are."""
    z = np.array([-1.0, 0.0, 1.0])
    fit = fitted_to(z)
    base = three_places().without("shocks").fitted(fit)
    runs = simulate(base, members=3, mode="expected", workers=1).isel(scenario=0)
    dead, seen = (
        runs[name].sum(["month", "region"]).values for name in ("deaths", "deaths_recorded")
    )
    own = undercount(z)
    np.testing.assert_allclose(dead / seen, own, rtol=1e-5)
    np.testing.assert_allclose(seen, seen[0], rtol=1e-2)


def test_no_member_has_more_on_record_than_true() -> None:
    z = np.array([-9.0, 0.0])
    fit = fitted_to(z)
    runs = simulate(three_places().fitted(fit), members=2, mode="expected", workers=1)
    dead, seen = (runs[n].sum(["month", "region"]).values[0] for n in ("deaths", "deaths_recorded"))
    np.testing.assert_allclose(dead / seen, undercount(z), rtol=1e-5)


def test_records_share_the_draw_of_the_deaths() -> None:
    """Without a posterior too: the middle of many months is the member's own undercount."""
    base = three_places().change("harm.crossing", 0.2)
    runs = simulate(base, members=6, seed=2, workers=1).isel(scenario=0)
    dead, seen = (runs[n].sum(["month", "region"]).values for n in ("deaths", "deaths_recorded"))
    name = keys([("value", "harm.undercount", "")])
    z = np.array([normal_quantile(u) for u in uniforms(2, np.arange(6), name)[:, 0]])
    own = undercount(z)
    np.testing.assert_allclose(seen / dead, 1 / own, atol=4 * np.sqrt(0.25 / dead.min()))


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_the_workers_change_nothing(mode: str) -> None:
    pair = [deadly(three_places()), deadly(three_places()).without("bus-closure")]
    pair = [s.change("harm.recorded_shape", 0.5) for s in pair]
    one, two = (simulate(pair, members=9, seed=4, workers=n, mode=mode) for n in (1, 2))
    xr.testing.assert_identical(one, two)
    sums = execute(RunSpec.of(pair, 9, 4, mode, {"deaths_recorded": ("region",)}), workers=2)
    close = 0.0 if mode == "stochastic" else 1e-6  # sums of expected runs are of 32 bits
    np.testing.assert_allclose(sums["deaths_recorded"], one["deaths_recorded"], rtol=close)
    few = simulate(pair, members=3, seed=4, workers=1, mode=mode)
    np.testing.assert_array_equal(
        few["deaths_recorded"], one["deaths_recorded"].isel(member=slice(few.sizes["member"]))
    )


def test_without_shocks_records_do_not_come_in_clusters() -> None:
    base = deadly(three_places()).change("harm.recorded_shape", 0.1)
    runs = simulate(base.without(QUIET), members=4, seed=4, workers=1)
    assert (runs["deaths_recorded"] <= runs["deaths"]).all()
    assert float(runs["deaths_recorded"].sum()) > 0


# Families of deaths


def test_deaths_in_crossing_follow_the_crossings() -> None:
    """What multiplies crossings multiplies deaths in crossing, with the doubts of their own."""
    base = three_places()
    program = compile_scenario(base)
    factors = program.noise.of(Luck(3, np.arange(4), 0, True), "2024-02", 0).rate
    axis, place = program.noise.axis, program.labels["place"].index("north_sector")
    cross, dying = (factors[:, 0, axis.of(f)][:, place] for f in ("cross", "die_crossing"))
    luck = Luck(3, np.arange(4), 0, True)
    own = [program.noise.own(name, luck, 0) for name in ("harm.undercount", "harm.crossing")]
    own = [one[:, 0, place % one.shape[2]] for one in own]
    np.testing.assert_allclose(dying, cross * own[0] * own[1], rtol=1e-12)
    assert (own[1] != 1).all()


def test_a_range_of_passage_moves_members(tmp_path: Path) -> None:
    base = three_places()
    link = base.network.links["id"].iloc[0]
    row = {"parameter": "harm.passage", "at": link, "value": 0.01, "low": 0.001, "high": 0.1,
           "unit": "prob", "quality": "assumed"}  # fmt: skip
    program = compile_scenario(variant(tmp_path / "v", settings=[row]))
    own = program.noise.own("harm.passage", Luck(3, np.arange(4), 0, True), 0)[:, 0]
    start = program.labels["place"].index(link.split(">")[0])
    assert (own[:, start] != 1).all()
    assert (np.delete(own, start, axis=1) == 1).all()
    dying = program.space.of("die_passage")
    assert (program.rate[0][:, dying[program.space.at(dying) == start]] > 0).any()
