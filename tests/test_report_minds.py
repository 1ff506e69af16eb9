"""What the report tells of minds and of branches, on the smallest corridor."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from folders import add, copy, court, swap, with_outcomes
from report_fixture import make_runs
from test_minds import RULES, SHUT, minded, paces

import rumbo
from rumbo.model.minds.telling import MOST_POINTS, Weeks
from rumbo.report import write_reports
from rumbo.report.corridor.branches import branches, mixed
from rumbo.report.corridor.headline import headlines
from rumbo.report.corridor.minds import hearers, minds
from rumbo.report.page.parts import Figure, Section, Table, Text
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.names import scenario_title
from rumbo.report.read.run import read_run
from rumbo.run.program import compile_scenario
from rumbo.scenario.scenario import Scenario
from rumbo.scores.background import BACKGROUND, background_of

UNDECIDED = {
    "en": "The record does not decide between the two rules: people may reckon, or simply hurry",
    "es": "El registro no decide entre las dos reglas: la gente puede hacer sus cálculos, o",
}
PLAIN_STEP = {"en": "By the plain step people simply hurry", "es": "Con el paso simple la gente"}
CLOSES = {"en": "Coaches stop", "es": "Paran los autobuses"}
LARGEST = 200_000
"""Bytes that a result may carry for it."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return minded(tmp_path_factory.mktemp("told"), belief="0.6")


@pytest.fixture(scope="module")
def plain(scenario: Scenario) -> xr.Dataset:
    return rumbo.simulate(scenario, members=3, seed=1, workers=1)


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """A tree of depth two, in which nobody's beliefs are written down."""
    folder = with_outcomes(copy(tmp_path_factory.mktemp("forked")), court("vote=close"))
    swap(folder, "corridor.yaml", RULES, RULES + "  - minds\n")
    add(folder, "settings.csv", SHUT)
    return rumbo.simulate(rumbo.load(folder).branches(), members=4, seed=1, workers=1)


def section(one: Section | None) -> Section:
    assert one is not None
    return one


def tables(one: Section) -> list[Table]:
    return [block for block in one.blocks if isinstance(block, Table)]


def drawn(one: Section, name: str) -> Figure:
    (found,) = [b for b in one.blocks if isinstance(b, Figure) and b.name == name]
    return found


def said(one: Section) -> str:
    return " ".join(block.text for block in one.blocks if isinstance(block, Text))


def test_a_result_carries_weekly_paces(plain: xr.Dataset, scenario: Scenario) -> None:
    told, program = background_of(plain)["minds"], compile_scenario(scenario)
    assert len(json.dumps(told)) < LARGEST
    assert told["from"][0] == "2024-01-01"
    assert told["days"] == 7
    for one in told["paces"]:
        group = program.labels["group"].index(one["group"])
        daily = paces(program, one["decision"], one["place"])[:, group]
        means = [daily[t : t + 7].mean() for t in range(0, len(daily), 7)]
        np.testing.assert_allclose(one["pace"], means[: len(one["pace"])], rtol=0.005)
    places = [one["place"] for one in told["paces"] if one["decision"] == "going"]
    assert places == ["south_town", "middle_town", "north_crossing"]


def test_a_result_carries_beliefs_until_the_eve(plain: xr.Dataset) -> None:
    told = background_of(plain)["minds"]
    one, other = told["beliefs"]
    assert (one["outcome"], other["outcome"]) == ("vote=close", "vote=open")
    assert one["groups"] == ["OTH-adult", "OTH-family"]
    assert one["eve"][0] == "2024-02-09"
    assert 0.5 < one["eve"][1] < 0.6
    assert one["held"][-1] == 1.0


def test_scenarios_without_minds_have_no_pace(scenario: Scenario) -> None:
    runs = rumbo.simulate([scenario.without("minds"), scenario], members=2, workers=1)
    told = background_of(runs)["minds"]
    assert {one["scenario"] for one in told["paces"]} == {"base"}


