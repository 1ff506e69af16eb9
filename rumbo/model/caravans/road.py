"""People who walk together: the stages of their way, and how they leave it.

A caravan is no object. Who walks is counted by place that was left, times moved and stage, and two
caravans on one stage are one. A leg's first stage lies in the place where it begins: there people
are `gathered`, and those who wait can join them; on the others they are a `caravan`.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import Day, rate_of_mean
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.caravans.formation import AT, LOSS, SIZE, WEIGHT
from rumbo.model.rules.form import Family, Rule, Tables, Values, shared, shares
from rumbo.model.rules.ground import Ground
from rumbo.scenario.caravans.chain import START, walked_km
from rumbo.scenario.caravans.parameters import CARAVANS as ROWS
from rumbo.scenario.caravans.parameters import LONGEST_DAY

GATHERED, WALKING = "gathered", "caravan"
"""Statuses of people in a caravan: in a place, and on the way from it."""

MOST = 0.5
"""Largest share of those who wait that one caravan takes along; assumed."""

RARE = 1e-6
"""Rate in the table for what happens on few days, by which the factor of such a day is divided.
People reckon with the table (`rumbo.model.minds`): none counts on a caravan."""


class Leg(NamedTuple):
    """The way from one place to the next.

    Attributes
    ----------
    start, end
        Numbers of the places.
    km
        Its length.
    """

    start: int
    end: int
    km: float

    @property
    def stages(self) -> int:
        """Number of stages in series, none shorter than the longest day."""
        return max(ceil(self.km / LONGEST_DAY), 1)


def legs_of(ground: Ground) -> list[Leg]:
    """Return the legs of the way, in order; none if the corridor has no such way."""
    network = ground.network
    return [Leg(*pair, walked_km(network, *pair)) for pair in pairwise(ground.chain)]


def moves(ground: Ground) -> Iterator[Move]:
    """Transitions of joining, walking on, arriving, leaving, accepting and being stopped."""
    legs = legs_of(ground)
    for number, leg in enumerate(legs):
        for k in ground.times_moved(leg.start):
            series = _stages(leg, k)
            here = Compartment("waiting", leg.start, k)
            if leg.start in ground.having(START):
                yield Move("form_caravan", here, series[0], leg.start)
            elif number:
                yield Move("join_caravan", here, series[0], leg.start)
            yield from _onward(ground, series, leg, legs[number + 1 : number + 2])
            for stage, spot in enumerate(series):
                yield from _exits(ground, leg, spot, stage / leg.stages < 0.5)


def _stages(leg: Leg, moved: int) -> list[Compartment]:
    on_the_way = [Compartment(WALKING, leg.start, moved, i) for i in range(1, leg.stages)]
    return [Compartment(GATHERED, leg.start, moved), *on_the_way]


def _onward(
    ground: Ground, series: list[Compartment], leg: Leg, following: list[Leg]
) -> Iterator[Move]:
    """Walk on through the stages of a leg, to the next leg or to wait where the way ends."""
    moved = ground.moved_at(leg.end, series[0].moved)
    for one, other in pairwise(series):
        yield Move("walk_on", one, other, leg.start)
    if following:
        yield Move("walk_on", series[-1], Compartment(GATHERED, leg.end, moved), leg.start)
    else:
        yield Move("arrive_caravan", series[-1], Compartment("waiting", leg.end, moved), leg.end)


def _exits(ground: Ground, leg: Leg, spot: Compartment, first_half: bool) -> Iterator[Move]:
    """Leave to wait at the nearest place or elsewhere, or be stopped."""
    near = leg.start if first_half else leg.end
    left = Compartment("waiting", near, ground.moved_at(near, spot.moved))
    yield Move("leave_caravan", spot, left, near)
    if leg.start in ground.stopping_places:
        yield Move("stop_caravan", spot, Compartment("held", leg.start, spot.moved), leg.start)
    for place in offered(ground, leg.start).tolist():
        taken = Compartment("waiting", place, ground.moved_at(place, spot.moved))
        yield Move("accept_offer", spot, taken, place)


def offered(ground: Ground, place: int) -> Index:
    """Return the places where those who accept are taken: elsewhere in the same country."""
    there = np.intersect1d(np.flatnonzero(ground.fixed["caravan.to"] > 0), ground.waiting_places)
    return np.asarray(there[(ground.country[there] == ground.country[place]) & (there != place)])


def rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of joining and of what people in a caravan do, beside walking on."""
    groups, advance, beside = len(ground.groups), *_walking(values, ground)
    willing = shared(values["caravan.willing"], groups) * RARE
    acting = float((values["caravan.formation"] > 0).any() or values["caravan.given"] > 0)
    to = space.of("accept_offer")
    split = shares(values["caravan.to"][space.at(to)][None], space.source[to], len(space.source))
    at = {kind: space.start(space.of(kind)) for kind in KINDS}
    walked = ("walk_on", "arrive_caravan")
    return {
        "form_caravan": np.repeat(willing * acting, len(at["form_caravan"]), axis=1),
        "join_caravan": willing * values["caravan.join"][at["join_caravan"]],
        **{kind: _all(advance[at[kind]], groups) for kind in walked},
        "leave_caravan": _all(values["caravan.loss"] * beside[at["leave_caravan"]], groups),
        "stop_caravan": _all((values["caravan.stop"] * beside)[at["stop_caravan"]], groups),
        "accept_offer": (values["caravan.accept"] * beside)[at["accept_offer"]] * split[0]
        + np.zeros((groups, 1)),
    }


