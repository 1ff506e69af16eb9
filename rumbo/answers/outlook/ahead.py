"""The corridor as of a day, run on along every way in which what was announced may turn out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rumbo.answers.outlook.asked import OutlookAsked, OutlookSize, reaching
from rumbo.answers.outlook.refused import refusal
from rumbo.fitting.ahead import extended
from rumbo.fitting.fit import fit
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.fitting.record import SUMS
from rumbo.forecasting.corridor.ahead import (
    FORECAST,
    branches_of,
    events_ahead,
    scenario_ahead,
    wander,
)
from rumbo.run.folder import keep_run
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Months
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.tree.branching import Branch

if TYPE_CHECKING:
    import xarray as xr

SHIPPED = "posterior-{day}.npz"
"""Name of the file in a corridor's folder that holds its fit as of a day."""

KEPT: Mapping[str, tuple[str, ...]] = {
    **SUMS,
    "held": ("place",),
    "passages": ("link",),
    "transfers": ("place",),
    "deaths": (),
    "kidnappings": (),
    "days_waited": (),
}
"""Measures that an outlook tells of, and what each is kept by."""


class Share(NamedTuple):
    """One of the jobs of an outlook, for progress: its number, and how many there are."""

    number: int
    jobs: int


@dataclass(frozen=True, eq=False)
class RunsAhead:
    """Members of every branch ahead of a day.

    Attributes
    ----------
    problem
        The fit as of the day.
    whole
        The corridor as it is known today: only what came afterwards is taken from it.
    months
        Months of the runs, those of the fit first; shape (T,).
    branches
        What may come, with the chance of each; their probabilities sum to one.
    data
        Measures of `KEPT`, dims ``(scenario, member, month, ...)``; a scenario is a branch.
    posterior
        What members were drawn from.
    """

    problem: CorridorProblem
    whole: Scenario
    months: Months
    branches: tuple[Branch[Scenario], ...]
    data: "xr.Dataset"
    posterior: Posterior


def fitted_as_of(
    scenario: Scenario,
    asked: OutlookAsked,
    size: OutlookSize,
    folder: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Return the corridor's fit as of a day: its own, else one made now and kept.

    Parameters
    ----------
    scenario
        The corridor as it is known today.
    asked
        The day among other things.
    size
        Size and luck of a fit that has to be made.
    folder
        Where finished passes are kept; the same call goes on where it stopped.
    workers, progress
        As in `rumbo.fit`.

    Returns
    -------
    Posterior
    """
    own = Path(scenario.folder) / SHIPPED.format(day=asked.as_of)
    if own.is_file():
        return Posterior.read(own)
    found = fit(
        reaching(scenario),
        asked.as_of,
        members=size.members,
        passes=size.passes,
        seed=size.seed,
        workers=workers,
        folder=folder / "fits",
        progress=progress,
    )
    return found.posterior


def branches_ahead(
    then: Scenario, asked: OutlookAsked, language: str = "en"
) -> tuple[Branch[Scenario], ...]:
    """Return what may come of events that are decided after the day, with the chance of each.

    Parameters
    ----------
    then
        The corridor as it was known on the day, run on.
    asked
        The day, and the events to branch on.
    language
        Of what is refused.

    Returns
    -------
    tuple of Branch
        One, called `ALONE`, where nothing is to be decided.

    Raises
    ------
    Faults
        If an event that is asked for has no outcome ahead.
    """
    ahead = events_ahead(then, asked.as_of)
    for event in asked.events:
        if event not in ahead:
            names = ", ".join(ahead) or "\u2013"
            told = {"event": event, "day": asked.as_of, "end": then.end, "names": names}
            raise refusal("event", language, **told)
    return branches_of(then, asked.events or ahead)


def shipped_days(scenario: Scenario) -> list[str]:
    """Return the days as of which a corridor brings a fit, oldest first, as year-month-day."""
    return sorted(
        path.stem.removeprefix(SHIPPED.partition("{")[0])
        for path in Path(scenario.folder).glob(SHIPPED.format(day="????-??-??"))
    )


def run_branches_ahead(
    scenario: Scenario,
    asked: OutlookAsked,
    size: OutlookSize,
    folder: Path,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    language: str = "en",
) -> RunsAhead:
    """Fit a corridor as of a day, and run every branch on.

    Parameters
    ----------
    scenario
        The corridor as it is known today; runs look at nothing that was known after the day.
    asked
        What is asked.
    size
        Size and luck.
    folder
        Where the fit and the runs are kept; the same call goes on where it stopped.
    workers, progress
        As in `rumbo.simulate`.
    language
        Of what is refused.

    Returns
    -------
    RunsAhead

    Raises
    ------
    Faults
        If an event that is asked for has no outcome ahead.
    """
    problem, until = set_up(reaching(scenario), asked.as_of), asked.months[-1]
    then = scenario_ahead(problem, scenario, until, FORECAST).named("outlook")
    branches_ahead(then, asked, language)
    posterior = fitted_as_of(scenario, asked, size, folder, workers, _part(progress, Share(0, 2)))
    more = int((until - np.datetime64(posterior.months[-1], "M")).astype(int))
    draws = dealt_out(posterior, size.drawn)
    draws = extended(draws, more, wander(problem, FORECAST), size.seed)
    branches = branches_ahead(then.fitted(draws), asked, language)
    several = [one.scenario for one in branches]
    spec = RunSpec.of(several, size.drawn, size.seed, by=KEPT)
    with keep_run(folder / "runs" / spec.id, spec) as store:
        data = execute(spec, workers, store, _part(progress, Share(1, 2)))
    months = problem.months[0] + np.arange(int((until - problem.months[0]).astype(int)) + 1)
    return RunsAhead(problem, scenario, months, branches, data, posterior)


def dealt_out(posterior: Posterior, members: int) -> Posterior:
    """Return a posterior with a draw for each member, so that each goes a way of its own ahead.

    Parameters
    ----------
    posterior
        What a fit left.
    members
        Number of members.

    Returns
    -------
    Posterior
        Draws in their order, over again where there are fewer than members.
    """
    at = np.arange(members) % posterior.draws
    return replace(
        posterior,
        values={name: one[at] for name, one in posterior.values.items()},
        paths={name: one[at] for name, one in posterior.paths.items()},
        sets=None if posterior.sets is None else posterior.sets[at],
    )


def _part(progress: Progress | None, share: Share) -> Progress | None:
    """Tell of one of several jobs, each of which takes the same part of the bar."""
    if progress is None:
        return None
    return lambda done, all_: progress(
        round(1_000 * (share.number + done / max(all_, 1))), 1_000 * share.jobs
    )
