"""The pace: how fast people set out from a place, or ask there, by group and day."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from expected_step import expected_step
from helpers import three_places

import rumbo
from rumbo.engine.arrays import Array
from rumbo.engine.rates import Rates
from rumbo.engine.step import Luck, step
from rumbo.model.pace import Pacing, pacing
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.simulate import simulate
from rumbo.run.states import begin
from rumbo.run.trunk import run_branches
from rumbo.scenario.scenario import Scenario

GOING = {"depart", "stop", "die_passage", "encounter", "evade", "die_crossing"}
LAST = 120
"""Days that are run here."""


def shape_of(program: Program) -> tuple[int, int]:
    return len(program.space.groups), len(program.paces.place)


def paced(program: Program, *tables: Array, table_of: Array | None = None) -> Program:
    """Give a program these tables day by day in turn, or as said."""
    if table_of is None:
        table_of = np.arange(len(program.dates)) % len(tables)
    return replace(program, pace=pacing(tables, table_of, shape_of(program)))


def at_random(program: Program, seed: int = 3) -> Array:
    """Return paces from 0.2 to 5, evenly by their logs."""
    table = np.exp(np.random.default_rng(seed).uniform(np.log(0.2), np.log(5), shape_of(program)))
    table[:, 0] = 1.0
    return table


def run(
    program: Program, *, stochastic: bool, members: int = 3, days: int = LAST
) -> tuple[Array, Array]:
    """Return people by compartment at the end, and the months' record."""
    luck, program = Luck(2, np.arange(members), 0, stochastic), replace(program, record="month")
    state = begin(program, luck)
    run_days(program, state, luck, range(days))
    state.close(program, days - 1, luck)
    return state.counts.copy(), np.concatenate(
        [month[name].ravel() for month in state.recorder.months for name in month]
    )


def scenarios(name: str) -> Scenario:
    if name == "three":
        return three_places()
    if name == "five":
        return rumbo.read_flee(Path(__file__).parent.parent / "examples" / "five_places")
    return rumbo.load("darien-rio-bravo").between("2024-01-01", "2024-02-28")


@pytest.fixture(scope="module")
def three() -> Program:
    return compile_scenario(three_places())


@pytest.mark.parametrize("stochastic", [True, False])
@pytest.mark.parametrize(("name", "days"), [("three", LAST), ("five", 30), ("bundled", 40)])
def test_a_pace_of_one_gives_the_bytes_of_none(name: str, days: int, stochastic: bool) -> None:
    plain = compile_scenario(scenarios(name))
    ones = np.ones(shape_of(plain))
    one, other = (
        run(program, stochastic=stochastic, days=days)
        for program in (plain, paced(plain, ones, ones.copy()))
    )
    assert one[0].sum() > 0
    for mine, yours in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, yours)


