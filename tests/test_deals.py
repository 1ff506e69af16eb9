"""Deals between governments: placed, brought in step by step, kept in part, by side."""

from pathlib import Path
from typing import Any

import folders
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rumbo import Faults, load, simulate
from rumbo.engine.step import Luck
from rumbo.run.program import compile_scenario
from rumbo.run.rerun import repeat
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.deals.terms import kept_path
from rumbo.scenario.scenario import Scenario

HEAD = "deal,actor,since,until,ramp_days,compliance,low,high,agreed_en,agreed_es,source\n"
PACT = "pact,A,2024-03-01,,,1,,,Seats,Plazas,assumed\npact,B,2024-03-01,,,1,,,Slots,Citas,assumed\n"
LATER = "later,,,,14,0.5,0.25,1,,,assumed\n"
CALENDAR = (
    "pact,2024-03-01,,A pact,Un pacto,A,assumed,assumed,made up",
    "later,2019-06-01,,An old pact,Un pacto viejo,A,assumed,assumed,made up",
)
SETTINGS = """\
parameter,at,group,since,until,operation,value,low,high,unit,lever,actor,source,quality,note
transfer.seats,,,2024-03-01,,set,60,40,90,persons/day,pact,A,assumed,assumed,made up
checkpoint.chance,country:MX,,2024-03-11,,multiply,2,1.5,3,factor,pact,A,assumed,assumed,made up
appointment.slots,,,2024-03-01,2024-06-01,set,30,,,persons/day,pact,B,assumed,assumed,made up
checkpoint.chance,country:MX,,,,multiply,4,,,factor,later,,assumed,assumed,made up
deport.share,,,,,multiply,0.5,,,factor,later,,assumed,assumed,made up
"""


def folder(to: Path, deals: str = PACT + LATER, settings: str = SETTINGS) -> Path:
    """Write the smallest corridor with a pact of two sides, and one that waits to be placed."""
    where = folders.copy(to)
    (where / "deals.csv").write_text(HEAD + deals, encoding="utf-8")
    (where / "settings_deals.csv").write_text(settings, encoding="utf-8")
    for row in CALENDAR:
        folders.add(where, "levers.csv", row)
    return where


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load(folder(tmp_path_factory.mktemp("deals")))


def value(scenario: Scenario, parameter: str, day: str) -> np.ndarray:
    """Return a parameter's values on a day."""
    calendar = Calendar(scenario)
    number = int(np.searchsorted(calendar.dates, np.datetime64(day)))
    return calendar.values(int(calendar.segment_of[number]))[parameter]


def seats(scenario: Scenario, day: str) -> float:
    return float(value(scenario, "transfer.seats", day).max())


def runs(*scenarios: Scenario, members: int = 3, **how: Any) -> xr.Dataset:
    return simulate(list(scenarios), members=members, seed=7, **how)


def same(one: xr.Dataset, other: xr.Dataset) -> bool:
    """Whether all numbers are the same, to the byte."""
    return all(
        one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes() for name in one.data_vars
    )


def test_none_of_it_is_the_corridor_without_the_deal(base: Scenario) -> None:
    none, without = base.deal("pact", compliance=0), base.without("pact")
    assert none.settings.equals(without.settings)
    assert same(runs(none), runs(without))
    assert same(runs(none, mode="expected"), runs(without, mode="expected"))


def test_all_of_it_at_once_is_the_deal_as_it_stands(base: Scenario) -> None:
    again = base.deal("pact", since="2024-03-01", ramp=0, compliance=1, until="")
    assert again.name == base.name
    placed = base.deal("pact", since="2024-04-03").deal("pact", since="2024-03-01")
    assert placed.digest() == base.digest()
    assert same(runs(placed), runs(base))


def test_a_deal_without_dates_waits_to_be_placed(base: Scenario, tmp_path: Path) -> None:
    plain = load(folder(tmp_path, PACT, "\n".join(SETTINGS.split("\n")[:4])))
    assert "later" not in {*base.settings["lever"]}
    assert same(runs(base), runs(plain))
    here = base.deal("later", since="2024-02-01", compliance=1, ramp=0)
    assert float(value(here, "deport.share", "2024-01-31").max()) == 0.05
    assert float(value(here, "deport.share", "2024-02-01").max()) == 0.025


