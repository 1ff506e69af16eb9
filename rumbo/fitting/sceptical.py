"""A sceptical prior: what levers would come to had they been taken beforehand to do nothing.

A fit starts from sizes that somebody put in. Where the figures tell little, it ends with them. So
each size is given a prior once more, around no effect and at least as wide as the first. The draws
are moved as if the fit had started there: with a normal posterior, the first prior is taken out of
each size and the sceptical one is put in, precision by precision (Gelman et al. 2013, section 2.5).
What else was fitted stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite, log
from typing import NamedTuple

import numpy as np

from rumbo.scenario.arrays import Array
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.values.history import History, build_history
from rumbo.scenario.values.ranges import Z90, Scale, scale_of, sides

WIDE = log(2.0)
"""Least standard deviation of a sceptical prior on the scale of its parameter: a factor of 2, of
odds for a share; assumed."""

FARTHEST = 9.0
"""Furthest that a draw may lie from the middle of the sceptical prior, in standard deviations."""


class Size(NamedTuple):
    """A size that a lever brings, seen from no effect, in widths of the sceptical prior.

    Attributes
    ----------
    number
        Number of its row in the table of settings.
    setting
        The same row around no effect.
    centre
        Where the first prior lies.
    below, above
        How wide it is on either side.
    """

    number: int
    setting: Setting
    centre: float
    below: float
    above: float


def sceptical(scenario: Scenario, levers: Sequence[str], seed: int = 0) -> Scenario:
    """Return a fitted scenario as it would be with a sceptical prior on the sizes of levers.

    Parameters
    ----------
    scenario
        A scenario with a posterior.
    levers
        Levers whose sizes are doubted. Switches are no sizes: where a value, or that without the
        lever, lies on a bound such as 0, the row stays as it is.
    seed
        Names the draws of sizes that had no range before.

    Returns
    -------
    Scenario
        Members hold draws around what the figures told of each size, and no effect otherwise.
    """
    posterior, settings = scenario.posterior, scenario.settings.copy()
    assert posterior is not None
    named: dict[tuple[str, str], list[Size]] = {}
    for size in _sizes(scenario, levers):
        named.setdefault((size.setting.parameter, size.setting.lever), []).append(size)
    rng, values = np.random.default_rng((seed, 7)), dict(posterior.values)
    for pair in sorted(named):
        fresh = rng.standard_normal(posterior.draws)
        moved = _moved(named[pair], values.get(pair), fresh)
        values[pair] = np.clip(moved, -FARTHEST, FARTHEST)
        for size in named[pair]:
            cells = [getattr(size.setting, name) for name in RANGE]
            settings.iloc[size.number, settings.columns.get_indexer([*RANGE])] = cells
    return replace(scenario, settings=settings).fitted(replace(posterior, values=values))


RANGE = ("value", "low", "high")


def exchanged(draws: Array, centre: float, width: float) -> Array:
    """Return draws as they would be had the prior been standard normal.

    Parameters
    ----------
    draws
        What a fit found; shape (K,).
    centre, width
        Mean and standard deviation of the prior that it started from.

    Returns
    -------
    numpy.ndarray
        Where draws are no narrower than the prior, the figures told nothing, and the sceptical
        prior is left; shape (K,).
    """
    mean, sd = draws.mean(), draws.std()
    told = 1.0 / sd**2 - 1.0 / width**2
    if told <= 0.0:
        return np.asarray((draws - mean) / sd)
    precision = told + 1.0
    middle = (mean / sd**2 - centre / width**2) / precision
    return np.asarray(middle + (draws - mean) / sd / np.sqrt(precision))


def _moved(sizes: Sequence[Size], places: Array | None, fresh: Array) -> Array:
    """Return draws of what several rows of one size share, around no effect; shape (K,)."""
    centre, below, above = (
        float(np.mean([getattr(size, name) for size in sizes]))
        for name in ("centre", "below", "above")
    )
    width = (below + above) / 2.0
    # Nothing was known of a value without a range, nor of one that the fit did not move.
    if places is None or not width or not places.std():
        return fresh
    return exchanged(centre + places * np.where(places > 0.0, above, below), centre, width)


def _sizes(scenario: Scenario, levers: Sequence[str]) -> Iterator[Size]:
    """Go through the sizes of levers that are neither switches nor without limit."""
    for number, setting in enumerate(each_setting(scenario.settings)):
        if setting.lever in levers and (size := _size(scenario, number, setting)):
            yield size


def _size(scenario: Scenario, number: int, setting: Setting) -> Size | None:
    parameter = PARAMETERS[setting.parameter]
    scale = scale_of(parameter, setting.operation)
    without = value_without(scenario, setting)
    if not isfinite(Scale(parameter.low, parameter.high).onto(without)):
        return None
    nothing = 1.0 if setting.operation == "multiply" else without
    middle, first = scale.onto(nothing), scale.onto(setting.value)
    if not (isfinite(middle) and isfinite(first)):
        return None
    below, above = sides(parameter, setting)
    width = max((below + above) / 2.0, WIDE)
    low, high = (scale.back(middle + side * Z90 * width) for side in (-1.0, 1.0))
    doubted = setting._replace(value=nothing, low=low, high=high)
    return Size(number, doubted, (first - middle) / width, below / width, above / width)


def value_without(scenario: Scenario, setting: Setting) -> float:
    """Return the value that would hold where and when a lever bears on one, without the lever.

    Parameters
    ----------
    scenario
        The scenario.
    setting
        The lever's row.

    Returns
    -------
    float
        The mean over where the row holds, on its first day.
    """
    parameter, table = PARAMETERS[setting.parameter], scenario.settings_in_force
    others = table[(table["parameter"] == setting.parameter) & (table["lever"] != setting.lever)]
    history = build_history(parameter, each_setting(others), scenario.selectors)
    (entry,) = build_history(parameter, [setting], scenario.selectors).entries
    first = float(np.datetime64(scenario.start, "D").astype(int) - scenario.warm_up)
    return float(_on(history, max(first, entry.since))[entry.cells].mean())


def _on(history: History, day: float) -> Array:
    """Return the values of a day by cell, also of a parameter that holds everywhere."""
    return history.values(int(day)).reshape(history.shape)
