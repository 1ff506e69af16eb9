"""Flight by Flee's rules, in counts: by hand, by law, and against walking people one by one."""

from pathlib import Path

import agents
import agents_inputs
import flee_folder
import numpy as np
import pytest
import xarray as xr

import rumbo
from rumbo.engine.step import Luck
from rumbo.files.faults import Faults
from rumbo.flee.days import Days
from rumbo.flee.reader import read_crisis
from rumbo.model.rules.flight import plan, way_weights
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.journey import LONGEST, SCALE, covered, on_day, on_scale
from rumbo.model.rules.ways import ways_from
from rumbo.run.days import run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.simulate import simulate
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario

TOWNS = {
    "input_csv/locations.csv": (
        "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "Alda,North,Home,10.0,20.0,conflict_zone,0,1000\n"
        "Berk,North,Home,10.5,20.5,conflict_zone,5,500\n"
        "Corm,South,Home,11.0,21.0,town,,200\n"
        "Fell,South,Home,11.2,21.2,town,,200\n"
        "Gorr,South,Home,11.4,21.4,forwarding_hub,,0\n"
        "Hask,South,Home,11.5,21.5,marker,,0\n"
        "Dun,East,Away,12.0,22.0,camp,,9000\n"
        "Esk,East,Away,12.5,22.5,camp,,40000\n"
    ),
    "input_csv/routes.csv": (
        "#name1,name2,distance,forced_redirection\n"
        "Alda,Corm,130,\nBerk,Corm,260,0\nCorm,Dun,180,\nCorm,Fell,90,\nFell,Gorr,55,\n"
        "Gorr,Hask,120,\nHask,Esk,410,\nFell,Dun,700,\nCorm,Esk,620,\nAlda,Berk,75,\n"
    ),
    "input_csv/closures.csv": "country,Home,Away,2,6\nlocation,Esk,Home,0,9\ncamp,Esk,,0,4\n",
    "source_data/away-dun.csv": "2020-01-01,1000\n2020-01-11,12000\n2020-01-31,20000\n",
    "source_data/away-esk.csv": "2020-01-01,0\n2020-01-06,400\n2020-01-31,12000\n",
    "source_data/data_layout.csv": "total,refugees.csv\nDun,away-dun.csv\nEsk,away-esk.csv\n",
    "input_csv/registration_corrections.csv": "#none\n",
}

SETTINGS = """\
spawn_rules:
  conflict_spawn_decay: [1.0, 0.5, 0.1]
  conflict_spawn_decay_interval: 10
move_rules:
  max_move_speed: {speed}
  max_walk_speed: 60
  camp_weight: 2.0
  conflict_weight: 0.25
  default_movechance: 0.5
  awareness_level: {aware}
  softening: 50.0
  distance_power: 0.75
  capacity_scaling: 1.1
  avoid_short_stints: {stints}
  start_on_foot: {foot}
"""

CASES = {
    "plain": {}, "aware of two": {"aware": 2}, "aware of three": {"aware": 3},
    "on foot": {"foot": "True"}, "no stints": {"stints": "False"}, "slow": {"speed": 150},
}  # fmt: skip


def crisis(to: Path, **changed: object) -> tuple[Path, Path]:
    """Write a crisis with all kinds of places and tens of thousands of people."""
    folder = flee_folder.write(to)
    for name, text in TOWNS.items():
        (folder / name).write_text(text, encoding="utf-8")
    given = {"speed": 400, "aware": 1, "stints": "True", "foot": "False"} | changed
    (folder / "simsetting.yml").write_text(SETTINGS.format(**given))
    return folder, folder / "simsetting.yml"


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return rumbo.read_flee(*crisis(tmp_path))


def camps(scenario: Scenario, run: xr.Dataset) -> np.ndarray:
    kinds = scenario.network.places["kind"]
    ids = scenario.network.places["id"][kinds.eq("camp")]
    return run["waiting"].sel(place=list(ids)).values[0].astype(float)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_counts_meet_people_walked_one_by_one(tmp_path: Path, case: str) -> None:
    """Camp counts by day, against the mean of walks: sampling error, and 2 % for the scale."""
    folder, settings = crisis(tmp_path, **CASES[case])
    walk = agents_inputs.read(folder, settings, people=1)
    walks = np.array(
        [agents.run(walk.world, walk.rules, seed=s, people=1)[:, walk.camps] for s in range(6)]
    )
    mine = rumbo.read_flee(folder, settings)
    ours = camps(mine, simulate(mine, members=12, seed=3, workers=1))
    apart = np.abs(ours.mean(axis=0) - walks.mean(axis=0))
    spread = np.hypot(ours.std(axis=0) / np.sqrt(12), walks.std(axis=0) / np.sqrt(6))
    allowed = 4.5 * spread + 0.02 * walk.data.sum(axis=1, keepdims=True) + 25
    assert (apart < allowed).all(), (apart - allowed).max()


