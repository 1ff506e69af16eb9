"""Run the simulator Flee itself on one crisis, and write what it did as JSON.

Run this with an interpreter that has Flee (3.1 as published, or a checkout given by ``--flee``):

    python benchmarks/flee_peer.py CRISIS SETTINGS.yml PEOPLE SEED DAYS OUT.json [--flee CHECKOUT]

``CRISIS`` is a folder with ``input_csv`` and ``source_data``; ``PEOPLE`` is how many people one
agent stands for, ``DAYS`` how many days to run (0: all). Flee keeps its state in modules, so this
does one run and ends. The time is that of the day loop alone, in CPU seconds. Nothing of Rumbo is
imported, and nothing of Flee is changed.
"""

import argparse
import contextlib
import csv
import gc
import importlib.metadata
import inspect
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

LINKED = ("input_csv", "source_data", "location_changes.csv")


def arguments() -> argparse.Namespace:
    """Return what is to be run."""
    parser = argparse.ArgumentParser(description="Run Flee on one crisis and write JSON.")
    parser.add_argument("crisis", type=Path)
    parser.add_argument("settings", type=Path)
    parser.add_argument("people", type=int, help="people that one agent stands for")
    parser.add_argument("seed", type=int)
    parser.add_argument("days", type=int, help="0: as many as the crisis has")
    parser.add_argument("out", type=Path)
    parser.add_argument("--flee", type=Path, help="a checkout to use instead of the installed one")
    return parser.parse_args()


def prepared(crisis: Path, settings: Path, people: int, work: Path) -> Path:
    """Fill a working folder, as Flee reads some files from wherever it runs."""
    import yaml

    for name in LINKED:
        if (crisis / name).exists():
            (work / name).symlink_to((crisis / name).resolve())
    wanted = yaml.safe_load(settings.read_text(encoding="utf-8"))
    wanted["optimisations"] = (wanted.get("optimisations") or {}) | {"hasten": people}
    (work / "simsetting.yml").write_text(yaml.safe_dump(wanted), encoding="utf-8")
    return work


