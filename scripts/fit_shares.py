"""Fit the numbers of the learned shares of camps: on six crises, and on five for each left out.

    python scripts/fit_shares.py FOLDER

writes ``shares_folds.json``; those under "all" stand in ``rumbo/flee/shares.py``. What is made
small, on average over the crises: error plus CRPS with origins every 30 days over Flee's error;
half of the same with one origin on day 30 over the error of frozen shares; and a penalty where
90 % intervals hold on less than 0.87 or more than 0.94 of camp-days. Points of a Sobol sequence
are scored on every crisis; each fold starts from the best on its own crises and searches around it.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import numpy as np
from evaluate_shares import FLEE, FOLDS, FROZEN_ON, Array, Scores, frozen, read, scores
from rich.console import Console
from scipy.stats import qmc

from rumbo.flee.learned import normals_of, scored_counts
from rumbo.flee.roads import Roads, known_at
from rumbo.flee.shares import Numbers, share_out

BOX = {
    "distance_power": (0.5, 3.0),
    "prior_strength": (0.05, 3.0),
    "prior_sd": (0.4, 2.5),
    "learned_sd": (0.1, 1.2),
    "drift_sd": (0.1, 0.3),
    "room_power": (0.05, 1.5),
}
"""Bounds of the numbers, searched by their logs; the last only where capacities are used."""

EVERY, LAG = 30, 3
MEMBERS = 100
POINTS, STEPS, WIDTH = 64, 60, 0.3
HELD = (0.87, 0.94)


class Case:
    """A crisis with what is known and drawn at each origin, so that only numbers change."""

    def __init__(self, folder: Path) -> None:
        self.crisis = read(folder)
        self.truth = scored_counts(self.crisis)
        self.roads = Roads.of(self.crisis)
        starts = range(0, self.crisis.days, EVERY)
        self.rolled = [self.origin(o, min(o + EVERY, self.crisis.days), 3) for o in starts]
        self.once = [self.origin(FROZEN_ON, self.crisis.days, 9)]

    @cached_property
    def frozen(self) -> float:
        """Error of frozen shares."""
        return float(frozen(self.truth)[FROZEN_ON:].mean())

    def origin(self, origin: int, end: int, stride: int) -> tuple:
        """Return what is known at an origin, the days forecast, and normals."""
        days = np.arange(origin, end, stride)
        known = known_at(self.crisis, self.roads, origin, LAG)
        return known, days, normals_of(1, np.arange(MEMBERS), origin, days, self.crisis.scored)

    def scores(self, origins: Iterable[tuple], numbers: Numbers) -> Scores:
        """Score forecasts from some origins."""
        totals, drawn, days = self.truth.sum(axis=1), [], []
        for known, asked, normals in origins:
            drawn.append(share_out(known, totals, asked, normals, numbers))
            days.append(asked)
        return scores(np.concatenate(drawn, axis=1), self.truth[np.concatenate(days)])

    def objective(self, numbers: Numbers) -> float:
        """Return what is made small."""
        rolled, once = self.scores(self.rolled, numbers), self.scores(self.once, numbers)
        value = (rolled.error + rolled.crps).mean() / FLEE[self.crisis.name][0]
        value += 0.5 * (once.error + once.crps).mean() / self.frozen
        return float(value + 2.0 * off_target(rolled) + 0.5 * off_target(once))


def off_target(result: Scores) -> float:
    """Return by how much coverage misses its range."""
    held = float(result.in90.mean())
    return max(0.0, HELD[0] - held, held - HELD[1])


def numbers_at(point: Array) -> Numbers:
    """Return the numbers at a point of the unit cube; without room_power, capacities are unused."""
    low, high = np.log([BOX[name] for name in list(BOX)[: len(point)]]).T
    values = (float(f"{x:.3g}") for x in np.exp(low + point * (high - low)))
    return Numbers(**{"room_power": 0.0, **dict(zip(BOX, values, strict=False))})


def search(cases: list[Case], point: Array, best: float) -> tuple[Array, float]:
    """Search around a point, with steps that become shorter."""
    random, width = np.random.default_rng(9), WIDTH
    for _ in range(STEPS):
        step = width * random.standard_normal(len(point)) * (random.random(len(point)) < 0.5)
        other = np.clip(point + step, 0.0, 1.0)
        value = float(np.mean([case.objective(numbers_at(other)) for case in cases]))
        if value < best:
            point, best = other, value
        width *= 0.97
    return point, best


def fit(cases: list[Case], capacities: bool, console: Console) -> dict[str, dict[str, float]]:
    """Return the numbers of every fold, by the crisis left out; "all" leaves out none."""
    pool = qmc.Sobol(len(BOX) - (not capacities), seed=5).random(POINTS)
    table = np.array([[case.objective(numbers_at(u)) for case in cases] for u in pool])
    found = {}
    for left_out in (None, *range(len(cases))):
        keep = [i for i in range(len(cases)) if i != left_out]
        mean = table[:, keep].mean(axis=1)
        start = pool[mean.argmin()], float(mean.min())
        point, best = search([cases[i] for i in keep], *start)
        name = "all" if left_out is None else cases[left_out].crisis.name
        found[name] = asdict(numbers_at(point))
        console.print(name, found[name], f"objective {best:.3f}")
    return found


def main() -> None:
    """Fit with and without capacities."""
    console, cases = Console(width=200), [Case(Path(sys.argv[1]) / name) for name in FLEE]
    found = {}
    for kind in ("without capacities", "with capacities"):
        console.print(kind)
        found[kind] = fit(cases, kind.startswith("with "), console)
        FOLDS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
