"""Values in force: precedence, dates, segments, inflows."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import folders
import numpy as np
import pytest

from rumbo.files.faults import Faults
from rumbo.scenario.calendar import Calendar, resolve
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.values.history import build_histories

DAY = date(2024, 2, 1)


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load(folders.THREE_PLACES)


def with_rows(to: Path, *rows: str) -> Scenario:
    folder = folders.copy(to)
    folders.add(folder, "settings.csv", "\n".join(f"{row},,assumed,," for row in rows))
    return load(folder)


def chances(scenario: Scenario, day: date = DAY) -> list[float]:
    return resolve(scenario, "patrol.rate", day)[:, 0].tolist()


PLACES = ("", "country:MX", "admin1:North", "kind:waiting_city", "role:waiting_city",
          "north_crossing")  # fmt: skip


def test_the_more_specific_place_wins_whatever_the_order(tmp_path: Path) -> None:
    rows = [f"patrol.rate,{at},,,,set,0.{i + 1},,,1/day" for i, at in enumerate(PLACES)]
    for name, order in (("a", rows), ("b", rows[::-1])):
        assert chances(with_rows(tmp_path / name, *order)) == [0.1, 0.2, 0.6, 0.3, 0.3]
    for n in range(1, 6):
        assert chances(with_rows(tmp_path / str(n), *rows[:n]))[2] == pytest.approx(n / 10)


def test_the_more_specific_group_wins_at_equal_place(tmp_path: Path) -> None:
    rows = [
        f"patrol.rate,country:MX,{group},,,set,0.{i + 1},,,1/day"
        for i, group in enumerate(("OTH-adult", "OTH", "adult", ""))
    ]
    rows.append("patrol.rate,,OTH-adult,,,set,0.9,,,1/day")
    values = resolve(with_rows(tmp_path, *rows), "patrol.rate", DAY)
    assert values[1].tolist() == [0.1, 0.2]
    assert values[0].tolist() == [0.9, 0.0]


def test_the_later_start_wins_at_equal_place_and_group(tmp_path: Path) -> None:
    scenario = with_rows(
        tmp_path,
        "patrol.rate,,,2024-02-01,,set,0.2,,,1/day",
        "patrol.rate,,,2024-01-15,2024-03-01,set,0.3,,,1/day",
        "patrol.rate,,,,,set,0.1,,,1/day",
    )
    days = (date(2024, 1, 1), date(2024, 1, 15), date(2024, 2, 1), date(2024, 3, 1))
    assert [chances(scenario, day)[0] for day in days] == [0.1, 0.3, 0.2, 0.2]


def test_until_is_the_first_day_after(base: Scenario) -> None:
    def bus(day: date) -> float:
        return float(resolve(base, "link.open", day)[1])

    assert [bus(date(2024, 2, 29)), bus(date(2024, 3, 1))] == [1, 0]
    assert [bus(date(2024, 4, 30)), bus(date(2024, 5, 1))] == [0, 1]


def test_all_multiplications_apply_after_what_is_set(tmp_path: Path) -> None:
    scenario = with_rows(
        tmp_path,
        "patrol.rate,,,,,multiply,3,,,factor",
        "patrol.rate,north_crossing,,,,set,0.2,,,1/day",
        "patrol.rate,country:MX,,,,multiply,0.5,,,1/day",
        "patrol.rate,,,,,set,0.1,,,1/day",
    )
    assert chances(scenario) == pytest.approx([0.3, 0.15, 0.3, 0.3, 0.3])


def test_changes_come_last_and_in_order(tmp_path: Path) -> None:
    scenario = with_rows(tmp_path, "patrol.rate,north_crossing,,,,multiply,2,,,factor")
    scenario = scenario.change("patrol.rate", 0.4, at="north_crossing")
    assert chances(scenario) == [0, 0, 0.4, 0, 0]
    scenario = scenario.change("patrol.rate", 0.7, until="2024-02-02")
    assert chances(scenario) == [0.7] * 5
    assert chances(scenario, date(2024, 2, 2)) == [0, 0, 0.4, 0, 0]


def test_shapes(base: Scenario) -> None:
    calendar = Calendar(base)
    values = calendar.values(0)
    assert set(values) == set(PARAMETERS)
    sizes = {"everywhere": (), "place": (5,), "link": (6,), "mode": (3,)}
    for name, parameter in PARAMETERS.items():
        shape = sizes[parameter.over] + ((2,) if parameter.by_group else ())
        assert values[name].shape == shape, name
        assert values[name].dtype == np.float64
    assert calendar.modes == ("border_crossing", "bus", "walk")
    assert values["mode.cost"].tolist() == [0, 0.06, 0]
    assert np.isnan(values["shelter.places"][0])
    with pytest.raises(ValueError, match="read-only"):
        values["stay.days"][0] = 1


def test_segments_are_the_days_between_changes(base: Scenario) -> None:
    calendar = Calendar(base)
    starts = [base.start + timedelta(days=first) for first, _ in calendar.segments]
    assert starts == [date(2024, 1, 1), date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)]
    assert calendar.segments[-1][1] == 181 == len(calendar.dates) - 1
    assert np.bincount(calendar.segment_of).tolist() == [60, 31, 30, 61]
    assert [float(calendar.values(s)["appointment.slots"]) for s in range(4)] == [10, 10, 15, 15]
    assert [calendar.values(s)["link.open"][1] for s in range(4)] == [1, 0, 0, 1]


def test_segments_agree_with_single_days(base: Scenario) -> None:
    scenario = base.change("stay.days", 4, group="family", since="2024-02-10", until="2024-04-20")
    calendar = Calendar(scenario)
    for first, last in calendar.segments:
        segment = int(calendar.segment_of[first])
        for day in (first, last):
            when = scenario.start + timedelta(days=day)
            for name, value in calendar.values(segment).items():
                assert np.array_equal(value, resolve(scenario, name, when), equal_nan=True)


def test_a_short_run_sees_only_its_dates(base: Scenario) -> None:
    assert Calendar(base.between("2024-03-01", "2024-03-31")).segments == [(0, 30)]
    one_day = Calendar(base.between("2024-05-01", "2024-05-01"))
    assert (one_day.segments, one_day.months) == ([(0, 0)], 1)


def test_the_warm_up_comes_before_the_run(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "corridor.yaml", "warm_up: 0", "warm_up: 31")
    calendar = Calendar(load(folder))
    assert calendar.recorded == 31
    assert str(calendar.dates[0]) == "2023-12-01"
    assert calendar.month_of[[0, 30, 31]].tolist() == [0, 0, 1]
    assert calendar.months == 7
    assert calendar.inflows()["month"].min() == 1


def test_ranges_become_widths_on_either_side(tmp_path: Path, base: Scenario) -> None:
    calendar = Calendar(base)
    below, above = calendar.doubts("held.days", 0)[""]
    assert below[1] == pytest.approx(np.log(3 / 2) / 1.645)
    assert above[1] == pytest.approx(np.log(5 / 3) / 1.645)
    assert below[0] == above[0] == 0
    assert calendar.doubts("link.open", 0) == {}
    certain = Calendar(base.change("held.days", 3))
    assert certain.doubts("held.days", 0) == {}


def test_inflows_are_spread_over_the_days_of_their_month(base: Scenario) -> None:
    table = Calendar(base).inflows()
    assert table.columns.tolist() == ["place", "group", "route", "month", "per_day"]
    assert table["per_day"].iloc[:4].tolist() == [40, 20, 40, 20]
    part = Calendar(base.between("2024-02-15", "2024-03-15")).inflows()
    assert part["month"].tolist() == [0, 0, 1, 1]
    assert part["per_day"].tolist() == [40, 20, 50, 25]


def test_multiplying_out_of_range_names_the_row(tmp_path: Path) -> None:
    scenario = with_rows(tmp_path, "retry.decay,,,2024-02-01,,multiply,3,,,factor")
    with pytest.raises(Faults) as caught:
        Calendar(scenario)
    fault = caught.value.faults[0]
    rows = (folders.THREE_PLACES / "settings.csv").read_text(encoding="utf-8").count("\n")
    assert (fault.file, fault.row) == ("settings.csv", rows + 1)
    assert "becomes 2.4 on 2024-02-01, expected 0 to 1" in fault.message


def test_rows_that_only_together_lead_out_of_range_are_named(tmp_path: Path) -> None:
    rows = [f"transfer.share,{at},,,,multiply,1.5,,,factor" for at in ("country:MX", "")]
    (tmp_path / "one").mkdir()
    Calendar(with_rows(tmp_path / "one", rows[0]))
    (tmp_path / "both").mkdir()
    with pytest.raises(Faults, match=r"transfer\.share becomes 1\.35 on 2024-01-01"):
        Calendar(with_rows(tmp_path / "both", *rows))


def test_factors_of_a_chance_of_being_stopped_multiply_its_odds(tmp_path: Path) -> None:
    scenario = with_rows(
        tmp_path,
        "checkpoint.chance,country:MX,,,,multiply,6,,,factor",
        "checkpoint.chance,,,2024-02-01,,multiply,100,,,factor",
    )
    before, after = (
        resolve(scenario, "checkpoint.chance", day)[1:3, 0]
        for day in (date(2024, 1, 1), date(2024, 2, 1))
    )
    assert before == pytest.approx([2 / 3, 0.4])
    assert after == pytest.approx([200 / 201, 200 / 203])


def test_many_segments_are_worked_out_one_by_one() -> None:
    """Sixty changes of a parameter by place and group, each with a segment of its own."""
    scenario = load("darien-rio-bravo")
    days = [scenario.start + timedelta(days=3 + i) for i in range(60)]
    for i, day in enumerate(days):
        scenario = scenario.change("stay.days", 2 + i, at="country:MX", since=day)
    calendar = Calendar(scenario)
    place = scenario.network.places["id"].tolist().index("tapachula")
    for i, day in enumerate(days):
        at = int(np.searchsorted(calendar.dates, np.datetime64(day)))
        values = calendar.values(int(calendar.segment_of[at]))
        assert (values["stay.days"][place] == 2 + i).all()


# Beside another scenario.


def test_what_two_scenarios_have_in_common_is_one_and_the_rest_their_own(base: Scenario) -> None:
    first = Calendar(base)
    other = base.change("patrol.rate", 0.7, since="2024-02-01")
    beside, alone = Calendar(other, first), Calendar(other)
    assert beside.segments == alone.segments
    for s in range(len(alone.segments)):
        for name, values in alone.values(s).items():
            np.testing.assert_array_equal(beside.values(s)[name], values)
            ranges, own = beside.doubts(name, s), alone.doubts(name, s)
            assert ranges.keys() == own.keys()
            for lever, both in own.items():
                np.testing.assert_array_equal(ranges[lever], both)
    shared = {n for n in PARAMETERS if beside.values(0)[n] is first.values(0)[n]}
    assert shared == {*PARAMETERS} - {"patrol.rate"}


def test_on_other_ground_nothing_is_taken_over(base: Scenario, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "places.csv", "South town", "Southern town")
    first = Calendar(base)
    other = Calendar(load(folder), first)
    assert not any(other.values(0)[n] is first.values(0)[n] for n in PARAMETERS)


def test_what_a_history_worked_out_stays_with_its_own_settings(base: Scenario) -> None:
    rows = base.settings_in_force
    history = build_histories(rows, base.selectors)["checkpoint.chance"]
    day = DAY.toordinal() - date(1970, 1, 1).toordinal()
    before = history.values(day).copy()
    moved = [e._replace(setting=e.setting._replace(value=0.123)) for e in history.entries]
    other = replace(history, entries=tuple(moved))
    assert (other.values(day) == 0.123).any()
    np.testing.assert_array_equal(history.values(day), before)
