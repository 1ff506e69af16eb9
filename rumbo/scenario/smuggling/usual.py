"""The usual checks, beside which prices of guided ways rise or fall."""

from dataclasses import replace

from rumbo.scenario.arrays import Array
from rumbo.scenario.calendar import resolve
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.smuggling.rows import SMUGGLING

CHECKS = ("checkpoint.chance", "checkpoint.mode")
"""Parameters that say how many are stopped on a way."""


def usual_checks(scenario: Scenario) -> dict[str, Array]:
    """Return the chances of being stopped that prices are stated for.

    Those of the corridor as it stands, without any change, on its own first day: they are the same
    for every scenario of it, whatever days are run.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    dict of str to numpy.ndarray
        By parameter; empty where the corridor has no guided ways.
    """
    if SMUGGLING not in scenario.header.rules:
        return {}
    plain = replace(scenario, settings=scenario.settings_at_first)
    return {name: resolve(plain, name, scenario.header.start) for name in CHECKS}
