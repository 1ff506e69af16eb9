"""What each lever did, by switching levers off in the draws of a posterior.

What a lever did depends on which others were there. Its share is the mean over all orders in which
they could have come (Shapley 1953), draw by draw, and so has an interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.problem import CorridorProblem, set_up
from rumbo.fitting.record import SUMS
from rumbo.fitting.sceptical import sceptical
from rumbo.fitting.views import at_observations
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario
from rumbo.scores.narrowed import MUTE, SPEAKS
from rumbo.scores.quantiles import RANGE_90

SURE = 0.9
"""Share of draws that must agree, under either prior, for the direction of a change to be told."""

MOST_LEVERS = 5
"""Most levers at once: each more doubles the runs."""

RECORD, ASSUMED, UNDECIDED = "record", "assumed", "undecided"
"""Who speaks for the size of a change."""

MORE, FEWER = "more", "fewer"

FIFTHS = 5
"""Parts that draws are cut into for the profile."""


@dataclass(frozen=True, eq=False, repr=False)
class Attribution:
    """What levers did to encounters in destination zones.

    Attributes
    ----------
    shares
        By lever: 5, 50 and 95 % quantiles of the change of the log of encounters that it made, the
        same before the fit and with a sceptical prior; the shares of draws with more and with fewer
        encounters, and those with the sceptical prior; the ratio of the spreads after and before
        the fit; the direction: ``more`` or ``fewer`` if nine in ten draws agree under both priors,
        else ``undecided``; and who speaks: ``assumed``, ``undecided``, or the ``record``, which
        does so only for a direction that is decided.
    profile
        By lever and fifth of its draws: the mean change and the misfit per figure. Where the
        misfit is flat, the figures cannot tell.
    """

    shares: pd.DataFrame
    profile: pd.DataFrame


def attribute(
    scenario: Scenario,
    levers: Sequence[str],
    start: date | str,
    end: date | str,
    *,
    members: int = 100,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Split what happened to encounters in destination zones among levers.

    Parameters
    ----------
    scenario
        A scenario with a posterior; see `rumbo.Scenario.fitted`.
    levers
        Levers to switch off, at most five.
    start, end
        First and last month whose encounters are compared, such as ``2024-01``.
    members
        Draws to use.
    seed, workers, progress
        As in `rumbo.simulate`.

    Returns
    -------
    Attribution

    Raises
    ------
    Faults
        If there is no posterior, a lever is unknown, or the months lie outside the run.
    """
    problem, months = _check(scenario, levers, start, end)
    assert scenario.posterior is not None
    prior = _before_the_fit(problem, scenario.posterior, seed)
    told = (scenario, scenario.fitted(prior), sceptical(scenario, levers, seed))
    runs = [
        execute(
            RunSpec.of(_each_without(one, levers), members, seed, by=SUMS),
            workers,
            progress=_part_of(progress, n, len(told)),
        )
        for n, one in enumerate(told)
    ]
    zones = scenario.roles.zones
    effects = [split(_values(one, zones, months), len(levers)) for one in runs]
    misfit = _misfit(problem, runs[0])
    return Attribution(_shares(levers, *effects), _profile(levers, effects[0], misfit))


