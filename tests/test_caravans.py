"""Caravans: they form by a shared jump, walk a way of places, and nobody gets lost."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from caravan_world import folder_with_caravans, with_caravans
from helpers import QUIET, three_places, variant
from scipy.stats import norm

from rumbo import Faults
from rumbo.engine.arrays import Array
from rumbo.engine.rates import Day
from rumbo.engine.step import Luck, step
from rumbo.model.caravans.formation import Formations
from rumbo.model.caravans.road import respond
from rumbo.run.days import run_days
from rumbo.run.folder import keep_run, write_result
from rumbo.run.program import Program, compile_scenario
from rumbo.run.rerun import rebuild
from rumbo.run.session import Session
from rumbo.run.simulate import simulate
from rumbo.run.spec import RunSpec
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario, load

FLOWS = ("caravan_joined", "caravan_left", "caravan_accepted", "caravan_stopped", "caravan_arrived")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return with_caravans(tmp_path_factory.mktemp("caravans") / "corridor")


def totals(runs: xr.Dataset, name: str) -> Array:
    """Sums of a measure over everything but members and months; shape (R, months)."""
    one = runs[name].isel(scenario=0)
    return one.sum([dim for dim in one.dims if dim not in ("member", "month")]).values


def same(one: xr.Dataset, other: xr.Dataset, names: list[str] | None = None) -> None:
    for name in names or one.data_vars:
        np.testing.assert_array_equal(one[name].values, other[name].values, err_msg=str(name))


def spied(program: Program, days: int, members: int) -> list[tuple[Array, Array, Array]]:
    """Run days, and return counts after each step, who entered, and who moved."""
    luck = Luck(3, np.arange(members), 0, True)
    state = begin(program, luck)
    seen: list[tuple[Array, Array, Array]] = []

    def spy(*args: object) -> object:
        after, flows = step(*args)
        seen.append((after.copy(), flows.entered, flows.moved))
        return after, flows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["rumbo.run.states"], "step", spy)
        run_days(program, state, luck, range(days))
    return seen


def test_nobody_gets_lost_in_a_caravan(base: Scenario) -> None:
    """Inflow = stock + exits; who walks = who joined less who left in any way: to the person."""
    program = compile_scenario(base)
    space = program.space
    walking = space.where("gathered", "caravan")
    inside, ways_out = np.isin(space.target, walking), np.isin(space.source, walking)
    exits = space.target < 0
    entered, gone, joined, ended = (np.zeros(4) for _ in range(4))
    for after, came, moved in spied(program, 170, 4):
        entered += came.sum(axis=1)
        gone += moved[:, :, exits].sum(axis=(1, 2))
        joined += moved[:, :, inside & ~ways_out].sum(axis=(1, 2))
        ended += moved[:, :, ways_out & ~inside].sum(axis=(1, 2))
        np.testing.assert_array_equal(after.sum(axis=(1, 2)) + gone, entered)
        np.testing.assert_array_equal(after[:, :, walking].sum(axis=(1, 2)), joined - ended)
        assert (after >= 0).all()
    assert joined.min() > 100


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_measures_say_where_everybody_in_a_caravan_went(base: Scenario, mode: str) -> None:
    """People joined = people who left, accepted, were stopped or arrived, and those who walk."""
    size = 3 if mode == "stochastic" else 1
    runs = simulate(base.between("2024-01-01", "2024-06-30"), members=size, seed=4, mode=mode)
    joined, *ended = (totals(runs, name).sum(axis=1) for name in FLOWS)
    program = compile_scenario(base)
    luck = Luck(4, np.arange(size), 0, mode == "stochastic")
    if mode == "stochastic":
        assert (joined - sum(ended) >= 0).all()
        assert all(one.sum() > 0 for one in ended)
    state = begin(program, luck)
    run_days(program, state, luck, range(len(program.dates)))
    walking = program.space.where("gathered", "caravan")
    if mode == "expected":
        left = state.counts[:, :, walking].sum(axis=(1, 2))
        np.testing.assert_allclose(joined, sum(ended) + left, rtol=1e-4)


def unlisted(folder: Path) -> Scenario:
    """The same corridor, its header without the rule."""
    folder_with_caravans(folder)
    path = folder / "corridor.yaml"
    path.write_text(path.read_text("utf-8").replace("  - caravans\n", ""), "utf-8")
    return load(folder)


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_a_corridor_without_caravans_runs_to_the_same_bytes(
    base: Scenario, tmp_path: Path, mode: str
) -> None:
    asked = {"members": 3 if mode == "stochastic" else 1, "seed": 2, "mode": mode, "workers": 1}
    plain = unlisted(tmp_path / "plain")
    assert not compile_scenario(plain).space.of("form_caravan").size
    none = simulate(plain, **asked)
    assert not [name for name in none.data_vars if "caravan" in str(name)]
    still = base.change("caravan.formation", 0)
    for quiet in (base.without("caravans"), still):
        same(none, simulate(quiet, **asked))
    listed = unlisted(tmp_path / "listed").with_rule("caravans")
    same(simulate(base, **asked), simulate(listed, **asked))


def test_members_and_workers_change_nothing(base: Scenario) -> None:
    few = simulate(base, members=5, seed=6, workers=1)
    same(few, simulate(base, members=5, seed=6, workers=2))
    many = simulate(base, members=40, seed=6, workers=2)
    same(few, many.isel(member=slice(0, 5)))


def test_rows_in_another_order_change_nothing(base: Scenario, tmp_path: Path) -> None:
    turned = folder_with_caravans(tmp_path / "turned")
    for table in ("places", "links", "groups", "settings"):
        path = turned / f"{table}.csv"
        head, *rows = path.read_text("utf-8").splitlines()
        path.write_text("\n".join([head, *rows[::-1]]) + "\n", "utf-8")
    one = simulate(base, members=4, seed=5, workers=1)
    other = simulate(load(turned), members=4, seed=5, workers=1)
    other = other.sel(group=one["group"], place=one["place"], link=one["link"])
    for name in one.data_vars:
        np.testing.assert_allclose(other[name], one[name], rtol=1e-6, err_msg=str(name))


@pytest.mark.parametrize(
    "change",
    [("caravan.formation", 6), ("caravan.loss", 0.3), ("caravan.size", 400), ("caravan.stop", 1)],
)
def test_scenarios_agree_until_the_day_they_differ(
    base: Scenario, change: tuple[str, float]
) -> None:
    place = "middle_town" if change[0] == "caravan.formation" else None
    later = base.change(*change, at=place, since="2024-04-01").named("later")
    runs = simulate([base, later], members=6, seed=2, workers=1)
    alone = simulate(later, members=6, seed=2, workers=1)
    same(runs.sel(scenario=["later"]), alone)
    before = runs.sel(month=slice(None, "2024-03"))
    same(before.isel(scenario=0), before.isel(scenario=1))
    joined = runs["caravan_walking"].sel(month="2024-05").values
    assert (joined[0] != joined[1]).any()


def waiting_for_long(folder: Path) -> Scenario:
    """A corridor where a hundred thousand wait and nobody goes but by caravan."""
    folder_with_caravans(folder)
    inflow = "2024-01,middle_town,OTH-adult,already_there,100000,assumed,assumed,made up\n"
    with (folder / "inflows.csv").open("a", encoding="utf-8") as file:
        file.write(inflow)
    one = load(folder)
    for rule in ("departure", "attrition", "asylum", "checkpoints", "harm", "entries"):
        one = one.without(rule)
    return one.without(QUIET)


def test_as_many_join_as_set_out_where_many_wait(tmp_path: Path) -> None:
    """The mean of joins is nu E[S]: of Poisson caravans of lognormal size."""
    scenario = waiting_for_long(tmp_path / "many").change("caravan.join", 0)
    program = compile_scenario(scenario)
    runs = simulate(scenario, members=30, seed=8, workers=1)
    luck = Luck(8, np.arange(30), int(program.dates[0].astype("datetime64[D]").astype(int)), True)
    sizes = np.sum([program.formations.on(luck._replace(step=luck.step + n))["caravan size"]
                    for n in range(len(program.dates))], axis=(0, 2, 3))  # fmt: skip
    joined = totals(runs, "caravan_joined").sum(axis=1)
    np.testing.assert_allclose(joined, sizes, rtol=0.01, atol=3.0 * np.sqrt(sizes.max()))
    days, spread = len(program.dates), 0.9
    often = -np.expm1(-1.5 / (365.25 / 12)) * days  # one a day at most
    mean = often * 120 * np.exp(spread**2 / 2)
    expected = simulate(scenario, mode="expected")
    assert totals(expected, "caravan_joined").sum() == pytest.approx(mean, rel=0.01)
    assert joined.mean() == pytest.approx(mean, rel=3 * joined.std() / np.sqrt(30) / mean)
    assert totals(expected, "caravans_formed").sum() == pytest.approx(often, rel=1e-4)


def formations(base: Scenario, **changed: float) -> Formations:
    for name, value in changed.items():
        base = base.change(f"caravan.{name}", value)
    return compile_scenario(base).formations


def drawn_sizes(one: Formations, members: int) -> Array:
    """Sizes by step and member at the first place; 0 where no caravan forms."""
    first = int(one.dates[0].astype("datetime64[D]").astype(np.int64))
    luck = Luck(1, np.arange(members), first, True)
    steps = range(len(one.dates) * one.parts)
    return np.stack([one.on(luck._replace(step=first * one.parts + n))["caravan size"][:, 0, 0]
                     for n in steps])  # fmt: skip


def test_sizes_are_lognormal_and_days_poisson(base: Scenario) -> None:
    sizes = drawn_sizes(formations(base, formation=3), 400)
    logs = np.log(np.sort(sizes[sizes > 0]))
    assert len(logs) == pytest.approx(400 * 3 * len(sizes) / (365.25 / 12), rel=0.06)
    ranks = (np.arange(len(logs)) + 0.5) / len(logs)
    gap = np.abs(norm.cdf((logs - np.log(120)) / 0.9) - ranks).max()
    assert gap < 1.63 / np.sqrt(len(logs))  # Kolmogorov's 1 % bound
    count = (sizes > 0).sum(axis=0)
    assert count.var() / count.mean() == pytest.approx(1.0, abs=0.2)


def test_half_a_step_is_the_same_journey(base: Scenario, tmp_path: Path) -> None:
    """Monthly figures of the expected run differ by less than 10 % once the corridor has filled.

    Of those who would join, some go on by themselves on the same day: a tenth where people stay
    five days, half as many in half a day.
    """
    folder = folder_with_caravans(tmp_path / "half")
    path = folder / "corridor.yaml"
    path.write_text(path.read_text("utf-8").replace("step: 1\n", "step: 0.5\n"), "utf-8")
    whole, half = (simulate(one.without(QUIET), mode="expected") for one in (base, load(folder)))
    for name in ("caravan_walking", "caravans_formed", *FLOWS):
        a, b = (totals(one, name)[0, 2:] for one in (whole, half))
        np.testing.assert_allclose(b, a, rtol=0.1, err_msg=name)


def test_the_larger_a_caravan_the_fewer_are_stopped(base: Scenario) -> None:
    """Stops fall by exp(-size / cover); those who wait see it by 1 - exp(-size / cover)."""
    program = compile_scenario(base)
    people = {"gathered": np.full((1, 2, 3), 20.0), "caravan": np.full((1, 2, 3), 30.0)}
    people["waiting"] = np.full((1, 2, 3), 500.0)
    drawn = {
        "caravan size": np.full((1, 1, 1), 400.0), "caravan weight": np.ones((1, 1)),
        "caravan place": np.ones(1), "caravan loss": np.array([1.0]),
    }  # fmt: skip
    day = Day(program.dates[0].item(), 1.0, np.zeros((1, 3)), people.__getitem__, drawn)
    values = program.in_force(0)
    factor = respond(day, values)
    np.testing.assert_allclose(factor["caravan_stop"], np.exp(-1.0))
    np.testing.assert_allclose(factor["caravan_join"] * 1e-6, 1.0 - np.exp(-0.4))
    np.testing.assert_allclose(factor["caravan_leave"], np.exp(1.2))
    # 400 of 1,000 who wait: 1 - exp(-rate) = 0.4; of 600 at most half
    np.testing.assert_allclose(factor["caravan_form"] * 1e-6, [[0.0, -np.log(0.6), 0.0]])
    people["waiting"] = np.full((1, 2, 3), 300.0)
    half = respond(day, values)["caravan_form"] * 1e-6
    np.testing.assert_allclose(half, [[0.0, np.log(2.0), 0.0]])


def test_who_is_not_willing_is_in_no_caravan(base: Scenario) -> None:
    never = base.change("caravan.willing", 0, group="family")
    joined = simulate(never, members=4, seed=1)["caravan_joined"].sum(["scenario", "member"])
    assert joined.sel(group="OTH-family").sum() == 0 < joined.sel(group="OTH-adult").sum()


def test_months_of_setting_out_lose_people_at_rates_of_their_own(base: Scenario) -> None:
    """A caravan keeps its rate into the next month; the next one to set out brings another."""
    one = formations(base, formation=1)
    sizes = drawn_sizes(one, 50)
    first = int(one.dates[0].astype("datetime64[D]").astype(np.int64))
    luck = Luck(1, np.arange(50), first, True)
    loss = np.stack([one.on(luck._replace(step=first + n))["caravan loss"] for n in range(182)])
    month = one.dates.astype("datetime64[M]").astype(int)
    formed = sizes > 0
    for r in range(50):
        days = np.flatnonzero(formed[:, r])
        for begin_, end in zip(days, [*days[1:], 182], strict=True):
            assert len(np.unique(loss[begin_:end, r])) == 1
        for a, b in pairwise(days):
            assert (loss[a, r] == loss[b, r]) == (month[a] == month[b])
    assert np.std(loss) == pytest.approx(1.0, abs=0.15)


EVENTS = (
    "2024-02-10,day,middle_town,100,200,half_town,2024-02-20,papers,assumed,reported,\n"
    "2024-03-05,day,middle_town,150,,,,,assumed,reported,\n"
    "2024-03-25,day,middle_town,,,,,,assumed,reported,nobody counted\n"
    "2024-04-01,month,middle_town,900,900,,,,assumed,reported,\n"
    "2024-04-02,day,south_town,900,900,,,,assumed,reported,no caravan starts there\n"
)


def test_caravans_on_record_set_out_on_their_days(tmp_path: Path) -> None:
    """Where no such is given, drawn ones follow the last that is."""
    base = with_caravans(tmp_path / "record", events=EVENTS).change(
        "caravan.formation", 4, at="middle_town"
    )
    given = base.change("caravan.given", 1)
    sizes = drawn_sizes(compile_scenario(given).formations, 60)
    days = {day: (np.datetime64(day) - np.datetime64("2024-01-01")).astype(int)
            for day in ("2024-02-10", "2024-03-05", "2024-03-25")}  # fmt: skip
    last = days["2024-03-25"]
    assert np.flatnonzero(sizes[: last + 1].any(axis=1)).tolist() == [*days.values()]
    one, two, three = (sizes[day] for day in days.values())
    assert one.min() >= 100
    assert one.max() <= 200
    assert one.std() > 10
    np.testing.assert_allclose(two, 150)
    assert np.log(three).std() == pytest.approx(0.9, abs=0.25)
    short = compile_scenario(given.between("2024-01-01", "2024-03-20")).formations
    np.testing.assert_array_equal(drawn_sizes(short, 60), sizes[: len(short.dates)])
    after = drawn_sizes(compile_scenario(base).formations, 60)
    np.testing.assert_array_equal(after[last + 1 :], sizes[last + 1 :])
    assert after[:last].any()
    formed = simulate(given, mode="expected")["caravans_formed"].sum(["place", "scenario"])
    np.testing.assert_allclose(formed.values[0, :3], [0, 1, 2 + 4 * 6 / (365.25 / 12)], rtol=0.07)


def test_events_are_known_once_they_began(tmp_path: Path) -> None:
    base = with_caravans(tmp_path / "known", events=EVENTS)
    then = base.as_known("2024-02-15")
    assert then.events["day"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-10"]
    assert then.events[["furthest", "outcome"]].values.tolist() == [["", ""]]
    assert then.events["end"].isna().all()
    assert base.as_known("2024-02-21").events["outcome"].tolist() == ["papers"]


def test_a_corridor_written_is_the_same(tmp_path: Path) -> None:
    base = with_caravans(tmp_path / "one", events=EVENTS)
    again = load(base.write(tmp_path / "two"))
    same(simulate(base, members=2, seed=3), simulate(again, members=2, seed=3))


def test_a_kept_run_goes_on_and_can_be_built_again(base: Scenario, tmp_path: Path) -> None:
    pair = [base, base.change("caravan.formation", 3, at="middle_town").named("more")]
    asked = {"members": 6, "seed": 7, "mode": "stochastic"}
    whole = simulate(pair, workers=1, **asked)
    folder = tmp_path / "run"

    class Enough(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done:
            raise Enough

    with keep_run(folder, RunSpec.of(pair, **asked)) as store:
        with pytest.raises(Enough):
            simulate(pair, workers=1, store=store, progress=stop, **asked)
    with keep_run(folder, RunSpec.of(pair, **asked)) as store:
        runs = simulate(pair, workers=1, store=store, **asked)
        write_result(folder, runs)
    same(whole, runs)
    same(whole, simulate(rebuild(folder), workers=1, **asked))


def test_a_session_gives_what_simulate_gives(base: Scenario) -> None:
    session = Session(base, members=4, seed=3, mode="stochastic")
    for changed in (
        base.change("caravan.formation", 4, at="middle_town", since="2024-03-10"),
        base.change("caravan.loss", 0.1, since="2024-02-10"),
        base.without("caravans"),
    ):
        same(simulate([base, changed], members=4, seed=3, workers=1), session.run(changed))


def test_what_people_believe_moves_formation(tmp_path: Path) -> None:
    """Formation follows the mean pace of setting out, to a power; none believes before the news."""
    folder = folder_with_caravans(tmp_path / "believing")
    path = folder / "corridor.yaml"
    path.write_text(path.read_text("utf-8").replace("  - caravans\n", "  - caravans\n  - minds\n"))
    head = "event,outcome,on,takes_effect,probability,levers,given,name_en,name_es,source\n"
    rows = (
        "vote,shut,2024-04-15,2024-04-20,0.5,shut,,Shut,Cierre,assumed\n"
        "vote,open,2024-04-15,,0.5,,,Open,Abierto,assumed\n"
    )
    (folder / "outcomes.csv").write_text(head + rows, encoding="utf-8")
    with (folder / "settings.csv").open("a", encoding="utf-8") as file:
        file.write("worth.crossing,,,2024-04-20,,multiply,0.2,,,worth,shut,assumed,assumed,\n")
    with (folder / "levers.csv").open("a", encoding="utf-8") as file:
        file.write("shut,2024-04-20,,Shut,Cierre,,assumed,assumed,\n")
    base = load(folder).given("vote=shut")
    still, moved = (compile_scenario(base.change("caravan.belief", p)) for p in (0, 2))
    number = int(np.flatnonzero(
        (moved.paces.place == moved.labels["place"].index("middle_town"))
        & (np.array(moved.paces.decision) == "going")
    )[0])  # fmt: skip
    pace = np.array([one[0, :, number].mean() if one.size > 1 else 1.0
                     for one in map(moved.pace.on, range(len(moved.dates)))])  # fmt: skip
    ratio = np.log1p(-moved.formations.chance[:, 0]) / np.log1p(-still.formations.chance[:, 0])
    np.testing.assert_allclose(ratio, pace**2)
    assert ratio.max() > 1.01
    assert (still.formations.chance == still.formations.chance[0]).all()


def test_the_smallest_corridor_has_none(tmp_path: Path) -> None:
    """A corridor whose header lists every rule, but has no way for caravans, has no caravans."""
    folder = tmp_path / "every"
    variant(folder)
    path = folder / "corridor.yaml"
    path.write_text(path.read_text("utf-8").replace("  - shocks\n", "  - shocks\n  - caravans\n"))
    every = load(folder)
    program = compile_scenario(every)
    same(simulate(three_places(), members=3, seed=1), simulate(every, members=3, seed=1))
    assert "caravans" not in program.responses
    assert not any("caravan" in one.name for one in program.ledger.measures)


def test_scenarios_with_and_without_the_rule_listed_are_no_pair() -> None:
    base = three_places()
    with pytest.raises(Faults, match=r"list of rules \('caravans'\)\. Write \.with_rule"):
        simulate([base, base.with_rule("caravans").named("on")], members=1, seed=1)
