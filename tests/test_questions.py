"""Named questions: pairs of scenarios, levers moved in time, people held for nothing."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from questions_asked import HEAD, ROWS, folder, row

from rumbo import Faults, load, simulate
from rumbo.run.check import check, with_words_checked
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.edit.new import make
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.questions.frozen import frozen
from rumbo.scenario.questions.question import questions_of
from rumbo.scenario.scenario import Scenario

BUNDLED = "darien-rio-bravo"
BEDS = {"middle_town": 400.0}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("questions"))


@pytest.fixture(scope="module")
def base(there: Path) -> Scenario:
    return load(there)


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load(BUNDLED)


def value(scenario: Scenario, parameter: str, day: str) -> np.ndarray:
    """Return a parameter's values on a day."""
    calendar = Calendar(scenario)
    number = int(np.searchsorted(calendar.dates, np.datetime64(day)))
    return calendar.values(int(calendar.segment_of[number]))[parameter]


def sides(pair: tuple[Scenario, Scenario]) -> tuple[Scenario, Scenario]:
    """Return the sides of a question: without, and with what is asked."""
    by = {one.asking.side: one for one in pair if one.asking}
    return by["without"], by["with"]


def slots(scenario: Scenario, day: str) -> float:
    return float(value(scenario, "appointment.slots", day).max())


@pytest.mark.parametrize("question", ["closed", "slots-early", "no-buses", "vote", "beds"])
def test_sides_differ_from_the_first_day_asked_and_not_before(
    base: Scenario, question: str
) -> None:
    without, asked = sides(base.ask(question, beds=BEDS if question == "beds" else None))
    runs = simulate([without, asked], members=2, seed=3, workers=1)
    unlike = [
        bool((runs[name].diff("scenario") != 0).isel(month=month).any())
        for name in ("waiting", "encounters", "shelter_shortfall", "passages")
        for month in range(6)
    ]
    months = np.array(unlike).reshape(4, 6).any(axis=0)
    first = {"slots-early": 1, "no-buses": 1, "beds": 0}.get(question, 2)
    assert not months[:first].any()
    assert months[first]


def test_the_side_that_stands_as_it_is_comes_first(base: Scenario, bundled: Scenario) -> None:
    first = {"closed": "with", "slots-early": "without", "no-buses": "without", "vote": "with"}
    for question, side in first.items():
        told = base.ask(question)[0].asking
        assert told is not None
        assert told.side == side, question
    assert bundled.ask("deal")[0].settings.equals(bundled.settings)


def test_a_question_may_be_asked_of_other_days(base: Scenario) -> None:
    _, asked = sides(base.ask("no-buses", since="2024-05-02", until="2024-05-20"))
    open_on = [float(value(asked, "mode.open", day).min()) for day in ("2024-05-01", "2024-05-02")]
    assert open_on == [1.0, 0.0]
    assert float(value(asked, "mode.open", "2024-05-20").min()) == 1.0
    assert asked.name == "no-buses since 2024-05-02 until 2024-05-20"


def test_a_lever_is_brought_forward(base: Scenario) -> None:
    moved = base.move("more-slots", since="2024-02-10")
    days = ("2024-02-09", "2024-02-10", "2024-05-01")
    assert [slots(moved, day) for day in days] == [10.0, 15.0, 15.0]


def test_a_lever_that_is_moved_for_a_while_begins_again_as_it_did(base: Scenario) -> None:
    moved = base.move("more-slots", since="2024-02-10", until="2024-02-20")
    days = ("2024-02-19", "2024-02-20", "2024-03-31", "2024-04-01")
    assert [slots(moved, day) for day in days] == [15.0, 10.0, 10.0, 15.0]


def test_a_lever_is_put_off(base: Scenario) -> None:
    moved = base.move("more-slots", since="2024-05-10")
    assert [slots(moved, day) for day in ("2024-04-01", "2024-05-09", "2024-05-10")] == [10, 10, 15]
    assert slots(moved.without("more-slots"), "2024-06-01") == 10.0


