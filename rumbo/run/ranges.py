"""How unsure a scenario's values are: what its members' noise is drawn from."""

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.model import Arrivals, Model
from rumbo.model.noise import ENTRIES, PRESENT, Noise
from rumbo.model.rules import Ground, Values
from rumbo.run.wiring import each_limit
from rumbo.scenario.calendar import Calendar
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario

BY_ENTRY = {name for family in ENTRIES for name, _ in family.unsure}
"""Parameters whose ranges bear on entries, by their groups."""


def build_noise(
    scenario: Scenario,
    model: Model,
    calendar: Calendar,
    ground: Ground,
    arrivals: Arrivals,
    rooms: int,
) -> Noise:
    """Gather how unsure a scenario's values are, and the shocks that its members share.

    Parameters
    ----------
    scenario, model, calendar, ground, arrivals
        The scenario, and what was compiled of it so far.
    rooms
        Number of factors that the engine sets itself.

    Returns
    -------
    Noise
    """
    quiet = "shocks" not in scenario.rules
    first = calendar.values(0)
    limits = tuple((one.limit.parameter, one.place) for one in each_limit(model, ground))
    unsure = {name for family in (*model.families, *ENTRIES) for name, _ in family.unsure}
    unsure |= {name for name, _ in limits}
    fitted = set(scenario.posterior.values) if scenario.posterior else set()
    doubts = [_doubts(calendar, s, sorted(unsure), arrivals) for s in range(len(calendar.segments))]
    return Noise(
        families=model.families,
        place_names=tuple(ground.place_names),
        entry_label=arrivals.label,
        entry_family=arrivals.family,
        entry_fitted=arrivals.counted | (np.array(arrivals.family) == PRESENT.name),
        group_label=tuple(scenario.groups["nationality"]),
        strength={} if quiet else _strength(model, first),
        doubts=[{k: d[k] for k in d if k in fitted} if quiet else d for d in doubts],
        limits=limits,
        rooms=rooms,
        posterior=scenario.posterior,
    )


def _strength(model: Model, values: Values) -> dict[str, float]:
    """Coefficient of variation of each family's monthly noise."""
    return {f.name: float(values[f.shock]) for f in (*model.families, *ENTRIES) if f.shock}


def _doubts(
    calendar: Calendar, segment: int, unsure: list[str], arrivals: Arrivals
) -> dict[tuple[str, str], Array]:
    """Ranges as log standard deviations, by place or entry; groups share the widest."""
    ranges = {}
    for name in unsure:
        for lever, sd in calendar.doubts(name, segment).items():
            if name in BY_ENTRY:
                ranges[name, lever] = np.broadcast_to(sd, (len(sd),))[arrivals.group]
            elif PARAMETERS[name].by_group:
                ranges[name, lever] = sd.max(axis=-1)
            else:
                ranges[name, lever] = sd
    return ranges