def test_a_ramp_goes_in_seven_steps(base: Scenario) -> None:
    slow = base.deal("pact", ramp=14, compliance=0.5)
    told = [seats(slow, f"2024-03-{day:02}") for day in (1, 2, 3, 13, 14, 31)]
    steps = np.array([1, 1, 2, 7, 7, 7]) / 7
    np.testing.assert_allclose(told, 20 + 0.5 * steps * 40)
    assert seats(slow, "2024-02-29") == 20
    assert len([*base.deal("pact", ramp=3).deals_in_force["pact"].sides[0].steps()]) == 3


def test_what_multiplies_is_raised_to_the_share(base: Scenario) -> None:
    half = base.deal("pact", compliance=0.5)
    before, after = (value(half, "checkpoint.chance", f"2024-03-{day}") for day in (10, 11))
    odds = before / (1.0 - before) * np.sqrt(2.0)
    np.testing.assert_allclose(after, odds / (1.0 + odds))


def test_parts_of_one_deal_do_not_build_on_each_other(tmp_path: Path) -> None:
    staged = SETTINGS + "transfer.seats,,,2024-04-01,,set,100,,,persons/day,pact,A,assumed,,\n"
    half = load(folder(tmp_path, settings=staged)).deal("pact", compliance=0.5)
    assert [seats(half, day) for day in ("2024-03-01", "2024-04-01")] == [40, 60]


def test_days_move_along(base: Scenario) -> None:
    moved = base.deal("pact", since="2024-02-10", until="2024-04-01")
    rows = moved.settings[moved.settings["lever"] == "pact"]
    assert rows["since"].dt.strftime("%m-%d").tolist() == ["02-10", "02-20", "02-10"]
    assert set(rows["until"].dt.strftime("%m-%d")) == {"04-01"}
    known = moved.levers.set_index("lever").loc["pact"]
    assert [f"{known[name]:%Y-%m-%d}" for name in ("since", "until")] == [
        "2024-02-10",
        "2024-04-01",
    ]
    ended = base.deal("pact", since="2024-03-11").settings
    assert "2024-06-11" in {*ended["until"].dropna().dt.strftime("%Y-%m-%d")}


def test_announced_days_move_along(tmp_path: Path) -> None:
    where = folder(tmp_path)
    table = pd.read_csv(where / "levers.csv", dtype=str, keep_default_na=False)
    table["announced"] = ["2024-02-15" if lever == "pact" else "" for lever in table["lever"]]
    table.to_csv(where / "levers.csv", index=False)
    moved = load(where).deal("pact", since="2024-04-03")
    day = moved.levers.set_index("lever").loc["pact", "announced"]
    assert f"{day:%Y-%m-%d}" == "2024-03-19"
    assert "pact" in {*moved.as_known("2024-03-19").settings["lever"]}
    assert "pact" not in {*moved.as_known("2024-03-18").settings["lever"]}


def test_nothing_differs_before_the_first_day_that_does(base: Scenario) -> None:
    program = compile_scenario(base)
    for deal, day in (
        (base.deal("pact", compliance=(0.3, 0.6, 0.9)), "2024-03-01"),
        (base.deal("pact", since="2024-05-01"), "2024-03-01"),
        (base.deal("pact", since="2024-02-05", ramp=20), "2024-02-05"),
        (base.deal("later", since="2024-04-09"), "2024-04-09"),
    ):
        assert str(program.dates[compile_scenario(deal).differs_from(program)]) == day
    both = runs(base, base.deal("later", since="2024-04-01"))
    early = both.sel(month=slice("2024-01", "2024-03"))
    assert same(early.isel(scenario=0), early.isel(scenario=1))


def test_a_side_may_stop_before_the_other(base: Scenario) -> None:
    alone = base.deal("pact", until={"A": "2024-04-01"}, compliance={"B": 0.5})
    assert [seats(alone, day) for day in ("2024-03-31", "2024-04-01")] == [60, 20]
    slots = [float(value(alone, "appointment.slots", d)) for d in ("2024-03-31", "2024-04-02")]
    assert slots == [20, 15]  # what is set later, by another lever, replaces it
    assert alone.name == "pact A until 2024-04-01 B compliance 0.5"


def test_how_far_it_is_kept_is_one_draw_for_all_its_settings(base: Scenario) -> None:
    noise = compile_scenario(base.deal("pact", compliance=(0.2, 0.6, 0.9))).noise
    luck = Luck(3, np.arange(400), 0, True)
    z = noise._standard("transfer.seats", "kept:pact/A", luck)
    assert np.array_equal(z, noise._standard("checkpoint.chance", "kept:pact/B", luck))
    assert abs(z.mean()) < 0.15
    assert z.min() >= noise.reach["kept:pact/A"][0]


