"""Hold Rumbo against Flee itself on crises in Flee's format. ``make bench-flee`` runs it.

    python -m benchmarks.against_flee CRISES PYTHON [--flee CHECKOUT] [--seeds N] [--only NAME ...]

``CRISES`` is a folder of crises with one ``simsetting.yml``, ``PYTHON`` an interpreter that has
Flee 3.1. Without a checkout, that release is given camps whose capacity stands as the present Flee
reckons it (less those of day 0, times ``capacity_scaling``), which it does not do itself.
"""

import argparse
import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

import rumbo
from rumbo.engine.step import Luck
from rumbo.flee.convert import to_scenario
from rumbo.flee.reader import read_crisis
from rumbo.flee.shares import Numbers
from rumbo.run.days import begin, run_days
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import simulate

HERE = Path(__file__).parent
FOLDS = HERE.parent / "scripts" / "shares_folds.json"

PEOPLE = {
    "burundi2015": 20, "car2013": 50, "mali2012": 20, "ssudan2013": 50, "syria2013": 400,
    "ukraine2022": 4000,
}  # fmt: skip
"""People for whom one agent stands in Flee's sampled runs; 100 in crises not named."""

PUBLISHED = {
    "burundi2015": 0.467, "car2013": 0.366, "mali2012": 0.315, "ssudan2013": 0.548,
    "syria2013": 0.345, "ukraine2022": 0.702,
}  # fmt: skip
"""Errors of Flee at commit 02cd2cbd, mean of seeds 1 to 3, with its authors' settings."""

MEMBERS = 16


class Peer(NamedTuple):
    """What Flee did: errors, camp counts (runs, days, camps), CPU seconds of its day loop."""

    errors: list[float]
    counts: np.ndarray
    camps: list[str]
    cpu: float
    whole: float
    measured: bool


def main() -> None:
    """Run all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crises", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("--flee", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*")
    asked = parser.parse_args()
    asked.crises, asked.flee = asked.crises.resolve(), asked.flee and asked.flee.resolve()
    settings = asked.crises / "simsetting.yml"
    names = asked.only or sorted(p.name for p in asked.crises.iterdir() if p.is_dir())
    rows = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows.append(row(asked.crises / name, settings, asked))
    show(rows)


def row(folder: Path, settings: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Measure one crisis."""
    peer = run_peer(folder, settings, asked)
    crisis, faults = read_crisis(folder, settings)
    if crisis is None:
        raise SystemExit("\n".join(map(str, faults)))
    scenario = to_scenario(crisis, folder)
    run = simulate(scenario, members=MEMBERS, seed=1)
    score = rumbo.score(run).set_index("scenario")
    names = dict(zip(crisis.locations["name"], scenario.network.places["id"], strict=True))
    ours = run["waiting"].sel(place=[names[camp] for camp in peer.camps]).values[0].astype(float)
    return {
        "name": folder.name, "peer": peer, "score": score, "cpu": own_cpu(scenario),
        "apart": apart(ours, peer), "learned": learned(folder, settings),
    }  # fmt: skip


def run_peer(folder: Path, settings: Path, asked: argparse.Namespace) -> Peer:
    """Run Flee at its sample size with several seeds, and once with everybody where it is small."""
    people = PEOPLE.get(folder.name, 100)
    with tempfile.TemporaryDirectory() as made:
        crisis = folder if asked.flee else like_present(folder, settings, Path(made))
        runs = [call(crisis, settings, people, s + 1, asked) for s in range(asked.seeds)]
        everybody = call(crisis, settings, 1, 1, asked) if folder.name == "mali2012" else None
    cpu = statistics.mean(run["cpu_seconds"] for run in runs)
    full = runs if everybody is None else [everybody]
    return Peer(
        [run["error"] for run in runs],
        np.array([run["simulated"] for run in full], dtype=float),
        runs[0]["camps"],
        cpu,
        everybody["cpu_seconds"] if everybody else cpu * people,
        everybody is not None,
    )


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


