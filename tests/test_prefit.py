"""The start of a fit, and what a corridor is fitted to."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import add, with_figures

import rumbo
from rumbo.fitting.ensemble.order import in_order
from rumbo.fitting.problem import CorridorProblem, run_counts, run_posterior, set_up
from rumbo.fitting.start.prefit import carried, prefit
from rumbo.fitting.told import counted
from rumbo.fitting.views import Observation, Observations, at_observations
from rumbo.scenario.figures import Key, known

AS_OF = "2024-08-10"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return with_figures(tmp_path / "three")


def more_figures(folder: Path, *rows: dict[str, str]) -> Path:
    """Add figures to a corridor's."""
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    usual = {"nationality": "all", "unit": "persons", "published": "2024-08-01",
             "published_basis": "assumed", "publisher": "made up", "source": "assumed",
             "quality": "assumed"}  # fmt: skip
    new = pd.DataFrame([usual | row for row in rows])
    pd.concat([table, new]).fillna("").to_csv(folder / "figures.csv", index=False)
    return folder


def problem_of(folder: Path) -> CorridorProblem:
    return set_up(rumbo.load(folder), AS_OF)


def misfit(problem: CorridorProblem, view: str) -> float:
    """Root mean square of the logs of everybody in a view, in an expected run of the centre."""
    draws = problem.posterior(np.zeros((problem.layout.size, 1)))
    predicted = run_posterior(problem, draws, mode="expected", workers=1)[:, 0]
    mine = (problem.observations.view == view) & (problem.observations.group == -1)
    return float(np.sqrt(np.mean((predicted - problem.observations.value)[mine] ** 2)))


def test_the_start_meets_what_is_fitted(small: Path) -> None:
    problem = problem_of(small)
    around = problem.around(prefit(problem))
    for view in ("zones", "stops"):
        assert misfit(around, view) < 0.05 < misfit(problem, view)


def test_levels_follow_their_own_figures(small: Path) -> None:
    deaths = [{"measure": "deaths", "area": "way", "month": f"2024-{m:02}", "value": "9"}
              for m in range(1, 7)]  # fmt: skip
    add(small, "settings.csv", "harm.stay,,,,,set,1e-5,,,1/day,,assumed,assumed,")
    problem = problem_of(more_figures(small, *deaths))
    start = prefit(problem)
    names = {(level.parameter, level.operation) for level in start.levels}
    assert ("harm.stay", "multiply") in names
    found = run_counts(problem, start)["deaths:way"][0, :, 0]
    assert found.sum() == pytest.approx(54.0, rel=0.1)


def test_what_was_set_counts_among_the_unknowns(small: Path) -> None:
    rows = [{"measure": "asylum_applications", "area": "all", "month": f"2024-{m:02}",
             "value": str(10 * m)} for m in range(1, 7)]  # fmt: skip
    problem = problem_of(more_figures(small, *rows))
    start = prefit(problem, rounds=1)
    told = counted(problem.around(start))
    rows = {(row.parameter, str(row.since), row.value) for row in start.levels}
    assert 0 < len(rows) <= len(start.levels)
    assert int(told["unknowns"]) == problem.layout.size + len(rows)
    assert int(told["figures"]) == len(problem.observations.value)
    assert told["views"].split(", ")[:2] == ["zones", "stops"]


def test_figures_published_later_are_not_looked_at(small: Path) -> None:
    late = {"measure": "queue", "area": "all", "month": "2024-03", "value": "77",
            "published": "2024-09-01"}  # fmt: skip
    plain = prefit(problem_of(small), rounds=2)
    more = prefit(problem_of(more_figures(small, late)), rounds=2)
    assert more.paths["entry"].tobytes() == plain.paths["entry"].tobytes()


def test_a_span_is_held_against_the_sum_of_its_months() -> None:
    counts = np.arange(12.0).reshape(1, 6, 2)
    rows = [
        Observation("stops", 2, 2, 0, 0.0, 1.0),
        Observation("stops", 1, 3, 1, 0.0, 1.0),
        Observation("stops", 0, 5, -1, 0.0, 1.0),
    ]
    seen = at_observations({"stops": counts}, Observations.of(rows))
    assert np.expm1(seen[:, 0]) == pytest.approx([4.0, 3.0 + 5.0 + 7.0, 66.0])


def test_series_with_gaps_and_spans_are_known_as_of_a_day(small: Path) -> None:
    rows = [
        {"measure": "asylum_applications", "month": "2024-01", "value": "10"},
        {"measure": "asylum_applications", "month": "2024-04", "value": "13"},
        {"measure": "asylum_applications", "month": "2024-01", "month_end": "2024-03",
         "value": "40", "published": "2024-08-05"},
    ]  # fmt: skip
    scenario = rumbo.load(more_figures(small, *[row | {"area": "all"} for row in rows]))
    key = Key("asylum_applications")
    then, later = (known(scenario, day).counts(key) for day in ("2024-08-04", AS_OF))
    assert [(str(one.first), one.value) for one in then] == [("2024-01", 10.0), ("2024-04", 13.0)]
    assert [one[:3] for one in later[:2]] == [one[:3] for one in then]
    assert (str(later[2].first), str(later[2].last), later[2].value) == ("2024-01", "2024-03", 40.0)


def test_draws_are_ordered_from_the_centre_and_spread_out() -> None:
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal(-5.0, 1.0, (2, 60)), rng.normal(5.0, 1.0, (2, 60))], axis=1)
    points = np.concatenate([points, np.zeros((2, 1))], axis=1)
    order = in_order(points)
    assert sorted(order.tolist()) == list(range(121))
    assert order[0] == 120
    sides = np.sign(points[0, order[1:21]])
    assert abs(sides.sum()) <= 4.0
    few, rest = points[:, order[:20]], points[:, order[-20:]]
    assert abs(few.std() - points.std()) < abs(rest.std() - points.std()) + 1.0


def test_steps_without_figures_stand_where_figures_left_them() -> None:
    levels = np.array([[0.0, 9.0], [1.0, 8.0], [2.0, 7.0], [0.5, 6.0]])
    told = np.array([[False, False], [True, False], [True, False], [False, False]])
    got = carried(levels, told)
    assert got[:, 0].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert got[:, 1].tolist() == [9.0, 8.0, 7.0, 6.0]
    assert carried(levels[:, 0], told[:, 0]).tolist() == [1.0, 1.0, 2.0, 2.0]


def test_a_month_whose_stops_are_not_out_yet_goes_on_from_the_last_one(small: Path) -> None:
    """Figures of stops come later than those of crossings, so the last month has none."""
    table = pd.read_csv(small / "figures.csv", dtype=str, keep_default_na=False)
    stops = table["measure"] == "stops"
    table.loc[stops, "value"] = (table.loc[stops, "value"].astype(float) * 0.3).astype(str)
    late = stops & (table["month"] == "2024-06")
    table[~late].to_csv(small / "figures.csv", index=False)
    centre = prefit(problem_of(small), rounds=6)
    path = centre.paths["stop"][0].astype(float)
    assert path[4].max() < -0.3
    np.testing.assert_allclose(path[5], path[4])
