"""Flight: people displaced by conflict choose among the ways they see, and travel day by day.

The rules are those of Flee 3 (Suleimenova, Bell, Groen 2017; its documentation), in counts: people
in a place set out with a chance, weigh each way by what its end is worth over a power of its
length, and travel link after link until a day's reach is used up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rumbo.rates import Array
from rumbo.rules.form import Ground, Rule, Tables, Values
from rumbo.rules.journey import (
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
)  # fmt: skip
from rumbo.rules.ways import Way
from rumbo.space import Compartment, Index, Move, Space

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """The steps of a ground as arrays, grouped by transition.

    Attributes
    ----------
    journey
        What the steps were made by.
    moves
        The transitions, each once; length M.
    ways
        The ways people see; length W.
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
    ways: list[Way]
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
        ways=journey.ways,
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
    number = {move: i for i, move in enumerate(steps.moves)}
    return {
        kind: np.tile(
            rate[[number[space.moves[m]] for m in space.of(kind)]], (len(ground.groups), 1)
        )
        for kind in dict.fromkeys(move.kind for move in steps.moves)
    }


def _step_rates(steps: Plan, values: Values, ground: Ground) -> Array:
    """Rate of every step under the values in force, shape (N,)."""
    weight, opened = way_weights(steps.ways, values, ground), values["link.open"]
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


def way_weights(ways: list[Way], values: Values, ground: Ground) -> Array:
    """Weight of every way, without the room left at its end; shape (W,).

    Notes
    -----
    ``((weight_softening + score) / (softening + km)^distance_power)^weight_power``, times the
    number of roads, and 0 where a link is closed (Flee 3).
    """
    if not ways:
        return np.empty(0)
    end = np.array([way.stops[-1] for way in ways])
    km = np.array([way.km for way in ways])
    usable = values["link.open"] * values["flight.roads"]
    passable = np.array([np.prod(usable[list(way.links)]) for way in ways])
    score = values["flight.weight_softening"] + values["flight.score"][end]
    far = (values["flight.softening"] + km) ** values["flight.distance_power"]
    return np.asarray(passable * (score / far) ** values["flight.weight_power"])


FLIGHT = Rule("flight", moves, rates)
STINTS = Rule("stints", neutral={"flight.stints": 0.0})
ROOM = Rule("room", neutral={"flight.room": np.inf})
CLOSURES = Rule("closures", neutral={"link.open": 1.0})

FLIGHT_RULES = (FLIGHT, STINTS, ROOM, CLOSURES)
