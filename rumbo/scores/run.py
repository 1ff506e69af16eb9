"""How well a run meets the counted figures, beside two plain references."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from rumbo.scores.branches import side_by_side
from rumbo.scores.members import (
    block_range,
    cover,
    crps,
    even_split,
    held_shares,
    mean,
    relative_difference,
    weighted_interval_score,
)
from rumbo.scores.quantiles import Array
from rumbo.scores.series import Pair, each_series, monthly

SETTLED = 30
"""Days after which shares are held in the reference, and from which errors are also given."""

BLOCK, MANY = (3, 30), 60
"""Periods in a block of the bootstrap: 3 months, or 30 days in a run of more than 60 periods."""

HELD, EVEN = "shares held at day 30", "even split"
"""Names of the references; both are given the true totals."""


def score(runs: xr.Dataset) -> pd.DataFrame:
    """Score a run against the figures of its corridor.

    Parameters
    ----------
    runs
        What `rumbo.simulate` returned, or the ``result.nc`` of a run folder.

    Returns
    -------
    pandas.DataFrame
        One row for each series, and in it for each scenario and reference: ``error``, the averaged
        relative difference of the members' median after rescaling to the observed total (Flee's),
        with its 90 % range over blocks of 30 days or 3 months (``error_low``, ``error_high``) and
        the standard deviation of single members' errors (``error_spread``), the same without
        rescaling (``error_not_rescaled``) and from day 30 on (``error_from_day30``), ``crps`` and
        ``wis`` over the observed total, and the shares of counts inside the 50 and 90 % ranges
        (``cover_50``, ``cover_90``). References are scored where they share people out between two
        parts or more that were counted, which is fewer ``periods`` than the run where counts lack.
        Errors after rescaling are NaN for a series of one part. Empty if no figure fits the run.
    """
    runs = side_by_side(runs)
    every = filter(lambda series: len(series.when), map(monthly, each_series(runs)))
    rows = [row for series in every for row in _rows(series, runs)]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "series", "scenario", "periods", "parts", "error", "error_low", "error_high", "error_spread",
    "error_not_rescaled", "error_from_day30", "crps", "wis", "cover_50", "cover_90",
]  # fmt: skip


def _rows(series: Pair, runs: xr.Dataset) -> Iterator[dict[str, Any]]:
    observed, later = series.observed, _settled(series.when)
    for name, members in zip(runs["scenario"].values, series.simulated, strict=True):
        yield {"scenario": str(name), **_scores(series.name, members, observed, later)}
    references = {EVEN: even_split(observed)}
    if later.any():  # before that shares would be those of the periods that are scored
        references = {HELD: held_shares(observed, int(np.argmax(later))), **references}
    for name, counts in references.items():
        # A single part would get all that is shared out, which is its own count.
        several = (~np.isnan(counts)).sum(axis=1, keepdims=True) > 1
        told = np.where(np.isnan(counts) | ~several, np.nan, observed)
        if several.any():
            yield {"scenario": name, **_scores(series.name, counts[None], told, later)}


def _settled(when: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Which periods begin at least 30 days after the first."""
    return np.asarray(when >= when[0] + np.timedelta64(SETTLED, "D"))


def _scores(name: str, members: Array, observed: Array, later: NDArray[np.bool_]) -> dict[str, Any]:
    counted = ~np.isnan(observed).all(axis=1)
    members, observed, later = members[:, counted], observed[counted], later[counted]
    middle = np.median(members, axis=0)
    each = relative_difference(middle, observed)
    # Where nobody was counted, a score over the total is endless rather than undefined.
    total = max(float(np.nansum(observed)), 1e-300)
    low, high = block_range(each, BLOCK[len(each) > MANY])
    single = relative_difference(members, observed).mean(axis=1)
    # Rescaled to its total a single part is its own count, whatever was simulated.
    told = observed.shape[1] > 1
    return {
        "series": name,
        "periods": len(observed),
        "parts": observed.shape[1],
        "error": float(each.mean()) if told else np.nan,
        "error_low": low if told else np.nan,
        "error_high": high if told else np.nan,
        "error_spread": float(single.std(ddof=1)) if told and len(single) > 1 else np.nan,
        "error_not_rescaled": float(relative_difference(middle, observed, rescale=False).mean()),
        "error_from_day30": mean(each[later]) if told else np.nan,
        "crps": float(np.nansum(crps(members, observed))) / total,
        "wis": float(np.nansum(weighted_interval_score(members, observed))) / total,
        "cover_50": cover(members, observed, 0.5),
        "cover_90": cover(members, observed, 0.9),
    }
