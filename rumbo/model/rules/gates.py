"""People who come to a lawful gate without appointment: met there, and gone."""

from collections.abc import Iterator

import numpy as np

from rumbo.engine.space import Compartment, Move, Space
from rumbo.model.rules.form import CERTAIN, Rule, Tables, Values
from rumbo.model.rules.ground import Ground


def present_moves(ground: Ground) -> Iterator[Move]:
    """Transitions of being met at a gate."""
    for gate in ground.having("lawful_gate").tolist():
        yield Move("present", Compartment("presenting", gate), None, gate)


def present_rates(values: Values, ground: Ground, space: Space) -> Tables:
    """Rates of being met: everybody is, at the first opportunity."""
    return {"present": np.full((len(ground.groups), len(space.of("present"))), CERTAIN)}


PRESENTING = Rule("presenting", present_moves, present_rates, neutral={"present.coverage": 0.0})
