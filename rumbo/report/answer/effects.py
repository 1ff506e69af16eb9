"""What is asked made what difference, over the months in which its two sides differ."""

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.corridor.front.effects import effect, moved
from rumbo.report.page.parts import Answer, Statement
from rumbo.report.page.style import colour
from rumbo.report.read.contrast import Contrast, contrasts
from rumbo.report.read.names import period_of, scenario_title
from rumbo.report.read.ranges import Amount, overall, spread
from rumbo.report.read.run import Run


def asked_months(run: Run, values: xr.DataArray) -> xr.DataArray:
    """Return a series from the month on in which the sides part.

    To its end, not to the last day asked: what is put off or caught up on shows after it.
    """
    question, months = run.background.get("question") or {}, pd.DatetimeIndex(values["month"])
    since = pd.Timestamp(question.get("from") or pd.NaT)
    if pd.isna(since):
        return values
    inside = np.flatnonzero(months >= since.to_period("M").start_time)
    return values.isel(month=inside) if len(inside) else values


def over_asked(run: Run, values: xr.DataArray, what: str) -> xr.DataArray:
    """Return the sum of a flow, or the mean of a stock, over the months asked about."""
    return overall(asked_months(run, values), what)


def asked_period(run: Run) -> str:
    """Return the months asked about."""
    values = xr.DataArray(np.zeros(len(run.times)), {"month": run.data["month"].values})
    times = pd.DatetimeIndex(asked_months(run, values)["month"].values)
    return period_of(run, [one.date() for one in times])


def about_beds(run: Run) -> bool:
    """Whether a run asks how many beds are short."""
    return bool((run.background.get("question") or {}).get("about_beds"))


def beds_side(run: Run) -> int:
    """Return the number of the scenario whose beds are told first: where they are asked about."""
    return held(run)[0].having if about_beds(run) else 0


def held(run: Run) -> list[Contrast]:
    """Return what is held against what: the sides of a question, else all against the first."""
    if not (question := run.background.get("question")):
        return contrasts(run)
    having, lacking = (run.scenarios.index(question[side]) for side in ("with", "without"))
    what = scenario_title(run.scenarios[having], run)
    return [Contrast(max(having, lacking), having, lacking, what, lever=False)]


def told(run: Run, asked: Contrast, amounts: list[Amount]) -> Answer:
    """Return an effect as the answer, and others beside it."""
    having, lacking = (scenario_title(run.scenarios[n], run) for n in (asked.having, asked.lacking))
    period = asked_period(run)
    lead = run.words("ask.lead", having=having, lacking=lacking, period=period)
    main, *others = (
        _spoken(run, asked, one, effect(run, asked, one, beside=number > 0))
        for number, one in enumerate(amounts)
    )
    return Answer(lead, main, others)


def _spoken(run: Run, asked: Contrast, what: Amount, one: Statement) -> Statement:
    """Return an effect with who speaks for it: of beds whoever asks, and what is assumed."""
    if not (about_beds(run) and moved(asked, what)):
        return one
    return one._replace(who=run.words("ask.who_beds"))


def level(
    run: Run, title: str, values: xr.DataArray, number: int, *, weak: bool = False
) -> Statement:
    """Return how large a quantity is in a scenario, over the months asked about."""
    words, ends = run.words, spread(values.isel(scenario=number))
    sentence = words("here.range", **words.counts(ends))
    short = words.span(ends.low, ends.high)
    return Statement(title, short, sentence, colour(number), weak=weak)