@contextlib.contextmanager
def silence(work: Path) -> Iterator[None]:
    """Send what Flee prints to a file; it exits with status 0 on errors, so say its last words."""
    home = Path.cwd()
    os.chdir(work)
    try:
        with (
            Path("flee.log").open("w", encoding="utf-8") as log,
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            yield
    except SystemExit as stop:
        words = Path("flee.log").read_text(encoding="utf-8").splitlines()[-5:]
        raise RuntimeError("Flee stopped: " + " / ".join([str(stop.code), *words])) from stop
    finally:
        os.chdir(home)


def fitting(function: Callable[..., Any], **given: Any) -> dict[str, Any]:
    """Return those of some keyword arguments that this version of a function takes."""
    known = inspect.signature(function).parameters
    return {name: value for name, value in given.items() if name in known}


def period() -> tuple[str, int]:
    """Return the first date and the number of days."""
    with Path("input_csv/sim_period.csv").open(encoding="utf-8") as file:
        found = {row[0].lower(): row[1] for row in csv.reader(file) if len(row) > 1}
    return found["startdate"], int(found["length"])


class Peer:
    """Flee, set up for one crisis in the working folder."""

    def __init__(self) -> None:
        from flee import InputGeography, flee, spawning
        from flee.datamanager import handle_refugee_data
        from flee.SimulationSettings import SimulationSettings

        SimulationSettings.ReadFromYML("simsetting.yml")
        SimulationSettings.ConflictInputFile = "input_csv/conflicts.csv"
        self.spawning, self.settings = spawning, SimulationSettings
        self.start, self.days = period()
        wanted = {"start_date": self.start, "demographics_test_prefix": "input_csv"}
        self.system = flee.Ecosystem(**fitting(flee.Ecosystem.__init__, **wanted))
        self.geography = self.placed(InputGeography.InputGeography())
        self.data = self.counted(handle_refugee_data.RefugeeTable)
        self.camps = [self.place[name] for name in self.system.get_camp_names()]
        for camp in self.camps:
            spawning.add_initial_refugees(self.system, self.data, camp)

    def placed(self, geography: Any) -> Any:
        """Read places, links, closures and conflicts."""
        geography.ReadConflictInputCSV("input_csv/conflicts.csv")
        geography.ReadLocationsFromCSV("input_csv/locations.csv")
        geography.ReadLinksFromCSV("input_csv/routes.csv")
        geography.ReadClosuresFromCSV("input_csv/closures.csv")
        self.system, self.place = geography.StoreInputGeographyInEcosystem(self.system)
        return geography

    def counted(self, table: Callable[..., Any]) -> Any:
        """Read the camps' counts, with the corrections of registrations."""
        wanted = {
            "csvformat": "generic",
            "data_directory": "source_data",
            "start_date": self.start,
            "data_layout": "data_layout.csv",
            "population_scaledown_factor": self.settings.optimisations["PopulationScaleDownFactor"],
            "start_empty": self.settings.spawn_rules.get("EmptyCampsOnDay0", False),
        }
        data = table(**fitting(table.__init__, **wanted))
        data.ReadL1Corrections("input_csv/registration_corrections.csv")
        return data

    def live(self, days: int, from_camps: bool) -> tuple[list[list[int]], int]:
        """Run the days; return agents in each camp at the end of each, and agent-days."""
        spawn = self.spawning.spawn_daily_displaced
        extra = fitting(spawn, SumFromCamps=from_camps)
        found, agent_days = [], 0
        for t in range(days):
            self.geography.AddNewConflictZones(self.system, t)
            spawn(self.system, t, self.data, **extra)
            self.spawning.refresh_spawn_weights(self.system)
            self.system.enact_border_closures(t)
            self.system.evolve()
            found.append([camp.numAgents for camp in self.camps])
            agent_days += len(self.system.agents)
        return found, agent_days


def errors(simulated: np.ndarray, data: np.ndarray) -> dict[str, float]:
    """Return the authors' measure: mean over days of summed differences over summed data."""
    total, true = simulated.sum(axis=1), data.sum(axis=1)
    scale = np.divide(true, total, out=np.zeros(len(true)), where=total > 0)

    def wrong(counts: np.ndarray) -> np.ndarray:
        return np.abs(counts - data).sum(axis=1) / np.maximum(true, 1)

    rescaled = wrong(simulated * scale[:, None])
    late = rescaled[30:] if len(rescaled) > 30 else rescaled
    return {
        "error": float(rescaled.mean()),
        "error_not_rescaled": float(wrong(simulated).mean()),
        "error_from_day_30": float(late.mean()),
    }


def version(checkout: Path | None) -> str:
    """Return which Flee this is."""
    if checkout is None:
        return importlib.metadata.version("flee")
    command = ["git", "-C", str(checkout), "describe", "--tags", "--always"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or str(checkout)


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Set up, run and score one crisis."""
    import yaml

    settings = Path("simsetting.yml").read_text(encoding="utf-8")
    rules = yaml.safe_load(settings).get("spawn_rules") or {}
    random.seed(given.seed)
    np.random.seed(given.seed)  # noqa: NPY002  Flee draws from both global generators
    peer = Peer()
    gc.collect()
    days = given.days or peer.days
    before = time.process_time()
    found, agent_days = peer.live(days, bool(rules.get("sum_from_camps", True)))
    cpu = time.process_time() - before
    data = [[peer.data.get_field(camp.name, t) for camp in peer.camps] for t in range(days)]
    simulated, true = np.array(found), np.array(data)
    return {
        "flee": version(given.flee),
        "crisis": given.crisis.name,
        "people": given.people,
        "seed": given.seed,
        "days": days,
        "camps": [camp.name for camp in peer.camps],
        **errors(simulated.astype(float), true),
        "cpu_seconds": cpu,
        "agents": peer.system.numAgents(),
        "agent_days": agent_days,
        "simulated": (simulated * given.people).tolist(),
        "data": (true * given.people).tolist(),
    }


def main() -> None:
    """Run what the command line asks for."""
    given = arguments()
    if given.flee:
        given.flee = given.flee.resolve()
        sys.path.insert(0, str(given.flee))
    given.out = given.out.resolve()
    with tempfile.TemporaryDirectory() as folder:
        work = prepared(given.crisis, given.settings, given.people, Path(folder))
        with silence(work):
            result = measure(given)
    given.out.write_text(json.dumps(result) + "\n", encoding="utf-8")
    print(f"{given.out.name}: error {result['error']:.3f}, {result['cpu_seconds']:.1f} s")


if __name__ == "__main__":
    main()
