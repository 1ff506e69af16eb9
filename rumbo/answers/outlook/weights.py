"""Weights of outcomes, moved by hand: the members that were run are mixed anew, and none is run."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rumbo.answers.outlook.counted import SeriesAhead
from rumbo.answers.outlook.ranges import LEVELS, MIXED, mixed_ends
from rumbo.answers.outlook.refused import refusal
from rumbo.files.atomic import write_arrays
from rumbo.scenario.arrays import Array
from rumbo.scores.branches import own_weights

Weights = Mapping[str, Mapping[str, float]]
"""Chance of each outcome, by event; those of an event sum to one."""

Row = dict[str, Any]

FEWEST = 20
"""Least members behind an outcome that is weighed by hand: a range of 90 % leaves out one of them
at either end."""

SLACK = 1e-6
"""How far weights may be from one together: they are written with a few digits."""


def check_weights(
    branches: Sequence[Row], weights: Weights, members: int, language: str = "en"
) -> None:
    """Refuse weights that the members run cannot be mixed by.

    Parameters
    ----------
    branches
        As in `rumbo.scores.branches.own_weights`.
    weights
        What is asked for.
    members
        Members of each branch.
    language
        Of what is refused.

    Raises
    ------
    Faults
        If an event or outcome is not ahead, if weights of an event are negative or do not sum to
        one, or if too few members stand behind an outcome.
    """
    known = own_weights(branches)
    for event, own in weights.items():
        if event not in known:
            names = ", ".join(known) or "\u2013"
            raise refusal("weights.event", language, event=event, names=names)
        for outcome, weight in own.items():
            if outcome not in known[event]:
                names = ", ".join(known[event])
                raise refusal("weights.outcome", language, event=event, name=outcome, names=names)
            if weight and members < FEWEST:
                told = {"event": event, "name": outcome, "members": members, "fewest": FEWEST}
                raise refusal("weights.few", language, **told)
        if not _are_shares(own.values()):
            raise refusal("weights.sum", language, event=event, total=f"{sum(own.values()):g}")


def _are_shares(values: Iterable[float]) -> bool:
    shares = np.array([*values], dtype=np.float64)
    return bool((shares >= 0.0).all() and abs(shares.sum() - 1.0) <= SLACK)


def chances_by(branches: Sequence[Row], weights: Weights) -> Array:
    """Return the chance of each branch under weights; events without any keep their own.

    Parameters
    ----------
    branches
        As in `rumbo.scores.branches.own_weights`; each outcome with its ``probability``, given
        those before it.
    weights
        Checked.

    Returns
    -------
    numpy.ndarray
        Sums to one; shape (B,).
    """
    ways = [branch["outcomes"] for branch in branches]
    return np.array(
        [prod(_share(ways, way[: n + 1], weights) for n in range(len(way))) for way in ways]
    )


def _share(ways: Sequence[Sequence[Row]], way: Sequence[Row], weights: Weights) -> float:
    """Return the chance of the last outcome of a way, given those before it.

    Where some outcomes of its event cannot come after these, the others share their weight.
    """
    *before, last = way
    own, n = weights.get(last["event"], {}), len(before)
    able = {
        one[n]["outcome"]
        for one in ways
        if [*one[:n]] == before and len(one) > n and one[n]["event"] == last["event"]
    }
    # A set of texts has another order in each process, and sums of floats depend on it.
    total = sum(own.get(outcome, 0.0) for outcome in sorted(able))
    return own.get(last["outcome"], 0.0) / total if total else float(last["probability"])


def mixed_anew(table: pd.DataFrame, every: Iterable[SeriesAhead], chances: Array) -> pd.DataFrame:
    """Return ranges in which all branches together are mixed by other chances.

    Exact, since a chance enters nothing but the mixture: members stay what they were.

    Parameters
    ----------
    table
        As from `rumbo.answers.outlook.ranges.ranges_of`.
    every
        The members that it was made of.
    chances
        Of each branch; shape (B,).
    """
    table = table.copy()
    mixed = table["branch"] == MIXED
    for one in every:
        mine = mixed & (table["series"] == one.series) & (table["place"] == one.place)
        table.loc[mine, [*LEVELS]] = mixed_ends(one.values, chances)
    return table


def described_by(about: Row, weights: Weights) -> Row:
    """Return what an outlook is of, with the chances of its branches under weights.

    Parameters
    ----------
    about
        As `MonthsAhead.about`.
    weights
        Checked; they are told under ``weights``.
    """
    chances = chances_by(about["branches"], weights).tolist()
    pairs = zip(about["branches"], chances, strict=True)
    branches = [{**branch, "probability": chance} for branch, chance in pairs]
    return {
        **about,
        "branches": branches,
        "weights": {event: {**weights[event]} for event in weights},
    }


def keep_members(path: Path, every: Iterable[SeriesAhead]) -> None:
    """Write the members of every series into a file, so that they can be mixed anew later."""
    write_arrays(path, {_JOINED.join((*one[:2], str(one.first))): one.values for one in every})


def kept_members(path: Path) -> tuple[SeriesAhead, ...]:
    """Return what `keep_members` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        names = [(name, name.split(_JOINED)) for name in arrays.files]
        return tuple(
            SeriesAhead(series, place, int(first), arrays[name])
            for name, (series, place, first) in names
        )


_JOINED = "|"
"""Stands between name, place and first month; an id has none."""
