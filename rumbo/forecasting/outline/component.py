"""The mechanistic forecast: the outline fitted to what had been published, and run on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from rumbo.fitting.smoother import smooth
from rumbo.fitting.views import ERROR, TOTAL, VIEWS, error_of
from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.forecasting.outline.build import WINDOW, build
from rumbo.forecasting.outline.problem import GROUPS, Problem
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known, Series
from rumbo.scores.quantiles import PROBABILITIES

SHARE_MONTHS = 24
"""Months whose changes give the drift of a sector's share."""


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
        return f"Outlook({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

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
        """
        problem = build(known, self.window, self.given)
        unknowns = smooth(
            problem.prior(self.members, self.seed),
            problem.predict,
            problem.evidence,
            problem.blocks,
            passes=self.passes,
            seed=self.seed,
        )
        series = problem.series(unknowns)
        mine = [key for key in keys if view_of(key) and key.nationality in ("all", *GROUPS)]
        quantiles = [self._one(problem, series, known.series(key), horizon) for key in mine]
        months = np.array([months_ahead(known.series(key).last, horizon) for key in mine])
        return Forecast(tuple(mine), months, np.array(quantiles))

    def _one(
        self, problem: Problem, series: dict[str, Array], observed: Series, horizon: int
    ) -> Array:
        """Quantiles of one series; shape (H, Q)."""
        at = int((observed.last - problem.months[0]).astype(int))
        view, group = series[view_of(observed.key)], number_of(observed.key)
        counts = view.sum(axis=2) if group == -1 else view[:, :, group]
        logs = np.log1p(counts[:, at : at + horizon + 1])
        change = logs[:, 1:] - logs[:, :1]
        rng = np.random.default_rng((self.seed, at, *map(ord, str(observed.key))))
        if observed.key.area != "all":
            drift = share_drift(problem.known, observed)
            steps = drift * rng.standard_normal(change.shape)
            change = change + np.cumsum(steps, axis=1)
        path = np.log1p(observed.values[-1]) + change
        path += noise_of(observed, group) * rng.standard_normal(path.shape)
        path = np.maximum(path, 0.0)
        return np.asarray(np.quantile(path, PROBABILITIES, axis=0).T)


def view_of(key: Key) -> str:
    """Return the name of the view that sees a series; empty if none does."""
    for view, pair in VIEWS.items():
        if pair == (key.measure, key.component):
            return view
    return ""


def number_of(key: Key) -> int:
    """Return the number of a series' nationality, -1 for everybody."""
    return -1 if key.nationality == "all" else GROUPS.index(key.nationality)


def noise_of(observed: Series, group: int) -> float:
    """Return the standard deviation of the error of a difference of two counts' logs."""
    base = TOTAL if group == -1 else ERROR[view_of(observed.key)]
    return float(np.sqrt(2.0) * error_of(observed.values[-1], base))


def share_drift(known: Known, part: Series) -> float:
    """Return the standard deviation of the monthly change of the log share of a part."""
    total = known.series(part.key._replace(area="all"))
    both = np.intersect1d(part.months, total.months)[-SHARE_MONTHS - 1 :]
    logs = [np.log1p(s.values[np.isin(s.months, both)]) for s in (part, total)]
    return float(np.std(np.diff(logs[0] - logs[1])))
