"""Small corridors with a guided way: the smallest one's, and others drawn at random."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from folders import add, copy, swap

from rumbo.engine.rates import times_odds
from rumbo.model.rules import Ground, Values
from rumbo.model.rules.smuggling import Fares, fares_of, usual_name
from rumbo.model.rules.travel import Journeys, journeys
from rumbo.run.program import compile_beside
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.smuggling.usual import usual_checks

WAY = "middle_town>north_crossing:guided"

LINK = "middle_town,north_crossing,guided,900,,,72,assumed,,,Apache-2.0,three days"

ROWS = (
    "smuggling.price,mode:guided,,,,set,7000,5000,9000,USD,,assumed,assumed,",
    "smuggling.elasticity,,,,,set,0.15,0.1,0.24,elasticity,,assumed,assumed,",
    "smuggling.budget,,,,,set,10000,,,USD,,assumed,assumed,",
    "smuggling.level,mode:guided,,,,set,1,,,utility,,assumed,assumed,",
    "checkpoint.mode,mode:guided,,,,set,0.3,,,factor,,assumed,assumed,",
)


def folder_with_guides(to: Path, *, listed: bool = True) -> Path:
    """Return the smallest corridor's folder with a guided way from its hub to its border city."""
    folder = copy(to)
    add(folder, "links.csv", LINK)
    for row in ROWS:
        add(folder, "settings.csv", row)
    if listed:
        swap(folder, "corridor.yaml", "  - shocks\n", "  - shocks\n  - smuggling\n")
    return folder


def guided(to: Path) -> Scenario:
    """Return the smallest corridor with a guided way that is in use."""
    return load(folder_with_guides(to))


def drawn(to: Path, seed: int) -> Scenario:
    """Return a corridor with towns and checks along the road, drawn at random, without coaches."""
    rng = np.random.default_rng(seed)
    folder = folder_with_guides(to / str(seed))
    factor = rng.uniform(0.02, 0.1)
    swap(folder, "settings.csv", ROWS[-1], ROWS[-1].replace("0.3", f"{factor}"))
    towns = ["middle_town", *(f"town_{n}" for n in range(rng.integers(1, 5))), "north_crossing"]
    for n, town in enumerate(towns[1:-1]):
        lat = 21 + n
        add(folder, "places.csv", f"{town},{town},MX,Middle,{lat},-98,,waypoint,,,,,,assumed,")
        chance = rng.uniform(0.01, 0.15)
        row = f"checkpoint.chance,{town},,,,set,{chance},,,prob,,assumed,assumed,"
        add(folder, "settings.csv", row)
    for one, other in pairwise(towns):
        hours = rng.uniform(2, 12)
        add(folder, "links.csv", f"{one},{other},road,{60 * hours},,,{hours},assumed,,,,")
    scenario = (
        load(folder).change("link.open", 0, at="mode:bus").change("link.open", 0, at="mode:road")
    )
    for name, low, high in (
        ("elasticity", 0.05, 1),
        ("budget", 2000, 40_000),
        ("budget_sigma", 0.2, 1.5),
        ("level", -2, 2),
        ("price_weight", 0, 4),
    ):
        scenario = scenario.change(f"smuggling.{name}", float(rng.uniform(low, high)))
    return scenario.change("route.risk", float(rng.uniform(0.05, 3)))


class Look(NamedTuple):
    """How people go on on a day of a scenario."""

    way: Journeys
    fares: Fares
    values: Values
    ground: Ground

    def of(self, table: np.ndarray, link: str, group: int = 0) -> float:
        """Return what a table by link (G, H) holds of one."""
        number = self.ground.link_names.index(link)
        return float(table[group, self.way.links.tolist().index(number)])

    def at_hub(self, table: np.ndarray) -> np.ndarray:
        """Return the columns of a table by link (G, H) that start where the guided way does."""
        start = self.ground.origin[self.way.links]
        return table[:, start == self.ground.origin[self.ground.guided[0]]]


def look(scenario: Scenario, day: int = 0) -> Look:
    """Return how people go on on a day of a scenario."""
    compiled = compile_beside(scenario)
    segment = int(compiled.calendar.segment_of[day])
    usual = {usual_name(name): own for name, own in usual_checks(scenario).items()}
    values = compiled.calendar.values(segment) | usual
    ground = compiled.ground
    return Look(journeys(values, ground), fares_of(values, ground), values, ground)


def with_checks(scenario: Scenario, times: float) -> Scenario:
    """Return the scenario with so many times the checks on the guided way, as it counts them."""
    before = look(scenario)
    for place in before.fares.place.tolist():
        chance = before.fares.chance[0, place]
        met = 1.0 - (1.0 - times_odds(chance, before.fares.factor)) ** times
        own = float(times_odds(met, 1.0 / before.fares.factor))
        name = before.ground.place_names[place]
        scenario = scenario.change("checkpoint.chance", own, at=name)
    return scenario
