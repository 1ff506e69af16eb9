"""What rules need of a corridor: places with a role, countries that stop people."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.scenario.header import Header
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.roles import Roles
from rumbo.scenario.selectors import Selectors, UnknownSelector
from rumbo.scenario.smuggling.prices import check_prices
from rumbo.scenario.smuggling.rows import SMUGGLING


class Need(NamedTuple):
    """A role that some place must have where a parameter is above 0.

    Attributes
    ----------
    rule, parameter
        The rule that needs it, and what makes it act.
    role
        Kind or role of a place.
    cure
        How to mend it.
    """

    rule: str
    parameter: str
    role: str
    cure: str


NEEDS = (
    Need(
        "appointments", "appointment.slots", "appointment_gate",
        "Give a lawful_gate the role appointment_gate in places.csv",
    ),
    Need(
        "parole", "parole.open", "arrival_airport",
        "Give an airport the role arrival_airport in places.csv, and a link by passenger_air",
    ),
    Need(
        "clearance", "clearance.rate", "waiting_city",
        "Give a place the kind or role waiting_city in places.csv",
    ),
)  # fmt: skip

STOPPING = ("checkpoint.chance", "patrol.rate")
"""Parameters by which people are stopped."""


def check_needs(
    header: Header, settings: pd.DataFrame, selectors: Selectors, roles: Roles, faults: Collector
) -> None:
    """Note rules that are on and set to act, where the corridor lacks what they need.

    Parameters
    ----------
    header
        What ``corridor.yaml`` says.
    settings
        All settings.
    selectors
        What their places mean.
    roles
        Who plays which part.
    faults
        Where faults are noted, at the first setting that asks for what is lacking.
    """
    acting = settings[settings["value"] > 0]
    for need in NEEDS:
        rows = acting[acting["parameter"] == need.parameter]
        if need.rule in header.rules and len(rows) and not _has(selectors, need.role):
            message = f"{need.parameter} is above 0, but no place has the role {need.role}"
            faults.add(rows["file"].iloc[0], int(rows["row"].iloc[0]), message, need.cure)
    if "checkpoints" in header.rules:
        _check_stopping(acting, roles, faults)
    if "transfers" in header.rules:
        _check_transfers(acting, selectors, roles, faults)
    if SMUGGLING in header.rules:
        check_prices(settings, selectors, faults)


def _has(selectors: Selectors, role: str) -> bool:
    return bool(selectors.network.having(role).any())


def _check_stopping(acting: pd.DataFrame, roles: Roles, faults: Collector) -> None:
    rows = acting[acting["parameter"].isin(STOPPING)]
    if len(rows) and not roles.stopping:
        message = f"{rows['parameter'].iloc[0]} is above 0, but no country stops people"
        cure = "Name the countries in corridor.yaml, such as stopping: [XA]"
        faults.add(rows["file"].iloc[0], int(rows["row"].iloc[0]), message, cure)


def _check_transfers(
    acting: pd.DataFrame, selectors: Selectors, roles: Roles, faults: Collector
) -> None:
    """Note countries that take stopped people elsewhere, and have no place to take them to."""
    network = selectors.network
    country = network.places["country"].to_numpy()
    able = set(country[network.having("interior_transfer_destination")])
    for file, row, cells in _rows(acting, "transfer.share", selectors):
        for one in sorted(set(country[cells]) & set(roles.stopping) - able):
            message = f"transfer.share is above 0 in '{one}', which has no place to take people to"
            cure = (
                "Give a place there the kind or role interior_transfer_destination, or write the "
                "country it is meant for under at"
            )
            faults.add(file, row, message, cure, f"transfers in {one}")


def _rows(
    acting: pd.DataFrame, parameter: str, selectors: Selectors
) -> Iterator[tuple[str, int, np.ndarray]]:
    """Go through the settings of a parameter: file, row and the places they hold for."""
    for row in acting[acting["parameter"] == parameter].itertuples():
        try:
            yield str(row.file), int(row.row), selectors.at(PARAMETERS[parameter], row.at)
        except UnknownSelector:
            continue  # noted where settings are checked
