"""What programs on the same ground share, and the values in force that one is made from."""

from typing import Any

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.space import Space, build_space
from rumbo.files.faults import Collector
from rumbo.model import Arrivals, Model
from rumbo.model.measures import build_ledger
from rumbo.model.noise import Noise
from rumbo.model.pace import Paces
from rumbo.model.rules import Ground
from rumbo.run.compiling.wiring import place_if, rooms_ahead, stop_place, wire
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.scenario import Scenario


def structure_of(
    scenario: Scenario,
    model: Model,
    ground: Ground,
    arrivals: Arrivals,
    space: Space,
    noise: Noise,
    paces: Paces,
) -> dict[str, Any]:
    """Return what a program shares with all others on the same ground, by field."""
    labels = model.labels(ground)
    measures = [one for one in model.measures if one.kept_if is None or one.kept_if(ground)]
    return {
        "model": model,
        "record": scenario.header.record,
        "step": scenario.step,
        "space": space,
        "wiring": wire(model, space, ground, noise, arrivals, rooms_ahead(space), paces),
        "paces": paces,
        "ledger": build_ledger(measures, space, labels, model.axes, model.facts(ground, labels)),
        "labels": labels,
        "counted": arrivals.counted,
        "places": len(ground.places),
        "crowd_place": place_if(space, model.crowd),
        "stop_place": stop_place(space),
    }


def space_of(model: Model, ground: Ground, arrivals: Arrivals) -> Space:
    """Number the structure."""
    moves = [move for rule in model.rules for move in rule.moves(ground)]
    starts = set(arrivals.target)
    return build_space(ground.groups, starts, moves, ground.place_names, ground.link_names)


def in_force(
    calendar: Calendar, model: Model, rules: tuple[str, ...], segment: int
) -> dict[str, Array]:
    """Return the values in force in a segment, without those of rules that are switched off."""
    values = dict(calendar.values(segment))
    for rule in model.rules:
        if rule.name not in rules:
            for name, neutral in rule.neutral.items():
                values[name] = np.full_like(values[name], neutral)
    return values


def fixed_of(model: Model, values: list[dict[str, Array]]) -> dict[str, Array]:
    """Return the values that shape the structure; they may not change during a run."""
    faults = Collector()
    for name in model.fixed:
        if any(not np.array_equal(one[name], values[0][name]) for one in values):
            faults.add(
                "settings",
                0,
                f"{name} changes during the run, expected one value for all days",
                "Remove its dates",
            )
    faults.check()
    return {name: values[0][name] for name in model.fixed}