@pytest.mark.long
@pytest.mark.slow
def test_the_six_crises_meet_what_flee_itself_scores() -> None:
    """Error within 0.02 of Flee's (mean of seeds 1 to 3, its authors' settings)."""
    published = {
        "burundi2015": 0.467, "car2013": 0.366, "mali2012": 0.315, "ssudan2013": 0.548,
        "syria2013": 0.345, "ukraine2022": 0.702,
    }  # fmt: skip
    folder = flee_folder.real_crises()
    for name, error in published.items():
        mine = rumbo.read_flee(folder / name, folder / "simsetting.yml")
        found = rumbo.score(simulate(mine, members=2, seed=1, workers=1))["error"][0]
        assert abs(found - error) < 0.02, (name, found, error)


@pytest.mark.long
@pytest.mark.slow
def test_mali_meets_walks_at_full_size() -> None:
    folder = flee_folder.real_crises()
    walk = agents_inputs.read(folder / "mali2012", folder / "simsetting.yml", people=1)
    walked = agents.run(walk.world, walk.rules, seed=1, people=1)[:, walk.camps]
    mine = rumbo.read_flee(folder / "mali2012", folder / "simsetting.yml")
    run = simulate(mine, members=4, seed=1, workers=1)
    ids = [mine.network.places["id"][i] for i in walk.camps]
    ours = run["waiting"].sel(place=ids).values[0].mean(axis=0)
    missed = np.abs(ours - walked).sum(axis=1) / walked.sum(axis=1)
    assert missed.mean() < 0.01


def day_by_day(program: Program, *, stochastic: bool) -> list[tuple[float, float]]:
    """People in the program and people entered so far, at the end of every day."""
    luck = Luck(5, np.arange(3), 0, stochastic)
    state = begin(program, luck)
    found, entered = [], 0.0
    for t in range(len(program.dates)):
        run_days(program, state, luck, range(t, t + 1))
        whole = program.entry[t].sum()
        entered += whole
        assert (state.counts > -1e-6).all()
        found.append((float(state.counts[1].sum()), entered))
    return found


@pytest.mark.parametrize("stochastic", [True, False])
def test_people_are_conserved_every_day(scenario: Scenario, stochastic: bool) -> None:
    for there, entered in day_by_day(compile_scenario(scenario), stochastic=stochastic):
        assert there == pytest.approx(entered, abs=1e-6 if not stochastic else 0.5)


def test_same_seed_same_bytes(scenario: Scenario) -> None:
    one, two = (simulate(scenario, members=9, seed=2, workers=n) for n in (1, 2))
    xr.testing.assert_identical(one, two)
    more = simulate(scenario, members=40, seed=2, workers=1)
    assert (more["waiting"].values[:, :9] == one["waiting"].values).all()


def test_a_border_that_stays_open_changes_nothing_before_its_day(scenario: Scenario) -> None:
    pair = simulate([scenario, scenario.without("closure-1")], members=3, seed=2, workers=1)
    waiting = pair["waiting"].values
    assert (waiting[0, :, :2] == waiting[1, :, :2]).all()
    assert (waiting[0, :, 4] != waiting[1, :, 4]).any()


def test_nobody_crosses_a_closed_border(tmp_path: Path) -> None:
    folder, settings = crisis(tmp_path)
    (folder / "input_csv/closures.csv").write_text("country,Home,Away,0,-1\n")
    shut = rumbo.read_flee(folder, settings)
    found = camps(shut, simulate(shut, members=2, seed=1, workers=1))
    assert (np.diff(found.sum(axis=2), axis=1) <= 0).all()
    assert found[0, 0].sum() == pytest.approx(1000, abs=10)


def test_people_on_a_road_that_closes_are_put_back(tmp_path: Path) -> None:
    folder, settings = crisis(tmp_path, speed=100)
    (folder / "input_csv/closures.csv").write_text("link,Corm,Esk,0,-1\ncountry,Home,Away,8,-1\n")
    shut = rumbo.read_flee(folder, settings)
    run = simulate(shut, mode="expected", workers=1)
    found = camps(shut, run)[0].sum(axis=1)
    left = 0.001 * found[8] * 3  # who had set out from a camp is put back there too
    assert found[9] <= found[8] + left
    assert run["travelling"].values[0, 0, 8] > 100


def test_settings_shape_the_structure_and_may_not_change(scenario: Scenario) -> None:
    changed = scenario.change("flight.reach", 100, since="2020-01-10")
    with pytest.raises(Faults, match=r"flight\.reach changes during the run"):
        compile_scenario(changed)


