"""The terms of a deal: what each side does from when until when, how fast and how far."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.scenario.values.ranges import Z90

TABLE = "deals.csv"

COMPLIANCE = "compliance"
"""What names the draw of how far a deal is kept: one for all of its settings and sides."""

STEPS = 7
"""Most steps of a ramp; assumed. Each is a stretch of days with values of its own to compile."""


class RampStep(NamedTuple):
    """A stretch of days on which a side does the same share of its part.

    Attributes
    ----------
    since, until
        First day and first day after; NaT where open.
    share
        Share of the ramp, 0 to 1.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    share: float


class Side(NamedTuple):
    """What one government does under a deal.

    Attributes
    ----------
    actor
        Which government; empty where a deal names none.
    since, until
        First day and first day after; NaT where open.
    ramp
        Days until it does all that it will do.
    compliance
        Share of what was agreed that it then does, 0 to 1.
    low, high
        The 90 % range of that share; NaN where it has none.
    """

    actor: str
    since: pd.Timestamp
    until: pd.Timestamp
    ramp: int = 0
    compliance: float = 1.0
    low: float = np.nan
    high: float = np.nan

    @property
    def whole(self) -> bool:
        """Whether it simply does all of its part, from its first day on."""
        return self.ramp < 2 and self.compliance == 1.0 and not self.ranged

    @property
    def ranged(self) -> bool:
        """Whether it is unsure how much of its part it does."""
        return not np.isnan([self.low, self.high]).all()

    @property
    def reach(self) -> tuple[float, float]:
        """Standard deviations at which it does nothing of its part, and all of it."""
        down, up = self.compliance - self.low, self.high - self.compliance
        least = -Z90 * self.compliance / down if down > 0.0 else -np.inf
        return least, Z90 * (1.0 - self.compliance) / up if up > 0.0 else np.inf

    @property
    def idle(self) -> bool:
        """Whether it surely does nothing."""
        return self.compliance == 0.0 and not self.high > 0.0

    def steps(self) -> Iterator[RampStep]:
        """Go through the steps of the ramp: equal stretches, the k-th of K with the share k / K."""
        number = max(1, min(self.ramp, STEPS))
        first = [self.since + pd.Timedelta(days=k * self.ramp // number) for k in range(number)]
        for k, day in enumerate(first):
            yield RampStep(day, first[k + 1] if k + 1 < number else self.until, (k + 1) / number)


class Deal(NamedTuple):
    """A deal: the lever that its settings belong to, and its sides.

    Attributes
    ----------
    key
        Id of the lever.
    sides
        Who does what; settings that name no actor are of the first.
    """

    key: str
    sides: tuple[Side, ...]

    @property
    def since(self) -> pd.Timestamp:
        """The first day of all sides; NaT for a deal that is not in force."""
        return min(side.since for side in self.sides) if self.in_force else pd.NaT

    @property
    def in_force(self) -> bool:
        """Whether it has dates; without, its settings wait until it is placed."""
        return not any(pd.isna(side.since) for side in self.sides)

    @property
    def idle(self) -> bool:
        """Whether surely no side does anything."""
        return all(side.idle for side in self.sides)

    def side(self, actor: str) -> Side:
        """Return the side of an actor; the first for settings that name none."""
        return next((side for side in self.sides if side.actor == actor), self.sides[0])

    def moved(self, days: pd.Timedelta) -> "Deal":
        """Return the deal so many days later."""
        moved = (s._replace(since=s.since + days, until=s.until + days) for s in self.sides)
        return Deal(self.key, tuple(moved))

    def begun(self, since: pd.Timestamp) -> "Deal":
        """Return the deal with another first day, its sides as far apart as before."""
        if self.in_force:
            return self.moved(since - self.since)
        return Deal(self.key, tuple(side._replace(since=since) for side in self.sides))


def deals_of(table: pd.DataFrame) -> dict[str, Deal]:
    """Return the deals of a table, by key.

    Parameters
    ----------
    table
        Rows of ``deals.csv``: one for each side.

    Returns
    -------
    dict of str to Deal
    """
    sides: dict[str, list[Side]] = {}
    for row in table.itertuples(index=False):
        ramp = 0 if np.isnan(row.ramp_days) else int(row.ramp_days)
        span = (row.since, row.until, ramp, row.compliance, row.low, row.high)
        sides.setdefault(row.deal, []).append(Side(row.actor, *span))
    return {key: Deal(key, tuple(own)) for key, own in sides.items()}


def with_terms(table: pd.DataFrame, deals: dict[str, Deal]) -> pd.DataFrame:
    """Return a table of deals under other terms.

    Parameters
    ----------
    table
        Rows of ``deals.csv``.
    deals
        The terms, by key; those of other deals stay.

    Returns
    -------
    pandas.DataFrame
    """
    rows = []
    for row in table.to_dict("records"):
        side = deals[row["deal"]].side(row["actor"]) if row["deal"] in deals else None
        own = side._asdict() if side else {}
        own |= {"ramp_days": float(own.pop("ramp"))} if side else {}
        rows.append(row | own)
    changed = pd.DataFrame(rows, columns=table.columns)
    return changed.astype(table.dtypes.to_dict())


def deals_known(table: pd.DataFrame, levers: Iterable[str], day: pd.Timestamp) -> pd.DataFrame:
    """Return the deals that were known on a day.

    Parameters
    ----------
    table
        Rows of ``deals.csv``.
    levers
        Levers of which the day knew, with settings.
    day
        The day.

    Returns
    -------
    pandas.DataFrame
        Ends that were still to come are open.
    """
    there = table["deal"].isin([*levers])
    ended = table["until"].where(table["until"] <= day)
    return table.assign(until=ended)[there].reset_index(drop=True)


def known_on(deal: Deal, day: pd.Timestamp) -> Deal:
    """Return a deal of which the day knew no end that was still to come."""
    sides = (s._replace(until=s.until if s.until <= day else pd.NaT) for s in deal.sides)
    return Deal(deal.key, tuple(sides))


def kept_path(side: Side, start: date, end: date) -> list[tuple[str, float, float, float]]:
    """Return from which days of a run a side does which share of its part.

    Parameters
    ----------
    side
        The side.
    start, end
        First and last day of the run.

    Returns
    -------
    list of tuple
        Day in ISO form, share, and the ends of its range; of the first and last day too.
    """
    ends = (side.low, side.compliance, side.high)
    spread = [side.compliance if np.isnan(one) else one for one in ends]
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    steps = [step for step in side.steps() if not step.since >= side.until]
    days = {first: 0.0} | {max(step.since, first): step.share for step in steps}
    days |= {} if pd.isna(side.until) else {max(side.until, first): 0.0}
    held = {day: share for day, share in sorted(days.items()) if day <= last}
    held |= {last: held[max(held)]}
    shares = ((day, *(round(share * one, 6) for one in spread)) for day, share in held.items())
    return [(f"{day:%Y-%m-%d}", middle, low, high) for day, low, middle, high in shares]
