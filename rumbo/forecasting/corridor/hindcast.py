"""The corridor held against what came after each of many days, beside the simplest forecast."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.atomic import write_text
from rumbo.files.faults import Fault, Faults
from rumbo.fitting.views import views_of
from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.corridor.ahead import BOTH, FORECAST, JOINED, POLICY, VARIANTS
from rumbo.forecasting.corridor.component import CorridorForecast
from rumbo.forecasting.corridor.runs import USUAL, HindcastSize
from rumbo.forecasting.corridor.side_by_side import run_all
from rumbo.forecasting.evaluate import Evaluation, evaluate
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.panel import day_of
from rumbo.forecasting.published import Joined, OpinionPool, recalibrated
from rumbo.forecasting.question import RECALIBRATED, Question
from rumbo.forecasting.targets import Families
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.edit.outcomes import rows_of_test
from rumbo.scenario.figures import HINDSIGHT, Known, known
from rumbo.scenario.roles import ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scores.quantiles import MIDDLE, ends

FEWEST = 6
"""Months of the run that must have been known: fewer tell a fit next to nothing."""


def origins_of(scenario: Scenario) -> Months:
    """Return the months from which a corridor's hindcasts are made.

    Parameters
    ----------
    scenario
        The corridor.

    Returns
    -------
    numpy.ndarray
        All months by which `FEWEST` months of the run had been known, up to the last that has a
        figure after it.
    """
    start = np.datetime64(scenario.start, "M")
    end = min(np.datetime64(scenario.end, "M") + 1, _last_held(scenario))
    return np.arange(start + FEWEST, end + 1)


def _last_held(scenario: Scenario) -> np.datetime64:
    """Last month that has a figure of the zones after it."""
    total, totals = views_of(scenario.roles)[ZONES].total, totals_of(scenario)
    if ZONES not in totals:
        message = (
            f"figures.csv holds no total of {total.measure} {total.component}, "
            "which hindcasts are held against"
        )
        raise Faults([Fault("hindcast", 0, message, "Add its figures month by month")])
    last: np.datetime64 = known(scenario, HINDSIGHT).series(total).last
    return last - 1


def origins_between(
    scenario: Scenario, first: np.datetime64 | None, last: np.datetime64 | None
) -> Months:
    """Return the origins from one month to another.

    Parameters
    ----------
    scenario
        The corridor.
    first, last
        The months; the first and last of `origins_of` if None.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    Faults
        If there is none, or no hindcast can be made from one of them.
    """
    every = origins_of(scenario)
    if not len(every) and (first is None or last is None):
        message = f"no origin has {FEWEST} months of the run before it and a figure after it"
        cure = "Let the run begin earlier, add later figures, or name origins"
        raise Faults([Fault("hindcast", 0, message, cure)])
    begin, end = every[0] if first is None else first, every[-1] if last is None else last
    months: Months = np.arange(begin, end + 1)
    if not len(months) and len(every) and (first is None or last is None):
        message = f"there is no origin but those from {every[0]} to {every[-1]}"
        raise Faults([Fault("hindcast", 0, message, "Give a month of these")])
    _check(scenario, months)
    return months


def totals_of(scenario: Scenario) -> Families:
    """Return the series that are held against the corridor: totals by view."""
    seen = known(scenario, HINDSIGHT)
    views = views_of(scenario.roles)
    return {
        name: (view.total,)
        for name, view in views.items()
        if view.total in seen.keys(view.total.measure, view.total.component)
    }


def hindcast_corridor(
    scenario: Scenario,
    folder: Path,
    *,
    origins: Months | None = None,
    size: HindcastSize = USUAL,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Forecast from every origin as its day knew it, and twice more with later facts given.

    Parameters
    ----------
    scenario
        The corridor.
    folder
        Where fits, runs, forecasts and scores are kept; the same call goes on where it stopped.
    origins
        Months; `origins_of` if None.
    size
        Size and luck.
    workers
        Processes; one for each core if None. Where a cluster is at hand its workers fit and run,
        unless it is 1.
    progress
        Called after every origin.

    Returns
    -------
    Evaluation
        Of `VARIANTS`, each also joined with the outline, the first also with its spread learned
        from the origins before; of the outline, and of persistence.

    Raises
    ------
    Faults
        If an origin comes before anything of the run was known.
    """
    months = origins_of(scenario) if origins is None else origins
    _check(scenario, months)
    folder.mkdir(parents=True, exist_ok=True)
    days = [day_of(origin) for origin in months]
    run_all(scenario, days, size, folder / "runs", workers, progress)
    models = [CorridorForecast(scenario, folder / "runs", one, size) for one in VARIANTS]
    outline = OutlineForecast()
    joined = {one: OpinionPool((one, outline.name), JOINED[one]) for one in VARIANTS}
    beside: tuple[Joined, ...] = (
        joined[POLICY],
        joined[BOTH],
        recalibrated(FORECAST),
        *RECALIBRATED,
    )
    question = Question(totals_of(scenario), months, 0, stack=joined[FORECAST], beside=beside)
    made = evaluate(scenario, [*models, outline], folder, question, workers=workers)
    table = errors(made, known(scenario, HINDSIGHT))
    write_text(folder / "errors.csv", table.to_csv(index=False, lineterminator="\n"))
    return made


