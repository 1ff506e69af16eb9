"""The expected kernel: the figures of the one it took the place of, and the same bytes any way.

The golden file was written by the kernel of `rumbo.engine.moves` when it still had a branch for
expected people. ``python tests/test_expected.py write`` writes it anew with the kernel in use, for
when rules or data change on purpose.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from helpers import THREE_PLACES, three_places

import rumbo
from rumbo.engine import lanes
from rumbo.engine.arrays import Array
from rumbo.engine.step import Luck
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.simulate import execute, simulate
from rumbo.run.spec import RunSpec
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario

GOLDEN = Path(__file__).parent / "golden" / "expected.npz"
CRISES = Path(__file__).parent.parent.parent / "shared" / "data" / "flee"
NAMES = ("burundi2015", "car2013", "mali2012", "ssudan2013", "syria2013", "ukraine2022")


def bundled(*, fitted: bool) -> Scenario:
    scenario = rumbo.load("darien-rio-bravo")
    return scenario.fitted() if fitted else scenario


def crisis(name: str) -> Scenario:
    if not CRISES.is_dir():
        pytest.skip("the crises are not beside the project")
    return rumbo.read_flee(CRISES / name, CRISES / "simsetting.yml")


CASES: dict[str, tuple[Callable[[], Scenario], int, tuple[int, ...]]] = {
    "bundled": (lambda: bundled(fitted=False), 1, (200, 500, 780)),
    "fitted": (lambda: bundled(fitted=True), 3, (400, 780)),
    "three": (lambda: rumbo.load(THREE_PLACES), 1, (50, 100)),
    "five": (lambda: rumbo.read_flee(THREE_PLACES.parent / "five_places"), 1, (10, 39)),
    **{name: (lambda name=name: crisis(name), 1, (60, 250)) for name in NAMES},
}
"""What is run, how many members, and the days in the middle of a month to look at."""


def recorded_then(program: Program, rows: Array) -> Array:
    """Leave out the rows of the measure that the kernel before did not know."""
    if "departures" not in program.ledger.rows:
        return rows
    first, shape = program.ledger.rows["departures"]
    return np.delete(rows, np.arange(first, first + int(np.prod(shape))), axis=1)


def figures(case: str) -> dict[str, Array]:
    """People by compartment and by group, the record since the month began, and who was stopped."""
    make, members, days = CASES[case]
    program = replace(compile_scenario(make()), record="month")
    luck = Luck(1, np.arange(members), 0, False)
    state, at, found = begin(program, luck), 0, {}
    for day in days:
        run_days(program, state, luck, range(at, day))
        at, now = day, state.copy()
        now.take(program)
        found[f"{case}/{day}/cells"] = now.counts.sum(axis=1)
        found[f"{case}/{day}/groups"] = now.counts.sum(axis=2)
        found[f"{case}/{day}/rows"] = recorded_then(program, now.recorder.total.sum(axis=2))
        found[f"{case}/{day}/stopped"] = now.stopped
    return found


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_of_the_kernel_before(case: str) -> None:
    """To 1e-9 of each figure, or of the largest beside it where it is a rounding of nothing."""
    found = figures(case)
    with np.load(GOLDEN) as golden:
        assert {name for name in golden.files if name.startswith(f"{case}/")} == {*found}
        for name, values in found.items():
            least = 1e-15 * np.abs(golden[name]).max(initial=0.0)
            np.testing.assert_allclose(values, golden[name], rtol=1e-9, atol=least, err_msg=name)


@pytest.mark.parametrize("members", [3, 20])
def test_lanes_of_groups_and_of_members_give_the_same_bytes(
    members: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members that differ, in a corridor with limits, checks that saturate and several groups."""
    program = compile_scenario(three_places())
    rng = np.random.default_rng(5)
    factors = program.noise.off(members)
    factors.rate[:, :, 1:] = rng.uniform(0.2, 3.0, factors.rate[:, :, 1:].shape)
    factors.limit[:] = rng.uniform(0.01, 0.3, factors.limit.shape)
    luck, months = Luck(1, np.arange(members), 0, False), []
    for many in (1, 1000):
        monkeypatch.setattr(sys.modules["rumbo.engine.expected"], "MANY", many)
        state = begin(program, luck)
        for t in range(60):
            state.advance(program, t, factors, luck)
        state.close(program, 59, luck)
        months.append(state)
    one, other = months
    assert one.counts.sum() > 100
    np.testing.assert_array_equal(one.counts, other.counts)
    np.testing.assert_array_equal(one.stopped, other.stopped)
    for name, values in one.recorder.months[0].items():
        np.testing.assert_array_equal(values, other.recorder.months[0][name], err_msg=name)


