"""What gets on record: of those who die some are found, in clusters, and some of them late.

A month's records of a cell share a gamma factor of mean one. With it, each event is on record with
the share that the member believes in; what is left of a share above one is found in addition
(Poisson), as when a grave of other months is opened. So records vary about their mean as a negative
binomial does, and may be more than the events of the month. The number on record of each event is
named by its place among the month's events: records by day sum to those by month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit

from rumbo.engine.arrays import Array, Index, Keys
from rumbo.engine.draws import combine, inside, keys, poisson, shocks, unit
from rumbo.engine.step import Luck
from rumbo.model.fares import fares_in_force
from rumbo.model.measures import PRICE, Labels, Measure
from rumbo.model.noise import Noise
from rumbo.model.rules.smuggling import Fares


@dataclass(frozen=True)
class Recording:
    """How the events of a period get on record, for each member.

    Attributes
    ----------
    noise, luck
        What members differ by.
    month, segment
        The month, ``YYYY-MM``, and the segment at the period's end.
    labels
        Labels along each dimension.
    values
        Parameters that people are counted by, their means over the period's days.
    drawn
        Events drawn ahead that fell in the period, by place; shape (R, P).
    fares
        What prices of guided ways follow from at the period's end; None where there are none.
    """

    noise: Noise
    luck: Luck
    month: str
    segment: int
    labels: Labels
    values: Mapping[str, Array]
    drawn: Array = field(default_factory=lambda: np.empty((0, 0)))
    fares: Fares | None = None

    def beside(self, measure: Measure) -> Array:
        """Return what neither flows nor stocks tell of: events drawn ahead, or prices."""
        return self._prices() if measure.what == PRICE else self.drawn

    def _prices(self) -> Array:
        """Return the prices of guided ways; shape (R, A, G)."""
        assert self.fares is not None
        return fares_in_force(self.fares, self.noise, self.luck, self.segment)

    def counted(
        self, measure: Measure, at: tuple[Index, Index], before: Array, events: Array
    ) -> Array:
        """Count what gets on record; where nothing is drawn, its mean.

        Parameters
        ----------
        measure
            What is recorded, by one dimension of N labels.
        at
            Places, and the cells in which their events are counted.
        before, events
            Events earlier in the month, and in the period; shape (R, N).

        Returns
        -------
        numpy.ndarray
            Shape (R, N).
        """
        own = self.noise.own(measure.over, self.luck, self.segment)[:, 0]
        share = 1.0 / (self.values[measure.over] * own)
        if not self.luck.stochastic:
            return events * share
        names = [(measure.name, self.month, label) for label in self.labels[measure.by[0]]]
        share = share * self._clusters(keys(("clusters", *name) for name in names), measure, at)
        each = keys(("record", *name) for name in names)
        return count_records(before, before + events, share, self._streams(each))

    def _clusters(self, streams: Keys, measure: Measure, at: tuple[Index, Index]) -> Array:
        """Return the month's gamma factor of each cell; shape (R, N)."""
        place, cell = at
        shape = np.full(len(streams), np.inf)
        np.minimum.at(shape, cell, self.values[measure.shape][place])
        return shocks(self.luck.seed, self.luck.members, streams, shape**-0.5)

    def _streams(self, names: Keys) -> Keys:
        """Return the keys of each member's streams; shape (R, N)."""
        seed = np.uint64(self.luck.seed)
        return np.stack([inside(combine(seed, np.uint64(r)), names) for r in self.luck.members])


@njit(cache=True, nogil=True)
def count_records(first: Array, last: Array, share: Array, streams: Keys) -> Array:
    """Count how often the events ``first`` to ``last`` of a month are on record: all (R, N)."""
    found = np.zeros(share.shape)
    for r in range(share.shape[0]):
        for n in range(share.shape[1]):
            more = share[r, n] - 1.0
            for event in range(int(first[r, n]), int(last[r, n])):
                u = unit(combine(streams[r, n], np.uint64(event)))
                if more > 0.0:
                    found[r, n] += 1.0 + poisson(more, u)
                elif u < share[r, n]:
                    found[r, n] += 1.0
    return found


def converting(
    measures: Sequence[Measure], values: Sequence[Mapping[str, Array]], segments: Index
) -> dict[str, Array]:
    """Return what people are counted by over some days, each value its mean over them.

    Parameters
    ----------
    measures
        What is recorded.
    values
        Parameters by segment.
    segments
        Segment of each day; shape (D,).

    Returns
    -------
    dict
        Those that measures are multiplied or divided by, or vary by.
    """
    numbers, days = np.unique(segments, return_counts=True)
    each, shares = [values[number] for number in numbers.tolist()], days / days.sum()
    found: dict[str, Array] = {}
    names = {name for one in measures for name in (one.times, one.over, one.shape) if name}
    for name in names:
        mine = [one[name] for one in each]
        alike = all(one is mine[0] for one in mine)  # and its bits are to stay the same
        found[name] = mine[0] if alike else np.tensordot(shares, np.stack(mine), 1)
    return found
