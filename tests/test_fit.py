"""The smoother, the outline, fits of a corridor, twins and attribution."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import with_figures

import rumbo
from rumbo.fitting import attribution
from rumbo.fitting.ensemble.smoother import (
    Block,
    Evidence,
    at_full_weight,
    one_pass,
    round_a_month,
    smooth,
)
from rumbo.fitting.layout import Layout
from rumbo.fitting.paths import Path as Walk
from rumbo.fitting.paths import draw_paths, unroll
from rumbo.fitting.problem import run_posterior, set_up
from rumbo.fitting.scatter import DRAWN, draw_scatter, scattered, widened
from rumbo.fitting.start.prior import draw_prior
from rumbo.fitting.views import error_of, look
from rumbo.forecasting.outline import effect, hindcast
from rumbo.forecasting.outline.build import build, seasonal
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.outline.model import (
    AT_PORT,
    CROSSED,
    DAYS,
    ENTERED,
    HELD,
    NORTH,
    STEPS,
    STOPPED,
    Forces,
    run_outline,
)
from rumbo.forecasting.outline.problem import Problem
from rumbo.scenario.figures import Key, known
from rumbo.scenario.posterior import Posterior
from rumbo.scores.quantiles import PROBABILITIES

SMALL = effect.Ensemble(members=60, passes=3, seed=1)

PATROL, MEXICO = Key("encounters", "USBP"), Key("stops")

DEAL = np.datetime64("2024-01")


@pytest.fixture(scope="module")
def bundled() -> rumbo.Scenario:
    return rumbo.load("darien-rio-bravo")


@pytest.fixture(scope="module")
def problem(bundled: rumbo.Scenario) -> Problem:
    return build(known(bundled, "2024-08-10"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return with_figures(tmp_path / "three")


# The smoother.


def linear(members: int, passes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit a linear model, and return the ensemble with the exact mean and covariance."""
    rng = np.random.default_rng(3)
    matrix = rng.standard_normal((4, 3))
    evidence = Evidence(np.array([1.0, -0.5, 2.0, 0.3]), np.array([0.3, 0.5, 0.4, 0.6]))
    blocks = [Block(np.arange(3), np.arange(4), np.ones(4))]
    found = smooth(
        rng.standard_normal((3, members)), lambda x: matrix @ x, evidence, blocks,
        passes=passes, seed=5,
    )  # fmt: skip
    precision = np.eye(3) + matrix.T @ np.diag(evidence.sd**-2.0) @ matrix
    exact = np.linalg.inv(precision)
    return found, exact @ matrix.T @ (evidence.value / evidence.sd**2), exact


def test_members_of_other_kinds_meet_the_figures_each_for_itself() -> None:
    """A kind adds 3 to what is predicted: each member's unknown has to undo that of its own."""
    rng, kinds = np.random.default_rng(3), np.arange(600) % 3
    unknowns = rng.standard_normal((1, 600)) * 3.0
    predicted = unknowns + 3.0 * kinds
    evidence = Evidence(np.array([1.0]), np.array([0.1]))
    block = [at_full_weight(np.array([0]), np.array([True]))]
    told, alike = (
        one_pass(unknowns, predicted, evidence, block, 1, (1, 0), given)[0] + 3.0 * kinds
        for given in (kinds, None)
    )
    far, farther = (
        max(abs(each[kinds == kind].mean() - 1.0) for kind in range(3)) for each in (told, alike)
    )
    assert far < 0.02 < 0.5 < farther