def _part_of(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """Tell how far one of several runs of the same size has come."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, parts * total)


def _before_the_fit(problem: CorridorProblem, posterior: Posterior, seed: int) -> Posterior:
    """Return the draws with values as before the fit.

    Paths stay as they were fitted: what they narrow says nothing of how large levers are.
    """
    rng = np.random.default_rng((seed, 4))
    values = {pair: rng.standard_normal(posterior.draws) for pair in problem.ranged}
    return replace(posterior, values=values)


def split(values: Array, levers: int) -> Array:
    """Return each lever's share of what all of them changed.

    Parameters
    ----------
    values
        What was reached with each set of levers switched off, in the order of `coalitions`; shape
        (R, 2**levers).
    levers
        Number of levers L.

    Returns
    -------
    numpy.ndarray
        Shares that add up to what all levers changed together (Shapley 1953); shape (R, L).
    """
    number = {off: i for i, off in enumerate(coalitions(levers))}
    shares = np.zeros((len(values), levers))
    for off, i in number.items():
        for lever in off:
            on = tuple(one for one in off if one != lever)
            others = len(on)
            weight = factorial(others) * factorial(levers - others - 1) / factorial(levers)
            shares[:, lever] += weight * (values[:, number[on]] - values[:, i])
    return shares


def coalitions(levers: int) -> list[tuple[int, ...]]:
    """Return every set of levers switched off, none of them first."""
    return [off for size in range(levers + 1) for off in combinations(range(levers), size)]


def _check(
    scenario: Scenario, levers: Sequence[str], start: date | str, end: date | str
) -> tuple[CorridorProblem, tuple[str, str]]:
    if scenario.posterior is None:
        cure = "Use scenario.fitted(), or fit the corridor first"
        raise Faults([Fault("attribute", 0, "the scenario has no posterior", cure)])
    if not 1 <= len(set(levers)) == len(levers) <= MOST_LEVERS:
        message = f"{len(levers)} levers, expected 1 to {MOST_LEVERS} different ones"
        raise Faults([Fault("attribute", 0, message, "Choose those that matter most")])
    # Year and month, also of a day written in full.
    first, last = str(start)[:7], str(end)[:7]
    run = (f"{scenario.start:%Y-%m}", f"{scenario.end:%Y-%m}")
    if not run[0] <= first <= last <= run[1]:
        message = f"the months {first} to {last} are not within the run, {run[0]} to {run[1]}"
        raise Faults([Fault("attribute", 0, message, "Choose months of the run, in order")])
    problem = set_up(replace(scenario, posterior=None), scenario.posterior.as_of)
    return problem.around(scenario.posterior), (first, last)


def _each_without(scenario: Scenario, levers: Sequence[str]) -> list[Scenario]:
    """Return the scenario without each set of levers, in the order of `coalitions`."""
    scenarios = []
    for off in coalitions(len(levers)):
        one = scenario
        for lever in off:
            one = one.without(levers[lever])
        scenarios.append(one.named(", ".join(levers[lever] for lever in off) or "nothing off"))
    return scenarios


def _values(runs: xr.Dataset, zones: str, months: tuple[str, str]) -> Array:
    """Logs of encounters in destination zones over the months; shape (R, scenarios)."""
    encounters = runs["encounters"].sel(component=zones, month=slice(*months))
    total = encounters.sum(["month", "area", "group"]).transpose("member", "scenario")
    return np.asarray(np.log(np.maximum(total.values, 1.0)), dtype=np.float64)


def _misfit(problem: CorridorProblem, runs: xr.Dataset) -> Array:
    """Mean squared error over its variance of each member, nothing switched off; shape (R,)."""
    months = [str(month) for month in problem.months]
    fitted = runs.isel(scenario=0).sel(month=slice(months[0], months[-1]))
    predicted = at_observations(problem.record.counts(fitted), problem.observations)
    gap = (predicted - problem.observations.value[:, None]) / problem.observations.sd[:, None]
    return np.asarray((gap**2).mean(axis=0))


def _shares(levers: Sequence[str], after: Array, before: Array, doubted: Array) -> pd.DataFrame:
    rows = []
    for i, lever in enumerate(levers):
        draws = (after[:, i], before[:, i], doubted[:, i])
        # A lever without a range has no spread before the fit either.
        ratio = float(draws[0].std() / max(draws[1].std(), 1e-12))
        sign = direction(draws[0], draws[2])
        ranges = [end for one in draws for end in np.quantile(one, RANGE_90)]
        signs = [share for one in (draws[0], draws[2]) for share in _signs(one)]
        rows.append((lever, *ranges, *signs, ratio, sign, _speaker(ratio, sign)))
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = (
    "lever low middle high prior_low prior_middle prior_high sceptical_low sceptical_middle "
    "sceptical_high more fewer sceptical_more sceptical_fewer ratio direction speaks"
).split()
"""Columns of the shares of levers."""


def _signs(draws: Array) -> tuple[float, float]:
    """Return the shares of draws with more and with fewer encounters."""
    return float((draws > 0.0).mean()), float((draws < 0.0).mean())


def direction(first: Array, doubted: Array) -> str:
    """Return the direction of a change that both priors lead to.

    Parameters
    ----------
    first, doubted
        Changes by draw, with the first prior and with the sceptical one; shapes (R,).

    Returns
    -------
    str
        ``more`` or ``fewer``; ``undecided`` if under nine in ten draws share it, or if the priors
        disagree.
    """
    for n, name in enumerate((MORE, FEWER)):
        if min(_signs(first)[n], _signs(doubted)[n]) >= SURE:
            return name
    return UNDECIDED


def _speaker(ratio: float, sign: str) -> str:
    if ratio > MUTE:
        return ASSUMED
    return RECORD if ratio < SPEAKS and sign != UNDECIDED else UNDECIDED


def _profile(levers: Sequence[str], effects: Array, misfit: Array) -> pd.DataFrame:
    rows = []
    for i, lever in enumerate(levers):
        order = np.array_split(np.argsort(effects[:, i], kind="stable"), FIFTHS)
        rows += [
            (lever, n + 1, effects[part, i].mean(), misfit[part].mean())
            for n, part in enumerate(order)
        ]
    return pd.DataFrame(rows, columns=["lever", "fifth", "change", "misfit"])
