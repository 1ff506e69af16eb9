"""Planning at home: who means to come has not set out yet, and may go sooner for a reason."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.rates import rate_of_mean
from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import Rule, Tables, Values
from rumbo.model.rules.ground import Ground

PLANNING_DAYS = "planning.days"


def planning_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of setting out from home, wherever some group plans."""
    days = ground.fixed[PLANNING_DAYS]
    for place in np.flatnonzero(days.max(axis=1) > 0.0).tolist():
        yield Move(
            "leave_home", Compartment("planning", place), Compartment("waiting", place), place
        )


def planning_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rate of setting out after a mean time of planning."""
    days = values[PLANNING_DAYS].T[:, space.at(space.of("leave_home"))]
    return {"leave_home": np.where(days > 0.0, rate_of_mean(days, ground.step), 0.0)}


PLANNING = Rule(
    "planning",
    planning_moves,
    planning_rates,
    neutral={PLANNING_DAYS: 0.0},
    paced={"planning": ("leave_home",)},
)
