"""What is recorded: sums of flows and means of stocks, by place, area, link or group."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rumbo.engine.arrays import Index
from rumbo.engine.space import NOWHERE, Compartment, Move, Space

Labels = dict[str, tuple[str, ...]]
"""The labels along each dimension of a result."""


Counted = Move | Compartment
"""What is counted in a measure: a transition in a flow, a compartment in a stock."""

Axes = Mapping[str, Callable[[Any, Any], int]]
"""By dimension of a result: the cell that a transition or compartment falls in, given the facts of
the corridor that the model gathered."""


class Measure(NamedTuple):
    """One recorded quantity.

    Attributes
    ----------
    name
        Name in the result.
    what
        ``flow`` (sum over the period), ``stock`` (mean over the days of the period), ``derived``
        (follows from another measure), ``recorded`` (part of another measure, counted by chance),
        ``price`` (of guided ways, at the period's end) or ``drawn`` (events drawn ahead of the run,
        counted over the period).
    of
        Kinds of transitions of a flow, statuses of a stock; another measure that it follows from.
    by
        Dimensions beside scenario, member and month or day.
    long_name, units
        For readers.
    times, over
        Parameters that the sum is multiplied or divided by, their means over the period's days;
        where it is recorded, the member's own value.
    shape
        Parameter with the shape of the gamma noise that a month's records of a cell share, where
        it is recorded; the lowest of the places whose transitions are counted there.
    only
        Which of the transitions or compartments count; all of them if None.
    kept_if
        Whether a corridor keeps it at all, by its `rumbo.model.rules.Ground`; always if None.
    place
        Place that a transition of a flow is counted at, if another than the transition's own.
    """

    name: str
    what: str
    of: tuple[str, ...]
    by: tuple[str, ...]
    long_name: str
    units: str
    times: str = ""
    over: str = ""
    shape: str = ""
    only: Callable[[Any, Any], bool] | None = None
    kept_if: Callable[[Any], bool] | None = None
    place: Callable[[Any, Any], int] | None = None

    @property
    def follows(self) -> bool:
        """Whether it follows from another measure."""
        return self.what in ("derived", "recorded")


ENTRIES = "entries"
"""The measure that people from outside are counted in, who take no transition."""


PRICE, DRAWN = "price", "drawn"
"""What measures are that neither flows nor stocks tell of."""


@dataclass(frozen=True)
class Ledger:
    """Which rows of the record each transition and compartment is added to.

    Attributes
    ----------
    measures
        What is recorded.
    rows
        First row and shape without group of each measure.
    places
        For each recorded measure, places and the cells in which their transitions are counted.
    flow_first, flow_row
        Transition ``m`` is added to rows ``flow_row[flow_first[m]:flow_first[m + 1]]``.
    stock_first, stock_row
        The same for compartments.
    size
        Number of rows.
    """

    measures: tuple[Measure, ...]
    rows: dict[str, tuple[int, tuple[int, ...]]]
    places: dict[str, tuple[Index, Index]]
    flow_first: Index
    flow_row: Index
    stock_first: Index
    stock_row: Index
    size: int

    def only(self, names: Collection[str]) -> "Ledger":
        """Return the ledger of some measures, of those they follow from, and of entries."""
        of = {one.of[0] for one in self.measures if one.name in names and one.follows}
        kept = tuple(one for one in self.measures if one.name in {*names, *of, ENTRIES})
        rows: dict[str, tuple[int, tuple[int, ...]]] = {}
        number, size = np.full(self.size, NOWHERE), 0
        for name in (one.name for one in kept if one.name in self.rows):
            first, shape = self.rows[name]
            end = size + int(np.prod(shape))
            number[first : first + end - size] = np.arange(size, end)
            rows[name], size = (size, shape), end
        flows = _renumbered(self.flow_first, self.flow_row, number)
        stocks = _renumbered(self.stock_first, self.stock_row, number)
        return Ledger(kept, rows, self.places, *flows, *stocks, size)


def _renumbered(first: Index, row: Index, number: Index) -> tuple[Index, Index]:
    """Give rows other numbers; those without one go."""
    kept = number[row] != NOWHERE
    before = np.concatenate([[0], np.cumsum(kept)])
    return before[first].astype(np.int64), number[row][kept].astype(np.int64)


def build_ledger(
    measures: Sequence[Measure], space: Space, labels: Labels, axes: Axes, facts: Any
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
    axes
        Where things are counted along each dimension but group.
    facts
        What `axes` and the conditions of measures look up.

    Returns
    -------
    Ledger

    Raises
    ------
    KeyError
        If a measure is kept by a dimension that the model does not have.
    """
    rows: dict[str, tuple[int, tuple[int, ...]]] = {}
    flows: list[tuple[Index, Index]] = []
    stocks: list[tuple[Index, Index]] = []
    size = 0
    for measure in (one for one in measures if one.what in ("flow", "stock")):
        dims = tuple(dim for dim in measure.by if dim != "group")
        shape = tuple(len(labels[dim]) for dim in dims)
        rows[measure.name] = (size, shape)
        pairs = flows if measure.what == "flow" else stocks
        items = [
            (number, item)
            for number, item in _counted(measure, space)
            if measure.only is None or measure.only(item, facts)
        ]
        own = {**axes, **({"place": measure.place} if measure.place else {})}
        cells = [[own[dim](item, facts) for _, item in items] for dim in dims]
        first = np.full(len(items), size)
        at = np.array(cells, dtype=np.int64).reshape(len(dims), len(items))
        rows_of = first + np.ravel_multi_index(tuple(at), shape) if dims and items else first
        pairs.append((np.array([number for number, _ in items], dtype=np.int64), rows_of))
        size += int(np.prod(shape))
    return Ledger(
        tuple(measures),
        rows,
        {m.name: _places(m, measures, space, axes, facts) for m in measures if m.shape},
        *_grouped(flows, len(space.moves)),
        *_grouped(stocks, len(space.compartments)),
        size,
    )


def _places(
    recorded: Measure, measures: Sequence[Measure], space: Space, axes: Axes, facts: Any
) -> tuple[Index, Index]:
    """Return places, and the cell of a recorded measure in which their transitions are counted."""
    flow = next(one for one in measures if one.name == recorded.of[0])
    moves = [space.moves[m] for m in space.of(*flow.of).tolist()]
    cells = [axes[recorded.by[0]](move, facts) for move in moves]
    place = [move.place for move in moves]
    return np.array(place, dtype=np.int64), np.array(cells, dtype=np.int64)


def _counted(measure: Measure, space: Space) -> Iterator[tuple[int, Counted]]:
    """Go through the transitions of a flow, or compartments of a stock, with their numbers."""
    if measure.what == "flow":
        yield from ((m, space.moves[m]) for m in space.of(*measure.of).tolist())
    else:
        yield from ((c, space.compartments[c]) for c in space.where(*measure.of).tolist())


def place_of(item: Counted, _facts: object) -> int:
    """Place that a transition or compartment is counted at."""
    return item.at if isinstance(item, Compartment) else item.place


def source_of(move: Move, _facts: object) -> int:
    """Place that a transition starts at."""
    return move.source.at


def link_of(move: Move, _facts: object) -> int:
    """Link that a transition uses."""
    return move.link


def _grouped(pairs: Sequence[tuple[Index, Index]], size: int) -> tuple[Index, Index]:
    number, row = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    order = np.lexsort((row, number))
    return np.searchsorted(number[order], np.arange(size + 1)).astype(np.int64), row[order]
