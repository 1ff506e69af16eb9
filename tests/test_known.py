"""What a corridor was known to be on a day, and that nothing later is looked at."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from folders import THREE_PLACES, add, copy, with_figures

import rumbo
from rumbo.files.faults import Faults
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.scenario.calendar import resolve
from rumbo.scenario.edit.copy import copy as copy_corridor
from rumbo.scenario.figures import known
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.values.known import levers_known
from rumbo.scenario.values.unsized import SIZE_UNKNOWN

BUNDLED = "darien-rio-bravo"
CLOSURE = "us-closure-2025-01"


def rewrite(folder: Path, file: str, **new: object) -> None:
    """Give columns of a table new values, by a function of the table or the same in all rows."""
    table = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    table.assign(**new).to_csv(folder / file, index=False)


def setting(folder: Path, **cells: str) -> None:
    """Add a row of settings, with the columns that it needs."""
    path = folder / "settings.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = {"unit": "days", "source": "assumed", "parameter": "stay.days", "value": "3"} | cells
    pd.concat([table, pd.DataFrame([row])]).fillna("").to_csv(path, index=False)


def lever(folder: Path, **cells: str) -> None:
    """Add a row of the calendar, with the columns that it needs."""
    path = folder / "levers.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = {"lever": "new-rule", "name_en": "Rule", "name_es": "Norma", "source": "assumed"} | cells
    pd.concat([table, pd.DataFrame([row])]).fillna("").to_csv(path, index=False)


def stay(scenario: Scenario, day: str, place: str = "south_town") -> float:
    """Return the stay of single adults at a place on a day, in days."""
    at = scenario.network.places["id"].tolist().index(place)
    return float(resolve(scenario, "stay.days", pd.Timestamp(day).date())[at, 0])


# Settings.


def test_a_value_is_known_with_its_lever_or_from_its_first_day_on(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    lever(folder, since="2024-03-10", announced="2024-02-20")
    setting(folder, at="south_town", since="2024-03-10", lever="new-rule", value="7")
    setting(folder, at="south_town", since="2024-05-01", value="9")
    base = load(folder)
    assert stay(base.as_known("2024-02-19"), "2024-03-10") == 2.0
    assert stay(base.as_known("2024-02-20"), "2024-03-10") == 7.0
    assert stay(base.as_known("2024-04-30"), "2024-05-01") == 7.0
    assert stay(base.as_known("2024-05-01"), "2024-05-01") == 9.0


def test_a_value_measured_later_leaves_what_was_before(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    setting(folder, at="south_town", since="2024-02-01", known="2024-04-15", value="9")
    base = load(folder)
    assert stay(base.as_known("2024-04-14"), "2024-03-01") == 2.0
    assert stay(base.as_known("2024-04-15"), "2024-03-01") == 9.0


def test_an_end_is_known_when_it_comes_unless_it_was_announced(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    row = {"at": "south_town", "since": "2024-02-01", "until": "2024-04-01", "value": "9"}
    setting(folder, **row)
    setting(folder, **row | {"at": "middle_town", "until_known": "2024-03-01"})
    base = load(folder)
    for day, south, middle in (("2024-02-29", 9, 9), ("2024-03-01", 9, 5), ("2024-04-01", 2, 5)):
        then = base.as_known(day)
        assert stay(then, "2024-04-02") == south, day
        assert stay(then, "2024-04-02", "middle_town") == middle, day


def test_an_end_is_known_from_the_day_the_calendar_says(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    days = {"since": "2024-02-01", "until": "2024-04-01"}
    lever(folder, **days, until_announced="2024-03-01")
    setting(folder, at="south_town", lever="new-rule", value="9", **days)
    base = load(folder)
    assert stay(base.as_known("2024-02-29"), "2024-04-02") == 9.0
    assert stay(base.as_known("2024-03-01"), "2024-04-02") == 2.0


def test_a_step_goes_on_until_the_next_is_known(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    setting(folder, at="south_town", since="2024-02-01", value="9")
    setting(folder, at="south_town", since="2024-03-01", known="2024-05-01", value="4")
    base = load(folder)
    assert stay(base.as_known("2024-04-01"), "2024-03-15") == 9.0
    assert stay(base.as_known("2024-05-01"), "2024-03-15") == 4.0


def test_a_lever_known_before_its_size_has_no_effect_and_a_wide_range(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    lever(folder, since="2024-03-10")
    factor = {"operation": "multiply", "unit": "factor", "lever": "new-rule", "low": "4"}
    row = {"at": "south_town", "since": "2024-03-10", "value": "5", "high": "6"}
    setting(folder, **factor, **row, known="2024-05-01")
    base = load(folder)
    assert "new-rule" not in set(base.as_known("2024-03-09").settings["lever"])
    then = base.as_known("2024-03-10").settings.set_index("lever").loc["new-rule"]
    assert then[["low", "value", "high"]].to_dict() == SIZE_UNKNOWN
    assert stay(base.as_known("2024-04-30"), "2024-03-10") == 2.0
    assert stay(base.as_known("2024-05-01"), "2024-03-10") == 10.0


def test_a_lever_without_a_size_is_taken_for_the_last_of_its_kind(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    factor = {"operation": "multiply", "unit": "factor", "at": "south_town"}
    for name, since, value in (("first", "2024-02-01", "2"), ("second", "2024-02-10", "4")):
        lever(folder, lever=name, since=since)
        setting(folder, **factor, lever=name, since=since, value=value)
    lever(folder, lever="elsewhere", since="2024-02-20")
    away = factor | {"at": "middle_town"}
    setting(folder, **away, lever="elsewhere", since="2024-02-20", value="7")
    lever(folder, since="2024-03-10")
    setting(folder, **factor, lever="new-rule", since="2024-03-10", value="9", known="2024-05-01")
    base = load(folder)
    then = base.as_known("2024-03-10").settings.set_index("lever").loc["new-rule"]
    assert then["value"] == 4.0
    assert (then["low"], then["high"]) == pytest.approx((4.0 / 3.0, 12.0))
    assert then["quality"] == "assumed"


def test_changes_stay_whatever_their_days() -> None:
    changed = load(THREE_PLACES).change("stay.days", 9.0, at="south_town", since="2024-05-01")
    then = changed.as_known("2024-02-20")
    assert then.name == changed.name
    assert stay(then, "2024-05-02") == 9.0


def test_a_scenario_as_known_is_written_and_read_again(tmp_path: Path) -> None:
    then = load(THREE_PLACES).as_known("2024-03-15")
    again = load(then.write(tmp_path / "then"))
    pd.testing.assert_frame_equal(again.inflows, then.inflows)
    columns = ["parameter", "since", "until", "value", "lever"]
    pd.testing.assert_frame_equal(again.settings[columns], then.settings[columns])
    assert stay(again, "2024-03-15") == stay(then, "2024-03-15")


def test_the_calendar_tells_no_announcement_to_come() -> None:
    days = {"since": "2024-03-01", "until": "2024-06-01", "announced": "2024-02-01"}
    one = {name: [pd.Timestamp(day)] for name, day in days.items()}
    levers = pd.DataFrame({"lever": ["rule"], **one, "until_announced": [pd.Timestamp(2024, 4, 1)]})
    assert levers_known(levers, pd.Timestamp("2024-01-31")).empty
    assert levers_known(levers, pd.Timestamp("2024-03-31"))["until_announced"].isna().all()
    assert levers_known(levers, pd.Timestamp("2024-03-31"))["until"].isna().all()
    assert levers_known(levers, pd.Timestamp("2024-04-01"))["until"].notna().all()


# Entries.


def test_entries_are_known_once_their_month_is_over_or_when_it_says(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    then = load(folder).as_known("2024-03-31")
    assert then.inflows["month"].max() == pd.Timestamp("2024-02-01")
    rewrite(folder, "inflows.csv", known="2024-03-20")
    assert load(folder).as_known("2024-03-20").inflows.shape == load(folder).inflows.shape


# Bad input.


@pytest.mark.parametrize(
    ("cells", "wrong", "cure"),
    [
        (
            {"until": "2024-04-01", "until_known": "2024-04-02"},
            "until_known 2024-04-02 is after until 2024-04-01", "leave it empty",
        ),
        ({"until_known": "2024-04-02"}, "there is no until", "Give until"),
        ({"known": "soon"}, "known is 'soon', expected a date", "year-month-day"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_are_named(
    cells: dict[str, str], wrong: str, cure: str, tmp_path: Path
) -> None:
    folder = copy(tmp_path)
    setting(folder, at="south_town", since="2024-02-01", **cells)
    rows = len((folder / "settings.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(Faults) as caught:
        load(folder)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row) == ("settings.csv", rows)
    assert wrong in fault.message
    assert cure in fault.cure


def test_a_day_before_all_entries_or_none_at_all_is_refused() -> None:
    base = load(THREE_PLACES)
    for day, wrong in (("2019-01-01", "none of the entries were known"), ("x", "expected a date")):
        with pytest.raises(Faults) as caught:
            base.as_known(day)
        (fault,) = caught.value.faults
        assert wrong in fault.message


def test_a_posterior_of_a_later_day_is_refused() -> None:
    fitted = load(BUNDLED).fitted()
    assert fitted.posterior
    fitted.as_known(fitted.posterior.as_of)
    with pytest.raises(Faults, match="after 2024-10-31"):
        fitted.as_known("2024-10-31")


# Look-ahead.

DAY = "2024-04-25"


def plant(folder: Path) -> None:
    """Add what came to be known after the day: settings, a lever, entries and figures."""
    lever(folder, since="2024-05-10")
    row = {"at": "south_town", "since": "2024-05-10", "value": "60", "lever": "new-rule"}
    setting(folder, **row)
    setting(folder, at="south_town", since="2024-01-10", known="2024-05-15", value="40")
    setting(folder, at="middle_town", since="2024-05-01", value="30")
    for file, column, later in (
        ("inflows.csv", "persons", "month > '2024-03'"),
        ("figures.csv", "value", "published > @DAY"),
    ):
        table = pd.read_csv(folder / file)
        table.loc[table.eval(later, local_dict={"DAY": DAY}), column] *= 3
        table.to_csv(folder / file, index=False)
    revised = pd.read_csv(folder / "figures.csv").query("month == '2024-02'")
    again = revised.assign(published="2024-05-01", value=revised["value"] * 5)
    text = again.to_csv(index=False, header=False)
    add(folder, "figures.csv", text.rstrip("\n"))


def bytes_of(problem: CorridorProblem) -> tuple[object, ...]:
    """Return all that a fit is made from."""
    seen = problem.observations
    return (
        problem.scenario.digest(), problem.known.digest, problem.names.to_csv(),
        seen.value.tobytes(), seen.sd.tobytes(),
    )  # fmt: skip


def test_nothing_known_later_changes_a_byte_of_a_fit(tmp_path: Path) -> None:
    folder = with_figures(tmp_path / "three")
    rewrite(folder, "inflows.csv", known="")
    planted = Path(shutil.copytree(folder, tmp_path / "planted"))
    plant(planted)
    one, other = load(folder), load(planted)
    assert one.digest() != other.digest()
    assert bytes_of(set_up(one, DAY)) == bytes_of(set_up(other, DAY))
    assert bytes_of(set_up(one, "2024-05-25")) != bytes_of(set_up(other, "2024-05-25"))
    fits = [rumbo.fit(s, DAY, members=10, passes=1, workers=1) for s in (one, other)]
    drawn = [np.concatenate([*f.posterior.paths.values()], axis=2).tobytes() for f in fits]
    assert drawn[0] == drawn[1]
    values = [np.array([*f.posterior.values.values()]).tobytes() for f in fits]
    assert values[0] == values[1]


def halve(path: Path, day: str, columns: list[str]) -> None:
    """Halve what came to be known after a day, where half is allowed."""
    table = pd.read_csv(path)
    whole = table.get("parameter", table["source"]).isin(["parole.open", "harm.undercount"])
    table.loc[(table["known"] > day) & ~whole, columns] *= 0.5
    table.to_csv(path, index=False)


@pytest.mark.slow
def test_nothing_known_later_changes_a_byte_of_the_bundled_fit(tmp_path: Path) -> None:
    base, day = load(BUNDLED), "2024-10-31"
    folder = base.write_base(tmp_path / "planted")
    halve(folder / "settings.csv", day, ["value", "low", "high"])
    halve(folder / "inflows.csv", day, ["persons"])
    lever(folder, since="2024-11-15")
    factor = {"parameter": "crossing.factor", "operation": "multiply", "unit": "factor"}
    setting(folder, **factor, lever="new-rule", since="2024-11-15", value="0.2")
    other = load(folder)
    assert other.digest() != base.digest()
    again = load(base.write_base(tmp_path / "again"))
    assert bytes_of(set_up(other, day)) == bytes_of(set_up(again, day))


# The bundled corridor.


@pytest.mark.slow
def test_the_bundled_corridor_as_known_is_written_and_read_again(tmp_path: Path) -> None:
    then = load(BUNDLED).as_known("2022-01-31")
    again = load(then.write(tmp_path / "then"))
    assert set(again.bundles) == {"june-2019-declaration", "title-42", "remain-in-mexico"}
    assert (again.header.hindcast, again.header.origins) == (None, None)
    assert len(again.settings) == len(then.settings)
    # What is asked of what nobody knew of yet is no question of that day.
    assert {*again.questions["question"]} == {"trains-stop", "beds"}


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load(BUNDLED)


def test_all_that_the_bundled_fit_uses_was_known_on_its_day(bundled: Scenario) -> None:
    then = bundled.as_known("2025-06-30")
    pd.testing.assert_frame_equal(then.settings, bundled.settings)
    pd.testing.assert_frame_equal(then.inflows, bundled.inflows)


def test_the_closure_ends_parole_and_appointments_and_nothing_else_does(bundled: Scenario) -> None:
    then, without = bundled.as_known("2024-10-31"), bundled.without(CLOSURE)
    day = pd.Timestamp("2025-02-01").date()
    for name in ("parole.open", "appointment.eligible", "appointment.slots"):
        assert resolve(bundled, name, day).max() == 0.0
        before = resolve(bundled, name, pd.Timestamp("2025-01-19").date())
        assert before.max() > 0.0
        np.testing.assert_array_equal(resolve(without, name, day), before)
        np.testing.assert_array_equal(resolve(then, name, day), before)


OWN_END = ("transfer-stop-2023-12", "title-42")
"""Levers that end on the day of another without being ended by it."""


def test_no_lever_is_ended_by_another(bundled: Scenario) -> None:
    rows, levers = bundled.settings.query("lever != '' and until.notna()"), bundled.levers
    starts = rows.merge(levers, left_on="until", right_on="since", suffixes=("", "_of"))
    steps = set(zip(levers["lever"], levers["since"], strict=True))
    own = [end in steps for end in zip(starts["lever"], starts["until"], strict=True)]
    ended = set(starts.loc[~np.array(own), "lever"])
    assert ended <= set(OWN_END)


def test_a_size_found_later_is_not_known_with_its_lever(bundled: Scenario) -> None:
    sizes = bundled.as_known("2024-04-30").settings.query("lever == 'december-2023-deal'")
    patrol = sizes.query("parameter == 'patrol.rate'").iloc[0]
    assert (patrol["low"], patrol["value"], patrol["high"]) == tuple(SIZE_UNKNOWN.values())
    # The checks agreed in September 2023 had been the last to act on this chance.
    chance = sizes.query("parameter == 'checkpoint.chance'").iloc[0]
    assert (chance["low"], chance["value"], chance["high"]) == pytest.approx((0.4, 1.2, 3.6))
    assert bundled.as_known("2024-07-10").settings.query(
        "lever == 'december-2023-deal' and parameter == 'checkpoint.chance'"
    )["value"].tolist() == [1.6]


def test_what_a_forecast_knows_of_a_corridor_is_what_was_known(tmp_path: Path) -> None:
    """Who is never stopped, and who is counted on the way, by settings and entries of the day."""
    plain = known(load("darien-rio-bravo"), "2024-06-22")
    folder = tmp_path / "mine"
    copy_corridor("darien-rio-bravo", folder)
    with (folder / "settings_mechanisms.csv").open(encoding="utf-8") as file:
        heads = next(csv.reader(file))
    row = dict.fromkeys(heads, "") | {
        "parameter": "checkpoint.chance", "at": "country:MX", "group": "MEX", "value": "0.05",
        "since": "2025-02-01", "known": "2025-02-01", "source": "assumed", "quality": "assumed",
        "unit": "prob",
    }  # fmt: skip
    with (folder / "settings_mechanisms.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, heads, lineterminator="\n").writerow(row)
    planted = load(folder)
    assert known(planted, "2024-06-22").backdrop == plain.backdrop
    assert known(planted, "2025-06-22").backdrop.unstopped != plain.backdrop.unstopped
