"""Minds in a corridor: beliefs that set the pace, events that people await, planning at home."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from folders import add, copy, court, swap, with_outcomes

import rumbo
from rumbo.model.minds.chain import ACROSS
from rumbo.model.minds.world import Reckonings
from rumbo.run.program import Program, compile_beside, compile_scenario
from rumbo.run.session import Session
from rumbo.run.sets import Sets
from rumbo.run.spec import RunSpec
from rumbo.scenario.scenario import Scenario

SHUT = "worth.crossing,,,2024-03-01,,multiply,0.2,,,worth,bus-closure,assumed,assumed,"
RULES = "  - shocks\n"
BELIEFS = (
    "event outcome group since until belief low high blur_days lag_days attention_days source"
).split()


def minded(to: Path, *settings: str, rules: str = "  - minds\n", belief: str = "") -> Scenario:
    """Return the smallest corridor with an awaited closing that makes crossings worth less."""
    folder = with_outcomes(copy(to))
    swap(folder, "corridor.yaml", RULES, RULES + rules)
    for row in (SHUT, *settings):
        add(folder, "settings.csv", row)
    if belief:
        held = dict(
            zip(BELIEFS, ["vote", "close", "", "", "", belief, "", "", 5, 0, 40], strict=False)
        )
        held["source"] = "assumed"
        pd.DataFrame([held]).to_csv(folder / "beliefs.csv", index=False)
    return rumbo.load(folder)


def setting(name: str, value: float, unit: str) -> str:
    return f"{name},,,,,set,{value},,,{unit},,assumed,assumed,"


def paces(program: Program, decision: str, place: str) -> np.ndarray:
    """Return the pace of everybody at a place on every day; (T, G)."""
    number = program.labels["place"].index(place)
    (mine,) = [n for n in program.paces.numbers(decision) if program.paces.place[n] == number]
    groups = len(program.labels["group"])
    days = (program.pace.on(t)[0] for t in range(len(program.dates)))
    return np.stack([day[:, mine] if day.shape[1] > 1 else np.ones(groups) for day in days])


def day(program: Program, text: str) -> int:
    return int(np.flatnonzero(program.dates == np.datetime64(text))[0])


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return minded(tmp_path_factory.mktemp("minded"), belief="0.6")


@pytest.fixture(scope="module")
def program(scenario: Scenario) -> Program:
    return compile_scenario(scenario)


def test_people_hurry_before_a_closing_and_hold_back_after_it(program: Program) -> None:
    pace = paces(program, "going", "north_crossing")[:, 0]
    vote, shut = day(program, "2024-02-10"), day(program, "2024-03-01")
    assert pace[0] > 1.0
    assert (np.diff(pace[:vote]) > 0).all()
    # Once it is known that the closing comes, nobody doubts any more.
    assert pace[vote] > 1.05 * pace[vote - 1]
    assert pace[shut] < 1.0 < pace[shut - 1]
    assert pace[shut] < pace[-1] < 1.0


def test_people_who_are_nearer_go_later(program: Program) -> None:
    before = day(program, "2024-03-01")
    peak = {
        place: int(paces(program, "going", place)[:before, 0].argmax())
        for place in ("south_town", "middle_town", "north_crossing")
    }
    assert peak["south_town"] <= peak["middle_town"] <= peak["north_crossing"]


def test_asking_is_weighed_against_crossing(program: Program) -> None:
    asking = paces(program, "asking", "north_crossing")[:, 0]
    assert asking[day(program, "2024-02-20")] != 1.0


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_belief_nought_gives_the_bytes_of_no_minds(tmp_path: Path, mode: str) -> None:
    calm = minded(tmp_path, belief="0").given("vote=open")
    one, none = (
        rumbo.simulate(each.named("one"), members=3, seed=2, mode=mode, workers=1)
        for each in (calm, calm.without("minds"))
    )
    for name in one.data_vars:
        np.testing.assert_array_equal(one[name].values, none[name].values)


@pytest.mark.parametrize("stake", [2.0, 8.0])
def test_the_rush_grows_with_the_stake(tmp_path: Path, scenario: Scenario, stake: float) -> None:
    row = setting("minds.kappa", stake, "1/worth")
    other = compile_scenario(minded(tmp_path, row, belief="0.6"))
    usual = compile_scenario(scenario)
    at = day(usual, "2024-02-20")
    mine, base = (paces(one, "going", "north_crossing")[at, 0] for one in (other, usual))
    assert (mine > base) == (stake > 6.0)
    assert mine > 1.0


def test_branches_are_the_same_until_the_news(scenario: Scenario) -> None:
    runs = rumbo.simulate(scenario.branches("vote"), members=3, seed=1, workers=1)
    one, other = (runs["passages"].isel(branch=n).values for n in (0, 1))
    # The news comes in February, the closing in March.
    months = [
        axis for axis, name in enumerate(runs["passages"].isel(branch=0).dims) if name == "month"
    ]
    one, other = (np.moveaxis(values, months[0], 0) for values in (one, other))
    np.testing.assert_array_equal(one[0], other[0])
    assert not np.array_equal(one[1], other[1])


@pytest.mark.parametrize("given", [("vote=close",), ("vote=close", "vote=open")])
def test_people_await_what_may_come_of_what_may_come(
    tmp_path: Path, given: tuple[str, ...]
) -> None:
    scenario = minded(tmp_path)
    with_outcomes(tmp_path / "three_places", *map(court, given))
    tree = rumbo.load(tmp_path / "three_places").branches()
    one, *others = (compile_scenario(branch.scenario) for branch in tree.branches)
    known = day(one, "2024-02-10")
    asking = paces(one, "asking", "north_crossing")
    assert not np.array_equal(asking, paces(compile_scenario(scenario), "asking", "north_crossing"))
    for other in others:
        np.testing.assert_array_equal(
            asking[:known], paces(other, "asking", "north_crossing")[:known]
        )


def test_an_event_after_the_run_still_shapes_it(scenario: Scenario) -> None:
    short = scenario.between("2024-01-01", "2024-02-05")
    ends, whole = compile_scenario(short), compile_scenario(scenario)
    here = paces(ends, "going", "north_crossing")
    assert here[-1, 0] > 1.0
    np.testing.assert_allclose(here, paces(whole, "going", "north_crossing")[: len(here)])


def test_members_learn_from_who_gets_through(program: Program, scenario: Scenario) -> None:
    assert program.learns
    through = program.space.of(*ACROSS)
    assert (program.told_place[through] == program.places).all()
    late = day(program, "2024-05-20")
    blind, sees = (program.pace.on(late, np.array([seen])) for seen in (0.0, 1.0))
    going, asking = program.paces.numbers("going"), program.paces.numbers("asking")
    assert (sees < blind)[0][:, going[-1]].all()
    assert (sees > blind)[0][:, asking].any()
    np.testing.assert_array_equal(blind, program.pace.on(late))
    seeing = [t for t in range(len(program.dates)) if program.pace.learns_on(t)]
    assert late in seeing
    assert 0 not in seeing
    others = set(range(len(program.dates))) - {*seeing}
    assert all(program.pace.on(t, np.array([1.0])) is program.pace.on(t) for t in others)


def test_workers_change_nothing(scenario: Scenario) -> None:
    one, other = (rumbo.simulate(scenario, members=9, seed=5, workers=n) for n in (1, 3))
    xr.testing.assert_identical(one, other)


def test_without_minds_nobody_looks(scenario: Scenario) -> None:
    off = compile_scenario(scenario.without("minds"))
    assert not off.learns
    assert off.differs_from(compile_scenario(scenario)) == 0


# Planning at home.


def planned(to: Path, days: float) -> Scenario:
    row = f"planning.days,south_town,,,,set,{days},,,days,,assumed,assumed,"
    return minded(to, row, rules="  - planning\n  - minds\n", belief="0.6")


def test_planners_set_out_after_a_mean_time(tmp_path: Path) -> None:
    program = compile_scenario(planned(tmp_path, 50.0))
    rows = program.space.of("leave_home")
    assert len(rows)
    assert {program.space.compartments[c].status for c in program.wiring.entry_target} == {
        "planning"
    }
    assert program.rate[0][:, rows] == pytest.approx(-np.log(1 - 1 / 50))


def test_planners_hurry_too(tmp_path: Path) -> None:
    program = compile_scenario(planned(tmp_path, 50.0))
    pace = paces(program, "planning", "south_town")[:, 0]
    assert pace[day(program, "2024-02-10")] > 1.0


def test_scenarios_of_another_structure_await_what_they_await_alone(tmp_path: Path) -> None:
    """Each way round: neither takes paces over from the other, whose exits lead elsewhere."""
    plans = planned(tmp_path, 50.0)
    both = [plans, plans.without("planning")]
    alone = [compile_scenario(one).pace.tables for one in both]
    for order in ([0, 1], [1, 0]):
        programs = Sets(RunSpec.of([both[n] for n in order], 1, 1, "expected")).programs
        for n, program in zip(order, programs, strict=True):
            assert len(program.pace.tables) == len(alone[n]) > 0
            assert all(map(np.array_equal, program.pace.tables, alone[n]))


def test_paces_are_never_taken_from_another_structure(scenario: Scenario) -> None:
    """Exits of the same rates may lead elsewhere: where they lead is part of what is known."""
    world = compile_beside(scenario).outlook().world(0)
    other, known = replace(world, space=replace(world.space)), Reckonings()
    assert known.of("", [world], lambda _groups: np.zeros((1, 2, 1))).sum() == 0.0
    assert known.of("", [world], lambda _groups: np.ones((1, 2, 1))).sum() == 0.0
    assert known.of("", [other], lambda _groups: np.ones((1, 2, 1))).sum() == 2.0


def test_nobody_plans_where_the_rule_is_off(tmp_path: Path) -> None:
    program = compile_scenario(planned(tmp_path, 50.0).without("planning"))
    assert not len(program.space.of("leave_home"))


def test_a_session_counts_the_paces_it_holds_and_leaves_none_of_what_is_broken_off(
    scenario: Scenario,
) -> None:
    other = scenario.change("stay.days", 9.0)
    session = Session(scenario)
    session.run()
    alone = session.held
    next(session.months(other))
    assert session.held == alone
    session.run(other)
    paces = compile_scenario(other).pace.nbytes
    months = sum(
        array.nbytes for own in session._results.values() for array in own.months[0].values()
    )
    assert paces > 0
    assert session.held == alone + months + paces
