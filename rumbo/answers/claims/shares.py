"""Test ``share_with_bounds``: how many did what is claimed, the unknown counted both ways."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rumbo.answers.claims.arguments import (
    Arguments,
    Form,
    Months,
    day,
    months,
    names,
    number,
    several,
)
from rumbo.answers.claims.on_record import Missing, OnRecord, tally
from rumbo.scores.claims import CONTRADICTED, MIXED, OPEN, SUPPORTED, Finding, Statistic
from rumbo.scores.shares import wilson

FORM = Form(
    needed={},
    allowed={
        "events": names,
        "reached": names,
        "since": day,
        "until": day,
        "months": months,
        "series": several,
        "apart": several,
        "surveys": several,
        "population": names,
    },
    thresholds={"most": number, "least": number, "count": number, "above": number},
)
"""Of ``events`` (outcomes that count, or that it ``reached`` a place) from a day on, of ``months``
in which a series was reported (without those ``apart``, at the least), or of ``surveys`` among a
``population``. ``most``: contradicted below this share, for certain; ``least``: contradicted above
it; ``count``: months that there must be; ``above``: share that surveys of the very population must
exceed."""


def share_with_bounds(record: OnRecord, asked: Arguments) -> Finding:
    """Hold a share against a threshold, with a Wilson range and the unknown counted both ways.

    Parameters
    ----------
    record
        What was published.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Open where its bounds lie on both sides of the threshold.
    """
    if "surveys" in asked:
        return _surveys(record, asked)
    if "months" in asked:
        return _months(record, asked)
    return _events(record, asked)


def _events(record: OnRecord, asked: Arguments) -> Finding:
    table, today = record.scenario.events, pd.Timestamp(record.as_of)
    last = min(today, pd.Timestamp(asked.get("until", record.as_of)))
    table = table[table["day"].between(pd.Timestamp(asked["since"]), last)]
    if table.empty:
        raise Missing("events")
    # An outcome is known once its day has come; without one, as long as the event is on record.
    over = ~(table["end"] > today)
    counts = table["outcome"].isin(asked["events"])
    counts |= table["furthest"].isin(asked.get("reached", ()))
    yes = int((counts & over).sum())
    unknown = int(((table["outcome"] == "") & ~counts | ~over).sum())
    n = len(table)
    low, high = wilson(yes, n)[0], wilson(yes + unknown, n)[1]
    ends = ",".join([*asked["events"], *asked.get("reached", ())])
    statistics = [
        Statistic("ended", ends, yes / n, low, high, "share"),
        Statistic("of", "", n, n, n, "number"),
        Statistic("unknown", "", unknown, unknown, unknown, "number"),
    ]
    return Finding("", "share_with_bounds", _beside(asked, low, high), statistics=statistics)


def _beside(asked: Arguments, low: float, high: float) -> str:
    if "most" in asked:
        limit = asked["most"]
        return CONTRADICTED if high < limit else SUPPORTED if low > limit else OPEN
    limit = asked["least"]
    return CONTRADICTED if low > limit else SUPPORTED if high < limit else OPEN


def _months(record: OnRecord, asked: Arguments) -> Finding:
    """Count months in which something was reported at all, some reports apart at the least."""
    every, without = (_reported(record, asked, apart=apart) for apart in (False, True))
    n = int((asked["months"][1] - asked["months"][0]).astype(int)) + 1
    if not every:
        raise Missing("reports")
    low, high = min(without, every), every
    limit = asked["count"]
    outcome = SUPPORTED if low >= limit else CONTRADICTED if high < limit else OPEN
    statistics = [
        Statistic("months", "", every, low, high, "number"),
        Statistic("share", "", every / n, low / n, high / n, "share"),
    ]
    return Finding("", "share_with_bounds", outcome, statistics=statistics)


def _reported(record: OnRecord, asked: Arguments, *, apart: bool) -> int:
    """Return in how many months more than nobody was reported, a number given or not."""
    left = asked.get("apart", ()) if apart else ()
    keys = [key for key in asked["series"] if key not in left]
    told = set[int]()
    for rows in (record.rows(key) for key in keys):
        some = rows[~(rows["value"] == 0)]
        told |= set(_covered(some, asked["months"]))
    return len(told)


def _covered(rows: pd.DataFrame, stretch: Months) -> Sequence[int]:
    every = np.arange(stretch[0], stretch[1] + 1)
    ends = (rows[name].to_numpy().astype("datetime64[M]") for name in ("month", "last"))
    inside = [(first <= every) & (every <= last) for first, last in zip(*ends, strict=True)]
    at = np.flatnonzero(np.logical_or.reduce(inside)) if inside else np.zeros(0, dtype=int)
    return [int(n) for n in at]


def _surveys(record: OnRecord, asked: Arguments) -> Finding:
    """Put surveys beside one another; only those of the very population may support a claim."""
    statistics, lows = [], []
    for key in asked["surveys"]:
        for row in record.rows(key).to_dict("records"):
            if (share := tally(row)) is None:
                continue
            low, high = share.low, share.high
            if row["n"] == row["n"]:
                chance = wilson(round(share.value * row["n"]), int(row["n"]))
                low, high = min(low, chance[0]), max(high, chance[1])
            statistics.append(Statistic("survey", key.measure, share.value, low, high, "share"))
            if key.component in asked["population"]:
                lows.append(low)
    if not statistics:
        raise Missing("surveys")
    outcome = SUPPORTED if lows and min(lows) > asked["above"] else MIXED
    return Finding("", "share_with_bounds", outcome, statistics=statistics)
