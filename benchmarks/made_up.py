"""Corridors made up for measuring: the smallest example with as many places as asked."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
BASE = ROOT / "examples" / "three_places"
GROUPS = ROOT / "rumbo" / "corridors" / "darien-rio-bravo" / "groups.csv"


def write_corridor(folder: Path, places: int) -> None:
    """Write a corridor with the groups of the bundled one, and 2.5 links a place.

    Parameters
    ----------
    folder
        Where to; it must not be there.
    places
        Number of places made up, between the two southernmost places of the example. Each group
        enters at another of them, so that people are everywhere.
    """
    shutil.copytree(BASE, folder)
    groups = _write_groups(folder)
    links = folder / "links.csv"
    known = links.read_text("utf-8").splitlines(keepends=True)
    links.write_text("".join(row for row in known if not row.startswith("south_town,")), "utf-8")
    append(
        folder,
        {
            "places": [_place(n, places) for n in range(places)],
            "links": _links(places),
            "inflows": [
                f"2024-{month:02d},p{n * places // len(groups)},{group},overland,9,assumed,assumed,"
                for n, group in enumerate(groups)
                for month in range(1, 7)
            ],
        },
    )


def _place(number: int, places: int) -> str:
    north = 15.1 + 4.8 * number / places
    return f"p{number},P{number},MX,,{north:.4f},-95,1000,waypoint,,,,,,assumed,"


def _write_groups(folder: Path) -> list[str]:
    """Write the groups of the bundled corridor, without their sources, and return their ids."""
    with GROUPS.open(encoding="utf-8", newline="") as file:
        rows = [{**row, "source": "assumed"} for row in csv.DictReader(file)]
    with (folder / "groups.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return [row["id"] for row in rows]


def _links(places: int) -> list[str]:
    """Return a chain of all places from the south, and links at random that skip some of it.

    A link is as long as the chain that it skips, so that all lead on.
    """
    rng = np.random.default_rng(places)
    chain = [(n, n + 1) for n in range(places - 1)]
    origin = rng.integers(places, size=3 * places // 2)
    destination = np.minimum(origin + rng.integers(2, 10, size=len(origin)), places - 1)
    further = zip(origin.tolist(), destination.tolist(), strict=True)
    pairs = dict.fromkeys((a, b) for a, b in (*chain, *further) if a < b)
    ends = [_link("south_town", "p0", 1), _link(f"p{places - 1}", "middle_town", 1)]
    return [*ends, *(_link(f"p{a}", f"p{b}", b - a) for a, b in pairs)]


def _link(origin: str, destination: str, length: int) -> str:
    return f"{origin},{destination},bus,{20 * length},,,{length},assumed,R,,Apache-2.0,"


def append(folder: Path, rows: Mapping[str, Iterable[str]]) -> None:
    """Append rows to tables of a corridor's folder."""
    for table, lines in rows.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
