"""Scores by hand, and the commands that print them."""

import json
from pathlib import Path

import flee_folder
import numpy as np
import pytest
import scoringrules
from command_line import rumbo as command
from test_flight import crisis

import rumbo
from rumbo.run.simulate import simulate
from rumbo.scores.members import (
    block_range,
    cover,
    crps,
    even_split,
    held_shares,
    relative_difference,
    weighted_interval_score,
)

SEEN = np.array([[10.0, 30.0], [20.0, 60.0], [0.0, 0.0]])


def test_relative_difference_by_hand() -> None:
    simulated = np.array([[20.0, 60.0], [40.0, 40.0], [5.0, 0.0]])
    assert relative_difference(simulated, SEEN).tolist() == [0.0, 0.5, 0.0]
    assert relative_difference(simulated, SEEN, rescale=False).tolist() == [1.0, 0.5, 5.0]


def test_a_missing_count_is_left_out() -> None:
    seen = np.array([[10.0, np.nan]])
    assert relative_difference(np.array([[5.0, 99.0]]), seen, rescale=False).tolist() == [0.5]


def test_references_by_hand() -> None:
    seen = np.array([[10.0, 30.0], [80.0, 0.0]])
    assert held_shares(seen, 0).tolist() == [[10.0, 30.0], [20.0, 60.0]]
    assert even_split(seen).tolist() == [[20.0, 20.0], [40.0, 40.0]]


def test_references_give_nobody_to_parts_that_were_not_counted() -> None:
    seen = np.array([[100.0, np.nan], [200.0, 100.0], [np.nan, 50.0]])
    even, held = even_split(seen), held_shares(seen, 1)
    nan = np.nan
    np.testing.assert_array_equal(even, [[100, nan], [150, 150], [nan, 50]])
    np.testing.assert_allclose(held, [[100, nan], [200, 100], [nan, 50]])
    np.testing.assert_array_equal(held_shares(seen, 0), [[100, nan], [200, nan], [nan, nan]])


def test_proper_scores_of_a_point_are_its_absolute_error() -> None:
    one = np.array([[[4.0, 9.0]]])
    seen = np.array([[6.0, 9.0]])
    assert crps(one, seen).tolist() == [[2.0, 0.0]]
    assert weighted_interval_score(one, seen) == pytest.approx(np.array([[2.0, 0.0]]))


def test_the_ranked_probability_score_is_the_textbook_one() -> None:
    rng = np.random.default_rng(4)
    members, seen = rng.gamma(2.0, 50.0, (17, 5, 3)), rng.gamma(2.0, 50.0, (5, 3))
    seen[1, 2] = np.nan
    members[:, 0, 0] = members[0, 0, 0]
    textbook = scoringrules.crps_ensemble(seen, np.moveaxis(members, 0, -1), backend="numpy")
    np.testing.assert_allclose(crps(members, seen), textbook, rtol=1e-12)


def test_interval_score_comes_near_the_crps() -> None:
    members = np.random.default_rng(1).normal(100.0, 10.0, (400, 6, 3))
    seen = np.random.default_rng(2).normal(100.0, 10.0, (6, 3))
    wis = weighted_interval_score(members, seen)
    assert wis == pytest.approx(crps(members, seen), rel=0.15, abs=0.4)


def test_cover_by_hand() -> None:
    members = np.arange(101.0)[:, None, None] * np.ones((1, 1, 4))
    seen = np.array([[50.0, 24.0, 4.0, np.nan]])
    assert cover(members, seen, 0.5) == pytest.approx(1 / 3)
    assert cover(members, seen, 0.9) == pytest.approx(2 / 3)
    assert np.isnan(cover(members[:1], seen, 0.9))


def test_blocks_give_wider_ranges_to_what_hangs_together() -> None:
    values = np.repeat(np.random.default_rng(3).normal(size=20), 30)
    low, high = block_range(values, 30)
    near, far = block_range(values, 1)
    assert low < values.mean() < high
    assert high - low > 3 * (far - near)
    assert block_range(values, 30) == (low, high)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crisis(tmp_path_factory.mktemp("crisis"))[0]


def test_a_crisis_is_scored_on_its_camps_by_day(folder: Path) -> None:
    table = rumbo.score(simulate(rumbo.read_flee(folder), members=3, seed=1, workers=1))
    assert table["scenario"].tolist() == ["base", "shares held at day 30", "even split"]
    assert set(table["parts"]) == {2}
    assert set(table["periods"]) == {40}
    row = table.iloc[0]
    assert 0 < row["error_low"] <= row["error"] <= row["error_high"] < 2
    assert 0 <= row["cover_50"] <= row["cover_90"] <= 1


