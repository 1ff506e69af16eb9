"""What a link is worth to those who might take it, before what can follow it."""

import numpy as np

from rumbo.engine.arrays import Array, Index
from rumbo.model.rules.form import Values, add_up, by_group, shared
from rumbo.model.rules.ground import Ground

LONGEST_WAIT = 60.0
"""Days of expected wait at a place that count against the ways through it, at most: longer ones
are not foreseen."""

LEAST_DAYS = 1.0
"""Days that setting out takes, and each further stage of a journey at the least, whatever the step:
hours on the way belong to days."""

LEAST_FREE = 1e-9
"""Chance of passing all checks on a link that people still reckon with where none is left."""


def utility(values: Values, ground: Ground, links: Index, stopped: Array, dying: Array) -> Array:
    """Utility of links, without what changing the mode costs.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.
    links
        Numbers of the links, length H.
    stopped, dying
        Chance of being stopped, and of dying if not, on each; shape (G, H).

    Returns
    -------
    numpy.ndarray
        Shape (G, H); minus infinite where a link is closed.
    """
    mode, km = ground.mode[links], ground.km[links] / 100.0
    groups = len(ground.groups)
    with np.errstate(divide="ignore"):
        return np.asarray(
            by_group(values["mode.per_100km"], groups)[:, mode] * km
            - values["route.time"] * travel_days(values, ground, links)
            - values["route.cost"] * km * values["mode.cost"][mode]
            - values["route.risk"] * risk_of(stopped, dying)
            - _papers(values, ground, links)
            - waits_before(values, ground, links)
            + np.log(opening(values, ground, links))
        )


def travel_days(values: Values, ground: Ground, links: Index) -> Array:
    """Days that links take, by the hours on the way in a day."""
    hours = ground.hours[links] / values["mode.hours_per_day"][ground.mode[links]]
    return np.asarray(np.maximum(hours, LEAST_DAYS))


def risk_of(stopped: Array, dying: Array) -> Array:
    """Risk of being stopped or dying, in logs of getting on."""
    return np.asarray(-np.log(np.maximum(1.0 - stopped, LEAST_FREE)) - np.log1p(-dying))


def opening(values: Values, ground: Ground, links: Index) -> Array:
    """Share of links that is open, by mode and by link."""
    return np.asarray(values["mode.open"][ground.mode[links]] * values["link.open"][links])


def waits_before(values: Values, ground: Ground, links: Index) -> Array:
    """Utility that expected waits where links start cost; shape (G, links)."""
    return np.asarray(values["route.wait"] * _waits(values, ground)[:, ground.origin[links]])


def _papers(values: Values, ground: Ground, links: Index) -> Array:
    """Add up what showing papers costs at the places that a coach passes."""
    link, place, _ = ground.passing
    asked = np.isin(link, links) & (ground.modes_of(link) == "bus")
    paper = by_group(values["route.paper"], len(ground.groups))[:, place[asked]]
    return add_up(paper, np.searchsorted(links, link[asked]), len(links))


def _waits(values: Values, ground: Ground) -> Array:
    """Days that people expect to wait at places; none where the line is crossed from.

    There people wait for the crossing itself, wherever they cross: the choice of zone weighs it.
    """
    with np.errstate(divide="ignore"):
        days = by_group(values["stay.days"], len(ground.groups)) / free_to_go(values, ground)
    days = np.minimum(days, LONGEST_WAIT)
    days[:, ground.before_zones] = 0.0
    return days


def free_to_go(values: Values, ground: Ground) -> Array:
    """Share of departures that containment does not prevent; shape (G, P)."""
    groups = len(ground.groups)
    strength = by_group(values["containment.strength"], groups)
    return np.asarray(1.0 - strength * (1.0 - shared(values["containment.papers"], groups)))
