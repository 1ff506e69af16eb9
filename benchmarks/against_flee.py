"""Hold Rumbo against Flee itself on crises in Flee's format. ``make bench-flee`` runs it.

    python -m benchmarks.against_flee CRISES PYTHON [--flee CHECKOUT] [--rounds N] [--only NAME ...]

``CRISES`` is a folder of crises with one ``simsetting.yml``, ``PYTHON`` an interpreter that has
Flee 3.1. Without a checkout, that release is given camps whose capacity stands as the present Flee
reckons it (less those of day 0, times ``capacity_scaling``), which it does not do itself.

In every round Flee runs once with a sample of people, then Rumbo with all of them, some members
side by side; times are CPU seconds of the day loops, ratios are medians over rounds.
"""

import argparse
import json
import math
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table as Printed

import rumbo
from benchmarks.flee_runs import (
    AT_ONCE,
    Case,
    Round,
    call,
    camp_columns,
    like_present,
    read,
    run_rounds,
)
from benchmarks.table import KEPT, Row, Table, digest, package_digest
from rumbo.flee.shares import Numbers
from rumbo.run.simulate import simulate

HERE = Path(__file__).parent
FILES = [HERE / name for name in ("against_flee.py", "flee_runs.py", "flee_peer.py")]
"""What measures."""

FOLDS = HERE.parent / "scripts" / "shares_folds.json"

PUBLISHED = {
    "burundi2015": 0.467, "car2013": 0.366, "mali2012": 0.315, "ssudan2013": 0.548,
    "syria2013": 0.345, "ukraine2022": 0.702,
}  # fmt: skip
"""Errors of Flee at commit 02cd2cbd, mean of seeds 1 to 3, with its authors' settings."""

WALKED = ("mali2012",)
"""Crises small enough to walk everybody; in others a sampled run's time is scaled up."""

ERROR_APART = 0.02
"""Most that our error may differ from Flee's."""

FLOOR, GOAL = 700, 1500
"""Times as much CPU that Flee needs to walk everybody, in every crisis."""

ERRORS = ("Flee (sd)", "published", "ours", "apart", "camps apart")
TIMES = ("Flee CPU s", "everybody, CPU s", "ours, CPU s", "times")
SAME_ERROR = ("sd ours, %", "sd Flee, %", "agents", "agents needed", "needed, CPU s", "times more")
LEARNED = ("learned", "from day 30", "shares held", "CRPS", "in 50 %", "in 90 %")

TABLES = {
    "Flee's rules: errors": ERRORS,
    "Everybody: CPU time of the day loop": TIMES,
    "Equal sampling error of camp counts": SAME_ERROR,
    "Learned shares: numbers fitted on the other crises, origins every 30 days": LEARNED,
}
"""Columns of each table."""

ALWAYS = {*ERRORS, *TIMES, *SAME_ERROR}
"""Columns that every crisis has."""

NOTES = (
    "* CPU time of the sampled run times the people an agent stands for.",
    "sd: of a camp's count between seeds, over everybody displaced, rms over days and camps. Agents"
    " needed: those with which Flee's sd is ours, as its variance falls with their number.",
)


class Figure(NamedTuple):
    """A figure of a crisis: its column, how it reads, and what it is held against."""

    what: str
    text: str
    value: float
    floor: float | None = None
    goal: float | None = None
    sign: str = ">="


def main() -> None:
    """Run all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crises", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("--flee", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="two or more")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--table", type=Path, default=KEPT)
    asked = parser.parse_args()
    asked.crises, asked.flee = asked.crises.resolve(), asked.flee and asked.flee.resolve()
    names = asked.only or sorted(p.name for p in asked.crises.iterdir() if p.is_dir())
    show([row for name in names for row in rows_of(name, Table(asked.table), asked)])


def rows_of(name: str, table: Table, asked: argparse.Namespace) -> list[Row]:
    """Return the rows of a crisis, measured unless the table holds them for this code."""
    code = f"{package_digest()}-{digest(FILES)}-{asked.flee or 'flee 3.1'}-{asked.rounds}"
    held = [row for row in table.rows().values() if (row.what, row.code) == (name, code)]
    if {row.name for row in held} >= {f"{name}: {what}" for what in ALWAYS}:
        return held
    print(f"{name} ...", file=sys.stderr, flush=True)
    rows = [
        Row(f"{name}: {what}", name, *figure, code)
        for what, *figure in figures_of(asked.crises / name, asked)
    ]
    for row in rows:
        table.add(row)
    return rows


def figures_of(folder: Path, asked: argparse.Namespace) -> list[Figure]:
    """Measure one crisis: errors, times, and what equal sampling error would cost Flee."""
    settings = asked.crises / "simsetting.yml"
    case = read(folder, settings)
    with tempfile.TemporaryDirectory() as work:
        given = folder if asked.flee else like_present(case, Path(work))
        rounds = list(run_rounds(case, given, settings, asked))
        walked = call(given, settings, 1, 1, asked) if case.name in WALKED else None
    camps = camp_columns(case, rounds[0].flee["camps"])
    ours = np.concatenate([one.waiting for one in rounds])[:, :, camps].astype(float)
    return [
        *learned(folder, settings),
        *errors(case, rounds, ours, walked),
        *times(rounds, walked, case.people),
        *equal_errors(case, rounds, ours),
    ]


def errors(
    case: Case, rounds: Sequence[Round], ours: np.ndarray, walked: dict[str, Any] | None
) -> Iterator[Figure]:
    """Hold our error and camp counts against Flee's."""
    scored = [one.flee["error"] for one in rounds]
    flee, published = statistics.mean(scored), PUBLISHED.get(case.name, math.nan)
    spread = statistics.stdev(scored)
    run = simulate(case.scenario, members=AT_ONCE, seed=1, workers=1)
    error = float(rumbo.score(run).set_index("scenario").loc["base", "error"])
    theirs = [walked] if walked else [one.flee for one in rounds]
    camps = apart(ours, np.array([one["simulated"] for one in theirs], dtype=float))
    cells = (
        (f"{flee:.3f} ({spread:.3f})", flee),
        (f"{published:.3f}", published),
        (f"{error:.3f}", error),
        (f"{error - flee:+.3f}", abs(error - flee)),
        (f"{camps:.3f}", camps),
    )
    for what, (text, value) in zip(ERRORS, cells, strict=True):
        yield Figure(what, text, value, ERROR_APART if what == "apart" else None, sign="<=")


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Mean over days of the sum over camps of |ours - Flee's| over all in camps; means of runs."""
    mine, other = ours.mean(axis=0), theirs.mean(axis=0)
    in_camps = np.maximum(other.sum(axis=1), 1.0)
    return float((np.abs(mine - other).sum(axis=1) / in_camps).mean())


