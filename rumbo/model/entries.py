"""Who comes into a corridor from outside: where, when and how many."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import NOWHERE, Compartment
from rumbo.model.form import Arrivals
from rumbo.model.noise import ENTRY, PRESENT
from rumbo.model.rules import Ground
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario
from rumbo.scores.figures import NO_ENTRY

Route = tuple[str, str, str]
"""Place, group and route of an entry."""

STATUS = {"parole": "parole", "port": "presenting"}
"""What people do at first who come by a route that does not lead over land."""

FAMILY = {"port": PRESENT.name, "already_there": ""}
"""Family of entries, where it is not that of entries over land."""

DIVERTED = "diverted"
"""What becomes of the route of parole flights while they are closed."""


def read_entries(
    scenario: Scenario, calendar: Calendar, ground: Ground, values: list[dict[str, Array]]
) -> Arrivals:
    """Return where people come in, from a scenario's inflows.

    Parameters
    ----------
    scenario, calendar, ground
        The scenario, its calendar and the facts of its network.
    values
        Parameters in force, by segment.

    Returns
    -------
    Arrivals
        One entry for each place, group and route; parole flights have a second one, over land, for
        those who would come while flights are closed. People already there come on the first day
        of their month; without that day in the run, they are not there.
    """
    rows, monthly = _monthly(calendar)
    gates = _land_gates(rows, monthly)
    flown = [(e, g) for e, (_, g, route) in enumerate(rows) if route == "parole" and g in gates]
    every = rows + [(gates[g], g, DIVERTED) for _, g in flown]
    _, groups, routes = zip(*every, strict=True) if every else ((), (), ())
    nationality = dict(zip(scenario.groups["id"], scenario.groups["nationality"], strict=True))
    number = {name: i for i, name in enumerate(ground.groups)}
    group = np.array([number[g] for g in groups], dtype=np.int64)
    source = np.array([*range(len(rows)), *(e for e, _ in flown)], dtype=np.int64)
    route = np.array(routes, dtype=np.str_)
    factors = np.stack([_factor(value, group, route) for value in values])[calendar.segment_of]
    return Arrivals(
        target=[Compartment(_status(ground, *row), ground.place_number[row[0]]) for row in every],
        group=group,
        label=tuple(nationality[g] for g in groups),
        key=[("entry", *row) for row in rows] + [(DIVERTED, *rows[e]) for e, _ in flown],
        counted=~np.isin(route, NO_ENTRY),
        family=tuple(FAMILY.get(one, ENTRY.name) for one in routes),
        pool=np.full(len(group), NOWHERE, dtype=np.int64),
        daily=monthly[:, source][calendar.month_of] * factors * _days_of(calendar, route),
    )


def _status(ground: Ground, place: str, group: str, route: str) -> str:
    """What people do at first: who comes over land may plan at home before."""
    if route in STATUS or route == "already_there":
        return STATUS.get(route, "waiting")
    cell = ground.place_number[place], ground.groups.index(group)
    return "planning" if ground.fixed["planning.days"][cell] > 0.0 else "waiting"


def _monthly(calendar: Calendar) -> tuple[list[Route], Array]:
    """Place, group and route of each inflow, and persons per day by month (months, inflows)."""
    table = calendar.inflows()
    cells = table.groupby(["place", "group", "route"], sort=True).indices
    monthly = np.zeros((calendar.months, len(cells)))
    month, people = table["month"].to_numpy(), table["per_day"].to_numpy()
    for e, rows in enumerate(cells.values()):
        np.add.at(monthly[:, e], month[rows], people[rows])
    return list(cells), monthly


def _factor(value: Mapping[str, Array], group: Index, route: NDArray[np.str_]) -> Array:
    """Return what entries are multiplied by under the values in force; shape (E,)."""
    opening = value["parole.open"][group]
    own = {
        "parole": opening,
        DIVERTED: (1.0 - opening) * value["parole.diverted"],
        "port": value["present.coverage"][group],
        "already_there": np.ones(len(group)),
    }
    which = [route == name for name in own]
    return np.select(which, list(own.values()), value["entries.coverage"][group])


def _days_of(calendar: Calendar, route: NDArray[np.str_]) -> Array:
    """Days' worth of a month's people who come on each day, 1 but for those there from its first.

    Shape (T, E).
    """
    days = pd.DatetimeIndex(calendar.dates)
    whole = np.where(days.day == 1, days.days_in_month, 0)[:, None]
    return np.where(route == "already_there", whole, 1.0)


def _land_gates(rows: list[Route], monthly: Array) -> dict[str, str]:
    """Place where most of each group come in over land."""
    size = monthly.sum(axis=0)
    gates: dict[str, tuple[float, str]] = {}
    for (place, group, route), people in zip(rows, size, strict=True):
        if route not in NO_ENTRY:
            gates[group] = max(gates.get(group, (-1.0, "")), (float(people), place))
    return {group: place for group, (_, place) in gates.items()}


def entering_by_land(scenario: Scenario) -> Array:
    """Return who enters where, in all months of the corridor's inflows, not only the run's.

    So the choice of way, which looks at it, is the same whichever days are run.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    numpy.ndarray
        Persons by group and place, without those who fly in or come to a gate; shape (G, P).
    """
    table = scenario.inflows
    by_land = (~table["route"].isin(tuple(STATUS))).to_numpy(dtype=bool)
    ids = {"group": scenario.groups["id"], "place": scenario.network.places["id"]}
    at = [pd.Index(own).get_indexer(table[by])[by_land] for by, own in ids.items()]
    size = tuple(len(own) for own in ids.values())
    cell = np.ravel_multi_index(tuple(at), size)
    persons = table["persons"].to_numpy(dtype=np.float64)[by_land]
    people = np.bincount(cell, persons, minlength=size[0] * size[1])
    return np.asarray(people.reshape(size))
