"""Folders of one's own: a new one, ids changed, earlier versions, and what rules need."""

import csv
import re
import shutil
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from command_line import THREE_PLACES
from command_line import rumbo as command

import rumbo
from rumbo.files.faults import Faults
from rumbo.model.rules.ground import Ground
from rumbo.run.program import compile_scenario
from rumbo.scenario.edit import rewrite
from rumbo.scenario.edit.new import make
from rumbo.scenario.edit.rename import rename
from rumbo.scenario.edit.upgrade import renamed, upgrade


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    make(folder)
    return folder


@pytest.fixture
def three(tmp_path: Path) -> Path:
    return Path(shutil.copytree(THREE_PLACES, tmp_path / "three"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


def told(folder: Path) -> str:
    return "\n".join(map(str, rumbo.check(folder)))


def test_a_new_corridor_can_be_run_and_people_are_everywhere(own: Path) -> None:
    assert rumbo.check(own) == []
    runs = rumbo.simulate(rumbo.load(own), members=4, seed=1).isel(scenario=0)
    for name in ("entries", "encounters", "stops", "waiting", "days_waited"):
        assert float(runs[name].sum()) > 0, name
    assert list(runs["component"].values) == ["zones", "gates"]


def test_a_new_corridor_has_no_column_that_it_does_not_need(own: Path) -> None:
    from rumbo.scenario.network import LINKS, PLACES

    for file, columns in (("places.csv", PLACES), ("links.csv", LINKS)):
        head = (own / file).read_text("utf-8").split("\n")[0].split(",")
        assert set(head) - {"zone"} == {one.name for one in columns if one.needed}


def test_a_folder_that_is_there_is_left_alone(own: Path) -> None:
    before = sorted(path.read_bytes() for path in own.iterdir())
    with pytest.raises(Faults, match="already"):
        make(own)
    assert sorted(path.read_bytes() for path in own.iterdir()) == before


def test_an_id_is_changed_everywhere(three: Path) -> None:
    written = rename(three, "north_crossing", "far_town")
    assert {"places.csv", "links.csv", "settings.csv", "figures.csv"} <= set(written)
    assert not any("north_crossing" in p.read_text("utf-8") for p in three.glob("*.csv"))
    before, after = rumbo.load(THREE_PLACES), rumbo.load(three)
    assert [id.replace("north_crossing", "far_town") for id in before.network.links["id"]] == list(
        after.network.links["id"]
    )


def test_sources_and_components_are_renamed_in_lists(three: Path) -> None:
    rename(three, "USBP", "shore")
    assert rumbo.load(three).roles.zones == "shore"
    with (three / "figures.csv").open(newline="") as file:
        assert {row["component"] for row in csv.DictReader(file)} == {"shore", "OFO", ""}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("south_towm", "x", "Did you mean 'south_town'|Write 'south_town'"),
        ("south_town", "middle_town", "is there already"),
        ("south_town", "no id!", "id is 'no id!', expected an id"),
    ],
)
def test_what_cannot_be_renamed_is_told_and_nothing_is_written(
    three: Path, old: str, new: str, why: str
) -> None:
    before = {path.name: path.read_bytes() for path in three.iterdir()}
    with pytest.raises(Faults, match=why):
        rename(three, old, new)
    assert {path.name: path.read_bytes() for path in three.iterdir()} == before


def test_texts_and_regions_called_like_an_id_are_left_alone(three: Path) -> None:
    rename(three, "USBP", "sea")
    extra = """
    regions:
      sea: {en: "at sea", es: "en el sea", crossing: true}
      way: {en: "on the way", es: "en el camino"}
    bundles:
      bus-closure: {en: "The bus-closure: all", es: "Todo"}
    hindcast: {as_of: 2024-03-01, lever: bus-closure}
    targets:
      sea: {en: "sea", es: "sea", measure: encounters, component: sea, by: areas}
    """
    path = three / "corridor.yaml"
    text = re.sub(r"(?m)^(regions|bundles):\n(  .*\n)+", "", path.read_text("utf-8"))
    path.write_text(text + dedent(extra), "utf-8")
    rename(three, "sea", "boats")
    rename(three, "bus-closure", "stop")
    said = path.read_text("utf-8")
    assert said == text + dedent(extra).replace("component: sea", "component: boats").replace(
        "  bus-closure:", "  stop:"
    ).replace("lever: bus-closure", "lever: stop")


