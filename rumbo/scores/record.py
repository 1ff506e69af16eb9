"""The record table: every series that a run says anything about, held against what was counted."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.scores.background import background_of
from rumbo.scores.branches import side_by_side
from rumbo.scores.members import quantiles
from rumbo.scores.quantiles import Array
from rumbo.scores.series import Pair, each_series

FITTED, HELD_OUT, UNKNOWN, GIVEN = "fitted", "held out", "not recorded", "given"
"""Whether the fit of a run had seen a series, or the run was given it as entries."""

ENTERING = ("parole_arrivals",)
"""Counts of people who are entries of a run themselves: that the two agree is no test."""

PROMISED = 0.9
"""Share of the figures that the wider range promises to hold."""

LEAST_COVER = PROMISED / 2.0
"""Under this cover a series fails: half of what its range promises."""

MOST_BIAS = math.log(1.5)
"""Beyond this bias, half too many or a third too few, a series fails."""

FIRST = (
    "zones", "gates", "encounters", "stops", "returns_by_transit", "asylum_applications",
    "appointments", "parole_arrivals", "transit", "transfers", "waiting", "queue", "under_way",
    "deaths",
)  # fmt: skip
"""Order of the series."""

ONLY_BY_AREA = ("deaths", "waiting", "under_way")
"""What is counted area by area alone: a fit names it without saying so."""

COLUMNS = [
    "series", "of", "base", "component", "area", "nationality", "parts", "figures", "observed",
    "simulated", "low", "high", "log_rmse", "bias", "cover_50", "cover_90", "fitted",
    "failing", "fails",
]  # fmt: skip

BEFORE = ["log_rmse", "bias", "cover_90"]
"""What is told of how a series was met before, where a corridor keeps it."""


class FitBehind(NamedTuple):
    """What a result says of the fit that its members came from.

    Attributes
    ----------
    unknowns, figures, seed
        Sizes of the fit and its luck, as written; empty where not recorded.
    views
        What was fitted; None where not recorded.
    as_of
        Day up to which figures counted.
    """

    unknowns: str
    figures: str
    seed: str
    views: tuple[str, ...] | None
    as_of: str


def fit_of(runs: xr.Dataset) -> FitBehind | None:
    """Return what a result says of its fit, or None where nothing was fitted."""
    posterior = background_of(runs).get("posterior")
    if posterior is None:
        return None
    about = posterior.get("about") or {}
    told = about.get("views")
    views = None if told is None else tuple(one.strip() for one in str(told).split(","))
    unknowns, figures, seed = (str(about.get(name, "")) for name in ("unknowns", "figures", "seed"))
    return FitBehind(unknowns, figures, seed, views, str(posterior.get("as_of", "")))


def record(runs: xr.Dataset) -> pd.DataFrame:
    """Hold the first scenario of a run against every figure of its corridor.

    Parameters
    ----------
    runs
        What `rumbo.simulate` returned for a corridor, or the ``result.nc`` of a run folder.

    Returns
    -------
    pandas.DataFrame
        One row for each series, and before the nationalities or areas of one a row for all of
        them (``parts`` of them; ``of`` names it in each). ``series`` is its key such as ``zones``,
        ``zones/VEN``, ``stops@north``, ``zones/*``. ``figures`` there are, their mean
        a month (``observed``), the median of the members' means (``simulated``) and their 90 %
        range (``low``, ``high``). ``log_rmse`` and ``bias``, root mean square and
        mean of ``log(1 + median) - log(1 + figure)``; for all parts the medians over them. Shares
        of figures that the 50 and 90 % ranges reach (``cover_50``, ``cover_90``). ``fitted``:
        fitted, held out, given or not recorded. ``fails``: less than 45 % inside the 90 % range, or
        a bias beyond log 1.5; of all parts also if at least half of them fail (``failing`` do).
        ``before_...``: the same of an earlier version, where the corridor keeps them.
    """
    runs = side_by_side(runs)
    fit, roles = fit_of(runs), background_of(runs).get("roles") or {}
    pairs = sorted(each_series(runs), key=lambda pair: _order(pair, roles))
    rows = [row for pair in pairs for row in _rows(pair, base_of(pair, roles), fit)]
    return _with_before(pd.DataFrame(rows, columns=COLUMNS), runs)


def _with_before(table: pd.DataFrame, runs: xr.Dataset) -> pd.DataFrame:
    columns = ["series", *BEFORE]
    kept = pd.DataFrame(background_of(runs).get("record_before") or [], columns=None)
    kept = kept.reindex(columns=columns).rename(columns={one: f"before_{one}" for one in BEFORE})
    return table.merge(kept.astype({"series": object}), on="series", how="left")


def base_of(pair: Pair, roles: dict[str, Any]) -> str:
    """Return what a series is of, as fits name it: ``zones``, ``stops``, ``transit``."""
    named = {roles.get(role): role for role in ("zones", "gates")}
    if pair.measure == "encounters" and pair.component in named:
        return str(named[pair.component])
    return pair.measure


def _order(pair: Pair, roles: dict[str, Any]) -> tuple[int, str, int]:
    base = base_of(pair, roles)
    return FIRST.index(base), base, ("", "nationality", "area").index(pair.by)


def _seen(base: str, by: str, fit: FitBehind | None) -> str:
    """Whether the fit had seen a series."""
    if base in ENTERING:
        return GIVEN
    if fit is None:
        return HELD_OUT
    if fit.views is None:
        return UNKNOWN
    view = f"{base}.areas" if by == "area" and base not in ONLY_BY_AREA else base
    return FITTED if view in fit.views else HELD_OUT


def _rows(pair: Pair, base: str, fit: FitBehind | None) -> Iterator[dict[str, Any]]:
    mark = {"": "", "nationality": "/", "area": "@"}[pair.by]
    about = {"base": base, "component": pair.component, "fitted": _seen(base, pair.by, fit)}
    of = f"{base}{mark}*" if mark else ""
    rows = [
        {
            **about,
            "series": f"{base}{mark}{part if mark else ''}",
            "of": of,
            "area": part if pair.by == "area" else "all",
            "nationality": part if pair.by == "nationality" else "all",
            "parts": 1,
            **scores,
        }
        for part, scores in zip(pair.parts, _scores(pair), strict=True)
    ]
    yield from [{**about, **_pooled(rows, of, pair)}] if mark else []
    yield from rows


def _pooled(rows: list[dict[str, Any]], of: str, pair: Pair) -> dict[str, Any]:
    """Tell of all parts together: medians over them, and cover over all their figures."""
    table = pd.DataFrame(rows)
    weight = table["figures"] / table["figures"].sum()
    covers = {name: float((table[name] * weight).sum(skipna=False)) for name in COVERS}
    middles = {name: float(table[name].median()) for name in ("log_rmse", "bias")}
    every = {name: "*" if pair.by == name else "all" for name in ("area", "nationality")}
    told = {"series": of, "of": "", "parts": len(rows), "figures": int(table["figures"].sum())}
    failing = int(table["fails"].sum())
    short = fails(middles["bias"], covers[WIDE]) or 2 * failing >= len(rows)
    return {**told, **every, **middles, **covers, "failing": failing, "fails": short}


WIDE = "cover_90"
COVERS = {"cover_50": 0.5, WIDE: PROMISED}
"""Columns of covers, and the share of the members that each range holds."""


def fails(bias: float, cover: float) -> bool:
    """Whether a series fails the record; a single member has no cover (NaN) and no say by it."""
    return cover < LEAST_COVER or abs(bias) > MOST_BIAS


def _scores(pair: Pair) -> Iterator[dict[str, Any]]:
    members = pair.simulated[0]
    middle = np.median(members, axis=0)
    apart = np.log1p(middle) - np.log1p(pair.observed)
    inside = {name: _reached(members, pair, share) for name, share in COVERS.items()}
    for part in range(len(pair.parts)):
        known = np.flatnonzero(~np.isnan(pair.observed[:, part]))
        errors, months = apart[known, part], pair.months[known]
        means = (members[:, known, part] / months).mean(axis=1)
        low, high = np.quantile(means, (0.05, 0.95))
        bias = float(errors.mean())
        covers = {name: float(held[known, part].mean()) for name, held in inside.items()}
        yield {
            "figures": len(known),
            "observed": float((pair.observed[known, part] / months).mean()),
            "simulated": float(np.median(means)),
            "low": float(low),
            "high": float(high),
            "log_rmse": float(np.sqrt((errors**2).mean())),
            "bias": bias,
            **covers,
            "failing": int(fails(bias, covers[WIDE])),
            "fails": fails(bias, covers[WIDE]),
        }


def _reached(members: Array, pair: Pair, share: float) -> Array:
    """Whether the central range of the members reaches each figure, or its range; (T, C)."""
    if len(members) < 2:
        return np.full(pair.observed.shape, np.nan)
    low, _, high = quantiles(members, np.array([1.0 - share]))
    return ((low[..., 0] <= pair.high) & (pair.low <= high[..., 0])).astype(np.float64)
