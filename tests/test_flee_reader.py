"""Folders in Flee's format: what is read, what is refused, what is remarked on."""

import math
from collections.abc import Callable
from pathlib import Path

import flee_folder
import numpy as np
import pandas as pd
import pytest
from folders import add, swap

from rumbo.files.faults import Collector, Fault
from rumbo.flee.crisis import Crisis
from rumbo.flee.reader import read_crisis
from rumbo.flee.registers import Registers, add_up
from rumbo.flee.settings import Settings, read_settings
from rumbo.scores.figures import on_days

LOCATIONS, ROUTES = "input_csv/locations.csv", "input_csv/routes.csv"
CLOSURES, CONFLICTS = "input_csv/closures.csv", "input_csv/conflicts.csv"
CORRECTIONS, PERIOD = "input_csv/registration_corrections.csv", "input_csv/sim_period.csv"
LAYOUT, DUN, ESK = (
    "source_data/data_layout.csv", "source_data/away-dun.csv", "source_data/away-esk.csv",
)  # fmt: skip
YML = "simsetting.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return flee_folder.write(tmp_path)


def good(folder: Path, settings: Path | None = None) -> Crisis:
    crisis, faults = read_crisis(folder, settings)
    assert crisis is not None, [str(fault) for fault in faults]
    assert faults == []
    return crisis


def only_fault(folder: Path) -> Fault:
    crisis, faults = read_crisis(folder)
    assert crisis is None
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def says(fault: Fault, file: str, row: int, message: str, cure: str) -> bool:
    return (
        (fault.file, fault.row) == (Path(file).name, row)
        and message in fault.message
        and cure in fault.cure
    )


def test_the_crisis_is_read_as_it_stands(folder: Path) -> None:
    crisis = good(folder)
    assert (crisis.name, crisis.start, crisis.days) == ("five_places", flee_folder.START, 40)
    assert crisis.warnings == ()
    assert list(crisis.locations["name"]) == ["Alda", "Berk", "Corm", "Dun", "Esk"]
    assert list(crisis.locations["population"]) == [1000, 500, 200, 0, 0]
    assert list(crisis.locations["capacity"]) == [0, 0, 0, 300, 0]
    assert list(crisis.locations["conflict_day"]) == [0, 5, -1, -1, -1]
    assert list(crisis.locations["row"]) == [2, 3, 4, 5, 6]
    assert list(crisis.routes["km"]) == [50, 60, 80, 120]
    assert crisis.routes["max_move_speed"].isna().all()
    assert list(crisis.routes["walk_probability"]) == [0, 0, 0, 0]
    assert crisis.closures.to_dict("list") == {
        "kind": ["country", "camp"], "name1": ["Home", "Esk"], "name2": ["Away", ""],
        "since": [2, 0], "until": [6, 4], "row": [2, 3],
    }  # fmt: skip
    assert crisis.intensity.shape == (40, 5)
    assert crisis.intensity[4:6].tolist() == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]]
    assert crisis.registers.names == crisis.scored == ("Dun", "Esk")
    assert crisis.settings == Settings(max_move_speed=200.0, camp_weight=2.0)


def test_attributes_of_routes_are_named_by_the_header(folder: Path) -> None:
    text = "#name1,name2,km,forced,walk_probability,max_move_speed\nAlda,Corm,50,,0.5,\n"
    text += "Berk,Corm,60,1,,80\nCorm,Dun,80\nCorm,Esk,90\n"
    (folder / ROUTES).write_text(text)
    routes = good(folder).routes
    assert list(routes["walk_probability"]) == [0.5, 0, 0, 0]
    assert routes["max_move_speed"].fillna(-1).tolist() == [-1, 80, -1, -1]
    assert list(routes["redirection"]) == [0, 1, 0, 0]


KINDS = {
    "camp": "camp", "IDPcamp": "idpcamp", "Conflict": "conflict_zone", "town": "town",
    "default": "town", "Forwarding_Hub": "forwarding_hub", "marker": "marker",
}  # fmt: skip