def test_kinds_of_a_few_are_not_told_apart() -> None:
    rng = np.random.default_rng(4)
    unknowns, kinds = rng.standard_normal((2, 12)), np.arange(12) % 4
    evidence = Evidence(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    block = [at_full_weight(np.array([0, 1]), np.array([True, True]))]
    one, other = (
        one_pass(unknowns, unknowns.copy(), evidence, block, 1, (1, 0), given)
        for given in (kinds, None)
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("passes", [1, 4])
def test_a_linear_model_is_fitted_exactly(passes: int) -> None:
    found, mean, covariance = linear(20_000, passes)
    assert found.mean(axis=1) == pytest.approx(mean, abs=0.02)
    assert np.cov(found) == pytest.approx(covariance, abs=0.01)


def test_unknowns_in_no_block_stay_as_they_are() -> None:
    prior = np.random.default_rng(1).standard_normal((2, 50))
    blocks = [Block(np.array([0]), np.array([0]), np.ones(1))]
    evidence = Evidence(np.array([3.0]), np.array([0.1]))
    found = smooth(prior, lambda x: x[:1], evidence, blocks, passes=2, seed=1)
    np.testing.assert_array_equal(found[1], prior[1])
    assert found[0].mean() == pytest.approx(3.0, abs=0.1)


def test_figures_further_away_are_doubted_more() -> None:
    months = np.arange(10)
    block = round_a_month(np.array([0]), 5, months, months != 6)
    assert 6 not in block.observations
    doubt = dict(zip(block.observations.tolist(), block.doubt, strict=True))
    assert doubt[5] == 1.0
    assert doubt[5] < doubt[4] < doubt[3] < doubt[2]
    assert doubt[3] < doubt[7]
    assert 9 not in doubt


def test_a_model_that_breaks_is_not_fitted() -> None:
    with pytest.raises(FloatingPointError, match="not a number"):
        smooth(
            np.ones((1, 5)), lambda x: x * np.nan, Evidence(np.ones(1), np.ones(1)),
            [at_full_weight(np.array([0]), np.array([True]))], passes=1, seed=0,
        )  # fmt: skip


def test_a_layout_packs_and_unpacks() -> None:
    layout = Layout({"a": (2, 3), "b": (), "c": (4,)})
    rng = np.random.default_rng(0)
    arrays = {name: rng.random((5, *shape)) for name, shape in layout.shapes.items()}
    vector = layout.pack(arrays)
    assert vector.shape == (layout.size, 5)
    back = layout.unpack(vector)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
    np.testing.assert_array_equal(vector[layout.rows("a")[1, 2]], arrays["a"][:, 1, 2])


# Paths.


def test_steps_after_the_fit_are_added_to_its_last_level() -> None:
    walk = Walk("x", False, 1.0, 0.1, 0.5, 1.0, ())
    drawn = np.array([[1.0, 2.0, 0.3, 0.1]])
    assert unroll(walk, drawn, 2)[0] == pytest.approx([1.0, 2.0, 1.3, 0.75])


def test_entries_ahead_keep_their_mean() -> None:
    walk = Walk("entry", False, 0.0, 0.3, 1.0, 1.0, ())
    widths = {"entry": np.array([0.0, *[0.3] * 6])}
    drawn = draw_paths(np.random.default_rng(1), (walk,), 100_000, 7, 1, widths, 1)
    levels = np.exp(unroll(walk, drawn["entry"], 1))
    assert levels.mean(axis=0) == pytest.approx(np.ones(7), abs=0.02)
    assert np.median(levels[:, 6]) < 0.9


# The outline.


def forces(months: int = 40, **changed: float) -> Forces:
    """Constant forces of one member and one nationality."""
    values = {
        "entries": 3_000.0, "stop": 0.03, "cross": 0.06, "port": 0.01, "back": 0.0, "held": 0.2,
        "south": 0.3, "south_days": 8.0, "road_days": 10.0, "held_days": 60.0, "given_up": 0.5,
    } | changed  # fmt: skip
    shapes = {name: (1, months, 1) for name in ("entries", "stop", "cross", "port", "back")}
    shapes |= {name: (1, months) for name in ("held", "south")}
    return Forces(**{n: np.full(shapes.get(n, (1,)), v) for n, v in values.items()})


def test_the_outline_keeps_people() -> None:
    flows, stocks = run_outline(forces(given_up=0.0))
    entered, left = flows[..., ENTERED].sum(), flows[..., [CROSSED, AT_PORT]].sum()
    at_start = 6 * 3_000.0  # the spin-up's entries, less what left in it
    grown = stocks[0, -1].sum() - stocks[0, 0].sum()
    later = flows[0, 1:]
    assert later[..., ENTERED].sum() == pytest.approx(
        later[..., [CROSSED, AT_PORT]].sum() + grown, rel=1e-9
    )
    assert entered > 0
    assert left > at_start


def test_without_giving_up_all_who_enter_leave_at_the_border() -> None:
    flows, _ = run_outline(forces(months=200, given_up=0.0))
    last = flows[0, -1, 0]
    assert last[CROSSED] + last[AT_PORT] == pytest.approx(last[ENTERED], rel=1e-3)
    assert last[CROSSED] / last[AT_PORT] == pytest.approx(6.0)


def test_those_who_try_again_are_met_more_often() -> None:
    plain, again = (
        run_outline(forces(months=200, back=b, port=0.0))[0][0, -1, 0] for b in (0, 0.5)
    )
    assert again[CROSSED] / plain[CROSSED] == pytest.approx(2.0, rel=1e-3)


def test_waiting_at_the_border_is_inflow_times_stay() -> None:
    flows, stocks = run_outline(forces(months=200))
    daily = (flows[0, -1, 0, CROSSED] + flows[0, -1, 0, AT_PORT]) / (STEPS * DAYS)
    stay = DAYS / -math.expm1(-DAYS * 0.07)
    assert stocks[0, -1, 0, NORTH] == pytest.approx(daily * stay, rel=1e-2)


def test_more_stops_hold_more_and_let_fewer_through() -> None:
    few, many = (run_outline(forces(months=100, stop=s)) for s in (0.02, 0.06))
    assert many[0][0, -1, 0, STOPPED] > few[0][0, -1, 0, STOPPED]
    assert many[1][0, -1, 0, HELD] > few[1][0, -1, 0, HELD]
    assert many[0][0, -1, 0, CROSSED] < few[0][0, -1, 0, CROSSED]


# What was published.


def test_errors_grow_for_small_counts_and_unsettled_months() -> None:
    assert error_of(1e6, 0.1) == pytest.approx(0.1, rel=1e-3)
    assert error_of(100, 0.1) > error_of(1_000, 0.1) > 0.1
    assert error_of(1e6, 0.1, 0.05) == pytest.approx(math.hypot(0.1, 0.05), rel=1e-3)


def test_a_fit_sees_only_what_had_been_published(bundled: rumbo.Scenario) -> None:
    then = known(bundled, "2023-03-25")
    problem = build(then)
    seen = {
        view: problem.months[problem.observations.month[problem.observations.view == view].max()]
        for view in ("zones", "stops", "transit.honduras")
    }
    assert {view: str(month) for view, month in seen.items()} == {
        "zones": "2023-02", "stops": "2023-01", "transit.honduras": "2023-02",
    }  # fmt: skip


def test_figures_published_later_change_nothing(bundled: rumbo.Scenario, tmp_path: Path) -> None:
    folder = bundled.write(tmp_path / "corridor")
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    late = (table["published"] > "2023-03-25") & (table["low"] == "")
    assert late.any()
    table.loc[late, "value"] = "99999999"
    table.to_csv(folder / "figures.csv", index=False)
    planted = rumbo.load(folder)
    both = [build(known(one, "2023-03-25")) for one in (bundled, planted)]
    found = [effect.fitted(one, SMALL) for one in both]
    np.testing.assert_array_equal(*found)


def test_seasons_need_years_of_figures(bundled: rumbo.Scenario) -> None:
    then = known(bundled, "2024-08-10")
    factor = seasonal(then, PATROL)
    assert factor.sum() == pytest.approx(0.0, abs=1e-9)
    assert factor[2] > factor[0]
    assert not seasonal(then, MEXICO).any()


def test_look_gives_totals_last(bundled: rumbo.Scenario) -> None:
    months = np.arange("2023-01", "2023-04", dtype="datetime64[M]")
    observations = look(known(bundled, "2024-08-10"), months, ("VEN", "XXX"), ("zones",))
    assert observations.group.tolist() == [0, 0, 0, -1, -1, -1]
    assert observations.sd[0] > observations.sd[-1]


def test_a_pinned_step_holds_in_every_member(problem: Problem) -> None:
    at = problem.fitted - 6
    pinned = replace(problem, pinned=(("stop_all", at, 0.7),))
    path = pinned.paths(problem.prior(20, 1))["stop_all"]
    assert path[:, at] - path[:, at - 1] == pytest.approx(np.full(20, 0.7))


def test_mexicans_are_not_stopped(problem: Problem) -> None:
    series = problem.series(problem.prior(5, 1))
    mexicans = problem.groups.index("MEX")
    assert not series["stops"][..., mexicans].any()
    assert series["stops"].any(axis=(0, 1)).sum() == len(problem.groups) - 1
    assert series["zones"][..., mexicans].all()


# Fits of the outline.


def test_a_fit_of_the_outline_meets_the_figures(problem: Problem) -> None:
    prior = problem.prior(SMALL.members, SMALL.seed)
    found = effect.fitted(problem, SMALL)
    assert effect.misfit(problem, found) < effect.misfit(problem, prior) / 4
    np.testing.assert_array_equal(found, effect.fitted(problem, SMALL))


def test_an_effect_of_nothing_changed_is_nothing(problem: Problem) -> None:
    unknowns = problem.prior(10, 1)
    at = int((DEAL - problem.months[0]).astype(int))
    for name in effect.UNDONE:
        rows = problem.layout.rows(name)
        unknowns[rows[at:]] = 0.0
        unknowns[rows[: problem.fitted]] = 0.0
    assert effect.effect(problem, unknowns, DEAL) == pytest.approx(np.zeros(10))


def test_more_stops_since_the_deal_lower_encounters(problem: Problem) -> None:
    unknowns = problem.prior(10, 1)
    at = int((DEAL - problem.months[0]).astype(int))
    for name in effect.UNDONE:
        unknowns[problem.layout.rows(name)[: problem.fitted]] = 0.0
    unknowns[problem.layout.rows("stop_all")[at : problem.fitted]] = 1.0
    assert (effect.effect(problem, unknowns, DEAL) < -0.02).all()


def test_twins_tell_whether_ranges_hold(problem: Problem) -> None:
    found = effect.twins(problem, DEAL, 2, SMALL)
    assert found["holds"].tolist() == [
        row.low <= row.effect <= row.high for row in found.itertuples()
    ]
    assert (found["low"] < found["high"]).all()
    assert found["effect"].nunique() == 2


def test_a_profile_fixes_the_step(problem: Problem) -> None:
    found = effect.profile(problem, (-0.5, 1.0), DEAL, size=SMALL)
    assert found["middle"].iloc[1] < found["middle"].iloc[0]
    assert (found["misfit"] > 0).all()


@pytest.mark.long
@pytest.mark.slow
def test_twin_experiments_hold_as_often_as_they_say(problem: Problem) -> None:
    found = effect.twins(problem, DEAL, 20, effect.Ensemble(members=300, passes=8, seed=1))
    assert found["holds"].mean() >= 0.8


@pytest.mark.long
@pytest.mark.slow
def test_the_border_patrols_total_is_met_closely(bundled: rumbo.Scenario) -> None:
    found = hindcast.in_sample(bundled)
    assert found["rmse_zones"].item() <= 0.07


@pytest.mark.long
@pytest.mark.slow
def test_seven_months_given_the_entries_beat_same_as_last_month(bundled: rumbo.Scenario) -> None:
    found = hindcast.frozen(bundled).set_index("series")["ratio"]
    assert found[str(PATROL)] <= 1.0
    assert found[str(MEXICO)] <= 0.6


# Forecasts by the outline.


def test_an_outline_forecasts_what_was_asked(bundled: rumbo.Scenario) -> None:
    then = known(bundled, "2023-03-25")
    keys = (MEXICO, PATROL, PATROL._replace(area="Del Rio"), Key("asylum_applications"))
    made = OutlineForecast(members=40, passes=2)(then, keys, 3)
    assert made.keys == keys[:3]
    assert made.quantiles.shape == (3, 3, len(PROBABILITIES))
    assert (np.diff(made.quantiles, axis=-1) >= 0).all()
    assert [str(month) for month in made.months[:, 0]] == ["2023-02", "2023-03", "2023-03"]


def test_given_entries_move_a_hindcast(bundled: rumbo.Scenario) -> None:
    then, later = known(bundled, "2024-08-10"), known(bundled, "2026-01-01")
    plain = OutlineForecast(members=60, passes=3)(then, (MEXICO,), 6)
    given = OutlineForecast(members=60, passes=3, given=later)(then, (MEXICO,), 6)
    assert not np.allclose(plain.quantiles, given.quantiles)
    assert OutlineForecast(given=later).name != OutlineForecast().name


# Fits of a corridor.


def test_a_corridor_is_fitted_and_simulated(small: Path, tmp_path: Path) -> None:
    scenario = rumbo.load(small)
    found = rumbo.fit(scenario, "2024-08-01", members=24, passes=2, workers=1)
    assert found.posterior.draws == 24
    assert found.posterior.as_of.isoformat() == "2024-08-01"
    runs = rumbo.simulate(scenario.fitted(found.posterior), members=4, workers=1)
    assert runs.sizes["member"] == 4


def test_a_fit_can_be_resumed_with_the_same_bytes(small: Path, tmp_path: Path) -> None:
    scenario = rumbo.load(small)
    asked = {"members": 16, "passes": 2, "seed": 3, "workers": 1}
    whole = rumbo.fit(scenario, "2024-08-01", **asked)

    class Stop(Exception):
        pass

    def stop(done: int, all_: int) -> None:
        if done > 0.8 * all_:  # the start, and the first of two passes, are done by two thirds
            raise Stop

    with pytest.raises(Stop):
        rumbo.fit(scenario, "2024-08-01", folder=tmp_path / "fit", progress=stop, **asked)
    assert list((tmp_path / "fit").glob("*-pass1.npz"))
    again = rumbo.fit(scenario, "2024-08-01", folder=tmp_path / "fit", **asked)
    assert again.posterior.digest == whole.posterior.digest


def test_the_scatter_of_draws_is_that_of_members_drawn_as_well(small: Path) -> None:
    problem = set_up(rumbo.load(small), "2024-08-01")
    draws = problem.posterior(draw_prior(problem, 40, 1))
    asked = {"members": 40, "seed": 3, "workers": 1}
    expected = run_posterior(problem, draws, mode="expected", **asked)
    drawn = run_posterior(problem, draws, mode="stochastic", **asked)
    found = draw_scatter(problem, draws, expected, seed=3, workers=1)
    meant = np.sqrt(((drawn - expected)[:, :DRAWN] ** 2).mean(axis=1))
    np.testing.assert_array_equal(found, meant)
    evidence = widened(problem.evidence, found)
    np.testing.assert_allclose(evidence.sd**2, problem.evidence.sd**2 + meant**2)
    spread = scattered(np.zeros((len(found), 4000)), found, 5).std(axis=1)
    np.testing.assert_allclose(spread, found, rtol=0.1)  # nine standard errors


def test_expected_runs_can_be_fitted(small: Path) -> None:
    asked = {"members": 12, "passes": 1, "workers": 1}
    found = [
        rumbo.fit(rumbo.load(small), "2024-08-01", mode=mode, **asked)
        for mode in ("expected", "stochastic")
    ]
    assert found[0].posterior.digest != found[1].posterior.digest
    both = [one.figures["middle"].to_numpy() for one in found]
    assert both[0] == pytest.approx(both[1], rel=0.3)


def test_a_fit_ends_with_what_had_been_published(small: Path) -> None:
    problem = set_up(rumbo.load(small), "2024-05-25")
    assert [str(problem.months[0]), str(problem.months[-1])] == ["2024-01", "2024-04"]


def test_a_fit_before_anything_was_published_is_refused(small: Path) -> None:
    with pytest.raises(rumbo.Faults, match="nothing of 'encounters USBP' had been published"):
        rumbo.fit(rumbo.load(small), "2024-01-05", members=10)


def test_a_gap_is_refused_where_a_fit_asks_for_it(small: Path) -> None:
    table = pd.read_csv(small / "figures.csv", dtype=str, keep_default_na=False)
    table = table[~((table["month"] == "2024-03") & (table["component"] == "USBP"))]
    table.to_csv(small / "figures.csv", index=False)
    with pytest.raises(rumbo.Faults, match="nothing between 2024-02 and 2024-04"):
        rumbo.fit(rumbo.load(small), "2024-08-01", members=10)


def test_a_fit_of_few_members_is_refused(small: Path) -> None:
    with pytest.raises(ValueError, match="10 members"):
        rumbo.fit(rumbo.load(small), "2024-08-01", members=3)


# Attribution.


def test_shares_add_up_and_follow_what_each_lever_does() -> None:
    sets = attribution.coalitions(3)
    size = np.array([-0.3, 0.0, 0.2])
    together = 0.1  # first and third at once
    values = np.array(
        [
            [
                sum(size[i] for i in range(3) if i not in off)
                + (together if 0 not in off and 2 not in off else 0.0)
                for off in sets
            ]
        ]
    )
    found = attribution.split(values, 3)[0]
    assert found == pytest.approx([-0.25, 0.0, 0.25])
    assert found.sum() == pytest.approx(values[0, 0] - values[0, -1])


def test_levers_are_attributed_with_a_range(small: Path) -> None:
    scenario = rumbo.load(small)
    lever = next(name for name in scenario.settings["lever"].unique() if name)
    found = rumbo.fit(scenario, "2024-08-01", members=16, passes=1, workers=1)
    split = rumbo.attribute(
        scenario.fitted(found.posterior), [lever], "2024-02", "2024-05", members=8, workers=1
    )
    row = split.shares.iloc[0]
    assert row["low"] <= row["middle"] <= row["high"]
    assert row["sceptical_low"] <= row["sceptical_middle"] <= row["sceptical_high"]
    assert row["speaks"] in ("record", "assumed", "undecided")
    decided = min(row["more"], row["sceptical_more"]) >= 0.9
    assert (row["direction"] == "more") == decided
    assert split.profile["fifth"].tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("levers", "start", "end", "message"),
    [
        ([], "2024-02", "2024-05", "0 levers"),
        (["x"], "2024-05", "2024-02", "not within the run"),
        (["x"], "2023-01", "2024-02", "not within the run"),
    ],
)
def test_attribution_refuses_what_cannot_be_asked(
    small: Path, levers: list[str], start: str, end: str, message: str
) -> None:
    scenario = rumbo.load(small)
    flat = Posterior(
        scenario.id, pd.Timestamp("2024-08-01").date(), ("2024-01",), ("OTH",), {},
        {"entry": np.zeros((4, 1, 1))},
    )  # fmt: skip
    with pytest.raises(rumbo.Faults, match=message):
        rumbo.attribute(scenario.fitted(flat), levers, start, end)


def test_attribution_needs_a_posterior(small: Path) -> None:
    with pytest.raises(rumbo.Faults, match="no posterior"):
        rumbo.attribute(rumbo.load(small), ["x"], "2024-02", "2024-05")


# The bundled posterior.


def test_the_bundled_posterior_is_of_the_bundled_corridor(bundled: rumbo.Scenario) -> None:
    fitted = bundled.fitted()
    assert fitted.posterior is not None
    assert fitted.posterior.draws == 200
    assert fitted.posterior.about["members"] == "1000"
    ranged = set(set_up(bundled, fitted.posterior.as_of).ranged)
    assert set(fitted.posterior.values) == ranged


@pytest.mark.long
@pytest.mark.slow
def test_the_bundled_posterior_meets_the_totals(bundled: rumbo.Scenario) -> None:
    posterior = bundled.fitted().posterior
    assert posterior is not None
    problem = set_up(bundled, posterior.as_of)
    predicted = run_posterior(problem, posterior.first(24), mode="expected")
    for view in ("zones", "stops"):
        total = (problem.observations.view == view) & (problem.observations.group == -1)
        gap = np.median(predicted[total], axis=1) - problem.observations.value[total]
        assert np.sqrt(np.mean(gap**2)) <= 0.12