def test_a_corridor_is_scored_on_its_months() -> None:
    from helpers import three_places

    table = rumbo.score(simulate(three_places(), members=3, seed=1, workers=1))
    assert (table["series"] == "stops").any()
    # Rescaled to its total a single part is its own count.
    assert (np.isfinite(table["error"]) == (table["parts"] > 1)).all()
    assert np.isfinite(table["error_not_rescaled"]).all()


def test_learned_shares_are_scored_like_runs(folder: Path) -> None:
    learned = rumbo.learn_shares(folder, members=20)
    table = rumbo.score(learned)
    assert table["scenario"][0] == "learned"
    assert table["cover_90"][0] > 0.2


def test_the_command_ends_with_one_json_object(folder: Path) -> None:
    done = command("flee", folder, "--members", 2, "--json")
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["crisis"] == "five_places"
    assert last["days"] == 40
    assert 0 < last["error"] < 2
    assert 0 < last["error_from_day30"] < 2
    assert last["scores"][0]["scenario"] == "base"
    assert "Warning" not in done.stdout


def test_learned_shares_by_command(folder: Path) -> None:
    done = command("flee", folder, "--learned", "--members", 10, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["rules"] == "learned"


@pytest.mark.slow
def test_a_crisis_is_kept_told_scored_and_repeated(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    done = command("flee", folder, "--members", 3, "--out", run)
    assert done.returncode == 0, done.stderr
    for language in ("en", "es"):
        assert (run / f"report-{language}.html").stat().st_size > 100_000
    again = command("rerun", run)
    assert again.returncode == 0, again.stdout + again.stderr
    scored = command("score", run, "--json")
    assert json.loads(scored.stdout.splitlines()[-1])["scores"], scored.stdout


def test_faults_are_listed_together_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    broken = flee_folder.write(tmp_path)
    (broken / "source_data" / "away-dun.csv").unlink()
    routes = broken / "input_csv" / "routes.csv"
    routes.write_text(routes.read_text() + "Corm,Nowhere,80,\n")
    done = command("flee", broken, "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "away-dun.csv" in done.stderr
    assert "Nowhere" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()


def test_options_that_do_not_go_together(folder: Path, tmp_path: Path) -> None:
    done = command("flee", folder, "--learned", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "--learned" in done.stderr


def test_a_score_leaves_out_sums_over_several_months() -> None:
    from test_record import figure, made

    from rumbo.scores.run import score

    spans = [figure("stops", "2024-01", 120.0, month_end="2024-02")]
    assert score(made(spans)).empty
    areas = [figure("stops", "2024-01", 9.0, area="inn", month_end="2024-02")]
    areas.append(figure("stops", "2024-03", 20.0, area="mill"))
    table = score(made([*spans, *areas, figure("stops", "2024-03", 60.0)]))
    assert table["periods"].tolist() == [1, 1]
    assert table["parts"].tolist() == [1, 1]
    assert table["error_not_rescaled"].tolist() == [0.0, 0.0]


def test_scores_over_the_total_leave_out_what_was_not_counted() -> None:
    from test_record import MEMBERS, figure, made

    from rumbo.scores.run import score

    seen = {("2024-01", "inn"): 40.0, ("2024-02", "inn"): 12.0, ("2024-02", "mill"): 5.0}
    figures = [figure("stops", month, value, area=area) for (month, area), value in seen.items()]
    row = score(made(figures)).set_index("scenario").loc["base"]
    counts = np.array([[*seen.values()]])
    members = np.repeat(2.0 * MEMBERS[:, None, None], 3, axis=2)  # of two groups
    assert row["wis"] == pytest.approx(
        weighted_interval_score(members, counts).sum() / counts.sum()
    )
    assert row["crps"] == pytest.approx(crps(members, counts).sum() / counts.sum())


def test_a_reference_with_one_part_to_share_between_is_not_scored() -> None:
    from test_record import figure, made

    from rumbo.scores.run import EVEN, HELD, score

    apart = [("2024-01", "inn", 40.0), ("2024-02", "mill", 5.0)]
    figures = [figure("stops", month, value, area=area) for month, area, value in apart]
    assert {*score(made(figures))["scenario"]} == {"base"}
    both = [*figures, figure("stops", "2024-02", 12.0, area="inn")]
    table = score(made(both)).set_index("scenario")
    assert table.loc[[HELD, EVEN], "periods"].tolist() == [1, 1]
    assert table.loc["base", "periods"] == 2
    assert table.loc[EVEN, "error"] == pytest.approx(7 / 17)


def test_shares_are_held_for_periods_after_those_they_are_of() -> None:
    from test_record import figure, made

    from rumbo.scores.run import EVEN, HELD, score

    later = [
        figure("stops", "2024-02", number, area=at) for at, number in (("inn", 9), ("mill", 5))
    ]
    assert {*score(made(later))["scenario"]} == {"base", EVEN}
    first = figure("stops", "2024-01", 3.0, area="inn")
    assert {*score(made([first, *later]))["scenario"]} == {"base", EVEN, HELD}
