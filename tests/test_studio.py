"""The studio's desk: what may be asked, what it means, the numbers told, the files saved."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import questions_asked
from helpers import three_places
from months_made import months_kept

import rumbo
from rumbo.files.faults import Faults
from rumbo.report.page.words import Words, catalogue
from rumbo.run.folder import open_run
from rumbo.run.session import Session
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.studio import saved
from rumbo.studio.ahead.asked import AheadAsked
from rumbo.studio.ahead.told import told_ahead
from rumbo.studio.desk import Desk
from rumbo.studio.draws import central_draw, only, spread_draws
from rumbo.studio.pair import pair_asked
from rumbo.studio.question import read_asked
from rumbo.studio.runs import written_report, written_tables
from rumbo.studio.service import Service
from rumbo.studio.telling.shown import SHARED
from rumbo.studio.told import printed
from rumbo.studio.wording import LANGUAGES, OWN, PAGE, Refused, said, texts_in

CLOSED = {"levers": [{"id": "bus-closure", "on": False}], "place": "north_port"}


@pytest.fixture(scope="module")
def base() -> Scenario:
    return three_places()


@pytest.fixture(scope="module")
def corridor() -> Scenario:
    return rumbo.load("darien-rio-bravo")


@pytest.fixture
def service(base: Scenario, tmp_path: Path) -> Iterator[Service]:
    one = Service(base, tmp_path / "runs")
    yield one
    one.cancel()


def why(content: object, base: Scenario) -> list[str]:
    """Return why something is refused, in English."""
    with pytest.raises(Refused) as refusal:
        read_asked(content, base)
    assert all(set(text) == set(LANGUAGES) for text in refusal.value.texts)
    return [text["en"] for text in refusal.value.texts]


def test_what_is_asked_is_read_and_written_alike(base: Scenario) -> None:
    asked = read_asked(
        {
            "name": "plan",
            "language": "es",
            "levers": [{"id": "bus-closure", "since": "2024-02-01", "until": "2024-03-01"}],
            "beds": [{"place": "north_port", "beds": 30, "since": "2024-02-01"}],
            "place": "north_port",
        },
        base,
    )
    assert asked.levers[0].since == "2024-02-01"
    assert asked.beds[0].beds == 30
    assert read_asked(asked.as_json(), base) == asked
    assert read_asked({}, base).as_json()["levers"] == []


def test_weights_are_kept_with_a_scenario_and_older_files_open_without_them(
    corridor: Scenario,
) -> None:
    base = corridor
    weights = {"us-election-2024": {"closing": 0.3, "as-is": 0.7}}
    asked = read_asked({"weights": weights}, base)
    kept = json.loads(saved.written(asked, base))
    assert kept["weights"] == weights
    assert saved.read(json.dumps(kept), base) == (asked, [])
    del kept["weights"]
    assert saved.read(json.dumps(kept), base)[0] == asked._replace(weights=())
    # They bear on months ahead alone: what is run and compared is the same.
    assert pair_asked(asked, base).scenarios == (base,)


@pytest.mark.parametrize(
    ("content", "said_of"),
    [
        ([], "no scenario"),
        ({"nonsense": 1}, "no field"),
        ({"language": "fr"}, "language"),
        ({"name": "x" * 201}, "200 letters"),
        ({"levers": "bus-closure"}, "list"),
        ({"levers": [{"id": "buses", "on": False}]}, "no policy"),
        ({"levers": [{"id": "bus-closure"}]}, "needs the day"),
        ({"levers": [{"id": "bus-closure", "since": "2031-01-01"}]}, "outside the simulation"),
        ({"levers": [{"id": "bus-closure", "since": "01/02/2024"}]}, "is no day"),
        ({"levers": [{"id": "bus-closure", "since": "2024-02-30"}]}, "is no day"),
        (
            {"levers": [{"id": "bus-closure", "since": "2024-02-20", "until": "2024-02-10"}]},
            "not after",
        ),
        ({"levers": [{"id": "bus-closure", "on": False}] * 2}, "twice"),
        ({"beds": [{"place": "north_port", "beds": -1}]}, "from 0"),
        ({"beds": [{"place": "north_port", "beds": float("nan")}]}, "from 0"),
        ({"beds": [{"place": "north_port", "beds": True}]}, "from 0"),
        ({"beds": [{"place": "north_port", "beds": 10**400}]}, "from 0"),
        ({"beds": [{"place": "nowhere", "beds": 5}]}, "no place"),
        ({"place": "nowhere"}, "no place"),
        ({"place": ["north_port"]}, "no place"),
        ({"question": {"id": "why"}}, "no question"),
        ({"question": "deal"}, "no question"),
        ({"weights": {"vote": {"yes": 1}}}, "no event “vote”"),
        ({"weights": [1]}, "by event and outcome"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_cure(
    content: object, said_of: str, base: Scenario
) -> None:
    (sentence,) = why(content, base)
    assert said_of in sentence


def test_all_that_is_wrong_is_told_together(base: Scenario) -> None:
    content = {"place": "nowhere", "beds": [{"place": "north_port", "beds": -1}], "x": 0}
    assert len(why(content, base)) == 3


def test_a_question_is_asked_of_the_corridor_with_all_that_differs(
    corridor: Scenario,
) -> None:
    base = corridor
    beds = [{"place": "tapachula", "beds": 2000}]
    deal = pair_asked(read_asked({"question": {"id": "deal"}}, base), base)
    assert deal.stands(base)
    other = pair_asked(read_asked({"question": {"id": "deal"}, "beds": beds}, base), base)
    assert not other.stands(base)
    assert all(one.changes[-1]["value"] == 2000 for one in other.scenarios)
    asked = pair_asked(read_asked({"question": {"id": "beds"}, "beds": beds}, base), base)
    assert asked.stands(base)
    assert asked.second is not None
    assert asked.second.changes[-1]["value"] == 2000
    nothing = pair_asked(read_asked({}, base), base)
    assert nothing.scenarios == (base,)


def answers(service: Service, content: object, members: int = 0) -> dict[str, dict]:
    """Return the last of each step of an answer."""
    return {one["step"]: one for one in service.answer(service.asked(content), members)}


def test_an_answer_comes_in_steps_and_says_what_differs(service: Service) -> None:
    steps = [*service.answer(service.asked(CLOSED), 0)]
    assert steps[0]["step"] == "draw"
    assert steps[-1] == {"step": "done"}
    json.dumps(steps, allow_nan=False)
    draw = next(one["answer"] for one in reversed(steps) if one["step"] == "draw")
    told = next(one["answer"] for one in steps if one["step"] == "draws")
    assert draw["sentence"] == said("sentence.one_run")
    assert draw["series"][0]["base"]["low_90"] is None
    assert draw["series"][0]["sum"]["base"]["high_90"] is None
    assert draw["months"] == told["months"]
    assert told["members"] == 8
    assert len(told["differs"]) == 1
    assert told["speaks"]["en"]
    # What is told of is the lever that the other side lacks.
    assert told["names"]["difference"]["en"].startswith(
        f"Difference: “{told['names']['base']['en']}”"
    )
    assert told["summed"]["en"] == "January 2024 – June 2024"
    assert told["place"]["id"] == "north_port"
    low, middle, high = (
        np.array(told["series"][0]["changed"][end]) for end in ("low_90", "middle", "high_90")
    )
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_beds_that_differ_alone_are_told_first_as_those_who_lack_them(service: Service) -> None:
    beds = [{"place": "middle_town", "beds": 30, "since": "2024-02-01"}]
    told = answers(service, {"beds": beds})["draws"]["answer"]
    assert told["series"][0]["id"] == "shelter_shortfall"
    assert "given by whoever asks" in told["who"]["en"]
    assert "given by whoever asks" in told["speaks"]["en"]
    at_place = answers(service, {"beds": beds, "place": "middle_town"})["draws"]["answer"]
    assert at_place["sentence"]["en"].startswith(at_place["place"]["short"]["name"]["en"])


def test_beds_given_where_none_are_known_are_told_of_that_side_alone(service: Service) -> None:
    """Nobody is counted as short of beds there without them: that is no effect of the beds."""
    beds = [{"place": "south_town", "beds": 30}]
    told = answers(service, {"beds": beds, "place": "south_town"}, members=6)["members"]["answer"]
    runs = open_run(told["folder"])["shelter_shortfall"].sel(place="south_town")
    over = runs.isel(scenario=1)
    days = over["month"].dt.days_in_month
    ends = np.quantile(over.weighted(days).mean("month").values, [0.05, 0.95])
    short = told["place"]["short"]
    assert short["sum"]["changed"]["high_90"] == pytest.approx(ends[1], rel=0.01, abs=1)
    assert short["base"] is None
    assert short["sum"]["base"]["middle"] is None
    span = Words("en").span(*ends)
    assert told["sentence"]["en"].startswith("South town: Beds short with 30 places, on an average")
    assert told["sentence"]["en"].endswith(f": {span}")
    series = {one["id"]: one for one in (*told["series"], *told["costs"])}
    for one in (short, series["shelter_shortfall"], series["visible_crowd"]):
        assert one["difference"] is None
        assert one["sum"]["difference"]["middle"] is None
        assert one["change"] == said("uncompared")
    assert series["zones"]["difference"] is not None
    assert "beyond the places" not in told["rest"]["en"]
    anywhere = answers(service, {"beds": beds})["draws"]["answer"]
    assert anywhere["sentence"]["en"].startswith("South town: Beds short with 30 places")


def test_beds_of_some_months_alone_have_no_mean_where_none_are_known(service: Service) -> None:
    beds = [{"place": "south_town", "beds": 30, "since": "2024-02-01"}]
    told = answers(service, {"beds": beds, "place": "south_town"})["draws"]["answer"]
    assert told["place"]["short"] is None
    assert "People present" in told["sentence"]["en"]


def test_a_question_is_answered_first_unless_beds_are_given_where_one_plans(
    tmp_path: Path,
) -> None:
    asking = Service(load(questions_asked.folder(tmp_path)), tmp_path / "runs")
    beds = [{"place": "middle_town", "beds": 30, "since": "2024-02-01"}]
    content = {"question": {"id": "closed"}, "beds": beds}
    told = answers(asking, content)["draws"]["answer"]
    assert told["series"][0]["id"] == "zones"
    told = answers(asking, {**content, "place": "middle_town"})["draws"]["answer"]
    assert told["sentence"]["en"].startswith(told["place"]["short"]["name"]["en"])


def test_the_record_has_no_other_side(service: Service) -> None:
    told = answers(service, {})["draws"]["answer"]
    assert told["differs"] == [said("looking.record")]
    assert told["record"]
    assert told["waiting"]["changed"] is None
    assert all(one["difference"] is None for one in (*told["series"], *told["costs"]))


def test_quantiles_are_of_sums_and_stocks_are_averaged(service: Service) -> None:
    told = answers(service, CLOSED, members=6)["members"]["answer"]
    runs = open_run(told["folder"])
    closed = runs["encounters"].isel(scenario=0) - runs["encounters"].isel(scenario=1)
    over = closed.sum([dim for dim in closed.dims if dim != "member"]).values
    series = {one["id"]: one for one in (*told["series"], *told["costs"])}
    found = series["encounters"]["sum"]["difference"]
    assert found["high_90"] == pytest.approx(np.quantile(over, 0.95), rel=0.01, abs=10)
    stay = series["waiting"]
    assert stay["stock"]
    assert stay["sum"]["base"]["middle"] <= max(stay["base"]["high_90"])


def test_a_run_is_kept_told_and_exported(service: Service) -> None:
    asked = service.asked(CLOSED)
    with pytest.raises(Refused, match="no run of this scenario"):
        service.written(written_report, asked, "es")
    first = answers(service, CLOSED, members=2)["members"]["answer"]
    again = answers(service, {**CLOSED, "name": "other", "place": None}, members=2)
    assert open_run(first["folder"]).sizes["member"] == 2
    assert again["members"]["answer"]["series"] == first["series"]
    path = Path(service.written(written_report, asked, "es"))
    assert path.name == "report-es.html"
    assert path.with_name("report-en.html").is_file()
    assert [*Path(service.written(written_tables, asked, "en")).glob("*.xlsx")]


def test_the_newest_question_cancels_the_older(service: Service) -> None:
    older = service.answer(service.asked(CLOSED), 50)
    for step in older:
        if step["step"] == "progress" and step["part"] == "members":
            break
    assert answers(service, {})["done"]
    assert [one["step"] for one in older] == ["cancelled"]


def test_a_stream_that_is_dropped_lets_the_next_one_through(service: Service) -> None:
    dropped = service.answer(service.asked(CLOSED), 0)
    next(dropped)
    closing = threading.Thread(target=dropped.close)
    closing.start()
    closing.join()
    assert answers(service, {})["done"]


def test_a_saved_scenario_opens_again(service: Service, base: Scenario, tmp_path: Path) -> None:
    content = {**CLOSED, "name": "Sin cierre, año 2"}
    kept = service.saved(service.asked(content))
    assert kept["name"] == "sin-cierre-ao-2.rumbo.json"
    opened = service.opened(kept["text"])
    assert opened == {"scenario": service.asked(content).as_json(), "notes": []}
    older = {**json.loads(kept["text"]), "digest": "x", "version": "0.0.1"}
    assert "0.0.1" in service.opened(json.dumps(older))["notes"][0]["en"]


@pytest.mark.parametrize(
    ("change", "said_of"),
    [
        ({"corridor": "elsewhere"}, "of the corridor “elsewhere”"),
        ({"rumbo_scenario": 2}, "form 2"),
        ({"place": "nowhere"}, "no place"),
        ({"rumbo_scenario": None}, "form None"),
    ],
)
def test_a_file_that_does_not_fit_says_why(
    change: dict[str, object], said_of: str, service: Service
) -> None:
    text = service.saved(service.asked(CLOSED))["text"]
    with pytest.raises(Refused) as refusal:
        service.opened(json.dumps({**json.loads(text), **change}))
    assert said_of in refusal.value.texts[0]["en"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": NaN}', "[" * 100_000, None, 7])
def test_what_is_no_saved_scenario_is_refused(text: object, service: Service) -> None:
    with pytest.raises(Refused, match="no scenario that the studio saved"):
        service.opened(text)


def test_python_opens_what_was_saved(corridor: Scenario, tmp_path: Path) -> None:
    base = corridor
    weights = {"us-election-2024": {"closing": 1, "as-is": 0}}
    question = {"id": "trains-stop", "since": "2024-09-01"}
    asked = read_asked({"question": question, "weights": weights}, base)
    path = tmp_path / "trains.rumbo.json"
    path.write_text(saved.written(asked, base), "utf-8")
    pair = saved.open_scenario(path)
    assert [one.name for one in pair.scenarios] == ["base", "trains-stop since 2024-09-01"]
    assert pair.first.posterior is not None
    assert pair.weights == weights
    assert pair.note == said("file.weights")
    path.write_text("{}", "utf-8")
    with pytest.raises(Faults, match=r"trains\.rumbo\.json: This file holds no scenario"):
        saved.open_scenario(path)


def posterior(draws: int) -> Posterior:
    rng = np.random.default_rng(1)
    wide = rng.normal(size=draws)
    values = {("stop.count", ""): 3 * wide, ("shelter.seek", ""): wide + rng.normal(size=draws)}
    return Posterior("made-up", date(2024, 1, 1), ("2024-01",), ("VEN",), values, {})


def test_the_central_draw_lies_near_the_middle_and_eight_reach_across() -> None:
    fit = posterior(200)
    middle, own = central_draw(fit), fit.values["stop.count", ""]
    assert abs(own[middle] - np.median(own)) < 0.4 * own.std()
    eight = spread_draws(fit)
    assert len({*eight}) == 8
    inside = own[eight]
    assert inside.min() < np.quantile(own, 0.15)
    assert inside.max() > np.quantile(own, 0.85)
    assert spread_draws(fit).tolist() == eight.tolist()
    assert only(fit, eight).values["stop.count", ""].tolist() == inside.tolist()
    assert spread_draws(posterior(5)).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "said_of"),
    [
        ({"months": 7}, "from 1 to 6"),
        ({"months": True}, "from 1 to 6"),
        ({"bed": 10}, "no field"),
        ({"beds": -1}, "from 0"),
        ({"weights": {"us-election-2024": {"closing": 0.4, "as-is": 0.5}}}, "add up to 0.9"),
        ({"weights": {"us-election-2024": {"closing": 2, "as-is": -1}}}, "from 0 to 1"),
        ({"weights": {"us-election-2024": {"other": 1}}}, "no outcome “other”"),
        ({"weights": {"us-election-2024": {"": 1}}}, "no outcome “”"),
        ({"place": "nowhere"}, "no place"),
        ({"as_of": "yesterday"}, "is no day"),
        ({"as_of": "2019-01-01"}, "too little was known"),
        ({"as_of": "2019-02-30"}, "2019-02-30"),
    ],
)
def test_months_ahead_that_cannot_be_told_are_refused(
    content: dict[str, object], said_of: str, corridor: Scenario, tmp_path: Path
) -> None:
    service = Service(corridor, tmp_path)
    with pytest.raises(Refused) as refusal:
        service.ahead(content)
    assert said_of in refusal.value.texts[0]["en"]


AHEAD = AheadAsked("2024-04-30", 3, "north_port", "en")


def test_outcomes_are_weighed_once_months_ahead_were_run(service: Service, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Look ahead"):
        service.weighed(AHEAD)
    service._ahead[AHEAD] = months_kept(tmp_path, "north_port")
    plain = service.weighed(AHEAD._replace(language="es"))
    json.dumps(plain, allow_nan=False)
    (event,) = plain["tree"]
    assert [one["weight"] for one in event["outcomes"]] == [0.25, 0.75]
    assert event["who"] == "assumed"
    assert plain["names"]["base"]["en"] == catalogue()["outlook.mixed"]["en"]
    given = (("vote", (("close", 0.0), ("open", 1.0))), ("court", (("yes", 1.0),)))
    told = service.weighed(AHEAD._replace(weights=given))
    assert told["tree"][0]["who"] == "you"
    ends = [one["series"][0]["base"]["high_90"][-1] for one in (plain, told)]
    assert ends[1] < 2_000 < 10_000 < ends[0]
    moved, idle = told["rest"][-2:]
    assert "They open 100%; the corridor's own: They close 25%; They open 75%" in moved["en"]
    assert "“court” change nothing" in idle["en"]
    assert told["differs"][-2:] == [moved, idle]
    assert "by hand" in told["names"]["base"]["en"]
    with pytest.raises(Refused, match="no member stands behind"):
        service.weighed(AHEAD._replace(weights=(("vote", (("later", 1.0),)),)))


def test_beds_ahead_are_told_first(tmp_path: Path) -> None:
    path = Path(months_kept(tmp_path, "north_port"))
    about = json.loads(path.read_text("utf-8"))
    about["beds"] = {"value": 7, "low": None, "high": None, "given": True}
    path.write_text(json.dumps(about), "utf-8")
    told = told_ahead(str(path), AHEAD._replace(beds=7.0))
    assert told["sentence"]["en"].startswith("In July 2024, with 7 places, between ")
    assert told["sentence"]["en"].endswith("in north_port will find none")
    assert "people will be present in north_port" in told["rest"][0]["en"]


def test_small_counts_are_told_as_small() -> None:
    assert printed(np.array([0.2, 4.0, -7.0, 12.4, -12_345.0])) == [0, 1, -1, 12, -12_300]


def test_the_page_is_told_of_levers_with_settings_places_and_words(service: Service) -> None:
    shown = service.desk.shown
    json.dumps(shown, allow_nan=False)
    assert {one["id"] for one in shown["levers"]} == {"bus-closure", "more-slots"}
    assert all(one["settings"] for one in shown["levers"])
    assert {one["id"] for one in shown["places"]} >= {"north_port", "middle_town"}
    ids = {one["id"] for one in shown["ways"]}
    assert len(ids) == len(shown["ways"])
    assert shown["words"].keys() >= {*SHARED, *texts_in(PAGE)}


def test_places_are_called_what_each_language_calls_them() -> None:
    shown = Desk(rumbo.load("darien-rio-bravo")).shown
    places = {one["id"]: one["name"] for one in shown["places"]}
    assert places["mexico_city"] == {"en": "Mexico City", "es": "Ciudad de México"}
    ways = [one["name"] for one in shown["ways"] if one["from"] == "mexico_city"]
    assert ways
    assert all(name["es"].startswith("Ciudad de México \u2192 ") for name in ways)


def test_texts_of_the_server_are_whole_and_used() -> None:
    assert {*SHARED} <= catalogue().keys()
    room = Path(saved.__file__).parent
    code = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    kinds = ("days.since", "days.until")
    for key, text in texts_in(OWN).items():
        assert f'"{key}"' in code or key in kinds, key
        assert all(text[language] for language in LANGUAGES), key


@pytest.mark.slow
def test_the_central_draw_is_that_draw_of_the_fit() -> None:
    base = rumbo.load("darien-rio-bravo").fitted()
    asked = read_asked({"levers": [{"id": "cbp-one-south-2024-08", "on": False}]}, base)
    *_, last = Desk(base)._one.months(asked)
    mine = last.result()
    assert base.posterior is not None
    draw = only(base.posterior, np.array([central_draw(base.posterior)]))
    alone = base.fitted(draw)
    theirs = Session(alone).run(alone.without("cbp-one-south-2024-08"))
    for name in ("encounters", "waiting", "deaths"):
        assert mine[name].to_numpy().tobytes() == theirs[name].to_numpy().tobytes(), name
