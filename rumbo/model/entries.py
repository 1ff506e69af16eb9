"""Who comes into a corridor from outside: where, when and how many."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.engine.arrays import Array, Index
from rumbo.engine.space import NOWHERE, Compartment
from rumbo.model.form import Arrivals
from rumbo.model.rules import Ground
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario

Route = tuple[str, str, str]
"""Place, group and route of an entry."""


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
        those who would come while flights are closed.
    """
    rows, monthly = _monthly(calendar)
    paroled = [route == "parole" for _, _, route in rows]
    gates = _land_gates(rows, monthly)
    extra = [(e, gates[g]) for e, (_, g, _) in enumerate(rows) if paroled[e] and g in gates]
    places = [p for p, _, _ in rows] + [gate for _, gate in extra]
    groups = [g for _, g, _ in rows] + [rows[e][1] for e, _ in extra]
    statuses = ["parole" if p else "waiting" for p in paroled] + ["waiting"] * len(extra)
    nationality = dict(zip(scenario.groups["id"], scenario.groups["nationality"], strict=True))
    number = {name: i for i, name in enumerate(ground.groups)}
    group = np.array([number[g] for g in groups], dtype=np.int64)
    diverted = np.array([NOWHERE] * len(rows) + [e for e, _ in extra], dtype=np.int64)
    factors = [
        _under(value, group, np.array(paroled + [False] * len(extra)), diverted) for value in values
    ]
    monthly = np.hstack([monthly, np.zeros((len(monthly), len(extra)))])
    days = zip(calendar.segment_of, calendar.month_of, strict=True)
    return Arrivals(
        target=[
            Compartment(status, ground.place_number[place])
            for status, place in zip(statuses, places, strict=True)
        ],
        group=group,
        label=tuple(nationality[g] for g in groups),
        key=[("entry", *row) for row in rows] + [("diverted", *rows[e]) for e, _ in extra],
        counted=np.array([not p for p in paroled] + [True] * len(extra)),
        pool=np.full(len(group), NOWHERE, dtype=np.int64),
        daily=np.stack([factors[s](monthly[m]) for s, m in days]),
    )


def _monthly(calendar: Calendar) -> tuple[list[Route], Array]:
    """Place, group and route of each inflow, and persons per day by month (months, inflows)."""
    table = calendar.inflows()
    cells = table.groupby(["place", "group", "route"], sort=True).indices
    monthly = np.zeros((calendar.months, len(cells)))
    month, people = table["month"].to_numpy(), table["per_day"].to_numpy()
    for e, rows in enumerate(cells.values()):
        np.add.at(monthly[:, e], month[rows], people[rows])
    return list(cells), monthly


def _under(
    value: Mapping[str, Array], group: Index, paroled: NDArray[np.bool_], diverted_from: Index
) -> Callable[[Array], Array]:
    """Return what turns a month's entries into those of a day under the values in force."""
    opening = value["parole.open"][group]
    diverted = diverted_from != NOWHERE
    factor = np.where(paroled, opening, value["entries.coverage"][group])
    factor = np.where(diverted, (1.0 - opening) * value["parole.diverted"], factor)
    source = np.where(diverted, diverted_from, np.arange(len(diverted)))
    return lambda month: month[source] * factor


def _land_gates(rows: list[Route], monthly: Array) -> dict[str, str]:
    """Place where most of each group come in, other than by parole."""
    size = monthly.sum(axis=0)
    gates: dict[str, tuple[float, str]] = {}
    for (place, group, route), people in zip(rows, size, strict=True):
        if route != "parole":
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
        Persons by group and place, without those who fly on parole; shape (G, P).
    """
    table = scenario.inflows
    by_land = (table["route"] != "parole").to_numpy(dtype=bool)
    ids = {"group": scenario.groups["id"], "place": scenario.network.places["id"]}
    at = [pd.Index(own).get_indexer(table[by])[by_land] for by, own in ids.items()]
    size = tuple(len(own) for own in ids.values())
    cell = np.ravel_multi_index(tuple(at), size)
    persons = table["persons"].to_numpy(dtype=np.float64)[by_land]
    people = np.bincount(cell, persons, minlength=size[0] * size[1])
    return np.asarray(people.reshape(size))