def test_a_factor_that_is_brought_forward_does_not_count_twice(tmp_path: Path) -> None:
    rows = "appointment.slots,,,2024-05-01,,multiply,3,,,factor,more-slots,assumed,assumed,\n"
    where = folder(tmp_path)
    with (where / "settings.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    moved = load(where).move("more-slots", since="2024-02-01")
    # The lever's own rows are a month apart, and so are the moved ones.
    days = ("2024-02-01", "2024-03-02", "2024-04-15", "2024-05-01")
    assert [slots(moved, day) for day in days] == [15.0, 45.0, 45.0, 45.0]


def test_what_people_await_of_an_event_stays(tmp_path: Path) -> None:
    where = folder(tmp_path)
    with (where / "settings.csv").open("a", encoding="utf-8") as file:
        file.write("appointment.slots,,,2024-03-01,,set,2,,,persons/day,bus-closure,assumed,,\n")
    base = load(where)
    moved = base.move("bus-closure", since="2024-02-15", only=["appointment.slots"])
    assert moved.realised == base.realised
    assert {*moved.moved_settings()["lever"]} == {""}
    assert [one.name for one in moved.branches("vote").branches] == ["vote=close", "vote=open"]
    assert slots(moved.given("vote=open"), "2024-02-15") == 2.0
    with pytest.raises(Faults, match="comes with an event and cannot move whole"):
        base.move("bus-closure", since="2024-02-15")


def test_a_value_changed_by_hand_replaces_what_is_moved(base: Scenario) -> None:
    one = base.change("appointment.slots", 7, since="2024-02-20").move(
        "more-slots", since="2024-02-10"
    )
    assert [slots(one, day) for day in ("2024-02-10", "2024-02-20")] == [15.0, 7.0]


def test_a_moved_lever_is_written_and_read(base: Scenario, tmp_path: Path) -> None:
    moved = base.move("more-slots", since="2024-02-10", until="2024-02-20")
    again = load(moved.write(tmp_path / "moved"))
    for day in ("2024-02-09", "2024-02-10", "2024-02-20", "2024-04-01"):
        assert slots(again, day) == slots(moved, day)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"question": "closd"}, "ask: the corridor has no question 'closd'. Write 'closed'."),
        (
            {"question": "vote", "since": "2024-03-01"},
            "ask: the question 'vote' has days of its own",
        ),
        ({"question": "beds"}, "ask: the question 'beds' asks of beds, and none are given."),
        ({"question": "no-buses", "since": "2024-13-01"}, "since is '2024-13-01', expected a date"),
        (
            {"question": "no-buses", "since": "2024-03-01", "until": "2024-02-01"},
            "until 2024-02-01 is not after since 2024-03-01. Swap the two dates",
        ),
        ({"question": "slots-early", "since": "2030-01-01"}, "expected a day from 2024-01-01 to"),
        (
            {"question": "slots-early", "since": "2024-04-01"},
            "'more-slots' begins on 2024-04-01 anyway, so that nothing is moved. Choose another",
        ),
        ({"question": "beds", "beds": {"midle_town": 3}}, "midle_town"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(
    base: Scenario, asked: dict[str, object], told: str
) -> None:
    with pytest.raises(Faults, match=r"^.+\. .+\.$") as raised:
        base.ask(**asked)  # type: ignore[arg-type]
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (
            {"lever": "more-slot", "since": "2024-02-01"},
            "there is no lever 'more-slot' with settings",
        ),
        ({"lever": "more-slots", "since": ""}, "since is 'never', expected a date"),
        (
            {"lever": "more-slots", "since": "2024-02-01", "until": "2024-05-01"},
            "until 2024-05-01 is after 2024-04-01, from which on 'more-slots' holds anyway: it "
            "would end then. Leave out until, or choose a day up to 2024-04-01.",
        ),
        (
            {"lever": "more-slots", "since": "2024-02-01", "only": ["stay.days"]},
            "'more-slots' has no settings of 'stay.days'. Write one of: appointment.slots.",
        ),
    ],
)
def test_what_cannot_be_moved_is_told(base: Scenario, moved: dict[str, object], told: str) -> None:
    with pytest.raises(Faults) as raised:
        base.move(**moved)  # type: ignore[arg-type]
    assert told in str(raised.value)


