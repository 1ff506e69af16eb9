"""What pages, files and the studio say of the same thing: the same number, of the same thing."""

import csv
import datetime
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import helpers
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from guided_ways import guided
from months_made import branch
from test_minds import minded

import rumbo
from rumbo.answers.outlook.ahead import RunsAhead
from rumbo.answers.outlook.counted import shelter_setting
from rumbo.exporting.names import Names
from rumbo.report import origin_page
from rumbo.report.answer.flows import days_there
from rumbo.report.answer.page import place_page
from rumbo.report.answer.place import place
from rumbo.report.charts.rows import Curve, month_table, scenario_rows
from rumbo.report.corridor.headline import period
from rumbo.report.corridor.levers import calendar_figure
from rumbo.report.outlook.branches import _outcomes
from rumbo.report.outlook.months import beds_text
from rumbo.report.page.parts import DASH, Figure, Table
from rumbo.report.page.words import Words
from rumbo.report.read.beds import beds_at, given, places_added
from rumbo.report.read.names import parameter_title, scenario_title
from rumbo.report.read.outlook import OutlookTable
from rumbo.report.read.ranges import overall
from rumbo.report.read.run import read_run
from rumbo.run.about import background
from rumbo.run.session import Session
from rumbo.scenario.calendar import settings_at
from rumbo.scenario.scenario import Scenario
from rumbo.scores.comparing import Comparison, comparisons
from rumbo.scores.record import record

PLACES = "shelter.places"

EXAMPLES = helpers.THREE_PLACES.parent


@pytest.fixture(scope="module")
def base() -> Scenario:
    return helpers.three_places()


def compared(*scenarios: Scenario) -> list[Comparison]:
    about = json.loads(background(scenarios))
    return comparisons(about, [one.name for one in scenarios])


def run_of(*scenarios: Scenario, language: str = "en") -> Any:
    """Return what a page reads of a short run."""
    return read_run(rumbo.simulate([*scenarios], members=2, seed=1), Words(language))


# What a difference is of


def test_a_lever_left_out_alone_is_told_as_its_effect(base: Scenario) -> None:
    without = base.without("bus-closure")
    assert compared(base, without) == [Comparison(1, 0, 1, ("bus-closure",))]
    assert compared(without, base) == [Comparison(1, 1, 0, ("bus-closure",))]


@pytest.mark.parametrize(
    "more",
    [
        lambda one: one.move("more-slots", since="2024-02-01"),
        lambda one: one.change(PLACES, 3_000, at="north_crossing"),
        lambda one: one.between("2024-01-01", "2024-03-31"),
    ],
)
def test_a_lever_left_out_with_something_else_is_not(base: Scenario, more: Any) -> None:
    assert compared(base, more(base.without("bus-closure"))) == [Comparison(1, 1, 0)]


def test_nor_is_one_beside_another_outcome(tmp_path: Path) -> None:
    vote = minded(tmp_path, belief="0.6")
    closed, opened = (vote.given(f"vote={one}") for one in ("close", "open"))
    assert compared(opened, closed.without("more-slots"))[0].levers == ()
    assert compared(vote, vote.without("more-slots"))[0].levers == ("more-slots",)


# What scenarios are called


