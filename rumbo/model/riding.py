"""How long a ride along a link usually takes."""

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.scenario.calendar import resolve
from rumbo.scenario.scenario import Scenario

SHORTEST = 1.0
"""Days of a ride at the least, with the wait for it: people counted on trains are counted in their
yards too."""


def ride_days(scenario: Scenario) -> Array:
    """Return the days that a ride along each link usually takes on the first day; shape (L,)."""
    links, modes = scenario.network.links, list(scenario.selectors.network.modes)
    daily = resolve(scenario, "mode.hours_per_day", scenario.start)
    of_link = daily[[modes.index(mode) for mode in links["mode"]]]
    days: Array = links["typical_hours"].to_numpy(dtype=np.float64) / of_link
    return np.maximum(days, SHORTEST)
