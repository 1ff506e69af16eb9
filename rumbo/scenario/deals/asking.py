"""From what is asked of a deal to its terms, and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose
from rumbo.scenario.changes import as_day
from rumbo.scenario.deals.terms import Deal, Side

CALL = "deal"
"""What faults of a call are named after."""

Day = date | str
Share = float | Sequence[float]
"""A compliance; or low, compliance and high."""

Ends = Day | Mapping[str, Day] | None
Ramps = int | Mapping[str, int] | None
Shares = Share | Mapping[str, Share] | None
"""What holds for all sides, or by actor; None for what the corridor says."""

LONGEST = 3650
"""Most days of a ramp: ten years."""


def agreed(
    deal: Deal,
    since: Day | None,
    until: Ends,
    ramp: Ramps,
    compliance: Shares,
    faults: Collector,
) -> Deal:
    """Return a deal under the terms that are asked for.

    Parameters
    ----------
    deal
        The deal under the terms of the corridor.
    since, until, ramp, compliance
        As in `rumbo.Scenario.deal`.
    faults
        Where faults are noted.

    Returns
    -------
    Deal
    """
    first = as_day(CALL, "since", since, faults)
    if faults:
        return deal
    if pd.isna(first) and not deal.in_force:
        message = f"'{deal.key}' has no dates of its own, and since is not given"
        faults.add(CALL, 0, message, "Give since, the first day on which it is to hold")
        return deal
    begun = deal if pd.isna(first) else deal.begun(first)
    asked = {"until": until, "ramp": ramp, "compliance": compliance}
    wanted = {name: _by_side(name, deal, own, faults) for name, own in asked.items()}
    sides = []
    for side in begun.sides:
        mine = {name: own[side.actor] for name, own in wanted.items() if side.actor in own}
        sides.append(_side(side, mine, faults))
    for side in sides:
        for message, cure in side_faults(side):
            faults.add(CALL, 0, message, cure)
    return Deal(deal.key, tuple(sides))


def _by_side(name: str, deal: Deal, asked: Any, faults: Collector) -> dict[str, Any]:
    """Return what is asked by actor, without what is not."""
    actors = [side.actor for side in deal.sides]
    if asked is None:
        return {}
    if not isinstance(asked, Mapping):
        return dict.fromkeys(actors, asked)
    for actor in asked:
        if actor not in actors:
            named = list(filter(None, actors))
            cure = choose(str(actor), named) if named else "Give one value, not one for each side"
            faults.add(CALL, 0, f"{name} is given for '{actor}', no side of '{deal.key}'", cure)
    return dict(asked)


def _side(side: Side, asked: dict[str, Any], faults: Collector) -> Side:
    if "until" in asked:
        side = side._replace(until=as_day(CALL, "until", asked["until"], faults))
    if "ramp" in asked:
        side = side._replace(ramp=_days(asked["ramp"], faults))
    if "compliance" in asked:
        low, share, high = _shares(asked["compliance"], faults)
        side = side._replace(compliance=share, low=low, high=high)
    return side


def _days(asked: object, faults: Collector) -> int:
    whole = isinstance(asked, int | float | np.number) and not isinstance(asked, bool)
    if not whole or not 0 <= float(asked) <= LONGEST or float(asked) % 1:  # type: ignore[arg-type]
        message = f"ramp is {asked!r}, expected whole days between 0 and {LONGEST}"
        faults.add(CALL, 0, message, "Give the days until it is all in force, such as 14")
        return 0
    return int(float(asked))  # type: ignore[arg-type]


def _shares(asked: object, faults: Collector) -> tuple[float, float, float]:
    """Return low, compliance and high."""
    several = isinstance(asked, Sequence) and not isinstance(asked, str | bytes)
    given: Sequence[Any] = asked if several else (asked,)  # type: ignore[assignment]
    try:
        shares = [float(one) for one in given if not isinstance(one, bool | np.bool_ | str | bytes)]
    except (OverflowError, TypeError, ValueError):
        shares = []
    if len(shares) == 1 and len(given) == 1:
        return np.nan, shares[0], np.nan
    if len(shares) == 3 and len(given) == 3:
        return shares[0], shares[1], shares[2]
    message = f"compliance is {asked!r}, expected a share or (low, share, high)"
    faults.add(CALL, 0, message, "Give a number between 0 and 1, such as 0.6")
    return np.nan, 1.0, np.nan


def side_faults(side: Side) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with the terms of a side, and how to mend it."""
    of = f" for {side.actor}" * bool(side.actor)
    if side.until <= side.since:
        message = f"until {side.until:%Y-%m-%d} is not after since {side.since:%Y-%m-%d}{of}"
        yield message, "Swap the two dates; until is the first day after"
    shares = {"compliance": side.compliance, "low": side.low, "high": side.high}
    for name, share in shares.items():
        if not 0.0 <= share <= 1.0 and (name == "compliance" or not np.isnan(share)):
            yield f"{name} is {share:g}{of}, expected a share between 0 and 1", "Mend the number"
    if side.low > side.compliance:
        yield f"low {side.low:g} is above compliance {side.compliance:g}{of}", "Mend or swap them"
    if side.compliance > side.high:
        yield f"compliance {side.compliance:g} is above high {side.high:g}{of}", "Mend or swap them"