KINDS = (
    "form_caravan",
    "join_caravan",
    "walk_on",
    "arrive_caravan",
    "leave_caravan",
    "stop_caravan",
    "accept_offer",
)
"""Kinds of transitions of caravans."""


def _all(rate: Array, groups: int) -> Array:
    return np.broadcast_to(rate, (groups, len(rate)))


def _walking(values: Values, ground: Ground) -> tuple[Array, Array]:
    """Rates of walking on to the next stage, and what rates beside it are multiplied by; (P,) each.

    Who walks on at every step does so at an endless rate, beside which no other would count. With
    weights of ``rate * walking / share`` a share of ``rate * step`` leaves in a step, as far as it
    is small, however many walk on.
    """
    advance, beside = np.zeros(len(ground.places)), np.zeros(len(ground.places))
    for leg in legs_of(ground):
        rate = rate_of_mean(leg.km / leg.stages / values["caravan.pace"], ground.step)
        advance[leg.start] = rate
        beside[leg.start] = rate * ground.step / -np.expm1(-rate * ground.step)
    return advance, beside


def respond(day: Day, values: Values) -> Mapping[str, Array]:
    """Let caravans form and be joined, lose people at their own rate, and cover those in them.

    Of N who wait a caravan of S takes the share ``s = min(S / N, 0.5)``, at the rate
    ``-log(1 - s)``, so that groups are in it as they wait and are willing. A caravan of S is seen
    by a share ``1 - exp(-S / cover)``, and stops fall by ``exp(-S / cover)``.
    """
    gathered = day.people(GATHERED).sum(axis=1)
    size = gathered + day.people(WALKING).sum(axis=1)
    cover = values["caravan.cover"]
    return {
        "caravan_form": _forming(day, values) / RARE,
        "caravan_join": -np.expm1(-gathered / cover) / RARE,
        "caravan_leave": np.exp(day.drawn[LOSS][:, None] * values["caravan.loss_spread"])
        + np.zeros_like(size),
        "caravan_stop": np.exp(-size / cover),
    }


def _forming(day: Day, values: Values) -> Array:
    """Rate per day at which those who wait join a caravan that forms; (R, P)."""
    size, weight, at = day.drawn[SIZE], day.drawn[WEIGHT], day.drawn[AT].astype(np.int64)
    rate = np.zeros(day.stopped.shape)
    if not weight.any():
        return rate
    waiting = day.people("waiting")[:, :, at]
    willing = np.broadcast_to(values["caravan.willing"], waiting.shape[1:2])
    pool = np.einsum("rgs,g->rs", waiting, willing)[:, :, None]
    share = np.minimum(size / np.maximum(pool, 1e-9), MOST)  # of nobody, nobody
    rate[:, at] = weight * -np.log1p(-share).mean(axis=2) / day.step
    return rate


CARAVANS = Rule(
    "caravans",
    moves,
    rates,
    neutral={head[0]: head[6] for head, *_ in ROWS if head[0] != "caravan.to"},
    families=(
        Family("caravan_form", ("form_caravan",)),
        Family("caravan_join", ("join_caravan",), unsure=(("caravan.join", "rate"),)),
        Family("caravan_leave", ("leave_caravan",), unsure=(("caravan.loss", "rate"),)),
        Family("caravan_stop", ("stop_caravan",), unsure=(("caravan.stop", "rate"),)),
        Family("caravan_accept", ("accept_offer",), unsure=(("caravan.accept", "rate"),)),
    ),
    responding=("caravan_form", "caravan_join", "caravan_leave", "caravan_stop"),
    respond=respond,
)
