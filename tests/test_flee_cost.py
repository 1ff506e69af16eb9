"""What it costs that people of a crisis see far: said beforehand, and refused where too much."""

from itertools import combinations
from pathlib import Path

import flee_folder
import pytest
from command_line import here

from rumbo.cli.cost import CELLS_A_WAY, MOVES_A_WAY, ways_cost, weigh_ways
from rumbo.flee import read_flee
from rumbo.run.program import compile_scenario
from rumbo.run.spec import RunSpec
from rumbo.scenario.scenario import Scenario


def crisis(to: Path, aware: int, towns: int = 0) -> Path:
    """Write a crisis whose people see some links ahead, with more towns, all linked."""
    folder = flee_folder.write(to)
    names = [f"Town{i}" for i in range(towns)]
    rows = "".join(f"{name},North,Home,10.0,20.0,town,,200\n" for name in names)
    roads = "".join(f"{one},{other},90,\n" for one, other in combinations([*names, "Alda"], 2))
    for name, more in (("locations", rows), ("routes", roads)):
        path = folder / f"input_csv/{name}.csv"
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    settings = folder / "simsetting.yml"
    text = settings.read_text(encoding="utf-8").rstrip()
    settings.write_text(
        text.replace("move_rules:", f"move_rules:\n  awareness_level: {aware}"), encoding="utf-8"
    )
    return folder


def spec(scenario: Scenario) -> RunSpec:
    return RunSpec.of(scenario, 2)


def test_ways_are_counted_before_anything_is_made_ready(tmp_path: Path) -> None:
    scenario = read_flee(crisis(tmp_path, 3))
    cost, space = ways_cost(scenario), compile_scenario(scenario).space
    assert cost.links == 3
    assert len(space.moves) == pytest.approx(MOVES_A_WAY * cost.ways, rel=0.5)
    assert len(space.compartments) == pytest.approx(CELLS_A_WAY * cost.ways, rel=0.5)


@pytest.mark.parametrize("aware", [0, 1, 3])
def test_up_to_three_links_ahead_nothing_is_said(tmp_path: Path, aware: int) -> None:
    assert weigh_ways(spec(read_flee(crisis(tmp_path, aware))), 1, yes=False) == ""


def test_more_links_ahead_are_weighed(tmp_path: Path) -> None:
    line = weigh_ways(spec(read_flee(crisis(tmp_path, 4))), 1, yes=False)
    assert line.startswith("awareness_level: people who see 4 links ahead know 20 ways, ")
    assert "about 140 compartments and 1,400 moves, and need 3 MB of memory" in line


def test_very_many_ways_need_a_yes(tmp_path: Path) -> None:
    folder = crisis(tmp_path, 7, towns=5)
    done = here("flee", folder, "--members", 2, "--workers", 50)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("awareness_level: people who see 7 links ahead")
    assert "add --yes to run it all the same" in done.stderr
    assert weigh_ways(spec(read_flee(folder)), 50, yes=True).startswith("awareness_level: ")
