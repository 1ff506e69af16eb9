"""Files read and checked, and the calendar made from them."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd

import rumbo
from benchmarks.bundled import CORRIDOR
from benchmarks.made_up import BASE, append
from benchmarks.table import Bench
from benchmarks.timing import ratio
from rumbo.scenario.calendar import Calendar


def reading() -> tuple[str, float]:
    """Reading and checking a corridor of 100,000 inflows over pandas reading the same rows."""
    folder = Path(tempfile.mkdtemp()) / "many"
    shutil.copytree(BASE, folder)
    append(folder, MANY)
    ours, theirs, times = ratio(
        lambda: rumbo.load(folder), lambda: pd.read_csv(folder / "inflows.csv", dtype=str)
    )
    shutil.rmtree(folder.parent)
    return f"{ours:.2f} s against {theirs:.2f} s", times


MANY = {
    "inflows": [
        f"{year}-{month:02d},p{p},OTH-adult,overland,{month}.5,assumed,,"
        for p in range(350) for year in range(1990, 2014) for month in range(1, 13)
    ],
    "places": [f"p{p},P,GT,,1,1,,waypoint,,,,,,assumed," for p in range(350)],
    "links": [f"p{p},south_town,road,1,,,1,x,,,," for p in range(350)],
}  # fmt: skip


def segments() -> tuple[str, float]:
    """Values of a calendar with sixty changes over those with one."""
    many, few, times = ratio(changed(60), changed(1))
    return f"{many:.2f} s against {few:.2f} s", times


def changed(changes: int) -> Callable[[], object]:
    """Return what works out the values of a calendar with so many changes."""
    scenario = base = rumbo.load(CORRIDOR)
    for i in range(changes):
        day = base.start + timedelta(days=3 + i)
        scenario = scenario.change("stay.days", 2 + i, at="country:MX", since=day)
    return lambda: [
        calendar.values(s)
        for calendar in (Calendar(scenario),)
        for s in range(len(calendar.segments))
    ]


BENCHES = (
    Bench("reading", "100,000 rows read and checked / pandas.read_csv", reading, 15, 15),
    Bench("calendar", "calendar of sixty changes / of one", segments, 4, 4),
)
