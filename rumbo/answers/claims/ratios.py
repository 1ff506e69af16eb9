"""Test ``ratio_change``: a level, a share or a ratio, before and after."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from rumbo.answers.claims.arguments import (
    Arguments,
    Form,
    Months,
    added,
    months,
    names,
    number,
    one_of,
    several,
    spelled,
)
from rumbo.answers.claims.on_record import Missing, OnRecord, Tally, months_text, tally
from rumbo.answers.claims.runs import QUESTIONS
from rumbo.scenario.figures import Key
from rumbo.scores.claims import CONTRADICTED, MIXED, OPEN, SUPPORTED, Finding, Statistic

FORM = Form(
    needed={},
    allowed={
        "over": added,
        "under": added,
        "series": several,
        "before": months,
        "after": months,
        "claimed": number,
        "beside": several,
        "against": added,
        "settings": names,
        "days": number,
        "model": one_of(*QUESTIONS),
        "at": names,
        "lever": names,
    },
    thresholds={
        "near": number,
        "at_most": number,
        "rise": number,
        "half": number,
        "down_to": number,
        "change": number,
        "within": number,
        "share": number,
    },
)
"""What each threshold asks stands with the function that `RULES` names for it."""


class RatioResult(NamedTuple):
    """What a threshold gives, and what it rests on."""

    outcome: str
    statistics: list[Statistic]


def ratio_change(record: OnRecord, asked: Arguments) -> Finding:
    """Hold a level or a ratio, before and after, against a threshold.

    Parameters
    ----------
    record
        What was published.
    asked
        Arguments and one threshold, see `FORM` and `RULES`.

    Returns
    -------
    Finding
    """
    if "model" in asked:
        return QUESTIONS[asked["model"]](record, asked)
    (rule,) = (name for name in RULES if name in asked)
    outcome, statistics = RULES[rule](record, asked)
    return Finding("", "ratio_change", outcome, statistics=statistics)


def _near(record: OnRecord, asked: Arguments) -> RatioResult:
    """Supported if any month's count lies so near to what is claimed, else contradicted."""
    (key,), claimed = asked["series"], asked["claimed"]
    first, last = asked["before"]
    rows = record.rows(key)
    month = rows["month"].to_numpy().astype("datetime64[M]")
    inside = rows[(month >= first) & (month <= last)].to_dict("records")
    found = [(str(row["month"])[:7], level) for row in inside if (level := tally(row))]
    if not found:
        raise Missing("figures", series=spelled(key), months=months_text((first, last)))
    of = [(when, Tally(*(end / claimed for end in level))) for when, level in found]
    statistics = [Statistic("of_claimed", when, *each, "ratio") for when, each in of]
    held = any(abs(each.value - 1.0) <= asked["near"] for _, each in of)
    return RatioResult(SUPPORTED if held else CONTRADICTED, statistics)


def _at_most(record: OnRecord, asked: Arguments) -> RatioResult:
    """Contradicted if a series grew by no more than this while the one beside it grew."""
    changes = []
    for key in (*asked["series"], *asked["beside"]):
        levels = [record.amount((key,), asked[when]) for when in ("before", "after")]
        grown = Tally(*map(math.log, levels[1].over(levels[0])))
        changes.append((key.measure, grown))
    statistics = [Statistic("change", of, *grown, "log") for of, grown in changes]
    (_, own), (_, other) = changes
    against = own.value <= asked["at_most"] and other.value > 0.0
    return RatioResult(CONTRADICTED if against else OPEN, statistics)


def _shares(record: OnRecord, asked: Arguments, keys: tuple[Key, ...]) -> tuple[Tally, Tally]:
    before, after = (
        record.amount(keys, asked[when]).over(record.amount(asked["under"], asked[when]))
        for when in ("before", "after")
    )
    return before, after


def _share_statistics(before: Tally, after: Tally, name: str = "") -> list[Statistic]:
    change = (after.value - before.value, after.low - before.high, after.high - before.low)
    return [
        Statistic("before", name, *before, "share"),
        Statistic("after", name, *after, "share"),
        Statistic("points", name, *change, "points"),
    ]


def _rise(record: OnRecord, asked: Arguments) -> RatioResult:
    """Supported if a share rose by more than this and came to exceed another share."""
    before, after = _shares(record, asked, asked["over"])
    under = record.amount(asked["under"], asked["after"])
    other = record.amount(asked["against"], asked["after"]).over(under)
    rose = after.value - before.value > asked["rise"] and after.value > other.value
    return RatioResult(SUPPORTED if rose else OPEN, _share_statistics(before, after))


def _half(record: OnRecord, asked: Arguments) -> RatioResult:
    """Contradicted if a share exceeds this before and after, else mixed."""
    before, after = _shares(record, asked, asked["over"])
    above = min(before.low, after.low) > asked["half"]
    return RatioResult(CONTRADICTED if above else MIXED, _share_statistics(before, after))


