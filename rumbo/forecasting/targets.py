"""What is forecast: families of series whose scores are read together."""

from collections.abc import Sequence

import numpy as np

from rumbo.files.faults import Collector, choose
from rumbo.scenario.figures import HINDSIGHT, Key, Known, known
from rumbo.scenario.header import Target
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.targets import labels_of

Families = dict[str, tuple[Key, ...]]


def families(scenario: Scenario) -> Families:
    """Return the series to forecast, by family, in the order of tables.

    Parameters
    ----------
    scenario
        A scenario of the corridor.

    Returns
    -------
    dict of str to tuple of Key
        What the corridor asks for, as far as there are figures; see `rumbo.scenario.targets`.
    """
    seen = known(scenario, HINDSIGHT)
    found = {name: _keys(target, seen) for name, target in scenario.targets.items()}
    return {name: keys for name, keys in found.items() if keys}


def chosen(series: Families, names: Sequence[str]) -> Families:
    """Return the families of some names; all of them if none is named.

    Raises
    ------
    Faults
        One line for each name that no family has.
    """
    faults = Collector()
    for name in names:
        if name not in series:
            message = f"there is no target '{name}' with figures"
            faults.add("corridor.yaml", 0, message, choose(name, list(series)))
    faults.check()
    return {name: keys for name, keys in series.items() if name in names or not names}


def last_month(known: Known, series: Families) -> np.datetime64:
    """Return the last month that any of some series had been published of."""
    last: np.datetime64 = max(known.series(key).last for keys in series.values() for key in keys)
    return last


def _keys(target: Target, seen: Known) -> tuple[Key, ...]:
    there = seen.keys(target.measure, target.component)
    return tuple(Key(*labels) for labels in labels_of(target, there, seen.backdrop.nationalities))