def like_present(folder: Path, settings: Path, work: Path) -> Path:
    """Copy a crisis with the capacities that the present Flee reckons with."""
    crisis, _ = read_crisis(folder, settings)
    if crisis is None:
        raise SystemExit(f"{folder} cannot be read")
    there = dict(zip(crisis.registers.names, crisis.registers.corrected().daily(1)[0], strict=True))
    copy = work / folder.name
    shutil.copytree(folder, copy)
    path = copy / "input_csv" / "locations.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    for one in rows:
        if one and "camp" in one[5].lower() and one[7].strip():
            left = int(one[7]) - int(there.get(one[0].strip(), 0))
            one[7] = str(int(left * crisis.settings.capacity_scaling))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return copy


def own_cpu(scenario: "rumbo.Scenario") -> float:
    """CPU seconds of one run among some side by side, by the day loop alone as for Flee."""
    program = compile_scenario(scenario)
    luck = Luck(1, np.arange(MEMBERS), 0, True)
    run_days(program, begin(program, MEMBERS), luck, range(3))
    before = time.process_time()
    run_days(program, begin(program, MEMBERS), luck, range(len(program.dates)))
    return (time.process_time() - before) / MEMBERS


def apart(ours: np.ndarray, peer: Peer) -> float:
    """Mean over days of the sum over camps of |ours - Flee's| over all in camps; means of runs."""
    mine, theirs = ours.mean(axis=0), peer.counts.mean(axis=0)
    whole = np.maximum(theirs.sum(axis=1), 1.0)
    return float((np.abs(mine - theirs).sum(axis=1) / whole).mean())


def learned(folder: Path, settings: Path) -> Any:
    """Score learned shares with numbers fitted on the other crises; None for an unknown crisis."""
    folds = json.loads(FOLDS.read_text())["without capacities"]
    if folder.name not in folds:
        return None
    numbers = Numbers(**folds[folder.name])
    return rumbo.score(rumbo.learn_shares(folder, settings, numbers=numbers)).set_index("scenario")


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print two tables: Flee's rules against Flee, and learned shares against both."""
    console = Console(width=150)
    first = Table(
        "crisis", "Flee (sd)", "Flee, published", "ours", "apart", "camps apart", "Flee CPU s",
        "all, CPU s", "ours CPU s", "times faster", "all", title="Flee's rules",
    )  # fmt: skip
    for one in rows:
        peer, error = one["peer"], one["score"].loc["base", "error"]
        mean = statistics.mean(peer.errors)
        spread = statistics.stdev(peer.errors) if len(peer.errors) > 1 else float("nan")
        first.add_row(
            one["name"], f"{mean:.3f} ({spread:.3f})", f"{PUBLISHED.get(one['name'], np.nan):.3f}",
            f"{error:.3f}", f"{error - mean:+.3f}", f"{one['apart']:.3f}", f"{peer.cpu:.1f}",
            f"{peer.whole:.0f}" + ("" if peer.measured else " *"), f"{one['cpu']:.3f}",
            f"{peer.cpu / one['cpu']:.0f}", f"{peer.whole / one['cpu']:.0f}",
        )  # fmt: skip
    console.print(first)
    console.print("* CPU time of the sampled run times the people an agent stands for.")
    second = Table(
        "crisis", "learned", "Flee", "from day 30", "shares held", "CRPS", "in 50 %", "in 90 %",
        title="Learned shares: numbers fitted on the other crises, origins every 30 days",
    )  # fmt: skip
    for one in (one for one in rows if one["learned"] is not None):
        best, held = one["learned"].loc["learned"], one["learned"].loc["shares held at day 30"]
        second.add_row(
            one["name"], f"{best['error']:.3f}", f"{statistics.mean(one['peer'].errors):.3f}",
            f"{best['error_from_day30']:.3f}", f"{held['error_from_day30']:.3f}",
            f"{best['crps']:.3f}", f"{best['cover_50']:.2f}", f"{best['cover_90']:.2f}",
        )  # fmt: skip
    console.print(second)


if __name__ == "__main__":
    main()