@pytest.mark.parametrize(("days", "step"), [(30, 7), (840, 7), (841, 14), (4000, 35)])
def test_a_long_run_is_told_in_few_points(days: int, step: int) -> None:
    weeks = Weeks(5, np.arange(days + 5).astype("datetime64[D]"))
    assert weeks.step == step
    means = weeks.means(np.arange(days, dtype=float))
    assert len(means) == len(weeks.dates) <= MOST_POINTS
    assert means[-1] == np.arange(days)[weeks.starts[-1] :].mean()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_says_what_is_assumed(plain: xr.Dataset, language: str) -> None:
    run = read_run(plain, Words(language))
    chapter = section(minds(run))
    assert UNDECIDED[language] in said(chapter)
    assert "docs/minds-record.md" in said(chapter)
    assert CLOSES[language] in said(chapter)
    assert run.words("assumed") in drawn(chapter, "paces-0").text
    assert [chart.title for chart in drawn(chapter, "beliefs").charts] == [CLOSES[language]]
    lines = drawn(chapter, "paces-0").charts[2].data["lines"]
    assert max(row["value"] for row in lines) > 1.0 > min(row["value"] for row in lines)
    assert {row["kind"] for row in drawn(chapter, "beliefs").charts[0].data["marks"]} == {
        "news",
        "effect",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["plain", "forked"])
def test_the_plain_step_stands_beside_the_rush(
    kind: str, language: str, request: pytest.FixtureRequest
) -> None:
    """A page that shows a rush shows what the other rule would make of the same beliefs."""
    run = read_run(request.getfixturevalue(kind), Words(language))
    chapter = section(minds(run))
    assert PLAIN_STEP[language] in said(chapter)
    beliefs, steps = (drawn(chapter, name).charts for name in ("beliefs", "plain"))
    assert [chart.title for chart in steps] == [chart.title for chart in beliefs]
    for belief, step in zip(beliefs, steps, strict=True):
        held = {row["month"]: row["value"] for row in belief.data["lines"]}
        values = {row["month"]: row["value"] for row in step.data["lines"]}
        assert max(values.values()) > 1.0
        for at, value in values.items():
            assert value == pytest.approx(np.exp(1.4 * held[at]))
    assert steps[0].data["lines"][-1]["month"] < "2024-03-01"