def all_of(base: Scenario) -> list[Scenario]:
    short = base.between("2024-01-01", "2024-02-29")
    without = short.without("bus-closure")
    return [
        short,
        without,
        without.move("more-slots", since="2024-02-01"),
        without.change(PLACES, 3_000, at="north_crossing"),
        short.move("more-slots", since="2024-02-01", until="2024-02-20"),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_scenarios_have_one_title(base: Scenario, language: str) -> None:
    scenarios = all_of(base)
    run = run_of(*scenarios, language=language)
    titles = [scenario_title(one.name, run) for one in scenarios]
    assert len({*titles}) == len(titles)
    names = Names(run.background)
    exported = [names.scenario(one.name)[language == "es"] for one in scenarios]
    assert len({*exported}) == len(exported)
    assert titles[0] == exported[0]
    assert titles[1] == exported[1]


def test_a_title_names_the_deal_and_what_is_changed_besides() -> None:
    base = rumbo.load(EXAMPLES / "two_shores").between("2024-02-01", "2024-02-29")
    one = base.deal("shore-agreement", compliance=0.4).change(PLACES, 3_000, at="capital")
    title = scenario_title(one.name, run_of(base, one))
    assert "40%" in title
    assert "3,000" in title


def calendar_of(run: Any) -> dict[str, str]:
    """Return what the calendar says of each policy: whether, and on which days, it acts."""
    table = calendar_figure(run).table
    name, acts = (table.heads.index(head) for head in run.words.heads("lever", "modelled"))
    return {row[name]: str(row[acts]) for row in table.rows}


def test_the_calendar_says_on_which_days_policies_act_and_which_do_not() -> None:
    """The days reported of one measure are not those of the whole of which it is part."""
    base = rumbo.load("darien-rio-bravo").between("2023-12-01", "2024-01-31")
    acts = calendar_of(run_of(base))
    assert acts["Transfers by bus and plane to the south resume"] == "modelled: since 20 Dec 2023"
    assert acts["More checks on freight trains"] == "modelled: since 20 Dec 2023"
    assert acts["Talks between the two governments; no terms published"] == "context only"


@pytest.mark.parametrize(("language", "said"), [("en", "19 days"), ("es", "19 días")])
def test_months_in_part_are_told_with_their_days(base: Scenario, language: str, said: str) -> None:
    run = run_of(base.between("2024-02-11", "2024-03-31"), language=language)
    curve = Curve("", run.series("encounters").isel(scenario=0))
    cells = [row[1] for row in month_table([curve], run.words).rows]
    assert [said in cell for cell in cells] == [True, False]
    rows = scenario_rows(run, 0, run.series("encounters").isel(scenario=0))
    assert [said in row["when"] for row in rows] == [True, False]


def test_a_moved_lever_has_its_own_days_in_the_calendar(base: Scenario) -> None:
    moved = base.move("more-slots", since="2024-02-01")
    rows = json.loads(background([base, moved]))["levers"]
    days = {(one["since"], *one["in"]) for one in rows if one["lever"] == "more-slots"}
    assert days == {("2024-04-01", "base"), ("2024-02-01", moved.name)}


def test_names_that_were_given_are_kept(base: Scenario) -> None:
    short = base.between("2024-01-01", "2024-01-31")
    names = ("Plan = B", "Beds since 2024-03-01", "without more-slots, vote = x")
    plans = [short.change(PLACES, 7, at="north_crossing").named(name) for name in names]
    run = run_of(short, *plans)
    assert [scenario_title(name, run) for name in names] == [*names]
    assert [Names(run.background).scenario(name).es for name in names] == [*names]


def test_terms_of_each_side_tell_deals_apart() -> None:
    base = rumbo.load(EXAMPLES / "two_shores").between("2024-02-01", "2024-02-29")
    shares = ({"XA": 0.4, "XB": 0.9}, {"XA": 0.9, "XB": 0.4})
    deals = [base.deal("shore-agreement", compliance=share) for share in shares]
    run = run_of(base, *deals)
    titles = {scenario_title(one.name, run) for one in deals}
    assert len(titles) == 2
    exported = {Names(run.background).scenario(one.name).es for one in deals}
    assert len(exported) == 2
    assert not any(";  " in one or "; ," in one or "1.0" in one for one in exported)


def test_branches_are_called_by_their_outcomes(tmp_path: Path) -> None:
    vote = minded(tmp_path / "corridor", belief="0.6")
    runs = rumbo.simulate(vote.branches(), members=2, seed=1)
    rumbo.export(runs, tmp_path / "export")
    rows = pd.read_csv(tmp_path / "export" / "series" / "encounters.csv")
    told = read_run(runs, Words("en"))
    several = rumbo.simulate([vote.branches(), vote.without("more-slots").branches()], members=2)
    names = Names(read_run(several, Words("en")).background)
    titles = {names.scenario(one).en for one in read_run(several, Words("en")).scenarios}
    assert len(titles) == 4
    assert any("Without: " in one for one in titles)
    assert {*rows["scenario_en"]} == {scenario_title(one, told) for one in told.scenarios}
    assert {*rows["scenario_en"]} == {*vote.outcomes["name_en"]}


def test_a_result_of_before_is_refused(base: Scenario) -> None:
    runs = rumbo.simulate(base.between("2024-01-01", "2024-01-31"), members=1, seed=1)
    about = json.loads(runs.attrs["background"])
    for one in about["scenarios"]:
        del one["only_levers"]
    old = runs.assign_attrs(background=json.dumps(about))
    with pytest.raises(rumbo.Faults, match="earlier version"):
        read_run(old, Words("en"))


# Months that a run has in part


@pytest.fixture(scope="module")
def cut(base: Scenario) -> xr.Dataset:
    """A run of twelve days, a month and ten days."""
    return rumbo.simulate(base.between("2024-01-20", "2024-03-10"), members=4, seed=1)


def test_whole_months_need_no_days(base: Scenario) -> None:
    runs = rumbo.simulate(base.between("2024-01-01", "2024-02-29"), members=1, seed=1)
    assert "days" not in runs.coords


def test_months_that_close_one_by_one_are_those_of_the_run(base: Scenario) -> None:
    one = base.between("2024-01-20", "2024-04-10")
    session = Session(one, members=2, seed=1)
    found = [(months.numbers()["days"].values.tolist(), months) for months in session.months()]
    assert [days for days, _ in found] == [[12], [12, 29], [12, 29, 31], [12, 29, 31, 10]]
    first = read_run(found[0][1].result(), Words("en"))
    assert period(first) == "20 January 2024 to 31 January 2024"


def test_exports_say_which_months_are_there_in_part(cut: xr.Dataset, tmp_path: Path) -> None:
    rumbo.export(cut, tmp_path / "export")
    said = json.loads((tmp_path / "export" / "datapackage.json").read_text("utf-8"))["description"]
    days = cut["days"].values.tolist()
    months = [str(month)[:7] for month in cut["month"].values]
    whole = cut["month"].dt.days_in_month.values.tolist()
    for month, has, all_ in zip(months, days, whole, strict=True):
        assert (f"{month} ({has} days)" in said) == (has < all_)
    assert any(has < all_ for has, all_ in zip(days, whole, strict=True))


def test_a_period_that_cuts_months_is_told_by_its_days(cut: xr.Dataset) -> None:
    run = read_run(cut, Words("en"))
    assert period(run) == "20 January 2024 to 10 March 2024"
    assert (f"{run.opening}", f"{run.closing}") == ("2024-01-20", "2024-03-11")


def test_a_mean_over_months_is_one_over_their_days(cut: xr.Dataset) -> None:
    assert cut["days"].values.tolist() == [12, 29, 10]
    waiting = cut["waiting"].sum(["place", "group"]).isel(scenario=0)
    found = overall(waiting, "stock").values
    np.testing.assert_allclose(found, waiting.values @ [12 / 51, 29 / 51, 10 / 51], rtol=1e-5)


def test_people_stay_as_long_in_a_month_that_is_cut(base: Scenario, cut: xr.Dataset) -> None:
    """Ten days of March hold the same stays as all of it, within what ten days can tell."""
    whole = rumbo.simulate(base.between("2024-01-20", "2024-03-31"), members=4, seed=1)
    place = "middle_town"
    short, full = (
        float(days_there(read_run(one, Words("en")), place).isel(month=2).median())
        for one in (cut, whole)
    )
    assert 0.5 < short / full < 2.0


def test_figures_of_months_in_part_are_held_against_nothing(
    cut: xr.Dataset, tmp_path: Path
) -> None:
    assert {*record(cut)["figures"]} == {1}
    rumbo.export(cut, tmp_path / "export")
    paths = (tmp_path / "export" / "series").glob("*.csv")
    table = pd.concat([pd.read_csv(path) for path in paths if path.name != "README.csv"])
    seen = table.loc[table["observed"].notna(), "date"].str[:7]
    assert {*seen} == {"2024-02"}


# Figures beside what they count


def test_recorded_deaths_and_those_who_wait_stand_beside_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "three_places"
    shutil.copytree(helpers.THREE_PLACES, folder)
    about = "persons,2024-06-15,assumed,made up,assumed,assumed"
    with (folder / "figures.csv").open("a", encoding="utf-8") as file:
        file.write(f"deaths,,way,all,2024-02,5,,,{about}\n")
        file.write(f"waiting,,all,all,2024-02,777,,,{about}\n")
    base = rumbo.load(folder)
    runs = rumbo.simulate(base.between("2024-01-01", "2024-03-31"), members=3, seed=1)
    rumbo.export(runs, tmp_path / "export")
    seen = pd.read_csv(tmp_path / "export" / "observed.csv")
    mine = seen[seen["month"].str[:7] == "2024-02"].set_index(["measure", "area"])["target"]
    assert mine["deaths", "way"] == "deaths_recorded_by_region"
    assert mine["waiting", "all"] == "waiting_on_the_way"
    series = pd.read_csv(tmp_path / "export" / "series" / "waiting_on_the_way.csv")
    told = read_run(runs, Words("en")).series("waiting").isel(scenario=0).median("member")
    np.testing.assert_allclose(series["median"], told.values, rtol=0.01)


def test_a_price_that_nobody_has_is_in_no_hub_and_no_share(tmp_path: Path) -> None:
    one = guided(tmp_path / "corridor").between("2024-01-01", "2024-02-29")
    rumbo.export(
        rumbo.simulate([one, one.without("smuggling")], members=3, seed=1), tmp_path / "export"
    )
    (path,) = (tmp_path / "export" / "hub").rglob("*.parquet")
    assert pd.read_parquet(path)["value"].notna().all()
    rows = pd.read_csv(tmp_path / "export" / "differences.csv")
    prices = rows[rows["target"].str.contains("price")]
    assert len(prices)
    assert prices[["median", "share_more", "share_fewer"]].isna().all(axis=None)


def test_what_is_changed_is_called_by_its_meaning_in_both_languages(base: Scenario) -> None:
    plans = [
        base.change(PLACES, 500, at="north_crossing", since="2024-03-01"),
        base.change("patrol.rate", 0.2, group="OTH"),
        base.move("more-slots", since="2024-02-01", only=["appointment.slots"]),
    ]
    for plan in plans:
        names = Names(json.loads(background([plan]))).scenario(plan.name)
        run = run_of(plan)
        for language, title in zip(("en", "es"), names, strict=True):
            meanings = [
                parameter_title(name, run.in_language(language))
                for name in (PLACES, "patrol.rate", "appointment.slots")
            ]
            assert [name for name in meanings if name in title]
            assert not any(f".{part}" in title for part in ("places", "rate", "slots"))
    title = Names(json.loads(background(plans[:1]))).scenario(plans[0].name).es
    assert title.endswith(": 500 (North crossing), desde 2024-03-01")


def test_a_country_stands_by_its_name_in_titles() -> None:
    plan = rumbo.load("darien-rio-bravo").change("leave.home", 0.002, at="country:MX")
    title = Names(json.loads(background([plan]))).scenario(plan.name)
    assert title.en.endswith(": 0.002 (Mexico)")
    assert title.es.endswith(": 0.002 (México)")


def test_scenarios_that_would_be_called_alike_are_told_apart_by_name(
    base: Scenario, tmp_path: Path
) -> None:
    folder = tmp_path / "three_places"
    shutil.copytree(helpers.THREE_PLACES, folder)
    file = folder / "places.csv"
    file.write_text(file.read_text("utf-8").replace("Middle town", "South town"), "utf-8")
    plans = [rumbo.load(folder).change(PLACES, 5, at=at) for at in ("south_town", "middle_town")]
    names = Names(json.loads(background(plans)))
    titles = [names.scenario(plan.name) for plan in plans]
    assert len({title.es for title in titles}) == 2
    assert all(plan.name in title.en for plan, title in zip(plans, titles, strict=True))


# Beds


def test_each_scenario_has_the_beds_it_reckons_with(base: Scenario) -> None:
    short, at = base.between("2024-01-01", "2024-04-30"), "north_crossing"
    plans = [
        short,
        short.change(PLACES, 3_000, at=at),
        short.change(PLACES, 3_000, at="country:MX"),
        short.change(PLACES, 500, at=at, since="2024-03-01"),
    ]
    for first in (plans, plans[::-1]):
        run = run_of(*first)
        told = [beds_at(run, at, n).told(run.words) for n in range(len(first))]
        expected = ["200", "3,000", "3,000", "200 (since 1 Mar 2024: 500)"]
        assert told == (expected if first is plans else expected[::-1])


def test_beds_have_the_source_of_their_own_place(base: Scenario, tmp_path: Path) -> None:
    short = base.between("2024-01-01", "2024-02-29")
    plan = short.change(PLACES, 10, at="north_crossing", source="example").change(
        PLACES, 20, at="south_town"
    )
    run = run_of(plan)
    assert [beds_at(run, at).source for at in ("north_crossing", "south_town")] == [
        "example",
        "assumed",
    ]
    plan.write(tmp_path / "written")
    again = run_of(rumbo.load(tmp_path / "written"))
    assert beds_at(again, "north_crossing").told(again.words) == "10"
    assert not given(again, "north_crossing", 0)


def test_a_value_that_is_only_scaled_has_a_setting(tmp_path: Path) -> None:
    row = {"parameter": "shelter.seek", "operation": "multiply", "value": "0.5", "unit": "factor"}
    scenario = helpers.variant(tmp_path / "corridor", settings=[row])
    at = settings_at(scenario, "shelter.seek", scenario.end)
    assert [one and one.value for one in at] == [0.5] * len(at)


def test_a_scaled_range_stays_within_bounds(tmp_path: Path) -> None:
    set_ = {
        "parameter": "shelter.seek",
        "value": "0.6",
        "low": "0.3",
        "high": "0.9",
        "unit": "share",
    }
    scale = {"parameter": "shelter.seek", "operation": "multiply", "value": "1.5", "unit": "factor"}
    scenario = helpers.variant(tmp_path / "corridor", settings=[set_, scale])
    one = settings_at(scenario, "shelter.seek", scenario.end)[0]
    assert one is not None
    assert (one.value, one.high) == (pytest.approx(0.9), 1.0)


def test_beds_known_on_one_side_alone_are_found_whoever_comes_first(base: Scenario) -> None:
    short = base.between("2024-01-01", "2024-02-29")
    plan = short.change(PLACES, 3_000, at="south_town")
    wide = short.change(PLACES, 3_000)
    assert places_added(run_of(short, plan)) == ["south_town"]
    assert places_added(run_of(plan, short)) == ["south_town"]
    assert "north_crossing" not in places_added(run_of(wide, short))
    assert places_added(run_of(wide, short))
    assert places_added(run_of(plan, plan.without("bus-closure"))) == []


def test_months_without_known_beds_tell_no_beds_short(base: Scenario) -> None:
    at, days = "south_town", base.between("2024-01-01", "2024-04-30")
    plan = days.change(PLACES, 1, at=at, since="2024-02-15")
    run = run_of(plan, plan.without("bus-closure"))
    whole = place(run, at).blocks
    (table,) = (b for b in whole if isinstance(b, Table) and len(b.heads) == 5)
    assert [row[3:] == [DASH, DASH] for row in table.rows] == [True, True, False, False]
    (behind,) = (b.table for b in whole if isinstance(b, Figure))
    told = [row[1] for row in behind.rows if row[0].startswith("Beds short with")]
    assert [str(cell) for cell in told] == [
        str(row[1]) for row in behind.rows if row[0] == run.words("here.coming")
    ][2:]
    late = run_of(days.change(PLACES, 1, at=at, since="2024-04-15"))
    (table,) = (b for b in place(late, at).blocks if isinstance(b, Table) and len(b.heads) == 5)
    assert all(row[3:] == [DASH, DASH] for row in table.rows)
    place_page(late, at)


def test_months_ahead_reckon_with_the_beds_and_seekers_in_force(tmp_path: Path) -> None:
    folder = tmp_path / "three_places"
    shutil.copytree(helpers.THREE_PLACES, folder)
    table = pd.read_csv(folder / "settings.csv", dtype=str)
    about = {"operation": "set", "source": "assumed"}
    rows = [
        {"parameter": PLACES, "at": "north_crossing", "since": "2024-03-01", "value": "600",
         "unit": "places", **about},
        {"parameter": "shelter.seek", "at": "country:MX", "value": "0.3", "unit": "share", **about},
    ]  # fmt: skip
    pd.concat([table, pd.DataFrame(rows)]).to_csv(folder / "settings.csv", index=False)
    scenario = rumbo.load(folder)

    def setting(day: datetime.date, name: str) -> float:
        known = SimpleNamespace(known=SimpleNamespace(as_of=day))
        runs = SimpleNamespace(branches=[SimpleNamespace(scenario=scenario)], problem=known)
        found = shelter_setting(cast(RunsAhead, runs), name, "north_crossing")
        assert found is not None
        return found.value

    assert setting(datetime.date(2024, 2, 29), PLACES) == 200.0
    assert setting(datetime.date(2024, 5, 31), PLACES) == 600.0
    assert setting(datetime.date(2024, 5, 31), "shelter.seek") == 0.3


# Months ahead


def test_each_outcome_has_its_own_chance_and_who_says_so() -> None:
    rows = [branch("close", 0.2), branch("open", 0.3), branch("close", 0.2), branch("open", 0.3)]
    for n, one in enumerate(rows):
        court = branch("open", 0.4 if n < 2 else 0.6)["outcomes"][0]
        says = "yes" if n < 2 else "no"
        court |= {
            "event": "court",
            "outcome": says,
            "en": f"Court: {says}",
            "quality": "reported",
            "source": "gazette",
        }
        one["outcomes"].append(court)
    told = OutlookTable({"branches": rows}, pd.DataFrame(), pd.DataFrame(), Words("en"))
    table = [[str(cell) for cell in row] for row in _outcomes(told).rows]
    assert [(row[0], row[3], row[4]) for row in table] == [
        ("They close", "40%", "assumed"),
        ("They open", "60%", "assumed"),
        ("Court: yes", "50%", "reported"),
        ("Court: no", "50%", "reported"),
    ]


def test_counts_on_the_way_are_called_by_their_names() -> None:
    row = {"family": "transit.post", "month": "2024-05", "model": "persistence", "came": 5.0}
    table = pd.DataFrame([{**row, "low": 1.0, "middle": 3.0, "high": 9.0}])
    page = origin_page(table, "2024-04", "rumbo", counts={"post": "Entries counted at the post"})
    assert "## Entries counted at the post" in page


def test_a_range_may_begin_at_nothing() -> None:
    about = {
        "beds": {"value": 840.0, "low": None, "high": None},
        "seek": {"low": 0.0, "value": 0.3, "high": 0.6},
        "place": "p",
        "place_name": "P",
    }
    told = OutlookTable(about, pd.DataFrame(), pd.DataFrame(), Words("en"))
    assert "30% (0 to 60%)" in beds_text(told).replace("\u202f", " ").replace("\xa0", " ")


def test_a_question_on_an_outcome_begins_with_its_news(tmp_path: Path) -> None:
    folder = Path(minded(tmp_path, belief="0.6").folder)
    table = pd.DataFrame(
        [{"question": "vote", "does": "outcome", "what": "vote=close", "against": "vote=open"}]
    ).assign(**{name: "x" for name in ("title_en", "title_es", "source")})
    table = table.assign(
        with_en="Closed", with_es="Cerrado", without_en="Open", without_es="Abierto"
    )
    table.assign(source="assumed").to_csv(folder / "questions.csv", index=False)
    scenario = rumbo.load(folder)
    sides = scenario.ask("vote")
    news = scenario.outcomes["on"].min()
    told = json.loads(background(sides))["question"]["from"]
    assert told == f"{news:%Y-%m-%d}"
    settings = pd.concat([one.settings for one in sides])
    closing = settings.loc[~settings.astype(str).duplicated(keep=False), "since"].min()
    assert pd.Timestamp(told) < closing


# Words


@pytest.mark.parametrize("folder", ["rumbo", "examples"])
def test_every_row_of_a_table_has_as_many_cells_as_its_head(folder: str) -> None:
    for path in sorted((EXAMPLES.parent / folder).rglob("*.csv")):
        if path.name == "data_layout.csv":  # Flee's own, with a camp and a number more
            continue
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        wrong = [n for n, row in enumerate(rows, start=2) if row and len(row) != len(head)]
        assert wrong == [], path
