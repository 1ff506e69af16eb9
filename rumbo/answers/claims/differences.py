"""Test ``did_with_placebos``: how far some series moved beside others, and beside false dates."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from rumbo.answers.claims.arguments import Arguments, Form, Months, months, number, several
from rumbo.answers.claims.on_record import Missing, OnRecord
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key
from rumbo.scores.claims import MIXED, OPEN, SUPPORTED, Finding, Statistic

FORM = Form(
    needed={"treated": several, "controls": several, "before": months, "after": months},
    allowed={"placebos": months},
    thresholds={"quantile": number},
)
"""``placebos``: months at which the same stretches are cut falsely, so far as they end before the
true cut; the controls themselves, one against the others, where left out. ``quantile``: share of
the placebos that may lie below a difference."""


def did_with_placebos(record: OnRecord, asked: Arguments) -> Finding:
    """Hold changes of treated series less those of controls against placebos.

    Parameters
    ----------
    record
        What was published.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Supported where every treated series fell further than the quantile of its placebos; mixed
        where some did; else open. Ranges are as wide as placebos differ.
    """
    before, after = asked["before"], asked["after"]
    treated, controls = asked["treated"], asked["controls"]
    beside = [_change(record, one, before, after) for one in controls]
    statistics, fell = [], []
    for key in treated:
        difference = _change(record, key, before, after) - float(np.mean(beside))
        placebos = _placebos(record, key, asked, beside)
        low, high = (float(np.quantile(placebos, end)) for end in (0.05, 0.95))
        name = key.area if key.area != "all" else key.nationality
        ends = (difference - high, difference - low)
        statistics.append(Statistic("difference", name, difference, *ends, "log"))
        fell.append(difference < float(np.quantile(placebos, asked["quantile"])))
    outcome = SUPPORTED if all(fell) else MIXED if any(fell) else OPEN
    return Finding("", "did_with_placebos", outcome, statistics=statistics)


def _placebos(record: OnRecord, key: Key, asked: Arguments, beside: Sequence[float]) -> Array:
    if "placebos" not in asked:
        every = np.array(beside)
        others = [np.delete(every, n).mean() for n in range(len(every))]
        return np.asarray(every - others)
    before, after = asked["before"], asked["after"]
    first, last = asked["placebos"]
    found = []
    for cut in np.arange(first, last + 1):
        by = cut - after[0]
        false = [(begin + by, end + by) for begin, end in (before, after)]
        if false[1][1] < after[0]:
            with suppress(Missing):  # so far as they were published
                moved = [_change(record, one, *false) for one in (key, *asked["controls"])]
                found.append(moved[0] - np.mean(moved[1:]))
    if not found:
        raise Missing("placebos")
    return np.array(found)


def _change(record: OnRecord, key: Key, before: Months, after: Months) -> float:
    """Change of the log of the monthly mean, one person added."""
    means = [
        np.mean([one.value for one in record.monthly(key, stretch)]) for stretch in (before, after)
    ]
    return float(np.log1p(means[1]) - np.log1p(means[0]))