def test_a_source_of_places_is_renamed(three: Path) -> None:
    (three / "sources.csv").write_text("source,publisher,title\natlas,nobody,An atlas\n", "utf-8")
    for path in three.glob("*.csv"):
        if path.name != "sources.csv":
            path.write_text(path.read_text("utf-8").replace(",example,", ",atlas,"), "utf-8")
    edit(three, "places.csv", ",assumed,", ",atlas,")
    assert rumbo.check(three) == []
    assert "places.csv" in rename(three, "atlas", "map")
    assert ",map," in (three / "places.csv").read_text("utf-8")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_stopped_midway_all_files_are_as_they_were(
    three: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    before = {path.name: path.read_bytes() for path in three.iterdir()}
    written: list[str] = []

    def write(path: Path, text: str) -> None:
        if len(written) == 2:
            raise error
        written.append(path.name)
        path.write_text(text, "utf-8")

    monkeypatch.setattr("rumbo.scenario.edit.rewrite.write_text", write)
    with pytest.raises(error):
        rename(three, "south_town", "plain")
    assert len(written) == 2
    assert {path.name: path.read_bytes() for path in three.iterdir()} == before


def test_a_disk_that_stays_full_leaves_every_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the second file can be written nor the first be put back: none may be cut off."""
    names, full = ("a.csv", "b.csv", "c.csv"), list[str]()
    for name in names:
        (tmp_path / name).write_bytes(b"as it was")
    write, write_bytes = rewrite.write_text, Path.write_bytes

    def refuse(path: Path, text: str) -> None:
        if path.name == "b.csv":
            full.append(path.name)
            raise OSError(28, "No space left on device")
        write(path, text)

    def cut_off(path: Path, content: bytes) -> int:
        write_bytes(path, content[:2] if full else content)
        if full:
            raise OSError(28, "No space left on device")
        return len(content)

    monkeypatch.setattr(rewrite, "write_text", refuse)
    monkeypatch.setattr(Path, "write_bytes", cut_off)
    with pytest.raises(OSError, match="No space"):
        rewrite.replace_files(tmp_path, dict.fromkeys(names, "anew"))
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == {"a.csv": b"anew", "b.csv": b"as it was", "c.csv": b"as it was"}


def test_line_ends_of_corridor_yaml_stay(three: Path) -> None:
    path = three / "corridor.yaml"
    make_old(three)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    upgrade(three)
    rename(three, "bus-closure", "stop")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("corridor.yaml", "lugares", "lug\xe1res", "corridor.yaml, row 4: the text is not UTF-8"),
        ("places.csv", ",note\n", ",name\n", "places.csv, row 1: column 'name' stands there twice"),
        ("places.csv", "\n", ",,\n", "places.csv, row 2: .* cells, expected"),
    ],
)
def test_what_an_upgrade_would_lose_is_told(
    three: Path, file: str, old: str, new: str, why: str
) -> None:
    make_old(three)
    head, rest = (three / file).read_text("utf-8").split("\n", 1)
    text = f"{head}\n{rest.replace(old, new, 1)}" if new == ",,\n" else None
    whole = text or f"{head}\n{rest}".replace(old, new, 1)
    (three / file).write_bytes(whole.encode("latin-1" if "\xe1" in new else "utf-8"))
    before = {path.name: path.read_bytes() for path in three.iterdir()}
    with pytest.raises(Faults, match=why):
        upgrade(three)
    assert {path.name: path.read_bytes() for path in three.iterdir()} == before


def test_an_upgrade_bears_missing_columns(three: Path) -> None:
    make_old(three)
    (three / "figures.csv").write_text("month,value\n2024-01,3\n", "utf-8")
    edit(three, "places.csv", "id,name,country", "id,name,land")
    upgrade(three)
    assert "column 'country' is missing" in told(three)


def make_old(folder: Path) -> None:
    """Write a folder as an earlier version would have."""
    for one in renamed():
        for path in folder.glob(one.file):
            text = path.read_text("utf-8")
            if not one.column:
                head, rows = text.split("\n", 1)
                path.write_text(head.replace(f",{one.new},", f",{one.old},") + "\n" + rows, "utf-8")
            elif one.column != "area" and one.old != one.new:
                path.write_text(text.replace(one.new, one.old), "utf-8")
    edit(folder, "places.csv", ",visible_crowd,", ",,")
    (folder / "components.csv").unlink()
    yaml = (folder / "corridor.yaml").read_text("utf-8")
    (folder / "corridor.yaml").write_text(yaml.split("stopping:")[0], "utf-8")


def test_an_earlier_folder_is_told_in_one_line_and_brought_up_to_date(three: Path) -> None:
    make_old(three)
    fault, *others = rumbo.check(three)
    assert not others
    assert "us_sector" in fault.message
    assert fault.cure == f"Run rumbo upgrade {three}"
    upgrade(three)
    assert rumbo.check(three) == []
    assert upgrade(three) == []
    runs = [
        rumbo.simulate(rumbo.load(folder), members=3, seed=5, mode="expected")
        for folder in (three, THREE_PLACES)
    ]
    for name in ("encounters", "stops", "waiting", "visible_crowd", "transfers"):
        np.testing.assert_array_equal(runs[0][name].values, runs[1][name].values, name)


def test_commands_on_folders(tmp_path: Path) -> None:
    folder = str(tmp_path / "fresh")
    assert command("new", folder).returncode == 0
    assert command("check", folder).returncode == 0
    assert "in links.csv, places.csv" in command("rename", folder, "harbour", "bay").stdout
    assert "up to date already" in command("upgrade", folder).stdout
    again = command("new", folder)
    assert again.returncode == 2
    assert "already" in again.stderr


NEEDS = {
    "nobody stops": ("corridor.yaml", "stopping: [XA]", "stopping: []", "no country stops people"),
    "a country without a place": (
        "corridor.yaml", "stopping: [XA]", "stopping: [XC]", "'XC', a country without a place",
    ),
    "no gate": (
        "settings.csv", "stay.days,south,,,,3,days,,assumed\n",
        "stay.days,south,,,,3,days,,assumed\n"
        "appointment.slots,,,,,10,persons/day,,assumed\n",
        "no place has the role appointment_gate",
    ),
    "nowhere to take people": (
        "settings.csv", "stay.days,south,,,,3,days,,assumed\n",
        "stay.days,south,,,,3,days,,assumed\ntransfer.share,,,,,0.5,share,,assumed\n",
        "has no place to take people to",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NEEDS)
def test_what_rules_need_is_told_in_one_line(case: str, own: Path) -> None:
    file, old, new, message = NEEDS[case]
    edit(own, file, old, new)
    assert message in told(own)
    assert told(own).count("\n") == 0


def test_all_that_is_lacking_is_told_together(own: Path) -> None:
    for file, old, new, _ in list(NEEDS.values())[2:]:
        edit(own, file, old, new)
    text = told(own)
    assert "appointment_gate" in text
    assert "no place to take people to" in text


COMPONENTS = {
    "without a title": ("transit,river,south,,,Río,", "name_en is empty"),
    "of an unknown place": ("transit,river,sout,,River,Río,", "'sout', an unknown place"),
    "of the zones twice": (
        "encounters,one,zones,,One,Uno,\nencounters,two,zones,,Two,Dos,", "duplicate at",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMPONENTS)
def test_components_are_checked(case: str, own: Path) -> None:
    rows, message = COMPONENTS[case]
    head = "measure,id,at,nationalities,name_en,name_es,note\n"
    (own / "components.csv").write_text(f"{head}{rows}\n", "utf-8")
    assert message in told(own)


def two_countries(folder: Path) -> None:
    """Let people wait, be stopped and taken elsewhere in two countries."""
    edit(folder, "corridor.yaml", "[XA]", "[XA, XC]")
    edit(
        folder,
        "places.csv",
        "far_shore,",
        "inland,Inland,XA,12.0,10.0,interior_transfer_destination,,assumed\n"
        "port,Port,XC,21.0,11.0,waiting_city,,assumed\n"
        "camp,Camp,XC,19.0,11.0,interior_transfer_destination,,assumed\nfar_shore,",
    )
    edit(
        folder,
        "links.csv",
        "harbour,far_shore,boat,300,24,assumed",
        "harbour,port,road,200,9,assumed\nport,far_shore,boat,300,24,assumed\n"
        "inland,harbour,road,900,20,assumed\ncamp,port,road,200,9,assumed",
    )
    with (folder / "settings.csv").open("a", encoding="utf-8") as file:
        file.write(
            "stay.days,port,,,,20,days,,assumed\ncheckpoint.chance,port,,,,0.3,prob,,assumed\n"
            "transfer.share,,,,,1,share,,assumed\ntransfer.to,inland,,,,1,weight,,assumed\n"
            "transfer.to,camp,,,,1,weight,,assumed\n"
            "transfer.seats,country:XA,,,,4,persons/day,,assumed\n"
            "transfer.seats,country:XC,,,,2,persons/day,,assumed\n"
        )


def test_people_are_taken_elsewhere_only_within_a_country(own: Path) -> None:
    two_countries(own)
    program = compile_scenario(rumbo.load(own))
    places = rumbo.load(own).network.places
    country = places["country"].to_numpy()
    moves = [m for m in program.space.moves if m.kind in ("transfer", "clear_move")]
    assert {country[m.place] for m in moves} == {"XA", "XC"}
    assert all(country[m.place] == country[m.source.at] for m in moves)


def test_seats_are_a_country_s(own: Path) -> None:
    two_countries(own)
    runs = rumbo.simulate(rumbo.load(own), members=5, seed=2).isel(scenario=0)
    moved = runs["transfers"].sel(place=["inland", "camp"]).sum("month").values
    days = 182
    assert (moved[:, 0] <= 4 * days).all()
    assert (moved[:, 1] <= 2 * days).all()
    assert (moved.sum(axis=0) > 0).all()


def test_stops_happen_where_a_country_stops_people_with_or_without_transfers(own: Path) -> None:
    scenario = rumbo.load(own)
    ground = Ground(scenario.network, ("OTH-all",), 1.0, scenario.network.modes, scenario.roles)
    assert [ground.place_names[i] for i in ground.stopping_places] == ["south", "harbour"]
    assert ground.moving_countries == ()
    assert float(rumbo.simulate(scenario, members=2, seed=1)["stops"].sum()) > 0


def test_check_says_what_could_be_added(own: Path) -> None:
    told = command("check", str(own)).stdout
    assert "no fault found" in told
    for file, column in (("places.csv", "roles"), ("settings.csv", "low"), ("words.csv", "file")):
        assert any(file in line and column in line for line in told.splitlines()), (file, column)
    assert "places.csv" not in command("check", str(THREE_PLACES)).stdout


def test_every_column_that_may_be_left_out_says_what_it_would_add() -> None:
    from rumbo.scenario.edit.additions import WHOLE_TABLES
    from rumbo.scenario.network import LINKS, PLACES
    from rumbo.scenario.schema import OPTIONAL, TABLES
    from rumbo.scenario.settings import SETTINGS

    every = {"places": PLACES, "links": LINKS, "settings": SETTINGS, **TABLES}
    silent = [
        (file, one.name)
        for file, columns in every.items()
        for one in columns
        if not one.needed and not one.adds
    ]
    assert silent == [("settings", "change")]  # Rumbo writes it itself
    assert set(OPTIONAL) <= set(WHOLE_TABLES)


def test_asylum_is_applied_for_in_a_destination_zone_that_receives_people(own: Path) -> None:
    edit(own, "places.csv", "kind,zone", "kind,roles,zone")
    edit(own, "places.csv", "destination_zone,", "destination_zone,reception,")
    for kind in ("origin,", "waiting_city,"):
        edit(own, "places.csv", kind, f"{kind},")
    with (own / "settings.csv").open("a", encoding="utf-8") as file:
        file.write("asylum.claim,far_shore,,,,0.25,share,,assumed\n")
    runs = rumbo.simulate(rumbo.load(own), mode="expected", members=1).isel(scenario=0, member=0)
    claims = float(runs["asylum_applications"].sel(place="far_shore").sum())
    # Those of the last days are still held.
    assert claims == pytest.approx(0.25 * float(runs["encounters"].sum()), rel=0.05)
    without = rumbo.simulate(rumbo.load(own).without("asylum"), mode="expected", members=1)
    assert float(without["asylum_applications"].sum()) == 0.0


def test_six_places_in_half_an_hour(tmp_path: Path) -> None:
    guide = (THREE_PLACES.parents[1] / "docs" / "corridor.md").read_text("utf-8")
    part = guide.split("## Six places in half an hour")[1].split("\n## ")[0]
    blocks = [dedent(block.split("```")[0]) for block in part.split("```text\n")[1:]]
    places, links, settings, levers, lever, figures = blocks
    folder = tmp_path / "bay_route"
    make(folder)
    rename(folder, "south", "plain")
    rename(folder, "harbour", "west_bay")
    for file, rows in (("places.csv", places), ("settings.csv", settings + lever)):
        with (folder / file).open("a", encoding="utf-8") as table:
            table.write(rows)
    for file, text in (("links.csv", links), ("levers.csv", levers), ("figures.csv", figures)):
        (folder / file).write_text(text, "utf-8")
    assert rumbo.check(folder) == []
    base = rumbo.load(folder)
    runs = rumbo.simulate([base, base.without("patrols")], members=3, seed=1)
    means = runs.mean("member").sum("month")
    assert (means["transfers"].sum("place") > 0).all()
    stops = means["stops"].sum(["place", "group"])
    assert stops.sel(scenario="base") > stops.sel(scenario="without patrols")
    assert len(base.network.places) == 6


def minds_page() -> str:
    return (THREE_PLACES.parents[1] / "docs" / "minds.md").read_text("utf-8")


def test_an_event_in_five_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = minds_page().split("## An event of your own in five rows")[1].split("\n## ")[0]
    levers, setting, outcomes, beliefs = [
        block.split("```")[0] for block in part.split("```text\n")[1:]
    ]
    folder = tmp_path / "my_corridor"
    make(folder)
    with (folder / "settings.csv").open("a", encoding="utf-8") as table:
        table.write(setting)
    for name, text in (("levers", levers), ("outcomes", outcomes), ("beliefs", beliefs)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    assert rumbo.check(folder) == []
    monkeypatch.chdir(tmp_path)
    (code,) = (block.split("```")[0] for block in part.split("```python\n")[1:])
    names: dict[str, object] = {}
    exec(code.replace("members=200", "members=4"), names)
    assert list(names["runs"]["branch"].values) == ["vote=close", "vote=open"]
    pair = [names["closing"], names["nobody_minds"]]
    crossed = rumbo.simulate(pair, mode="expected", members=1)["encounters"]
    april = crossed.sum(["area", "component", "group"]).isel(member=0, month=3)
    assert float(april[0]) > 1.01 * float(april[1])


def test_the_page_on_minds_has_every_parameter_with_its_default() -> None:
    from rumbo.scenario.minds import MINDS
    from rumbo.scenario.tree.beliefs import USUAL

    rows = {
        line.split("`")[1]: line.split("|")
        for line in minds_page().split("\n")
        if line.startswith("| `")
    }
    defaults = {head[0]: head[6] for head, *_ in MINDS} | USUAL
    assert {name: float(cells[3]) for name, cells in rows.items()} == defaults


def test_people_wait_in_countries_without_zones_unless_a_corridor_says_so(own: Path) -> None:
    edit(own, "corridor.yaml", "waiting: [XA]\n", "")
    edit(own, "places.csv", "far_shore,", "far_town,Far town,XB,24.5,10.0,hub,,assumed\nfar_shore,")
    assert rumbo.load(own).roles.waiting == ("XA",)
    for file in ("places.csv", "settings.csv", "corridor.yaml"):
        edit(own, file, "XA", "XB")
    assert rumbo.load(own).roles.waiting == ("XB",)


def test_a_measure_that_two_models_mean_differently_is_listed_twice() -> None:
    told = command("list", "measures").stdout
    assert "people entering the corridor" in told
    assert "people newly displaced" in told
