"""Tests of the whole: families left out, and truths that are fitted again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import scaled, with_figures

import rumbo
from rumbo.fitting.calibration import (
    Calibration,
    Rank,
    calibrate,
    calibrated,
    holm,
    rank_of,
    table_of_calibration,
)
from rumbo.fitting.identified import identified
from rumbo.fitting.left_out import held_by_family, leave_out, left_out_families, table_of_left_out
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.fitting.start.prefit import prefit
from rumbo.scenario.posterior import Posterior

AS_OF = "2024-08-01"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return with_figures(tmp_path / "three")


def problem_without(folder: Path, *families: str) -> CorridorProblem:
    return replace(set_up(rumbo.load(folder), AS_OF), left=frozenset(families))


# Families left out.


def test_what_is_left_out_is_not_seen(small: Path) -> None:
    seen = problem_without(small, "stops").record.kinds
    assert {"stops", "zones"} <= set(left_out_families(rumbo.load(small), AS_OF))
    assert "stops" not in seen
    assert "zones" in seen


def test_figures_left_out_move_nothing(small: Path, tmp_path: Path) -> None:
    other = scaled(with_figures(tmp_path / "other"), "stops", 3.0)
    centres = [prefit(problem_without(folder, "stops"), rounds=4) for folder in (small, other)]
    assert centres[0].digest == centres[1].digest
    seen = [prefit(problem_without(folder), rounds=4) for folder in (small, other)]
    assert seen[0].digest != seen[1].digest


@pytest.mark.long
@pytest.mark.parametrize("family", ["zones", "stops", "waiting"])
def test_every_family_can_be_left_out(small: Path, family: str) -> None:
    asked = {"members": 12, "passes": 1, "seed": 2, "workers": 1}
    figures = leave_out(rumbo.load(small), AS_OF, family, **asked)
    assert set(figures["family"]) == {family}
    assert set(figures["view"].str.partition(":")[0]) == {family}
    assert (figures["low"] <= figures["high"]).all()
    pd.testing.assert_frame_equal(figures, leave_out(rumbo.load(small), AS_OF, family, **asked))


def test_a_family_that_does_not_exist_is_named(small: Path) -> None:
    with pytest.raises(rumbo.Faults, match=r"no family 'stop' that figures .*'stops'"):
        leave_out(rumbo.load(small), AS_OF, "stop", members=10)


def test_shares_by_family_by_hand() -> None:
    figures = pd.DataFrame(
        {
            "family": ["a", "a", "b"],
            "value": [10.0, 20.0, 5.0],
            "low": [9.0, 21.0, 1.0],
            "middle": [10.0, 41.0, 5.0],
            "high": [11.0, 60.0, 9.0],
        }
    )
    told = held_by_family(figures).set_index("family")
    assert told.loc["a", "n"] == 2
    assert told["held_90"].to_dict() == {"a": 0.5, "b": 1.0}
    assert told.loc["a", "bias"] == pytest.approx(np.log(2.0) / 2.0)
    assert told.loc["a", "rmse"] == pytest.approx(np.log(2.0) / np.sqrt(2.0))


def test_what_was_found_stands_in_rows_with_the_command() -> None:
    told = pd.DataFrame(
        {"family": ["queue"], "n": [4], "held_90": [0.75], "low": [0.3], "high": [0.95],
         "rmse": [0.2], "bias": [0.1]}
    )  # fmt: skip
    rows = table_of_left_out(told, "rumbo left-out here")
    assert rows[["test", "series", "figure"]].to_numpy().tolist() == [
        ["left_out", "queue", "held_90"],
        ["left_out", "queue", "log_error"],
    ]
    assert rows["value"].tolist() == [0.75, 0.2]
    assert rows["low"].tolist()[0] == 0.3
    assert pd.isna(rows["low"].tolist()[1])
    even = table_of_calibration(calibrated(uniform_ranks()), "queue", "rumbo calibrate here")
    assert even["test"].tolist() == ["calibration_without_queue"] * 2
    assert even["figure"].tolist() == ["held_90", "even"]


# Truths.


def asked_of(folder: Path, **changed: object) -> Calibration:
    problem = set_up(rumbo.load(folder), AS_OF)
    return replace(Calibration(problem, members=12, passes=1, seed=4), **changed)


def test_truths_are_kept_and_a_run_goes_on(small: Path, tmp_path: Path) -> None:
    asked = asked_of(small)
    first = calibrate(asked, 2, workers=1, folder=tmp_path / "kept")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    assert len(kept) == 2
    whole = calibrate(asked, 3, workers=1, folder=tmp_path / "kept")
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items())
    pd.testing.assert_frame_equal(whole[whole["truth"] < 2], first)
    pd.testing.assert_frame_equal(whole, calibrate(asked, 3, workers=2))


@pytest.mark.parametrize("damaged", [b"", b"[[1", b"[[1, 2]]", b"\xff{"])
def test_a_damaged_truth_is_made_again(small: Path, tmp_path: Path, damaged: bytes) -> None:
    asked = asked_of(small)
    once = calibrate(asked, 2, workers=1, folder=tmp_path / "truths")
    kept = min((tmp_path / "truths").glob("*.json"))
    whole = kept.read_bytes()
    kept.write_bytes(damaged)
    pd.testing.assert_frame_equal(calibrate(asked, 2, workers=1, folder=tmp_path / "truths"), once)
    assert kept.read_bytes() == whole


def test_other_truths_are_not_taken_for_these(small: Path, tmp_path: Path) -> None:
    for asked in (asked_of(small), asked_of(small, seed=5), asked_of(small, off="appointments")):
        calibrate(asked, 1, workers=1, folder=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_the_effect_of_a_lever_is_among_the_quantities(small: Path) -> None:
    lever = rumbo.load(small).settings["lever"].max()
    ranks = calibrate(asked_of(small, lever=lever), 1, workers=1)
    assert "effect" in set(ranks["quantity"])
    assert ranks["rank"].between(0, 12).all()


def test_equals_of_a_truth_are_ranked_by_chance() -> None:
    rng, members = np.random.default_rng(1), np.array([0.0, 0.0, 0.0, 2.0])
    assert {rank_of(0.0, members, rng) for _ in range(100)} == {0, 1, 2, 3}
    assert rank_of(1.0, members, rng) == 3


def uniform_ranks(skew: float = 1.0) -> pd.DataFrame:
    u = np.random.default_rng(7).uniform(size=400) ** skew
    rows = [Rank(n, "stops", 0.0, int(x * 61), 60) for n, x in enumerate(u)]
    return pd.DataFrame(rows, columns=list(Rank._fields))


def test_even_ranks_are_told_from_uneven_ones() -> None:
    even = calibrated(uniform_ranks()).iloc[0]
    assert even["p"] > 0.05
    assert even["low"] < 0.9 < even["high"]
    uneven = calibrated(uniform_ranks(skew=2.0)).iloc[0]
    assert uneven["p"] < 1e-6


def test_chances_are_corrected_by_hand() -> None:
    # Sorted .01 x 3, .03 x 2, .04 x 1, none below the one before it.
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])


@pytest.mark.long
@pytest.mark.slow
def test_a_small_corridor_is_calibrated(small: Path) -> None:
    ranks = calibrate(asked_of(small, members=30, passes=2), 20, workers=None)
    table = calibrated(ranks).set_index("quantity")
    assert (table["holm"] > 0.01).all(), table


# What figures tell of.


def posterior_of(draws: np.ndarray) -> Posterior:
    values = {("stay.days", ""): draws[0], ("patrol.rate", "ban"): draws[1]}
    return Posterior("made", date(2024, 8, 1), (), (), values, {})


def test_a_direction_that_figures_narrow_is_told_and_named() -> None:
    rng = np.random.default_rng(3)
    narrow, wide = 0.2 * rng.standard_normal(2000), rng.standard_normal(2000)
    # The sum of the two values is known, their difference is not.
    table = identified(posterior_of(np.array([narrow + wide, narrow - wide]) / np.sqrt(2.0)))
    assert table["rank"].tolist() == [1, 2]
    assert table["ratio"].tolist() == pytest.approx([0.2, 1.0], abs=0.05)
    assert table["told"].tolist() == [True, False]
    assert table["values"][0].count("+0.71") == 2
    assert "patrol.rate of ban" in table["values"][0]


def test_what_saw_no_figure_is_seldom_told() -> None:
    draws = np.random.default_rng(4).standard_normal((20, 2, 60))
    told = [identified(posterior_of(one))["told"].to_numpy() for one in draws]
    assert np.mean(told) < 0.15
