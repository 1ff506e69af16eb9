"""One fit of the outline: what is unknown, what it is before the figures, what they see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rumbo.fitting.ensemble.smoother import Block, Evidence, at_full_weight, round_a_month
from rumbo.fitting.layout import Layout
from rumbo.fitting.paths import Path, draw_paths, paths_of, unroll
from rumbo.fitting.views import Observations, at_observations, of_group, on_the_way
from rumbo.forecasting.outline.model import AT_PORT, CROSSED, ENTERED, STOPPED, Forces, run_outline
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Known
from rumbo.scenario.roles import GATES, ZONES
from rumbo.scenario.targets import STOPS

Arrays = dict[str, Array]

SCALARS: Mapping[str, tuple[float, float]] = {
    "south_days": (np.log(8.0), 0.3),
    "road_days": (np.log(10.0), 0.25),
    "north_days": (np.log(14.0), 0.3),
    "held_days": (np.log(60.0), 0.4),
    "retry": (-0.6, 0.5),
    "given_up": (0.0, 0.5),
    "sent_south": (-1.1, 0.5),
}
"""Mean and standard deviation of the logs of days and of the log odds of shares. Days: a study on
the bundled figures found 4 to 9 in the south, 8 to 13 on the road, 10 to 18 before the crossing;
others are assumed."""

FURTHEST = 8
"""Months ahead that a fit can be run on."""

SEEN_IN = {ZONES: CROSSED, GATES: AT_PORT, STOPS: STOPPED}


@dataclass(frozen=True, eq=False)
class Problem:
    """A fit of the outline to what had been published.

    Attributes
    ----------
    known
        What had been published.
    months
        Months of the fit and those that it is run on; shape (T,).
    fitted
        Number of months of the fit.
    observations
        The figures.
    starts
        Logs of the levels that paths start from, by nationality: guesses from the figures.
    widths
        Standard deviations of the paths' steps by month.
    season
        Logs of seasonal factors of entries; shape (T, G).
    expelled
        Share of those met in zones who are sent back and may try again; shape (T, G).
    pinned
        Steps of common paths that are fixed instead of unknown: path, number of the month, size.
    """

    known: Known
    months: Months
    fitted: int
    observations: Observations
    starts: Mapping[str, Array]
    widths: Mapping[str, Array]
    season: Array
    expelled: Array
    pinned: tuple[tuple[str, int, float], ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """Nationalities; length G."""
        return self.known.backdrop.nationalities

    @cached_property
    def walks(self) -> tuple[Path, ...]:
        """What varies slowly."""
        return paths_of(self.known.backdrop.roles)

    @cached_property
    def layout(self) -> Layout:
        """Where unknowns stand."""
        months, groups = len(self.months), len(self.groups)
        shapes = {p.name: (months, groups) if p.by_group else (months,) for p in self.walks}
        return Layout({**shapes, **{name: () for name in SCALARS}})

    def prior(self, members: int, seed: int) -> Array:
        """Draw unknowns before any figure is seen; shape (N, R)."""
        rng = np.random.default_rng((seed, 1))
        drawn = draw_paths(
            rng, self.walks, members, len(self.months), len(self.groups), self.widths, self.fitted
        )
        drawn |= {
            name: mean + sd * rng.standard_normal(members) for name, (mean, sd) in SCALARS.items()
        }
        return self.layout.pack(drawn)

    def paths(self, unknowns: Array) -> Arrays:
        """Return the levels of all paths, and the scalars, of unknowns of shape (N, R)."""
        parts = self.layout.unpack(unknowns)
        levels = {p.name: unroll(p, parts[p.name], self.fitted) for p in self.walks}
        for name, month, size in self.pinned:
            step = levels[name][:, month] - levels[name][:, month - 1]
            levels[name][:, month:] += (size - step)[:, None]
        return levels | {name: parts[name] for name in SCALARS}

    def forces(self, paths: Arrays) -> Forces:
        """Return what drives the outline."""
        entries = np.exp(paths["entry"] + paths["entry_all"][..., None] + self.season)
        cross = np.exp(
            paths["cross"] + paths["cross_all"][..., None] - paths["north_days"][:, None, None]
        )
        stop = np.exp(paths["stop"] + paths["stop_all"][..., None] + self.starts["stop"])
        stop[..., np.isin(self.groups, self.known.backdrop.unstopped)] = 0.0
        port = np.exp(paths["port"] + self.starts["port"] - paths["north_days"][:, None, None])
        retry = _share(paths["retry"])[:, None, None]
        south = np.repeat(_share(paths["sent_south"])[:, None], len(self.months), axis=1)
        held = _share(paths["held"])
        return Forces(
            entries=entries * np.exp(self.starts["entry"]),
            stop=stop,
            cross=cross,
            port=port,
            back=retry * self.expelled,
            held=held * (1.0 - south),
            south=south,
            south_days=np.exp(paths["south_days"]),
            road_days=np.exp(paths["road_days"]),
            held_days=np.exp(paths["held_days"]),
            given_up=_share(paths["given_up"]),
        )

    def series(self, unknowns: Array) -> Arrays:
        """Return what each view sees, persons a month by nationality; shapes (R, T, G)."""
        return self.seen(self.paths(unknowns))

    def seen(self, paths: Arrays) -> Arrays:
        """Return what each view sees if paths and scalars are these; shapes (R, T, G)."""
        flows, _ = run_outline(self.forces(paths))
        views = {view: flows[..., number] for view, number in SEEN_IN.items()}
        for view in map(on_the_way, self.known.backdrop.roles.transit):
            views[view] = flows[..., ENTERED] * np.exp(paths[view] + self.starts[view])
        return views

    def predict(self, unknowns: Array) -> Array:
        """Return what would be published: logs of one plus the counts; shape (D, R)."""
        return at_observations(self.series(unknowns), self.observations)

    @property
    def evidence(self) -> Evidence:
        """The figures and their errors."""
        return Evidence(self.observations.value, self.observations.sd)

    @cached_property
    def blocks(self) -> list[Block]:
        """Return which figures move which unknowns."""
        return [*self._by_group(), *self._common(), *self._ahead(), self._scalars()]

    def _by_group(self) -> list[Block]:
        rows = [self.layout.rows(p.name)[: self.fitted] for p in self.walks if p.by_group]
        month, group = self.observations.month, self.observations.group
        mine = [of_group(group, g) for g in range(len(self.groups))]
        return [
            round_a_month(np.array([r[t, g] for r in rows]), t, month, mine[g])
            for t in range(self.fitted)
            for g in range(len(self.groups))
        ]

    def _common(self) -> list[Block]:
        rows = [self.layout.rows(p.name) for p in self.walks if not p.by_group]
        month, total = self.observations.month, self.observations.group == -1
        return [
            round_a_month(np.array([r[t] for r in rows]), t, month, total)
            for t in range(self.fitted)
        ]

    def _ahead(self) -> list[Block]:
        """Give later entries, where they are given, to the steps that lead to them."""
        rows = self.layout.rows("entry")
        later = self.observations.month >= self.fitted
        return [
            at_full_weight(np.array([rows[t, g]]), later & (self.observations.group == g))
            for t in range(self.fitted, len(self.months))
            for g in range(len(self.groups))
            if later.any()
        ]

    def _scalars(self) -> Block:
        rows = np.array([int(self.layout.rows(name)) for name in SCALARS])
        total, month = self.observations.group < 0, self.observations.month
        return at_full_weight(rows, total & (month < self.fitted))


def _share(odds: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))
