"""How much kinds of an ensemble's members count, and in which order its members stand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from folders import with_figures

import rumbo
from rumbo.fitting.ensemble.kinds import weigh
from rumbo.fitting.ensemble.order import in_order, in_proportion
from rumbo.fitting.ensemble.smoother import Evidence, at_full_weight, beyond_chance, one_pass
from rumbo.fitting.problem import set_up
from rumbo.fitting.views import Observation, Observations
from rumbo.scenario.values.sets import SETS

FIGURES, EACH = Evidence(np.zeros(10), np.ones(10)), np.arange(10)


def predicted_by(*off: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Predict the ten figures by kinds of 40 members, each 8 errors off some of them."""
    rng, kinds = np.random.default_rng(5), np.repeat(np.arange(len(off)), 40)
    told = rng.normal(0.0, 0.3, (10, len(kinds)))
    for kind, figures in enumerate(off):
        told[np.ix_(figures, np.flatnonzero(kinds == kind))] += 8.0
    return told, kinds


def test_a_kind_that_the_figures_refute_does_not_count() -> None:
    told, kinds = predicted_by([], [3, 4])
    assert weigh(told, FIGURES, kinds, EACH)[1] == pytest.approx(1 / 4, abs=0.05)
    many = Evidence(np.zeros(1_000), np.ones(1_000))
    assert weigh(np.tile(told, (100, 1)), many, kinds, np.arange(1_000))[1] < 6e-3


def test_a_kind_that_alone_tells_some_figures_keeps_its_share() -> None:
    told, kinds = predicted_by([7, 8, 9], [0, 1, 2, 3, 4, 5, 6], [*range(10)])
    assert weigh(told, FIGURES, kinds, EACH) == pytest.approx([8 / 13, 4 / 13, 1 / 13], abs=0.01)


def test_wide_errors_tell_less_of_kinds() -> None:
    told, kinds = predicted_by([], [3])
    sharp, blunt = (
        weigh(told, Evidence(np.zeros(10), np.full(10, sd)), kinds, EACH) for sd in (1, 40)
    )
    assert sharp[1] == pytest.approx(1 / 3, abs=0.07)
    assert blunt == pytest.approx([0.5, 0.5], abs=0.1)


def test_kinds_of_a_few_count_alike() -> None:
    told, kinds = predicted_by([], [3, 4])
    few = [0, 1, 2, 40, 41, 42]
    assert weigh(told[:, few], FIGURES, kinds[few], EACH).tolist() == [0.5, 0.5]


def test_months_of_a_series_speak_once() -> None:
    """Six months of one series for the one kind, four series for the other."""
    told, kinds = predicted_by([6, 7, 8, 9], [0, 1, 2, 3, 4, 5])
    series = np.maximum(EACH - 5, 0)
    assert weigh(told, FIGURES, kinds, EACH) == pytest.approx([7 / 12, 5 / 12], abs=0.01)
    assert weigh(told, FIGURES, kinds, series) == pytest.approx([2 / 7, 5 / 7], abs=0.01)


def test_a_series_is_of_one_view_and_nationality() -> None:
    seen = [("stops", 0), ("zones", 0), ("stops", -1), ("stops", 0)]
    rows = [Observation(view, 0, 0, group, 1.0, 1.0) for view, group in seen]
    number = Observations.of(rows).series.tolist()
    assert number[0] == number[3]
    assert len(set(number)) == 3


def test_no_figure_is_too_far_for_all() -> None:
    told, kinds = predicted_by([0], [0])
    told[0] += 1e6
    assert np.isfinite(weigh(told, FIGURES, kinds, EACH)).all()


