"""How unsure it is what no figures tell of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import add, scaled, with_figures

import rumbo
from rumbo.fitting.left_out import leave_out
from rumbo.fitting.paths import PATHS, TOLD_BY
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.fitting.scatter import scattered
from rumbo.fitting.start.levels import levels_of
from rumbo.fitting.start.prefit import prefit
from rumbo.fitting.start.prior import draw_prior
from rumbo.fitting.start.untold import Moves, moves_of, unsure, untold_path, untold_paths
from rumbo.run.sets import held
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.values.levels import level_of
from rumbo.scenario.values.ranges import Z90
from rumbo.scenario.values.sets import SETS

AS_OF = "2024-08-10"
MEMBERS = 2_000


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return with_figures(tmp_path / "three")


def with_deaths(folder: Path) -> Path:
    """Give a corridor deaths on the way and figures of them."""
    add(folder, "settings.csv", "harm.stay,,,,,set,1e-5,,,1/day,,assumed,assumed,")
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    usual = {"nationality": "all", "unit": "persons", "published": "2024-08-01",
             "published_basis": "assumed", "publisher": "made up", "source": "assumed",
             "quality": "assumed", "measure": "deaths", "area": "way", "value": "9"}  # fmt: skip
    new = pd.DataFrame([usual | {"month": f"2024-{m:02}"} for m in range(1, 7)])
    pd.concat([table, new]).fillna("").to_csv(folder / "figures.csv", index=False)
    return folder


def without(folder: Path, *families: str) -> CorridorProblem:
    """Return a fit around its centre that does not see some families."""
    problem = replace(set_up(rumbo.load(folder), AS_OF), left=frozenset(families))
    return problem.around(prefit(problem, rounds=4))


def test_a_fit_that_sees_all_is_as_it_was(small: Path) -> None:
    problem = without(small)
    assert moves_of(problem) is None
    assert unsure(problem) is problem
    usual = {path.name: path.start for path in PATHS}
    first = problem.layout.unpack(draw_prior(problem, MEMBERS, 1))["stop"][:, 0]
    assert first.std() == pytest.approx(usual["stop"], rel=0.1)


def test_figures_left_out_do_not_say_how_unsure_they_are(small: Path, tmp_path: Path) -> None:
    other = scaled(with_figures(tmp_path / "other"), "stops", 3.0)
    mine, theirs = (without(folder, "stops") for folder in (small, other))
    assert moves_of(mine) == moves_of(theirs)
    np.testing.assert_array_equal(draw_prior(mine, 10, 1), draw_prior(theirs, 10, 1))


def test_moves_are_those_of_paths_that_figures_tell_of(small: Path) -> None:
    problem = without(small, "stops")
    assert set(untold_paths(problem)) == {"stop", "stop_all"}
    size = len(problem.months), len(problem.nationalities)
    paths = {"entry": np.full((1, *size), 0.5), "stop": np.full((1, *size), 3.0)}
    # Two levels of one parameter and one of another: each parameter counts once.
    levels = [("stay.days", 2.0), ("stay.days", 2.0), ("harm.stay", 4.0)]
    rows = [level_of(name, "", "", None, None, "multiply", value) for name, value in levels]
    assert problem.centre is not None
    centre = replace(problem.centre, paths=paths, levels=tuple(rows))
    moves = moves_of(problem.around(centre))
    assert moves is not None
    families = 5  # entry, cross, request, present and deport
    assert moves.common == pytest.approx(0.5 / np.sqrt(families))
    assert moves.own == pytest.approx(0.0)
    assert moves.keep == pytest.approx(1.0)
    assert moves.level == pytest.approx(np.log(2.0) * np.sqrt((1.0 + 4.0) / 2.0))


def test_an_untold_path_is_as_wide_and_steady_as_others_were(small: Path) -> None:
    moves = Moves(common=0.9, own=1.2, keep=0.7, level=1.0)
    by = {path.name: path for path in PATHS}
    assert untold_path(by["stop"], moves).start == 1.2
    assert untold_path(by["stop_all"], moves).start == 0.9
    assert untold_path(by["request"], moves).start == 1.5  # there is no path for all besides
    assert untold_path(by["present_all"], moves).start == 1.5
    narrow = Moves(0.01, 0.01, 0.7, 1.0)
    assert untold_path(by["stop"], narrow).start == by["stop"].start
    problem = without(small, "stops")
    found = moves_of(problem)
    assert found is not None
    assert found.common > by["stop_all"].start
    drawn = problem.layout.unpack(draw_prior(problem, MEMBERS, 1))["stop_all"]
    np.testing.assert_allclose(drawn.std(axis=0), found.common, rtol=0.1)  # six standard errors
    near = np.corrcoef(drawn[:, 2], drawn[:, 3])[0, 1]
    assert near == pytest.approx(found.keep, abs=0.1)


def test_every_path_is_told_of_by_some_family() -> None:
    told = {name for names in TOLD_BY.values() for name in names}
    assert told == {path.name for path in PATHS}


def test_untold_levels_have_a_range_each_of_their_own(small: Path) -> None:
    problem = without(with_deaths(small), "deaths")
    moves, made = moves_of(problem), unsure(problem)
    assert moves is not None
    whole = set(levels_of(replace(problem, left=frozenset(), centre=None)))
    left = whole - set(levels_of(problem))
    rows = made.scenario.settings.iloc[len(problem.scenario.settings) :]
    assert {*rows["parameter"]} == {one[0] for one in left} == {"harm.stay"}
    assert rows["lever"].is_unique
    assert (rows["value"] == 1.0).all()
    np.testing.assert_allclose(np.log(rows["high"]), Z90 * moves.level)
    assert set(made.ranged) - set(problem.ranged) == {("harm.stay", one) for one in rows["lever"]}


def test_an_untold_level_leads_to_no_value_that_is_not_allowed() -> None:
    scenario = rumbo.load("darien-rio-bravo").fitted()
    assert scenario.posterior is not None
    plain = replace(set_up(scenario, "2025-06-30"), left=frozenset({"waiting"}))
    made = unsure(plain.around(scenario.posterior)).scenario
    rows = made.settings[made.settings["lever"].str.startswith("level-")]
    assert {*rows["parameter"]} == {"stay.days", "appointment.eligible"}
    assert rows["high"][rows["parameter"] == "appointment.eligible"].max() == 1.0
    pairs = [*zip(rows["parameter"], rows["lever"], strict=True)]
    for number in range(SETS):
        Calendar(held(made, pairs, number))  # refuses what is not allowed


def test_what_is_done_by_those_whose_register_is_left_out_stays_as_assumed() -> None:
    plain = set_up(rumbo.load("darien-rio-bravo").between("2023-07-01", "2023-10-31"), "2024-03-01")
    problem = replace(plain, left=frozenset({"transit"}))
    mine = [*problem.record.unregistered]
    assert {*mine} == plain.record.registered
    assert {"VEN", "CUB", "HTI"} <= {problem.nationalities[n] for n in mine}
    assert not plain.record.unregistered
    assert not problem.record.registered
    centre = prefit(problem, rounds=1)
    others = [n for n in range(len(problem.nationalities)) if n not in mine]
    for name in ("entry", "stop", "cross", "request"):
        logs = centre.paths[name][0].astype(float)
        np.testing.assert_array_equal(logs[:, mine], logs[:, mine[:1]].repeat(len(mine), axis=1))
        assert logs[:, others].any(axis=0).sum() > len(others) / 2
    around = problem.around(centre)
    drawn = around.layout.unpack(draw_prior(around, 200, 1))
    for name in ("entry", "stop", "cross", "request"):
        usual = next(path.start for path in PATHS if path.name == name)
        assert drawn[name][:, 0, mine].std(axis=0).min() > 1.5 * usual
        np.testing.assert_allclose(drawn[name][:, 0, others].std(axis=0), usual, rtol=0.3)


@pytest.mark.long
def test_figures_left_out_are_held_with_their_errors(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"members": 16, "passes": 1, "seed": 2, "workers": 1}
    usual = leave_out(rumbo.load(small), AS_OF, "stops", **asked)
    monkeypatch.setattr("rumbo.fitting.left_out.scattered", lambda drawn, sd, seed: drawn)
    bare = leave_out(rumbo.load(small), AS_OF, "stops", **asked)
    assert usual["value"].equals(bare["value"])
    assert not usual["high"].equals(bare["high"])
    spread = np.random.default_rng(0).normal(size=(3, 4_000))
    wider = scattered(spread, np.array([0.0, 1.0, 2.0]), 1)
    np.testing.assert_allclose(wider.std(axis=1), np.sqrt([1.0, 2.0, 5.0]), rtol=0.1)
