"""Shared by tests: the smallest corridor, variants of it, and a look into a compiled program."""

import csv
import shutil
from pathlib import Path

import numpy as np

from rumbo.engine.space import NOWHERE
from rumbo.run.program import Program, compile_scenario
from rumbo.scenario.scenario import Scenario, load

THREE_PLACES = Path(__file__).parent.parent / "examples" / "three_places"

QUIET = "shocks"
"""Rule to switch off where a test needs no noise."""


def three_places() -> Scenario:
    """Return the smallest corridor."""
    return load(THREE_PLACES)


def variant(folder: Path, **rows: list[dict[str, object]]) -> Scenario:
    """Return the smallest corridor with rows added to its tables; copied into ``folder``."""
    shutil.copytree(THREE_PLACES, folder, dirs_exist_ok=True)
    for table, added in rows.items():
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            for row in added:
                writer.writerow({"source": "assumed"} | row if "source" in columns else row)
    return load(folder)


def crowded(folder: Path) -> Scenario:
    """The smallest corridor with people at its gate, people already there, and dispersal."""
    inflows = [
        {"month": "2024-02", "place": "north_port", "group": "OTH-adult", "route": "port"},
        {"month": "2024-01", "place": "middle_town", "group": "OTH-family",
         "route": "already_there"},
    ]  # fmt: skip
    settings = [
        {"parameter": "dispersal.rate", "at": "north_crossing", "value": 0.2, "unit": "1/day"},
        {"parameter": "dispersal.to", "at": "middle_town", "value": 1, "unit": "weight"},
        {"parameter": "dispersal.seats", "value": 3, "unit": "persons/day"},
        {"parameter": "present.coverage", "value": 1, "low": 0.5, "high": 2, "unit": "factor"},
    ]
    more = [row | {"persons": 580} for row in inflows]
    return variant(folder, inflows=more, settings=settings)


def rates(scenario: Scenario, kind: str, day: int = 0, group: int = 0) -> dict[tuple, float]:
    """Return rates by (source place, times moved, target place) of one kind on one day."""
    program = compile_scenario(scenario)
    table = program.rate[program.segment[day]][group]
    places = program.labels["place"]
    found: dict[tuple, float] = {}
    for m in program.space.of(kind).tolist():
        move = program.space.moves[m]
        at = move.source.at
        source = program.labels["link"][at] if move.source.status == "travelling" else places[at]
        target = "" if move.place == NOWHERE else places[move.place]
        if move.link != NOWHERE and kind != "stop":
            target = program.labels["link"][move.link]
        name = (source, move.source.moved, target)
        found[name] = found.get(name, 0.0) + float(table[m])
    return found


def total(program: Program, counts: np.ndarray) -> np.ndarray:
    """Return people in the corridor by member and group."""
    return counts.sum(axis=2)