def test_the_queue_is_told_around_the_dates(plain: xr.Dataset) -> None:
    words = Words("en")
    (queue,) = tables(section(minds(read_run(plain, words))))
    assert queue.heads == ["Nationality", "Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]
    people = plain["queue"].sum(["place", "group"]).isel(scenario=0, month=3)
    low, high = np.quantile(people, [0.05, 0.95])
    assert queue.rows[0][-1] == words.span(float(low), float(high))


def test_nothing_is_told_where_nobody_awaits_anything(
    plain: xr.Dataset, scenario: Scenario
) -> None:
    about = background_of(plain)
    del about["minds"]
    before = plain.assign_attrs({BACKGROUND: json.dumps(about)})
    calm = rumbo.simulate(scenario.without("minds"), members=2, workers=1)
    for runs in (before, calm, make_runs()):
        run = read_run(runs, Words("en"))
        assert minds(run) is None
        assert branches(run) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_branches_stand_side_by_side(forked: xr.Dataset, language: str) -> None:
    run = read_run(forked, Words(language))
    values, weights = tables(section(branches(run)))
    assert [row[0] for row in values.rows] == [
        *(scenario_title(name, run) for name in run.scenarios),
        run.words("branches.all"),
    ]
    assert [row[1].replace("\u202f", "") for row in values.rows] == ["10%", "30%", "60%", "100%"]
    stops = forked["stops"].sum([d for d in forked["stops"].dims if d not in SAMPLES])
    low, middle, high = (
        float(one) for one in rumbo.mixture(stops.isel(scenario=0)).quantile([0.05, 0.5, 0.95])
    )
    told = f"{run.words.span(low, high)} ({run.words.count(middle)})"
    assert told in values.rows[-1]
    assert weights.rows[0][0] == CLOSES[language]
    assert CLOSES[language] in weights.rows[2][3]
    assert {row[-1] for row in weights.rows} == {run.words("assumed")}


SAMPLES = ("scenario", "branch", "member")


def test_beliefs_of_branches_end_with_the_news(forked: xr.Dataset) -> None:
    chapter = section(minds(read_run(forked, Words("en"))))
    closing, more = drawn(chapter, "beliefs").charts
    assert closing.data["lines"][-1]["month"] == "2024-02-09"
    # Told as where the vote went so that there may be more.
    assert more.data["lines"][-1]["month"] == "2024-03-14"
    assert more.data["lines"][-1]["value"] > 0.1
    assert len([b for b in chapter.blocks if isinstance(b, Figure)]) == 1 + 3 + 1


def test_beliefs_of_scenarios_that_part_end_with_the_news_too(scenario: Scenario) -> None:
    """What one of them believes after it would pass for what all believe."""
    several = [scenario.given(f"vote={one}") for one in ("close", "open")]
    for way, parts in ((several, True), (several[:1], False)):
        runs = rumbo.simulate(way, members=2, workers=1)
        shown = drawn(section(minds(read_run(runs, Words("en")))), "beliefs")
        last = shown.charts[0].data["lines"][-1]["month"]
        assert (last == "2024-02-09") == parts
        assert ("Shown until the news" in shown.text) == parts


def test_what_people_hold_possible_of_one_event_sums_to_one(scenario: Scenario) -> None:
    """People who give a closing 0.6 do not give the tree's chance to all that is left."""
    run = read_run(rumbo.simulate(scenario.branches("vote"), members=2, workers=1), Words("en"))
    weights = tables(section(branches(run)))[-1]
    (column,) = (n for n, head in enumerate(weights.heads) if head.startswith("Believed"))
    held = [int(row[column].rstrip("\u202f%")) for row in weights.rows[:2]]
    assert 50 < held[0] < 60
    assert sum(held) == 100


def test_branches_of_several_scenarios_are_named_after_them(scenario: Scenario) -> None:
    several = [scenario.branches(), scenario.without("more-slots").branches()]
    run = read_run(rumbo.simulate(several, members=2, workers=1), Words("en"))
    assert len(tables(section(branches(run)))) == 2 + 1
    titles = [scenario_title(name, run) for name in run.scenarios]
    assert all(("Without: " in one) == (n >= 2) for n, one in enumerate(titles))
    assert [one.rpartition(": ")[2] for one in titles] == [
        "Coaches stop",
        "Coaches go on",
    ] * 2


@pytest.mark.parametrize("kind", ["plain", "forked"])
def test_pages_name_outcomes_not_ids(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    runs = request.getfixturevalue(kind)
    pages = write_reports(runs, {each: tmp_path / f"{each}.html" for each in LANGUAGES})
    for path, language in zip(pages, LANGUAGES, strict=True):
        page = path.read_text("utf-8")
        assert f"<h2>{Words(language)('minds.part')}</h2>" in page
        assert (f"<h2>{Words(language)('branches.part')}</h2>" in page) == (kind == "forked")
        assert page.count("vote=") == page.count("<code>vote=")


def test_who_believes_the_same_is_named_together(plain: xr.Dataset) -> None:
    run = read_run(plain, Words("en"))
    assert hearers(run, ["OTH-adult"]) == "Other nationalities"
    assert hearers(run, ["OTH-adult", "OTH-family"]) == "Everyone"


def test_levels_of_a_branched_run_are_of_all_branches(forked: xr.Dataset) -> None:
    run = read_run(forked, Words("en"))
    ends, (first, *_) = mixed(run, "zones", 0), headlines(run)
    assert first.short == run.words.span(ends.low, ends.high)
    assert "figures of this series" not in first.sentence


def test_one_simulation_has_no_range_and_is_outside_of_none() -> None:
    run = read_run(make_runs(scenarios=["base"], members=1), Words("en"))
    for one in headlines(run)[:2]:
        assert "9 of 10" not in one.sentence
        assert "outside the range" not in one.sentence
        assert "it has no range" in one.sentence
