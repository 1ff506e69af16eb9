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
    segments = range(len(calendar.segments))
    doubts = [_doubts(calendar, s, sorted(unsure), arrivals, ground) for s in segments]
    return Noise(
        families=model.families,
        place_names=tuple(ground.place_names),
        entry_label=arrivals.label,
        entry_family=arrivals.family,
        entry_fitted=arrivals.counted | (np.array(arrivals.family) == PRESENT.name),
        group_label=tuple(scenario.groups["nationality"]),
        strength={} if quiet else _strength(model, first),
        least=[_least(calendar, s, sorted(unsure)) for s in segments],
        doubts=[{k: d[k] for k in d if k in fitted} if quiet else d for d in doubts],
        limits=limits,
        rooms=rooms,
        posterior=scenario.posterior,
    )


def _strength(model: Model, values: Values) -> dict[str, float]:
    """Coefficient of variation of the monthly noise, by family or parameter of a limit."""
    families = {f.name: f.shock for f in (*model.families, *ENTRIES) if f.shock}
    limits = {q.parameter: q.shock for rule in model.rules for q in rule.limits if q.shock}
    return {name: float(values[shock]) for name, shock in (families | limits).items()}


def _least(calendar: Calendar, segment: int, unsure: list[str]) -> dict[str, float]:
    """Smallest factors on values that hold everywhere and have a lowest one above 0.

    So no member has fewer deaths than are recorded, however wide the range.
    """
    low = {name: PARAMETERS[name].low for name in unsure if PARAMETERS[name].over == "everywhere"}
    values = calendar.values(segment)
    return {name: least / float(values[name]) for name, least in low.items() if least > 0.0}


def _doubts(
    calendar: Calendar, segment: int, unsure: list[str], arrivals: Arrivals, ground: Ground
) -> dict[tuple[str, str], Array]:
    """Ranges as log standard deviations, by place or entry; groups share the widest.

    Of a link they are those of the place that it starts at, the widest of all that start there.
    """
    ranges = {}
    for name in unsure:
        for lever, sd in calendar.doubts(name, segment).items():
            if name in BY_ENTRY:
                ranges[name, lever] = np.broadcast_to(sd, (len(sd),))[arrivals.group]
            elif PARAMETERS[name].by_group:
                ranges[name, lever] = sd.max(axis=-1)
            elif PARAMETERS[name].over == "link":
                ranges[name, lever] = np.zeros(len(ground.places))
                np.maximum.at(ranges[name, lever], ground.origin, sd)
            else:
                ranges[name, lever] = sd
    return ranges
