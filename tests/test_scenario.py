"""Scenarios: reading, changing, naming, writing."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import folders
import numpy as np
import pytest

from rumbo.files.faults import Faults
from rumbo.run.check import check
from rumbo.scenario.calendar import resolve
from rumbo.scenario.parameters import PARAMETERS, RULE_NAMES
from rumbo.scenario.scenario import Scenario, corridors, load

OFF = ("planning", "minds", "smuggling", "caravans")
"""Rules that the smallest corridor does without."""


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load(folders.THREE_PLACES)


def test_what_a_corridor_says(base: Scenario) -> None:
    assert (base.id, base.name, base.step) == ("three_places", "base", 1.0)
    assert (base.start, base.end) == (date(2024, 1, 1), date(2024, 6, 30))
    assert base.title["es"].startswith("Tres lugares")
    assert base.rules == tuple(n for n in RULE_NAMES["corridor"] if n not in OFF)
    assert base.folder == folders.THREE_PLACES
    assert base.changes == base.without_ == ()
    assert base.groups["id"].tolist() == ["OTH-adult", "OTH-family"]
    assert base.basemap["type"] == "FeatureCollection"
    assert repr(base) == "<Scenario 'base' of three_places, 2024-01-01 to 2024-06-30>"


def test_every_bundled_corridor_can_be_read() -> None:
    assert "darien-rio-bravo" in corridors()
    for name in corridors():
        assert check(name) == []
        assert load(name).id == name


def test_the_example_calls_every_number_assumed(base: Scenario) -> None:
    for table in (base.settings, base.inflows, base.groups, base.figures, base.levers):
        assert set(table["source"]) == {"assumed"}


def test_a_change_leaves_the_original_alone(base: Scenario) -> None:
    before = base.digest()
    changed = base.change("checkpoint.chance", 0.5, at="middle_town", since="2024-02-01")
    assert base.digest() == before != changed.digest()
    assert len(changed.settings) == len(base.settings) + 1
    assert base.changes == ()
    with pytest.raises(FrozenInstanceError):
        base.start = date(2024, 2, 1)  # type: ignore[misc]


def test_a_change_is_described_with_its_source(base: Scenario) -> None:
    until = date(2024, 3, 1)
    changed = base.change("stay.days", 3, group="family", until=until, source="A. Expert")
    assert changed.describe() == {
        "name": "stay.days = 3 for family until 2024-03-01",
        "without": [],
        "changes": [
            {
                "parameter": "stay.days", "at": "", "group": "family", "since": "",
                "until": "2024-03-01", "value": 3.0, "unit": "days", "source": "A. Expert",
            }
        ],
    }  # fmt: skip
    assert base.change("stay.days", 3).changes[0]["source"] == "assumed"


def test_changes_are_numbered_in_order(base: Scenario) -> None:
    changed = base.change("stay.days", 3).change("route.time", 0.2)
    assert changed.settings["change"].tolist()[-2:] == [1, 2]
    assert changed.name == "stay.days = 3, route.time = 0.2"


BAD_CHANGES = {
    "parameter": ({"parameter": "stay.dais", "value": 1}, "Write 'stay.days'"),
    "negative": ({"parameter": "stay.days", "value": -1}, "expected 0 or more"),
    "above one": ({"parameter": "retry.share", "value": 1.5}, "expected 0 to 1"),
    "NaN": ({"parameter": "stay.days", "value": float("nan")}, "expected a number"),
    "text": ({"parameter": "stay.days", "value": "2"}, "expected a number"),
    "truth": ({"parameter": "parole.open", "value": True}, "expected a number"),
    "infinite": ({"parameter": "stay.days", "value": float("inf")}, "expected 0 or more"),
    "place": ({"parameter": "stay.days", "value": 1, "at": "south_twn"}, "Write 'south_town'"),
    "fit": ({"parameter": "route.time", "value": 1, "at": "south_town"}, "Leave the place empty"),
    "link": (
        {"parameter": "link.open", "value": 0, "at": "south_town>middle_town:bus"},
        "border_crossing, south_town>middle_town:walk",
    ),
    "group": ({"parameter": "stay.days", "value": 1, "group": "OTH-adlt"}, "Write 'OTH-adult'"),
    "grouped": ({"parameter": "route.time", "value": 1, "group": "OTH"}, "Leave the group empty"),
    "date": ({"parameter": "stay.days", "value": 1, "since": "1.2.2024"}, "such as '2023-12-27'"),
    "order": (
        {"parameter": "stay.days", "value": 1, "since": "2024-03-01", "until": "2024-02-01"},
        "Swap the two dates",
    ),
    "outside": ({"parameter": "stay.days", "value": 1, "since": "2025-01-01"}, "outside the run"),
    "before": ({"parameter": "stay.days", "value": 1, "until": "2024-01-01"}, "outside the run"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CHANGES)
def test_a_bad_change_says_how_to_mend_it(case: str, base: Scenario) -> None:
    arguments, words = BAD_CHANGES[case]
    with pytest.raises(Faults) as caught:
        base.change(**arguments)
    assert len(caught.value.faults) == 1
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda base: base.change("checkpoint.chance", 0.1, at=5), "change: at is 5"),
        (lambda base: base.change("checkpoint.chance", 0.1, group=3), "change: group is 3"),
        (lambda base: base.change("checkpoint.chance", 0.1, source=2), "change: source is 2"),
        (lambda base: base.change(["a"], 0.1), r"change: parameter is \['a'\]"),
        (
            lambda base: base.without(["bus-closure"]),
            r"without: lever_or_rule is \['bus-closure'\]",
        ),
        (lambda base: base.move(["a"], since="2024-02-01"), r"move: lever is \['a'\]"),
        (lambda base: base.ask(["a"]), r"ask: question is \['a'\]"),
    ],
)
def test_a_name_is_a_text(ask: Callable[[Scenario], Any], told: str, base: Scenario) -> None:
    with pytest.raises(Faults, match=f"{told}, expected one name, as text. Give a text"):
        ask(base)


def test_all_faults_of_a_change_come_together(base: Scenario) -> None:
    with pytest.raises(Faults) as caught:
        base.change("stay.days", -1, at="nowhere", group="nobody", since="2030-01-01")
    assert len(caught.value.faults) == 4


def test_only_limits_can_be_lifted(base: Scenario) -> None:
    lifted = resolve(base.change("transfer.seats", np.inf), "transfer.seats", base.start)
    assert np.isinf(lifted).all()


def test_without_a_lever_drops_its_settings(base: Scenario) -> None:
    free = base.without("bus-closure")
    assert free.name == "without bus-closure"
    assert "bus-closure" not in set(free.settings["lever"])
    assert free.without("bus-closure") is free
    assert len(free.levers) == len(base.levers)
    assert free.rules == base.rules


def test_without_a_rule_switches_it_off(base: Scenario) -> None:
    calm = base.without("shocks").without("bus-closure")
    assert "shocks" not in calm.rules
    assert calm.name == "without shocks and bus-closure"
    assert calm.without_ == ("shocks", "bus-closure")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bus-closur", "Write 'bus-closure'"),
        ("moon", "Levers: bus-closure, more-slots; rules: entries,"),
        ("", "neither a lever nor a rule"),
        ("local-election", "an event of the calendar without settings"),
    ],
)
def test_nothing_to_drop(name: str, words: str, base: Scenario) -> None:
    with pytest.raises(Faults) as caught:
        base.without(name)
    assert words in str(caught.value)


def test_a_rule_that_the_corridor_never_switched_on(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "corridor.yaml", "  - trains\n", "")
    with pytest.raises(Faults, match="already switched off"):
        load(folder).without("trains")


def test_between_other_days(base: Scenario) -> None:
    short = base.between("2024-02-01", date(2024, 3, 31))
    assert (short.start, short.end) == (date(2024, 2, 1), date(2024, 3, 31))
    assert short.name == "2024-02-01 to 2024-03-31"
    assert short.between("2024-01-01", "2024-06-30").name == "base"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-03-01", "2024-02-01", "Swap the two dates"),
        ("2023-12-31", "2024-02-01", "outside the run, 2024-01-01 to 2024-06-30"),
        ("2024-02-01", "2024-07-01", "add inflows"),
        ("soon", "2024-02-01", "such as '2023-12-27'"),
        (None, "2024-02-01", "expected a date"),
    ],
)
def test_between_impossible_days(start: str, end: str, words: str, base: Scenario) -> None:
    with pytest.raises(Faults) as caught:
        base.between(start, end)
    assert words in str(caught.value)


def test_inflows_beyond_the_run_widen_what_can_be_asked(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "inflows.csv", "2023-11,south_town,OTH-adult,overland,9,assumed,,")
    assert load(folder).between("2023-11-01", "2024-01-31").start == date(2023, 11, 1)


def test_names(base: Scenario) -> None:
    named = base.without("bus-closure").named("open roads")
    assert named.name == "open roads"
    assert named.digest() != base.without("bus-closure").digest()
    assert named.without("more-slots").name == "without bus-closure and more-slots"


def test_the_digest_sees_every_table(base: Scenario, tmp_path: Path) -> None:
    digests = {base.digest()}
    for i, (file, old, new) in enumerate(
        [
            ("corridor.yaml", "step: 1", "step: 0.5"),
            ("places.csv", "South town", "Southern town"),
            ("links.csv", "walk,300", "walk,301"),
            ("inflows.csv", "900,", "901,"),
            ("settings.csv", "retry.decay,,,,,set,0.8", "retry.decay,,,,,set,0.81"),
            ("levers.csv", "2024-06-02", "2024-06-03"),
            ("figures.csv", "700", "701"),
            ("sources.csv", "How to", "How  to"),
            ("capacities.csv", "400", "401"),
            ("basemap.geojson", "made-up land", "other land"),
        ]
    ):
        folder = folders.copy(tmp_path / str(i))
        folders.swap(folder, file, old, new)
        digests.add(load(folder).digest())
    assert len(digests) == 11
    assert load(folders.copy(tmp_path)).digest() == base.digest()


def test_written_and_read_again(base: Scenario, tmp_path: Path) -> None:
    base.write(tmp_path / "same")
    assert load(tmp_path / "same").digest() == base.digest()


def test_a_changed_scenario_keeps_its_values_when_written(base: Scenario, tmp_path: Path) -> None:
    changed = (
        base.without("more-slots").without("trains").between("2024-02-01", "2024-05-31")
        .change("stay.days", 7, since="2024-03-01").change("stay.days", 8, at="kind:hub")
    )  # fmt: skip
    again = load(changed.write(tmp_path / "deep" / "changed"))
    assert (again.name, again.start, again.rules) == ("base", changed.start, changed.rules)
    for name in PARAMETERS:
        for day in (date(2024, 2, 1), date(2024, 4, 15)):
            assert np.array_equal(
                resolve(again, name, day), resolve(changed, name, day), equal_nan=True
            )
    assert resolve(again.change("stay.days", 9), "stay.days", again.start)[1, 0] == 9


def test_nothing_is_overwritten(base: Scenario, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="of this name already"):
        base.write(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Faults, match="cannot be written"):
        base.write(tmp_path / "file" / "folder")


def test_a_hundred_thousand_rows_are_read(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    places = range(350)
    rows = [
        f"{1990 + y}-{m:02d},p{p},OTH-adult,overland,{m}.5,assumed,,"
        for p in places for y in range(24) for m in range(1, 13)
    ]  # fmt: skip
    folders.add(folder, "inflows.csv", "\n".join(rows))
    folders.add(folder, "places.csv", "\n".join(
        f"p{p},P,GT,,1,1,,waypoint,,,,,,assumed," for p in places
    ))  # fmt: skip
    folders.add(folder, "links.csv", "\n".join(
        f"p{p},south_town,road,1,,,1,x,,,," for p in places
    ))  # fmt: skip
    inflows = load(folder).inflows
    assert len(inflows) == 12 + 350 * 24 * 12
    added = inflows[inflows["place"] == "p349"]
    assert added["persons"].sum() == 24 * sum(month + 0.5 for month in range(1, 13))
