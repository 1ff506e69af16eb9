"""What is recorded: sums of flows and means of stocks, by place, area, link or group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.engine.space import Index, Space

Labels = dict[str, tuple[str, ...]]
"""The labels along each dimension of a result."""


class Measure(NamedTuple):
    """One recorded quantity.

    Attributes
    ----------
    name
        Name in the result.
    what
        ``flow`` (sum over the period) or ``stock`` (mean over the days of the period).
    of
        Kinds of transitions of a flow, statuses of a stock; another measure that it follows from.
    by
        Dimensions beside scenario, member and month or day.
    long_name, units
        For readers.
    times, over
        Parameters that the sum is multiplied or divided by, at the period's end.
    """

    name: str
    what: str
    of: tuple[str, ...]
    by: tuple[str, ...]
    long_name: str
    units: str
    times: str = ""
    over: str = ""


@dataclass(frozen=True)
class Ledger:
    """Which rows of the record each transition and compartment is added to.

    Attributes
    ----------
    measures
        What is recorded.
    rows
        First row and shape without group of each measure.
    flow_first, flow_row
        Transition ``m`` is added to rows ``flow_row[flow_first[m]:flow_first[m + 1]]``.
    stock_first, stock_row
        The same for compartments.
    size
        Number of rows.
    """

    measures: tuple[Measure, ...]
    rows: dict[str, tuple[int, tuple[int, ...]]]
    flow_first: Index
    flow_row: Index
    stock_first: Index
    stock_row: Index
    size: int


Where = Callable[[str, int], tuple[int, ...] | None]
"""Cell of a measure that a transition or compartment falls in: (measure, number) -> cell."""


def build_ledger(
    measures: Sequence[Measure], space: Space, labels: Labels, flow_cell: Where, stock_cell: Where
) -> Ledger:
    """Number the rows of the record.

    Parameters
    ----------
    measures
        What is recorded.
    space
        The structure.
    labels
        Labels along each dimension.
    flow_cell, stock_cell
        Say where a transition, or a compartment, is counted in a measure.

    Returns
    -------
    Ledger
    """
    rows: dict[str, tuple[int, tuple[int, ...]]] = {}
    flows: list[tuple[int, int]] = []
    stocks: list[tuple[int, int]] = []
    size = 0
    for measure in (one for one in measures if one.what in ("flow", "stock")):
        shape = tuple(len(labels[dim]) for dim in measure.by if dim != "group")
        rows[measure.name] = (size, shape)
        pairs, cell = (flows, flow_cell) if measure.what == "flow" else (stocks, stock_cell)
        for number in _members(measure, space):
            at = cell(measure.name, int(number))
            if at is not None:
                pairs.append(
                    (int(number), size + int(np.ravel_multi_index(at, shape)) if shape else size)
                )
        size += int(np.prod(shape))
    return Ledger(
        tuple(measures),
        rows,
        *_grouped(flows, len(space.moves)),
        *_grouped(stocks, len(space.compartments)),
        size,
    )


def _members(measure: Measure, space: Space) -> Index:
    return space.of(*measure.of) if measure.what == "flow" else space.where(*measure.of)


def _grouped(pairs: Sequence[tuple[int, int]], size: int) -> tuple[Index, Index]:
    table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return np.searchsorted(table[:, 0], np.arange(size + 1)).astype(np.int64), table[:, 1].copy()
