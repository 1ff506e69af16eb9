"""What a headline hangs on: every value with a range moved along it, one after the other.

First all values are screened: along each trajectory one after the other is moved by two thirds of
its range, from wherever the others stand (Morris 1991; mu* is that of Campolongo et al. 2007). Then
those that move most are drawn together, and the variance of what comes out is split among them
(`rumbo.fitting.variance`). Designs, and the indices of the screening, are those of SALib (Herman
and Usher 2017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.points import OUTPUTS, Answers, Headline, Pair, run_points
from rumbo.fitting.variance import split
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.scenario import Scenario
from rumbo.scores.sensitivity import HANGS, TOGETHER

TRAJECTORIES = 3
"""Trajectories of the screening: each moves every value once."""

DRAWN = 32
"""Base points of the second part, a power of 2: each is run once for every value and twice more."""

STRONGEST = 10
"""Values that are told apart in the second part."""

ENDS = (0.05, 0.95)
"""Quantiles between which values are moved: the ends that rows state."""

LEVELS = 4
"""Levels of the screening's grid; steps are two thirds of the range, as Morris advises."""

KEY = ("output", "parameter", "lever")

SHARES = ("first", "first_low", "first_high", "total", "total_low", "total_high")


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """What outputs hang on.

    Attributes
    ----------
    table
        By output and (parameter, lever), the strongest first: ``mu_star`` and ``mu``, the mean size
        and the mean of the change from the lower end of the range to the upper one; ``sigma``, how
        far that depends on where other values stand; ``first`` and ``total``, shares of variance
        that the value makes alone and with others, with 90 % ranges; at how many points a factor
        was lowered, and at how many steps no run was possible. The row ``*`` tells of the strongest
        five together.
    reasons
        Why points could not be run, each once.
    """

    table: pd.DataFrame
    reasons: tuple[str, ...]


