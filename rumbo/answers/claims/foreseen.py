"""Test ``pit``: where what came lies in a forecast that knew nothing of the event."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from rumbo.answers.claims.arguments import (
    Arguments,
    Form,
    Months,
    day,
    months,
    number,
    one_of,
    several,
    spelled,
)
from rumbo.answers.claims.on_record import Missing, OnRecord, months_text, tally
from rumbo.forecasting.baselines import SEASONAL_LONG, Textbook
from rumbo.forecasting.evaluate import publish
from rumbo.forecasting.forecast import origin_of
from rumbo.forecasting.form import HORIZON
from rumbo.forecasting.outline.component import OutlineForecast
from rumbo.forecasting.panel import Panel
from rumbo.forecasting.question import BURN_IN, STACK, Question
from rumbo.forecasting.shocks import Shocks
from rumbo.forecasting.targets import families
from rumbo.scenario.figures import Key, known
from rumbo.scores.claims import CONTRADICTED, OPEN, SUPPORTED, Finding, Foreseen, Seen, Statistic
from rumbo.scores.quantiles import PROBABILITIES


def _days(text: str) -> tuple[date, ...]:
    return tuple(map(day, text.split(",")))


ANY, MIDDLE = "any", "middle"

FORM = Form(
    needed={"series": several, "as_of": _days, "months": months},
    allowed={"placebo": several, "beside": several, "together": one_of(ANY, MIDDLE)},
    thresholds={"above": number, "months_above": number, "below": number},
)
"""``beside``: series that are told and decide nothing; ``together``: whether any series must pass,
or the middle one of them by month. ``above``: rank that a month must exceed; ``months_above``:
months that must; ``below``: rank at or under which as many months contradict. Without it, no month
above contradicts."""

COMPONENTS = (SEASONAL_LONG, Textbook("damped-ets"), Shocks(), OutlineForecast())
"""The members of the published forecast."""

SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of a forecast that are told."""

BESIDE = 9
"""Published months that stand before a forecast."""


def pit(record: OnRecord, asked: Arguments) -> Finding:
    """Hold months against forecasts of theirs, made as of days before with no term for the event.

    Parameters
    ----------
    record
        What was published.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Supported where so many months lie above the quantile as of any of the days, and none of the
        placebos does as much.
    """
    last = max(asked["as_of"])
    if last > record.as_of:
        raise Missing("later", day=str(last))
    every = [*asked["series"], *asked.get("placebo", ())]
    foreseen = [one for when in asked["as_of"] for one in _foreseen(record, asked, every, when)]
    outcome, statistics = _weighed(asked, foreseen)
    statistics += [one for key in asked.get("beside", ()) for one in _beside(record, key)]
    seen = [one for key in every[:1] for one in _seen(record, key, asked)]
    return Finding("", "pit", outcome, statistics=statistics, foreseen=foreseen, seen=seen)


def _beside(record: OnRecord, key: Key) -> list[Statistic]:
    """Return figures that stand beside a claim and decide nothing."""
    told = map(tally, record.rows(key).to_dict("records"))
    return [Statistic("beside", spelled(key), *one, "count") for one in told if one]


def _weighed(asked: Arguments, foreseen: Sequence[Foreseen]) -> tuple[str, list[Statistic]]:
    needed, passed, under, above = asked["months_above"], False, True, 0
    statistics = []
    days = list(dict.fromkeys(one.day for one in foreseen))
    for when in days:
        ranks = _ranks(foreseen, asked["series"], when, asked.get("together", ANY))
        counts = [sum(rank > asked["above"] for rank in each) for each in ranks]
        most = max(counts)
        above = max(above, most)
        placebo = _ranks(foreseen, asked.get("placebo", ()), when, ANY)
        false = any(sum(rank > asked["above"] for rank in each) >= needed for each in placebo)
        passed |= most >= needed and not false
        limit = asked.get("below")
        under &= limit is None or all(sum(r <= limit for r in each) >= needed for each in ranks)
        statistics.append(Statistic("above", when, most, most, most, "number"))
        told = _came if len(asked["series"]) == 1 else _places
        statistics += told(foreseen, [*map(spelled, asked["series"])], when)
    against = under if "below" in asked else not above
    return SUPPORTED if passed else CONTRADICTED if against else OPEN, statistics


