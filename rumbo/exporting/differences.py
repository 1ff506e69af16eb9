"""Scenarios less the first, member by member, and what the sizes of their differences rest on."""

from collections import Counter
from typing import Any, NamedTuple

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
from rumbo.scores.quantiles import Array

ASSUMED, UNDECIDED = "assumed", "undecided"
"""Who speaks for the size of a difference: assumptions alone, or nobody yet."""


class DifferenceBlock(NamedTuple):
    """Paired differences of one quantity; the last period is the whole run.

    Attributes
    ----------
    target
        The quantity.
    locations
        Where.
    values
        Over scenario (without the first), location, period and end of a range; NaN where
        suppressed.
    suppressed
        Where a value is too small to be published.
    more, fewer
        Shares of members with more and with fewer; over scenario, location and period.
    """

    target: ExportTarget
    locations: list[Location]
    values: Array
    suppressed: NDArray[np.bool_]
    more: Array
    fewer: Array


def differences_of(block: QuantileBlock, found: Totals) -> DifferenceBlock:
    """Return the paired differences of a quantity from the first scenario.

    Parameters
    ----------
    block
        Its quantiles; differences are given at the same locations.
    found
        Its totals.

    Returns
    -------
    DifferenceBlock
    """
    kept = [found.labels.index(place.id) for place in block.locations]
    values = found.values[:, :, kept]
    apart = values[1:] - values[:1]
    whole = apart.sum(axis=-1) if block.target.what == "flow" else apart.mean(axis=-1)
    periods = np.concatenate([apart, whole[..., None]], axis=-1)
    shown = published(quantiles(periods, tuple(ENDS.values())))
    signs = ((periods > 0).mean(axis=1), (periods < 0).mean(axis=1))
    return DifferenceBlock(block.target, block.locations, *shown, *signs)


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
    return [_speaker(_qualities(facts.background, first, one)) for one in others]


def _speaker(found: Counter[str]) -> SizeSpeaker:
    if not found:
        return SizeSpeaker(UNDECIDED, said("speaks.unknown"))
    if set(found) == {ASSUMED}:
        count = Both(*[str(found[ASSUMED])] * 2)
        return SizeSpeaker(ASSUMED, said("speaks.assumed").formatted(count=count))
    each = [(said(f"quality.{one}", one), count) for one, count in found.most_common()]
    listed = Both(*(", ".join(f"{name[i]} {count}" for name, count in each) for i in range(2)))
    return SizeSpeaker(UNDECIDED, said("speaks.open").formatted(listed=listed))


def _qualities(background: dict[str, Any], first: str, other: str) -> Counter[str]:
    """Count the values in which two scenarios differ, by what they rest on."""
    records = {one["name"]: one for one in background["scenarios"]}
    levers, rows = set[str](), list[dict[str, Any]]()
    for name in (first, other):
        record = records.get(name, {})
        levers ^= set(record.get("without") or [])
        rows += record.get("changes") or []
    rows += [row for row in background["settings"] if row.get("lever") in levers]
    rows += _unlike_deals(background, first, other, levers)
    return Counter(map(_quality, rows))


def _unlike_deals(
    background: dict[str, Any], first: str, other: str, told: set[str]
) -> list[dict[str, Any]]:
    """Return the settings of deals that two scenarios do not have under the same terms."""
    one, two = (
        {r["deal"]: r["sides"] for r in background.get("deals") or () if r["scenario"] == name}
        for name in (first, other)
    )
    unlike = [key for key in {**one, **two} if one.get(key) != two.get(key) and key not in told]
    sides = [side for key in unlike for side in two.get(key) or one[key]]
    return [row for side in sides for row in side["settings"]]


def _quality(row: dict[str, Any]) -> str:
    """Return the quality of a value; that of one without a source is assumed."""
    source = row.get("source") or ""
    return ASSUMED if source in ("", ASSUMED) else str(row.get("quality") or "reported")