def sensitivity(
    scenario: Scenario,
    lever: str = "",
    *,
    only: Sequence[str] = (),
    trajectories: int = TRAJECTORIES,
    drawn: int = DRAWN,
    seed: int = 0,
    folder: str | Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find on which values the effect of a lever, people waiting, deaths and stops hang.

    Parameters
    ----------
    scenario
        A scenario with a posterior, whose central draw is run.
    lever
        The lever whose effect is asked; that of the corridor's hindcast, or its first, if empty.
    only
        Parameters to look at; all if empty.
    trajectories
        Size of the screening.
    drawn
        Base points of the second part, a power of 2; 0 leaves it out.
    seed
        Names the points.
    folder
        Where finished points are kept, so that an interrupted study goes on; nowhere if None.
    workers, progress
        As in `rumbo.simulate`.

    Returns
    -------
    Sensitivity

    Raises
    ------
    Faults
        If there is no posterior, no such lever, fewer than two values with a range, or no
        trajectory all of whose points can be run.
    ValueError
        If a size is out of its domain.
    """
    _check_sizes(trajectories, drawn)
    question = Headline.of(scenario, lever)
    pairs = _chosen(question, only)
    screening, more = trajectories * (len(pairs) + 1), drawn * (min(STRONGEST, len(pairs)) + 2)
    seed += 1  # to SALib a seed of 0 is none
    runner = _Runner(
        question, Path(folder) if folder else None, workers, progress, screening + more
    )
    table, answers = _screen(runner, pairs, trajectories, seed)
    reasons = [*answers.reasons]
    if drawn:
        best = _most_moving(table, pairs)
        table, answers = _split(runner, table, best, drawn, seed, screening)
        reasons += answers.reasons
    assert scenario.posterior is not None
    table = _in_order(table).astype({"lowered": "Int64", "impossible": "Int64"})
    told = table.assign(without=question.lever, posterior=scenario.posterior.digest)
    return Sensitivity(told, tuple(dict.fromkeys(filter(None, reasons))))


class _Runner(NamedTuple):
    """Runs points of both parts, with one progress."""

    question: Headline
    folder: Path | None
    workers: int | None
    progress: Progress | None
    total: int

    def run(self, pairs: Sequence[Pair], quantiles: Array, before: int) -> Answers:
        """Run points at quantiles of ranges, some having been run before."""
        tell = self.progress
        return run_points(
            self.question,
            pairs,
            ndtri(quantiles),
            folder=self.folder,
            workers=self.workers,
            progress=tell and (lambda done, _: tell(before + done, self.total)),
        )


def _check_sizes(trajectories: int, drawn: int) -> None:
    if trajectories < 2:
        raise ValueError(f"trajectories must be 2 or more, got {trajectories}")
    if drawn < 0 or drawn & (drawn - 1):
        raise ValueError(f"points must be 0 or a power of 2, such as {DRAWN}, got {drawn}")


def _chosen(question: Headline, only: Sequence[str]) -> tuple[Pair, ...]:
    """Return the pairs that are asked for."""
    known = sorted({parameter for parameter, _ in question.pairs})
    for name in sorted(set(only) - {*known}):
        message = f"no value of '{name}' has a range"
        raise Faults([Fault("sensitivity", 0, message, f"Choose among {', '.join(known)}")])
    pairs = tuple(pair for pair in question.pairs if not only or pair[0] in only)
    if len(pairs) < 2:
        message = f"{len(pairs)} values have a range, expected 2 or more"
        raise Faults([Fault("sensitivity", 0, message, "Give settings low and high")])
    return pairs


def _problem(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return pairs as SALib names them."""
    names = [f"{parameter} {lever}" for parameter, lever in pairs]
    return {"num_vars": len(pairs), "names": names, "bounds": [[*ENDS]] * len(pairs)}


def _screen(
    runner: _Runner, pairs: Sequence[Pair], trajectories: int, seed: int
) -> tuple[pd.DataFrame, Answers]:
    """Move one value after the other along trajectories."""
    from SALib.analyze import morris as screened
    from SALib.sample import morris

    problem = _problem(pairs)
    places = morris.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    answers = runner.run(pairs, places, 0)
    kept = _whole(answers, len(pairs) + 1)
    counts = {
        "lowered": _lowered(pairs, answers),
        "impossible": _impossible(places, answers, len(pairs)),
    }
    parts = []
    for n, output in enumerate(OUTPUTS):
        found = screened.analyze(
            problem, places[kept], answers.values[kept, n], num_levels=LEVELS, seed=seed
        )
        indices = {name: np.asarray(found[name], float) for name in ("mu_star", "mu", "sigma")}
        parts.append(_rows(output, pairs, indices | counts))
    return pd.concat(parts, ignore_index=True), answers


def _whole(answers: Answers, size: int) -> NDArray[np.bool_]:
    """Return which points belong to a trajectory, or a block, all of which could be run."""
    could = np.isfinite(answers.values).all(axis=1).reshape(-1, size)
    if not could.all(axis=1).any():
        reason = next(filter(None, answers.reasons))
        message = f"each of {len(could)} trajectories has a point that cannot be run: {reason}"
        cure = "Narrow the ranges that lead there, or look at other parameters"
        raise Faults([Fault("sensitivity", 0, message, cure.rstrip("."))])
    return np.repeat(could.all(axis=1), size)


def _lowered(pairs: Sequence[Pair], answers: Answers) -> Index:
    """Count by pair the points at which a factor was lowered; shape (K,)."""
    return np.array([answers.lowered[pair].sum() for pair in pairs], dtype=np.int64)


def _impossible(places: Array, answers: Answers, size: int) -> Index:
    """Count by pair the steps at which a run became impossible, or possible again; shape (K,)."""
    could = np.isfinite(answers.values).all(axis=1).reshape(-1, size + 1)
    steps = np.diff(places.reshape(-1, size + 1, size), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    return np.bincount(moved[could[:, 1:] != could[:, :-1]], minlength=size)


def _rows(output: str, pairs: Sequence[Pair], columns: Mapping[str, Array | Index]) -> pd.DataFrame:
    table = pd.DataFrame(pairs, columns=["parameter", "lever"]).assign(**columns)
    table.insert(0, "output", output)
    return table.assign(**dict.fromkeys(SHARES, np.nan))


def _most_moving(table: pd.DataFrame, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs with the largest part in what moves any output."""
    sums = table.groupby("output")["mu_star"].transform("sum")
    part = table["mu_star"] / np.maximum(sums, np.finfo(float).tiny)
    most = part.to_numpy().reshape(len(OUTPUTS), len(pairs)).max(axis=0)
    return [pairs[n] for n in np.argsort(-most, kind="stable")[:STRONGEST]]


def _split(
    runner: _Runner, table: pd.DataFrame, best: list[Pair], drawn: int, seed: int, before: int
) -> tuple[pd.DataFrame, Answers]:
    """Draw the values that move most together, and split the variance among them."""
    from SALib.sample import sobol

    places = sobol.sample(_problem(best), drawn, calc_second_order=False, seed=seed)
    answers = runner.run(best, places, before)
    whole = _whole(answers, len(best) + 2)
    places, kept = _within(places[whole]), answers.values[whole]
    table = table.set_index([*KEY])
    moving = [n for n in range(len(OUTPUTS)) if kept[:, n].std() > 0.0]
    together = []
    for n in moving:
        found = split(places, kept[:, n], len(best) + 2, HANGS, seed)
        rows = [(OUTPUTS[n], *pair) for pair in best]
        table.loc[rows, [*SHARES]] = np.concatenate([found.alone, found.total], axis=1)
        table.loc[rows, "lowered"] += _lowered(best, answers)
        together.append((OUTPUTS[n], TOGETHER, "", *found.together))
    more = pd.DataFrame(together, columns=[*KEY, *SHARES[:3]])
    return pd.concat([table.reset_index(), more], ignore_index=True), answers


def _within(quantiles: Array) -> Array:
    """Return places within ranges, from -1 at the lower end to 1 at the upper one."""
    return (2.0 * quantiles - sum(ENDS)) / (ENDS[1] - ENDS[0])


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by output, the strongest first: by total shares, below them by the mean change."""
    outputs = table["output"].map(OUTPUTS.index)
    apart = table["parameter"] == TOGETHER
    keys = {"apart": apart, "total": -table["total"], "mean": -table["mu_star"]}
    order = pd.DataFrame({"output": outputs, **keys}).sort_values(["output", *keys], kind="stable")
    return table.loc[order.index].reset_index(drop=True)
