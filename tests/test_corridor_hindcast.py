"""Hindcasts of a corridor itself: fitted as of a day, run on, held against what came."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import THREE_PLACES
from made_up import made_up
from vote_ahead import DAY as DAY_OF_VOTE
from vote_ahead import vote_ahead

import rumbo
from rumbo.fitting.ahead import MonthlyStep, Wander, extended
from rumbo.fitting.problem import set_up
from rumbo.forecasting.corridor.ahead import (
    BOTH,
    FORECAST,
    JOINED,
    POLICY,
    SLOTS,
    VARIANTS,
    scenario_ahead,
    wander,
)
from rumbo.forecasting.corridor.hindcast import (
    from_origin,
    hindcast_corridor,
    origins_between,
    origins_of,
    table_of_hindcast,
)
from rumbo.forecasting.corridor.runs import HindcastSize, dealt, run_ahead
from rumbo.report import origin_page
from rumbo.scenario.figures import HINDSIGHT, Key, known
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.values.ahead import entering_ahead, with_later, with_unsure
from rumbo.scenario.values.ranges import Z90

pytestmark = pytest.mark.long

SMALL = HindcastSize(members=10, passes=1, drawn=8)

DAY = "2022-05-22"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(tmp_path_factory.mktemp("made-up"))


@pytest.fixture(scope="module")
def elsewhere(folder: Path) -> rumbo.Scenario:
    return rumbo.load(folder)


# Paths that go on.


def draws(members: int = 4000) -> Posterior:
    paths = {
        name: np.full((members, 2, 2), level) for name, level in (("entry", 0.5), ("stop", -0.2))
    }
    return Posterior(
        "made", pd.Timestamp("2024-03-01").date(), ("2024-01", "2024-02"), ("AAA", "BBB"), {}, paths
    )


def test_paths_go_on_from_where_they_stood() -> None:
    ahead = extended(draws(), 6, [], 1)
    assert ahead.months[-1] == "2024-08"
    np.testing.assert_array_equal(ahead.paths["entry"][:, :2], draws().paths["entry"])
    stops = ahead.paths["stop"][:, 2:].astype(float)
    assert np.abs(np.median(stops, axis=0) + 0.2).max() < 0.02
    spread = stops.std(axis=0)[:, 0]
    assert (np.diff(spread) > 0).all()
    # One step of the nationality's own path, and one of all of them.
    assert spread[0] == pytest.approx(np.hypot(0.1, 0.08), rel=0.05)


def test_entries_ahead_keep_their_mean_and_wander_together() -> None:
    together = Wander("entry", np.array([True, False]), MonthlyStep(0.3))
    entry = extended(draws(), 6, [together], 1).paths["entry"][:, 2:].astype(float)
    assert np.exp(entry - 0.5).mean(axis=0)[-1] == pytest.approx([1.0, 1.0], abs=0.05)
    own, shared = entry[:, -1, 1].std(), entry[:, -1, 0].std()
    assert own == pytest.approx(0.1 * np.sqrt(6), rel=0.06)
    assert shared == pytest.approx(np.hypot(0.3, 0.1) * np.sqrt(6), rel=0.06)


def test_crossings_wander_together_around_their_middle() -> None:
    before = replace(draws(), paths={"cross": np.full((4000, 2, 2), 0.4)})
    together = Wander("cross", np.array([True, True]), MonthlyStep(0.3))
    alone = extended(before, 6, [], 1).paths["cross"][:, -1, 0].astype(float)
    cross = extended(before, 6, [together], 1).paths["cross"][:, 2:].astype(float)
    assert cross[:, -1, 0].std() == pytest.approx(np.hypot(0.3 * np.sqrt(6), alone.std()), rel=0.06)
    assert np.median(cross[:, -1, 0]) == pytest.approx(np.median(alone), abs=0.04)
    assert np.corrcoef(cross[:, -1].T)[0, 1] > 0.7


def test_steps_known_from_few_spans_have_a_size_for_each_member() -> None:
    rng = np.random.default_rng(3)
    assert set(MonthlyStep(0.3).of_each(rng, 5)) == {0.3}
    steps = MonthlyStep(0.3, 4.0).of_each(rng, 400_000) * rng.standard_normal(400_000)
    # Student's t with four degrees of freedom: nine in ten within 2.132 times the scale.
    assert np.quantile(np.abs(steps), 0.9) / 0.3 == pytest.approx(2.132, rel=0.01)


def test_entries_of_uncertain_spread_keep_their_mean_too() -> None:
    together = Wander("entry", np.array([True, True]), MonthlyStep(0.05, 8.0))
    entry = extended(draws(40_000), 6, [together], 1).paths["entry"][:, 2:].astype(float)
    assert np.exp(entry - 0.5).mean(axis=0)[-1] == pytest.approx([1.0, 1.0], abs=0.02)


# What is known of the months ahead.


def test_members_are_dealt_to_branches_by_their_chances() -> None:
    mine = dealt([0.25, 0.5, 0.25], 40, 1)
    assert np.bincount(mine).tolist() == [10, 20, 10]
    assert not np.array_equal(mine, np.sort(mine))
    np.testing.assert_array_equal(mine, dealt([0.25, 0.5, 0.25], 40, 1))
    assert dealt([1.0], 7, 1).tolist() == [0] * 7


def test_rules_that_nobody_knows_of_move_members_month_by_month() -> None:
    base = rumbo.load(THREE_PLACES)
    day, until = pd.Timestamp("2024-03-15").date(), np.datetime64("2024-06")
    ahead = with_unsure(base.settings, {"stay.days": 0.2}, day, until)
    new = ahead.iloc[len(base.settings) :]
    assert new["since"].astype(str).tolist() == ["2024-04-01", "2024-05-01", "2024-06-01"]
    assert len(set(new["lever"])) == 3
    assert (new["value"] == 1.0).all()
    assert np.log(new["high"]).tolist() == pytest.approx([0.2 * Z90] * 3)
    assert ahead.dtypes.equals(base.settings.dtypes)
    pd.testing.assert_frame_equal(with_unsure(base.settings, {}, day, until), base.settings)


def inflows(known: str) -> pd.DataFrame:
    months = pd.date_range("2023-01-01", "2023-12-01", freq="MS")
    table = pd.DataFrame({"month": months, "place": "gate", "group": "g", "route": "road"})
    day = months + pd.offsets.MonthBegin(1) if known == "counted" else pd.Timestamp("2022-12-20")
    return table.assign(known=day, persons=np.arange(1.0, 13.0))


@pytest.mark.parametrize(("known", "came"), [("counted", [12.0, 12.0]), ("assumed", [1.0, 2.0])])
def test_counts_stay_and_assumptions_keep_their_season(known: str, came: list[float]) -> None:
    start = pd.Timestamp("2023-06-01").date()
    ahead = entering_ahead(inflows(known), start, np.datetime64("2024-02"))
    new = ahead[ahead["month"] >= "2024-01-01"]
    assert new["persons"].tolist() == came
    assert new["known"].isna().all()


def test_a_route_that_has_ended_stays_ended() -> None:
    start = pd.Timestamp("2024-01-01").date()
    ahead = entering_ahead(inflows("counted"), start, np.datetime64("2024-06"))
    assert ahead["month"].max() == pd.Timestamp("2023-12-01")


def test_policy_that_came_later_is_given_and_the_past_stays_as_known() -> None:
    day, never = pd.Timestamp("2024-03-10").date(), pd.NaT
    rows = [
        # file, row, since, until, value
        ("s.csv", 2, "2023-01-01", "2024-06-01", 1.0),
        ("s.csv", 3, "2024-06-01", None, 2.0),
        ("s.csv", 4, "2024-01-01", None, 3.0),
    ]
    whole = pd.DataFrame(rows, columns=["file", "row", "since", "until", "value"])
    whole = whole.assign(since=pd.to_datetime(whole["since"]), until=pd.to_datetime(whole["until"]))
    then = whole.iloc[:1].assign(until=never)
    given = with_later(then, whole, day)
    # Row 4 began before the day and became known after it: the past stays as it was known.
    assert given["row"].tolist() == [2, 3]
    assert given["until"].tolist()[0] == pd.Timestamp("2024-06-01")


def test_variants_differ_in_what_they_are_given(elsewhere: rumbo.Scenario) -> None:
    problem, until = set_up(elsewhere, DAY), np.datetime64("2022-10")
    ahead = {name: scenario_ahead(problem, elsewhere, until, name) for name in VARIANTS}
    assert {one.end.isoformat() for one in ahead.values()} == {"2022-10-31"}
    before = ["cross", "entry", "entry"]
    assert [one.family for one in wander(problem, FORECAST)] == [*before, "stop", "present"]
    # Rules that are given are no doubt any more.
    assert [one.family for one in wander(problem, POLICY)] == before
    doubt = {name: one.settings.query("file == 'ahead'") for name, one in ahead.items()}
    assert set(doubt[FORECAST]["parameter"]) == {SLOTS}
    assert doubt[POLICY].empty
    assert doubt[BOTH].empty
    # Entries that are given do not wander; crossings still do.
    assert [one.family for one in wander(problem, BOTH)] == ["cross", "entry"]
    entered = {
        name: one.inflows.query("month >= '2022-01'").groupby("month")["persons"].sum()
        for name, one in ahead.items()
    }
    assert entered[FORECAST].equals(entered[POLICY])
    assert all(step.step.size > 0.0 for step in wander(problem, FORECAST))


# From many origins.


@pytest.fixture(scope="module")
def made(
    elsewhere: rumbo.Scenario, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, object]:
    folder = tmp_path_factory.mktemp("hindcast")
    origins = np.array(["2022-03", "2022-04"], dtype="datetime64[M]")
    return folder, hindcast_corridor(elsewhere, folder, origins=origins, size=SMALL, workers=1)


def test_every_variant_is_scored_beside_persistence(made: tuple[Path, object]) -> None:
    _, evaluation = made
    models = set(evaluation.skill["model"])
    assert {*VARIANTS, f"{FORECAST}-recalibrated", "persistence", "mechanistic"} <= models
    assert {*JOINED.values()} <= models
    zones = evaluation.skill.query("family == 'zones' and model == @FORECAST")
    assert zones["horizon"].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_joined_forecast_lies_between_its_two_and_learns_nothing(
    made: tuple[Path, object],
) -> None:
    _, evaluation = made
    all_ = evaluation.panel.forecasts
    both = np.stack([all_[FORECAST], all_["mechanistic"]])
    joined = all_[JOINED[FORECAST]]
    there = np.isfinite(both).all(axis=(0, -1))
    assert there.any()
    assert (joined[there] >= both.min(axis=0)[there] - 1e-9).all()
    assert (joined[there] <= both.max(axis=0)[there] + 1e-9).all()
    mine = evaluation.weights
    by_cell = mine.groupby(["origin", "family", "horizon"])["weight"]
    assert (by_cell.max() == by_cell.min()).all()
    assert by_cell.sum().to_numpy() == pytest.approx(1.0)
    assert 0.5 in set(mine.query("member == 'mechanistic'")["weight"])
    assert set(mine["past"]) == {0}


def test_scores_are_told_with_their_ranges(made: tuple[Path, object]) -> None:
    rows = table_of_hindcast(made[1].skill, "rumbo hindcast here").set_index(["series", "figure"])
    row = rows.loc[("zones", "score-corridor-3")]
    assert row["low"] <= row["value"] <= row["high"]
    assert 0.0 <= rows.loc[("zones", "held-corridor-6")]["value"] <= 1.0


def test_one_origin_is_told_as_it_is(made: tuple[Path, object], elsewhere: rumbo.Scenario) -> None:
    later = known(elsewhere, HINDSIGHT)
    table = from_origin(made[1], later, np.datetime64("2022-03"))
    came = later.series(Key("encounters", "guards")).since(np.datetime64("2022-04")).values[0]
    row = table.query("family == 'zones' and month == '2022-04' and model == 'corridor'").iloc[0]
    assert row["came"] == pytest.approx(came)
    assert row["low"] <= row["middle"] <= row["high"]
    page = origin_page(table, "2022-03", "rumbo hindcast here")
    assert page.startswith("# What was forecast after March 2022\n")
    assert "| April 2022 |" in page
    assert "Orden: rumbo" in origin_page(table, "2022-03", "rumbo", "es")
    with pytest.raises(rumbo.Faults, match="nothing was forecast from 2022-09"):
        from_origin(made[1], later, np.datetime64("2022-09"))


def test_errors_add_up(made: tuple[Path, object]) -> None:
    errors = pd.read_csv(made[0] / "errors.csv")
    parts = errors[["policy", "entries", "left"]].sum(axis=1)
    np.testing.assert_allclose(parts, errors["error"])
    assert set(errors["origin"]) == {"2022-03", "2022-04"}


def test_a_hindcast_that_was_stopped_goes_on(
    made: tuple[Path, object], elsewhere: rumbo.Scenario
) -> None:
    folder, before = made
    kept = {path: path.stat().st_mtime_ns for path in (folder / "runs").glob("*.npz")}
    assert len(kept) == 2
    origins = np.array(["2022-03", "2022-04"], dtype="datetime64[M]")
    again = hindcast_corridor(elsewhere, folder, origins=origins, size=SMALL, workers=2)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    pd.testing.assert_frame_equal(again.skill, before.skill)


def test_damaged_runs_and_fits_are_made_again(
    made: tuple[Path, object], elsewhere: rumbo.Scenario
) -> None:
    folder, before = made
    kept = [min((folder / "runs").glob("*.npz")), *(folder / "runs" / "fits").glob("*-centre.npz")]
    whole = {path: path.read_bytes() for path in kept}
    for path, content in whole.items():
        path.write_bytes(content[: len(content) // 2])
    origins = np.array(["2022-03", "2022-04"], dtype="datetime64[M]")
    again = hindcast_corridor(elsewhere, folder, origins=origins, size=SMALL, workers=1)
    assert kept[0].read_bytes() == whole[kept[0]]
    pd.testing.assert_frame_equal(again.skill, before.skill)


def test_what_was_to_be_decided_comes_for_a_share_of_members(tmp_path: Path) -> None:
    vote, day = vote_ahead(tmp_path), pd.Timestamp(DAY_OF_VOTE).date()
    both = run_ahead(rumbo.load(vote), day, SMALL, tmp_path / "both")
    path = vote / "outcomes.csv"
    text = path.read_text("utf-8").replace("0.25,halt", "0.01,halt").replace("0.75,,", "0.99,,")
    path.write_text(text, encoding="utf-8")
    one = run_ahead(rumbo.load(vote), day, SMALL, tmp_path / "one")
    effect = int((np.datetime64("2022-09") - both.months[0]).astype(int))
    for (variant, view), counts in both.counts.items():
        same = (counts == one.counts[variant, view]).all(axis=2)
        assert same[:, : effect - 1].all()
        if (variant, view) == (FORECAST, "zones"):
            # A quarter of eight.
            assert (~same[:, effect:].all(axis=1)).sum() == 2
        elif variant != FORECAST:
            assert same.all()


def test_an_origin_before_the_run_is_refused(elsewhere: rumbo.Scenario, tmp_path: Path) -> None:
    origins = np.array(["2021-12"], dtype="datetime64[M]")
    with pytest.raises(rumbo.Faults, match="2021-12 comes before anything was known of the run"):
        hindcast_corridor(elsewhere, tmp_path, origins=origins, size=SMALL)
    assert len(origins_of(replace(elsewhere, start=elsewhere.end))) == 0


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2022-06", "2022-04", "the last month comes before the first"),
        ("2021-12", "2022-04", "2021-12 comes before anything was known of the run"),
        ("2022-04", "2031-01", "no figure tells what came after origin 2031-01"),
    ],
)
def test_origins_that_cannot_be_are_refused(
    elsewhere: rumbo.Scenario, first: str, last: str, told: str
) -> None:
    with pytest.raises(rumbo.Faults, match=told):
        origins_between(elsewhere, np.datetime64(first, "M"), np.datetime64(last, "M"))
    # Of one month alone there is nothing to exchange.
    with pytest.raises(rumbo.Faults, match=r"no origin but those from .* Give a month of these"):
        origins_between(elsewhere, np.datetime64("2031-01", "M"), None)


def test_a_corridor_too_short_for_origins_asks_for_them(elsewhere: rumbo.Scenario) -> None:
    with pytest.raises(rumbo.Faults, match="no origin has 6 months of the run before it"):
        origins_between(replace(elsewhere, start=elsewhere.end), None, None)


def test_a_corridor_without_totals_is_refused() -> None:
    with pytest.raises(rumbo.Faults, match="no total of encounters"):
        origins_between(rumbo.load(THREE_PLACES), None, None)
