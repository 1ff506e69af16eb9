"""Going on: when people leave a place, which way, and what meets them on it.

People choose where to cross, and a way that leads there (`rumbo.model.rules.choice`); the rate of
a link is the choice of all who come through its start (`rumbo.model.rules.mix`). The risk in a
link's utility is the true one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import Day, rate_of_mean, times_odds
from rumbo.engine.space import NOWHERE, Compartment, Move, Space
from rumbo.model.rules.form import Family, Rule, Tables, Values, add_up, by_group
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.mix import Checks
from rumbo.model.rules.noted import once
from rumbo.model.rules.smuggling import choose, dying_on_the_way
from rumbo.model.rules.utility import LEAST_DAYS, free_to_go

MOST_DEADLY = 0.5
"""Largest chance of dying on a link: a guard against a slip in its factors, far above records."""

FULLEST = 0.999
"""Share of a check's capacity in use up to which its chance is followed down."""


def moves(ground: Ground) -> Iterator[Move]:
    """Transitions of leaving, travelling, being stopped, crossing and dying on the way."""
    zones = set(ground.having("destination_zone").tolist())
    for place in ground.stays.tolist():
        for k in ground.times_moved(place):
            yield Move("die", Compartment("waiting", place, k), None, place)
    for place in sorted(set(ground.origin[ground.heading].tolist())):
        for k in ground.times_moved(place):
            yield Move("die_passage", Compartment("waiting", place, k), None, place)
    for kind, start, place in _stops(ground):
        for k in ground.times_moved(start):
            here = Compartment("waiting", start, k)
            yield Move(kind, here, Compartment("held", place, ground.moved_at(place, k)), place)
    for link in ground.heading.tolist():
        origin, destination = int(ground.origin[link]), int(ground.destination[link])
        for k in ground.times_moved(origin):
            here = Compartment("waiting", origin, k)
            if destination in zones:
                yield from _crossings(here, destination, link)
            else:
                yield from _journey(ground, here, destination, link)


def _stops(ground: Ground) -> Iterator[tuple[str, int, int]]:
    """Where people are stopped on setting out, and where patrols find those who stay."""
    link, place, _ = ground.passing
    used = np.isin(link, ground.heading) & np.isin(place, ground.stopping_places)
    pairs = zip(ground.origin[link[used]].tolist(), place[used].tolist(), strict=True)
    yield from (("stop", *pair) for pair in sorted(set(pairs)))
    yield from (("patrol", stay, stay) for stay in ground.stopping_places.tolist())


def _crossings(here: Compartment, zone: int, link: int) -> Iterator[Move]:
    yield Move("encounter", here, Compartment("custody", zone), zone, link)
    yield Move("evade", here, None, zone, link)
    yield Move("die_crossing", here, None, zone, link)


def _journey(ground: Ground, here: Compartment, destination: int, link: int) -> Iterator[Move]:
    moved = ground.moved_at(destination, here.moved)
    series = [Compartment("travelling", link, moved, i) for i in range(ground.stages[link])]
    series.append(Compartment("waiting", destination, moved))
    yield Move("depart", here, series[0], here.at, link)
    for one, following in pairwise(series):
        yield Move("advance", one, following, NOWHERE, link)


@dataclass(frozen=True)
class Journeys:
    """How people go on from places, under the values in force.

    Attributes
    ----------
    links
        Numbers of the links that lead on, length H.
    choice
        Share of those who go on from a link's start that choose it; shape (G, H).
    checks
        The checks that are passed on them.
    stopped, dying
        Chance of being stopped, and of dying if not, on a link; (G, H).
    """

    links: Index
    choice: Array
    checks: Checks
    stopped: Array
    dying: Array


def journeys(values: Values, ground: Ground) -> Journeys:
    """Work out the choice of way.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.

    Returns
    -------
    Journeys
    """
    links = ground.heading
    checks = _checks_on(links, values, ground)
    stopped = add_up(checks.stopped, checks.link, len(links))
    dying = dying_on_the_way(values, ground) * values["harm.undercount"]
    dying = np.broadcast_to(np.minimum(dying, MOST_DEADLY), stopped.shape)
    choice = choose(values, ground, checks, stopped, dying)
    return Journeys(links, choice, checks, stopped, dying)


def _checks_on(links: Index, values: Values, ground: Ground) -> Checks:
    """Chance of being stopped at each check on the way: not at those before, but at this one."""
    link, place, rank = ground.passing
    used = np.isin(link, links) & np.isin(place, ground.stopping_places)
    link, place, rank = link[used], place[used], rank[used]
    chance = by_group(values["checkpoint.chance"], len(ground.groups))[:, place]
    chance = times_odds(chance, values["checkpoint.mode"][ground.mode[link]])
    position = np.searchsorted(links, link)
    free = np.ones((len(ground.groups), len(links)))
    stopped = np.zeros_like(chance)
    for turn in range(int(rank.max(initial=-1)) + 1):
        now = rank == turn
        stopped[:, now] = free[:, position[now]] * chance[:, now]
        free[:, position[now]] -= stopped[:, now]
    return Checks(position, place, stopped)


def _leaving(values: Values, ground: Ground) -> Array:
    stay = np.maximum(by_group(values["stay.days"], len(ground.groups)), LEAST_DAYS)
    rate = rate_of_mean(stay, ground.step)
    return np.asarray(rate * free_to_go(values, ground))


def rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of leaving, travelling, being stopped, crossing and dying."""
    way = once(journeys, values, ground)
    onward = _leaving(values, ground)[:, ground.origin[way.links]] * way.choice
    crossing = np.isin(ground.destination[way.links], ground.having("destination_zone"))
    factor = by_group(values["crossing.factor"], len(ground.groups))
    onward = np.where(crossing, onward * factor[:, ground.destination[way.links]], onward)
    passing = onward * (1.0 - way.stopped) * (1.0 - way.dying)
    return {
        "depart": _on_links(passing, way, space, "depart"),
        "advance": _advance(values, ground, space),
        "stop": _stop_rates(ground, space, way, onward),
        "patrol": by_group(values["patrol.rate"], len(onward))[:, space.at(space.of("patrol"))],
        "die": _dying(values, ground)[:, space.at(space.of("die"))],
        "die_passage": _at_places(
            onward * (1.0 - way.stopped) * way.dying, way, ground, space, "die_passage"
        ),
        **_crossing_rates(values, ground, space, way, passing),
    }


def _advance(values: Values, ground: Ground, space: Space) -> Array:
    links = space.along(space.of("advance"))
    daily = values["mode.hours_per_day"][ground.mode[links]]
    days = np.maximum(ground.hours[links] / daily - LEAST_DAYS, 0)
    series = np.maximum(ground.stages[links], 1)
    rate = rate_of_mean(np.maximum(days / series, LEAST_DAYS), ground.step)
    return np.broadcast_to(rate, (len(ground.groups), len(links)))


def _stop_rates(ground: Ground, space: Space, way: Journeys, onward: Array) -> Array:
    """Rate of setting out from a place and being stopped at another on the way."""
    size, rows = len(ground.places), space.of("stop")
    pair = ground.origin[way.links][way.checks.link] * size + way.checks.place
    asked = space.start(rows) * size + space.at(rows)
    pairs = np.unique(np.concatenate([pair, asked]))
    rate = onward[:, way.checks.link] * way.checks.stopped
    total = add_up(rate, np.searchsorted(pairs, pair), len(pairs))
    return np.asarray(total[:, np.searchsorted(pairs, asked)])


def _dying(values: Values, ground: Ground) -> Array:
    return by_group(values["harm.stay"] * values["harm.undercount"], len(ground.groups))


def _on_links(rate: Array, way: Journeys, space: Space, kind: str) -> Array:
    number = np.full(int(way.links.max(initial=0)) + 1, NOWHERE)
    number[way.links] = np.arange(len(way.links))
    return np.asarray(rate[:, number[space.along(space.of(kind))]])


def _at_places(rate: Array, way: Journeys, ground: Ground, space: Space, kind: str) -> Array:
    total = add_up(rate, ground.origin[way.links], len(ground.places))
    return np.asarray(total[:, space.at(space.of(kind))])


def _crossing_rates(
    values: Values, ground: Ground, space: Space, way: Journeys, passing: Array
) -> Tables:
    zone = ground.destination[way.links]
    evade = values["crossing.evade"][zone]
    deadly = values["harm.crossing"][zone] * values["harm.undercount"]
    dying = np.minimum(deadly, MOST_DEADLY)
    share = {
        "encounter": (1 - evade) * (1 - dying),
        "evade": evade * (1 - dying),
        "die_crossing": dying,
    }
    return {kind: _on_links(passing * part, way, space, kind) for kind, part in share.items()}


def saturate(day: Day, values: Values) -> dict[str, Array]:
    """Scale the rate of being stopped down as more people pass.

    The number stopped among X passing is ``S = K (1 - exp(-q X / K))`` (saturating interception),
    so that the chance falls from q to ``S / X = q (S / K) / -log(1 - S / K)``; S is that of the
    day before.
    """
    most = np.broadcast_to(values["checkpoint.capacity"], day.stopped.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Of an empty check, and of one that can stop nobody, the ratio is 0 / 0, its limit 1.
        full = np.minimum(day.stopped / day.step / most, FULLEST)
        return {"stop": np.where(full > 1e-9, full / -np.log1p(-full), 1.0)}


DEPARTURE = Rule(
    "departure",
    moves,
    rates,
    neutral={"stay.days": np.inf},
    families=(
        Family(
            "depart",
            ("depart",),
            "departure.shock",
            (("stay.days", "days"), ("containment.strength", "withheld")),
            spared="containment.papers",
        ),
    ),
    paced={
        "going": ("depart", "encounter", "evade", "die_passage", "die_crossing", "stop"),
    },
)
ROUTE = Rule(
    "route",
    neutral={
        "route.risk": 0.0,
        "route.cost": 0.0,
        "route.paper": 0.0,
        "route.wait": 0.0,
        "mode.board": 0.0,
        "mode.per_100km": 0.0,
    },
)
CHECKPOINTS = Rule(
    "checkpoints",
    neutral={"checkpoint.chance": 0.0, "patrol.rate": 0.0},
    families=(
        Family("stop", ("stop", "patrol"), "checkpoint.shock", (("checkpoint.chance", "odds"),)),
    ),
    responding=("stop",),
    respond=saturate,
)
CONTAINMENT = Rule("containment", neutral={"containment.strength": 0.0})
TRAINS = Rule("trains", neutral={"mode.open": 1.0})