def test_a_lever_that_is_left_out_is_not_moved(base: Scenario) -> None:
    with pytest.raises(Faults, match="the lever 'more-slots' is left out here"):
        base.without("more-slots").move("more-slots", since="2024-02-01")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (row("x", "lever", "bus-closur"), "what is 'bus-closur', no lever with settings"),
        (
            row("x", "set", "mode.opn", "", "", "", "", "0"),
            "what is 'mode.opn', an unknown parameter",
        ),
        (row("x", "set", "mode.open", "", "", "mode:bus"), "value is nan, not one that mode.open"),
        (row("x", "set", "mode.open", "", "", "mode:buss", "", "0"), "mode:buss"),
        (row("x", "move", "more-slots"), "since is empty, but a lever is moved"),
        (row("x", "deal", "more-slots"), "what is 'more-slots', no deal"),
        (row("x", "outcome", "vote=clos", "", "vote=open"), "what is 'vote=clos', no outcome"),
        (
            row("x", "outcome", "vote=open", "", "vote=open"),
            "not another outcome of the same event",
        ),
        (row("x", "wish", "more-slots"), "does is 'wish'"),
        (
            row("x", "lever", "bus-closure").replace("With x", ""),
            "with_en is empty in the first row",
        ),
        (row("x", "beds", "shelter.places").replace("assumed", "nobody"), "source is 'nobody'"),
    ],
)
def test_check_tells_of_questions_that_cannot_be_asked(
    tmp_path: Path, wrong: str, told: str
) -> None:
    where = folder(tmp_path, (*ROWS, wrong))
    faults = [fault for fault in check(where) if fault.file == "questions.csv"]
    assert told in " ".join(map(str, faults))
    assert {fault.row for fault in faults} == {len(ROWS) + 2}


def test_ids_in_questions_are_renamed_with_the_rest(tmp_path: Path) -> None:
    where = folder(tmp_path)
    assert "questions.csv" in rename(where, "bus-closure", "no-coaches")
    assert questions_of(load(where).questions)["closed"].parts[0].what == "no-coaches"
    assert HEAD in (where / "questions.csv").read_text("utf-8")


def test_a_queue_that_goes_on_filling_is_warned_of(base: Scenario) -> None:
    shut = base.change("appointment.slots", 0, since="2024-03-05")
    (told,) = (one for one in shut.warnings if one.file == "appointment.slots")
    assert "from 2024-03-05 on appointment.slots is 0, yet people go on coming" in str(told)
    assert "appointment.leave" in told.cure
    with pytest.warns(UserWarning, match="held for nothing"):
        simulate(shut, members=1, workers=1)
    assert [*frozen(base)] == []


def test_check_warns_of_such_a_queue_in_a_corridor(tmp_path: Path) -> None:
    where = folder(tmp_path)
    with (where / "settings.csv").open("a", encoding="utf-8") as file:
        file.write("appointment.slots,,,2024-05-01,,set,0,,,persons/day,,assumed,assumed,\n")
    warned = with_words_checked(load(where)).warnings
    assert any("from 2024-05-01 on appointment.slots is 0" in str(one) for one in warned)


@pytest.mark.parametrize(
    ("parameter", "number"), [("appointment.eligible", 0.0), ("appointment.leave", 0.2)]
)
def test_nothing_is_warned_of_once_nobody_comes_or_people_give_up(
    base: Scenario, parameter: str, number: float
) -> None:
    shut = base.change(parameter, number, since="2024-03-05")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frozen(shut.change("appointment.slots", 0, since="2024-03-05")) == []


