"""Score the learned shares of camps on a folder of crises, each with numbers fitted on the others.

    python scripts/evaluate_shares.py FOLDER [--every 30] [--lag 3] [--once DAY] [--capacities]

FOLDER holds a folder in Flee's format for each of the six crises of ``shares_folds.json``, which
`fit_shares.py` writes. Errors are Flee's: what camps are wrong by, added up over camps, over the
total, averaged over days; forecasts are medians scaled to the total.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from rumbo.files.faults import Faults
from rumbo.flee.crisis import Crisis
from rumbo.flee.learned import forecasts, scored_counts
from rumbo.flee.reader import read_crisis
from rumbo.flee.roads import Roads, known_at
from rumbo.flee.shares import Numbers, condense

Array = NDArray[np.float64]

FOLDS = Path(__file__).with_name("shares_folds.json")

FLEE = {
    "burundi2015": (0.467, 0.450),
    "car2013": (0.366, 0.349),
    "mali2012": (0.315, 0.337),
    "ssudan2013": (0.548, 0.529),
    "syria2013": (0.345, 0.329),
    "ukraine2022": (0.702, 0.666),
}
"""Flee's rescaled error, whole and from day 30: measured with Flee at commit 02cd2cbd and the
settings its authors validate with, means of seeds 1 to 3."""

FROZEN_ON = 30
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MEMBERS, SEED = 400, 1


@dataclass(frozen=True)
class Scores:
    """Scores by day, of the days forecast.

    Attributes
    ----------
    error
        Flee's rescaled error of medians; shape (days,).
    crps
        Continuous ranked probability score added up over camps, over the total; shape (days,).
        For a forecast without spread it equals the error.
    in50, in90
        Whether intervals hold the count; shape (days, C).
    """

    error: Array
    crps: Array
    in50: Array
    in90: Array


def read(folder: Path) -> Crisis:
    """Read a crisis."""
    crisis, faults = read_crisis(folder)
    if crisis is None:
        raise Faults(faults)
    return crisis


def folds(capacities: bool) -> dict[str, Numbers]:
    """Return the numbers for each crisis, fitted on the others, and those fitted on all."""
    text = json.loads(FOLDS.read_text(encoding="utf-8"))
    found = text["with capacities" if capacities else "without capacities"]
    return {name: Numbers(**values) for name, values in found.items()}


def off(forecast: Array, truth: Array) -> Array:
    """Return Flee's error of forecasts that sum to the total; shape (days,)."""
    return np.abs(forecast - truth).sum(axis=1) / np.maximum(truth.sum(axis=1), 1.0)


def crps(draws: Array, truth: Array) -> Array:
    """Return the mean of |X - y| less half the mean of |X - X'| over the first axis."""
    n = len(draws)
    rank = (2 * np.arange(1, n + 1) - n - 1)[:, None, None]
    return np.abs(draws - truth).mean(axis=0) - (rank * np.sort(draws, axis=0)).sum(axis=0) / n**2


def scores(draws: Array, truth: Array) -> Scores:
    """Score draws, shape (members, days, C), against counts as finally agreed, shape (days, C)."""
    low, q1, middle, q3, high = np.quantile(draws, QUANTILES, axis=0)
    total = truth.sum(axis=1, keepdims=True)
    scaled = middle * total / np.maximum(middle.sum(axis=1, keepdims=True), 1e-9)
    return Scores(
        off(scaled, truth),
        crps(draws, truth).sum(axis=1) / np.maximum(total[:, 0], 1.0),
        (np.floor(q1) <= truth) & (truth <= np.ceil(q3)),
        (np.floor(low) <= truth) & (truth <= np.ceil(high)),
    )


def frozen(truth: Array) -> Array:
    """Return the error of the shares of day 30, as finally corrected, kept; shape (days,)."""
    shares = truth[FROZEN_ON] / truth[FROZEN_ON].sum()
    return off(shares * truth.sum(axis=1, keepdims=True), truth)


