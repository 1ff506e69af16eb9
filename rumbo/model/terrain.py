"""The ground that a scenario is run on: facts of its network that no rule changes."""

from collections.abc import Mapping

from rumbo.engine.arrays import Array
from rumbo.model.caravans.road import CARAVANS
from rumbo.model.entries import entering_by_land
from rumbo.model.rules import Ground
from rumbo.scenario.caravans.chain import chain_of
from rumbo.scenario.scenario import Scenario


def ground_of(scenario: Scenario, fixed: Mapping[str, Array]) -> Ground:
    """Gather the facts of a scenario's network.

    Parameters
    ----------
    scenario
        The scenario.
    fixed
        Values that shape the structure, by parameter.

    Returns
    -------
    Ground
    """
    groups, network = tuple(scenario.groups["id"]), scenario.network
    walks = CARAVANS.name in scenario.header.rules
    return Ground(
        network,
        groups,
        scenario.step,
        scenario.selectors.network.modes,
        scenario.roles,
        fixed,
        entering_by_land(scenario),
        chain_of(scenario.caravans, network) if walks else (),
    )
