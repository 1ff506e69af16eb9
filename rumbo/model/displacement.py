"""The model of displacement: people flee conflict zones along roads, to camps and towns."""

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.model.form import Arrivals, Model
from rumbo.model.measures import Labels, Measure, link_of, place_of
from rumbo.model.noise import ENTRY
from rumbo.model.rules import Ground
from rumbo.model.rules.flight import FLIGHT_RULES, plan
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario

PRESENT = ("waiting", "arrived", "choosing", "following")
"""Statuses of people in a place; all but the first are passed through within a day."""

MEASURES = (
    Measure("entries", "flow", ("entry",), ("group",), "people newly displaced", "persons"),
    Measure("waiting", "stock", PRESENT, ("place",), "people present at a place", "persons"),
    Measure("travelling", "stock", ("travelling",), (), "people on the road", "persons"),
    Measure("passages", "flow", ("go",), ("link",), "people starting along a link", "persons"),
    Measure(
        "turned_back", "flow", ("turn_back",), ("place",),
        "people who turned back because the camp ahead was nearly full", "events",
    ),
    Measure(
        "days_on_road", "stock", ("travelling",), (), "person-days on the road", "person-days"
    ),
)  # fmt: skip


def read_displaced(
    scenario: Scenario, calendar: Calendar, ground: Ground, values: list[dict[str, Array]]
) -> Arrivals:
    """Return who is displaced, and where, on each day.

    Those displaced on a day are a known number, shared between zones by chance; those registered
    in a camp are counted one by one.

    Parameters
    ----------
    scenario, calendar, ground
        The scenario, its calendar and the facts of its network.
    values
        Parameters in force, by segment.

    Returns
    -------
    Arrivals
        One entry for each place, group and route.
    """
    table = scenario.inflows
    day = (table["day"].to_numpy().astype("datetime64[D]") - calendar.dates[0]).astype(int)
    inside = (day >= 0) & (day < len(calendar.dates))
    table, day = table[inside], day[inside]
    cells = table.groupby(["place", "group", "route"], sort=True).indices
    daily = np.zeros((len(calendar.dates), len(cells)))
    for e, rows in enumerate(cells.values()):
        np.add.at(daily[:, e], day[rows], table["persons"].to_numpy()[rows])
    journey = plan(ground).journey
    number = {name: i for i, name in enumerate(ground.groups)}
    group = np.array([number[g] for _, g, _ in cells], dtype=np.int64)
    registered = np.array([route == "registered" for _, _, route in cells])
    return Arrivals(
        target=[journey.arrival(ground.place_number[p]) for p, _, _ in cells],
        group=group,
        label=tuple(g for _, g, _ in cells),
        key=[("entry", *cell) for cell in cells],
        counted=~registered,
        family=(ENTRY.name,) * len(cells),
        pool=_pools(group, registered, len(ground.groups)),
        daily=daily,
    )


def _pools(group: Index, registered: np.ndarray, groups: int) -> Index:
    """One pool for the displaced of each group, and one for every camp's registered."""
    return np.where(registered, groups + np.cumsum(registered) - 1, group).astype(np.int64)


def labels(ground: Ground) -> Labels:
    """Return the labels along the dimensions of a result."""
    return {
        "group": ground.groups,
        "place": tuple(ground.place_names),
        "link": tuple(ground.link_names),
    }


DISPLACEMENT = Model(
    rules=FLIGHT_RULES,
    measures=MEASURES,
    crowd=PRESENT,
    looked_up=("shelter.places", "shelter.seek"),
    arrivals=read_displaced,
    labels=labels,
    axes={"place": place_of, "link": link_of},
    hop=PRESENT[1:],
    fixed=(
        "flight.awareness", "flight.reach", "flight.walk", "flight.on_foot", "flight.walking",
    ),
)  # fmt: skip