def test_who_seeks_a_shelter_makes_who_finds_none(base: Scenario) -> None:
    shares = [base.change("shelter.seek", s).named(f"{s}") for s in (0.0, 0.5, 1.0)]
    runs = simulate([base, *shares], members=2, seed=1, workers=1)
    short = runs["shelter_shortfall"].sum("place")
    none, half, every = (short.isel(scenario=n) for n in (1, 2, 3))
    assert float(none.sum()) == 0.0
    assert 0.0 < float(half.sum()) < float(every.sum())
    assert bool((every == short.isel(scenario=0)).all())


def test_beds_are_of_both_sides_but_where_they_are_asked_of(base: Scenario) -> None:
    without, asked = sides(base.ask("closed", beds=BEDS))
    for one in (without, asked):
        assert 400.0 in value(one, "shelter.places", "2024-03-01")
    without, asked = sides(base.ask("beds", beds=BEDS))
    assert 400.0 not in value(without, "shelter.places", "2024-03-01")
    assert 400.0 in value(asked, "shelter.places", "2024-03-01")


def test_the_bundled_questions_can_be_asked(bundled: Scenario) -> None:
    questions = questions_of(bundled.questions)
    assert {*questions} == {
        "deal",
        "trains-stop",
        "appointments-end",
        "parole-ends",
        "beds",
        "election",
    }
    for key, one in questions.items():
        without, asked = sides(bundled.ask(key, beds={"tapachula": 1500} if one.of_beds else None))
        assert without.name != asked.name
        assert frozen(without) == frozen(asked) == []
        assert all(one.words.values())


def test_appointments_end_as_the_record_s_own_end_did(bundled: Scenario) -> None:
    _, early = sides(bundled.ask("appointments-end", since="2024-03-01"))
    own, moved = Calendar(bundled), Calendar(early)
    for parameter in ("appointment.slots", "appointment.eligible", "appointment.leave"):
        there = {}
        for name, calendar, day in (("own", own, "2025-02-01"), ("moved", moved, "2024-09-15")):
            number = int(np.searchsorted(calendar.dates, np.datetime64(day)))
            there[name] = calendar.values(int(calendar.segment_of[number]))[parameter]
        assert np.array_equal(there["own"], there["moved"]), parameter
    assert early.realised == bundled.realised


def test_a_deal_asked_of_stands_on_one_side_alone(bundled: Scenario) -> None:
    without, asked = sides(bundled.ask("deal"))
    assert "december-2023-deal" in asked.deals_in_force
    assert without.without_ == ("december-2023-deal",)
    _, later = sides(bundled.ask("deal", since="2024-03-01", until="2024-09-01"))
    assert f"{later.deals_in_force['december-2023-deal'].since:%Y-%m-%d}" == "2024-03-01"


PAGE = Path(__file__).parents[1] / "docs" / "questions.md"


def test_the_lines_of_the_page_run() -> None:
    code = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    without, asked = sides(names["pair"])
    assert asked.name == "trains-stop since 2024-09-01"
    assert without.settings.equals(names["base"].settings)
    assert {*names["moved"].moved_settings()["parameter"]} == {"parole.open"}


def test_a_question_of_ones_own_can_be_asked(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8").split("## A question of your own")[1].split("```text\n")[1]
    make(tmp_path / "own")
    (tmp_path / "own" / "questions.csv").write_text(text.split("```")[0], "utf-8")
    assert check(tmp_path / "own") == []
    _, asked = sides(load(tmp_path / "own").ask("posts"))
    assert asked.changes[0]["value"] == 0.5


def test_the_page_names_every_question(bundled: Scenario) -> None:
    for key in questions_of(bundled.questions):
        assert f"| `{key}` |" in PAGE.read_text("utf-8")