def times(rounds: Sequence[Round], walked: dict[str, Any] | None, people: int) -> Iterator[Figure]:
    """Hold our CPU time against that of Flee with everybody."""
    sampled = statistics.median(one.flee["cpu_seconds"] for one in rounds)
    own = statistics.median(one.cpu for one in rounds)
    everybody = [
        walked["cpu_seconds"] if walked else one.flee["cpu_seconds"] * people for one in rounds
    ]
    ratio = statistics.median(flee / one.cpu for flee, one in zip(everybody, rounds, strict=True))
    whole = statistics.median(everybody)
    yield Figure("Flee CPU s", f"{sampled:.1f}", sampled)
    yield Figure("everybody, CPU s", f"{whole:,.0f}{'' if walked else ' *'}", whole)
    yield Figure("ours, CPU s", f"{own:.3f}", own)
    yield Figure("times", f"{ratio:,.0f}", ratio, FLOOR, GOAL)


def equal_errors(case: Case, rounds: Sequence[Round], ours: np.ndarray) -> Iterator[Figure]:
    """Say with how many agents, and in what time, Flee knows camps as exactly as one run of ours.

    Flee's variance falls with the number of agents, and its time grows with it.
    """
    everybody = float(case.program.entry.sum())
    theirs = np.array([one.flee["simulated"] for one in rounds], dtype=float)
    own, flee = (100 * sampling_error(counts, everybody) for counts in (ours, theirs))
    agents = statistics.median(one.flee["agents"] for one in rounds)
    more = (flee / own) ** 2
    seconds = more * statistics.median(one.flee["cpu_seconds"] for one in rounds)
    ratio = more * statistics.median(one.flee["cpu_seconds"] / one.cpu for one in rounds)
    cells = (
        (f"{own:.4f}", own),
        (f"{flee:.4f}", flee),
        (f"{agents:,.0f}", agents),
        (f"{agents * more:,.0f}", agents * more),
        (f"{seconds:,.0f}", seconds),
        (f"{ratio:,.0f}", ratio),
    )
    for what, (text, value) in zip(SAME_ERROR, cells, strict=True):
        yield Figure(what, text, value)


def sampling_error(counts: np.ndarray, everybody: float) -> float:
    """Standard deviation between runs (runs, days, camps) over everybody, rms over the rest."""
    return math.sqrt(counts.var(axis=0, ddof=1).mean()) / everybody


def learned(folder: Path, settings: Path) -> Iterator[Figure]:
    """Score learned shares with numbers fitted on the other crises; none for an unknown crisis."""
    folds = json.loads(FOLDS.read_text())["without capacities"]
    if folder.name not in folds:
        return
    run = rumbo.learn_shares(folder, settings, numbers=Numbers(**folds[folder.name]))
    table = rumbo.score(run).set_index("scenario")
    best, held = table.loc["learned"], table.loc["shares held at day 30"]
    cells = (
        best["error"], best["error_from_day30"], held["error_from_day30"], best["crps"],
        best["cover_50"], best["cover_90"],
    )  # fmt: skip
    for what, value in zip(LEARNED, map(float, cells), strict=True):
        yield Figure(what, f"{value:.{2 if what.startswith('in ') else 3}f}", value)


def show(rows: Sequence[Row]) -> None:
    """Print the tables, a crisis a line, and name the floors that are missed."""
    console = Console(width=150)
    cells: dict[str, dict[str, Row]] = {}
    for row in rows:
        cells.setdefault(row.what, {})[row.name.removeprefix(f"{row.what}: ")] = row
    for title, columns in TABLES.items():
        printed = Printed("crisis", *columns, title=title)
        for name, mine in cells.items():
            if columns[0] in mine:
                printed.add_row(name, *(mine[what].text for what in columns))
        console.print(printed)
    for line in NOTES:
        console.print(line)
    for row in rows:
        if row.meets(row.floor) == "NO":
            console.print(f"missed: {row.name} {row.text}, to be {row.sign} {row.floor:g}")


if __name__ == "__main__":
    main()
