"""Venezuelans and Cubans met between ports around the winter of 2024-25, in some runs.

    make run
    python scripts/minds_figures.py runs/december-2023-deal [another run]

Of the first scenario of each run: what was counted, the middle of the members, their 90 % range,
and in how many months the range holds the count.
"""

import sys

import numpy as np

import rumbo
from rumbo.run.folder import open_run
from rumbo.scenario.figures import HINDSIGHT, Key, known

MONTHS = np.arange(np.datetime64("2024-11"), np.datetime64("2025-02"))
NATIONALITIES = ("VEN", "CUB")


def main() -> None:
    """Print the figures of every run."""
    for folder in sys.argv[1:]:
        held = sum(told(folder, nationality) for nationality in NATIONALITIES)
        print(f"{folder}: {held} of {len(MONTHS) * len(NATIONALITIES)} inside")


def told(folder: str, nationality: str) -> int:
    """Print one nationality's months; return how many ranges hold the count."""
    seen = known(rumbo.load("darien-rio-bravo"), HINDSIGHT)
    came = seen.series(Key("encounters", "USBP", nationality=nationality)).since(MONTHS[0])
    runs = open_run(folder).isel(scenario=0)["encounters"].sel(component="USBP").sum("area")
    mine = runs.isel(group=[str(g).startswith(nationality) for g in runs["group"].values])
    held = 0
    for number, month in enumerate(MONTHS):
        people = mine.sum("group").sel(month=month.astype("datetime64[ns]")).values
        low, middle, high = np.quantile(people, [0.05, 0.5, 0.95])
        counted = came.values[number]
        held += bool(low <= counted <= high)
        print(f"{nationality} {month}: {counted:,.0f}; {middle:,.0f} ({low:,.0f} to {high:,.0f})")
    return held


if __name__ == "__main__":
    main()