@pytest.mark.parametrize("weights", [[0.5, 0.25, 0.25], [0.9, 0.1, 0.0], [1 / 3, 1 / 3, 1 / 3]])
def test_any_first_few_hold_kinds_by_their_weights(weights: list[float]) -> None:
    kinds = np.arange(60) % 3
    order = np.random.default_rng(2).permutation(60)
    taken = in_proportion(order, kinds, np.array(weights))
    assert len(set(taken.tolist())) == len(taken) == int(20 / max(weights) + 1e-9)
    for n in range(1, len(taken) + 1):
        held = np.bincount(kinds[taken[:n]], minlength=3)
        assert abs(held - n * np.array(weights)).max() < 1.0
    for kind in range(3):
        own = [m for m in order.tolist() if kinds[m] == kind]
        assert taken[kinds[taken] == kind].tolist() == own[: (kinds[taken] == kind).sum()]


def test_draws_of_a_fit_hold_sets_by_their_weights(tmp_path: Path) -> None:
    scenario = rumbo.load(with_figures(tmp_path / "three"))
    assert set_up(scenario, "2024-08-01").draws_sets
    posterior = rumbo.fit(scenario, "2024-08-01", members=80, passes=1, workers=1).posterior
    weights = np.array([float(weight) for weight in posterior.about["set_weights"].split()])
    assert weights.sum() == pytest.approx(1.0, abs=0.005)
    assert posterior.sets is not None
    assert weights.max() > 1.05 / SETS, "a test that tells nothing: all count alike"
    held = np.bincount(posterior.sets, minlength=SETS)
    assert abs(held - weights * posterior.draws).max() < 1.1


def test_a_fit_that_draws_no_sets_weighs_none(tmp_path: Path) -> None:
    scenario = rumbo.load(with_figures(tmp_path / "three"))
    plain = replace(scenario, rules=tuple(one for one in scenario.rules if one != "shocks"))
    assert not set_up(plain, "2024-08-01").draws_sets


def test_members_are_ordered_whole() -> None:
    points = np.random.default_rng(1).standard_normal((3, 25))
    assert sorted(in_order(points).tolist()) == [*range(25)]


def test_values_that_no_figure_tells_of_keep_their_width_in_a_small_ensemble() -> None:
    rng = np.random.default_rng(4)
    members, figures = 60, 300
    unknowns = rng.standard_normal((2, members))  # the first makes the first figure, and no other
    predicted = rng.standard_normal((figures, members))
    predicted[0] = unknowns[0] + 0.1 * rng.standard_normal(members)
    evidence = Evidence(np.zeros(figures), np.full(figures, 0.1))
    block = at_full_weight(np.arange(2), np.ones(figures, dtype=np.bool_))
    kept = [*beyond_chance(block, unknowns, predicted)]
    assert 0 in kept[0].observations
    assert sum(len(one.observations) for one in kept) < 5
    moved = one_pass(unknowns, predicted, evidence, kept, 1, (1, 0))
    assert moved[0].std() < 0.4
    assert moved[1].std() > 0.8
    before = one_pass(unknowns, predicted, evidence, [block], 1, (1, 0))
    assert before[1].std() < 0.5  # chance alone takes more than half of its width


def test_what_kinds_differ_by_does_not_go_with_a_value() -> None:
    rng, kinds = np.random.default_rng(6), np.repeat(np.arange(2), 30)
    unknowns = rng.standard_normal((1, 60)) + 5.0 * kinds
    predicted = np.stack([unknowns[0], rng.standard_normal(60)]) + 5.0 * kinds
    block = at_full_weight(np.arange(1), np.ones(2, dtype=np.bool_))
    assert [one.observations.tolist() for one in beyond_chance(block, unknowns, predicted)] == [
        [0, 1]
    ]
    within = [*beyond_chance(block, unknowns, predicted, kinds)]
    assert [one.observations.tolist() for one in within] == [[0]]


def test_members_that_are_all_alike_go_with_no_figure() -> None:
    block = at_full_weight(np.arange(1), np.ones(3, dtype=np.bool_))
    alike = np.ones((1, 20))
    assert not [*beyond_chance(block, alike, np.random.default_rng(1).normal(size=(3, 20)))]
