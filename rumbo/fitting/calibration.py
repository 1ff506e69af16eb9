"""Simulated truths, fitted like the record: whether a fit's ranges hold what made the figures.

A truth is one member of the fit's own prior, run with chance; its figures, with the errors that the
fit takes figures to have, are fitted by a small ensemble from the same prior. If ranges mean what
they say, the truth's place among the members is any of them equally often (simulation-based
calibration; Talts and others 2018). A truth of another structure, with a rule switched off that
the fit believes in, tells how far a wrong model is off.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import kstest

from rumbo.files.atomic import write_text
from rumbo.files.code import component_digest
from rumbo.fitting.ensemble.smoother import Evidence, one_pass
from rumbo.fitting.problem import CorridorProblem, run_posterior
from rumbo.fitting.record import QUEUE, RECORDED, SUMS, WAITING
from rumbo.fitting.scatter import draw_scatter, widened
from rumbo.fitting.start.prior import draw_prior
from rumbo.fitting.views import at_observations
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array
from rumbo.scenario.edit.outcomes import rows_of_test
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS
from rumbo.scores.shares import wilson

TRUTHS, MEMBERS, PASSES = 100, 60, 2
"""Truths, and size of each fit: a sixteenth of the usual one, so that a hundred can be made."""

STREAM = 5
"""Sets the random numbers of truths apart from those of fits."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Truths to be made and fitted.

    Attributes
    ----------
    problem
        The fit, around its centre.
    lever
        Lever whose effect is among the quantities; empty for none.
    off
        Rule or lever that truths do not have; empty if they are of the same structure.
    members, passes, seed
        Size of each fit, times its figures are used, and luck of the whole.
    """

    problem: CorridorProblem
    lever: str = ""
    off: str = ""
    members: int = MEMBERS
    passes: int = PASSES
    seed: int = 0


class Rank(NamedTuple):
    """Where one truth lies among the members fitted to its figures.

    Attributes
    ----------
    truth, quantity
        Number of the truth, and what is compared.
    value
        The truth's.
    rank, members
        Members below it, and all of them.
    """

    truth: int
    quantity: str
    value: float
    rank: int
    members: int


def calibrate(
    asked: Calibration,
    truths: int = TRUTHS,
    *,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Make truths, fit each, and say where it lies among its members.

    Parameters
    ----------
    asked
        What is made and fitted.
    truths
        How many.
    workers
        Cores to use; None uses every one. The result does not depend on it.
    folder
        Where finished truths are kept, so that an interrupted run goes on.
    progress
        Called after every truth.

    Returns
    -------
    pandas.DataFrame
        One row a truth and quantity; columns as in `Rank`.
    """
    kept = _Kept(folder, asked)
    scatter: Array | None = None
    rows: list[Rank] = []
    for truth in range(truths):
        found = kept.read(truth)
        if found is None:
            scatter = _scatter(asked, workers) if scatter is None else scatter
            found = list(_ranks(asked, truth, scatter, workers))
            kept.write(truth, found)
        rows += found
        if progress:
            progress(truth + 1, truths)
    return pd.DataFrame(rows, columns=list(Rank._fields))


def _scatter(asked: Calibration, workers: int | None) -> Array:
    """How far draws lie from expected runs: measured once, on members of the prior; (D,)."""
    problem = asked.problem
    prior = problem.posterior(draw_prior(problem, asked.members, asked.seed))
    expected = run_posterior(problem, prior, seed=asked.seed, workers=workers, mode="expected")
    return draw_scatter(problem, prior, expected, seed=asked.seed, workers=workers)


def _ranks(asked: Calibration, truth: int, scatter: Array, workers: int | None) -> Iterator[Rank]:
    """Make a truth, fit its figures, and rank it."""
    problem = asked.problem
    luck = int(np.random.default_rng((asked.seed, truth, STREAM)).integers(2**31))
    made = problem.posterior(draw_prior(problem, 1, luck))
    runs = _run(asked, made, luck, workers, off=asked.off)
    figures = at_observations(problem.record.counts(runs.isel(scenario=0)), problem.observations)
    fitted = _fit(asked, figures[:, 0], scatter, luck + 1, workers)
    members = _quantities(problem.scenario, _run(asked, fitted, luck + 2, workers))
    rng = np.random.default_rng((luck, STREAM, 1))
    for name, true in _quantities(problem.scenario, runs).items():
        yield Rank(truth, name, float(true[0]), rank_of(true[0], members[name], rng), asked.members)


def rank_of(true: float, members: Array, rng: np.random.Generator) -> int:
    """Return how many members lie below a truth; among its equals, such as no deaths, by chance."""
    below, alike = int((members < true).sum()), int((members == true).sum())
    return below + int(rng.integers(alike + 1))


def _fit(
    asked: Calibration, figures: Array, scatter: Array, luck: int, workers: int | None
) -> Posterior:
    """Fit a truth's figures, each with an error of its own, by a small ensemble."""
    problem, rng = asked.problem, np.random.default_rng((luck, STREAM))
    sd = problem.evidence.sd
    evidence = widened(Evidence(figures + sd * rng.standard_normal(len(sd)), sd), scatter)
    unknowns = draw_prior(problem, asked.members, luck)
    for turn in range(asked.passes):
        draws = problem.posterior(unknowns)
        predicted = run_posterior(problem, draws, seed=luck, workers=workers, mode="expected")
        blocks = problem.blocks(unknowns, predicted)
        unknowns = one_pass(unknowns, predicted, evidence, blocks, asked.passes, (luck, turn))
    return problem.posterior(unknowns)


