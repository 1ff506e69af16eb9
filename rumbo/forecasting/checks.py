"""What may be asked of an evaluation; everything else is refused before anything is written."""

from collections.abc import Sequence

import numpy as np

from rumbo.files.faults import Collector, choose
from rumbo.forecasting.form import HORIZON
from rumbo.scenario.arrays import Months
from rumbo.scenario.figures import Key, Known


def check_question(chosen: Months, horizon: int) -> None:
    """Refuse a horizon out of range, and origins that do not follow one another."""
    faults = Collector()
    if not 1 <= horizon <= HORIZON:
        message = f"horizon is {horizon}, expected 1 to {HORIZON} months"
        faults.add("forecast", 0, message, "Choose a horizon in that range")
    if not len(chosen) or (np.diff(chosen).astype(int) != 1).any():
        faults.add(
            "forecast", 0, "origins are not one or more consecutive months", "List every month once"
        )
    faults.check()


def check_span(hindsight: Known, keys: Sequence[Key], every: Months) -> None:
    """Refuse origins before the first figure, or after the last of what is to be forecast."""
    faults = Collector()
    months = hindsight.months
    there = [hindsight.series(key).last for key in keys if key in hindsight.keys(*key[:2])]
    last = max(there, default=None)
    if not len(months):
        faults.add("figures.csv", 0, "there are no figures to forecast", "Add figures")
    elif every[0] < months[0]:
        message = f"origin {every[0]} comes before the first figure ({months[0]})"
        cure = "Choose a later day; forecasts learn from origins before it"
        faults.add("figures.csv", 0, message, cure)
    elif last is not None and every[-1] > last:
        message = f"origin {every[-1]} comes after the last figure ({last})"
        faults.add("figures.csv", 0, message, "Choose earlier origins, or add figures")
    faults.check()


def check_series(hindsight: Known, keys: Sequence[Key], every: Months) -> None:
    """Name the series that there are no figures of, or none yet at the first origin."""
    faults, late = Collector(), {}
    for key in keys:
        there = hindsight.keys(key.measure, key.component)
        if key not in there:
            message = f"nothing is known of '{key}', which is to be forecast"
            faults.add("figures.csv", 0, message, choose(str(key), [str(one) for one in there]))
        elif (first := hindsight.series(key).months[0]) >= every[0] - 1:
            late[key] = first
    if late:
        # One line: what comes by nationality begins in the same month for all of them.
        latest = max(late, key=lambda key: late[key])
        others = f" and of {len(late) - 1} other series" if len(late) > 1 else ""
        message = (
            f"origin {every[0]} comes before the second figure of '{latest}'{others}; its first "
            f"month is {late[latest]}"
        )
        faults.add("figures.csv", 0, message, "Choose later origins, or leave the series out")
    faults.check()
