"""The corridor as what makes forecasts: each member starts from the last published figure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rumbo.fitting.ahead import SIGHTS
from rumbo.fitting.views import TOTAL, views_of
from rumbo.forecasting.corridor.ahead import FORECAST
from rumbo.forecasting.corridor.runs import USUAL, Ahead, HindcastSize, run_ahead
from rumbo.forecasting.form import Forecast
from rumbo.forecasting.onward import changes_ahead, gathered, luck_of, onward
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key, Known, Series
from rumbo.scenario.roles import TRANSIT
from rumbo.scenario.scenario import Scenario


@dataclass(frozen=True)
class CorridorForecast:
    """Forecasts by the corridor, fitted as of each day and run on.

    Attributes
    ----------
    whole
        The corridor as it is known today; a forecast takes of it what was known on its day.
    folder
        Where fits and runs are kept.
    variant
        What it is given, one of `rumbo.forecasting.corridor.ahead.VARIANTS`.
    size
        Size and luck.
    """

    whole: Scenario = field(repr=False)
    folder: Path = field(repr=False)
    variant: str = FORECAST
    size: HindcastSize = USUAL

    def __repr__(self) -> str:
        """Return the settings by which stored forecasts are known."""
        return f"CorridorForecast({self.variant!r}, {self.size!r}, {self.whole.digest()})"

    @property
    def name(self) -> str:
        """Name in tables."""
        return self.variant

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series; those that the corridor does not see are left out.

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
        ahead = run_ahead(self.whole, known.as_of, self.size, self.folder)
        kept = {view for variant, view in ahead.counts if variant == self.variant}
        mine = [known.series(key) for key in keys if self._view(key, known) in kept]
        mine = [one for one in mine if one.last >= ahead.months[0]]
        return gathered(mine, [self._one(known, ahead, one, horizon) for one in mine], horizon)

    def _view(self, key: Key, known: Known) -> str:
        """Return the view that sees a series of everybody, or nothing."""
        if (key.area, key.nationality) != ("all", "all"):
            return ""
        for name, view in views_of(known.backdrop.roles).items():
            if view.total == key:
                kind = TRANSIT if name.startswith(TRANSIT) else name
                return kind if kind in SIGHTS else ""
        return ""

    def _one(self, known: Known, ahead: Ahead, observed: Series, horizon: int) -> Array:
        """Quantiles of one series; shape (H, Q)."""
        at = int((observed.last - ahead.months[0]).astype(int))
        counts = ahead.counts[self.variant, self._view(observed.key, known)].sum(axis=2)
        changes = changes_ahead(counts.astype(np.float64), at, horizon)
        return onward(observed, changes, TOTAL, luck_of(observed, self.size.seed, at))