@pytest.mark.parametrize("rule", ["stints", "room", "closures"])
def test_a_rule_can_be_switched_off(scenario: Scenario, rule: str) -> None:
    pair = simulate([scenario, scenario.without(rule)], mode="expected", workers=1)
    waiting = pair["waiting"].values
    assert np.abs(waiting[0] - waiting[1]).max() > 50


def test_a_written_crisis_is_the_same_corridor(scenario: Scenario, tmp_path: Path) -> None:
    again = rumbo.load(scenario.write(tmp_path / "written"))
    pair = [simulate(one, members=2, seed=1, workers=1) for one in (scenario, again)]
    for name in pair[0].data_vars:
        assert (pair[0][name].values == pair[1][name].values).all(), name


def ground_of(scenario: Scenario, **fixed: float) -> Ground:
    links = len(scenario.network.links)
    values = {
        "flight.awareness": 1.0, "flight.reach": 400.0, "flight.walk": 35.0,
        "flight.on_foot": 0.0,
    }  # fmt: skip
    known = {name: np.array(value) for name, value in (values | fixed).items()}
    return Ground(
        scenario.network, ("displaced",), 1.0, ("road",), scenario.roles,
        {**known, "flight.walking": np.zeros(links)},
    )  # fmt: skip


def test_ways_seen_from_a_place(scenario: Scenario) -> None:
    ground = ground_of(scenario)
    name = ground.place_names

    def seen(start: str, awareness: int) -> set[str]:
        ways = ways_from(ground, name.index(start), awareness)
        return {">".join(name[stop] for stop in way.stops) for way in ways}

    assert seen("Gorr", 1) == {"Fell", "Hask>Esk"}  # the marker is passed and never the end
    assert seen("Berk", 1) == {"Corm", "Alda"}
    assert seen("Berk", 2) == {
        "Corm", "Alda", "Corm>Alda", "Corm>Dun", "Corm>Fell", "Corm>Esk", "Alda>Corm",
    }  # fmt: skip


def test_weights_of_ways_by_hand(scenario: Scenario) -> None:
    ground = ground_of(scenario)
    name, ways = ground.place_names, plan(ground).journey.ways
    score, links = np.ones(len(name)), len(scenario.network.links)
    score[name.index("Esk")] = 3.0
    values = {
        "link.open": np.ones(links), "flight.roads": np.ones(links), "flight.score": score,
        "flight.softening": np.array(50.0), "flight.distance_power": np.array(0.5),
        "flight.weight_softening": np.array(1.0), "flight.weight_power": np.array(2.0),
    }  # fmt: skip

    def weights() -> np.ndarray:
        return way_weights(values, ground)

    found = dict(zip(((w.start, w.stops) for w in ways), weights(), strict=True))
    hub, marker, camp = (name.index(one) for one in ("Gorr", "Hask", "Esk"))
    assert found[hub, (marker, camp)] == pytest.approx(((1 + 3) / (50 + 120 + 410) ** 0.5) ** 2)
    values["link.open"][[*scenario.network.links["id"]].index("Hask>Esk:road")] = 0.0
    shut = dict(zip(((w.start, w.stops) for w in ways), weights(), strict=True))
    assert shut[hub, (marker, camp)] == 0.0


@pytest.mark.parametrize("days", np.linspace(0.0, 0.999, 23))
def test_the_scale_of_a_day_keeps_the_mean(days: float) -> None:
    shares = on_day(days)
    assert sum(share for _, share in shares) == pytest.approx(1.0)
    assert sum(covered(point) * share for point, share in shares) == pytest.approx(days)


@pytest.mark.parametrize("days", np.linspace(0.0, 2.0, 17))
def test_the_scale_of_recent_travel_keeps_the_mean_up_to_its_top(days: float) -> None:
    shares = on_scale(days, LONGEST)
    mean = sum(point * share for point, share in shares) / SCALE
    assert mean == pytest.approx(min(days, LONGEST / SCALE))


def test_days_of_a_crisis_by_hand(tmp_path: Path) -> None:
    """Zones, decay and who is displaced: Berk joins on day 5, and half of Alda counts from 10."""
    folder, settings = crisis(tmp_path)
    read, faults = read_crisis(folder, settings)
    assert not faults
    days = Days(read)
    alda, berk, corm = range(3)
    assert days.chance[4, [alda, berk, corm]].tolist() == [1.0, 0.5, 0.5]
    assert days.chance[5, berk] == 1.0
    assert days.score[3, alda] == 0.25
    assert days.score[12, alda] == 0.25**0.5
    share = days.displaced[12] / days.displaced[12].sum()
    assert share[[alda, berk]].tolist() == pytest.approx([500 / 1000, 500 / 1000])
    share = days.displaced[3] / days.displaced[3].sum()
    assert share[alda] == 1.0
    assert days.registered.sum() == 1000
