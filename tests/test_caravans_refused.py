"""What keeps caravans from setting out is said before day one, a line each."""

from pathlib import Path

import pytest
from caravan_world import SETTINGS, WAY, folder_with_caravans

from rumbo.files.faults import Faults
from rumbo.run.check import check
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.scenario import load


def lines(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def set_to(name: str, value: float | str) -> tuple:
    return tuple((n, at, value if n == name else v, unit) for n, at, v, unit in SETTINGS)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (
            WAY.replace("half_town", "half_twon"),
            "caravans.csv, row 3: place is 'half_twon', an unknown place. Write 'half_town'.",
        ),
        (
            WAY.replace("north_crossing", "south_town"),
            "caravans.csv, row 4: nobody waits at 'south_town', so no caravan can start, pass or "
            "end there. Name its country under waiting in corridor.yaml, or leave the place out.",
        ),
        (
            "place,source,note\nmiddle_town,assumed,\nnorth_crossing,assumed,\n"
            "half_town,assumed,\n",
            "caravans.csv, row 4: the way has a gap: no link by walk or road leads from "
            "'north_crossing' to 'half_town'. Add the link to links.csv, or the place between.",
        ),
        (
            "place,source,note\nhalf_town,assumed,\nnorth_crossing,assumed,\n",
            "places.csv, row 3: caravans start at 'middle_town', which is not on their way. Add it "
            "to caravans.csv, or take the role caravan_start from it.",
        ),
        (
            "place,source,note\nmiddle_town,assumed,\n",
            "caravans.csv, row 2: the way has one place, expected two or more. Add the next place "
            "on the way.",
        ),
        (
            WAY + "half_town,assumed,\n",
            "caravans.csv, row 5: duplicate place 'half_town', already in row 3. Let the way pass "
            "a place once.",
        ),
        (
            WAY.replace("assumed,\n", "hearsay,\n", 1),
            "caravans.csv, row 2: source is 'hearsay', which is unknown.",
        ),
    ],
)
def test_a_way_that_cannot_be_walked_is_refused(tmp_path: Path, way: str, told: str) -> None:
    found = lines(folder_with_caravans(tmp_path / "c", way=way))
    assert [line for line in found if line.startswith(told)], found


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            "2024-02-10,day,middle_twon,100,200,,,papers,assumed,reported,\n",
            "place is 'middle_twon', an unknown place. Write 'middle_town'.",
        ),
        (
            "2024-02-10,day,middle_town,100,200,nowhere,,papers,assumed,reported,\n",
            "furthest is 'nowhere', an unknown place.",
        ),
        (
            "2024-02-10,day,middle_town,300,200,,,papers,assumed,reported,\n",
            "low 300 is above high 200. Swap the two.",
        ),
        (
            "2024-02-10,day,middle_town,0,200,,,papers,assumed,reported,\n",
            "low is 0, expected more than 0 people. Leave the size empty where nobody counted.",
        ),
        (
            "2024-02-10,day,middle_town,-5,200,,,papers,assumed,reported,\n",
            "low is -5, expected 0",
        ),
        (
            "2024-02-10,day,middle_town,100,200,,2024-02-01,papers,assumed,reported,\n",
            "day 2024-02-10 is after end 2024-02-01. Swap the two dates.",
        ),
        (
            "2024-02-10,day,middle_town,100,200,,,vanished,assumed,reported,\n",
            "outcome is 'vanished'",
        ),
        ("10 February,day,middle_town,100,200,,,,assumed,reported,\n", "day is '10 February'"),
    ],
)
def test_an_event_that_cannot_be_is_refused(tmp_path: Path, event: str, told: str) -> None:
    (found,) = lines(folder_with_caravans(tmp_path / "c", events=event))
    assert found.startswith(f"events.csv, row 2: {told}"), found


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("caravan.formation", -1, "value is -1, expected 0 or more"),
        ("caravan.pace", 0, "value is 0, expected 1 to 24"),
        ("caravan.pace", -3, "value is -3, expected 1 to 24"),
        ("caravan.size", 0, "value is 0, expected 1 or more"),
        ("caravan.size_spread", -1, "value is -1, expected 0 to 3"),
        ("caravan.loss", -0.1, "value is -0.1, expected 0 or more"),
        ("caravan.cover", 0, "value is 0, expected 1 or more"),
    ],
)
def test_values_that_cannot_be_are_refused(
    tmp_path: Path, name: str, value: float, told: str
) -> None:
    (found,) = lines(folder_with_caravans(tmp_path / "c", settings=set_to(name, value)))
    assert told in found, found


def test_two_caravans_of_a_day_are_one_row(tmp_path: Path) -> None:
    event = "2024-02-10,day,middle_town,{},,,,,assumed,reported,\n"
    folder = folder_with_caravans(tmp_path / "c", events=event.format(100) + event.format(200))
    (found,) = lines(folder)
    assert found == (
        "events.csv, row 3: duplicate event '2024-02-10, middle_town', already in row 2. Keep one "
        "of the two rows, or add their people up in one."
    )


def test_caravans_form_only_where_a_role_says_so(tmp_path: Path) -> None:
    settings = (("caravan.formation", "half_town", 2, "1/month"), *SETTINGS)
    (found,) = lines(folder_with_caravans(tmp_path / "c", settings=settings))
    assert found == (
        "settings.csv, row 49: caravan.formation is above 0 at 'half_town', where no place has the "
        "role caravan_start. Give a place on the way of caravans.csv the role caravan_start in "
        "places.csv."
    )


def test_a_change_forms_caravans_only_where_a_role_says_so(tmp_path: Path) -> None:
    base = load(folder_with_caravans(tmp_path / "c"))
    with pytest.raises(Faults, match=r"change: caravan.formation is above 0 at 'half_town', where"):
        base.change("caravan.formation", 2, at="half_town")
    assert base.change("caravan.formation", 0, at="half_town").changes
    assert base.change("caravan.formation", 2, at="country:MX").changes


def test_a_rule_that_is_none_cannot_be_switched_on(tmp_path: Path) -> None:
    with pytest.raises(Faults, match=r"'caravan' is an unknown rule. Write 'caravans'"):
        load(folder_with_caravans(tmp_path / "c")).with_rule("caravan")


def test_a_place_is_renamed_on_the_way_and_in_events(tmp_path: Path) -> None:
    event = "2024-02-10,day,middle_town,100,200,half_town,,papers,assumed,reported,\n"
    folder = folder_with_caravans(tmp_path / "c", events=event)
    assert {"caravans.csv", "events.csv"} <= {*rename(folder, "half_town", "halfway")}
    again = load(folder)
    assert again.caravans["place"].tolist()[1] == "halfway"
    assert again.events["furthest"].tolist() == ["halfway"]
