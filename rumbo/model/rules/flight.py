"""Flight: people displaced by conflict choose among the ways they see, and travel day by day.

The rules are those of Flee 3 (Suleimenova, Bell, Groen 2017; its documentation), in counts: people
in a place set out with a chance, weigh each way by what its end is worth over a power of its
length, and travel link after link until a day's reach is used up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rumbo.engine.arrays import Array, Flags, Index
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import Rule, Tables, Values
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.journey import (
    CHOOSES,
    CLOSED,
    GOES_ON,
    NO_WAY,
    OPEN,
    RESTS,
    SETS_OUT,
    STOPS,
    STRANDED,
    SURE,
    Journey,
)
from rumbo.model.rules.ways import Way


class Lines(NamedTuple):
    """The ways that people see, as arrays.

    Attributes
    ----------
    end
        Place where each ends; shape (W,).
    km
        Its length; shape (W,).
    links
        Its links, filled up with the number of links L; shape (W, longest).
    """

    end: Index
    km: Array
    links: Index


def as_lines(ways: list[Way], links: int) -> Lines:
    """Return ways as arrays; ``links`` is the number of all links."""
    longest = max((len(way.links) for way in ways), default=0)
    filled = [(*way.links, *[links] * (longest - len(way.links))) for way in ways]
    return Lines(
        np.array([way.stops[-1] for way in ways], dtype=np.int64),
        np.array([way.km for way in ways], dtype=np.float64),
        np.array(filled, dtype=np.int64).reshape(len(ways), longest),
    )


@dataclass(frozen=True)
class Plan:
    """The steps of a ground as arrays, grouped by transition.

    Attributes
    ----------
    journey
        What the steps were made by.
    moves
        The transitions, each once; length M.
    lines
        The ways people see.
    at
        Transition of each step; shape (N,).
    by, of, share, forced
        Columns of the steps; shape (N,).
    sure
        1 for steps of those who go on for certain, 0 for those who may stay, -1 for others; (N,).
    place
        Place where people are, 0 on the road; shape (N,).
    steady
        Whether people of the transition's source do not grow less tired by waiting; (N,).
    """

    journey: Journey
    moves: list[Move]
    lines: Lines
    at: Index
    by: Index
    of: Index
    share: Array
    forced: Flags
    sure: Index
    place: Index
    steady: Flags


@lru_cache(maxsize=4)
def plan(ground: Ground) -> Plan:
    """Work out every step once for a ground."""
    journey = Journey(ground)
    steps = list(journey.steps(journey.arrival(p) for p in range(len(ground.places))))
    number: dict[Move, int] = {}
    at = [number.setdefault(step.move, len(number)) for step in steps]
    return Plan(
        journey=journey,
        moves=list(number),
        lines=as_lines(journey.ways, len(ground.links)),
        at=np.array(at, dtype=np.int64),
        by=np.array([step.by for step in steps], dtype=np.int64),
        of=np.array([step.of for step in steps], dtype=np.int64),
        share=np.array([step.share for step in steps]),
        forced=np.array([step.forced for step in steps]),
        sure=np.array([-1 if s.sure is None else int(s.sure) for s in steps], dtype=np.int64),
        place=np.array([place_of(step.move.source) for step in steps], dtype=np.int64),
        steady=np.array([step.move.source.recent == 0 for step in steps]),
    )


def place_of(spot: Compartment) -> int:
    """Place where people are; 0 on the road, where nothing is asked of it."""
    return 0 if spot.status == "travelling" else spot.at


def moves(ground: Ground) -> Iterable[Move]:
    """Transitions of people in flight."""
    return plan(ground).moves


def rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of all transitions of people in flight, by kind."""
    steps = plan(ground)
    rate = np.bincount(steps.at, _step_rates(steps, values, ground), len(steps.moves))
    everyone = (len(ground.groups), 1)
    return {kind: np.tile(rate[rows], everyone) for kind, rows in _order(ground, space).items()}


@lru_cache(maxsize=4)
def _order(ground: Ground, space: Space) -> dict[str, Index]:
    """Where the transitions of each kind, in their order in the space, stand in the plan."""
    number = {move: i for i, move in enumerate(plan(ground).moves)}
    return {
        kind: np.array([number[space.moves[m]] for m in space.of(kind)], dtype=np.int64)
        for kind in dict.fromkeys(move.kind for move in number)
    }


def _step_rates(steps: Plan, values: Values, ground: Ground) -> Array:
    """Rate of every step under the values in force, shape (N,)."""
    weight, opened = way_weights(values, ground), values["link.open"]
    by, of = steps.by, steps.of
    rate, goes = SURE * steps.share, _going(steps, values)

    def times(kind: int, value: Array) -> None:
        rate[by == kind] *= value[of[by == kind]]

    rate *= np.where(np.isin(by, (SETS_OUT, GOES_ON)), goes, 1.0)
    rate *= np.where(np.isin(by, (RESTS, STOPS)), 1.0 - goes, 1.0)
    alone = (by == SETS_OUT) & steps.steady & (goes < 1.0)
    rate[alone] = -np.log1p(-goes[alone]) / ground.step
    times(CHOOSES, weight)
    times(OPEN, opened)
    times(CLOSED, 1.0 - opened)
    rate[by == STRANDED] *= NO_WAY
    rate[(steps.sure >= 0) & (steps.sure != (goes == 1.0))] = 0.0
    return rate


def _going(steps: Plan, values: Values) -> Array:
    """Chance of going on from where people are; shape (N,)."""
    town = values["flight.town"][steps.place] > 0
    pushed = steps.forced & (values["flight.stints"] > 0)
    return np.where(town & pushed, 1.0, values["flight.chance"][steps.place])


def way_weights(values: Values, ground: Ground) -> Array:
    """Weight of every way, without the room left at its end; shape (W,).

    Notes
    -----
    ``((weight_softening + score) / (softening + km)^distance_power)^weight_power``, times the
    number of roads, and 0 where a link is closed (Flee 3).
    """
    ways = plan(ground).lines
    usable = np.append(values["link.open"] * values["flight.roads"], 1.0)
    score = values["flight.weight_softening"] + values["flight.score"][ways.end]
    far = (values["flight.softening"] + ways.km) ** values["flight.distance_power"]
    weight = (score / far) ** values["flight.weight_power"]
    return np.asarray(usable[ways.links].prod(axis=1) * weight)


FLIGHT = Rule("flight", moves, rates)
STINTS = Rule("stints", neutral={"flight.stints": 0.0})
ROOM = Rule("room", neutral={"flight.room": np.inf})
CLOSURES = Rule("closures", neutral={"link.open": 1.0})

FLIGHT_RULES = (FLIGHT, STINTS, ROOM, CLOSURES)
