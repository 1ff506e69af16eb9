"""Branches of a result: set side by side, or mixed by their probabilities."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import xarray as xr

from rumbo.scores.background import background_of

BRANCH = "branch"
PROBABILITY = "probability"

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
    """
    if BRANCH not in runs.dims:
        return runs
    names = [one["name"] for one in background_of(runs)["scenarios"]]
    flat = runs.stack(pair=("scenario", BRANCH)).reset_index("pair", drop=True)
    flat = flat.rename(pair="scenario").assign_coords(scenario=names)
    return flat.transpose("scenario", ...)


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
        If something of that is missing.
    """

    def __init__(self, runs: Runs) -> None:
        missing = [dim for dim in OVER if dim not in runs.dims]
        missing += [PROBABILITY] * (PROBABILITY not in runs.coords)
        if missing:
            raise ValueError(
                f"the result has no {' and no '.join(missing)}: give what rumbo.simulate returned "
                "for scenario.branches(), before taking quantiles or means over members"
            )
        self._runs: Runs = runs
        self.weights = runs[PROBABILITY].expand_dims(member=runs.sizes["member"])

    def mean(self) -> Runs:
        """Return the mean over branches and members."""
        mean: Runs = self._runs.weighted(self.weights).mean(OVER)
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
            What was given without ``branch`` and ``member``, with ``quantile`` if there are
            several. The quantile is the generalisation to weights of the usual one (Hyndman and
            Fan 1996, type 7): with one branch, or equal weights, the two are the same.
        """
        found: Runs = self._runs.weighted(self.weights).quantile(q, dim=OVER)
        return found


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
        If it has no branches, members or probabilities.

    Examples
    --------
    >>> import rumbo
    >>> tree = rumbo.load("darien-rio-bravo").branches()
    >>> runs = rumbo.simulate(tree, members=20)  # doctest: +SKIP
    >>> crossed = runs["encounters"].sum(["area", "group", "component"])  # doctest: +SKIP
    >>> rumbo.mixture(crossed).quantile([0.05, 0.5, 0.95])  # doctest: +SKIP
    """
    return Mixture(runs)