@pytest.mark.parametrize("text", KINDS)
def test_kinds_are_found_by_part_of_their_name(folder: Path, text: str) -> None:
    swap(folder, LOCATIONS, "21.0,town,,200", f"21.0,{text},,200")
    corm = good(folder).locations.iloc[2]
    camp = KINDS[text] in ("camp", "idpcamp")
    assert corm["kind"] == KINDS[text]
    assert (corm["population"], corm["capacity"]) == ((0, 200) if camp else (200, 0))


def windows(text: str) -> str:
    return "\ufeff" + text.replace("\n", "\r\n")


def spaced(text: str) -> str:
    return text.replace(",", ", ").replace("\n", " \n\n")


def trailing(text: str) -> str:
    return text.replace("\n", ",\n")


@pytest.mark.parametrize("change", [windows, spaced, trailing])
def test_ways_of_writing_make_no_difference(folder: Path, change: Callable[[str], str]) -> None:
    plain = good(folder)
    for path in folder.rglob("*.csv"):
        path.write_bytes(change(path.read_text()).encode())
    crisis = good(folder)
    assert crisis.warnings == ()
    assert (crisis.intensity == plain.intensity).all()
    for name in ("locations", "routes", "closures"):
        mine, theirs = getattr(crisis, name), getattr(plain, name)
        pd.testing.assert_frame_equal(mine.drop(columns="row"), theirs.drop(columns="row"))
    daily = [one.registers.corrected().daily(40) for one in (crisis, plain)]
    assert (daily[0] == daily[1]).all()


@pytest.mark.parametrize("text", [None, "", "\n\n", "#closure_type,name1,name2\n"])
def test_closures_may_be_missing_or_empty(folder: Path, text: str | None) -> None:
    (folder / CLOSURES).unlink()
    if text is not None:
        (folder / CLOSURES).write_text(text)
    assert len(good(folder).closures) == 0


def test_forms_that_flee_takes(folder: Path) -> None:
    swap(folder, LOCATIONS, "Corm,South,Home", "Corm,South,")
    swap(folder, LOCATIONS, "town,,200", "town,,")
    swap(folder, PERIOD, "StartDate", "STARTDATE")
    swap(folder, PERIOD, "Length", "length")
    (folder / DUN).write_text("DateTime,count\n#note\n" + flee_folder.FILES[DUN] + "2020-02-09,\n")
    (folder / CORRECTIONS).unlink()
    crisis = good(folder)
    assert crisis.locations["country"][2] == "unknown"
    assert crisis.locations["population"][2] == 0
    assert list(crisis.registers.rows[0]["day"]) == [0, 10, 20, 30]


def test_files_may_lie_side_by_side(folder: Path) -> None:
    for path in [*folder.glob("*/*.csv")]:
        path.rename(folder / path.name)
    for name in ("input_csv", "source_data"):
        (folder / name).rmdir()
    assert good(folder).warnings == ()


