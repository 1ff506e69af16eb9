"""Differences of scenarios, member by member, and what their sizes rest on."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rumbo.exporting.names import Both, Location, said
from rumbo.exporting.series import (
    ENDS,
    ExportTarget,
    QuantileBlock,
    ResultFacts,
    Totals,
    published,
    quantiles,
)
from rumbo.scores.background import PROBABILITY
from rumbo.scores.comparing import Comparison, comparisons
from rumbo.scores.quantiles import Array
from rumbo.scores.speaking import ASSUMED, OPEN, RECORD, Sizes, sizes_of

if TYPE_CHECKING:
    import xarray as xr

WHO = {ASSUMED: "assumed", OPEN: "undecided", RECORD: "record"}
"""Who speaks for the size of a difference, as the column says it."""


class DifferenceBlock(NamedTuple):
    """Paired differences of one quantity; the last period is the whole run.

    Attributes
    ----------
    target
        The quantity.
    locations
        Where.
    compared
        Which scenario less which, one for each scenario after the first.
    values
        Over these, location, period and end of a range; NaN where
        suppressed.
    suppressed
        Where a value is too small to be published.
    more, fewer
        Shares of members with more and with fewer; over these, location and period.
    """

    target: ExportTarget
    locations: list[Location]
    compared: Sequence[Comparison]
    values: Array
    suppressed: NDArray[np.bool_]
    more: Array
    fewer: Array


def compared_in(runs: "xr.Dataset", facts: ResultFacts) -> list[Comparison]:
    """Return which scenario is told less which, as on the page.

    Parameters
    ----------
    runs
        The result, its branches side by side.
    facts
        What all quantities share.

    Returns
    -------
    list of Comparison
        One for each scenario after the first.
    """
    branching = PROBABILITY in runs.coords
    return comparisons(facts.background, facts.scenarios, branching=branching)


def less_texts(facts: ResultFacts, compared: Sequence[Comparison]) -> list[Both]:
    """Return in words which scenario is told less which.

    Parameters
    ----------
    facts
        What all quantities share.
    compared
        What `compared_in` returned.

    Returns
    -------
    list of Both
    """
    titles = [facts.names.scenario(name) for name in facts.scenarios]
    form = said("difference.less")
    pairs = ((titles[one.having], titles[one.lacking]) for one in compared)
    return [form.formatted(having=having, lacking=lacking) for having, lacking in pairs]


def differences_of(
    block: QuantileBlock, found: Totals, compared: Sequence[Comparison]
) -> DifferenceBlock:
    """Return the paired differences of a quantity.

    Parameters
    ----------
    block
        Its quantiles; differences are given at the same locations.
    found
        Its totals.
    compared
        What `compared_in` returned.

    Returns
    -------
    DifferenceBlock
    """
    kept = [found.labels.index(place.id) for place in block.locations]
    values = found.values[:, :, kept]
    apart = values[[one.having for one in compared]] - values[[one.lacking for one in compared]]
    if block.target.what == "flow":
        whole = apart.sum(axis=-1)
    else:
        whole = np.average(apart, axis=-1, weights=found.days)
    periods = np.concatenate([apart, whole[..., None]], axis=-1)
    shown = published(quantiles(periods, tuple(ENDS.values())))
    known = ~np.isnan(periods).any(axis=1)
    signs = (np.where(known, one.mean(axis=1), np.nan) for one in (periods > 0, periods < 0))
    return DifferenceBlock(block.target, block.locations, compared, *shown, *signs)


class SizeSpeaker(NamedTuple):
    """Who speaks for the size of a scenario's differences, in a word and in a text."""

    who: str
    text: Both


def speakers(facts: ResultFacts) -> list[SizeSpeaker]:
    """Return who speaks for each scenario's differences from the first.

    Parameters
    ----------
    facts
        What all quantities share.

    Returns
    -------
    list of SizeSpeaker
        One for each scenario after the first.
    """
    first, *others = facts.scenarios
    return [_speaker(sizes_of(facts.background, first, one)) for one in others]


def _speaker(sizes: Sizes) -> SizeSpeaker:
    parts = [_resting(sizes.found)]
    if sizes.whole is not None:
        ends = (sizes.whole.ratio, sizes.whole.high, sizes.whole.low)
        by = [f"{100 * max(1.0 - ratio, 0.0):.0f}" for ratio in ends]
        named = dict(zip(("middle", "low", "high"), by, strict=True))
        filled = {name: Both(number, number) for name, number in named.items()}
        parts.append(said("speaks.narrowed").formatted(**filled))
    return SizeSpeaker(WHO[sizes.who], Both(*map("; ".join, zip(*parts, strict=True))))


def _resting(found: Counter[str]) -> Both:
    """Say on what the values rest that make a difference."""
    if not found:
        return said("speaks.unknown")
    if set(found) == {ASSUMED}:
        count = Both(*[str(found[ASSUMED])] * 2)
        return said("speaks.assumed").formatted(count=count)
    each = [(said(f"quality.{one}", one), count) for one, count in found.most_common()]
    listed = Both(*(", ".join(f"{name[i]} {count}" for name, count in each) for i in range(2)))
    return said("speaks.open").formatted(listed=listed)