def test_a_drawn_compliance_is_the_exponent_of_what_multiplies(base: Scenario) -> None:
    only = base.without("bus-closure").deal("later", since="2024-02-01", compliance=(0.2, 0.5, 0.9))
    scenario = only.deal("later", since="2024-02-01", ramp=0, compliance=(0.2, 0.5, 0.9))
    noise = compile_scenario(scenario).noise
    luck = Luck(3, np.arange(400), 0, True)
    segment = int(compile_scenario(scenario).segment[40])
    z = noise._standard("", "kept:later/", luck)
    kept = 0.5 + z / 1.645 * np.where(z > 0, 0.4, 0.3)
    assert kept.min() >= 0
    assert kept.max() <= 1
    assert 0.06 < np.mean((kept < 0.2) | (kept > 0.9)) < 0.14
    shift = dict(noise.doubts[segment])[("deport.share", "kept:later/")]
    usual = dict(noise.doubts[segment])[("deport.share", "")]
    assert usual.width.any()
    # A share moves on logits, so that the ends are exact and what lies between is close.
    middle = float(np.ravel(noise.middles[segment]["deport.share"])[0])
    ends = middle / (1 - middle) * np.exp(1.645 * np.array([-shift.below, shift.above]).ravel())
    np.testing.assert_allclose(ends / (1 + ends), 0.05 * 0.5 ** np.array([0.2, 0.9]))


def test_members_differ_by_how_far_a_deal_is_kept(base: Scenario) -> None:
    quiet = base.without("pact")
    unsure, sure = (
        quiet.deal("later", since="2024-01-01", ramp=0, compliance=share).named(name)
        for share, name in (((0, 0.5, 1), "unsure"), (0.5, "sure"))
    )
    stops = runs(unsure, sure, members=30)["stops"].sum(("month", "place", "group"))
    more = stops.sel(scenario="unsure") - stops.sel(scenario="sure")
    noise = compile_scenario(unsure).noise
    z = noise._standard("", "kept:later/", Luck(7, np.arange(30), 0, True))
    assert np.corrcoef(more, z)[0, 1] > 0.4
    assert ((more.values > 0) == (z > 0)).mean() > 0.7
    few = runs(unsure, members=5)["stops"]
    assert np.array_equal(few.values, runs(unsure, members=9)["stops"].values[:, :5])


def test_what_was_unsure_before_stays_so_in_part(base: Scenario) -> None:
    half = Calendar(base.deal("pact", compliance=0.5))
    segment = int(half.segment_of[62])
    doubts = half.doubts("transfer.seats", segment)
    # 10 to 30 before and 40 to 90 under the deal, half way: 35 to 45 and 30 to 55 about 40.
    for lever, (low, high) in {"": (35, 45), "pact": (30, 55)}.items():
        ends = 40 * np.exp(1.645 * np.array([-doubts[lever].below[0], doubts[lever].above[0]]))
        np.testing.assert_allclose(ends, [low, high])
    assert set(Calendar(base).doubts("transfer.seats", 3)) == {"pact"}


def test_a_written_scenario_is_the_same(base: Scenario, tmp_path: Path) -> None:
    asked = base.deal("pact", since="2024-02-10", ramp=9, compliance={"A": (0.3, 0.6, 0.9)})
    again = load(asked.write(tmp_path / "written"))
    assert same(runs(again), runs(asked))
    assert again.levers.equals(asked.levers)
    assert [*again.deals["deal"]] == ["pact", "pact", "later"]
    placed = again.deal("later", since="2024-02-01")
    assert same(runs(placed), runs(asked.deal("later", since="2024-02-01")))
    gone = load(base.without("pact").write(tmp_path / "gone"))
    assert [*gone.deals["deal"]] == ["later"]


def test_a_run_is_done_once_more(base: Scenario, tmp_path: Path) -> None:
    from rumbo.run.folder import keep_run, write_result

    asked = base.deal("pact", ramp=9, compliance={"A": (0.3, 0.6, 0.9)}, until={"B": "2024-04-01"})
    other = base.deal("later", since="2024-04-01").without("pact")
    spec = RunSpec.of([base, asked, other], 2, 1)
    with keep_run(tmp_path / "run", spec) as store:
        write_result(tmp_path / "run", execute(spec, 1, store))
    assert repeat(tmp_path / "run", 1, lambda done, total: None) == []


