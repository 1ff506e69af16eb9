"""Fitting the corridor itself: its entries, stops, crossings and the sizes of its levers."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path as File

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.ensemble.smoother import (
    Block,
    Evidence,
    at_full_weight,
    beyond_chance,
    round_a_month,
)
from rumbo.fitting.layout import Layout
from rumbo.fitting.paths import PATHS, Path
from rumbo.fitting.record import SUMS, Record
from rumbo.fitting.views import Observations, at_observations, of_group, views_of
from rumbo.run.folder import keep_run
from rumbo.run.program import Compiled, compile_beside
from rumbo.run.sets import draws
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Index, Months
from rumbo.scenario.figures import HINDSIGHT, Known, known
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.fitted import FAMILIES


@dataclass(frozen=True, eq=False)
class CorridorProblem:
    """A fit of the corridor to what had been published.

    Attributes
    ----------
    scenario
        The corridor over the days of the fit.
    known
        What had been published.
    centre
        Paths and levels that members scatter around, as a posterior; the middle of its draws
        counts. None leaves the corridor as it is.
    left
        Kinds of views whose figures are left out, with those by area: the fit does not see them.
    """

    scenario: Scenario
    known: Known
    centre: Posterior | None = None
    left: frozenset[str] = frozenset()

    def around(self, centre: Posterior) -> "CorridorProblem":
        """Return the same fit, its members around a centre."""
        return replace(self, centre=centre)

    @cached_property
    def middle(self) -> dict[str, Array]:
        """Logs of the factors of each family that members scatter around; shape (T, N)."""
        middle = {name: np.zeros((len(self.months), len(self.nationalities))) for name in FAMILIES}
        if self.centre:
            known = self.centre.months
            at = [min(bisect_left(known, str(m)), len(known) - 1) for m in self.months]
            for name, draws in self.centre.paths.items():
                middle[name] += np.median(draws.astype(np.float64), axis=0)[at]
        return middle

    @cached_property
    def months(self) -> Months:
        """Months of the fit; shape (T,)."""
        days = np.array([self.scenario.start, self.scenario.end], dtype="datetime64[M]")
        return np.arange(days[0], days[1] + 1)

    @cached_property
    def nationalities(self) -> tuple[str, ...]:
        """Nationalities, in the order of the groups; length N."""
        return tuple(dict.fromkeys(self.scenario.groups["nationality"]))

    @cached_property
    def ranged(self) -> list[tuple[str, str]]:
        """Parameters with a range, and their levers."""
        return sorted(self._compiled.program.noise.moving)

    @property
    def draws_sets(self) -> bool:
        """Whether members differ by drawn sets of values."""
        return draws(self._compiled)

    @cached_property
    def _compiled(self) -> Compiled:
        return compile_beside(self.scenario)

    @cached_property
    def record(self) -> Record:
        """The figures, and what of a run they count."""
        own = (self.scenario, self.known, self.months, self.nationalities)
        plain = Record(*own, self.left)
        return plain.seeing(_missed(self, plain)) if self.centre and plain.registered else plain

    def knots(self, path: Path) -> range:
        """Number the steps of a path."""
        return range(-(-len(self.months) // path.holds))

    @cached_property
    def layout(self) -> Layout:
        """Where unknowns stand."""
        groups = len(self.nationalities)
        sizes = {p: len(self.knots(p)) for p in PATHS}
        shapes = {p.name: (size, groups) if p.by_group else (size,) for p, size in sizes.items()}
        return Layout({**shapes, "values": (len(self.ranged),)})

    @property
    def names(self) -> pd.DataFrame:
        """What each unknown is: path or parameter, lever, nationality and first month."""
        rows = []
        for path in PATHS:
            nations = self.nationalities if path.by_group else ("",)
            months = [str(self.months[k * path.holds]) for k in self.knots(path)]
            rows += [(path.name, "", nation, month) for month in months for nation in nations]
        rows += [(parameter, lever, "", "") for parameter, lever in self.ranged]
        return pd.DataFrame(rows, columns=["unknown", "lever", "nationality", "month"])

    @property
    def observations(self) -> Observations:
        """The figures."""
        return self.record.observations

    @property
    def evidence(self) -> Evidence:
        """The figures and their errors."""
        return Evidence(self.observations.value, self.observations.sd)

    def posterior(
        self, unknowns: Array, about: dict[str, str] | None = None, sets: Index | None = None
    ) -> Posterior:
        """Return unknowns of shape (N, R) as what members of a run hold, with their sets (R,)."""
        parts = self.layout.unpack(unknowns)
        values = {
            pair: np.clip(parts["values"][:, i], -FARTHEST, FARTHEST)
            for i, pair in enumerate(self.ranged)
        }
        paths = {name: self.middle[name] + self._path(name, parts) for name in FAMILIES}
        return Posterior(
            corridor=self.scenario.id,
            as_of=self.known.as_of,
            months=tuple(map(str, self.months)),
            nationalities=self.nationalities,
            values=values,
            paths={name: np.clip(path, -FARTHEST, FARTHEST) for name, path in paths.items()},
            about=about or {},
            levels=self.centre.levels if self.centre else (),
            sets=sets,
        )

    def _path(self, family: str, parts: Mapping[str, Array]) -> Array:
        """Return the path of a family: its own and that of all; shape (R, T, N)."""
        members = len(parts["values"])
        total = np.zeros((members, len(self.months), len(self.nationalities)))
        for path in PATHS:
            if path.name in (family, f"{family}_all"):
                monthly = np.repeat(parts[path.name], path.holds, axis=1)[:, : len(self.months)]
                total += monthly if path.by_group else monthly[..., None]
        return total

    def blocks(self, unknowns: Array, predicted: Array, kinds: Index | None = None) -> list[Block]:
        """Return which figures move which unknowns of an ensemble, given as `one_pass` takes it.

        Paths are moved by figures of the months around, values by those figures of everybody that
        go with them more than by chance.
        """
        values = at_full_weight(self.layout.rows("values"), self.observations.group == -1)
        return [*self._every_path, *beyond_chance(values, unknowns, predicted, kinds)]

    @cached_property
    def _every_path(self) -> list[Block]:
        kinds = dict.fromkeys((path.holds, path.by_group) for path in PATHS)
        return [block for kind in kinds for block in self._path_blocks(*kind)]

    def _path_blocks(self, holds: int, by_group: bool) -> Iterator[Block]:
        """Go through the blocks of paths that are alike: one a step, for each nationality if so."""
        alike = [path for path in PATHS if (path.holds, path.by_group) == (holds, by_group)]
        rows = np.array([self.layout.rows(path.name) for path in alike])
        month, group = self.observations.month, self.observations.group
        for k in self.knots(alike[0]):
            middle = k * holds + holds // 2
            if by_group:
                for g in range(len(self.nationalities)):
                    yield round_a_month(rows[:, k, g], middle, month, of_group(group, g))
            else:
                yield round_a_month(rows[:, k], middle, month, group == -1)


AT_ONCE = 50
"""Members whose counts are looked at together, so that only theirs are in memory."""

FARTHEST = 9.0
"""Furthest that a value or the log of a factor may lie; no fit means so much."""


def set_up(scenario: Scenario, as_of: date | str) -> CorridorProblem:
    """Set up a fit of a corridor over the months whose figures had all been published.

    Parameters
    ----------
    scenario
        The corridor; a posterior is left out.
    as_of
        Day up to which figures had been published; settings, levers and entries known later are
        left out as well.

    Returns
    -------
    CorridorProblem

    Raises
    ------
    Faults
        If nothing of the run's first month had been published, or figures are missing.
    """
    check_whole(scenario)
    last = min(_last_months(known(scenario, as_of)))
    scenario = replace(scenario, posterior=None).as_known(as_of)
    seen = known(scenario, as_of)
    end = min(pd.Timestamp(scenario.end), pd.Timestamp(last) + pd.offsets.MonthEnd(0)).date()
    if end <= scenario.start:
        message = f"by {seen.as_of} nothing had been published of the run from {scenario.start} on"
        raise Faults([Fault("fit", 0, message, "Choose a later day, or an earlier start")])
    return CorridorProblem(scenario.between(scenario.start, end), seen)


def _last_months(seen: Known) -> list[np.datetime64]:
    """Last months of what entries are made from: of all zones, and counted on the way.

    A fit ends with the last month of which all were known that the corridor has; those of all
    zones it must have.
    """
    whole, *others = [
        view.total
        for name, view in views_of(seen.backdrop.roles).items()
        if name == ZONES or name.startswith(TRANSIT)
    ]
    there = [key for key in others if key in seen.keys(key.measure, key.component)]
    return [seen.series(key).last for key in (whole, *there)]


def check_whole(scenario: Scenario) -> None:
    """Refuse a corridor without figures of all destination zones together, whenever published.

    Parameters
    ----------
    scenario
        A scenario of the corridor.

    Raises
    ------
    Faults
        If there is none.
    """
    total = views_of(scenario.roles)[ZONES].total
    if total not in known(scenario, HINDSIGHT).keys(total.measure, total.component):
        message = f"there is no figure of '{total}' for all destination zones, which a fit needs"
        cure = "Add rows with area all and nationality all, for each month"
        raise Faults([Fault("figures.csv", 0, message, cure)])


def run_posterior(
    problem: CorridorProblem,
    posterior: Posterior,
    *,
    members: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    mode: str = "stochastic",
    folder: File | None = None,
    progress: Progress | None = None,
) -> Array:
    """Return what would be published if each draw held; shape (D, R).

    Parameters
    ----------
    problem
        The fit.
    posterior
        The draws.
    members
        Number of the first draws to run; all of them if None.
    seed, workers, mode, progress
        As in `rumbo.simulate`.
    folder
        Where finished members are kept, so that the run can be resumed; nowhere if None.

    Returns
    -------
    numpy.ndarray
    """
    spec = RunSpec.of(problem.scenario.fitted(posterior), members, seed, mode, SUMS)
    with nullcontext() if folder is None else keep_run(folder, spec) as store:
        runs = execute(spec, workers, store, progress).isel(scenario=0)
    parts = [
        at_observations(problem.record.counts(runs.isel(member=block)), problem.observations)
        for block in (slice(a, a + AT_ONCE) for a in range(0, runs.sizes["member"], AT_ONCE))
    ]
    return np.concatenate(parts, axis=1)


def _missed(problem: CorridorProblem, record: Record) -> Array:
    """Return the log of how many enter for each that registers count, at the centre; shape (N,)."""
    centre = problem.posterior(np.zeros((problem.layout.size, 1)))
    entered = record.counts(_expected(problem, centre))[TRANSIT][0]
    seen, missed = record.observations, np.zeros(len(problem.nationalities))
    for group in record.registered:
        mine = (seen.view == TRANSIT) & (seen.group == group)
        months, counted = seen.month[mine], np.expm1(seen.value[mine])
        missed[group] = np.log((entered[months, group].sum() + 1.0) / (counted.sum() + 1.0))
    return missed


def run_counts(problem: CorridorProblem, posterior: Posterior) -> dict[str, Array]:
    """Return what each view sees in expected runs of a posterior; shapes (R, T, N) or (R, T, 1)."""
    return problem.record.counts(_expected(problem, posterior))


def _expected(problem: CorridorProblem, posterior: Posterior) -> xr.Dataset:
    """Run every draw of a posterior without chance."""
    spec = RunSpec.of(problem.scenario.fitted(posterior), mode="expected", by=SUMS)
    return execute(spec, 1).isel(scenario=0)
