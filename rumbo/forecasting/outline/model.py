"""The corridor in outline: a mean field of five stocks a nationality, six steps a month.

It is what rolling forecasts and twin experiments can afford: a thousand members over three years
take a fraction of a second, where the corridor itself takes minutes. People come in, stay in the
south, travel, may be stopped, held or sent back, wait before the crossing in the north, and cross
into a destination zone or through a lawful gate. South is where the corridor begins.

Array letters: ``R`` members, ``T`` months, ``G`` nationalities.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from rumbo.scenario.arrays import Array

STEPS = 6
"""Steps in a month."""

DAYS = 365.25 / 12 / STEPS
"""Days in a step."""

SPIN_UP = 6
"""Months run on the first month's values before the first month, so that stocks have settled."""

SOUTH, ROAD, FURTHER, HELD, NORTH = range(5)
"""Stocks: people in the south, in two stages of the journey, held, before the crossing."""

STOPPED, CROSSED, AT_PORT, ENTERED = range(4)
"""Flows that are counted: stops, crossings met in zones, admissions at gates, entries."""


class Forces(NamedTuple):
    """What drives the outline.

    Attributes
    ----------
    entries
        Persons entering per month; shape (R, T, G).
    stop, cross, port
        Rates per day of being stopped on the road, and, before the crossing, of crossing into a
        zone and of being let in at a gate; shape (R, T, G).
    back
        Share of those met in zones who are sent back and try again; shape (R, T, G).
    held, south
        Share of those stopped who are held for long, and who are sent back south; shape (R, T).
    south_days, road_days, held_days
        Mean days in the south before moving on, on the road, held; shape (R,).
    given_up
        Share of those held who give up; shape (R,).
    """

    entries: Array
    stop: Array
    cross: Array
    port: Array
    back: Array
    held: Array
    south: Array
    south_days: Array
    road_days: Array
    held_days: Array
    given_up: Array


def run_outline(forces: Forces) -> tuple[Array, Array]:
    """Run the outline.

    Parameters
    ----------
    forces
        What drives it.

    Returns
    -------
    flows : numpy.ndarray
        Persons per month: `STOPPED`, `CROSSED`, `AT_PORT` and `ENTERED`; shape (R, T, G, 4).
    stocks : numpy.ndarray
        Persons at the end of each month; shape (R, T, G, 5).
    """
    shape = forces.entries.shape
    flows, stocks = np.zeros((*shape, 4)), np.zeros((*shape, 5))
    _run(forces, flows, stocks)
    return flows, stocks


@njit(cache=True, nogil=True)
def _run(forces: Forces, flows: Array, stocks: Array) -> None:
    entries, stop, cross, port, back, held, south = forces[:7]
    south_days, road_days, held_days, given_up = forces[7:]
    members, months, groups = entries.shape
    here = np.zeros(5)
    for r in range(members):
        leave = 1.0 - np.exp(-DAYS / south_days[r])
        onward = 1.0 - np.exp(-DAYS * 2.0 / road_days[r])
        release = 1.0 - np.exp(-DAYS / held_days[r])
        for g in range(groups):
            here[:] = 0.0
            for t in range(-SPIN_UP, months):
                m = max(t, 0)
                caught = 1.0 - np.exp(-DAYS * stop[r, m, g])
                out = cross[r, m, g] + port[r, m, g]
                leaving = 1.0 - np.exp(-DAYS * out)
                for _ in range(STEPS):
                    arriving = onward * here[FURTHER] * (1.0 - caught)
                    further = onward * here[ROAD] * (1.0 - caught)
                    setting_out = leave * here[SOUTH]
                    stopped = caught * (here[ROAD] + here[FURTHER])
                    freed = release * here[HELD]
                    gone = leaving * here[NORTH]
                    # Nobody leaves where both rates are 0: the share is then 0, not undefined.
                    crossed = gone * cross[r, m, g] / max(out, 1e-12)
                    taken = caught * (held[r, m] + south[r, m])
                    entered = entries[r, m, g] / STEPS
                    here[SOUTH] += (
                        entered - setting_out + south[r, m] * stopped + (1.0 - given_up[r]) * freed
                    )
                    here[HELD] += held[r, m] * stopped - freed
                    here[FURTHER] += further - arriving - taken * here[FURTHER]
                    here[ROAD] += setting_out - further - taken * here[ROAD]
                    here[NORTH] += arriving - gone + back[r, m, g] * crossed
                    if t >= 0:
                        flows[r, t, g, STOPPED] += stopped
                        flows[r, t, g, CROSSED] += crossed
                        flows[r, t, g, AT_PORT] += gone - crossed
                        flows[r, t, g, ENTERED] += entered
                if t >= 0:
                    stocks[r, t, g, :] = here
