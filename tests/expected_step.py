"""One step of expected people from given counts, with the flow of every transition."""

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.expected import Expected
from rumbo.engine.rates import Rates, Wiring
from rumbo.engine.space import NOWHERE, Space


def expected_step(
    counts: Array, table: Rates, space: Space, wiring: Wiring, days: float
) -> tuple[Array, Array]:
    """Return counts (R, G, C) after the step, and flows (R, G, M)."""
    moves, cells, places = len(space.moves), len(space.compartments), int(space.place.max()) + 1
    crowd = Expected(
        space, wiring, len(counts), days, factors=table.factor.shape[2], daily=(),
        told=np.full(moves, NOWHERE, dtype=np.int64), places=places,
    )  # fmt: skip
    crowd.people[:] = counts
    crowd.weigh(table.rate, table.factor)
    crowd.go_at(table.pace)
    entered, limit = table.entry * days, table.limit * days
    crowd.step(np.empty((len(counts), 0)), entered, limit, table.room)
    total = crowd.record(moves)
    each, none = np.arange(moves), np.zeros(cells + 1, dtype=np.int64)
    crowd.take(total, (np.arange(moves + 1), each), (none, each[:0]))
    return crowd.people.copy(), total.transpose(0, 2, 1)
