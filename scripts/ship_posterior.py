"""Put part of a posterior's draws into the package, as the corridor's own.

    python scripts/ship_posterior.py runs/fit/posterior.npz
    python scripts/ship_posterior.py runs/fit-2024-10-31/posterior.npz --by-day

The second names it by the day as of which it is, for outlooks of that day.

Draws are in such an order that the first ones stand for all; fewer keep the file small.
"""

import sys
from dataclasses import replace
from pathlib import Path

import rumbo
from rumbo.answers.outlook.ahead import SHIPPED
from rumbo.scenario.posterior import POSTERIOR, Posterior

DRAWS = 200
"""Draws that are shipped."""

FOLDER = Path(rumbo.__file__).parent / "corridors"


def main() -> None:
    """Write the first draws into the corridor's folder."""
    whole = Posterior.read(sys.argv[1])
    told = f"{min(DRAWS, whole.draws)} of {whole.draws}, spread out"
    few = replace(whole.first(DRAWS), about={**whole.about, "draws": told})
    name = SHIPPED.format(day=whole.as_of) if "--by-day" in sys.argv else POSTERIOR
    path = few.write(FOLDER / whole.corridor / name)
    sys.stdout.write(f"{path}: {few.draws} draws, {path.stat().st_size / 1024:.0f} kB\n")


if __name__ == "__main__":
    main()
