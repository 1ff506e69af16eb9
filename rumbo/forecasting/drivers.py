"""How old the counts are that drive the outline: people on the way to the crossing."""

import numpy as np

from rumbo.fitting.views import views_of
from rumbo.forecasting.panel import day_of, origin_by
from rumbo.scenario.figures import Known
from rumbo.scenario.roles import TRANSIT

OLDEST = 3
"""Most months from the last count on the way to the origin. Who comes in is then still carried by
counts: people need one to three months from there to the crossing; beyond, the outline would run
on entries that nobody has seen (assumed; the record has no origin between 2 and 9)."""


def last_on_the_way(known: Known) -> np.datetime64 | None:
    """Return the last month of any count of people on the way; None where there is none yet."""
    views = [view.total for name, view in views_of(known.backdrop.roles).items() if TRANSIT in name]
    there = [key for key in views if key in known.keys(key.measure, key.component)]
    return max((known.series(key).last for key in there), default=None)


def stale(known: Known, entries: Known | None = None) -> np.datetime64 | None:
    """Return the last month of the counts on the way if it is too old to forecast from.

    Parameters
    ----------
    known
        What had been published by the day of the forecast.
    entries
        What counts on the way are taken from, where they are given to a hindcast.

    Returns
    -------
    numpy.datetime64 or None
        The month, if it lies more than `OLDEST` months before the origin. None too where nobody
        is counted on the way: then nothing drives the outline but what it is fitted to.
    """
    last = last_on_the_way(entries or known)
    return None if last is None or origin_by(known.as_of) - last <= OLDEST else last


def stale_line(known: Known) -> str:
    """Return one line on counts that are too old, with the cure; empty where they are not."""
    last = stale(known)
    if last is None:
        return ""
    origin = origin_by(known.as_of)
    return (
        f"figures.csv: the last count of people on the way is of {last}, "
        f"{(origin - last).astype(int)} months before the origin {origin}, expected at most "
        f"{OLDEST}. The forecast does without the simulation of the corridor. Add newer figures "
        f"of '{TRANSIT}', or forecast as of a day before {day_of(last + OLDEST + 1)}"
    )
