"""The score of every forecast, and how a model does beside same-as-last-month.

Array letters: ``O`` origins, ``K`` series of a family.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from rumbo.forecasting.panel import Panel
from rumbo.forecasting.targets import Families
from rumbo.scenario.arrays import Array, Index
from rumbo.scores.members import block_picks
from rumbo.scores.quantiles import crps, held, wis

COVERS = (50, 80, 90, 95)
"""Covers of central ranges, in %."""

SCORES = ("wis_log", "wis_natural", "crps_log", "crps_natural")
"""Scores of a forecast: of ``log(1 + figure)``, and of the figure itself."""

BLOCK = 9
"""Origins in a block of the bootstrap: outcomes hang together over the six months ahead, and
changes of policy a little longer (assumed)."""

DRAWS = 1000
"""Resamples of the bootstrap."""


def score_cells(panel: Panel, outcomes: Array, families: Families) -> pd.DataFrame:
    """Score each forecast whose month has been published.

    Parameters
    ----------
    panel
        The forecasts.
    outcomes
        ``log(1 + figure)``; shape (O, K, H).
    families
        Series by family.

    Returns
    -------
    pandas.DataFrame
        One row a model, origin, series and month ahead: model, origin, family, measure, component,
        area, nationality, horizon (months after the last published one), nowcast (1 where the
        month was over on the origin's day, else 0), month, outcome (persons), `SCORES` and
        ``held_50`` to ``held_95`` (0 or 1).
    """
    table = pd.concat(
        [_of_model(panel, outcomes, name) for name in panel.forecasts], ignore_index=True
    )
    of = {key: name for name, keys in families.items() for key in keys}
    table.insert(2, "family", [of[panel.keys[k]] for k in table["series"]])
    for i, part in enumerate(panel.keys[0]._fields):
        table.insert(3 + i, part, [panel.keys[k][i] for k in table["series"]])
    return table.drop(columns="series")


def _of_model(panel: Panel, outcomes: Array, name: str) -> pd.DataFrame:
    quantiles = panel.forecasts[name]
    there = np.isfinite(outcomes) & np.isfinite(quantiles).all(axis=-1)
    o, k, h = np.nonzero(there)
    logs, came = quantiles[there], outcomes[there]
    columns: dict[str, Any] = {
        "model": name,
        "origin": np.datetime_as_string(panel.origins[o]),
        "series": k,
        "horizon": h + 1,
        "nowcast": (panel.months[there] <= panel.origins[o]).astype(int),
        "month": np.datetime_as_string(panel.months[there]),
        "outcome": np.expm1(came),
        "wis_log": wis(logs, came),
        "wis_natural": wis(np.expm1(logs), np.expm1(came)),
        "crps_log": crps(logs, came),
        "crps_natural": crps(np.expm1(logs), np.expm1(came)),
        **{f"held_{cover}": held(logs, came, cover / 100.0) for cover in COVERS},
    }
    return pd.DataFrame(columns)


def skill(cells: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Compare models with a reference over the cells that both forecast.

    Parameters
    ----------
    cells
        What `score_cells` returned.
    reference
        Model that scores are divided by.

    Returns
    -------
    pandas.DataFrame
        One row a family, month ahead and model: family, horizon, model, series, origins, cells; for
        each of `SCORES` its mean, ``relative_``, the ratio of means, and ``geometric_``, the
        geometric mean of the ratios of single series, both with 90 % ranges (``_low``, ``_high``)
        over blocks of 9 origins; and ``cover_50`` to ``cover_95``, the shares that ranges held.
    """
    index = ["family", "horizon", "origin", "measure", "component", "area", "nationality"]
    base = cells[cells["model"] == reference].set_index(index)[list(SCORES)]
    joined = cells.join(base.add_suffix("_reference"), on=index, how="inner")
    groups = joined.groupby(["family", "horizon", "model"], sort=False)
    return pd.DataFrame([_row(names, rows) for names, rows in groups])


def _row(names: tuple[str, int, str], rows: pd.DataFrame) -> dict[str, Any]:
    keys = pd.MultiIndex.from_frame(rows[["measure", "component", "area", "nationality"]])
    series, origins = pd.factorize(keys)[0], pd.factorize(rows["origin"], sort=True)[0]
    row: dict[str, Any] = {
        **dict(zip(("family", "horizon", "model"), names, strict=True)),
        "series": int(series.max()) + 1,
        "origins": int(origins.max()) + 1,
        "cells": len(rows),
    }
    for score in SCORES:
        mine, theirs = (
            _sums(rows[name].to_numpy(), origins, series) for name in (score, f"{score}_reference")
        )
        row[score] = float(rows[score].mean())
        row.update(_ratios(score, mine, theirs))
    row.update({f"cover_{cover}": float(rows[f"held_{cover}"].mean()) for cover in COVERS})
    return row


def _sums(values: Array, origins: Index, series: Index) -> Array:
    """Scores by origin and series, 0 where there is none; shape (O, K)."""
    table = np.zeros((origins.max() + 1, series.max() + 1))
    np.add.at(table, (origins, series), values)
    return table


def _ratios(score: str, mine: Array, theirs: Array) -> Iterator[tuple[str, float]]:
    picks = block_picks(len(mine), BLOCK, DRAWS)
    again = mine[picks].sum(axis=1), theirs[picks].sum(axis=1)
    for name, ratio in (("relative", _pooled), ("geometric", _geometric)):
        low, high = np.quantile(ratio(*again), (0.05, 0.95))
        yield f"{name}_{score}", float(ratio(mine.sum(axis=0), theirs.sum(axis=0)))
        yield f"{name}_{score}_low", float(low)
        yield f"{name}_{score}_high", float(high)


def _pooled(mine: Array, theirs: Array) -> Array:
    return np.asarray(mine.sum(axis=-1) / theirs.sum(axis=-1))


def _geometric(mine: Array, theirs: Array) -> Array:
    """Geometric mean over series, leaving out those that a resample lacks; shape (...)."""
    there = (theirs > 0) & (mine > 0)
    ratio = np.where(there, mine, 1.0) / np.where(there, theirs, 1.0)
    return np.asarray(np.exp(np.log(ratio).sum(axis=-1) / np.maximum(there.sum(axis=-1), 1)))