def test_a_single_scenario_is_done_once_more(base: Scenario, tmp_path: Path) -> None:
    from rumbo.run.folder import keep_run, write_result

    spec = RunSpec.of([base.deal("later", since="2024-02-20")], 2, 1)
    with keep_run(tmp_path / "run", spec) as store:
        write_result(tmp_path / "run", execute(spec, 1, store))
    assert repeat(tmp_path / "run", 1, lambda done, total: None) == []
    kept = load(tmp_path / "run" / "corridor")
    assert kept.levers.equals(base.levers)
    assert kept.deals.equals(base.deals)


def test_a_session_gives_the_same_bytes(base: Scenario) -> None:
    from rumbo.run.session import Session

    placed = base.deal("pact", ramp=5, compliance=0.5)
    asked = Session(base, members=3, seed=7, mode="stochastic").run(placed)
    assert same(asked, runs(base, placed))


def test_a_deal_that_ends_while_it_comes_in_ends(base: Scenario) -> None:
    short = base.deal("later", since="2024-02-01", ramp=30, compliance=1, until="2024-02-10")
    (side,) = short.deals_in_force["later"].sides
    path = kept_path(side, short.start, short.end)
    assert path[-2:] == [("2024-02-10", 0.0, 0.0, 0.0), ("2024-06-30", 0.0, 0.0, 0.0)]
    assert float(value(short, "deport.share", "2024-02-10").max()) == 0.05


def test_a_deal_comes_back_as_it_was_placed(base: Scenario) -> None:
    placed = base.deal("pact", since="2024-04-03")
    out = placed.without("pact")
    assert out.name == "without pact"
    assert out._with("pact").settings.equals(placed.settings)
    assert out.deal("pact", since="2024-04-03").digest() == placed.digest()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"name": "pcat"}, "there is no deal 'pcat'. Write 'pact'"),
    ({"name": "bus-closure"}, "there is no deal 'bus-closure'. Write one of: later, pact"),
    ({"name": "later"}, "'later' has no dates of its own, and since is not given"),
    ({"name": "pact", "until": "2024-03-01"}, "until 2024-03-01 is not after since 2024-03-01"),
    ({"name": "pact", "since": "2024-13-01"}, "since is '2024-13-01', expected a date"),
    ({"name": "pact", "compliance": 1.5}, "compliance is 1.5 for A, expected a share"),
    ({"name": "pact", "compliance": (0.7, 0.6, 0.9)}, "low 0.7 is above compliance 0.6 for A"),
    ({"name": "pact", "compliance": (0.7, 0.9, 0.8)}, "compliance 0.9 is above high 0.8 for A"),
    ({"name": "pact", "compliance": "half"}, "compliance is 'half', expected a share"),
    ({"name": "pact", "compliance": {"C": 1}}, "compliance is given for 'C', no side of 'pact'"),
    ({"name": "later", "since": "2024-02-01", "ramp": {"A": 1}}, "ramp is given for 'A', no side"),
    ({"name": "pact", "ramp": -1}, "ramp is -1, expected whole days"),
    ({"name": "pact", "ramp": 2.5}, "ramp is 2.5, expected whole days"),
    ({"name": "pact", "since": "2024-07-01"}, "'pact' would lie outside the run"),
    ({"name": "pact", "since": "2023-01-01", "until": "2023-12-01"}, "would lie outside the run"),
    ({"name": "pact", "since": "2024-04-01", "until": {"B": "2024-03-31"}}, "is not after since"),
    ({"name": "pact", "since": pd.NaT}, "since is NaT, expected a date"),
    ({"name": "pact", "since": "0001-01-01"}, "since is '0001-01-01', expected a date"),
    ({"name": "pact", "until": "9999-12-31"}, "until is '9999-12-31', expected a date"),
    ({"name": "pact", "compliance": 10**400}, "expected a share or (low, share, high)"),
    ({"name": "pact", "compliance": "0.5"}, "compliance is '0.5', expected a share"),
    ({"name": "pact", "compliance": (0.3, 0.6)}, "compliance is (0.3, 0.6), expected a share"),
    ({"name": ["pact"]}, "there is no deal '['pact']'"),
]


