"""Calm months and shocks: what past breaks say about the size and chance of the next one.

Dates of announced changes are known; what they will do is not. So a month that holds one gets the
chance of a shock that such months had, and a shock gets the size that past shocks had.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.forecasting.baselines import SHORTEST, WINDOW, forecast_each
from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.forecasting.season import factors, month_numbers
from rumbo.scenario.arrays import Array, Months
from rumbo.scenario.figures import Key, Known, Series
from rumbo.scores.quantiles import PROBABILITIES

LARGE = 500
"""Fewest persons a month for the changes of a series to tell of shocks; assumed, the size below
which a study on these figures let counting noise outweigh the rest."""

TO_NORMAL = 1.4826
"""Standard deviation of a normal variable over its median absolute deviation."""

LEAST = 0.02
"""Least calm spread; figures are rounded and revised by about that much (assumed)."""


class Past(NamedTuple):
    """What past months say about shocks.

    Attributes
    ----------
    sizes
        Shocks, in calm spreads of their own series; shape (S,).
    usual, eventful
        Chance of a shock in any month, and in one with a dated change.
    """

    sizes: Array
    usual: float
    eventful: float


class Steps(NamedTuple):
    """Month-on-month changes of a series, the season taken out.

    Attributes
    ----------
    months
        The last 48 months at most; shape (T,).
    changes
        Changes of the log; shape (T,).
    calm
        Their robust standard deviation.
    """

    months: Months
    changes: Array
    calm: float


@dataclass(frozen=True)
class Shocks:
    """Random walk in calm steps, with shocks now and then.

    Attributes
    ----------
    name
        Name in tables.
    beyond
        Calm spreads beyond which a change is a shock; 3, as a calm month passes it once in thirty
        years.
    season
        Share of the seasonal factors that is believed, 0 to 1.
    events_weigh
        Usual months that the chance in months with a dated change is blurred by (assumed).
    paths
        Paths simulated.
    """

    name: str = "policy-shock"
    beyond: float = 3.0
    season: float = 0.5
    events_weigh: float = 12.0
    paths: int = 4000

    def __call__(self, known: Known, keys: Sequence[Key], horizon: int) -> Forecast:
        """Forecast series; see `Component`."""
        eventful = event_months(known)
        past = self.past(known, eventful)

        def one(series: Series) -> Array:
            rng = np.random.default_rng(_seed(series.key, known))
            return self._one(series, months_ahead(series.last, horizon), past, eventful, rng)

        return forecast_each(known, keys, horizon, one)

    def past(self, known: Known, eventful: Months) -> Past:
        """Learn sizes and chances from the large series of all measures.

        Parameters
        ----------
        known
            What had been published by the day.
        eventful
            Months with a dated change.

        Returns
        -------
        Past
            No shocks, at no chance, where no series is large.
        """
        everything = [self.steps(series) for series in _pool(known)]
        if not everything:
            return Past(np.zeros(0), 0.0, 0.0)
        sizes = np.concatenate([steps.changes / steps.calm for steps in everything])
        months = np.concatenate([steps.months for steps in everything])
        hits = np.abs(sizes) > self.beyond
        dated = np.isin(months, eventful)
        usual = hits.mean()
        blur = self.events_weigh * len(everything)
        chance = (hits[dated].sum() + blur * usual) / (dated.sum() + blur)
        # A dated change makes no month calmer, even where past ones were by luck.
        return Past(sizes[hits], float(usual), float(max(usual, chance)))

    def steps(self, series: Series) -> Steps:
        """Return the changes of the last 48 months and their calm spread."""
        rhythm = self.season * factors(series)
        steady = np.log1p(series.values) - rhythm[month_numbers(series.months)]
        changes = np.diff(steady)[-WINDOW:]
        calm = TO_NORMAL * float(np.median(np.abs(changes)))
        return Steps(series.months[1:][-WINDOW:], changes, max(calm, LEAST))

    def _one(
        self, series: Series, ahead: Months, past: Past, eventful: Months, rng: np.random.Generator
    ) -> Array:
        calm = self.steps(series).calm
        shape = (self.paths, len(ahead))
        chance = np.where(np.isin(ahead, eventful), past.eventful, past.usual)
        steps = calm * rng.standard_normal(shape)
        if len(past.sizes):
            struck = rng.random(shape) < chance
            steps = np.where(struck, calm * rng.choice(past.sizes, shape), steps)
        rhythm = self.season * factors(series)
        start = np.log1p(series.values[-1]) - rhythm[month_numbers(series.months[-1:])]
        paths = start + steps.cumsum(axis=1) + rhythm[month_numbers(ahead)]
        return np.asarray(np.quantile(paths, PROBABILITIES, axis=0).T)


def event_months(known: Known) -> Months:
    """Return the months in which a change starts that was known of on the day."""
    return np.unique(known.calendar()["since"].to_numpy().astype("datetime64[M]"))


def _pool(known: Known) -> list[Series]:
    """Totals and large nationalities: their changes tell of policy rather than of counting."""
    measures = [known.keys(*counted) for counted in known.backdrop.counted]
    keys = [key for there in measures for key in there if _tells(key)]
    long = [one for key in keys if len((one := known.series(key)).values) > SHORTEST]
    return [one for one in long if one.values[-WINDOW:].mean() >= LARGE]


def _tells(key: Key) -> bool:
    return key.area == "all" and key.nationality != "OTH"


def _seed(key: Key, known: Known) -> list[int]:
    """Numbers that differ by series and day, the same in every process."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    # Eight bytes are as much as names need to be told apart.
    return [int.from_bytes(digest[:8], "big"), known.as_of.toordinal()]
