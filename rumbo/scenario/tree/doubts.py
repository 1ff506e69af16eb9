"""Ranges of beliefs: drawn in sets, as those of values that no factor of members carries."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.scenario.folder import Content
from rumbo.scenario.parameters import Parameter
from rumbo.scenario.selectors import Selectors
from rumbo.scenario.settings import Setting
from rumbo.scenario.tree.beliefs import held_of
from rumbo.scenario.tree.outcomes import Outcome
from rumbo.scenario.values.held import Places, hold
from rumbo.scenario.values.moving import ends_of
from rumbo.scenario.values.ranges import value_at

FILE = "beliefs.csv"

BELIEF = Parameter(
    "belief",
    "chance",
    "everywhere",
    True,
    0.0,
    1.0,
    np.nan,
    "minds",
    "chance that people give an outcome",
    "probabilidad que la gente da a un resultado",
)
"""A belief as what ranges move: on logits, never past 0 or 1."""


def each_belief(beliefs: pd.DataFrame) -> Iterator[Setting]:
    """Go through beliefs as rows whose range can be drawn.

    Parameters
    ----------
    beliefs
        Rows of ``beliefs.csv``.

    Yields
    ------
    Setting
        Of the lever ``event=outcome/group``: rows of one group and outcome are drawn together.
    """
    for number, one in zip(beliefs.index, beliefs.itertuples(index=False), strict=True):
        name = f"{one.event}={one.outcome}/{one.group}"
        days, span = (one.since, one.until), (one.belief, one.low, one.high)
        yield Setting(
            FILE,
            number,
            BELIEF.name,
            "",
            one.group,
            *days,
            "set",
            *span,
            BELIEF.unit,
            name,
            one.source,
            0,
        )


def ranged_beliefs(beliefs: pd.DataFrame) -> list[Setting]:
    """Return the beliefs that have a range."""
    return list(each_belief(beliefs[beliefs["low"].notna() | beliefs["high"].notna()]))


def moving_beliefs(
    beliefs: pd.DataFrame,
    outcomes: Sequence[Outcome],
    dates: NDArray[np.datetime64],
    selectors: Selectors,
) -> list[Setting]:
    """Return the beliefs whose range moves what somebody is told before the news.

    Parameters
    ----------
    beliefs
        Rows of ``beliefs.csv``.
    outcomes
        Outcomes that people await, one for each key.
    dates
        Every day.
    selectors
        What groups mean.

    Returns
    -------
    list of Setting
        Without those that other rows overrule on every day.
    """
    found: list[Setting] = []
    for one in outcomes:
        before = dates[dates < np.datetime64(one.on, "D")]
        own = beliefs[(beliefs["event"] == one.event) & (beliefs["outcome"] == one.outcome)]
        found += [row for row in each_belief(own) if _moves(own, row, before, selectors)]
    return found


def _moves(
    own: pd.DataFrame, row: Setting, dates: NDArray[np.datetime64], selectors: Selectors
) -> bool:
    """Whether another value of a row, within its range, is told to anybody on some days."""
    nothing = np.zeros(len(dates))
    usual = held_of(own, nothing, dates, selectors).level
    ends = (own["belief"].where(own.index != row.row, end) for end in ends_of(BELIEF, row))
    levels = (held_of(own.assign(belief=b), nothing, dates, selectors).level for b in ends)
    return any(not np.array_equal(level, usual) for level in levels)


def hold_beliefs(beliefs: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return beliefs that stand at a place within their ranges.

    Parameters
    ----------
    beliefs
        Rows of ``beliefs.csv``.
    places
        Standard deviations from the middle, by parameter and lever as in `each_belief`.

    Returns
    -------
    pandas.DataFrame
        The same rows; those moved have no range left. Of one event's outcomes that a group holds
        possible from the same day on, the first that is moved stands where it was put, and the
        others share what it leaves of 1 at most.
    """
    rows = list(each_belief(beliefs))
    moved = np.array([(row.parameter, row.lever) in places for row in rows])
    if not moved.any():
        return beliefs
    drawn = [
        value_at(BELIEF, row, places[row.parameter, row.lever]) if own else row.value
        for row, own in zip(rows, moved, strict=True)
    ]
    held = beliefs.assign(belief=_at_most_one(beliefs.assign(belief=drawn), moved))
    held.loc[moved, ["low", "high"]] = np.nan
    return held


def _at_most_one(beliefs: pd.DataFrame, moved: NDArray[np.bool_]) -> pd.Series:
    """Lower beliefs beside the first that was moved, where they sum to more than 1."""
    keys, belief = ["event", "group", "since"], beliefs["belief"]
    first = moved & ~beliefs.assign(moved=moved).duplicated([*keys, "moved"]).to_numpy()
    block = [beliefs[name] for name in keys]
    kept = belief.where(first, 0.0).groupby(block, dropna=False).transform("sum")
    rest = belief.where(~first, 0.0).groupby(block, dropna=False).transform("sum")
    share = ((1.0 - kept) / rest.where(rest > 0.0, 1.0)).clip(upper=1.0)
    return belief.where(first | ~(rest + kept > 1.0), belief * share)


@lru_cache(maxsize=2)  # scenarios side by side, in two threads, have it in common
def content_at(content: Content, places: tuple[tuple[tuple[str, str], float], ...]) -> Content:
    """Return tables whose values and beliefs stand at places within their ranges.

    Parameters
    ----------
    content
        The tables; also those of levers not in force, which an event may bring back.
    places
        As `Places`, pair by pair.
    """
    own = dict(places)
    told = hold_beliefs(content.beliefs, own)
    return replace(content, settings=hold(content.settings, own), beliefs=told)
