"""What a headline hangs on: points within ranges, screening, shares of variance."""

import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers import three_places, variant
from scipy.special import ndtr

import rumbo
from rumbo.cli import outcomes
from rumbo.fitting import points, sensitivity
from rumbo.fitting.points import EFFECT, OUTPUTS, Answers, Headline, allowed_at, run_points
from rumbo.fitting.variance import split
from rumbo.scenario.calendar import resolve
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.values.ranges import Z90
from rumbo.scores.sensitivity import TOGETHER, strongest

PAIRS = (("checkpoint.chance", ""), ("deport.share", ""), ("stay.days", ""))
ONLY = [parameter for parameter, _ in PAIRS]
WEIGHTS = np.array([1.0, 0.0, 3.0])


def fitted(scenario: rumbo.Scenario) -> rumbo.Scenario:
    """Return a scenario with a posterior that says nothing."""
    flat = {"entry": np.zeros((4, 1, 1))}
    day = pd.Timestamp("2024-08-01").date()
    return scenario.fitted(Posterior(scenario.id, day, ("2024-01",), ("OTH",), {}, flat))


@pytest.fixture
def small() -> rumbo.Scenario:
    return fitted(three_places())


def fake(monkeypatch: pytest.MonkeyPatch, impossible: float = np.inf) -> None:
    """Let every output be a weighted sum of quantiles, and fail beyond a quantile of the last."""

    def run(_question: Headline, pairs: list, places: np.ndarray, **_: object) -> Answers:
        u = ndtr(places)
        y = u @ WEIGHTS[[PAIRS.index(pair) for pair in pairs]]
        far = u[:, [*pairs].index(PAIRS[2])] > impossible
        values = np.repeat(np.where(far, np.nan, y)[:, None], len(OUTPUTS), axis=1)
        none = np.zeros(len(y), dtype=bool)
        return Answers(values, dict.fromkeys(pairs, none), tuple("far" if f else "" for f in far))

    monkeypatch.setattr(sensitivity, "run_points", run)


def test_a_sum_is_taken_apart_exactly(
    small: rumbo.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch)
    table = sensitivity.sensitivity(small, only=ONLY, drawn=256).table
    effect = table[table["output"] == EFFECT]
    assert effect["parameter"].tolist() == ["stay.days", "checkpoint.chance", "deport.share", "*"]
    # From the lower end to the upper one nine tenths of the probability are passed.
    assert effect["mu_star"].tolist()[:3] == pytest.approx([2.7, 0.9, 0.0])
    assert effect["sigma"].tolist()[:3] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    # Variances of the parts are as the squares of their weights: 9 to 1.
    assert effect["first"].tolist()[:3] == pytest.approx([0.9, 0.1, 0.0], abs=0.05)
    assert effect["total"].tolist()[:3] == pytest.approx([0.9, 0.1, 0.0], abs=0.05)
    hanging = strongest(table.to_dict("records"), EFFECT)
    assert [row["parameter"] for row in hanging.rows] == ["stay.days", "checkpoint.chance"]
    assert hanging.share is not None
    middle, low, high = hanging.share
    assert low <= middle <= high
    assert middle == pytest.approx(1.0, abs=0.1)


