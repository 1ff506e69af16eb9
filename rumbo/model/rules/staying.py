"""What people do where they stay: appointments, asylum, settling, going home, harm."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import (
    CERTAIN,
    Family,
    LimitOf,
    Rule,
    Tables,
    Values,
    by_group,
    shared,
    shares,
)
from rumbo.model.rules.ground import Ground

ASYLUM_STAGES = 2
"""Stages of an asylum procedure, so that its length varies less than a geometric stay would."""


def pools(ground: Ground) -> Index:
    """Places where appointments can be asked for: waiting cities and hubs where people wait."""
    cities = np.union1d(ground.having("waiting_city"), ground.having("hub"))
    return np.intersect1d(cities, ground.waiting_places)


def ports_from(ground: Ground, place: int) -> Index:
    """Gates that a pool feeds: the gate across the line, or else all of them."""
    ports = ground.having("appointment_gate")
    own = ports[ground.twin[ports] == ground.place_names[place]]
    return own if len(own) else ports


def appointment_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of asking, being admitted at a port, and leaving the pool."""
    for place in pools(ground).tolist():
        queue = Compartment("queue", place)
        for k in ground.times_moved(place):
            yield Move("request", Compartment("waiting", place, k), queue, place)
        yield Move("leave_queue", queue, Compartment("waiting", place), place)
        for port in ports_from(ground, place).tolist():
            yield Move("appointment", queue, None, port)


def appointment_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of asking and leaving; everybody in the pool draws every day, and the slots ration.

    Asking is what people do who wait where they can ask, each at a rate of their nationality. A
    choice between asking and crossing would replace that rate. Who has asked does not cross but by
    leaving the pool first.
    """
    groups = len(ground.groups)
    eligible = values["appointment.eligible"][space.at(space.of("request"))]
    rows = space.of("appointment")
    source = space.start(rows)
    weight = values["appointment.port"][space.at(rows)]
    split = shares(weight[None], source, len(ground.places))
    leaving = beside_draws(shared(values["appointment.leave"], groups), ground)
    return {
        "request": shared(values["appointment.request"], groups) * eligible,
        "leave_queue": np.repeat(leaving, len(space.of("leave_queue")), axis=1),
        "appointment": np.broadcast_to(CERTAIN * split, (groups, len(rows))),
    }


def beside_draws(rate: Array, ground: Ground) -> Array:
    """Weight of leaving the pool at a rate per day, beside the certain draw for a slot.

    Those held back by the slots stay, so a draw must not take the place of leaving: with this
    weight ``rate * step / (1 + rate * step)`` of the pool leave in a step, however many draw.
    """
    return np.asarray(CERTAIN * ground.step * rate)


def offices(ground: Ground) -> Index:
    """Places on the way where asylum can be applied for."""
    return np.intersect1d(
        np.union1d(pools(ground), ground.having("reception")), ground.waiting_places
    )


def asylum_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of applying, waiting for an answer, settling, going on or being refused."""
    for place in offices(ground).tolist():
        first, *_, last = _procedure(place)
        for k in ground.times_moved(place):
            yield Move("apply", Compartment("waiting", place, k), first, place)
        yield from _answered(place)
        yield Move("asylum_resume", last, Compartment("waiting", place), place)
    for zone in ground.claim_zones.tolist():
        first, *_, last = _procedure(zone)
        yield Move("claim", Compartment("custody", zone), first, zone)
        yield from _answered(zone)
        yield Move("asylum_refuse", last, None, zone)


def _procedure(place: int) -> list[Compartment]:
    return [Compartment("asylum", place, 0, i) for i in range(ASYLUM_STAGES)]


def _answered(place: int) -> Iterator[Move]:
    """Go through the procedure, and settle if asylum is granted."""
    series = _procedure(place)
    for one, following in pairwise(series):
        yield Move("asylum_advance", one, following, place)
    yield Move("asylum_settle", series[-1], None, place)


def asylum_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of the asylum procedure."""
    groups = len(ground.groups)
    stage = rate_of_mean(values["asylum.days"] / ASYLUM_STAGES, ground.step)
    granted = shared(values["asylum.granted"], groups)
    apply = by_group(values["asylum.apply"], groups)[:, space.at(space.of("apply"))]
    parts = {
        "asylum_advance": 1.0 + 0 * granted,
        "asylum_settle": granted,
        "asylum_resume": 1 - granted,
        "asylum_refuse": 1 - granted,
    }
    ends = {
        kind: np.repeat(stage * part, len(space.of(kind)), axis=1) for kind, part in parts.items()
    }
    return {"apply": apply, **ends}


def attrition_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of settling where one waits and of going home."""
    for place in ground.waiting_places.tolist():
        for k in ground.times_moved(place):
            yield Move("settle", Compartment("waiting", place, k), None, place)
            yield Move("home", Compartment("waiting", place, k), None, place)
    for place in pools(ground).tolist():
        yield Move("queue_settle", Compartment("queue", place), None, place)
        yield Move("queue_home", Compartment("queue", place), None, place)


