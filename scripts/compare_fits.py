"""Hold two fits of a corridor side by side: what they narrowed, how they meet the record, effects.

python scripts/compare_fits.py ONE.npz OTHER.npz [--lever december-2023-deal] [--members 50]
"""

import argparse

import numpy as np
import pandas as pd

import rumbo
from rumbo.fitting.problem import SUMS, CorridorProblem, run_posterior, set_up
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.scenario.posterior import Posterior

MONTHS = ("2024-01", "2024-05")
"""Months over which the lever's effect on encounters in destination zones is told."""

DRAWS = 200
"""Draws that tell it: as many as are shipped."""


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posteriors", nargs=2)
    parser.add_argument("--lever", default="december-2023-deal")
    parser.add_argument("--members", type=int, default=50)
    asked = parser.parse_args()
    both = [Posterior.read(path) for path in asked.posteriors]
    scenario = rumbo.load(both[0].corridor)
    problem = set_up(scenario, both[0].as_of)
    pd.set_option("display.width", 200)
    print(spreads(*both).round(2).to_string())
    print(
        pd.concat([met(problem, one, asked.members) for one in both], axis=1).round(2).to_string()
    )
    for path, one in zip(asked.posteriors, both, strict=True):
        low, middle, high = effect(scenario, one, asked.lever)
        print(f"{asked.lever}, {path}: {middle:+.1%} ({low:+.1%} to {high:+.1%})")


def spreads(one: Posterior, other: Posterior) -> pd.DataFrame:
    """Means and spreads of values that both have, of logs of paths, and how far they lie apart."""
    both = [pair for pair in one.values if pair in other.values]
    table = {" ".join(pair).strip(): _beside(one.values[pair], other.values[pair]) for pair in both}
    for name in one.paths:
        cells = [
            _beside(a, b) for a, b in zip(*map(_cells, (one, other), (name, name)), strict=True)
        ]
        table[f"path of {name}, rms"] = tuple(np.sqrt(np.mean(np.square(cells), axis=0)))
    columns = ["mean", "mean of other", "sd", "sd of other", "apart, in sd"]
    return pd.DataFrame.from_dict(table, orient="index", columns=columns)


def _cells(one: Posterior, name: str) -> np.ndarray:
    """Draws of every month and nationality of a path; shape (months x nationalities, K)."""
    return np.asarray(one.paths[name], dtype=np.float64).reshape(one.draws, -1).T


def _beside(a: np.ndarray, b: np.ndarray) -> tuple[float, ...]:
    sd = max(float(a.std()), 1e-9)
    return a.mean(), b.mean(), a.std(), b.std(), (b.mean() - a.mean()) / sd


def met(problem: CorridorProblem, posterior: Posterior, members: int) -> pd.DataFrame:
    """How drawn members meet the figures: root mean square of the log, cover of 50 and 90 %."""
    predicted = run_posterior(problem, posterior, members=members, seed=7)
    seen = problem.observations
    low, near, middle, far, high = np.quantile(predicted, (0.05, 0.25, 0.5, 0.75, 0.95), axis=1)
    table = pd.DataFrame(
        {
            "view": np.where(seen.group < 0, seen.view + ", total", seen.view),
            "rms": (middle - seen.value) ** 2,
            "in 50 %": (near <= seen.value) & (seen.value <= far),
            "in 90 %": (low <= seen.value) & (seen.value <= high),
        }
    )
    return table.groupby("view").mean().assign(rms=lambda one: np.sqrt(one["rms"]))


def effect(scenario: rumbo.Scenario, posterior: Posterior, lever: str) -> np.ndarray:
    """Change of encounters in destination zones by a lever: 5, 50 and 95 % of draws, expected."""
    fitted, draws = scenario.fitted(posterior), min(DRAWS, posterior.draws)
    runs = execute(RunSpec.of([fitted.without(lever), fitted], draws, 7, "expected", SUMS))
    met = runs["encounters"].sel(component=scenario.roles.zones, month=slice(*MONTHS))
    without, with_it = met.sum(["month", "area", "group"]).transpose("scenario", "member").values
    return np.quantile(with_it / without - 1.0, (0.05, 0.5, 0.95))


if __name__ == "__main__":
    main()