def last_counts(crisis: Crisis, truth: Array, origins: Sequence[int], lag: int) -> Array:
    """Return the error of the last published counts, scaled to the total: no model at all."""
    roads, guess = Roads.of(crisis), np.zeros_like(truth)
    for origin in origins:
        last = condense(known_at(crisis, roads, origin, lag), truth.sum(axis=1)).last
        guess[origin:] = last if last.sum() > 0 else 1.0
    guess = guess[origins[0] :] / guess[origins[0] :].sum(axis=1, keepdims=True)
    truth = truth[origins[0] :]
    return off(guess * truth.sum(axis=1, keepdims=True), truth)


def row(
    crisis: Crisis, numbers: Numbers, origins: Sequence[int], lag: int, members: int = MEMBERS
) -> tuple[dict[str, float], Scores]:
    """Score one crisis; return its line of the table, and scores by day."""
    truth, first = scored_counts(crisis), origins[0]
    draws = forecasts(crisis, truth.sum(axis=1), origins, lag, members, SEED, numbers)
    result, later = scores(draws, truth[first:]), max(FROZEN_ON - first, 0)
    plain = last_counts(crisis, truth, origins, lag)
    line = {
        "error": float(result.error.mean()) if first == 0 else np.nan,
        "Flee": FLEE[crisis.name][0],
        "last counts": float(plain.mean()) if first == 0 else np.nan,
        "error from 30": float(result.error[later:].mean()),
        "Flee from 30": FLEE[crisis.name][1],
        "frozen": float(frozen(truth)[FROZEN_ON:].mean()),
        "last counts from 30": float(plain[later:].mean()),
        "CRPS": float(result.crps.mean()),
        "50 %": float(result.in50.mean()),
        "90 %": float(result.in90.mean()),
    }
    return line, result


def evaluate(
    folder: Path, every: int | None = 30, lag: int = 3, first: int = 0, capacities: bool = False
) -> tuple[dict[str, dict[str, float]], float]:
    """Return the line of each crisis, and how often 90 % intervals hold over all camp-days."""
    numbers, lines, held = folds(capacities), {}, []
    for name in FLEE:
        crisis = read(folder / name)
        origins = range(first, crisis.days, every or crisis.days)
        lines[name], result = row(crisis, numbers[name], origins, lag)
        held.append(result.in90.ravel())
    return lines, float(np.concatenate(held).mean())


def table(title: str, lines: dict[str, dict[str, float]]) -> Table:
    """Lay lines out, and their means."""
    laid, columns = Table(title=title), list(next(iter(lines.values())))
    laid.add_column("crisis")
    for name in columns:
        laid.add_column(name, justify="right")
    means = {c: float(np.mean([line[c] for line in lines.values()])) for c in columns}
    for name, line in {**lines, "mean": means}.items():
        shown = (f"{line[c]:.{2 if '%' in c else 3}f}" for c in columns)
        laid.add_row(name, *("–" if text == "nan" else text for text in shown))
    return laid


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=30, help="days from one origin to the next")
    parser.add_argument("--lag", type=int, default=3, help="days from a count to its publication")
    parser.add_argument("--once", type=int, metavar="DAY", help="one origin, on this day")
    parser.add_argument("--capacities", action="store_true", help="use capacities of camps")
    asked = parser.parse_args()
    every, first = (asked.every, 0) if asked.once is None else (None, asked.once)
    lines, held = evaluate(asked.folder, every, asked.lag, first, asked.capacities)
    when = f"every {every} days" if every else f"once, on day {first}"
    title = f"{when}, lag {asked.lag}, capacities {'used' if asked.capacities else 'not used'}"
    console = Console(width=130)
    console.print(table(title, lines))
    console.print(f"90 % intervals hold on {held:.3f} of all camp-days")


if __name__ == "__main__":
    main()