def _check(scenario: Scenario, months: Months) -> None:
    first, last = origins_of(scenario)[:1], _last_held(scenario)
    if not len(months):
        message = "there is no origin: the last month comes before the first"
        cure = "Exchange them"
    elif months[0] < np.datetime64(scenario.start, "M") + 1:
        message = f"origin {months[0]} comes before anything was known of the run"
        cure = f"The first is {first[0]}" if len(first) else "Let the run begin earlier"
    elif months[-1] > last:
        message = f"no figure tells what came after origin {months[-1]}"
        cure = f"The last is {last}"
    else:
        return
    raise Faults([Fault("hindcast", 0, message, cure)])


def errors(made: Evaluation, later: Known) -> pd.DataFrame:
    """Tell where the error of each forecast comes from.

    Parameters
    ----------
    made
        As from `hindcast_corridor`.
    later
        What came.

    Returns
    -------
    pandas.DataFrame
        By family, origin and month ahead: the log of the forecast's middle over what came
        (``error``), and what of it goes once policy (``policy``) and then entries (``entries``) are
        given; what stays with both is ``left``.
    """
    return pd.DataFrame(list(_errors(made, made.panel.outcomes(later))))


def _errors(made: Evaluation, outcomes: Array) -> Iterator[dict[str, object]]:
    panel = made.panel
    logs = {name: panel.forecasts[name][..., MIDDLE] for name in VARIANTS}
    for family, keys in made.families.items():
        k = panel.keys.index(keys[0])
        there = np.isfinite(outcomes[:, k]) & np.isfinite(logs[FORECAST][:, k])
        for o, h in np.argwhere(there):
            gap = {name: float(own[o, k, h] - outcomes[o, k, h]) for name, own in logs.items()}
            yield {
                "family": family,
                "origin": str(panel.origins[o]),
                "horizon": int(h) + 1,
                "month": str(panel.months[o, k, h]),
                "error": gap[FORECAST],
                "policy": gap[FORECAST] - gap[POLICY],
                "entries": gap[POLICY] - gap[BOTH],
                "left": gap[BOTH],
            }


def from_origin(made: Evaluation, later: Known, origin: np.datetime64) -> pd.DataFrame:
    """Return what was forecast from one origin, beside what came, as it is.

    Parameters
    ----------
    made
        As from `hindcast_corridor`.
    later
        What came.
    origin
        The month.

    Returns
    -------
    pandas.DataFrame
        By family, model and month: ``came`` (NaN where not published), and the 5, 50 and 95 %
        quantiles ``low``, ``middle``, ``high``; persons.

    Raises
    ------
    Faults
        If nothing was forecast from it.
    """
    place = place_of(made.panel.origins, origin)
    return pd.DataFrame(list(_of_origin(made, made.panel.outcomes(later), place)))


def place_of(origins: Months, origin: np.datetime64) -> int:
    """Return where an origin stands among others.

    Raises
    ------
    Faults
        If it is none of them.
    """
    found = np.flatnonzero(origins == origin)
    if not len(found):
        cure = f"Choose one from {origins[0]} to {origins[-1]}"
        raise Faults([Fault("hindcast", 0, f"nothing was forecast from {origin}", cure)])
    return int(found[0])


def _of_origin(made: Evaluation, outcomes: Array, o: int) -> Iterator[dict[str, object]]:
    panel = made.panel
    for family, keys in made.families.items():
        k = panel.keys.index(keys[0])
        for model in (*VARIANTS, JOINED[FORECAST], PERSISTENCE.name):
            quantiles = panel.forecasts[model][o, k]
            low, high = ends(quantiles, 0.9)
            for h in np.flatnonzero(np.isfinite(low)):
                logs = (outcomes[o, k, h], low[h], quantiles[h, MIDDLE], high[h])
                names = ("came", "low", "middle", "high")
                persons = dict(zip(names, map(float, np.expm1(logs)), strict=True))
                month = str(panel.months[o, k, h])
                yield {"family": family, "model": model, "month": month, **persons}


def table_of_hindcast(skill: pd.DataFrame, command: str) -> pd.DataFrame:
    """Return what was found as rows of ``tested.csv``.

    Parameters
    ----------
    skill
        Of the evaluation.
    command
        What shows it.

    Returns
    -------
    pandas.DataFrame
        Scores over those of persistence, and shares of months held, `TOLD` months ahead.
    """
    told = skill["model"].isin([*VARIANTS, *JOINED.values()])
    wanted = told & skill["horizon"].isin(TOLD)
    mine = skill[wanted].drop(columns="series")
    score = mine.rename(columns={f"relative_wis_log{end}": name for name, end in ENDS.items()})
    score = score.assign(n=mine["origins"])
    held = mine.assign(value=mine["cover_90"], n=mine["cells"])
    rows = [
        one.assign(figure=kind + one["model"] + "-" + one["horizon"].astype(str))
        for kind, one in (("score-", score), ("held-", held))
    ]
    table = pd.concat(rows, ignore_index=True).rename(columns={"family": "series"})
    return rows_of_test(table, "hindcast", command)


ENDS = {"value": "", "low": "_low", "high": "_high"}
"""Columns of a score and its range, by how the ends of their names read in tables of skill."""

TOLD = (3, 6)
"""Months ahead that are told of."""
