"""Fits as of many days and runs beyond them, side by side: in processes, or by a cluster."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from rumbo.files.atomic import is_whole
from rumbo.forecasting.corridor.runs import (
    HindcastSize,
    keep_ahead,
    kept_at,
    make_ahead,
    run_ahead,
)
from rumbo.run.cluster.engine import client_at_hand
from rumbo.run.workers import Progress, run_each
from rumbo.scenario.scenario import Scenario


def run_all(
    scenario: Scenario,
    days: Sequence[date],
    size: HindcastSize,
    runs: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Fit and run on from each of many days, unless that is kept.

    Parameters
    ----------
    scenario
        The corridor as it is known today.
    days
        The days.
    size
        Size and luck.
    runs
        Where runs are kept, as `run_ahead` does.
    workers
        Processes; one for each core if None. Where a cluster is at hand its workers do it, unless
        it is 1.
    progress
        Called after each day.
    """
    if workers == 1 or client_at_hand() is None:
        finished = run_each(partial(_run_one, scenario, size, runs), days, workers)
    else:
        finished = _by_cluster(scenario, size, runs, days)
    with closing(finished):
        for n, _ in enumerate(finished, 1):
            if progress:
                progress(n, len(days))


def _run_one(scenario: Scenario, size: HindcastSize, runs: Path, day: date) -> None:
    run_ahead(scenario, day, size, runs)


def _by_cluster(
    scenario: Scenario, size: HindcastSize, runs: Path, days: Sequence[date]
) -> Generator[tuple[date, None], None, None]:
    """Let a cluster's workers run what is not kept; they may not see the folder, which is ours."""
    paths = {day: kept_at(scenario, day, size, runs) for day in days}
    left = [day for day in days if not is_whole(paths[day])]
    yield from ((day, None) for day in days if day not in left)
    with closing(run_each(partial(make_ahead, scenario, size), left, None)) as finished:
        for day, made in finished:
            keep_ahead(paths[day], made)
            yield day, None
