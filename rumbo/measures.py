"""What is recorded: monthly sums of flows and means of stocks, by place, area, link or group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rumbo.space import Index, Space

Labels = dict[str, tuple[str, ...]]
"""The labels along each dimension of a result."""


class Measure(NamedTuple):
    """One recorded quantity.

    Attributes
    ----------
    name
        Name in the result.
    what
        ``flow`` (sum over the month) or ``stock`` (mean over the days of the month).
    of
        Kinds of transitions of a flow, statuses of a stock.
    by
        Dimensions beside scenario, member and month.
    long_name, units
        For readers.
    """

    name: str
    what: str
    of: tuple[str, ...]
    by: tuple[str, ...]
    long_name: str
    units: str


STAYING = ("waiting", "held", "moved", "queue", "asylum")

MEASURES = (
    Measure("entries", "flow", ("entry",), ("group",), "people entering the corridor", "persons"),
    Measure(
        "encounters", "flow", ("encounter", "appointment"), ("component", "area", "group"),
        "US encounters between ports (USBP) and at ports (OFO)", "events",
    ),
    Measure("evasions", "flow", ("evade",), ("area",), "crossings unseen", "persons"),
    Measure(
        "mexico_encounters", "flow", ("stop",), ("place", "group"), "Mexico's encounters", "events"
    ),
    Measure(
        "transfers", "flow",
("transfer", "clear_move"), ("place",),
        "people moved south, by place of arrival", "persons",
    ),
    Measure(
        "moved_again", "flow", ("transfer", "clear_move"), (),
        "people moved south who had been moved before", "persons",
    ),
    Measure("mexico_returns", "flow", ("deport",), ("group",), "returns from Mexico", "persons"),
    Measure("us_removals", "flow", ("us_remove",), ("group",), "removals home from US", "persons"),
    Measure(
        "asylum_applications", "flow", ("apply",), ("place",), "asylum applications in Mexico",
        "persons",
    ),
    Measure(
        "parole_arrivals", "flow", ("parole",), ("group",), "arrivals on parole flights", "persons"
    ),
    Measure(
        "passages", "flow", ("depart", "encounter", "evade", "parole"), ("link",),
        "people starting along a link", "persons",
    ),
    Measure(
        "deaths", "flow", ("die", "die_crossing"), ("region",),
        "deaths, with those not recorded", "persons",
    ),
    Measure("kidnappings", "flow", ("kidnap",), ("place",), "people kidnapped", "events"),
    Measure(
        "settled", "flow",
        ("settle", "queue_settle", "asylum_settle", "moved_settle"),
        ("group",), "people settling in Mexico", "persons",
    ),
    Measure(
        "returned_home", "flow",
        ("home", "queue_home", "moved_home", "expel_leave"), ("group",),
        "people going home without being returned", "persons",
    ),
    Measure(
        "waiting", "stock", STAYING, ("place", "group"), "people present at a place", "persons"
    ),
    Measure(
        "queue", "stock", ("queue",), ("place",), "people asking for an appointment", "persons"
    ),
    Measure("held", "stock", ("held",), ("place",), "people held after being stopped", "persons"),
    Measure(
        "days_waited", "stock", STAYING, ("group",), "person-days waited in Mexico", "person-days"
    ),
)  # fmt: skip

CROWD = ("waiting", "moved", "queue", "asylum")
"""Statuses of people who need a shelter."""


@dataclass(frozen=True)
class Ledger:
    """Which rows of the record each transition and compartment is added to.

    Attributes
    ----------
    rows
        First row and shape without group of each measure.
    flow_first, flow_row
        Transition ``m`` is added to rows ``flow_row[flow_first[m]:flow_first[m + 1]]``.
    stock_first, stock_row
        The same for compartments.
    size
        Number of rows.
    """

    rows: dict[str, tuple[int, tuple[int, ...]]]
    flow_first: Index
    flow_row: Index
    stock_first: Index
    stock_row: Index
    size: int


Where = Callable[[str, int], tuple[int, ...] | None]
"""Cell of a measure that a transition or compartment falls in: (measure, number) -> cell."""


def build_ledger(space: Space, labels: Labels, flow_cell: Where, stock_cell: Where) -> Ledger:
    """Number the rows of the record.

    Parameters
    ----------
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
    for measure in MEASURES:
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
