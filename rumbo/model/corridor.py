"""The model of a migration corridor: policies, queues, custody, a line to cross at its end."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rumbo.engine.space import NOWHERE, Compartment, Move
from rumbo.model.caravans.road import CARAVANS, GATHERED, WALKING
from rumbo.model.entries import read_entries
from rumbo.model.form import Model
from rumbo.model.measures import DRAWN, PRICE, Axes, Labels, Measure, link_of, place_of, source_of
from rumbo.model.rules import RULES, Ground
from rumbo.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr


GUIDED_WAY = "guided_way"
"""Dimension of results, where a corridor has guided ways: the link, of which a hub has one."""


def has_guides(ground: Ground) -> bool:
    """Whether people are guided anywhere in the corridor."""
    return len(ground.guided) > 0


STAYING = ("waiting", "held", "moved", "queue", "asylum")
"""What people do who are present at a place."""

LEAVING = (
    "depart", "encounter", "evade", "appointment", "form_caravan", "join_caravan", "disperse",
    "stop", "transfer", "clear_move", "clear_scatter", "deport", "home", "queue_home", "moved_home",
    "settle", "queue_settle", "moved_settle", "asylum_settle", "die", "die_passage", "die_crossing",
)  # fmt: skip
"""Kinds of transitions by which people may leave a place where they were present."""


def has_caravans(ground: Ground) -> bool:
    """Whether the corridor has a way that caravans walk."""
    return bool(ground.chain)


class Facts(NamedTuple):
    """What is looked up of places to tell where things are counted; each of length P.

    Attributes
    ----------
    zone, office
        Number of the place's zone, or of its office, along the areas.
    region
        Number of the region that it lies in.
    waits
        Whether people wait there.
    hub
        Number of the guided way that starts there, or `NOWHERE`.
    crossing
        Number of the region of deaths in crossing; the same for all.
    guided
        Links on which people are guided.
    """

    zone: list[int]
    office: list[int]
    region: list[int]
    waits: list[bool]
    hub: list[int]
    crossing: int
    guided: frozenset[int]


def moved_before(move: Move, facts: Facts) -> bool:
    """Whether people who take a transition had been moved before."""
    return move.source.moved > 0


def leaves_its_place(move: Move, facts: Facts) -> bool:
    """Whether people who take a transition are present where it starts, and afterwards not."""
    source, target = move.source, move.target
    stays = target is not None and target.status in STAYING and target.at == source.at
    return source.status in STAYING and not stays


def is_guided(move: Move, facts: Facts) -> bool:
    """Whether a transition starts along a guided way."""
    return move.link in facts.guided


def leaves_a_hub(move: Move, facts: Facts) -> bool:
    """Whether a transition starts where a guided way does."""
    return facts.hub[move.source.at] != NOWHERE


def is_waited_at(spot: Compartment, facts: Facts) -> bool:
    """Whether people wait where a compartment is."""
    return facts.waits[spot.at]


MEASURES = (
    Measure("entries", "flow", ("entry",), ("group",), "people entering the corridor", "persons"),
    Measure(
        "encounters", "flow", ("encounter", "appointment", "present"),
        ("component", "area", "group"), "people met in destination zones and at lawful gates",
        "events",
    ),
    Measure("evasions", "flow", ("evade",), ("area",), "crossings unseen", "persons"),
    # Who is taken elsewhere is registered again there: a transfer is counted at its arrival.
    Measure(
        "stops", "flow", ("stop", "patrol", "stop_caravan", "transfer", "clear_move"),
        ("place", "group"),
        "people stopped on the way, as counted", "events", times="stop.count",
    ),
    Measure(
        "transfers", "flow", ("transfer", "clear_move"), ("place",),
        "stopped people taken elsewhere, by place of arrival", "persons",
    ),
    Measure(
        "moved_again", "flow", ("transfer", "clear_move"), (),
        "people taken elsewhere who had been before", "persons",
        only=moved_before,
    ),
    Measure(
        "returns_by_transit", "flow", ("deport",), ("group",),
        "stopped people returned to their country", "persons",
    ),
    Measure(
        "removals", "flow", ("border_remove",), ("group",),
        "people met in destination zones removed home", "persons",
    ),
    Measure(
        "asylum_applications", "flow", ("apply", "claim"), ("place",), "asylum applications",
        "persons",
    ),
    Measure(
        "parole_arrivals", "flow", ("parole",), ("group",), "arrivals on parole flights", "persons"
    ),
    Measure(
        "dispersed", "flow", ("disperse",), ("place",),
        "people taken on by bus from where they waited, by place of arrival", "persons",
    ),
    Measure(
        "appointments", "flow", ("appointment",), ("group",),
        "people admitted at lawful gates by appointment", "persons",
    ),
    Measure(
        "passages", "flow", ("depart", "encounter", "evade", "parole"), ("link",),
        "people starting along a link", "persons",
    ),
    Measure(
        "deaths", "flow", ("die", "die_passage", "die_crossing"), ("region",),
        "deaths, with those not recorded", "persons",
    ),
    Measure(
        "guided", "flow", ("depart",), (GUIDED_WAY, "group"),
        "people starting on a guided way", "persons",
        only=is_guided, kept_if=has_guides,
    ),
    Measure(
        "from_hubs", "flow", ("depart",), (GUIDED_WAY, "group"),
        "people going on, by any way, from where a guided way starts", "persons",
        only=leaves_a_hub, kept_if=has_guides,
    ),
    Measure(
        "guided_price", PRICE, (), (GUIDED_WAY, "group"),
        "price of a guided way in force at the end of the month", "USD", kept_if=has_guides,
    ),
    Measure("kidnappings", "flow", ("kidnap",), ("place",), "people kidnapped", "events"),
    Measure(
        "settled", "flow",
        ("settle", "queue_settle", "asylum_settle", "moved_settle"),
        ("group",), "people settling where they wait", "persons",
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
        "departures", "flow", LEAVING, ("place",), "people who leave a place, by whatever way",
        "persons", only=leaves_its_place, place=source_of,
    ),
    Measure(
        "queue", "stock", ("queue",), ("place", "group"), "people asking for an appointment",
        "persons",
    ),
    Measure("held", "stock", ("held",), ("place",), "people held after being stopped", "persons"),
    Measure(
        "days_waited", "stock", STAYING, ("group",), "person-days waited", "person-days",
        only=is_waited_at,
    ),
    Measure(
        "caravans_formed", DRAWN, ("form_caravan",), ("place",), "caravans that formed",
        "caravans", kept_if=has_caravans,
    ),
    Measure(
        "caravan_joined", "flow", ("form_caravan", "join_caravan"), ("place", "group"),
        "people who joined a caravan", "persons", kept_if=has_caravans,
    ),
    Measure(
        "caravan_walking", "stock", (GATHERED, WALKING), ("place", "group"),
        "people walking in caravans, by place that they left", "persons", kept_if=has_caravans,
    ),
    Measure(
        "caravan_left", "flow", ("leave_caravan",), ("place",),
        "people who left a caravan to wait at the nearest place", "persons", kept_if=has_caravans,
    ),
    Measure(
        "caravan_accepted", "flow", ("accept_offer",), ("place",),
        "people in caravans who accepted an offer, by place they were taken to", "persons",
        kept_if=has_caravans,
    ),
    Measure(
        "caravan_stopped", "flow", ("stop_caravan",), ("place",),
        "people stopped in caravans, by place that they left", "persons", kept_if=has_caravans,
    ),
    Measure(
        "caravan_arrived", "flow", ("arrive_caravan",), ("place",),
        "people who reached the end of the way in a caravan", "persons", kept_if=has_caravans,
    ),
    Measure(
        "deaths_recorded", "recorded", ("deaths",), ("region",), "deaths that are recorded",
        "persons", over="harm.undercount", shape="harm.recorded_shape",
    ),
    Measure(
        "kidnappings_reported", "derived", ("kidnappings",), ("place",), "kidnappings reported",
        "events", times="kidnap.reported",
    ),
)  # fmt: skip


def labels(ground: Ground) -> Labels:
    """Return the labels along the dimensions of a result."""
    zones = ground.places["zone"].fillna("").iloc[ground.having("destination_zone")]
    offices = ground.places["office"].fillna("").iloc[ground.having("lawful_gate")]
    ways = tuple(ground.link_names[link] for link in ground.guided)
    return {
        **({GUIDED_WAY: ways} if ways else {}),
        "component": ground.roles.components,
        "area": tuple(dict.fromkeys([*zones, *offices])),
        "group": ground.groups,
        "place": tuple(ground.place_names),
        "link": tuple(ground.link_names),
        "region": tuple(ground.roles.regions),
    }


def facts(ground: Ground, labels: Labels) -> Facts:
    """Gather what is looked up of places."""
    number = {name: i for i, name in enumerate(labels["area"])}
    ways = {hub: way for way, hub in enumerate(ground.origin[ground.guided].tolist())}
    zones, offices = (ground.places[by].fillna("") for by in ("zone", "office"))
    return Facts(
        zone=[number.get(name, NOWHERE) for name in zones],
        office=[number.get(name, NOWHERE) for name in offices],
        region=[ground.roles.region_of(country) for country in ground.country],
        waits=np.isin(np.arange(len(ground.places)), ground.waiting_places).tolist(),
        hub=[ways.get(place, NOWHERE) for place in range(len(ground.places))],
        crossing=ground.roles.crossing_region,
        guided=frozenset(ground.guided.tolist()),
    )


def at_gate(move: Move) -> bool:
    """Whether a transition is counted at a lawful gate, not in a zone."""
    return move.kind in ("appointment", "present")


def guided_way_of(move: Move, facts: Facts) -> int:
    """Guided way that starts where a transition does, or `NOWHERE`."""
    return facts.hub[move.source.at]


def component_of(move: Move, facts: Facts) -> int:
    """Component that a transition is counted in: between gates, or at one."""
    return int(at_gate(move))


def area_of(move: Move, facts: Facts) -> int:
    """Zone that a transition is counted in; at a gate, its office."""
    return (facts.office if at_gate(move) else facts.zone)[move.place]


def region_of(move: Move, facts: Facts) -> int:
    """Region that a death is counted in."""
    return facts.crossing if move.kind == "die_crossing" else facts.region[move.place]


AXES: Axes = {
    "place": place_of,
    "link": link_of,
    GUIDED_WAY: guided_way_of,
    "component": component_of,
    "area": area_of,
    "region": region_of,
}


def add_visible_crowd(result: "xr.Dataset", scenario: Scenario) -> "xr.Dataset":
    """Add those who seek a shelter beyond the places known, where the crowd is visible."""
    visible = scenario.network.having("visible_crowd")
    shortfall = result["shelter_shortfall"]
    values = shortfall.values[..., visible].sum(axis=-1)
    attrs = {
        "long_name": "people who seek a shelter beyond the places known or given "
        "where the crowd is visible",
        "units": "persons",
        "what": "stock",
    }
    return result.assign(visible_crowd=(shortfall.dims[:-1], values, attrs))


CORRIDOR = Model(
    rules=(*RULES, CARAVANS),
    measures=MEASURES,
    crowd=("waiting", "moved", "queue", "asylum"),
    looked_up=(
        "checkpoint.capacity", "shelter.places", "shelter.seek", "stop.count", "harm.undercount",
        "harm.recorded_shape", "kidnap.reported", "caravan.cover", "caravan.willing",
        "caravan.loss_spread",
    ),
    held_apart=("shelter.places", "shelter.seek"),
    fixed=("dispersal.rate", "dispersal.to", "planning.days", "caravan.to"),
    arrivals=read_entries,
    labels=labels,
    axes=AXES,
    facts=facts,
    finish=add_visible_crowd,
)  # fmt: skip