@pytest.mark.parametrize(("asked", "told"), REFUSED)
def test_what_cannot_be_placed(base: Scenario, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(Faults) as raised:
        base.deal(**asked)
    assert told in str(raised.value)
    assert all(line.startswith("deal: ") for line in str(raised.value).split("\n"))


def test_a_malformed_first_day_is_one_fault(base: Scenario) -> None:
    with pytest.raises(Faults) as raised:
        base.deal("later", since="2024-04-31")
    assert [one.message for one in raised.value.faults] == [
        "since is '2024-04-31', expected a date"
    ]


def test_what_has_no_limit_cannot_be_kept_in_part(tmp_path: Path) -> None:
    line = "checkpoint.capacity,north_port,,2024-03-01,,set,{},,,persons/day,pact,A,assumed,,\n"
    for number, (size, told) in enumerate(
        [("50", "is without limit without the deal"), ("inf", "is without limit, so it cannot")]
    ):
        where = folder(tmp_path / str(number), settings=SETTINGS + line.format(size))
        there = load(where)
        with pytest.raises(Faults, match=rf"settings_deals.csv, row 7: checkpoint.capacity {told}"):
            there.deal("pact", ramp=7)
        with pytest.raises(Faults, match=told):
            there.deal("pact", compliance={"A": (0.5, 1, 1)})
        runs(there.deal("pact", since="2024-04-03"), members=1)
        kept = (
            (where / "deals.csv")
            .read_text(encoding="utf-8")
            .replace("pact,A,2024-03-01,,,1", "pact,A,2024-03-01,,,0.5")
        )
        (where / "deals.csv").write_text(kept, encoding="utf-8")
        with pytest.raises(Faults, match=told):
            runs(load(where), members=1)


def test_no_part_of_a_factor_of_nothing(tmp_path: Path) -> None:
    line = "transfer.share,country:MX,,2024-03-01,,multiply,0,,,share,pact,A,assumed,,\n"
    there = load(folder(tmp_path, settings=SETTINGS + line))
    with pytest.raises(Faults, match=r"transfer\.share is multiplied by 0"):
        there.deal("pact", compliance=0.5)


FAULTY = [
    ("pact,,2024-03-01,,,1,,,,,assumed\n" * 2, "row 3: duplicate side 'pact', already in row 2"),
    ("pcat,,2024-03-01,,,1,,,,,assumed\n", "row 2: deal is 'pcat', an unknown lever. Write 'pact'"),
    ("local-election,,,,,1,,,,,assumed\n", "'local-election', a lever without settings"),
    ("pact,,2024-03-01,2024-03-01,,1,,,,,assumed\n", "since 2024-03-01 is not before until"),
    ("pact,,,2024-03-01,,1,,,,,assumed\n", "until is given without since"),
    ("pact,,2025-03-01,,,1,,,,,assumed\n", "the dates lie outside the run"),
    ("pact,,2024-03-01,,2.5,1,,,,,assumed\n", "ramp_days is 2.5, expected whole days"),
    ("pact,,2024-03-01,,,1.5,,,,,assumed\n", "compliance is 1.5, expected 0 to 1"),
    ("pact,,2024-03-01,,,0.5,0.6,0.9,,,assumed\n", "low 0.6 is above compliance 0.5"),
    ("pact,,2024-03-01,,,0.5,0.1,0.4,,,assumed\n", "compliance 0.5 is above high 0.4"),
    ("pact,A,2024-03-01,,,1,,,,,assumed\npact,B,,,,1,,,,,assumed\n", "since is empty, but not for"),
    ("pact,A,2024-03-01,,,1,,,,,assumed\npact,,2024-03-01,,,1,,,,,assumed\n", "actor is empty"),
    ("pact,C,2024-03-01,,,1,,,,,assumed\n", "settings_deals.csv, row 2: actor is 'A', no side of"),
    ("later,,,,,1,,,,,assumed\n", "row 2: actor is 'A', but lever 'pact' is no deal"),
    (PACT.replace("-01,,", "-05,,"), "row 2: it holds from 2024-03-01 on, before 'pact' does"),
    ("pact,,2024-03-01,,,1,,,,,nowhere\n", "source is 'nowhere'"),
]


@pytest.mark.parametrize(("deals", "told"), FAULTY)
def test_slips_in_a_corridor_are_told(deals: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Faults) as raised:
        load(folder(tmp_path, deals))
    assert told in str(raised.value)


def test_an_outcome_cannot_bring_a_deal_without_dates(tmp_path: Path) -> None:
    where = folders.with_outcomes(folder(tmp_path))
    text = (where / "outcomes.csv").read_text(encoding="utf-8")
    (where / "outcomes.csv").write_text(text.replace("bus-closure", "later"), encoding="utf-8")
    with pytest.raises(Faults, match="row 2: levers names 'later', a deal without dates"):
        load(where)


def test_a_deal_that_an_outcome_brings_comes_no_earlier(tmp_path: Path) -> None:
    where = folders.with_outcomes(folder(tmp_path))
    text = (where / "outcomes.csv").read_text(encoding="utf-8")
    (where / "outcomes.csv").write_text(text.replace("bus-closure", "pact"), encoding="utf-8")
    base = load(where)
    with pytest.raises(Faults, match="'pact' comes with 'vote=close', which takes effect on"):
        base.deal("pact", since="2024-02-20")
    later = base.deal("pact", since="2024-04-03")
    both = [one.scenario for one in later.branches().branches]
    assert [seats(one, "2024-04-03") for one in both] == [60, 20]
    assert seats(later.given("vote=open").given("vote=close"), "2024-04-02") == 20


def test_a_day_on_which_something_else_is_set_is_told(base: Scenario) -> None:
    told = "row 4: appointment.slots is set from the same day on as in settings.csv row"
    with pytest.raises(Faults, match=rf"settings_deals.csv, {told} .* Place 'pact' on another day"):
        base.deal("pact", since="2024-04-01")


def test_a_deal_on_the_day_of_what_was_left_out_is_run_once_more(
    base: Scenario, tmp_path: Path
) -> None:
    from rumbo.run.folder import keep_run, write_result

    asked = base.without("more-slots").deal("pact", since="2024-04-01")
    later = base.deal("later", since="2024-02-01").without("later").without("more-slots")
    spec = RunSpec.of([asked, later], 2, 1)
    with keep_run(tmp_path / "run", spec) as store:
        write_result(tmp_path / "run", execute(spec, 1, store))
    assert repeat(tmp_path / "run", 1, lambda done, total: None) == []


def test_an_outcome_brings_no_second_value_for_the_day_of_a_deal(tmp_path: Path) -> None:
    where = folders.with_outcomes(folder(tmp_path))
    text = (where / "outcomes.csv").read_text(encoding="utf-8")
    text = text.replace("bus-closure", "more-slots")
    (where / "outcomes.csv").write_text(text, encoding="utf-8")
    placed = load(where).given("vote=open").deal("pact", since="2024-04-01")
    assert placed.given("vote=open").settings.equals(placed.settings)
    for ask in (lambda: placed.given("vote=close"), placed.branches):
        with pytest.raises(Faults, match=r"slots is set from the same day on .* on another day"):
            ask()


def test_a_deal_kept_to_nothing_can_be_left_out(base: Scenario, tmp_path: Path) -> None:
    kept = base.deal("pact", compliance=0)
    assert kept.without("pact").settings.equals(base.without("pact").settings)
    assert kept.without("pact").without("pact").without_ == ("pact",)
    assert kept.without("pact").deal("pact").digest() == base.digest()
    where = folders.with_outcomes(folder(tmp_path))
    text = (where / "outcomes.csv").read_text(encoding="utf-8")
    (where / "outcomes.csv").write_text(text.replace("bus-closure", "pact"), encoding="utf-8")
    both = load(where).deal("pact", compliance=0).branches().branches
    assert [seats(one.scenario, "2024-05-01") for one in both] == [20, 20]


def test_as_of_a_day_before_it_was_known_a_deal_is_gone(base: Scenario, tmp_path: Path) -> None:
    before = base.deal("later", since="2024-05-01").as_known("2024-02-15")
    assert before.name == "base"
    assert before.describe() == base.as_known("2024-02-15").describe()
    assert not len(before.as_known("2024-02-10").deals)
    assert not len(load(before.write(tmp_path / "written")).deals)


def test_what_ends_before_a_waiting_deal_begins_is_told(tmp_path: Path) -> None:
    settings = SETTINGS.replace("country:MX,,,,multiply,4", "country:MX,,,2019-06-01,multiply,4")
    told = "row 5: it ends on 2019-06-01, before 'later' begins, on 2019-06-01"
    with pytest.raises(Faults, match=told):
        load(folder(tmp_path, settings=settings))


def test_a_waiting_deal_cannot_be_left_out(base: Scenario) -> None:
    with pytest.raises(Faults, match="the deal 'later' is not in force, nothing to drop"):
        base.without("later")
    assert "later" in base.deal("later", since="2024-02-01").without("later").without_