def _run(
    asked: Calibration, draws: Posterior, seed: int, workers: int | None, off: str = ""
) -> xr.Dataset:
    """Run draws with chance, and once more without the lever if one is asked for."""
    base = asked.problem.scenario.fitted(draws)
    whole = (base.without(off) if off else base).named("whole")
    without = [whole.without(asked.lever).named("without")] if asked.lever else []
    return execute(RunSpec.of([whole, *without], None, seed, by=SUMS), workers)


def _quantities(scenario: Scenario, runs: xr.Dataset) -> dict[str, Array]:
    """Return the quantities of each member, by name; shapes (R,)."""
    whole = runs.isel(scenario=0)
    by_name = {
        "encounters": whole["encounters"].sel(component=scenario.roles.zones),
        STOPS: whole[STOPS],
        WAITING: whole[WAITING],
        QUEUE: whole[QUEUE],
        RECORDED: whole[RECORDED],
    }
    sums = {name: _of_members(one) for name, one in by_name.items()}
    if runs.sizes["scenario"] > 1:
        both = runs["encounters"].sel(component=scenario.roles.zones)
        base, without = (_of_members(both.isel(scenario=n)) for n in (0, 1))
        sums["effect"] = np.log((base + 1.0) / (without + 1.0))
    return sums


def _of_members(counts: xr.DataArray) -> Array:
    return counts.sum([dim for dim in counts.dims if dim != "member"]).values.astype(np.float64)


class _Form(NamedTuple):
    """What truths are made and fitted by; one that is kept is good for the same code alone."""

    lever: str
    off: str
    members: int
    passes: int
    seed: int


class _Kept:
    """Finished truths on the disk."""

    def __init__(self, folder: Path | None, asked: Calibration) -> None:
        form = _Form(*(getattr(asked, name) for name in _Form._fields))
        centre, known = asked.problem.centre, asked.problem.known
        scenario = asked.problem.scenario.untested()
        parts = [scenario.digest(), known.digest, component_digest(form)]
        parts += [centre.digest] if centre else []
        # 64 bits name a calibration among the few that share a folder.
        self._id = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
        self._folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def _path(self, truth: int) -> Path | None:
        return self._folder / f"{self._id}-{truth}.json" if self._folder else None

    def read(self, truth: int) -> list[Rank] | None:
        """Return where a finished truth lies, or None; a damaged file counts as absent."""
        path = self._path(truth)
        if path is None or not path.is_file():
            return None
        try:
            return [Rank(*row) for row in json.loads(path.read_bytes())]
        except (ValueError, TypeError):
            return None

    def write(self, truth: int, ranks: list[Rank]) -> None:
        """Keep where a truth lies."""
        path = self._path(truth)
        if path is not None:
            write_text(path, json.dumps(ranks))


def calibrated(ranks: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Say whether truths lie anywhere among members equally often.

    Parameters
    ----------
    ranks
        As from `calibrate`.
    seed
        Names the chance that spreads ranks within their steps.

    Returns
    -------
    pandas.DataFrame
        By quantity: truths ``n``; ``p``, the chance of ranks as uneven as these were all equally
        likely (Kolmogorov and Smirnov); ``holm``, the same corrected for the number of quantities;
        ``held_90``, the share of truths from 5 to 95 %, and its interval ``low`` to ``high``
        (Wilson).
    """
    rows = []
    rng = np.random.default_rng((seed, STREAM))
    for quantity, part in ranks.groupby("quantity", sort=False):
        steps = part["members"].to_numpy() + 1.0
        place = (part["rank"].to_numpy() + rng.uniform(size=len(part))) / steps
        inside = int(((place > 0.05) & (place < 0.95)).sum())
        p = float(kstest(place, "uniform").pvalue)
        rows.append((quantity, len(part), p, inside / len(part), *wilson(inside, len(part))))
    table = pd.DataFrame(rows, columns=["quantity", "n", "p", "held_90", "low", "high"])
    return table.assign(holm=holm(table["p"].to_numpy()))


def table_of_calibration(table: pd.DataFrame, off: str, command: str) -> pd.DataFrame:
    """Return what was found as rows of ``tested.csv``.

    Parameters
    ----------
    table
        As from `calibrated`.
    off
        Rule that truths did not have; empty for none.
    command
        What shows it.
    """
    named = table.rename(columns={"quantity": "series"})
    held = named.rename(columns={"held_90": "value"}).assign(figure="held_90")
    even = named.rename(columns={"holm": "value"}).drop(columns=["low", "high", "held_90"])
    rows = pd.concat([held.drop(columns="holm"), even.assign(figure="even")], ignore_index=True)
    test = f"calibration_without_{off}" if off else "calibration"
    return rows_of_test(rows, test, command)


def holm(p: Array) -> Array:
    """Correct chances for the number of tests (Holm 1979); shape as given."""
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(raised, 1.0)
    return corrected
