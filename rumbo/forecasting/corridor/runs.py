"""Runs beyond a day: the corridor fitted as of it, and run on; kept, so that each is made once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.files.atomic import is_whole, write_arrays
from rumbo.files.code import component_digest
from rumbo.fitting.ahead import extended, run_scenarios
from rumbo.fitting.fit import fit
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.forecasting.corridor.ahead import (
    FORECAST,
    VARIANTS,
    branches_of,
    events_ahead,
    scenario_ahead,
    wander,
)
from rumbo.forecasting.form import HORIZON
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Known
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import ZONES
from rumbo.scenario.scenario import Scenario


class HindcastSize(NamedTuple):
    """Size and luck of a hindcast.

    Attributes
    ----------
    members, passes
        Of the fit as of each day.
    drawn
        Members that are run on.
    seed
        Names the luck of all.
    """

    members: int = 160
    passes: int = 2
    drawn: int = 60
    seed: int = 1


USUAL = HindcastSize()
"""A fifth of the usual fit: an origin takes some minutes of one core."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """Runs beyond a day.

    Attributes
    ----------
    months
        Months of the runs, those of the fit first; shape (T,).
    counts
        By variant and view, people by month and nationality; shape (R, T, N).
    """

    months: Months
    counts: dict[tuple[str, str], Array]


def run_ahead(whole: Scenario, as_of: date, size: HindcastSize, folder: Path) -> Ahead:
    """Fit a corridor as of a day and run it on, or read what was kept.

    Parameters
    ----------
    whole
        The corridor as it is known today.
    as_of
        The day; the forecast looks at nothing that was known later.
    size
        Size and luck.
    folder
        Where fits and runs are kept.

    Returns
    -------
    Ahead
        Up to `HORIZON` months after the last figure that was out.
    """
    problem = set_up(whole, as_of)
    path = _place(problem, whole, size, folder)
    if not is_whole(path):
        _write(path, _made(problem, whole, size, folder / "fits"))
    return _read(path)


def kept_at(whole: Scenario, as_of: date, size: HindcastSize, folder: Path) -> Path:
    """Return the file in which `run_ahead` keeps its runs, be it there or not."""
    return _place(set_up(whole, as_of), whole, size, folder)


def make_ahead(whole: Scenario, size: HindcastSize, as_of: date) -> Ahead:
    """Return what `run_ahead` does, where no folder is at hand: nothing is read or kept."""
    return _made(set_up(whole, as_of), whole, size, None)


def keep_ahead(path: Path, made: Ahead) -> None:
    """Keep runs where `run_ahead` looks for them.

    Parameters
    ----------
    path
        As from `kept_at`.
    made
        As from `make_ahead`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, made)


def _made(
    problem: CorridorProblem, whole: Scenario, size: HindcastSize, fits: Path | None
) -> Ahead:
    found = fit(
        whole,
        problem.known.as_of,
        members=size.members,
        passes=size.passes,
        seed=size.seed,
        workers=1,
        folder=fits,
    )
    return _run_on(problem, whole, found.posterior, size)


def _write(path: Path, made: Ahead) -> None:
    arrays = {"|".join(name): counts for name, counts in made.counts.items()}
    write_arrays(path, {"months": made.months.astype(np.int64), **arrays}, compressed=True)


def _place(problem: CorridorProblem, whole: Scenario, size: HindcastSize, folder: Path) -> Path:
    return folder / f"{problem.known.as_of}-{_name(problem, whole, size)}.npz"


def _name(problem: CorridorProblem, whole: Scenario, size: HindcastSize) -> str:
    """Name of a run by all that it depends on; 64 bits tell the few of a folder apart."""
    whole = whole.untested()
    parts = (problem.scenario.untested().digest(), problem.known.digest, whole.digest())
    text = "\n".join((*parts, component_digest(size)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path: Path) -> Ahead:
    with np.load(path, allow_pickle=False) as file:
        names = [name for name in file.files if name != "months"]
        counts = {(name.split("|")[0], name.split("|")[1]): file[name] for name in names}
        return Ahead(file["months"].astype("datetime64[M]"), counts)


def _run_on(
    problem: CorridorProblem, whole: Scenario, posterior: Posterior, size: HindcastSize
) -> Ahead:
    """Run what was known, and what is given, on; runs share the months that they have in common."""
    until = _last(problem.known) + HORIZON
    counts: dict[tuple[str, str], Array] = {}
    more = int((until - problem.months[-1]).astype(int))
    for variant in VARIANTS:
        draws = extended(posterior, more, wander(problem, variant), size.seed)
        ahead = scenario_ahead(problem, whole, until, variant).fitted(draws)
        events = events_ahead(ahead, problem.known.as_of) if variant == FORECAST else ()
        branches = branches_of(ahead, events)
        runs = run_scenarios(problem, [one.scenario for one in branches], size.drawn, size.seed)
        mine = dealt([one.probability for one in branches], len(runs[0][ZONES]), size.seed)
        for view in runs[0]:
            every = np.stack([one[view] for one in runs])
            counts[variant, view] = every[mine, np.arange(len(mine))]
    return Ahead(problem.months[0] + np.arange(len(problem.months) + more), counts)


def dealt(chances: Sequence[float], members: int, seed: int) -> NDArray[np.intp]:
    """Return which of several branches each member goes, so that shares are their chances.

    Parameters
    ----------
    chances
        Of the branches; they sum to one.
    members
        Number of members.
    seed
        Names the order.

    Returns
    -------
    numpy.ndarray
        Numbers of branches; shape (R,).
    """
    rng = np.random.default_rng((seed, 9))
    places = (np.arange(members) + rng.random()) / members
    # The last end may lie a rounding below one.
    ends = np.cumsum(chances)[:-1]
    return rng.permutation(np.searchsorted(ends, places, side="right"))


def _last(known: Known) -> np.datetime64:
    """Last month of which any figure was out."""
    last: np.datetime64 = known.months[-1]
    return last