def test_settings_are_given_or_the_folders_or_flees(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text("move_rules:\n  softening: 25\n")
    assert good(folder, own).settings == Settings(softening=25.0)
    (folder / YML).unlink()
    crisis = good(folder)
    assert crisis.settings == Settings()
    assert says(crisis.warnings[0], YML, 0, "default settings are used", "simsetting.yml")


FAULTS = {
    "a location twice": (
        LOCATIONS, "Berk,North", "Berk,,,1,2,town\nBerk,North", "stands there twice", "Remove",
    ),
    "no name": (LOCATIONS, "Berk,North", ",,,1,2,town\nBerk,North", "name is empty", "a name"),
    "unknown type": (LOCATIONS, "0,town", "0,twon", "'twon' is unknown", "Write 'town'"),
    "thousands separators": (
        LOCATIONS, ",1000", ',"22,849"', "population is '22,849', expected a whole number, 0 or",
        "without thousands separators",
    ),
    "thousands separators that split the cell": (
        LOCATIONS, ",1000", ",22,849", "9 cells, expected 8", "without thousands separators",
    ),
    "negative population": (LOCATIONS, ",1000", ",-1", "population is '-1'", "Mend"),
    "capacity in words": (LOCATIONS, ",300", ",many", "capacity is 'many'", "Mend"),
    "decimal comma": (LOCATIONS, "11.0,21.0", '"11,5",21.0', "latitude is '11,5'", "point"),
    "a row cut short": (
        LOCATIONS, "Berk,North", "Frat,South\nBerk,North", "2 cells, expected 6", "Add the cells",
    ),
    "semicolons": (
        LOCATIONS, "Berk,North", "Frat;South;Home\nBerk,North", "1 cells, expected 6", "by commas",
    ),
    "route to an unknown place": (ROUTES, "Corm,Dun", "Corm,Dunn", "'Dunn'", "Write 'Dun'"),
    "route of no length": (ROUTES, "Dun,80", "Dun,0", "distance is '0'", "Mend"),
    "route of negative length": (ROUTES, "Dun,80", "Dun,-8", "number, more than 0", "Mend"),
    "route of no number": (ROUTES, "Dun,80", "Dun,far", "distance is 'far'", "Mend"),
    "route without length": (ROUTES, "Dun,80", "Dun,", "distance is empty", "Fill"),
    "route in a circle": (ROUTES, "Corm,Dun", "Dun,Dun", "from 'Dun' to itself", "remove"),
    "unknown redirection": (ROUTES, "60,0", "60,3", "forced_redirection is '3'", "Mend"),
    "unknown kind of closure": (CLOSURES, "camp,Esk", "cmp,Esk", "'cmp' is unknown", "'camp'"),
    "closure of an unknown place": (CLOSURES, "Esk", "Eskk", "location 'Eskk'", "Write 'Esk'"),
    "closure of an unknown country": (CLOSURES, "Away", "Awai", "country 'Awai'", "'Away'"),
    "closure of what is no camp": (CLOSURES, "Esk", "Corm", "is no camp", "Write 'location'"),
    "closure out of order": (CLOSURES, "2,6", "6,2", "dates out of order", "Swap"),
    "closure without an end": (CLOSURES, "2,6", "2,", "closure_end is empty", "Fill"),
    "closure by date": (CLOSURES, "2,6", "2020-01-03,6", "closure_start is '2020", "Mend"),
    "other names in the conflict table": (
        CONFLICTS, "Day,Alda,Berk", "Day,Alda,Berg", "'Berg' names no location", "Write 'Berk'",
    ),
    "conflict column twice": (CONFLICTS, "Alda,Berk", "Alda,Alda", "two columns", "rename"),
    "conflict in words": (CONFLICTS, "7,1,1\n8", "7,1,yes\n8", "conflict of Berk is 'yes'", "Mend"),
    "negative conflict": (CONFLICTS, "7,1,1\n8", "7,1,-1\n8", "conflict of Berk is '-1'", "Mend"),
    "a day cut short": (CONFLICTS, "7,1,1\n8", "7,1\n8", "conflict of Berk is empty", "Fill"),
    "start that is no date": (PERIOD, "2020-01-01", "01/01/2020", "not a date", "year-month-day"),
    "length that is no number": (PERIOD, "40", "0", "Length is '0', expected a whole", "Mend"),
    "file that is not there": (LAYOUT, "away-dun.csv", "dun.csv", "dun.csv of 'Dun'", "Put"),
    "misspelt camp": (LAYOUT, "Dun,", "Dunn,", "unknown camp 'Dunn'", "Write 'Dun'"),
    "camp twice": (LAYOUT, "Esk,", "Dun,", "'Dun' stands there twice", "Remove one"),
    "no total": (LAYOUT, "total,refugees.csv\n", "", "expected the total", "total,refugees.csv"),
    "total without a file": (LAYOUT, "total,refugees.csv", "total,", "names no file", "Write"),
    "negative count": (DUN, ",120", ",-110", "count is '-110'", "Mend the number"),
    "count of half a person": (DUN, ",120", ",110.5", "count is '110.5'", "Mend the number"),
    "count with a separator": (DUN, ",120", ',"1,110"', "is '1,110'", "thousands separators"),
    "count cut by a separator": (DUN, ",120", ",1,110", "is '1,110'", "such as 1110"),
    "count on no date": (DUN, "2020-01-11", "11.1.2020", "'11.1.2020' is not a date", "Write"),
    "correction of an unknown camp": (CORRECTIONS, "Dun", "Dunn", "camp 'Dunn'", "Write 'Dun'"),
    "correction without a count": (CORRECTIONS, "01-21", "01-22", "no count on that", "Write"),
    "correction of the first count": (CORRECTIONS, "01-21", "01-01", "no earlier", "Remove"),
    "correction of nobody": (
        CORRECTIONS, "Dun,2020-01-21", "Esk,2020-01-06", "nobody in the count before", "Remove",
    ),
    "unknown setting": (YML, "camp_weight", "camp_wieght", "unknown in move", "'camp_weight'"),
    "unknown section": (YML, "optimisations", "optimizations", "unknown", "'optimisations'"),
    "setting in another section": (
        YML, "  hasten: 1", "  softening: 1", "unknown in optimisations", "under move_rules",
    ),
    "setting twice": (YML, "  camp_weight", "  max_move_speed: 1\n  camp_weight", "twice", "Keep"),
    "setting of the wrong type": (YML, "2.0", "two", "the text 'two', expected a number", "0.5"),
    "setting out of range": (YML, "speed: 200", "speed: 0", "expected 1 or more", "Mend"),
    "quoted switch": (YML, "FALSE", '"False"', "Flee takes any text for true", "without quotes"),
    "switch in words": (YML, "FALSE", "no", "the text 'no', expected True or False", "without"),
    "no YAML": (YML, "camp_weight: 2.0", "camp_weight: 2.0: 3", "not YAML", "Mend this line"),
    "section without keys": (YML, "  hasten: 1", "  - 1", "expected keys", "key: value"),
}  # fmt: skip

ROWS = {"a location twice": 4, "no total": 1, "section without keys": 10, "setting twice": 8}
"""Rows at fault that are not the row changed."""


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_named_with_its_row_and_cure(folder: Path, case: str) -> None:
    file, old, new, message, cure = FAULTS[case]
    row = swap(folder, file, old, new)
    row = ROWS.get(case, row)
    fault = only_fault(folder)
    assert says(fault, file, row, message, cure), str(fault)


UNSUPPORTED = {
    "fixed_routes": ("True", "False"), "two_system_decision_making": ("1.0", "False"),
    "stay_close_to_home": ("True", "False"), "MatchCampEthnicity": ("True", "False"),
    "ChildrenAvoidHazards": ("True", "False"), "use_v1_rules": ("True", "False"),
    "pruning_threshold": ("2", "1.0"), "harvest_months": ("[5, 6]", "[]"),
    "flood_rules": ("{max_flood_level: 4}", "~"), "use_economic_pull": ("True", "False"),
}  # fmt: skip


@pytest.mark.parametrize("key", UNSUPPORTED)
def test_what_is_not_supported_must_be_off(folder: Path, key: str) -> None:
    on, off = UNSUPPORTED[key]
    row = swap(folder, YML, "  camp_weight: 2.0", f"  {key}: {on}")
    fault = only_fault(folder)
    assert says(fault, YML, row, "Rumbo does not support", "emove"), str(fault)
    swap(folder, YML, f"  {key}: {on}", f"  {key}: {off}")
    assert good(folder).warnings == ()


SPAWNING = {
    "conflict_driven_spawning": "{spawn_mode: constant}", "read_from_agents_csv_file": "True",
    "flood_zone_spawning_only": "True", "starvation_driven_spawning": "True",
}  # fmt: skip


@pytest.mark.parametrize("key", SPAWNING)
def test_other_ways_to_spawn_are_not_supported(folder: Path, key: str) -> None:
    row = swap(folder, YML, "  insert_day0: True", f"  {key}: {SPAWNING[key]}")
    assert says(only_fault(folder), YML, row, f"{key} is", "emove")


@pytest.mark.parametrize("file", [LOCATIONS, ROUTES, CONFLICTS, PERIOD, LAYOUT])
def test_a_file_that_is_needed_is_missed(folder: Path, file: str) -> None:
    (folder / file).unlink()
    fault = only_fault(folder)
    assert says(fault, file, 0, "cannot be read", f"Put a file {Path(file).name}"), str(fault)


def test_a_file_that_the_layout_names_is_missed(folder: Path) -> None:
    (folder / "source_data/refugees.csv").unlink()
    assert says(only_fault(folder), LAYOUT, 1, "refugees.csv of 'total' is missing", "Put")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert says(only_fault(tmp_path / "nowhere"), "nowhere", 0, "no such folder", "Name")


@pytest.mark.parametrize("key", ["StartDate", "Length"])
def test_the_period_needs_both_rows(folder: Path, key: str) -> None:
    swap(folder, PERIOD, key, "Other")
    assert says(only_fault(folder), PERIOD, 0, f"{key} is missing", f"Add a row '{key}")


def test_a_conflict_table_shorter_than_the_run(folder: Path) -> None:
    swap(folder, PERIOD, "40", "43")
    fault = only_fault(folder)
    assert says(fault, CONFLICTS, 0, "40 days, the run has 43: day 40 (2020-02-10)", "Add a row")


def test_files_without_rows(folder: Path) -> None:
    (folder / DUN).write_text("Date,count\n")
    (folder / CORRECTIONS).unlink()
    assert says(only_fault(folder), DUN, 0, "holds no count", "Add rows")


def test_changes_of_locations_are_not_supported(folder: Path) -> None:
    (folder / "location_changes.csv").write_text("#name,type,day\nCorm,camp,5\n")
    assert says(only_fault(folder), "location_changes.csv", 2, "not supported", "Remove")
    (folder / "location_changes.csv").write_text("#name,type,day\n")
    good(folder)


def test_faults_of_all_files_come_together_and_sorted(folder: Path) -> None:
    for case in ("route of no length", "unknown type", "closure out of order", "negative count"):
        swap(folder, *FAULTS[case][:3])
    swap(folder, YML, "2.0", "two")
    faults = read_crisis(folder)[1]
    assert faults == sorted(faults)
    assert [fault.file for fault in faults] == [
        "away-dun.csv", "closures.csv", "locations.csv", "routes.csv", "simsetting.yml",
    ]  # fmt: skip


WARNINGS = {
    "zone never in conflict": (
        LOCATIONS, "21.0,town", "21.0,conflict_zone", "conflicts.csv", 0,
        "'Corm': declared conflict_zone but never",
    ),
    "camp in conflict": (CONFLICTS, "Alda,Berk", "Alda,Esk", "conflicts.csv", 0, "'Esk': camps in"),
    "conflict that changes": (
        CONFLICTS, "8,1,1\n9", "8,1,2\n9", "conflicts.csv", 0, "'Berk': conflict changes",
    ),
    "zone without population": (LOCATIONS, ",1000", ",", "locations.csv", 0, "'Alda': in conflict"),
    "no conflict": (CONFLICTS, "3,1,0\n4", "3,0,0\n4", "conflicts.csv", 0, "the first is day 3"),
    "days out of step": (
        CONFLICTS, "\n9,1,1\n10", "\n8,1,1\n10", "conflicts.csv", 11, "says 8; the row is",
    ),
    "first row abroad": (
        LOCATIONS, "Alda,North,Home", "Alda,North,Away", "locations.csv", 0, "'Berk': in conflict",
    ),
    "forced redirection": (ROUTES, "60,0", "60,2", "routes.csv", 3, "no effect in Flee"),
    "link twice": (ROUTES, "Corm,Esk,120,", "Corm,Esk,9,\nEsk,Corm,8", "routes.csv", 6, "twice"),
    "place without route": (ROUTES, "Berk,Corm,60,0\n", "", "locations.csv", 3, "no route"),
    "link closed": (CLOSURES, "camp,Esk,,0,4", "link,a,b,9,1", "closures.csv", 3, "link have no"),
    "redirection removed": (
        CLOSURES, "camp,Esk,,0,4", "remove_forced_redirection,Dun,Esk,101,0", "closures.csv", 3,
        "remove_forced_redirection have no effect",
    ),
    "closure after the end": (CLOSURES, "2,6", "40,-1", "closures.csv", 2, "after the last day 39"),
    "closure before the start": (CLOSURES, "2,6", "-2,6", "closures.csv", 2, "before day 0"),
    "camp without a row": (LAYOUT, "Dun,away-dun.csv", "", "data_layout.csv", 0, "'Dun' has no"),
    "camp without a file": (LAYOUT, "Dun,away-dun.csv", "Dun", "data_layout.csv", 0, "'Dun' has"),
    "camp left out on purpose": (
        LAYOUT, "Dun,", "Quarry,away-esk.csv\nDun,", "data_layout.csv", 2, "is no location",
    ),
    "town with counts": (
        LAYOUT, "Dun,", "Corm,away-esk.csv\nDun,", "data_layout.csv", 2, "'Corm' is no camp",
    ),
    "dates out of order": (
        DUN, "2020-01-31,90", "2020-01-15,90", "away-dun.csv", 4, "2020-01-15 comes after",
    ),
    "dates repeated": (DUN, "2020-01-31", "2020-01-21", "away-dun.csv", 4, "is repeated"),
    "files of other dates": (
        "source_data/away-esk-outside.csv", "01-06", "01-07", "data_layout.csv", 3, "lacks dates",
    ),
    "correction before the start": (
        CORRECTIONS, "Dun,2020-01-21", "Dun,2019-12-31", "registration_corrections.csv", 1,
        "before the start",
    ),
    "column not used": (
        LOCATIONS, "population\n", "population,capacity_per_day\n", "locations.csv", 1,
        "'capacity_per_day' is not used",
    ),
    "column of routes": (
        ROUTES, "redirection\n", "redirection,toll\n", "routes.csv", 1, "'toll' is not used",
    ),
    "longitude first": (
        LOCATIONS, "11.0,21.0", "121.0,11.0", "locations.csv", 4, "longitude, latitude",
    ),
    "no position": (LOCATIONS, "11.0,21.0", ",", "locations.csv", 4, "'Corm' has no position"),
    "conflict date": (
        LOCATIONS, "zone,5", "zone,2020-01-06", "locations.csv", 3, "conflict_date is '2020-01-06'",
    ),
    "hasten": (YML, "hasten: 1", "hasten: 100", YML, 11, "Rumbo counts everybody"),
    "sinks": (YML, "insert_day0", "camps_are_sinks", YML, 5, "no effect in Flee"),
    "spawning elsewhere": (
        YML, "insert_day0: True", "conflict_zone_spawning_only: False", YML, 5, "no effect",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WARNINGS)
def test_what_is_dubious_is_said_and_read(folder: Path, case: str) -> None:
    file, old, new, where, row, message = WARNINGS[case]
    if case == "first row abroad":
        swap(folder, CLOSURES, "country,Home,Away", "location,Corm,")
    swap(folder, file, old, new)
    warnings = good(folder).warnings
    fits = [one for one in warnings if says(one, where, row, message, "")]
    assert len(fits) == 1, [str(one) for one in warnings]


@pytest.mark.parametrize(
    "name", ["demographics_age.csv", "agents.csv", "region_attributes_IPC.csv", "major_routes.csv"]
)
def test_files_that_are_not_used_are_named(folder: Path, name: str) -> None:
    (folder / "input_csv" / name).write_text("a,b\n")
    assert [str(one) for one in good(folder).warnings if says(one, name, 0, "not used", "")]


def test_longitude_first_is_turned_and_blank_is_nowhere(folder: Path) -> None:
    swap(folder, LOCATIONS, "11.0,21.0", "121.0,11.0")
    swap(folder, LOCATIONS, "12.5,22.5", ",")
    locations = good(folder).locations
    assert (locations["lat"][2], locations["lon"][2]) == (11.0, 121.0)
    assert (locations["lat"][0], locations["lon"][0]) == (10.0, 20.0)
    assert math.isnan(locations["lat"][4])


def test_settings_by_flees_defaults(tmp_path: Path) -> None:
    path = tmp_path / YML
    path.write_text(
        "# empty sections stand for defaults\nspawn_rules:\n"
        "  conflict_spawn_decay: [1.0, 0.5]\n  empty_camps_on_day0: true\nmove_rules:\n"
        "  awareness_level: 2.0\n  avoid_short_stints: 1\noptimisations:\n"
    )
    faults, warnings = Collector(), Collector()
    assert read_settings(path, faults, warnings) == Settings(
        conflict_spawn_decay=(1.0, 0.5), empty_camps_on_day0=True, awareness_level=2,
        avoid_short_stints=True,
    )  # fmt: skip
    assert (faults.faults, warnings.faults) == ([], [])


def rows(*pairs: tuple[int, float]) -> pd.DataFrame:
    day, persons = zip(*pairs, strict=True)
    return pd.DataFrame({"day": np.array(day), "persons": np.array(persons, dtype=float)})


def test_files_of_a_camp_hold_their_last_row(folder: Path) -> None:
    # Esk: 0, 4 and 20 on days 0, 5 and 10; outside it 5 and 7 on days 5 and 10.
    esk = good(folder).registers.rows[1]
    assert (list(esk["day"]), list(esk["persons"])) == ([0, 5, 10], [0, 9, 27])
    apart = add_up([rows((0, 1), (9, 2)), rows((-3, 10), (4, 20), (12, 30))])
    assert list(apart["day"]) == [-3, 0, 4, 9, 12]
    assert list(apart["persons"]) == [10, 11, 21, 22, 32]


def test_counts_lie_on_straight_lines_cut_to_whole_persons() -> None:
    # 7 to 9 over three days: 7, 7.67, 8.33, 9.
    assert list(on_days(rows((2, 7), (5, 9)), 8)) == [7, 7, 7, 7, 8, 9, 9, 9]
    assert list(on_days(rows((-1, 0), (1, 5)), 2)) == [2, 5]
    # 5 to 0 over two days: 2.5 is cut toward zero.
    assert list(on_days(rows((0, 5), (2, 0)), 3)) == [5, 2, 0]


def test_rows_out_of_order_count_in_the_order_of_the_file() -> None:
    # Day 2 lies before day 4, the first row that is later; and days 4 and 5 between 99 on
    # day 1 and 50 on day 6: 69.6 and 59.8.
    assert list(on_days(rows((0, 0), (4, 40), (1, 99), (6, 50)), 8)) == [
        0, 10, 20, 30, 69, 59, 50, 50,
    ]  # fmt: skip


def test_corrections_scale_what_came_before(folder: Path) -> None:
    # Dun is registered anew on day 20: 60 instead of 120, so that 10 becomes 5 and 120 becomes 60.
    registers = good(folder).registers
    assert list(registers.daily(40)[[0, 5, 10, 15, 20, 25, 39], 0]) == [10, 65, 120, 90, 60, 75, 90]
    corrected = registers.corrected()
    assert corrected.rows[0]["persons"].tolist() == [5, 60, 60, 90]
    assert list(corrected.daily(40)[[0, 5, 10, 15, 20, 25, 39], 0]) == [5, 32, 60, 60, 60, 75, 90]
    assert len(corrected.corrections) == 0
    assert list(registers.rows[0]["persons"]) == [10, 120, 60, 90]


def test_corrections_build_on_one_another() -> None:
    # First days 0 and 1 by 50/100: 40, 50, 50, 90. Then days 0 to 2 by 90/50: 72, 90, 90, 90.
    one = Registers(
        ("a",), (rows((0, 80), (1, 100), (2, 50), (3, 90)),), rows((0, 0)),
        pd.DataFrame({"camp": ["a", "a"], "day": [2, 3]}),
    )  # fmt: skip
    assert one.corrected().rows[0]["persons"].tolist() == pytest.approx([72, 90, 90, 90])


@pytest.mark.parametrize("as_of", [0, 9, 10, 19])
def test_a_planted_future_is_not_seen(folder: Path, as_of: int) -> None:
    plain = good(folder).registers.corrected(as_of)
    assert all((frame["day"] <= as_of).all() for frame in (*plain.rows, plain.total))
    for file in (DUN, ESK, "source_data/refugees.csv", "source_data/away-esk-outside.csv"):
        add(folder, file, f"{flee_folder.on_day(35)},7777")
    add(folder, CORRECTIONS, f"Dun,{flee_folder.on_day(35)}")
    planted = good(folder).registers
    assert planted.daily(40)[39, 0] == 7777
    seen = planted.corrected(as_of)
    assert (seen.daily(40) == plain.daily(40)).all()
    for sum_from_camps in (True, False):
        args = (40, sum_from_camps, False)
        assert (seen.newly_displaced(*args) == plain.newly_displaced(*args)).all()


def test_before_its_first_count_a_camp_holds_nobody(folder: Path) -> None:
    assert (good(folder).registers.corrected(-1).daily(3) == 0).all()


def test_debt_is_paid_before_anybody_leaves() -> None:
    # 100, 160, 130, 150, 190: +60, -30 (debt 30), +20 (debt 10), +40 of which 10 are debt.
    counts = rows((0, 100), (1, 160), (2, 130), (3, 150), (4, 190))
    nothing = pd.DataFrame({"camp": [], "day": []})
    one = Registers(("a",), (counts,), rows((0, 5), (4, 45)), nothing)
    assert list(one.newly_displaced(5, True, True)) == [0, 60, 0, 0, 30]
    assert list(one.newly_displaced(5, True, False)) == [100, 60, 0, 0, 30]
    assert list(one.newly_displaced(5, True, False, empty_on_day0=True)) == [0, 60, 0, 0, 30]
    assert list(one.newly_displaced(5, False, True)) == [0, 10, 10, 10, 10]


@pytest.mark.parametrize("name", flee_folder.CRISES)
def test_the_published_crises_are_read(name: str) -> None:
    root = flee_folder.real_crises()
    crisis = good(root / name, root / YML)
    assert crisis.intensity.shape == (crisis.days, len(crisis.locations))
    assert crisis.settings.softening == 50
    registers = crisis.registers.corrected()
    daily = registers.daily(crisis.days)
    new = registers.newly_displaced(crisis.days, True, True)
    assert daily[0].sum() + new.sum() == daily.sum(axis=1).max()


def test_the_published_crises_have_what_is_known_of_them() -> None:
    root = flee_folder.real_crises()
    found = {name: good(root / name, root / YML) for name in flee_folder.CRISES}
    sizes = {n: (len(c.locations), len(c.scored), len(c.routes), c.days) for n, c in found.items()}
    assert sizes == {
        "burundi2015": (30, 5, 41, 396), "car2013": (63, 14, 86, 820),
        "mali2012": (23, 7, 35, 300), "ssudan2013": (51, 10, 60, 604),
        "syria2013": (18, 4, 32, 1095), "ukraine2022": (37, 6, 42, 554),
    }  # fmt: skip
    assert "Bossobolo" in found["car2013"].registers.names
    assert [w.file for w in found["ukraine2022"].warnings] == ["pol-medyka.csv"]
