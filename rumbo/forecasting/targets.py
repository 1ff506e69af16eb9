"""What is forecast: families of series whose scores are read together."""

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


def _keys(target: Target, seen: Known) -> tuple[Key, ...]:
    there = seen.keys(target.measure, target.component)
    return tuple(Key(*labels) for labels in labels_of(target, there, seen.backdrop.nationalities))
