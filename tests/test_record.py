"""The record table against cases worked by hand, and the command that writes it."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from command_line import rumbo as command
from folders import with_figures
from helpers import three_places

import rumbo
from rumbo.fitting.problem import set_up
from rumbo.run.folder import keep_run, write_result
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.scenario.calendar import entering
from rumbo.scores.record import MOST_BIAS, fails, fit_of, record

MEMBERS = np.arange(21.0)
MONTHS = pd.date_range("2024-01-01", periods=3, freq="MS")
BLANK = {
    "component": "", "area": "all", "nationality": "all", "month_end": "", "day": "", "low": None,
    "high": None, "published": "2025-01-01",
}  # fmt: skip
ROLES = {"zones": "land", "gates": "door", "waiting": ["XB"], "transit": ["ferry"]}


def figure(measure: str, month: str, value: float | None, **others: Any) -> dict[str, Any]:
    return {**BLANK, "measure": measure, "month": month, "value": value, **others}


def made(figures: list[dict[str, Any]], **about: Any) -> xr.Dataset:
    """Members 0 to 20 at two places of three states, two groups, two zones."""
    dims = {"scenario": 1, "member": 21, "month": 3}
    kinds = {
        "encounters": (("component", "area", "group"), "flow"),
        "stops": (("place", "group"), "flow"),
        "waiting": (("place", "group"), "stock"),
        "deaths_recorded": (("region",), "flow"),
        "entries": (("group",), "flow"),
        "appointments": (("group",), "flow"),
    }
    sizes = {"component": 2, "area": 2, "group": 2, "place": 3, "region": 2}
    data = xr.Dataset(coords={
        "scenario": ["base"], "member": np.arange(21), "month": MONTHS,
        "component": ["land", "door"], "area": ["east", "west"],
        "group": ["AAA-adult", "BBB-adult"],
        "nationality": ("group", ["AAA", "BBB"]), "place": ["inn", "mill", "port"],
        "country": ("place", ["XB", "XB", "XC"]), "region": ["hills", "sea"],
    })  # fmt: skip
    for name, (by, what) in kinds.items():
        shape = [*dims.values(), *(sizes[dim] for dim in by)]
        one = MEMBERS.reshape(1, 21, 1, *[1] * len(by)) * np.ones(shape)
        data[name] = ((*dims, *by), one, {"what": what})
    places = [{"id": p, "admin1": s} for p, s in zip(("inn", "mill", "port"), "NNS", strict=True)]
    told = {"roles": ROLES, "places": places, "figures": figures, **about}
    return data.assign_attrs(background=json.dumps(told))


def row(table: pd.DataFrame, series: str) -> pd.Series:
    return table.set_index("series").loc[series]


def test_a_series_by_hand() -> None:
    # Over two areas and two groups a member r counts 4 r a month: median 40, 90 % of it 4 to 76.
    months = [figure("encounters", f"2024-0{n}", v, component="land") for n, v in
              ((1, 40.0), (2, 80.0), (3, 20.0))]  # fmt: skip
    found = row(record(made(months)), "zones")
    errors = [0.0, math.log(41 / 81), math.log(41 / 21)]
    assert found["figures"] == 3
    assert found["observed"] == pytest.approx(140 / 3)
    assert found[["simulated", "low", "high"]].tolist() == [40, 4, 76]
    assert found["bias"] == pytest.approx(np.mean(errors))
    assert found["log_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))
    assert found["cover_90"] == pytest.approx(2 / 3)
    assert found["cover_50"] == pytest.approx(2 / 3)
    assert (found["fitted"], found["fails"]) == ("held out", False)


def test_a_series_fails_by_its_cover_or_by_its_lean() -> None:
    assert fails(0.0, 0.44)
    assert not fails(0.0, 0.45)
    assert fails(-MOST_BIAS - 0.01, 1.0)
    assert not fails(MOST_BIAS - 0.01, 1.0)
    assert not fails(0.0, math.nan)


def test_parts_are_pooled() -> None:
    # Of each nationality a member counts 2 r: median 20, 90 % of it 2 to 38.
    months = [figure("encounters", f"2024-0{n}", v, component="land", nationality=who)
              for who, values in (("AAA", (20.0, 20.0)), ("BBB", (90.0, 90.0, 20.0)))
              for n, v in enumerate(values, 1)]  # fmt: skip
    table = record(made(months))
    assert table["series"].tolist() == ["zones/*", "zones/AAA", "zones/BBB"]
    whole, first, second = (row(table, name) for name in table["series"])
    assert (whole["parts"], whole["figures"], whole["failing"]) == (2, 5, 1)
    assert (first["of"], first["nationality"], first["fails"]) == ("zones/*", "AAA", False)
    assert second["fails"]
    assert whole["fails"]  # half of its series do
    assert whole["cover_90"] == pytest.approx(3 / 5)
    assert whole["bias"] == pytest.approx(second["bias"] / 2)
    assert whole["log_rmse"] == pytest.approx((first["log_rmse"] + second["log_rmse"]) / 2)


def test_a_span_is_held_against_the_sum_of_its_months() -> None:
    spans = [
        figure("stops", "2024-01", 120.0, month_end="2024-02"),  # 6 cells of r, two months: 12 r
        figure("stops", "2024-02", 1.0, month_end="2024-09"),  # ends after the run
        figure("stops", "2024-03", 60.0),
    ]
    found = row(record(made(spans)), "stops")
    assert (found["figures"], found["observed"], found["simulated"]) == (2, 60, 60)
    assert found["log_rmse"] == 0


def test_areas_are_places_states_or_several() -> None:
    areas = {"inn": 20.0, "N": 40.0, "N;S": 60.0, "nowhere": 5.0}
    table = record(made([figure("stops", "2024-01", v, area=a) for a, v in areas.items()]))
    assert table["series"].tolist() == ["stops@*", "stops@inn", "stops@N", "stops@N;S"]
    assert (table["log_rmse"] == 0).all()


def test_a_stock_may_be_given_as_a_range_and_by_several() -> None:
    # Where people wait, two places and two groups, a member holds 4 r: 90 % of it 4 to 76.
    stocks = [
        figure("waiting", "2024-01", None, low=70.0, high=90.0, published="2024-02-01"),
        figure("waiting", "2024-01", 95.0, published="2024-03-01"),
    ]
    found = row(record(made(stocks)), "waiting")
    assert found["figures"] == 2
    assert found["observed"] == pytest.approx((80 + 95) / 2)
    assert found["simulated"] == 40
    assert found["cover_90"] == 0.5  # the range reaches 76, the figure 95 is beyond


def test_people_under_way_are_starts_times_days_of_a_ride() -> None:
    data = made([figure("under_way", "2024-01", 18.0, area="rail")])
    starts = data["entries"].isel(group=0, drop=True).expand_dims(link=["a", "b", "c"], axis=-1)
    ride = {"mode": ("link", ["rail", "bus", "rail"]), "ride_days": ("link", [3.1, 9.0, 2.48])}
    found = row(record(data.assign(passages=starts).assign_coords(ride)), "under_way@rail")
    # The middle member starts 10 on each: 10 (3.1 + 2.48) / 31 at a time.
    assert found["simulated"] == pytest.approx(1.8)


def test_a_fit_sees_people_under_way_as_the_table_does(tmp_path: Path) -> None:
    folder = with_figures(tmp_path / "three")
    figures = pd.read_csv(folder / "figures.csv")
    line = figures.iloc[0].to_dict() | {"measure": "under_way", "component": "", "area": "bus"}
    line |= {"nationality": "all", "month_end": "", "value": 50, "low": 40, "high": 60}
    pd.concat([figures, pd.DataFrame([line])]).to_csv(folder / "figures.csv", index=False)
    scenario = rumbo.load(folder)
    runs = rumbo.simulate(scenario, members=3, seed=1)
    problem = set_up(scenario, line["published"])
    seen = problem.record.seen("under_way:bus", runs.isel(scenario=0))
    table = row(record(runs), "under_way@bus")
    month = runs["month"].to_index().get_loc(pd.Timestamp(line["month"]))
    assert np.median(seen[:, month]) == pytest.approx(table["simulated"], rel=1e-6)
    assert seen[:, month].min() > 0


def test_deaths_are_held_against_those_recorded() -> None:
    found = row(record(made([figure("deaths", "2024-01", 10.0, area="sea")])), "deaths@sea")
    assert (found["simulated"], found["log_rmse"]) == (10, 0)


def test_counts_on_the_way_are_held_against_entries_that_rest_on_counts() -> None:
    counts = [figure("transit", "2024-01", 10.0, component="ferry", nationality=who)
              for who in ("AAA", "BBB", "all")]  # fmt: skip
    inflows = [
        {"nationality": "AAA", "route": "overland", "persons": 90.0, "assumed": 0.0},
        {"nationality": "AAA", "route": "parole", "persons": 90.0, "assumed": 90.0},
        {"nationality": "BBB", "route": "direct", "persons": 90.0, "assumed": 90.0},
    ]
    table = record(made(counts, inflows=inflows))
    assert table["series"].tolist() == ["transit/*", "transit/AAA"]
    assert row(table, "transit/AAA")["log_rmse"] == 0


def test_whether_a_series_was_fitted() -> None:
    figures = [
        figure("encounters", "2024-01", 40.0, component="land"),
        figure("encounters", "2024-01", 20.0, component="land", area="east"),
        figure("deaths", "2024-01", 10.0, area="sea"),
        figure("appointments", "2024-01", 20.0),
    ]
    about = {"unknowns": "9", "figures": "12", "views": "zones, deaths", "seed": "4"}
    fit = {"as_of": "2025-01-01", "digest": "", "about": about}
    runs = made(figures, posterior=fit)
    seen = record(runs).set_index("series")["fitted"].to_dict()
    assert (seen["zones"], seen["zones@east"], seen["zones@*"]) == (
        "fitted",
        "held out",
        "held out",
    )
    assert (seen["deaths@sea"], seen["appointments"]) == ("fitted", "held out")
    told = fit_of(runs)
    assert told is not None
    assert (told.unknowns, told.figures, told.seed) == ("9", "12", "4")
    areas = {**about, "views": "zones, zones.areas"}
    other = record(made(figures, posterior={**fit, "about": areas}))
    assert row(other, "zones@east")["fitted"] == "fitted"
    silent = record(made(figures, posterior={**fit, "about": {}}))
    assert set(silent["fitted"]) == {"not recorded"}
    assert set(record(made(figures))["fitted"]) == {"held out"}


def test_an_earlier_version_stands_beside() -> None:
    before = [{"series": "zones", "log_rmse": 0.9, "bias": -0.2, "cover_90": 0.3, "version": "v"}]
    figures = [figure("encounters", "2024-01", 40.0, component=c) for c in ("land", "door")]
    table = record(made(figures, record_before=before))
    assert row(table, "zones")["before_log_rmse"] == 0.9
    assert math.isnan(row(table, "gates")["before_log_rmse"])


def test_one_member_has_no_cover_and_fails_by_its_lean_alone() -> None:
    figures = [figure("encounters", "2024-01", v, component=c) for v, c in
               ((40.0, "land"), (400.0, "door"))]  # fmt: skip
    table = record(made(figures).isel(member=[10]))
    assert table["cover_90"].isna().all()
    assert table["fails"].tolist() == [False, True]


def test_a_run_without_figures_has_an_empty_table() -> None:
    assert record(made([])).empty


def test_who_enters_is_told_by_route_and_by_what_it_rests_on() -> None:
    table = entering(three_places())
    assert {"nationality", "route", "persons", "assumed"} == set(table)
    assert len(table)
    assert table["assumed"].between(0, table["persons"]).all()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("record") / "run"
    spec = RunSpec.of([three_places()], 4, 1, "stochastic")
    with keep_run(to, spec) as store:
        write_result(to, execute(spec, 1, store))
    return to


def test_the_command_prints_writes_and_ends_with_json(folder: Path, tmp_path: Path) -> None:
    page, table = tmp_path / "docs" / "record.md", tmp_path / "record.csv"
    done = command("record", folder, "--out", page, "--json")
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert text.startswith("# Held against the record\n\nRumbo ")
    assert "| Series | Verdict |" in text
    assert "Nothing was fitted" in text
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["fit"] is None
    assert {"stops"} <= {one["series"] for one in last["series"]}
    refused = command("record", folder, "--out", tmp_path)
    assert refused.returncode == 2
    assert "is a folder, expected a file. Give the name of a file in it" in refused.stderr
    assert command("record", folder, "--out", table).returncode == 0
    assert len(pd.read_csv(table)) == len(last["series"])
