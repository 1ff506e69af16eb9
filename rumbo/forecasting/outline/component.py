"""The mechanistic forecast: the outline fitted to what had been published, and run on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from rumbo.fitting.ensemble.smoother import smooth
from rumbo.fitting.views import TOTAL, views_of
from rumbo.forecasting.drivers import stale
from rumbo.forecasting.form import Forecast
from rumbo.forecasting.onward import changes_ahead, gathered, luck_of, onward
from rumbo.forecasting.outline.build import WINDOW, build
from rumbo.forecasting.outline.problem import Problem
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known, Series
from rumbo.scenario.roles import ZONES, Roles

SHARE_MONTHS = 24
"""Months whose changes give the drift of an area's share."""


@dataclass(frozen=True)
class OutlineForecast:
    """Forecasts by the outline, each member starting from the last published figure.

    Attributes
    ----------
    members, passes, window, seed
        Size of the ensemble, times the data are used, months of figures, and luck.
    given
        Later figures of entries, for a hindcast that is given them; not for a forecast.
    """

    members: int = 500
    passes: int = 8
    window: int = WINDOW
    seed: int = 1
    given: Known | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Return the settings, under the name by which stored forecasts know them."""
        settings = {f.name: getattr(self, f.name) for f in fields(self) if f.repr}
        return f"Outline({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    @property
    def name(self) -> str:
        """Name in tables."""
        return "mechanistic" if self.given is None else "mechanistic-entries-given"

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series; those whose months or nationality the outline lacks are left out.

        Parameters
        ----------
        known
            What had been published by the day.
        keys
            The series asked for.
        horizon
            Months ahead, 1 to 6.

        Returns
        -------
        Forecast
            Of nothing as long as no figure of all destination zones together had been published,
            and where the counts of people on the way are too old; see
            `rumbo.forecasting.drivers.stale`.
        """
        zones = views_of(known.backdrop.roles)[ZONES].total
        unseen = zones not in known.keys(zones.measure, zones.component)
        if unseen or stale(known, self.given) is not None:
            return gathered([], [], horizon)
        problem = build(known, self.window, self.given)
        mine = [known.series(key) for key in keys if sees(problem, key, horizon)]
        fitted = self._fitted(problem) if mine else {}
        made = [self._one(problem, fitted, series, horizon) for series in mine]
        return gathered(mine, made, horizon)

    def _fitted(self, problem: Problem) -> dict[str, Array]:
        unknowns = smooth(
            problem.prior(self.members, self.seed),
            problem.predict,
            problem.evidence,
            problem.blocks,
            passes=self.passes,
            seed=self.seed,
        )
        return problem.series(unknowns)

    def _one(
        self, problem: Problem, series: dict[str, Array], observed: Series, horizon: int
    ) -> Array:
        """Quantiles of one series; shape (H, Q)."""
        at = int((observed.last - problem.months[0]).astype(int))
        name = view_of(observed.key, problem.known.backdrop.roles)
        view, group = series[name], number_of(observed.key, problem.groups)
        counts = view.sum(axis=2) if group == -1 else view[:, :, group]
        change, rng = changes_ahead(counts, at, horizon), luck_of(observed, self.seed, at)
        if observed.key.area != "all":
            drift = share_drift(problem.known, observed)
            steps = drift * rng.standard_normal(change.shape)
            change = change + np.cumsum(steps, axis=1)
        error = TOTAL if group == -1 else views_of(problem.known.backdrop.roles)[name].error
        return onward(observed, change, error, rng)


def sees(problem: Problem, key: Key, horizon: int) -> bool:
    """Whether the outline can forecast a series.

    Parameters
    ----------
    problem
        The fit.
    key
        The series.
    horizon
        Months ahead.

    Returns
    -------
    bool
        Whether a view sees it, its months are among those of the fit and its run on, and the whole
        that an area is a share of is known.
    """
    known = problem.known
    if not view_of(key, known.backdrop.roles) or key.nationality not in ("all", *problem.groups):
        return False
    last = known.series(key).last
    if not problem.months[0] <= last <= problem.months[-1] - horizon:
        return False
    return key._replace(area="all") in known.keys(key.measure, key.component)


def view_of(key: Key, roles: Roles) -> str:
    """Return the name of the view that sees a series; empty if none does."""
    for name, view in views_of(roles).items():
        if view.total[:2] == key[:2]:
            return name
    return ""


def number_of(key: Key, nationalities: tuple[str, ...]) -> int:
    """Return the number of a series' nationality, -1 for everybody."""
    return -1 if key.nationality == "all" else nationalities.index(key.nationality)


def share_drift(known: Known, part: Series) -> float:
    """Return the standard deviation of the monthly change of the log share of a part."""
    total = known.series(part.key._replace(area="all"))
    both = np.intersect1d(part.months, total.months)[-SHARE_MONTHS - 1 :]
    logs = [np.log1p(s.values[np.isin(s.months, both)]) for s in (part, total)]
    return float(np.std(np.diff(logs[0] - logs[1])))
