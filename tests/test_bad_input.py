"""Every kind of bad input gives one clear line, and all lines come together."""

import codecs
import os
from pathlib import Path

import folders
import pytest

import rumbo
from rumbo.files.faults import Fault, Faults
from rumbo.run.check import check, load_ready
from rumbo.scenario.scenario import load

SETTING = "route.time,,,2024-02-01,,set,0.4,,,1/day,,assumed,assumed,"


def only(faults: list[Fault]) -> Fault:
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


SWAPS = {
    "unknown place in a link": (
        "links.csv", "middle_town,north_crossing,walk", "midle_town,north_crossing,walk",
        "unknown place", "Write 'middle_town'",
    ),
    "unknown place of an inflow": (
        "inflows.csv", "2024-06,south_town,OTH-adult", "2024-06,soth_town,OTH-adult",
        "unknown place", "Write 'south_town'",
    ),
    "unknown group of an inflow": (
        "inflows.csv", "2024-06,south_town,OTH-adult", "2024-06,south_town,OTH-adlt",
        "unknown group", "Write 'OTH-adult'",
    ),
    "unknown twin": (
        "places.csv", "Laredo,north_crossing", "Laredo,north_crosing",
        "unknown place", "Write 'north_crossing'",
    ),
    "unknown parameter": (
        "settings.csv", "retry.decay", "retry.decai", "unknown", "Write 'retry.decay'",
    ),
    "unknown place of a setting": (
        "settings.csv", "stay.days,south_town", "stay.days,suth_town",
        "unknown place", "Write 'south_town'",
    ),
    "unknown role": (
        "settings.csv", "held.days,country:MX", "held.days,role:waiting_citty",
        "unknown role", "Write 'role:waiting_city'",
    ),
    "unknown mode of a setting": (
        "settings.csv", "mode.cost,mode:bus", "mode.cost,mode:buss",
        "unknown mode", "Write 'mode:bus'",
    ),
    "selector that does not fit": (
        "settings.csv", "held.days,country:MX", "held.days,mode:bus",
        "set by place", "the id of a place",
    ),
    "unknown group of a setting": (
        "settings.csv", "stay.days,,family", "stay.days,,familly",
        "unknown group", "Write 'family'",
    ),
    "group where there is none": (
        "settings.csv", "asylum.days,,,", "asylum.days,,family,",
        "same for all groups", "Leave the group empty",
    ),
    "unknown unit": (
        "settings.csv", "south_town,,,,set,2,1,4,days", "south_town,,,,set,2,1,4,weeks",
        "expected 'days'", "Convert the value",
    ),
    "unknown mode": (
        "links.csv", "middle_town,bus,900", "middle_town,buss,900", "mode is 'buss'", "Write 'bus'",
    ),
    "unknown kind": (
        "places.csv", "origin,,", "orijin,,", "kind is 'orijin'", "Write 'origin'",
    ),
    "unknown operation": (
        "settings.csv", "multiply", "multyply", "operation is 'multyply'", "Write 'multiply'",
    ),
    "unknown lever": (
        "settings.csv", "persons/day,more-slots", "persons/day,moor-slots",
        "lever is 'moor-slots'", "Write 'more-slots'",
    ),
    "unknown source": (
        "groups.csv", "solos,assumed".replace("solos", "solos\""), "solos\",exampel",
        "source is 'exampel'", "Write 'example'",
    ),
    "missing source": (
        "settings.csv", "0.0005,0.0002,0.001,1/day,,assumed", "0.0005,0.0002,0.001,1/day,,",
        "source is empty", "Fill the cell",
    ),
    "malformed date": (
        "settings.csv", "2024-04-01,", "01/04/2024,", "expected a date", "year-month-day",
    ),
    "impossible date": (
        "settings.csv", "2024-04-01,", "2024-02-30,", "expected a date", "year-month-day",
    ),
    "dates out of order": (
        "settings.csv", "2024-03-01,2024-05-01", "2024-05-01,2024-03-01",
        "not before until", "Swap the two dates",
    ),
    "lever with swapped start and end": (
        "levers.csv", "2024-03-01,2024-05-01", "2024-05-01,2024-03-01",
        "is after until", "Swap the two dates",
    ),
    "date outside the run": (
        "settings.csv", "2024-03-01,2024-05-01", "2034-03-01,2034-05-01",
        "outside the run", "Mend the dates",
    ),
    "negative rate": (
        "settings.csv", "set,0.01,0.005,0.02,1/day,,assumed,assumed,\nasylum.days",
        "set,-0.01,,,1/day,,assumed,assumed,\nasylum.days",
        "expected 0 or more", "Write a number in 1/day",
    ),
    "chance above one": (
        "settings.csv", "0.25,0.15,0.4", "1.25,,", "expected 0 to 1", "within that range",
    ),
    "low above value": (
        "settings.csv", "0.25,0.15,0.4", "0.25,0.3,0.4", "low 0.3 is above value", "swap",
    ),
    "value above high": (
        "settings.csv", "0.25,0.15,0.4", "0.25,0.15,0.2", "is above high 0.2", "swap",
    ),
    "high that a chance cannot have": (
        "settings.csv", "0.25,0.15,0.4", "0.25,0.15,1.4",
        "high is 1.4, expected 0 to 1 for checkpoint.chance", "Write a number in prob",
    ),
    "low that a chance cannot have": (
        "settings.csv", "0.25,0.15,0.4", "0.25,-0.1,0.4",
        "low is -0.1, expected 0 to 1 for checkpoint.chance", "Write a number in prob",
    ),
    "low that an undercount cannot have": (
        "settings.csv", "set,2,1.2,4,factor", "set,2,0.8,4,factor",
        "low is 0.8, expected 1 or more for harm.undercount", "Write a number in factor",
    ),
    "low above the value of a factor": (
        "settings.csv", "multiply,1.2,1,1.5", "multiply,1.2,1.3,1.5",
        "low 1.3 is above value 1.2", "swap",
    ),
    "high of a factor without end": (
        "settings.csv", "multiply,1.2,1,1.5", "multiply,1.2,1,inf",
        "high is inf, expected a factor of 0 or more", "Mend the number",
    ),
    "range of a limit that is not known": (
        "settings.csv", "set,20,10,30,persons/day", "set,inf,10,,persons/day",
        "value is inf and low 10, expected a value with an end", "remove low and high",
    ),
    "NaN": (
        "settings.csv", "0.25,0.15,0.4", "nan,0.15,0.4", "value is 'nan'", "finite number",
    ),
    "infinite distance": (
        "links.csv", "walk,300", "walk,inf", "distance_km is 'inf'", "finite number",
    ),
    "infinite value of what is no limit": (
        "settings.csv", "0.25,0.15,0.4", "inf,,", "expected 0 to 1", "within that range",
    ),
    "decimal comma": (
        "settings.csv", "0.25,0.15,0.4", '"0,25",0.15,0.4', "value is '0,25'", "decimal point",
    ),
    "words for a number": (
        "inflows.csv", "1240,assumed,assumed,made up\n2024-01", "many,assumed,assumed,\n2024-01",
        "persons is 'many'", "finite number",
    ),
    "negative persons": (
        "inflows.csv", "900,", "-900,", "persons is -900, expected 0 or more", "Mend",
    ),
    "latitude off the globe": (
        "places.csv", "15.0,-92.0", "150,-92.0", "expected -90 to 90", "Mend",
    ),
    "malformed month": (
        "inflows.csv", "2024-06,south_town,OTH-adult", "2024-13,south_town,OTH-adult",
        "expected a month", "year-month",
    ),
    "capacity without unit": (
        "capacities.csv", "400,people per day", "400,", "unit is empty", "Fill the cell",
    ),
    "link from a place to itself": (
        "links.csv", "middle_town,north_crossing,walk", "middle_town,middle_town,walk",
        "to itself", "Mend one end",
    ),
    "disconnected destination": (
        "links.csv", "north_crossing,north_sector,border_crossing,10,,,6,assumed,,,Apache-2.0,"
        "between ports of entry\n", "",
        "'north_sector' is disconnected", "Add the missing links",
    ),
    "more cells than headings": (
        "levers.csv", "local-election,2024", "local-election,,2024",
        "10 cells, expected 9", "double quotes",
    ),
    "country in words": (
        "places.csv", "South town,GT", "South town,Guatemala", "two capital letters", "ISO 3166",
    ),
    "figure published before its month": (
        "figures.csv", "2024-03,500,,,events,2024-04-15", "2024-03,500,,,events,2023-04-15",
        "is after published", "Swap",
    ),
    "figure published before its month ends": (
        "figures.csv", "2024-03,500,,,events,2024-04-15", "2024-03,500,,,events,2024-03-30",
        "published 2024-03-30 is before 2024-03-31, the end of the month it reports",
        "the whole month was known",
    ),
    "negative count": (
        "figures.csv", "2024-03,500,,,events", "2024-03,-500,,,events",
        "value is -500, expected 0 or more", "Mend the number",
    ),
    "misspelt quality": (
        "figures.csv", "500,,,events,2024-04-15,assumed,made up,assumed,assumed",
        "500,,,events,2024-04-15,assumed,made up,assumed,asumed",
        "quality is 'asumed', which is unknown", "Write 'assumed'",
    ),
    "misspelt mode of a selector": (
        "settings.csv", "mode.cost,mode:bus", "mode.cost,mode:bos", "unknown mode", "mode:bus",
    ),
    "figure of an unknown area among several": (
        "figures.csv", "USBP,Del Rio,all,2024-03", "USBP,Del Rio;Del Rioo,all,2024-03",
        "area is 'Del Rioo', an unknown area", "Write 'Del Rio'",
    ),
    "figure of an unknown nationality": (
        "figures.csv", "Del Rio,all,2024-03", "Del Rio,VEM,2024-03",
        "nationality is 'VEM', an unknown nationality", "Write one of: OTH, all",
    ),
    "figure of an unknown component": (
        "figures.csv", "USBP,Del Rio,all,2024-03", "USPB,Del Rio,all,2024-03",
        "component is 'USPB', an unknown component of encounters", "Write 'USBP'",
    ),
    "figure of an unknown place": (
        "figures.csv", "waiting,,north_crossing", "waiting,,north_crosing",
        "unknown place", "Write 'north_crossing'",
    ),
    "figure of an unknown means of travel": (
        "figures.csv", "waiting,,north_crossing", "under_way,,buss", "unknown mode", "Write 'bus'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SWAPS)
def test_one_wrong_cell_gives_one_line(case: str, tmp_path: Path) -> None:
    file, old, new, message, cure = SWAPS[case]
    folder = folders.copy(tmp_path)
    row = folders.swap(folder, file, old, new)
    faults = check(folder)
    if case == "disconnected destination":
        file, row = "places.csv", 6
    if case == "unknown lever":
        faults = [fault for fault in faults if "lever" in fault.message]
    fault = only(faults)
    assert (fault.file, fault.row) == (file, row)
    assert message in fault.message
    assert cure in fault.cure
    assert "\n" not in str(fault)


ADDITIONS = {
    "duplicate place": (
        "places.csv", "south_town,Again,GT,,1,1,,waypoint,,,,,,assumed,",
        "duplicate place 'south_town', already in row 2", "another id",
    ),
    "duplicate group": (
        "groups.csv", "OTH-adult,OTH,adult,a,b,assumed", "duplicate group", "another id",
    ),
    "duplicate link": (
        "links.csv", "south_town,middle_town,walk,3,,,1,x,,,,", "duplicate link", "another id",
    ),
    "duplicate source": (
        "sources.csv", "example,a,b,,,", "duplicate source 'example'", "another id",
    ),
    "duplicate inflow": (
        "inflows.csv", "2024-01,south_town,OTH-adult,overland,1,assumed,,",
        "duplicate inflow '2024-01-01, south_town, OTH-adult, overland', already in row 2",
        "one row",
    ),
    "conflicting settings": (
        "settings.csv", "route.time,,,,,,0.5,,,1/day,,assumed,,",
        "set again for the same place, group, date and lever as in settings.csv row 6",
        "different dates",
    ),
    "conflicting factors": (
        "settings.csv", "stay.days,,family,,,multiply,1.5,,,factor,,assumed,assumed,",
        "multiplied again for the same place, group, date and lever as in settings.csv row 5",
        "one row with the product",
    ),
    "month of a series twice": (
        "figures.csv", "encounters,USBP,Del Rio,,2024-03,510,,,events,2024-04-15,assumed,,assumed,",
        "duplicate figure 'encounters, USBP, Del Rio, all, 2024-03-01, 2024-04-15', already in"
        " row 4", "a revision has its own published",
    ),
    "settings that cannot be told apart": (
        "settings.csv", "route.time,,,,2024-03-01,,0.5,,,1/day,more-slots,assumed,,",
        "route.time is set from the same day on as in settings.csv row 6", "another first day",
    ),
    "component of an unknown nationality": (
        "components.csv", "transit,camp,middle_town,OTJ,A,A,",
        "nationalities names 'OTJ', an unknown nationality", "Write one of: OTH",
    ),
    "inflow at a destination": (
        "inflows.csv", "2024-01,north_port,OTH-adult,direct,1,assumed,,",
        "people enter at 'north_port', which is a destination", "a place before it",
    ),
    "the route port where there is no gate": (
        "inflows.csv", "2024-01,north_crossing,OTH-adult,port,1,assumed,,",
        "people on the route port come to 'north_crossing', which is no lawful_gate",
        "Let them come to a lawful_gate",
    ),
}  # fmt: skip


PUBLICATION = "measure,component,delay_days,revision_sd,settles_after_months,source,quality,note"
PRACTICES = {
    "negative delay": ("encounters,USBP,-1,0.1,6,assumed,,", "delay_days is -1", "Mend"),
    "negative revision": ("encounters,USBP,1,-0.1,6,assumed,,", "revision_sd is -0.1", "Mend"),
    "never settled": ("encounters,USBP,1,0.1,,assumed,,", "settles_after_months is empty", "Fill"),
    "unknown measure": ("encountres,USBP,1,0.1,6,assumed,,", "measure is 'encountres'",
                        "Write 'encounters'"),
    "unknown source": ("encounters,USBP,1,0.1,6,exampel,,", "source is 'exampel'",
                       "Write 'example'"),
    "practice twice": ("encounters,OFO,1,0.1,6,assumed,,",
                       "duplicate series 'encounters, OFO', already in row 2", "Keep one"),
}  # fmt: skip


@pytest.mark.parametrize("case", PRACTICES)
def test_wrong_delay_or_revision_gives_one_line(case: str, tmp_path: Path) -> None:
    line, message, cure = PRACTICES[case]
    folder = folders.copy(tmp_path)
    text = f"{PUBLICATION}\nencounters,OFO,20,0.1,6,assumed,,\n{line}\n"
    (folder / "publication.csv").write_text(text, encoding="utf-8")
    fault = only(check(folder))
    assert (fault.file, fault.row) == ("publication.csv", 3)
    assert message in fault.message
    assert cure in fault.cure


ANNOUNCED = {
    "start": ("2024-03-02,", "announced 2024-03-02 is after since 2024-03-01"),
    "end": (",2024-05-02", "until_announced 2024-05-02 is after until 2024-05-01"),
    "no day": ("soon,", "announced is 'soon', expected a date"),
}


@pytest.mark.parametrize("case", ANNOUNCED)
def test_a_lever_is_announced_before_it_starts_and_ends(case: str, tmp_path: Path) -> None:
    cells, message = ANNOUNCED[case]
    folder = folders.copy(tmp_path)
    path = folder / "levers.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{cells if i == 0 else ','}" for i, row in enumerate(rows)]
    text = "\n".join([f"{head},announced,until_announced", *rows])
    path.write_text(text + "\n", encoding="utf-8")
    fault = only(check(folder))
    assert (fault.file, fault.row) == ("levers.csv", 2)
    assert message in fault.message


def test_revisions_and_several_estimates_may_share_a_month(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    tail = "assumed,made up,assumed,assumed"
    folders.add(
        folder, "figures.csv", f"encounters,USBP,Del Rio,all,2024-03,510,,,events,2024-05-15,{tail}"
    )
    folders.add(
        folder, "figures.csv", f"waiting,,north_crossing,all,2024-02,500,,,people,2024-03-01,{tail}"
    )
    folders.add(
        folder, "figures.csv", f"waiting,,north_crossing,all,2024-02,400,,,people,2024-02-10,{tail}"
    )
    assert check(folder) == []


@pytest.mark.parametrize("case", ADDITIONS)
def test_one_wrong_row_gives_one_line(case: str, tmp_path: Path) -> None:
    file, line, message, cure = ADDITIONS[case]
    folder = folders.copy(tmp_path)
    row = folders.add(folder, file, line)
    fault = only(check(folder))
    assert (fault.file, fault.row) == (file, row)
    assert message in fault.message
    assert cure in fault.cure


HEADERS = {
    "unquoted true": ('  en: "Three places: a corridor made up for learning"', "  en: true",
                      "title.en is true, expected text", "double quotes", 3),
    "number as id": ("id: three_places", "id: 3", "id is '3', expected text", "double quotes", 1),
    "malformed date": ("2024-06-30", "30.6.2024", "end is '30.6.2024', expected a date",
                       "year-month-day", 9),
    "dates out of order": ("2024-06-30", "2023-06-30", "is after end 2023-06-30", "Swap", 8),
    "unknown rule": ("  - trains", "  - NO", "the rule 'NO' is unknown", "Write one of", 13),
    "unknown key": ("step: 1", "stepp: 1", "'stepp' is unknown", "Write 'step'", 10),
    "negative step": ("step: 1", "step: -1", "step is '-1', expected greater than 0", "Mend", 10),
    "odd step": ("step: 1", "step: 0.3", "whole number of steps", "0.5", 10),
    "key twice": ("step: 1", "step: 1\nstep: 1", "'step' stands there twice", "Keep one", 10),
    "not YAML": ("step: 1", "step: [1", "the text is not YAML", "Mend this line", None),
    "licence missing": ('licence: "Apache-2.0; all numbers are made up"', "", "licence is missing",
                        "Add a line 'licence: ...'", 0),
    "a word for a list": ("step: 1", "targets: {a: {en: a, es: b, measure: stops, only: XA}}",
                          "targets.a.only is 'XA', expected a list, such as [A, B]", "Mend", 10),
    "a list for names": ("step: 1", "targets: [a]", "expected names with values", "Mend", 10),
    "a number for a part": ("step: 1", "hindcast: 3", "expected entries named as_of, lever", "Mend",
                            10),
    "part without an entry": ("step: 1", "hindcast: {as_of: 2024-02-01}",
                              "hindcast.lever is missing", "Add 'lever: ...' under hindcast", 10),
    "no month": ("step: 1", "origins: {first: 2023-13, last: 2024-01}",
                 "origins.first is '2023-13', expected a month, such as 2023-07", "Mend", 10),
    "id with a blank": ("step: 1", "targets: {a b: {en: a, es: b, measure: stops}}",
                        "targets.a b is 'a b', expected letters, digits, _ and - alone", "Mend",
                        10),
    "empty text": ("step: 1", "targets: {a: {en: a, es: b, measure: ''}}",
                   "expected text that is not empty", "Mend", 10),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_wrong_header_gives_one_line(case: str, tmp_path: Path) -> None:
    old, new, message, cure, row = HEADERS[case]
    folder = folders.copy(tmp_path)
    folders.swap(folder, "corridor.yaml", old, new)
    fault = only(check(folder))
    assert fault.file == "corridor.yaml"
    assert row is None or fault.row == row
    assert message in fault.message
    assert cure in fault.cure


def test_bundle_of_an_unknown_lever(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "corridor.yaml", "bundles:\n  bus-closur:\n    en: a\n    es: b")
    assert "Write 'bus-closure'" in only(check(folder)).cure


def test_norway_and_namibia_stay_countries(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "places.csv", "oslo,NO,NO,NO,60,11,,waypoint,,,,,,assumed,NA")
    folders.add(folder, "links.csv", "oslo,south_town,passenger_air,1,,,1,x,,,,")
    title = '"Tres lugares: un corredor inventado para aprender"'
    folders.swap(folder, "corridor.yaml", title, "NO")
    place = load(folder).network.places.iloc[-1]
    assert (place["name"], place["country"], place["note"]) == ("NO", "NO", "NA")
    assert load(folder).title["es"] == "NO"


NEEDED = ("corridor", "places", "links", "groups", "inflows", "settings", "sources")


@pytest.mark.parametrize("stem", NEEDED)
def test_missing_file(stem: str, tmp_path: Path) -> None:
    file = stem + (".yaml" if stem == "corridor" else ".csv")
    folder = folders.copy(tmp_path)
    (folder / file).unlink()
    fault = only(check(folder))
    assert fault.file == file
    assert "cannot be read" in fault.message
    assert file in fault.cure


LEFT_OUT = ("levers.csv", "figures.csv", "capacities.csv", "basemap.geojson")


@pytest.mark.parametrize("file", LEFT_OUT)
def test_files_that_may_be_left_out(file: str, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / file).unlink()
    assert all("lever is" in fault.message for fault in check(folder))


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
@pytest.mark.parametrize("file", ["places.csv", "corridor.yaml", "figures.csv"])
def test_empty_file(file: str, text: str, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / file).write_text(text, encoding="utf-8")
    fault = only(check(folder))
    assert fault.file == file
    assert "empty" in fault.message


@pytest.mark.parametrize("file", ["places.csv", "groups.csv"])
def test_header_without_rows(file: str, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert file in {fault.file for fault in check(folder)}


def test_missing_column_and_misspelt_column(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, "settings.csv", "since,until", "since,untill")
    faults = check(folder)
    assert [fault.row for fault in faults] == [1, 1]
    assert "column 'until' is missing" in str(faults[0])
    assert "Write 'until'" in str(faults[1])


def test_semicolons(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert "separated by semicolons" in only(check(folder)).message


def test_wrong_encoding(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    text = (folder / "places.csv").read_text(encoding="utf-8").replace("Middle town", "Miércoles")
    (folder / "places.csv").write_bytes(text.encode("latin-1"))
    fault = only(check(folder))
    assert (fault.file, fault.row) == ("places.csv", 3)
    assert "encoding UTF-8" in fault.cure


def test_spreadsheet_saved_under_the_wrong_name(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / "places.csv").write_bytes(b"PK\x03\x04\x00\x00")
    assert "control characters" in only(check(folder)).message


def test_byte_order_mark_and_windows_lines_are_welcome(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    expected = load(folder).digest()
    for path in [*folder.glob("*.csv"), folder / "corridor.yaml"]:
        path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder).digest() == expected


def test_blank_lines_are_welcome_and_counted(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "groups.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nOTH-family", "\n\n,,,,,\nOTH family"), encoding="utf-8")
    fault = next(fault for fault in check(folder) if fault.file == "groups.csv")
    assert (fault.row, "expected an id" in fault.message) == (5, True)


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    os.truncate(folder / "inflows.csv", 1_000_000_000)
    fault = only(check(folder))
    assert "1,000 MB, expected at most 200 MB" in fault.message
    assert "Sum the rows" in fault.cure


def test_stray_table(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / "figures.csv").rename(folder / "figure.csv")
    fault = only(check(folder))
    assert (fault.file, "Write 'figures.csv'" in fault.cure) == ("figure.csv", True)


def test_broken_base_map(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / "basemap.geojson").write_text('{"type":\n "x",}')
    fault = only(check(folder))
    assert (fault.file, fault.row) == ("basemap.geojson", 2)


def test_no_such_corridor(tmp_path: Path) -> None:
    assert "Write 'darien-rio-bravo'" in only(check("darien-rio-brvo")).cure
    assert "unknown" in only(check(tmp_path / "nowhere")).message
    assert "expected the folder" in only(check(folders.THREE_PLACES / "places.csv")).message


def test_bundled_name_beside_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.copy(tmp_path).rename(tmp_path / "darien-rio-bravo")
    monkeypatch.chdir(tmp_path)
    assert "./darien-rio-bravo" in only(check("darien-rio-bravo")).cure
    assert load("./darien-rio-bravo").id == "three_places"


def test_all_faults_come_together(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.swap(folder, *SWAPS["unknown kind"][:3])
    folders.swap(folder, *SWAPS["unknown mode"][:3])
    folders.swap(folder, *SWAPS["negative persons"][:3])
    folders.swap(folder, *SWAPS["low above value"][:3])
    folders.swap(folder, *SWAPS["unknown parameter"][:3])
    folders.swap(folder, *SWAPS["lever with swapped start and end"][:3])
    folders.swap(folder, *SWAPS["capacity without unit"][:3])
    folders.swap(folder, "corridor.yaml", "step: 1", "step: 2")
    with pytest.raises(Faults) as caught:
        load(folder)
    files = [fault.file for fault in caught.value.faults]
    assert files == [
        "capacities.csv", "corridor.yaml", "inflows.csv", "levers.csv", "links.csv", "places.csv",
        "settings.csv", "settings.csv",
    ]  # fmt: skip
    assert str(caught.value).count("\n") == 7


def test_the_same_wrong_cell_in_many_rows_is_one_line(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    path = folder / "inflows.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("south_town", "suth_town"))
    fault = next(fault for fault in check(folder) if fault.file == "inflows.csv")
    assert fault.row == 2
    assert "(and 11 more rows)" in fault.message


def test_very_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    rows = "".join(f"2024-01,south_town,OTH-adult,air,x{i},assumed,,\n" for i in range(1000))
    with (folder / "inflows.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    faults = check(folder)
    assert len(faults) < 60
    assert any("980 more faults" in fault.message for fault in faults)


def test_faults_are_public_and_travel_between_processes() -> None:
    import pickle

    with pytest.raises(rumbo.Faults) as caught:
        load("nowhere")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.faults == caught.value.faults
    assert str(again) == str(caught.value)


SPANS = {
    "sum": ("2024-01,2024-03,", "2024-04-15", ""),
    "to its own month": ("2024-01,2024-01,", "2024-04-15", "month_end is not after month"),
    "backwards": ("2024-03,2024-01,", "2024-04-15", "month_end is not after month"),
    "too early": ("2024-01,2024-03,", "2024-03-15", "published 2024-03-15 is before 2024-03-31"),
    "no month": ("2024-01,2024-13,", "2024-04-15", "month_end is '2024-13', expected a month"),
}


def with_spans(folder: Path, *rows: str) -> None:
    """Give the figures a column of last months, and rows in which it is filled."""
    path = folder / "figures.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("month") + 1
    wider = [",".join([*c[:at], "", *c[at:]]) for c in (line.split(",") for line in lines)]
    head = head.replace(",month,", ",month,month_end,")
    path.write_text("\n".join([head, *wider, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("case", SPANS)
def test_spans_end_after_they_start_and_are_known_after_that(case: str, tmp_path: Path) -> None:
    months, published, message = SPANS[case]
    folder = folders.copy(tmp_path)
    tail = f"900,,,events,{published},assumed,made up,assumed,assumed"
    with_spans(folder, f"encounters,USBP,Del Rio,all,{months}{tail}")
    found = check(folder)
    assert [message in str(fault) for fault in found] == [True] * bool(message)


def test_people_present_are_not_summed_over_months(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    tail = "900,,,people,2024-04-15,assumed,made up,assumed,assumed"
    with_spans(folder, f"waiting,,north_crossing,all,2024-01,2024-03,{tail}")
    assert "not summed over months" in only(check(folder)).message


def test_more_persons_than_are_counted_by_a_factor(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(
        folder, "settings.csv", "entries.coverage,,,,,multiply,1e300,,,factor,,assumed,assumed,"
    )
    assert "more than are counted exactly" in only(check(folder)).message


UNNAMED = {"kind.hubb": "hub", "place.south_twn": "south_town", "nationality.OTJ": "OTH"}


@pytest.mark.parametrize("key", UNNAMED)
def test_a_name_of_what_the_corridor_lacks_is_a_warning(key: str, tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    (folder / "words.csv").write_text(f"key,en,es\n{key},a,b\n", encoding="utf-8")
    warning = only(list(load_ready(folder).warnings))
    assert (warning.file, warning.row) == ("words.csv", 2)
    assert UNNAMED[key] in warning.cure


def test_a_place_without_a_way_out_is_a_warning(tmp_path: Path) -> None:
    folder = folders.copy(tmp_path)
    folders.add(folder, "places.csv", "trap,Trap,GT,,15,-92,,waypoint,,,,,,assumed,")
    folders.add(folder, "links.csv", "south_town,trap,walk,3,,,1,x,,,,")
    warning = only(list(load_ready(folder).warnings))
    assert "links lead to 'trap' and none away" in warning.message


WHEN = {
    "first": ("origins: {first: 1024-01, last: 2024-03}", "origins.first is 1024-01"),
    "last": ("origins: {first: 2024-02, last: 9024-05}", "origins.last is 9024-05"),
    "day": ("hindcast: {as_of: 9024-05-01, lever: more-slots}", "hindcast.as_of is 9024-05-01"),
}


@pytest.mark.parametrize("case", WHEN)
def test_origins_and_days_far_from_the_figures(case: str, tmp_path: Path) -> None:
    line, message = WHEN[case]
    folder = folders.copy(tmp_path)
    path = folder / "corridor.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text.rstrip()}\n{line}\n", encoding="utf-8")
    fault = only(check(folder))
    assert message in fault.message
    assert fault.row == len(text.rstrip().splitlines()) + 1