@pytest.mark.parametrize("stochastic", [True, False])
def test_another_pace_gives_other_numbers_which_no_neighbour_changes(
    three: Program, stochastic: bool
) -> None:
    """Lanes of groups for few members, of members for many: the same bytes."""
    program = paced(three, *(at_random(three, seed) for seed in range(5)))
    few, many = (run(program, stochastic=stochastic, members=n)[0] for n in (2, 9))
    assert np.abs(few - run(three, stochastic=stochastic, members=2)[0]).max() > 0
    np.testing.assert_array_equal(few, many[:2])


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_workers_change_nothing(three: Program, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = paced(three, *(at_random(three, seed) for seed in range(5))).pace
    plain = simulate(three_places(), members=9, mode=mode, workers=1)
    monkeypatch.setattr(sys.modules["rumbo.run.program"], "pacing_of", lambda outlook: made)
    one, other = (simulate(three_places(), members=9, mode=mode, workers=n) for n in (1, 3))
    xr.testing.assert_identical(one, other)
    assert not one["encounters"].equals(plain["encounters"])


def test_expected_people_are_the_mean_of_those_drawn() -> None:
    """Law 4, with nothing limited: 400 members against the expected, to five standard errors."""
    compiled = compile_scenario(three_places().change("checkpoint.capacity", np.inf))
    plain = replace(compiled, limit=np.full_like(compiled.limit, np.inf))
    program = paced(plain, *(at_random(plain, seed) for seed in range(4)))
    luck, days = Luck(2, np.arange(400), 0, True), range(60)
    state, meant = begin(program, luck), begin(program, luck._replace(stochastic=False))
    noiseless = program.noise.off(len(luck.members))
    for t in days:
        state.advance(program, t, noiseless, luck._replace(step=t))
        meant.advance(program, t, noiseless, luck._replace(stochastic=False, step=t))
    drawn = state.counts.sum(axis=1)
    error = np.sqrt(np.maximum(drawn.var(axis=0), 0.02) / len(drawn))
    off = (drawn.mean(axis=0) - meant.counts.sum(axis=1)[0]) / error
    assert np.abs(off).max() < 5.0
    even = begin(plain, luck._replace(stochastic=False))
    for t in days:
        even.advance(plain, t, noiseless, luck._replace(stochastic=False, step=t))
    assert np.abs((drawn.mean(axis=0) - even.counts.sum(axis=1)[0]) / error).max() > 20.0


def full(program: Program, pace: Array) -> tuple[Array, Rates]:
    """Return a thousand people in every compartment, and a day's table without limits."""
    counts = np.full((1, len(program.space.groups), len(program.space.compartments)), 1000.0)
    off = program.noise.off(1)
    table = Rates(
        program.rate[-1], off.rate, np.zeros((1, program.entry.shape[1])),
        np.full((1, program.limit.shape[1]), np.inf), pace=pace[None],
    )  # fmt: skip
    return counts, table


def flows(program: Program, pace: Array, *, stochastic: bool) -> Array:
    """Return the flows of a short step (G, M): rates are hardly felt by one another."""
    counts, table = full(program, pace)
    if not stochastic:
        return expected_step(counts, table, program.space, program.wiring, 1e-6)[1][0]
    table = table._replace(rate=np.minimum(table.rate, 0.2))
    luck = Luck(1, np.arange(1), 0, True)
    return step(counts, table, program.space, program.wiring, 1.0, luck)[1].moved[0]


@pytest.mark.parametrize("decision", ["going", "asking"])
def test_the_pace_of_a_place_bears_on_what_is_decided_there_and_on_nothing_else(
    three: Program, decision: str
) -> None:
    """Stops on setting out with the rest; patrols, dying and going home are left alone."""
    watched = compile_scenario(three_places().change("patrol.rate", 0.05))
    kinds = {"going": GOING, "asking": {"request"}}[decision]
    ones = np.ones(shape_of(watched))
    before, found = flows(watched, ones, stochastic=False), 0
    for number in watched.paces.numbers(decision):
        table = ones.copy()
        table[1, number] = 3.0
        ratio = np.divide(
            flows(watched, table, stochastic=False), before, out=np.ones(before.shape),
            where=before > 0,
        )  # fmt: skip
        moves = watched.space.moves
        mine = [m.kind in kinds and m.source.at == watched.paces.place[number] for m in moves]
        np.testing.assert_allclose(ratio[0], 1.0, rtol=1e-3)
        np.testing.assert_allclose(ratio[1], np.where(before[1] * mine, 3.0, 1.0), rtol=1e-3)
        found += int((before[1] * mine > 0).sum())
    assert found
    assert (before[:, watched.space.of("patrol")] > 0).any()
    assert len(three.space.of("request"))


@pytest.mark.parametrize("stochastic", [True, False])
def test_a_pace_of_nought_keeps_everybody(three: Program, stochastic: bool) -> None:
    table = np.zeros(shape_of(three))
    table[:, 0] = 1.0
    moved = flows(three, table, stochastic=stochastic)
    rows = three.paces.of > 0
    assert {three.space.moves[m].kind for m in np.flatnonzero(rows)} == GOING | {"request"}
    assert not moved[:, rows].any()
    assert moved[:, ~rows].any()
    assert flows(three, np.ones_like(table), stochastic=stochastic)[:, rows].any()


def test_branches_share_the_days_before_their_paces_differ(three: Program) -> None:
    """A table of ones is as good as none; from the first other day on, the branch is its own."""
    day, days = 70, len(three.dates)
    tables = np.ones(shape_of(three)), at_random(three), at_random(three)
    late = np.where(np.arange(days) < day, 0, 1)
    branch = paced(three, *tables, table_of=late)
    assert branch.differs_from(three) == three.differs_from(branch) == day
    again = paced(three, *tables, table_of=np.where(late > 0, 2, -1))
    assert again.differs_from(branch) == days
    assert three.differs_from(replace(three, pace=Pacing())) == days
    for stochastic in (True, False):
        luck = Luck(4, np.arange(2), 0, stochastic)
        beside = list(run_branches([three, branch], luck))[1]
        alone = next(iter(run_branches([branch], luck)))
        for name, values in alone.items():
            np.testing.assert_array_equal(beside[name], values, err_msg=name)
        plain = next(iter(run_branches([three], luck)))
        assert any((plain[name] != values).any() for name, values in alone.items())


@pytest.mark.parametrize(
    ("tables", "table_of", "message"),
    [
        ([np.ones((2, 2))], [0], "has shape"),
        ([np.full((1, 2), 2.0)], [0], "1 in the first column"),
        ([np.array([[1.0, -0.5]])], [0], "0 or more"),
        ([np.array([[1.0, np.inf]])], [0], "0 or more"),
        ([np.ones((1, 2))], [1], "numbers of the 1 tables"),
        ([np.ones((1, 2))], [-2], "numbers of the 1 tables"),
    ],
)
def test_paces_that_cannot_be_are_refused(
    tables: list[Array], table_of: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        pacing(tables, np.array(table_of), (1, 2))