def test_shares_of_a_curve_and_a_product_are_those_on_paper() -> None:
    """Of x, a square and a product, even on -1 to 1, variances are 1/3, 4/45 and 1/9."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-1, 1, (32 * 6, 4))
    noise = 0.05 * rng.standard_normal(len(x))
    found = split(x, x[:, 0] + x[:, 1] ** 2 + x[:, 2] * x[:, 3] + noise, 6, 2, seed=1)
    whole = 1 / 3 + 4 / 45 + 1 / 9 + 0.05**2
    alone = np.array([1 / 3, 4 / 45, 0.0, 0.0]) / whole
    total = alone + np.array([0.0, 0.0, 1 / 9, 1 / 9]) / whole
    assert found.alone[:, 0] == pytest.approx(alone, abs=0.05)
    assert found.total[:, 0] == pytest.approx(total, abs=0.05)
    assert found.together[0] == pytest.approx(alone[0], abs=0.05)  # of the product, neither alone
    for shares in (found.alone, found.total, found.together[None]):
        assert (shares[:, 1] <= shares[:, 2]).all()
        assert (shares >= 0.0).all()
        assert (shares <= 1.0).all()


@pytest.mark.parametrize("points", [2, 4, 8])
def test_few_runs_bear_few_terms(points: int) -> None:
    """No more than a third as many terms as runs: else the polynomial would follow each of them."""
    rng = np.random.default_rng(points)
    x = rng.uniform(-1, 1, (points * 5, 3))
    found = split(x, rng.standard_normal(len(x)), 5, 2, seed=1)
    assert found.alone[:, 0].sum() < 0.8
    assert (found.total[:, 2] <= 1.0).all()


def test_the_same_seed_gives_the_same_table(
    small: rumbo.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch)
    one, same, other = (
        sensitivity.sensitivity(small, only=ONLY, drawn=8, seed=seed).table for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(one, same)
    assert not one["first"].equals(other["first"])


def test_without_shares_nothing_is_said_of_variance(
    small: rumbo.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch)
    table = sensitivity.sensitivity(small, only=ONLY, drawn=0).table
    assert table["first"].isna().all()
    assert TOGETHER not in set(table["parameter"])
    assert strongest(table.to_dict("records"), EFFECT).share is None


def test_what_makes_runs_impossible_is_told(
    small: rumbo.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch, impossible=0.9)
    found = sensitivity.sensitivity(small, only=ONLY, trajectories=12, drawn=0)
    assert found.reasons == ("far",)
    effect = found.table[found.table["output"] == EFFECT].set_index("parameter")
    assert effect.loc["stay.days", "impossible"] > 0
    assert effect.loc["checkpoint.chance", "impossible"] == 0
    assert effect.loc["checkpoint.chance", "mu_star"] == pytest.approx(0.9)
    fake(monkeypatch, impossible=0.0)
    with pytest.raises(rumbo.Faults, match="each of 3 trajectories has a point"):
        sensitivity.sensitivity(small, only=ONLY)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"lever": "nothing"}, "neither a lever nor a rule"),
        ({"only": ["stay.dayz"]}, "no value of 'stay.dayz' has a range"),
        ({"only": ["stay.days"]}, "1 values have a range, expected 2 or more"),
        ({"trajectories": 1}, "2 or more, got 1"),
        ({"drawn": 48}, "a power of 2"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict, message: str, small: rumbo.Scenario) -> None:
    with pytest.raises(ValueError, match=message):
        sensitivity.sensitivity(small, **asked)


def test_a_posterior_is_needed() -> None:
    with pytest.raises(rumbo.Faults, match="no posterior"):
        sensitivity.sensitivity(three_places())


def test_the_central_draw_and_the_first_lever_are_asked(small: rumbo.Scenario) -> None:
    question = Headline.of(small)
    assert question.lever == "bus-closure"
    assert question.scenario.posterior.draws == 1
    assert set(PAIRS) < set(question.pairs)


def test_the_command_asks_what_python_asks() -> None:
    asked = inspect.signature(outcomes.sensitivity).parameters
    assert asked["trajectories"].default == sensitivity.TRAJECTORIES
    assert asked["drawn"].default == sensitivity.DRAWN


def test_points_are_kept_and_run_but_once(
    small: rumbo.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, places = Headline.of(small), np.array([[0.0, 0.0, 0.0], [Z90, 0.0, -Z90]])
    first = run_points(question, PAIRS, places, folder=tmp_path, workers=1)
    assert np.isfinite(first.values).all()
    assert (first.values[0] != first.values[1]).all()
    assert first.values[:, 1:].min() > 0.0
    both = run_points(question, PAIRS, places, workers=2)
    assert np.array_equal(first.values, both.values)
    kept = sorted(tmp_path.glob("*.npz"))
    assert len(kept) == 2
    kept[0].write_bytes(kept[0].read_bytes()[:40])  # a damaged point is run again
    told: list[int] = []
    again = run_points(
        question,
        PAIRS,
        places,
        folder=tmp_path,
        workers=1,
        progress=lambda done, _: told.append(done),
    )
    assert np.array_equal(first.values, again.values)
    assert told == [1, 2]

    def never(*_: object, **__: object) -> None:
        raise AssertionError("run again")

    monkeypatch.setattr(points, "execute", never)
    assert np.array_equal(run_points(question, PAIRS, places, folder=tmp_path).values, first.values)


def test_a_point_that_cannot_be_run_says_why(
    small: rumbo.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise rumbo.Faults([rumbo.Fault("settings.csv", 3, "too much", "Lower it")])

    monkeypatch.setattr(points, "execute", refuse)
    answers = run_points(Headline.of(small), PAIRS, np.zeros((1, 3)), workers=1)
    assert np.isnan(answers.values).all()
    assert answers.reasons == ("settings.csv, row 3: too much. Lower it.",)


def test_factors_lead_no_further_than_their_parameter_allows(tmp_path: Path) -> None:
    rows = [
        {"parameter": "containment.strength", "at": "middle_town", "value": 0.7, "low": 0.5,
         "high": 0.9, "unit": "share"},
        {"parameter": "containment.strength", "at": "middle_town", "value": 1.2, "low": 1.1,
         "high": 2, "unit": "share", "operation": "multiply", "lever": "bus-closure",
         "since": "2024-03-01"},
    ]  # fmt: skip
    scenario = variant(tmp_path, settings=rows)
    base, lever = ("containment.strength", ""), ("containment.strength", "bus-closure")
    day = pd.Timestamp("2024-03-01").date()
    held, lowered = allowed_at(scenario, {base: Z90, lever: Z90})
    assert lowered == {lever}
    assert resolve(held, "containment.strength", day).max() == pytest.approx(1.0)
    held, lowered = allowed_at(scenario, {base: -Z90, lever: -Z90})
    assert lowered == set()
    assert resolve(held, "containment.strength", day).max() == pytest.approx(0.55)
