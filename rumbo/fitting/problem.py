"""Fitting the corridor itself: its entries, stops, crossings and the sizes of its levers."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path as File

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.files.faults import Fault, Faults
from rumbo.fitting.layout import Layout
from rumbo.fitting.paths import Path, draw_paths
from rumbo.fitting.smoother import Block, Evidence, at_full_weight, round_a_month
from rumbo.fitting.views import Observations, at_observations, look, of_group, views_of
from rumbo.run.folder import keep_run
from rumbo.run.program import compile_scenario
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Progress
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import HINDSIGHT, Key, Known, known
from rumbo.scenario.posterior import Posterior
from rumbo.scenario.roles import TRANSIT, ZONES
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import STOPS

PATHS = (
    Path("entry", True, 0.8, 0.2, 1.0, 1.0, ()),
    Path("entry_all", False, 0.1, 0.08, 1.0, 1.0, ()),
    Path("stop", True, 0.5, 0.1, 1.0, 1.0, ()),
    Path("stop_all", False, 0.3, 0.1, 1.0, 1.0, ()),
    Path("cross", True, 0.3, 0.15, 0.9, 1.0, ()),
    Path("cross_all", False, 0.2, 0.1, 0.9, 1.0, ()),
)
"""What is left over the corridor's own rules, levels and levers; sizes are assumed. Steps are no
wider at dated events: there the sizes of levers are unknown instead."""

VIEWS = (ZONES, STOPS)
"""What is fitted to. Lawful gates are not: only appointments are simulated there."""

SUMS = {"encounters": ("component", "group"), "stops": ("group",)}


@dataclass(frozen=True, eq=False)
class CorridorProblem:
    """A fit of the corridor to what had been published.

    Attributes
    ----------
    scenario
        The corridor over the days of the fit.
    known
        What had been published.
    """

    scenario: Scenario
    known: Known

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
        doubts = compile_scenario(self.scenario).noise.doubts
        return sorted({pair for segment in doubts for pair in segment})

    @cached_property
    def layout(self) -> Layout:
        """Where unknowns stand."""
        months, groups = len(self.months), len(self.nationalities)
        shapes = {p.name: (months, groups) if p.by_group else (months,) for p in PATHS}
        return Layout({**shapes, "values": (len(self.ranged),)})

    @property
    def names(self) -> pd.DataFrame:
        """What each unknown is: path or parameter, lever, nationality and month."""
        months = [str(month) for month in self.months]
        rows = []
        for path in PATHS:
            nations = self.nationalities if path.by_group else ("",)
            rows += [(path.name, "", nation, month) for month in months for nation in nations]
        rows += [(parameter, lever, "", "") for parameter, lever in self.ranged]
        return pd.DataFrame(rows, columns=["unknown", "lever", "nationality", "month"])

    @cached_property
    def observations(self) -> Observations:
        """The figures."""
        return look(self.known, self.months, self.nationalities, VIEWS)

    @property
    def evidence(self) -> Evidence:
        """The figures and their errors."""
        return Evidence(self.observations.value, self.observations.sd)

    def prior(self, members: int, seed: int) -> Array:
        """Draw unknowns before any figure is seen; shape (N, R)."""
        rng = np.random.default_rng((seed, 2))
        months, groups = len(self.months), len(self.nationalities)
        widths = {p.name: np.array([p.start, *[p.step] * (months - 1)]) for p in PATHS}
        drawn = draw_paths(rng, PATHS, members, months, groups, widths, months)
        drawn["values"] = rng.standard_normal((members, len(self.ranged)))
        return self.layout.pack(drawn)

    def posterior(self, unknowns: Array, about: dict[str, str] | None = None) -> Posterior:
        """Return unknowns of shape (N, R) as what members of a run hold."""
        parts = self.layout.unpack(unknowns)
        paths = {
            name: np.clip(parts[name] + parts[f"{name}_all"][..., None], -FARTHEST, FARTHEST)
            for name in ("entry", "stop", "cross")
        }
        values = {
            pair: np.clip(parts["values"][:, i], -FARTHEST, FARTHEST)
            for i, pair in enumerate(self.ranged)
        }
        return Posterior(
            corridor=self.scenario.id,
            as_of=self.known.as_of,
            months=tuple(map(str, self.months)),
            nationalities=self.nationalities,
            values=values,
            paths=paths,
            about=about or {},
        )

    @cached_property
    def blocks(self) -> list[Block]:
        """Return which figures move which unknowns."""
        own = [self.layout.rows(p.name) for p in PATHS if p.by_group]
        common = [self.layout.rows(p.name) for p in PATHS if not p.by_group]
        months, groups = range(len(self.months)), range(len(self.nationalities))
        month, group = self.observations.month, self.observations.group
        total = group == -1
        return [
            *(
                round_a_month(np.array([r[t, g] for r in own]), t, month, of_group(group, g))
                for t in months
                for g in groups
            ),
            *(round_a_month(np.array([r[t] for r in common]), t, month, total) for t in months),
            at_full_weight(self.layout.rows("values"), total),
        ]


FARTHEST = 9.0
"""Furthest that a value or the log of a factor may lie; no fit means so much."""


def set_up(scenario: Scenario, as_of: date | str) -> CorridorProblem:
    """Set up a fit of a corridor over the months whose figures had all been published.

    Parameters
    ----------
    scenario
        The corridor; without a posterior.
    as_of
        Day up to which figures had been published.

    Returns
    -------
    CorridorProblem

    Raises
    ------
    Faults
        If nothing of the run's first month had been published, or figures are missing.
    """
    check_whole(scenario)
    seen = known(scenario, as_of)
    last = min(seen.series(key).last for key in _needed(seen))
    end = min(pd.Timestamp(scenario.end), pd.Timestamp(last) + pd.offsets.MonthEnd(0)).date()
    if end <= scenario.start:
        message = f"by {seen.as_of} nothing had been published of the run from {scenario.start} on"
        raise Faults([Fault("fit", 0, message, "Choose a later day, or an earlier start")])
    return CorridorProblem(replace(scenario.between(scenario.start, end), posterior=None), seen)


def _needed(seen: Known) -> list[Key]:
    """Figures that entries are made from: those of all zones, and what is counted on the way.

    A fit ends with the last month of which all were known that the corridor has; those of all
    zones it must have.
    """
    whole, *others = [
        view.total
        for name, view in views_of(seen.backdrop.roles).items()
        if name == ZONES or name.startswith(TRANSIT)
    ]
    return [whole, *(key for key in others if key in seen.keys(key.measure, key.component))]


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


def sums(runs: xr.Dataset, problem: CorridorProblem) -> dict[str, Array]:
    """Return what each view sees by nationality; shapes (R, T, N)."""
    groups = problem.scenario.groups
    mine = dict(zip(groups["id"], groups["nationality"], strict=True))
    of_group = np.array([mine[group] for group in runs["group"].values])
    both = {
        ZONES: runs["encounters"].sel(component=problem.scenario.roles.zones, drop=True),
        STOPS: runs["stops"],
    }
    by_view = {}
    for view, counts in both.items():
        by = counts.transpose("member", "month", "group").values
        by_view[view] = np.stack(
            [by[..., of_group == n].sum(axis=-1) for n in problem.nationalities], axis=-1
        ).astype(np.float64)
    return by_view


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
        runs = execute(spec, workers, store, progress)
    return at_observations(sums(runs.isel(scenario=0), problem), problem.observations)
