"""Rows of settings that are no part of a corridor's folder, added to a scenario."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rumbo.scenario.settings import Setting
from rumbo.scenario.values.levels import with_levels

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario


def with_rows(scenario: "Scenario", rows: Sequence[Setting]) -> "Scenario":
    """Return a scenario with more settings; names that bring them are known to it.

    Parameters
    ----------
    scenario
        The scenario.
    rows
        Settings, whose ``lever`` may be a name that the corridor has not.
    """
    content = replace(scenario.content, settings=with_levels(scenario.content.settings, rows))
    return replace(scenario, settings=with_levels(scenario.settings, rows), content=content)
