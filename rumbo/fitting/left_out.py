"""What a fit says of figures that it did not see: one family of series left out after another.

A corridor that agrees with the figures it was fitted to proves that these agree with one another.
Whether it knows anything shows where it is asked for what it was not told. So the whole fit, its
start included, is made again without a family, and its members are run and held against it.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Fault, Faults, choose
from rumbo.fitting.fit import fit
from rumbo.fitting.problem import run_posterior, set_up
from rumbo.fitting.scatter import scattered
from rumbo.fitting.told import met
from rumbo.run.workers import Progress
from rumbo.scenario.edit.outcomes import rows_of_test
from rumbo.scenario.scenario import Scenario
from rumbo.scores.shares import wilson

MEMBERS = 200
"""Members of a fit without a family: enough for its ranges, and a fifth of the cost."""

DRAWN = 100
"""Members that are drawn and held against what was left out."""


def left_out_families(scenario: Scenario, as_of: date | str) -> tuple[str, ...]:
    """Return the families that can be left out: kinds of figures that a fit sees.

    Parameters
    ----------
    scenario
        The corridor.
    as_of
        Day up to which figures had been published.

    Returns
    -------
    tuple of str
        Such as ``zones``, ``zones.areas``, ``queue``.
    """
    return set_up(scenario, as_of).record.kinds


def leave_out(
    scenario: Scenario,
    as_of: date | str,
    family: str,
    *,
    members: int = MEMBERS,
    passes: int = 2,
    seed: int = 0,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Fit without a family of series, and predict it.

    Parameters
    ----------
    scenario, as_of, members, passes, seed, workers, progress
        As in `rumbo.fit`.
    family
        One of `left_out_families`; parts by area go with the whole.
    folder
        Where finished members are kept, so that an interrupted fit goes on.

    Returns
    -------
    pandas.DataFrame
        Every figure left out: family, view, nationality, month, month_end, value, and the 5, 50 and
        95 % quantiles of drawn members. Registers are held against all who enter, whom they miss
        in part.

    Raises
    ------
    Faults
        If there is no such family.
    """
    _check(scenario, as_of, family)
    found = fit(
        scenario,
        as_of,
        members=members,
        passes=passes,
        seed=seed,
        workers=workers,
        left=(family,),
        folder=folder,
        progress=progress,
    )
    whole = replace(found.problem, left=frozenset(), centre=None)
    drawn = run_posterior(
        whole,
        found.posterior,
        members=min(DRAWN, members),
        seed=seed,
        workers=workers,
        folder=folder and folder / f"{family}-drawn",
    )
    figures = met(whole.observations, scattered(drawn, whole.observations.sd, seed), whole)
    kinds = figures["view"].str.partition(":")[0]
    mine = (kinds == family) | (kinds == f"{family}.areas")
    return figures[mine].reset_index(drop=True).assign(family=family)


def _check(scenario: Scenario, as_of: date | str, family: str) -> None:
    families = left_out_families(scenario, as_of)
    if family not in families:
        message = f"there is no family '{family}' that figures are fitted to"
        raise Faults([Fault("left-out", 0, message, choose(family, list(families)))])


def held_by_family(figures: pd.DataFrame) -> pd.DataFrame:
    """Tell how often ranges held what was left out.

    Parameters
    ----------
    figures
        As from `leave_out`, of one family or several.

    Returns
    -------
    pandas.DataFrame
        By family: figures ``n``; share ``held_90`` within their 90 % ranges, and its interval
        ``low`` to ``high`` (Wilson); root mean square ``rmse`` and mean ``bias`` of the log of the
        middle over the figure.
    """
    gap = np.log1p(figures["middle"]) - np.log1p(figures["value"])
    inside = figures["value"].between(figures["low"], figures["high"])
    told = pd.DataFrame({"family": figures["family"], "inside": inside, "gap": gap, "sq": gap**2})
    by = told.groupby("family", sort=False)
    counts = zip(by["inside"].sum(), by.size(), strict=True)
    ends = np.array([wilson(int(k), int(n)) for k, n in counts]).reshape(-1, 2)
    return pd.DataFrame(
        {
            "n": by.size(),
            "held_90": by["inside"].mean(),
            "low": ends[:, 0],
            "high": ends[:, 1],
            "rmse": np.sqrt(by["sq"].mean()),
            "bias": by["gap"].mean(),
        }
    ).reset_index()


def table_of_left_out(told: pd.DataFrame, command: str) -> pd.DataFrame:
    """Return what was found as rows of ``tested.csv``.

    Parameters
    ----------
    told
        As from `held_by_family`.
    command
        What shows it.
    """
    held = told.rename(columns={"family": "series", "held_90": "value"}).assign(figure="held_90")
    gap = told.rename(columns={"family": "series", "rmse": "value"}).assign(figure="log_error")
    rows = pd.concat([held, gap.drop(columns=["low", "high"])], ignore_index=True)
    return rows_of_test(rows, "left_out", command)
