"""A session: what is kept, what is run again, and that nothing of it shows in the numbers."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

import numpy as np
import pytest
import xarray as xr
from helpers import THREE_PLACES, three_places

import rumbo
from rumbo import Scenario, load, simulate
from rumbo.engine.space import Compartment, Move
from rumbo.engine.step import Luck
from rumbo.model import MODELS, Model
from rumbo.run import trunk as trunks
from rumbo.run.program import Program, compile_beside, compile_scenario
from rumbo.run.session import Session
from rumbo.run.states import begin
from rumbo.run.trunk import Trunk
from rumbo.scenario.parameters import PARAMETERS

DEAL = "december-2023-deal"


def levers(scenario: Scenario) -> list[str]:
    return sorted(set(scenario.settings["lever"]) - {""})


def changed_at_random(base: Scenario, count: int, seed: int) -> Iterator[Scenario]:
    """Make scenarios in which one parameter has another value from some day on."""
    rng = np.random.default_rng(seed)
    there = set(base.settings["parameter"]) - set(MODELS["corridor"].fixed)  # these have no dates
    names = [n for n, p in PARAMETERS.items() if n in there and p.high > 0]
    days = (base.end - base.start).days
    for _ in range(count):
        name = str(rng.choice(names))
        parameter = PARAMETERS[name]
        value = parameter.low + rng.random() * (
            min(parameter.high, parameter.low + 1) - parameter.low
        )
        since = base.start + timedelta(days=int(rng.integers(days)))
        yield base.change(name, round(value, 3), since=since)


def assert_same_program(one: Program, other: Program) -> None:
    """Compare all that two programs hold, array for array and bit for bit."""
    assert bits(vars(one)) == bits(vars(other))


def bits(thing: object) -> object:
    """Return what a thing holds, such that equal bits are equal."""
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, dict):
        return [(str(name), bits(value)) for name, value in thing.items()]
    if isinstance(thing, tuple | list) and not any(
        isinstance(one, Move | Compartment) for one in thing[:1]
    ):
        return [bits(each) for each in thing]
    if is_dataclass(thing) and not isinstance(thing, Model):  # a model holds functions
        return [(field.name, bits(getattr(thing, field.name))) for field in fields(thing)]
    return thing


def numbers(runs: xr.Dataset) -> dict[str, bytes]:
    return {str(name): values.to_numpy().tobytes() for name, values in runs.data_vars.items()}


def assert_same_result(one: xr.Dataset, other: xr.Dataset) -> None:
    xr.testing.assert_identical(one, other)
    assert numbers(one) == numbers(other)


@pytest.mark.long
def test_a_program_compiled_beside_another_is_that_compiled_alone() -> None:
    """With what people await, which takes as long as all else, only a few of the changes."""
    base = load("darien-rio-bravo").fitted()
    blind = base.without("minds")
    changed = [blind.without(lever) for lever in levers(base)]
    changed += [blind.without(rule) for rule in ("shocks", "checkpoints", "route")]
    changed += [*changed_at_random(blind, 8, 1), blind.between("2023-11-05", "2024-02-03")]
    some = base.without("chnv-parole")  # bears on what people of some groups await
    awaiting = [base.without(DEAL), some, blind, *changed_at_random(base, 2, 2)]
    for start, scenarios in ((blind, changed), (base, awaiting)):
        beside = compile_beside(start)
        for one in scenarios:
            assert_same_program(compile_beside(one, beside).program, compile_scenario(one))


def test_the_structure_is_taken_over_only_where_it_is_the_same() -> None:
    base = compile_beside(three_places())
    alike = compile_beside(three_places().without("bus-closure"), base).program
    assert alike.space is base.program.space
    other = load("darien-rio-bravo")
    assert_same_program(compile_beside(other, base).program, compile_scenario(other))


def test_values_that_shape_the_structure_are_looked_at() -> None:
    crisis = rumbo.read_flee(THREE_PLACES.parent / "five_places")
    base = compile_beside(crisis)
    farther = crisis.change("flight.awareness", 2)
    beside = compile_beside(farther, base).program
    assert beside.space is not base.program.space
    alone = compile_scenario(farther)
    assert bits(beside.rate) == bits(alone.rate)
    assert beside.space.moves == alone.space.moves


def test_segments_with_the_same_values_share_their_rates() -> None:
    base = load(THREE_PLACES)
    again = base.change("stop.count", 0.5, since="2024-02-10", until="2024-02-20")
    program = compile_scenario(again)
    assert len(program.rate) > len({id(table) for table in program.rate})
    beside = compile_beside(base.without("more-slots"), alone := compile_beside(base)).program
    assert {id(table) for table in beside.rate} <= {id(table) for table in alone.program.rate}


@pytest.mark.parametrize(("mode", "members"), [("expected", 1), ("stochastic", 5)])
def test_a_session_gives_what_simulate_gives(mode: str, members: int) -> None:
    base = three_places()
    session = Session(base, members=members, seed=3, mode=mode)
    changed = [
        base.without("bus-closure"),
        base.without("more-slots"),
        base.without("shocks"),
        base.change("stay.days", 3.0, since="2024-02-10"),
        base.named("never different"),
        *changed_at_random(base, 4, 2),
    ]
    for scenario in [*changed, *changed[:3]]:
        expected = simulate([base, scenario], members=members, seed=3, mode=mode, workers=1)
        assert_same_result(session.run(scenario), expected)
    every = simulate([base, *changed[:3]], members=members, seed=3, mode=mode, workers=1)
    assert_same_result(session.run(*changed[:3]), every)
    assert_same_result(session.run(), simulate(base, members=members, seed=3, mode=mode, workers=1))


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:appointment.slots")  # values at random may hold people
def test_a_session_gives_what_simulate_gives_of_the_fitted_corridor() -> None:
    base = load("darien-rio-bravo").fitted()
    session = Session(base)
    for lever in (DEAL, levers(base)[0]):
        expected = simulate([base, base.without(lever)], mode="expected", workers=1)
        assert_same_result(session.run(base.without(lever)), expected)


@pytest.mark.parametrize("mode", ["expected", "stochastic"])
@pytest.mark.parametrize("asked_before", [False, True])
def test_months_are_those_of_the_whole(mode: str, asked_before: bool) -> None:
    base, changed = three_places(), three_places().without("bus-closure")
    session = Session(base, members=5, mode=mode)
    if asked_before:
        session.run(changed)
    closed = list(session.months(changed))
    whole = simulate([base, changed], members=5, mode=mode, workers=1)
    assert [one.count for one in closed] == [*range(1, whole.sizes["month"] + 1)]
    assert {one.of for one in closed} == {whole.sizes["month"]}
    for one in closed:
        so_far = one.result()
        assert_same_result(so_far, whole.isel(month=slice(one.count)))
        xr.testing.assert_equal(one.numbers(), so_far)
    assert_same_result(session.run(changed), whole)


def test_days_are_given_where_days_are_recorded() -> None:
    crisis = rumbo.read_flee(THREE_PLACES.parent / "five_places")
    whole = simulate(crisis, mode="expected", workers=1)
    for closed in Session(crisis).months():
        assert_same_result(closed.result(), whole.isel(day=slice(closed.count)))


def test_a_month_comes_before_the_next_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = spied(monkeypatch)
    base = three_places()
    next(iter(Session(base).months(base.without("more-slots"))))
    assert max(day for days in run for day in days) < 31 + base.warm_up


def spied(monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """Return what is filled with the days that are run from now on."""
    run: list[range] = []
    run_days = trunks.run_days

    def spy(program: Program, state: object, luck: Luck, days: range) -> None:
        run.extend([days] if days else [])
        run_days(program, state, luck, days)

    monkeypatch.setattr(trunks, "run_days", spy)
    return run


def test_only_days_that_differ_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = spied(monkeypatch)
    base = three_places()
    session = Session(base)
    session.run()
    days = sum(map(len, run))
    assert days == (base.end - base.start).days + 1 + base.warm_up
    run.clear()
    late = base.change("stay.days", 3.0, since="2024-04-11")
    session.run(late)
    first = compile_scenario(late).differs_from(compile_scenario(base))
    assert sum(map(len, run)) == days - first + 10  # April, from its first day
    run.clear()
    session.run(base.change("stay.days", 4.0, since="2024-04-11"))
    assert sum(map(len, run)) == days - first
    run.clear()
    session.run(late.named("late"))
    assert run == []


def test_variants_of_what_comes_after_a_day_cost_the_days_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = three_places()
    ahead = [base.change("stay.days", days, since="2024-06-01") for days in (3.0, 4.0, 9.0)]
    programs = [compile_scenario(one) for one in (base, *ahead)]
    origin = {program.differs_from(programs[0]) for program in programs[1:]}
    run, whole = spied(monkeypatch), len(programs[0].dates)
    months = list(trunks.run_branches(programs, Luck(1, np.arange(2), 0, True)))
    assert origin == {whole - 30}
    assert sum(map(len, run)) == whole + 3 * 30
    assert len({month["entries"].tobytes() for month in months}) == 1
    assert len({month["encounters"].tobytes() for month in months}) == 4


def test_no_more_is_held_than_is_allowed() -> None:
    base = three_places()
    changed = [base.change("stay.days", float(days)) for days in range(2, 8)]
    expected = [simulate([base, one], mode="expected", workers=1) for one in changed]
    size = begin(compile_scenario(base), Luck(0, np.arange(1), 0, False)).held
    whole = Session(base)
    result = sum(array.nbytes for array in whole.run(changed[0]).data_vars.values()) // 2
    for memory in (0, 6 * size, 4 * result):
        session = Session(base, memory=memory)
        for scenario, runs in zip(changed, expected, strict=True):
            assert_same_result(session.run(scenario), runs)
            assert session.held <= memory + size
    assert whole.held > 0


def test_a_state_takes_the_bytes_it_is_said_to() -> None:
    program = compile_scenario(load("darien-rio-bravo"))
    luck = Luck(0, np.arange(2), 0, False)
    trunk, size = Trunk(program, luck, [1, 2]), begin(program, luck).held
    trunk.to(2)
    assert trunk.held == 2 * size
    tracemalloc.start()
    states = [trunk.at(day) for day in (1, 2, 1)]
    taken = tracemalloc.get_traced_memory()[0] / len(states)
    tracemalloc.stop()
    assert taken == pytest.approx(size, rel=0.25)


def test_what_does_not_fit_is_refused_with_a_cure() -> None:
    base = three_places()
    session = Session(base)
    with pytest.raises(rumbo.Faults, match=r"same corridor\. Make both from one"):
        session.run(load("darien-rio-bravo").named("another"))
    with pytest.raises(rumbo.Faults, match=r"same dates\. Write \.between\('2024-01-01'"):
        session.months(base.between("2024-01-01", "2024-02-10"))
    with pytest.raises(ValueError, match="different names"):
        session.run(base)
    fitted = load("darien-rio-bravo")
    with pytest.raises(rumbo.Faults, match=r"same posterior\. Write \.fitted"):
        Session(fitted).run(fitted.without(DEAL).fitted())


@pytest.mark.parametrize("wrong", [{"members": 0}, {"seed": -1}, {"mode": "x"}, {"memory": -1}])
def test_arguments_out_of_their_domain_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Session(three_places(), **wrong)
