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
    """Refuse origins before the first figure of what is to be forecast, or after the last."""
    faults = Collector()
    there = [hindsight.series(key) for key in keys if key in hindsight.keys(*key[:2])]
    first, last = (min(s.months[0] for s in there), max(s.last for s in there)) if there else (0, 0)
    if not len(hindsight.months):
        faults.add("figures.csv", 0, "there are no figures to forecast", "Add figures")
    elif there and every[0] < first:
        message = f"origin {every[0]} comes before the first figure ({first})"
        cure = "Choose later origins, or fewer to learn from before the first"
        faults.add("figures.csv", 0, message, cure)
    elif there and every[-1] > last:
        message = f"origin {every[-1]} comes after the last figure ({last})"
        faults.add("figures.csv", 0, message, "Choose earlier origins, or add figures")
    faults.check()


def check_series(hindsight: Known, keys: Sequence[Key], every: Months) -> None:
    """Name the series that there are no figures of, or none yet at the first origin."""
    faults = Collector()
    for key in keys:
        there = hindsight.keys(key.measure, key.component)
        if key not in there:
            message = f"nothing is known of '{key}', which is to be forecast"
            faults.add("figures.csv", 0, message, choose(str(key), [str(one) for one in there]))
        elif (first := hindsight.series(key).months[0]) >= every[0] - 1:
            message = (
                f"origin {every[0]} comes before the second figure of '{key}', whose first month "
                f"is {first}"
            )
            faults.add("figures.csv", 0, message, "Choose later origins, or leave the series out")
    faults.check()