def described(deal: Deal) -> dict[str, Any]:
    """Return a deal's terms as plain values, ready for JSON: what `rumbo.Scenario.deal` takes."""
    return {
        "name": deal.key,
        "since": f"{deal.since:%Y-%m-%d}",
        "until": {s.actor: "" if pd.isna(s.until) else f"{s.until:%Y-%m-%d}" for s in deal.sides},
        "ramp": {side.actor: side.ramp for side in deal.sides},
        "compliance": {side.actor: _share(side) for side in deal.sides},
    }


def _share(side: Side) -> Any:
    return [side.low, side.compliance, side.high] if side.ranged else side.compliance


def words_of_deal(deal: Deal, own: Deal) -> str:
    """Return what differs from the corridor's own terms, as words for a scenario's name.

    Parameters
    ----------
    deal, own
        The deal as it is here, and as it is in the corridor.
    """
    words = [deal.key]
    if deal.since != own.since:
        words.append(f"since {deal.since:%Y-%m-%d}")
    usual = own.begun(deal.since)
    told = [_words(side, other) for side, other in zip(deal.sides, usual.sides, strict=True)]
    if len(set(told)) == 1:
        words += told[0]
    else:
        for side, own_words in zip(deal.sides, told, strict=True):
            words += [side.actor, *own_words] if own_words else []
    return " ".join(words)


def terms_in_words(deal: Deal) -> str:
    """Return a deal's days and shares, as words; nothing of what is at once, whole and for good."""
    at_once = {"ramp": 0, "compliance": 1.0, "low": np.nan, "high": np.nan, "until": pd.NaT}
    whole = Deal(deal.key, tuple(side._replace(**at_once) for side in deal.sides))
    rest = words_of_deal(deal, whole).removeprefix(deal.key)
    return f"{deal.key} since {deal.since:%Y-%m-%d}{rest}"


def share_in_words(side: Side) -> str:
    """Return the share of its part that a side keeps, with its range if it has one."""
    ends = f" ({side.low:g} to {side.high:g})" if side.ranged else ""
    return f"{side.compliance:g}{ends}"


def _words(side: Side, own: Side) -> tuple[str, ...]:
    words = []
    if side.ramp != own.ramp:
        words.append(f"ramp {side.ramp}")
    if not _same(side[4:], own[4:]):
        words.append(f"compliance {share_in_words(side)}")
    if not (side.until == own.until or (pd.isna(side.until) and pd.isna(own.until))):
        words.append("without end" if pd.isna(side.until) else f"until {side.until:%Y-%m-%d}")
    return tuple(words)


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


def same_terms(one: Deal, other: Deal) -> bool:
    """Whether two deals have the same terms."""
    pairs = zip(one.sides, other.sides, strict=True)
    return one.since == other.since and not any(_words(*pair) for pair in pairs)
