"""Who comes in from outside: where, when and how many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rumbo.calendar import Calendar
from rumbo.rates import Array
from rumbo.rules import Ground
from rumbo.scenario import Scenario
from rumbo.space import NOWHERE, Index


@dataclass(frozen=True)
class Entries:
    """Where people come in from outside.

    Attributes
    ----------
    status, place, group
        Compartment and group that each entry feeds; length E.
    label
        What the entry shares its noise by.
    counted
        Whether it counts as entering the corridor.
    monthly
        Persons per day by month, shape (months, E).
    paroled
        Whether it is a parole flight; shape (E,).
    diverted_from
        Parole entry whose people come by land instead while flights are closed, or `NOWHERE`.
    """

    status: list[str]
    place: list[int]
    group: Index
    label: tuple[str, ...]
    key: list[tuple[str, ...]]
    counted: NDArray[np.bool_]
    paroled: NDArray[np.bool_]
    diverted_from: Index
    monthly: Array

    def daily(self, calendar: Calendar, values: list[dict[str, Array]]) -> Array:
        """Persons per day on every day under the values in force, shape (T, E)."""
        tables = [self._under(value) for value in values]
        return np.stack(
            [
                tables[s](self.monthly[m])
                for s, m in zip(calendar.segment_of, calendar.month_of, strict=True)
            ]
        )

    def _under(self, value: Mapping[str, Array]) -> Callable[[Array], Array]:
        """Return what turns a month's entries into those of a day under the values in force."""
        opening = value["parole.open"][self.group]
        coverage = value["entries.coverage"][self.group]
        diverted = self.diverted_from != NOWHERE
        factor = np.where(self.paroled, opening, coverage)
        factor = np.where(diverted, (1.0 - opening) * value["parole.diverted"], factor)
        source = np.where(diverted, self.diverted_from, np.arange(len(diverted)))
        return lambda month: month[source] * factor


def read_entries(scenario: Scenario, calendar: Calendar, ground: Ground) -> Entries:
    """Return where people come in, from a scenario's inflows.

    Parameters
    ----------
    scenario, calendar, ground
        The scenario, its calendar and the facts of its network.

    Returns
    -------
    Entries
        One entry for each place, group and route; parole flights have a second one, over land, for
        those who would come while flights are closed.
    """
    table = calendar.inflows()
    group_number = {name: i for i, name in enumerate(ground.groups)}
    nationality = dict(zip(scenario.groups["id"], scenario.groups["nationality"], strict=True))
    cells = table.groupby(["place", "group", "route"], sort=True).indices
    monthly = np.zeros((calendar.months, len(cells)))
    rows = list(cells)
    for e, cell in enumerate(rows):
        part = table.iloc[cells[cell]]
        np.add.at(monthly[:, e], part["month"].to_numpy(), part["per_day"].to_numpy())
    paroled = [route == "parole" for _, _, route in rows]
    gates = _land_gates(rows, monthly)
    extra = [(e, gates[g]) for e, (_, g, _) in enumerate(rows) if paroled[e] and g in gates]
    places = [p for p, _, _ in rows] + [gate for _, gate in extra]
    groups = [g for _, g, _ in rows] + [rows[e][1] for e, _ in extra]
    count = len(rows)
    return Entries(
        status=["parole" if p else "waiting" for p in paroled] + ["waiting"] * len(extra),
        place=[ground.place_number[p] for p in places],
        group=np.array([group_number[g] for g in groups], dtype=np.int64),
        label=tuple(nationality[g] for g in groups),
        key=[("entry", *row) for row in rows] + [("diverted", *rows[e]) for e, _ in extra],
        counted=np.array([not p for p in paroled] + [True] * len(extra)),
        paroled=np.array(paroled + [False] * len(extra)),
        diverted_from=np.array([NOWHERE] * count + [e for e, _ in extra], dtype=np.int64),
        monthly=np.hstack([monthly, np.zeros((len(monthly), len(extra)))]),
    )


def _land_gates(rows: list[tuple[str, str, str]], monthly: Array) -> dict[str, str]:
    """Place where most of each group come in, other than by parole."""
    size = monthly.sum(axis=0)
    gates: dict[str, tuple[float, str]] = {}
    for (place, group, route), people in zip(rows, size, strict=True):
        if route != "parole":
            gates[group] = max(gates.get(group, (-1.0, "")), (float(people), place))
    return {group: place for group, (_, place) in gates.items()}
