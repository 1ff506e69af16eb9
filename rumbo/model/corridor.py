"""The model of a migration corridor: policies, queues, custody, a border at its end."""

from typing import TYPE_CHECKING

from rumbo.engine.space import Space
from rumbo.model.entries import read_entries
from rumbo.model.form import Model
from rumbo.model.measures import Labels, Measure, Where
from rumbo.model.rules import RULES, Ground
from rumbo.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

REGIONS = ("darien", "mexico_central_america", "us_border")

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
        "days_waited", "stock", STAYING, ("group",), "person-days waited in Mexico", "person-days"
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

BY_PLACE = frozenset({"mexico_encounters", "transfers", "asylum_applications", "kidnappings"})


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


def cells(space: Space, ground: Ground, labels: Labels) -> tuple[Where, Where]:
    """Return where transitions and compartments are counted."""
    number = {name: i for i, name in enumerate(labels["area"])}
    sector = ground.places["sector"].fillna("").to_list()
    office = ground.places["field_office"].fillna("").to_list()
    country = ground.places["country"].to_list()

    def flow_cell(measure: str, m: int) -> tuple[int, ...] | None:
        move = space.moves[m]
        if measure == "encounters":
            port = move.kind == "appointment"
            return int(port), number[(office if port else sector)[move.place]]
        if measure == "evasions":
            return (number[sector[move.place]],)
        if measure == "deaths":
            darien = country[move.place] in ("CO", "PA")
            return (2 if move.kind == "die_crossing" else 0 if darien else 1,)
        if measure == "moved_again":
            return () if move.source.moved else None
        if measure == "passages":
            return (move.link,)
        return (move.place,) if measure in BY_PLACE else ()

    in_mexico = set(ground.moving_places.tolist())

    def stock_cell(measure: str, c: int) -> tuple[int, ...] | None:
        place = space.compartments[c].at
        if measure == "days_waited":
            return () if place in in_mexico else None
        return (place,)

    return flow_cell, stock_cell


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
    cells=cells,
    finish=add_visible_crowd,
)  # fmt: skip
