"""Branches run: days shared, the same bytes, mixtures, run folders, the command line."""

import weakref
from pathlib import Path

import folders
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from typer.testing import CliRunner

import rumbo
from rumbo import load, mixture, simulate
from rumbo.cli.commands import app
from rumbo.engine.step import Luck
from rumbo.run import trunk as trunks
from rumbo.run.folder import keep_run, open_run, write_result
from rumbo.run.program import Program, compile_scenario
from rumbo.run.rerun import repeat
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.states import Drawn, State
from rumbo.run.trunk import Stem, run_branches, stems_of
from rumbo.scenario.scenario import Scenario
from rumbo.scores.branches import side_by_side

NAMES = ["vote=close;court=more", "vote=close;court=same", "vote=open"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = folders.copy(tmp_path_factory.mktemp("branches"))
    return folders.with_outcomes(at, folders.court("vote=close"))


@pytest.fixture(scope="module")
def base(folder: Path) -> Scenario:
    return load(folder)


@pytest.fixture(scope="module")
def runs(base: Scenario) -> xr.Dataset:
    return simulate(base.branches(), members=8, seed=3, workers=1)


def numbers(runs: xr.Dataset) -> xr.Dataset:
    return runs.drop_attrs()


def test_a_result_has_a_dimension_of_branches(runs: xr.Dataset) -> None:
    assert runs["encounters"].dims[:4] == ("scenario", "branch", "member", "month")
    assert runs["scenario"].values.tolist() == ["base"]
    assert runs["branch"].values.tolist() == NAMES
    np.testing.assert_allclose(runs["probability"].values, [0.1, 0.3, 0.6])
    assert runs["probability"].dims == ("branch",)


def test_a_branch_is_what_its_scenario_gives_alone(base: Scenario, runs: xr.Dataset) -> None:
    for name in NAMES:
        alone = numbers(simulate(base.given(name), members=8, seed=3, workers=1))
        branch = numbers(runs).sel(branch=name).drop_vars(["branch", "probability"])
        xr.testing.assert_identical(branch.drop_vars("scenario"), alone.drop_vars("scenario"))


def test_branches_are_the_same_up_to_the_date(runs: xr.Dataset) -> None:
    """The vote takes effect on 1 March, the court on 1 April, though both are known before."""
    more, same, other = (runs.isel(branch=n) for n in range(3))
    for name in runs.data_vars:
        for one, until in ((same, "2024-03"), (other, "2024-02")):
            shared = slice(None, until)
            left, right = more[name].sel(month=shared), one[name].sel(month=shared)
            np.testing.assert_array_equal(left, right, err_msg=str(name))
    assert (more["encounters"] != same["encounters"]).sel(month="2024-04").any()
    assert (more["passages"] != other["passages"]).sel(month="2024-03").any()


def test_any_number_of_workers_gives_the_same_bytes(base: Scenario) -> None:
    one, two = (simulate(base.branches(), members=11, seed=4, workers=n) for n in (1, 2))
    xr.testing.assert_identical(one, two)


def test_several_scenarios_branch_side_by_side(base: Scenario, runs: xr.Dataset) -> None:
    slow = base.change("stay.days", 6.0, since="2024-05-01")
    both = simulate([base.branches(), slow.branches()], members=8, seed=3, workers=1)
    assert both["scenario"].values.tolist() == ["base", slow.name]
    assert both.sizes["branch"] == 3
    xr.testing.assert_identical(numbers(both.isel(scenario=[0])), numbers(runs))
    flat = side_by_side(both)
    assert flat["scenario"].values.tolist()[3:] == [f"{slow.name}, {name}" for name in NAMES]
    np.testing.assert_array_equal(
        flat["encounters"].isel(scenario=4), both["encounters"].isel(scenario=1, branch=1)
    )


def test_trees_run_beside_trees_alone(base: Scenario) -> None:
    for other in (base, base.branches("vote")):
        with pytest.raises(ValueError, match="the same branches"):
            simulate([base.branches(), other])


def programs(to: Path) -> list[Program]:
    rows = folders.court("vote=close"), folders.court("vote=open", 0.5)
    base = load(folders.with_outcomes(folders.copy(to), *rows))
    return [compile_scenario(one.scenario) for one in base.branches().branches]


def test_no_day_is_run_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two events, each later branch goes on from the one that shares the first outcome."""
    own, run, run_days = programs(tmp_path), [], trunks.run_days

    def spy(program: Program, state: State, luck: Luck, days: range) -> None:
        run.extend([days] if days else [])
        run_days(program, state, luck, days)

    monkeypatch.setattr(trunks, "run_days", spy)
    whole, march, april = len(own[0].dates), 31 + 29, 31 + 29 + 31
    assert stems_of(own) == [Stem(0, 0), Stem(0, april), Stem(0, march), Stem(2, april)]
    months = list(run_branches(own, Luck(1, np.arange(2), 0, True)))
    assert sum(map(len, run)) == whole + (whole - march) + 2 * (whole - april)
    for program, recorded in zip(own, months, strict=True):
        [alone] = run_branches([program], Luck(1, np.arange(2), 0, True))
        assert all(np.array_equal(recorded[name], alone[name]) for name in alone)


def test_no_more_states_are_kept_than_programs_are_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, copy, made = programs(tmp_path), Drawn.copy, list[weakref.ref[Drawn]]()

    def spy(state: Drawn) -> Drawn:
        made.append(weakref.ref(other := copy(state)))
        return other

    monkeypatch.setattr(Drawn, "copy", spy)
    kept = [
        sum(one() is not None for one in made)
        for _ in run_branches(own, Luck(1, np.arange(2), 0, True))
    ]
    assert kept == [2, 1, 1, 0]


def test_order_and_twins_change_nothing(tmp_path: Path) -> None:
    own, luck = programs(tmp_path), Luck(1, np.arange(2), 0, False)
    expected = [next(run_branches([program], luck))["encounters"] for program in own]
    order = [3, 1, 3, 0, 2, 1]
    months = list(run_branches([own[n] for n in order], luck))
    for n, recorded in zip(order, months, strict=True):
        np.testing.assert_array_equal(recorded["encounters"], expected[n])
    assert months[2] is months[0]
    assert months[5] is months[1]


def tiny(values: list[list[float]], probability: list[float]) -> xr.DataArray:
    coords = {"probability": ("branch", probability)}
    return xr.DataArray(values, dims=("branch", "member"), coords=coords)


def test_a_mixture_by_hand() -> None:
    """Weights 3/8, 3/8, 1/8, 1/8 on 0, 4, 8, 12.

    Their sum squared over the sum of squares is 3.2; a quantile q is the mean of values over the
    window ((1 - 1/3.2) q, (1 - 1/3.2) q + 1/3.2) of the weights.
    """
    mixed = mixture(tiny([[0, 4], [8, 12]], [0.75, 0.25]))
    assert float(mixed.mean()) == pytest.approx(0 * 3 / 8 + 4 * 3 / 8 + 8 / 8 + 12 / 8)
    start = (1 - 1 / 3.2) / 2  # of the median: the window is 0.34375 to 0.65625
    weights = [0.375 - start, start + 1 / 3.2 - 0.375]
    by_hand = (weights[0] * 0 + weights[1] * 4) * 3.2
    assert float(mixed.quantile(0.5)) == pytest.approx(by_hand)
    assert mixed.quantile([0.0, 1.0]).dims == ("quantile",)


def test_a_mixture_of_what_is_sure_or_alike_is_plain() -> None:
    values = np.random.default_rng(1).normal(size=(2, 9)).tolist()
    levels = [0.05, 0.5, 0.95]
    sure = mixture(tiny(values, [1.0, 0.0])).quantile(levels)
    np.testing.assert_allclose(sure, np.quantile(values[0], levels))
    even = mixture(tiny(values, [0.5, 0.5])).quantile(levels)
    np.testing.assert_allclose(even, np.quantile(values, levels))


def test_a_mixture_weighs_as_xarray_does(runs: xr.Dataset) -> None:
    """By the same definition, worked out for all cells at once."""
    levels, one = [0.0, 0.05, 0.5, 1.0], runs["encounters"].isel(scenario=0)
    crossed = one.sum(["area", "component"])
    weights = runs["probability"].expand_dims(member=runs.sizes["member"])
    by_xarray = crossed.weighted(weights).quantile(levels, dim=("branch", "member"))
    mixed = mixture(crossed).quantile(levels)
    np.testing.assert_allclose(mixed, by_xarray.transpose(*mixed.dims), rtol=1e-5, atol=1e-9)
    whole = mixture(runs)
    assert "branch" not in whole.quantile(0.5).dims
    assert whole.mean()["encounters"].attrs == runs["encounters"].attrs


def test_a_mixture_of_a_run(runs: xr.Dataset) -> None:
    crossed = runs["encounters"].sum(["area", "group", "component"])
    mean = mixture(crossed).mean()
    by_hand = sum(p * crossed.isel(branch=n).mean("member") for n, p in enumerate([0.1, 0.3, 0.6]))
    np.testing.assert_allclose(mean, by_hand, rtol=1e-6)
    assert mixture(crossed).quantile([0.05, 0.95]).dims == ("quantile", "scenario", "month")
    with pytest.raises(ValueError, match="no member"):
        mixture(crossed.mean("member"))
    with pytest.raises(ValueError, match="no branch and no probability"):
        mixture(simulate(load(folders.THREE_PLACES), workers=1))


def test_a_run_of_branches_is_kept_and_made_again(base: Scenario, tmp_path: Path) -> None:
    spec = RunSpec.of(base.branches(), 3, 5)
    assert spec.id != RunSpec.of([one.scenario for one in base.branches().branches], 3, 5).id
    with keep_run(tmp_path / "run", spec) as store:
        write_result(tmp_path / "run", execute(spec, 1, store))
    kept = open_run(tmp_path / "run")
    assert kept["branch"].values.tolist() == NAMES
    np.testing.assert_allclose(kept["probability"], [0.1, 0.3, 0.6])
    assert repeat(tmp_path / "run", 1, lambda done, every: None) == []


def test_a_report_and_an_export_have_the_branches_side_by_side(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    from rumbo.exporting import export

    text = rumbo.write_report(runs, tmp_path / "report.html").read_text("utf-8")
    assert NAMES[0] in text
    export(runs, tmp_path / "tables")
    rows = pd.read_csv(tmp_path / "tables" / "series" / "entries.csv")
    assert len({*rows["scenario_en"]}) == len({*rows["scenario_es"]}) == len(NAMES)
    assert {one.count(";") for one in {*rows["scenario_en"]}} == {0, 1}


def test_the_command_line_branches(folder: Path, tmp_path: Path) -> None:
    run = CliRunner(env={"COLUMNS": "200"}).invoke
    listed = run(app, ["list", "outcomes", "--corridor", str(folder)])
    assert "bus-closure" in listed.output
    assert "2024-03-01" in listed.output
    checked = run(app, ["check", str(folder)])
    assert "3 branches" in checked.output
    assert "vote=close;court=same, probability 0.3" in checked.output
    asked = ["--event", "vote", "--members", "2", "--workers", "1", "--language", "es"]
    out = run(app, ["run", str(folder), *asked, "--out", str(tmp_path / "run")])
    assert out.exit_code == 0, out.output
    assert open_run(tmp_path / "run")["branch"].values.tolist() == ["vote=close", "vote=open"]
