"""Measure Rumbo against floors and goals, and print the table. ``make bench`` runs it.

Figures are ratios of two things measured in turn in one run, from which the machine's own speed
drops out, or CPU time. What the table holds for this code is not measured again.
"""

import argparse
from pathlib import Path

from benchmarks import (
    clusters,
    comparison,
    compiling,
    days,
    fits,
    inputs,
    main_job,
    members,
    plain_c,
    studio,
    ways,
)
from benchmarks.table import KEPT, Bench, Table, fill, show

QUICK = (main_job, ways, inputs, plain_c, days, compiling, comparison, members, clusters, studio)
SUITES = {
    "main": [bench for subject in QUICK for bench in subject.BENCHES],
    "fit": list(fits.BENCHES),
}


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suite", nargs="?", choices=list(SUITES), default="main")
    only = {"action": "append", "choices": sorted(known()), "metavar": "NAME"}
    parser.add_argument("--only", **only, help="measure this row alone; can be given again")
    parser.add_argument("--again", action="store_true", help="measure also what the table holds")
    parser.add_argument("--table", type=Path, default=KEPT, help="the file that holds the table")
    return parser.parse_args()


def chosen(given: argparse.Namespace) -> list[Bench]:
    """Return what is to be measured."""
    if not given.only:
        return SUITES[given.suite]
    return [bench for suite in SUITES.values() for bench in suite if bench.name in given.only]


def known() -> set[str]:
    """Return the names of all benchmarks but those of crises, whose table tells more beside."""
    return {bench.name for suite in SUITES.values() for bench in suite}


def main() -> None:
    """Measure what is asked for and print all that the table holds for this code."""
    given = arguments()
    table = Table(given.table)
    for row in fill(chosen(given), table, again=given.again):
        print(f"{row.name}: {row.text}", flush=True)
    show(row for row in table.rows().values() if row.name in known() or row.floor is not None)


if __name__ == "__main__":
    main()