def _change(record: OnRecord, asked: Arguments) -> RatioResult:
    """Supported if a share rose by more than this, contradicted if it fell by as much.

    Its range is as wide as the shares of single months differ.
    """
    before, after = _shares(record, asked, asked["over"])
    parts = [_monthly_shares(record, asked, when) for when in ("before", "after")]
    half, moved = _doubt(*parts), after.value - before.value
    ends = (moved - half, moved + half)
    statistics = _share_statistics(before, after)
    statistics[-1] = Statistic("points", "", moved, *ends, "points")
    limit = asked["change"]
    outcome = SUPPORTED if moved > limit else CONTRADICTED if moved < -limit else OPEN
    return RatioResult(outcome, statistics)


def _monthly_shares(record: OnRecord, asked: Arguments, when: str) -> list[float]:
    (over,), (under,) = asked["over"], asked["under"]
    counts = (record.monthly(key, asked[when]) for key in (over, under))
    return [one.over(whole).value for one, whole in zip(*counts, strict=True)]


def _down_to(record: OnRecord, asked: Arguments) -> RatioResult:
    """Supported if an estimate is at most this part of the one before, within so many days."""
    (key,) = asked["series"]
    first = _estimates(record, key, asked["before"])[:1]
    last = _estimates(record, key, asked["after"])[-1:]
    if not (first and last) or first == last or _days_between(first, last) > asked["days"]:
        stretch = (asked["before"][0], asked["after"][1])
        raise Missing("figures", series=spelled(key), months=months_text(stretch))
    left = last[0][1].over(first[0][1])
    limit = asked["down_to"]
    outcome = SUPPORTED if left.high <= limit else CONTRADICTED if left.low > limit else OPEN
    return RatioResult(outcome, [Statistic("left", key.area, *left, "share")])


Estimates = list[tuple[np.datetime64, Tally]]
"""Estimates with their months, in order."""


def _estimates(record: OnRecord, key: Key, stretch: Months) -> Estimates:
    rows = record.rows(key)
    months = rows["month"].to_numpy().astype("datetime64[M]")
    told = zip(months, map(tally, rows.to_dict("records")), strict=True)
    return [(month, one) for month, one in told if one and stretch[0] <= month <= stretch[1]]


def _days_between(first: Estimates, last: Estimates) -> int:
    """Days from the beginning of one estimate's month to that of another's."""
    ends = (each[0][0].astype("datetime64[D]") for each in (first, last))
    begin, end = ends
    return int((end - begin).astype(int))


def _within(record: OnRecord, asked: Arguments) -> RatioResult:
    """Contradicted if every series changed by less than this and no setting did; else mixed."""
    statistics, changes = [], []
    for key in asked["series"]:
        parts = [record.monthly(key, asked[when]) for when in ("before", "after")]
        means = [np.log(np.mean([one.value for one in part])) for part in parts]
        change = float(means[1] - means[0])
        half = _doubt(*(np.log([max(one.value, 1.0) for one in part]) for part in parts))
        changes.append(float(np.expm1(change)))
        ends = (change, change - half, change + half)
        statistics.append(Statistic("change", key.measure, *ends, "log"))
    moved = _moved(record, asked)
    statistics.append(Statistic("settings", "", moved, moved, moved, "number"))
    limit = asked["within"]
    if all(abs(change) < limit for change in changes) and not moved:
        return RatioResult(CONTRADICTED, statistics)
    rose = all(change > limit for change in changes)
    return RatioResult(SUPPORTED if rose else MIXED, statistics)


def _doubt(before: ArrayLike, after: ArrayLike) -> float:
    """Half of the 90 % range of a difference of means, from how months differ (Welch 1947)."""
    parts = [np.asarray(part, dtype=np.float64) for part in (before, after)]
    errors = np.array([part.var(ddof=1) / len(part) for part in parts])
    free = errors.sum() ** 2 / (errors**2 / [len(part) - 1 for part in parts]).sum()
    return float(student.ppf(0.95, free) * np.sqrt(errors.sum()))


def _moved(record: OnRecord, asked: Arguments) -> int:
    """Count changes of settings between the first month before and the last one after."""
    settings = record.scenario.settings
    rows = settings[settings["parameter"].isin(asked.get("settings", ()))]
    first = asked["before"][0].astype("datetime64[D]") + 1
    last = (asked["after"][1] + 1).astype("datetime64[D]")
    days = np.concatenate([rows[name].dropna().to_numpy() for name in ("since", "until")])
    inside = (days >= first) & (days < last)
    return len(np.unique(days[inside]))


RULES: dict[str, Callable[[OnRecord, Arguments], RatioResult]] = {
    "near": _near,
    "at_most": _at_most,
    "rise": _rise,
    "half": _half,
    "down_to": _down_to,
    "change": _change,
    "within": _within,
}
"""By the threshold that is given, what is asked of the counts."""
