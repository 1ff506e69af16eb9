"""The model of a migration corridor: policies, queues, custody, a border at its end."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rumbo.engine.space import NOWHERE, Move
from rumbo.model.entries import read_entries
from rumbo.model.form import Model
from rumbo.model.measures import Axes, Labels, Measure, link_of, place_of
from rumbo.model.rules import RULES, Ground
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.schema import REGIONS

if TYPE_CHECKING:
    import xarray as xr


STAYING = ("waiting", "held", "moved", "queue", "asylum")

MEASURES = (
    Measure("entries", "flow", ("entry",), ("group",), "people entering the corridor", "persons"),
    Measure(
        "encounters", "flow", ("encounter", "appointment"), ("component", "area", "group"),
        "US encounters between ports (USBP) and at ports (OFO)", "events",
    ),
    Measure("evasions", "flow", ("evade",), ("area",), "crossings unseen", "persons"),
    Measure(
        "mexico_encounters", "flow", ("stop",), ("place", "group"), "Mexico's encounters", "events",
        times="mexico.count",
    ),
    Measure(
        "transfers", "flow", ("transfer", "clear_move"), ("place",),
        "people moved south, by place of arrival", "persons",
    ),
    Measure(
        "moved_again", "flow", ("transfer", "clear_move"), (),
        "people moved south who had been moved before", "persons",
        only=lambda move, facts: move.source.moved > 0,
    ),
    Measure("mexico_returns", "flow", ("deport",), ("group",), "returns from Mexico", "persons"),
    Measure("us_removals", "flow", ("us_remove",), ("group",), "removals home from US", "persons"),
    Measure(
        "asylum_applications", "flow", ("apply",), ("place",), "asylum applications in Mexico",
        "persons",
    ),
    Measure(
        "parole_arrivals", "flow", ("parole",), ("group",), "arrivals on parole flights", "persons"
    ),
    Measure(
        "passages", "flow", ("depart", "encounter", "evade", "parole"), ("link",),
        "people starting along a link", "persons",
    ),
    Measure(
        "deaths", "flow", ("die", "die_crossing"), ("region",),
        "deaths, with those not recorded", "persons",
    ),
    Measure("kidnappings", "flow", ("kidnap",), ("place",), "people kidnapped", "events"),
    Measure(
        "settled", "flow",
        ("settle", "queue_settle", "asylum_settle", "moved_settle"),
        ("group",), "people settling in Mexico", "persons",
    ),
    Measure(
        "returned_home", "flow",
        ("home", "queue_home", "moved_home", "expel_leave"), ("group",),
        "people going home without being returned", "persons",
    ),
    Measure(
        "waiting", "stock", STAYING, ("place", "group"), "people present at a place", "persons"
    ),
    Measure(
        "queue", "stock", ("queue",), ("place",), "people asking for an appointment", "persons"
    ),
    Measure("held", "stock", ("held",), ("place",), "people held after being stopped", "persons"),
    Measure(
        "days_waited", "stock", STAYING, ("group",), "person-days waited in Mexico", "person-days",
        only=lambda spot, facts: facts.moves_people[spot.at],
    ),
    Measure(
        "deaths_recorded", "derived", ("deaths",), ("region",), "deaths that are recorded",
        "persons", over="harm.undercount",
    ),
    Measure(
        "kidnappings_reported", "derived", ("kidnappings",), ("place",), "kidnappings reported",
        "events", times="kidnap.reported",
    ),
)  # fmt: skip


def labels(ground: Ground) -> Labels:
    """Return the labels along the dimensions of a result."""
    sectors = ground.places["sector"].fillna("").iloc[ground.having("us_sector")]
    offices = ground.places["field_office"].fillna("").iloc[ground.having("port_of_entry")]
    return {
        "component": ("USBP", "OFO"),
        "area": tuple(dict.fromkeys([*sectors, *offices])),
        "group": ground.groups,
        "place": tuple(ground.place_names),
        "link": tuple(ground.link_names),
        "region": REGIONS,
    }


class Facts(NamedTuple):
    """What is looked up of places to tell where things are counted; each of length P.

    Attributes
    ----------
    sector, office
        Number of the place's sector, or of its field office, along the areas.
    darien
        Whether it lies at the Darién.
    moves_people
        Whether it lies in a country that moves people south.
    """

    sector: list[int]
    office: list[int]
    darien: list[bool]
    moves_people: list[bool]


def facts(ground: Ground, labels: Labels) -> Facts:
    """Gather what is looked up of places."""
    number = {name: i for i, name in enumerate(labels["area"])}
    sectors, offices = (ground.places[by].fillna("") for by in ("sector", "field_office"))
    return Facts(
        [number.get(name, NOWHERE) for name in sectors],
        [number.get(name, NOWHERE) for name in offices],
        ground.places["country"].isin(("CO", "PA")).tolist(),
        np.isin(np.arange(len(ground.places)), ground.moving_places).tolist(),
    )


def at_port(move: Move) -> bool:
    """Whether a transition is counted at a port of entry, not between ports."""
    return move.kind == "appointment"


def area_of(move: Move, facts: Facts) -> int:
    """Sector that a transition is counted in; at a port, its field office."""
    return (facts.office if at_port(move) else facts.sector)[move.place]


def region_of(move: Move, facts: Facts) -> int:
    """Region that a death is counted in: at the border, the Darién or between."""
    if move.kind == "die_crossing":
        return REGIONS.index("us_border")
    return REGIONS.index("darien" if facts.darien[move.place] else "mexico_central_america")


AXES: Axes = {
    "place": place_of,
    "link": link_of,
    "component": lambda move, facts: int(at_port(move)),
    "area": area_of,
    "region": region_of,
}


def add_visible_crowd(result: "xr.Dataset", scenario: Scenario) -> "xr.Dataset":
    """Add the people without shelter in cities at the northern border."""
    places = scenario.network.places
    north = places["sector"].fillna("").ne("") & places["kind"].eq("waiting_city")
    shortfall = result["shelter_shortfall"]
    values = shortfall.values[..., north.to_numpy()].sum(axis=-1)
    attrs = {
        "long_name": "people without shelter in northern border cities",
        "units": "persons",
        "what": "stock",
    }
    return result.assign(visible_crowd=(shortfall.dims[:-1], values, attrs))


CORRIDOR = Model(
    rules=RULES,
    measures=MEASURES,
    crowd=("waiting", "moved", "queue", "asylum"),
    looked_up=(
        "checkpoint.capacity", "shelter.places", "mexico.count", "harm.undercount",
        "kidnap.reported",
    ),
    arrivals=read_entries,
    labels=labels,
    axes=AXES,
    facts=facts,
    finish=add_visible_crowd,
)  # fmt: skip
