"""What two scenarios are compared for: with something and without it, told the positive way.

A scenario that leaves out a policy is told as the policy's own effect: with it less without it. Any
other scenario is told as itself less the first.
"""

from typing import NamedTuple

import numpy as np
import xarray as xr

from rumbo.report.page.words import Range, Words, rounded
from rumbo.report.read.names import lever_title, scenario_title
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run
from rumbo.scores.comparing import comparisons


class Contrast(NamedTuple):
    """A scenario beside the first: which of both has what is asked about, and what that is.

    Attributes
    ----------
    number
        Number of the scenario that is not the first.
    having, lacking
        Numbers of the scenario with it and of the one without.
    what
        What it is, in words.
    lever
        Whether it is one or more policies, and not changes of another kind.
    """

    number: int
    having: int
    lacking: int
    what: str
    lever: bool

    def of(self, values: xr.DataArray) -> xr.DataArray:
        """Return values with it less those without it, member by member."""
        having, lacking = (values.isel(scenario=n, drop=True) for n in (self.having, self.lacking))
        return having - lacking


class Signs(NamedTuple):
    """In how many members a difference is above 0, in how many below, and of how many."""

    more: int
    fewer: int
    members: int


def contrast(run: Run, number: int) -> Contrast:
    """Return what the scenario of a number is compared with the first for."""
    return contrasts(run)[number - 1]


def contrasts(run: Run) -> list[Contrast]:
    """Return all scenarios after the first, each compared with it."""
    found = comparisons(run.background, run.scenarios, branching=bool(run.branches))
    return [_named(run, *one) for one in found]


def _named(run: Run, number: int, having: int, lacking: int, levers: tuple[str, ...]) -> Contrast:
    if levers:
        what = run.words.listed([lever_title(lever, run) for lever in levers])
    else:
        what = scenario_title(run.scenarios[having], run)
    return Contrast(number, having, lacking, what, lever=bool(levers))


def with_it(run: Run, asked: Contrast) -> str:
    """Return how a sentence about it begins."""
    return run.words("contrast.with" if asked.lever else "contrast.in", what=asked.what)


def against(run: Run, asked: Contrast) -> str:
    """Return what it is compared with, as it is called inside a sentence."""
    if asked.lever:
        return run.words("contrast.same")
    return run.words("contrast.quoted", what=scenario_title(run.scenarios[asked.lacking], run))


def signs(change: xr.DataArray) -> Signs:
    """Count the members in which a difference has either sign."""
    return Signs(int((change > 0).sum()), int((change < 0).sum()), change.size)


def signs_text(words: Words, counted: Signs) -> str:
    """Return how many simulations show more and how many fewer."""
    more, fewer, members = (words.digits(count) for count in counted)
    if counted.more and counted.fewer:
        return words("signs.both", more=more, fewer=fewer, members=members)
    if counted.more or counted.fewer:
        key = "signs.more" if counted.more else "signs.fewer"
        return words(key, count=more if counted.more else fewer, members=members)
    return words("signs.none")


def effect_text(words: Words, change: xr.DataArray) -> str:
    """Return an effect the positive way, such as "20 to 50 fewer"."""
    ends = spread(change)
    if not words.ranged:
        middle = words.single_change(ends.middle)
        return words("crisis.range_one", middle=middle, no_range=words("no_range"))
    return range_text(words, ends, bool(np.any(change != 0)))


def range_text(words: Words, ends: Range, moved: bool = True) -> str:
    """Return the range of an effect the positive way; both ways where it holds 0."""
    if not moved or ends.low == ends.high == 0:
        return words("change.none")
    low, high = rounded(ends.low), rounded(ends.high)
    if not (words.printed(low) or words.printed(high)):
        return words(_small(ends))
    one_way = "more" if low >= 0 else "fewer" if high <= 0 else "both"
    near, far = (words.count(abs(end)) for end in sorted((low, high), key=abs))
    if one_way != "both":
        return words("effect.more" if one_way == "more" else "effect.fewer", near=near, far=far)
    return words("effect.both", low=words.count(-low), high=words.count(high))


def _small(ends: Range) -> str:
    """Return what is said of an effect of which neither end is large enough to be printed."""
    if ends.low < 0 < ends.high:
        return "effect.small_both"
    if ends.high > 0:
        return "effect.small_more" if ends.low > 0 else "effect.none_more"
    return "effect.small_fewer" if ends.high < 0 else "effect.none_fewer"
