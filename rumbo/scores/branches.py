"""Branches of a result: set side by side, or mixed by their probabilities."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import xarray as xr

from rumbo.scores.background import BRANCH, PROBABILITY, background_of, check_result
from rumbo.scores.quantiles import Array

Runs = TypeVar("Runs", xr.Dataset, xr.DataArray)

OVER = (BRANCH, "member")
"""What a mixture is over: members of all branches."""


def side_by_side(runs: xr.Dataset) -> xr.Dataset:
    """Return a result with its branches as scenarios, each with its ``probability``.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` returned; as it is if it has no branches.

    Returns
    -------
    xarray.Dataset
        Dims ``(scenario, member, ...)``; branches are called as when each is run alone.

    Raises
    ------
    ValueError
        If it is no result, or has no scenarios, members or months.
    """
    check_result(runs)
    if BRANCH not in runs.dims:
        return runs
    names = [one["name"] for one in background_of(runs)["scenarios"]]
    flat = runs.stack(pair=("scenario", BRANCH)).reset_index("pair", drop=True)
    flat = flat.rename(pair="scenario").assign_coords(scenario=names)
    return flat.transpose("scenario", ...)


def laid_out_in(runs: xr.Dataset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the scenarios that branch in a result, and the branches of each.

    Parameters
    ----------
    runs
        What ``rumbo.simulate`` returned.

    Returns
    -------
    tuple of tuple of str
        Names; empty where nothing branches.
    """
    if BRANCH not in runs.dims:
        return (), ()
    based, branches = (tuple(map(str, runs[dim].values)) for dim in ("scenario", BRANCH))
    return based, branches


_CURE = (
    "give what rumbo.simulate returned for scenario.branches(), before taking quantiles or means "
    "over members"
)


class Mixture(Generic[Runs]):
    """All branches of a result taken together, each by its probability.

    A member of a branch weighs its branch's probability over the number of members. Members of
    branches have the same luck, so that a mixture needs no more of them than one branch does.

    Parameters
    ----------
    runs
        What `rumbo.simulate` returned for branches, or something worked out from it that still has
        ``branch``, ``member`` and the coordinate ``probability``.

    Raises
    ------
    ValueError
        If something of that is missing, or no branch has a probability above 0.
    """

    def __init__(self, runs: Runs) -> None:
        if not isinstance(runs, xr.Dataset | xr.DataArray):
            raise ValueError(f"expected a result, got {type(runs).__name__}: {_CURE}")
        missing = [dim for dim in OVER if dim not in runs.dims]
        missing += [PROBABILITY] * (PROBABILITY not in runs.coords)
        if missing:
            raise ValueError(f"the result has no {' and no '.join(missing)}: {_CURE}")
        if not float(runs[PROBABILITY].sum()) > 0.0:
            raise ValueError(
                "the branches of the result have probability 0 together, so nothing weighs: take "
                "one with probability along, or look at each with .sel(branch=...)"
            )
        self._runs: Runs = runs

    def mean(self) -> Runs:
        """Return the mean over branches and members."""
        weights = self._runs[PROBABILITY].expand_dims(member=self._runs.sizes["member"])
        mean: Runs = self._runs.weighted(weights).mean(OVER, keep_attrs=True)
        return mean

    def quantile(self, q: float | Sequence[float]) -> Runs:
        """Return quantiles over branches and members.

        Parameters
        ----------
        q
            One quantile or several, 0 to 1.

        Returns
        -------
        xarray.Dataset or xarray.DataArray
            What was given without ``branch`` and ``member``, with ``quantile`` first if there are
            several; NaN where a member has none. Defined as in
            `xarray.computation.weighted.Weighted`: with one branch, or equal weights, the usual
            quantile (Hyndman and Fan 1996, type 7).
        """
        runs, levels = self._runs, np.asarray(q, dtype=np.float64)
        if not levels.size or not ((levels >= 0) & (levels <= 1)).all():
            raise ValueError(f"quantiles must be between 0 and 1, one or several, got {q}")
        if isinstance(runs, xr.Dataset):
            return runs.map(_quantile, keep_attrs=True, args=(levels,))
        return _quantile(runs, levels)


def _quantile(runs: xr.DataArray, levels: Array) -> xr.DataArray:
    """Return weighted quantiles of a measure, if it differs by branch and member."""
    if not {*OVER} <= {*runs.dims}:
        return runs
    pooled = runs.stack(pair=OVER, create_index=False).transpose("pair", ...)
    weights = pooled[PROBABILITY].to_numpy()
    cells = pooled.to_numpy().reshape(len(weights), -1)
    blocks = np.array_split(cells, -(-cells.size // BLOCK), axis=1)
    found = np.hstack([weighted_quantiles(one, weights, np.atleast_1d(levels)) for one in blocks])
    template = pooled.isel(pair=0, drop=True).drop_vars((*OVER, PROBABILITY), errors="ignore")
    along = template.expand_dims(quantile=np.atleast_1d(levels))
    along = along.copy(data=found.reshape(along.shape))
    return along if levels.ndim else along.isel(quantile=0)


BLOCK = 2**22
"""Values that are sorted at once, so that little memory is taken beside the result."""


def weighted_quantiles(values: Array, weights: Array, levels: Array) -> Array:
    """Return weighted quantiles over the first axis.

    A quantile is the mean of the sorted values within a window of their cumulative weight, as wide
    as one of as many equal weights as these are worth (Kish 1965: squared sum over sum of squares).

    Parameters
    ----------
    values
        Shape (N, cells).
    weights
        Shape (N,), not all 0.
    levels
        Shape (L,), 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (L, cells).
    """
    order = np.argsort(values, axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    worth = weights.sum() ** 2 / (weights**2).sum()
    ends = np.cumsum(weights[order], axis=0) * (worth / weights.sum())
    ends = np.vstack([np.zeros_like(ends[:1]), ends])
    starts = (worth - 1) * levels
    windows = (np.diff(np.clip(ends, start, start + 1), axis=0) for start in starts)
    return np.stack([(ordered * window).sum(axis=0) for window in windows])


def mixture(runs: Runs) -> Mixture[Runs]:
    """Take the branches of a result together, each by its probability.

    Parameters
    ----------
    runs
        What `rumbo.simulate` returned for the branches of a scenario, or a measure of it. Sum or
        choose first: quantiles of sums are not sums of quantiles.

    Returns
    -------
    Mixture
        Its ``quantile`` and ``mean`` are over branches and members.

    Raises
    ------
    ValueError
        If it has no branches, members or probabilities above 0.

    Examples
    --------
    >>> import rumbo
    >>> tree = rumbo.load("my_corridor").branches()  # doctest: +SKIP
    >>> runs = rumbo.simulate(tree, members=20)  # doctest: +SKIP
    >>> crossed = runs["encounters"].sum(["area", "group", "component"])  # doctest: +SKIP
    >>> rumbo.mixture(crossed).quantile([0.05, 0.5, 0.95])  # doctest: +SKIP
    """
    return Mixture(runs)


def own_weights(branches: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the chance of each outcome, where its event happens at all.

    Parameters
    ----------
    branches
        As an outlook tells of them: ``probability`` and ``outcomes``, each with ``event`` and
        ``outcome``.

    Returns
    -------
    dict of str to dict of str to float
        By event and outcome, in the order of the days on which events are decided.
    """
    found: dict[str, dict[str, float]] = {}
    for branch in branches:
        for one in branch["outcomes"]:
            shares = found.setdefault(one["event"], {})
            shares[one["outcome"]] = shares.get(one["outcome"], 0.0) + branch["probability"]
    return {event: _to_one(shares) for event, shares in found.items()}


def _to_one(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values()) or 1.0
    return {outcome: share / total for outcome, share in shares.items()}