def attrition_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of settling and of going home, the same inside and outside the appointment pool."""
    source = {"settle": "leave.settle", "home": "leave.home"}
    rates = {kind: by_group(values[name], len(ground.groups)) for kind, name in source.items()}
    outside = {kind: rate[:, space.at(space.of(kind))] for kind, rate in rates.items()}
    inside = {
        f"queue_{kind}": beside_draws(rate[:, space.at(space.of(f"queue_{kind}"))], ground)
        for kind, rate in rates.items()
    }
    return outside | inside


def harm_moves(ground: Ground) -> Iterator[Move]:
    """Kidnapping: counted, and people stay where they are."""
    for place in ground.waiting_places.tolist():
        for k in ground.times_moved(place):
            here = Compartment("waiting", place, k)
            yield Move("kidnap", here, here, place)


def harm_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of being kidnapped while staying."""
    rate = by_group(values["kidnap.rate"], len(ground.groups))
    return {"kidnap": rate[:, space.at(space.of("kidnap"))]}


def parole_moves(ground: Ground) -> Iterator[Move]:
    """Flights of people with a travel authorisation, from their country to airports of arrival."""
    arrivals = set(ground.having("arrival_airport").tolist())
    for link in range(len(ground.links)):
        if (
            int(ground.destination[link]) in arrivals
            and ground.modes[ground.mode[link]] == "passenger_air"
        ):
            origin = int(ground.origin[link])
            yield Move(
                "parole", Compartment("parole", origin), None, int(ground.destination[link]), link
            )


def parole_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Everybody with an authorisation flies at the first seat, to airports by weight."""
    rows = space.of("parole")
    weight = values["parole.airport"][space.at(rows)]
    source = space.start(rows)
    split = shares(weight[None], source, len(ground.places))
    opening = shared(values["parole.open"], len(ground.groups))
    return {"parole": CERTAIN * split * opening}


APPOINTMENTS = Rule(
    "appointments",
    appointment_moves,
    appointment_rates,
    neutral={"appointment.request": 0.0, "appointment.slots": 0.0},
    limits=(
        LimitOf(
            "appointment slots",
            ("appointment",),
            "appointment.slots",
            shock="appointment.shock",
        ),
    ),
    families=(
        Family(
            "request",
            ("request",),
            unsure=(("appointment.request", "rate"), ("appointment.eligible", "rate")),
        ),
        Family("leave_queue", ("leave_queue",), unsure=(("appointment.leave", "rate"),)),
    ),
    paced={"asking": ("request",)},
)
ASYLUM = Rule(
    "asylum",
    asylum_moves,
    asylum_rates,
    neutral={"asylum.apply": 0.0, "asylum.claim": 0.0},
    families=(Family("apply", ("apply",), unsure=(("asylum.apply", "rate"),)),),
)
ATTRITION = Rule(
    "attrition",
    attrition_moves,
    attrition_rates,
    neutral={"leave.settle": 0.0, "leave.home": 0.0},
    families=(
        Family("settle", ("settle", "queue_settle"), unsure=(("leave.settle", "rate"),)),
        Family("home", ("home", "queue_home"), unsure=(("leave.home", "rate"),)),
    ),
)
HARM = Rule(
    "harm",
    harm_moves,
    harm_rates,
    neutral={"harm.passage": 0.0, "harm.crossing": 0.0, "harm.stay": 0.0, "kidnap.rate": 0.0},
    families=(
        Family("die", ("die",), unsure=(("harm.undercount", "rate"), ("harm.stay", "rate"))),
        Family(
            "die_passage",
            ("die_passage",),
            unsure=(("harm.undercount", "rate"), ("harm.passage", "rate")),
            part_of="depart",
        ),
        Family(
            "die_crossing",
            ("die_crossing",),
            unsure=(("harm.undercount", "rate"), ("harm.crossing", "rate")),
            part_of="cross",
        ),
        Family("kidnap", ("kidnap",), unsure=(("kidnap.rate", "rate"),)),
    ),
)
PAROLE = Rule(
    "parole",
    parole_moves,
    parole_rates,
    neutral={"parole.open": 0.0},
    limits=(LimitOf("parole seats", ("parole",), "parole.seats"),),
)
