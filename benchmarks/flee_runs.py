"""Runs of Flee and of Rumbo on one crisis, in turn."""

import argparse
import csv
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rumbo.engine.step import Luck
from rumbo.flee.convert import to_scenario
from rumbo.flee.crisis import Crisis
from rumbo.flee.reader import read_crisis
from rumbo.run.days import months_of, run_days
from rumbo.run.program import Program, compile_scenario
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario

HERE = Path(__file__).parent

PEOPLE = {
    "burundi2015": 20, "car2013": 50, "mali2012": 20, "ssudan2013": 50, "syria2013": 400,
    "ukraine2022": 4000,
}  # fmt: skip
"""People for whom one agent stands in Flee's sampled runs; 100 in crises not named."""

AT_ONCE = 8
"""Members side by side; more gain nothing."""


class Round(NamedTuple):
    """One run of Flee, and some of ours: CPU seconds of one, and people (members, days, places)."""

    flee: dict[str, Any]
    cpu: float
    waiting: np.ndarray


class Case(NamedTuple):
    """A crisis ready to run."""

    name: str
    folder: Path
    crisis: Crisis
    scenario: Scenario
    program: Program
    people: int


def read(folder: Path, settings: Path) -> Case:
    """Read and compile a crisis."""
    crisis, faults = read_crisis(folder, settings)
    if crisis is None:
        raise SystemExit("\n".join(map(str, faults)))
    scenario = to_scenario(crisis, folder)
    people = PEOPLE.get(folder.name, 100)
    return Case(folder.name, folder, crisis, scenario, compile_scenario(scenario), people)


def run_rounds(
    case: Case, given: Path, settings: Path, asked: argparse.Namespace
) -> Iterator[Round]:
    """Run Flee and Rumbo in turn, with other seeds and members in every round."""
    own_run(case.program, 0, days=3)  # compiles
    for n in range(asked.rounds):
        flee = call(given, settings, case.people, n + 1, asked)
        yield Round(flee, *own_run(case.program, n, len(case.program.dates)))


def own_run(program: Program, n: int, days: int) -> tuple[float, np.ndarray]:
    """Return CPU seconds of one run among some side by side, and the people at places."""
    luck = Luck(1, np.arange(AT_ONCE) + n * AT_ONCE, 0, True)
    state = begin(program, luck)
    before = time.process_time()
    run_days(program, state, luck, range(days))
    cpu = time.process_time() - before
    return cpu / AT_ONCE, months_of(program, state)["waiting"]


def camp_columns(case: Case, camps: Sequence[str]) -> list[int]:
    """Return the places that the camps of Flee are."""
    number = {name: i for i, name in enumerate(case.crisis.locations["name"])}
    return [number[name] for name in camps]


def call(
    crisis: Path, settings: Path, people: int, seed: int, asked: argparse.Namespace
) -> dict[str, Any]:
    """Run Flee once in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command: list[str | Path] = [
            asked.python.absolute(), HERE / "flee_peer.py", crisis, settings, str(people),
            str(seed), "0", out.name,
        ]  # fmt: skip
        command += ["--flee", asked.flee] if asked.flee else []
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads(Path(out.name).read_text())
    return found


def like_present(case: Case, work: Path) -> Path:
    """Copy a crisis with the capacities that the present Flee reckons with."""
    registers, scaling = case.crisis.registers, case.crisis.settings.capacity_scaling
    there = dict(zip(registers.names, registers.corrected().daily(1)[0], strict=True))
    copy = work / case.name
    shutil.copytree(case.folder, copy)
    path = copy / "input_csv" / "locations.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    for one in rows:
        if one and "camp" in one[5].lower() and one[7].strip():
            left = int(one[7]) - int(there.get(one[0].strip(), 0))
            one[7] = str(int(left * scaling))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return copy
