"""What came after a forecast: its ranges beside the figures that were published later."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rumbo.forecasting.baselines import PERSISTENCE
from rumbo.forecasting.form import Forecast
from rumbo.forecasting.panel import origin_by
from rumbo.forecasting.question import STACK
from rumbo.forecasting.store import ForecastStore
from rumbo.forecasting.table import FORECAST, NOWCAST
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import HINDSIGHT, Key, Known, known
from rumbo.scenario.roles import ENCOUNTERS, Roles
from rumbo.scenario.scenario import Scenario
from rumbo.scores.quantiles import MIDDLE, ends, wis

TOGETHER = "all"
"""Component of encounters of zones and gates together, where no figure tells them apart."""

COLUMNS = [
    "series",
    "month",
    "horizon",
    "kind",
    "low_90",
    "low_50",
    "middle",
    "high_50",
    "high_90",
    "came",
    "wis_log",
    "relative_wis_log",
]


class Told(NamedTuple):
    """What was forecast of a total, by the stack and by persistence.

    Attributes
    ----------
    key, name
        The series, and what it is called.
    months
        The months; shape (H,).
    ours, theirs
        Quantiles of ``log(1 + figure)``; shapes (H, Q).
    """

    key: Key
    name: str
    months: Months
    ours: Array
    theirs: Array


def what_came(scenario: Scenario, folder: str | Path, day: date | str) -> pd.DataFrame:
    """Set a kept forecast of totals beside what has been published since.

    Parameters
    ----------
    scenario
        Its corridor's figures are what came.
    folder
        Where `rumbo.forecasting.forecast.forecast` kept the forecast.
    day
        As of which it was made.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, a row a month that has come: ends of the ranges and ``came`` in events,
        ``wis_log`` and its ratio to persistence's. Of encounters that are only published for both
        components together, the forecasts' quantiles are added, each with the same of the other:
        as if both missed alike, which is the widest that their sum can be in its middle ranges.
    """
    as_of = date.fromisoformat(str(day))
    store = ForecastStore(Path(folder) / "model-output")
    ours, theirs = (store.read(name, as_of) for name in (STACK.name, PERSISTENCE.name))
    totals = list(_totals(ours, theirs))
    totals += _together(totals, scenario.roles)
    later, origin = known(scenario, HINDSIGHT), origin_by(as_of)
    rows = [row for told in totals for row in _rows(told, later, origin)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _totals(ours: Forecast, theirs: Forecast) -> Iterator[Told]:
    for k, key in enumerate(ours.keys):
        if key[2:] == ("all", "all") and key in theirs.keys:
            same = theirs.quantiles[theirs.keys.index(key)]
            yield Told(key, str(key), ours.months[k], ours.quantiles[k], same)


def _together(totals: list[Told], roles: Roles) -> list[Told]:
    """Add up zones and gates, where both are forecast for the same months."""
    parts = {told.key: told for told in totals}
    both = [parts.get(Key(ENCOUNTERS, component)) for component in roles.components]
    one, other = both
    if one is None or other is None or not np.array_equal(one.months, other.months):
        return []
    sums = [np.log1p(np.expm1(a) + np.expm1(b)) for a, b in zip(one[3:], other[3:], strict=True)]
    name = f"{ENCOUNTERS} {' + '.join(roles.components)}"
    return [Told(Key(ENCOUNTERS, TOGETHER), name, one.months, *sums)]


def _rows(told: Told, later: Known, origin: np.datetime64) -> Iterator[dict[str, Any]]:
    if told.key not in later.keys(*told.key[:2]):
        return
    seen = later.series(told.key)
    at = dict(zip(seen.months.tolist(), seen.values, strict=True))
    for h, month in enumerate(told.months):
        if month.item() in at:
            yield _row(told, h, int((month - origin).astype(int)), at[month.item()])


def _row(told: Told, h: int, horizon: int, came: float) -> dict[str, Any]:
    ours, theirs = told.ours[h : h + 1], told.theirs[h : h + 1]
    score, other = (float(wis(one, np.log1p([came]))[0]) for one in (ours, theirs))
    counts = np.expm1(np.maximum(ours, 0.0))
    (low, high), (low_half, high_half) = (ends(counts, cover) for cover in (0.9, 0.5))
    return {
        "series": told.name,
        "month": str(told.months[h]),
        "horizon": horizon,
        "kind": FORECAST if horizon > 0 else NOWCAST,
        "low_90": float(low[0]),
        "low_50": float(low_half[0]),
        "middle": float(counts[0, MIDDLE]),
        "high_50": float(high_half[0]),
        "high_90": float(high[0]),
        "came": came,
        "wis_log": score,
        "relative_wis_log": score / other,
    }