@pytest.mark.parametrize("many", [1, 1000])
def test_passes_of_a_crisis_give_the_same_bytes_any_way(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = rumbo.read_flee(THREE_PLACES.parent / "five_places")
    one = simulate(scenario, mode="expected")
    monkeypatch.setattr(sys.modules["rumbo.engine.expected"], "MANY", many)
    xr.testing.assert_identical(one, simulate(scenario, mode="expected"))


@pytest.mark.long
@pytest.mark.parametrize("members", [5, 33, 70])
def test_a_fitted_member_does_not_depend_on_the_others(members: int) -> None:
    """Chunks of other sizes, lanes of groups or of members, a shorter last chunk: one member."""
    fitted = bundled(fitted=True).between("2023-07-01", "2023-08-31")
    many = simulate(fitted, members=members, mode="expected", workers=1)
    few = simulate(fitted, members=3, mode="expected", workers=1)
    assert lanes.MANY > 3
    assert lanes.MANY <= 33
    for name in few.data_vars:
        np.testing.assert_array_equal(few[name], many[name].isel(member=slice(3)), err_msg=name)


@pytest.mark.long
@pytest.mark.parametrize("members", [3, 20])
def test_sums_in_32_bits_are_those_in_64_but_for_a_hundred_thousandth(members: int) -> None:
    fitted = bundled(fitted=True).between("2023-07-01", "2023-12-31")
    by = {"encounters": ("component",), "transfers": (), "deaths": ("region",), "waiting": ()}
    spec = RunSpec.of(fitted, members, mode="expected", by=by)
    one, other = execute(spec, workers=2), execute(spec, workers=1)
    xr.testing.assert_identical(one, other)
    whole = simulate(fitted, members=members, mode="expected")
    for name, dims in by.items():
        over = [dim for dim in whole[name].dims if dim not in (*dims, *one[name].dims)]
        summed = whole[name].astype(float).sum(over).transpose(*one[name].dims)
        np.testing.assert_allclose(one[name], summed, rtol=1e-5, atol=1e-3, err_msg=name)
        assert one[name].sum() > 0


@pytest.mark.long
def test_sums_of_a_member_do_not_depend_on_the_others() -> None:
    fitted = bundled(fitted=True).between("2023-07-01", "2023-09-30")
    by = {"encounters": ("component",), "stops": ("group",), "waiting": ()}
    few, many = (
        execute(RunSpec.of(fitted, members, mode="expected", by=by), workers=1)
        for members in (3, 50)
    )
    xr.testing.assert_identical(few, many.isel(member=slice(3)))


def test_a_limit_of_nothing_lets_nobody_pass() -> None:
    shut = three_places().change("appointment.slots", 0.0)
    with pytest.warns(UserWarning, match="held for nothing"):
        runs = simulate(shut, mode="expected")
    assert runs["encounters"].sel(component="OFO").values.sum() == 0.0
    assert (runs["waiting"].values >= 0.0).all()


if __name__ == "__main__":
    if sys.argv[1:] != ["write"]:
        raise SystemExit(__doc__)
    np.savez_compressed(GOLDEN, **{k: v for case in CASES for k, v in figures(case).items()})