def _came(foreseen: Sequence[Foreseen], series: Sequence[str], day: str) -> list[Statistic]:
    """Return what came of a series, between the ends of its forecast."""
    return [
        Statistic("came", one.month, one.came, one.ends[0], one.ends[-1], "count")
        for one in foreseen
        if one.series in series and one.day == day
    ]


def _places(foreseen: Sequence[Foreseen], series: Sequence[str], day: str) -> list[Statistic]:
    """Return the middle place of several series in their forecasts by month, and both ends."""
    mine = [one for one in foreseen if one.series in series and one.day == day]
    ranks = {
        month: [one.rank for one in mine if one.month == month]
        for month in dict.fromkeys(one.month for one in mine)
    }
    return [
        Statistic("place", month, float(np.median(each)), min(each), max(each), "ratio")
        for month, each in ranks.items()
    ]


def _ranks(
    foreseen: Sequence[Foreseen], keys: Sequence[Key], day: str, together: str
) -> list[list[float]]:
    """Return ranks by series and month; of the middle series alone where they count together."""
    each = [
        [one.rank for one in foreseen if (one.series, one.day) == (spelled(k), day)] for k in keys
    ]
    each = [ranks for ranks in each if ranks]
    return [list(np.median(np.array(each), axis=0))] if together == MIDDLE and each else each


def _foreseen(
    record: OnRecord, asked: Arguments, keys: Sequence[Key], when: date
) -> list[Foreseen]:
    if when not in record.panels:
        record.panels[when] = _published(record, when)
    panel, day = record.panels[when], str(when)
    outcomes = panel.outcomes(record.known)[-1]
    found, (first, last) = [], asked["months"]
    for key in keys:
        k = panel.keys.index(key) if key in panel.keys else -1
        if k < 0:
            raise Missing("not_forecast_of", series=spelled(key))
        for h, month in enumerate(panel.months[-1, k]):
            if first <= month <= last:
                came, quantiles = outcomes[k, h], panel.forecasts[STACK.name][-1, k, h]
                if np.isnan(came):
                    months = months_text((month, month))
                    raise Missing("figures", series=spelled(key), months=months)
                ends = tuple(map(float, np.expm1(np.interp(SHOWN, PROBABILITIES, quantiles))))
                # Beyond the outermost quantiles nothing is known but that.
                rank = float(np.interp(came, quantiles, PROBABILITIES))
                counted = float(round(np.expm1(came)))
                found.append(Foreseen(day, spelled(key), str(month), ends, counted, rank))
    return found


def _published(record: OnRecord, when: date) -> Panel:
    """Return the published forecast as of a day, of all families that had begun by then."""
    making = record.making
    if not making.forecasts:
        raise Missing("not_forecast")
    origin = origin_of(when)
    begin = origin - BURN_IN - 2
    seen = known(record.scenario, record.as_of)
    series = {
        name: keys
        for name, keys in families(record.scenario).items()
        if all(seen.series(key).months[0] <= begin for key in keys)
    }
    question = Question(series, np.array([origin]), BURN_IN, HORIZON)
    panel, _ = publish(
        record.scenario,
        COMPONENTS,
        making.folder / "forecasts",
        question,
        workers=making.workers,
        progress=making.progress,
    )
    return panel


def _seen(record: OnRecord, key: Key, asked: Arguments) -> list[Seen]:
    """Return the published months from before the forecasts to the last one asked for."""
    series = record.known.series(key)
    first, last = _around(asked["as_of"], asked["months"])
    pairs = zip(series.months, series.values, strict=True)
    return [
        Seen(spelled(key), str(month), float(v)) for month, v in pairs if first <= month <= last
    ]


def _around(days: Sequence[date], stretch: Months) -> Months:
    return origin_of(min(days)) - BESIDE, stretch[1]
