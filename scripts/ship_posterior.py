"""Put part of a posterior's draws into the package, as the corridor's own.

    python scripts/ship_posterior.py runs/fit/posterior.npz

Draws are in such an order that the first ones stand for all; fewer keep the file small.
"""

import sys
from dataclasses import replace
from pathlib import Path

import rumbo
from rumbo.scenario.posterior import POSTERIOR, Posterior

DRAWS = 200
"""Draws that are shipped."""

FOLDER = Path(rumbo.__file__).parent / "corridors"


def main() -> None:
    """Write the first draws into the corridor's folder."""
    whole = Posterior.read(sys.argv[1])
    told = f"{min(DRAWS, whole.draws)} of {whole.draws}, spread out"
    few = replace(whole.first(DRAWS), about={**whole.about, "draws": told})
    path = few.write(FOLDER / whole.corridor / POSTERIOR)
    sys.stdout.write(f"{path}: {few.draws} draws, {path.stat().st_size / 1024:.0f} kB\n")


if __name__ == "__main__":
    main()
