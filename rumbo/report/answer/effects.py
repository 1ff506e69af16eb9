"""What is asked made what difference: told the positive way, with how many simulations agree."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.corridor.speaks import speaks
from rumbo.report.page.parts import Statement
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range, Words, rounded
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import overall, spread
from rumbo.report.read.run import Run


class Effect(NamedTuple):
    """A quantity over the months asked about, of every scenario and member.

    Attributes
    ----------
    title
        What it is, marked where it fails the record.
    values
        A number per scenario and member: the sum of a flow, or the mean of a stock.
    """

    title: str
    values: xr.DataArray


def asked_months(run: Run, values: xr.DataArray) -> xr.DataArray:
    """Return a series from the month on in which the sides part, until the last day asked."""
    question, months = run.background.get("question") or {}, pd.DatetimeIndex(values["month"])
    since, until = (pd.Timestamp(question.get(name) or pd.NaT) for name in ("from", "until"))
    inside = np.ones(len(months), dtype=bool)
    if not pd.isna(since):
        inside &= months >= since.to_period("M").start_time
    if not pd.isna(until):
        inside &= months < until
    return values.isel(month=np.flatnonzero(inside)) if inside.any() else values


def over_asked(run: Run, values: xr.DataArray, what: str) -> xr.DataArray:
    """Return the sum of a flow, or the mean of a stock, over the months asked about."""
    return overall(asked_months(run, values), what)


def asked_period(run: Run) -> str:
    """Return the months asked about."""
    values = xr.DataArray(np.zeros(len(run.times)), {"month": run.data["month"].values})
    times = pd.DatetimeIndex(asked_months(run, values)["month"].values)
    first, last = (run.words.month(times[n]) for n in (0, -1))
    return run.words("period", first=first, last=last)


class Held(NamedTuple):
    """Numbers of the scenario with what is asked, and of the one that it is held against."""

    having: int
    lacking: int

    @property
    def number(self) -> int:
        """Number of the one that is not the first."""
        return max(self)

    def change(self, values: xr.DataArray) -> xr.DataArray:
        """Return values with what is asked less those without, member by member."""
        having, lacking = (values.isel(scenario=n, drop=True) for n in self)
        return having - lacking


def held(run: Run) -> list[Held]:
    """Return what is held against what: the sides of a question, else all against the first."""
    question = run.background.get("question")
    if question:
        return [Held(*(run.scenarios.index(question[side]) for side in ("with", "without")))]
    return [Held(number, 0) for number in range(1, len(run.scenarios))]


def effect_card(run: Run, effect: Effect, sides: Held, *, main: bool = False) -> Statement:
    """Return how a quantity differs with what is asked; the main one says who speaks."""
    words, change = run.words, sides.change(effect.values)
    ends = spread(change)
    told = words(
        "ask.paired",
        half=words.change(ends.low_half, ends.high_half),
        middle=words.single_change(ends.middle),
    )
    who = _who(run, sides) if main else words("ask.who_above")
    lead = f"{scenario_title(run.scenarios[sides.having], run)}: " if main else ""
    sentence = " ".join(filter(None, (told, signs(words, change), who)))
    if rounded(ends.low) == rounded(ends.high) == 0:
        sentence = words("ask.nothing")
    hue = colour(sides.number)
    return Statement(effect.title, lead + short_change(words, ends), sentence, hue)


def _who(run: Run, sides: Held) -> str:
    """Say who speaks for a difference: of beds whoever asks, and what is assumed of them."""
    return run.words("ask.who_beds") if about_beds(run) else speaks(run, sides.number)


def about_beds(run: Run) -> bool:
    """Whether a run asks how many beds are short."""
    return bool((run.background.get("question") or {}).get("about_beds"))


def level_card(run: Run, title: str, values: xr.DataArray, number: int) -> Statement:
    """Return how large a quantity is in a scenario, over the months asked about."""
    words, ends = run.words, spread(values.isel(scenario=number))
    told = words("here.range", period=asked_period(run), **words.counts(ends))
    return Statement(title, words.span(ends.low, ends.high), told, colour(number))


def short_change(words: Words, ends: Range) -> str:
    """Return a difference in short: so many fewer, so many more, or that both are possible."""
    low, high = rounded(ends.low), rounded(ends.high)
    if low == high == 0:
        return words("change.none")
    near, far = (words.count(abs(end)) for end in sorted((ends.low, ends.high), key=abs))
    if low >= 0 or high <= 0:
        return words("ask.more" if low >= 0 else "ask.fewer", near=near, far=far)
    fewer, more = words.count(-ends.low), words.count(ends.high)
    return words("ask.both", fewer=fewer, more=more)


def signs(words: Words, change: xr.DataArray) -> str:
    """Say in which share of the simulations there are fewer, and in which more."""
    fewer, more = (
        words.percent(float(share)).lstrip("+")
        for share in ((change < 0).mean(), (change > 0).mean())
    )
    return words("ask.signs", fewer=fewer, more=more)
