"""Ranges of values: where a value lies that is so many standard deviations from the middle.

A row's ``low`` and ``high`` are the ends of its middle nine tenths. Either side has a width of its
own, on the parameter's own scale: a share moves on logits, a rate or a number on logs above the
least that is allowed, a preference as it is. So no member's value leaves what the parameter allows,
and nine members in ten lie between the ends that the row states.
"""

from functools import lru_cache
from math import isfinite
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.special import expit

from rumbo.engine.rates import times_odds
from rumbo.scenario.arrays import Array
from rumbo.scenario.parameters import Parameter
from rumbo.scenario.settings import Setting

Z90 = 1.645
"""Standard deviations from the middle to either end of a 90 % range."""

NEAREST = 0.05
"""Where an end stands that lies on a bound which its scale never reaches: this share of the way
from the bound to the value. Assumed."""

Numbers = TypeVar("Numbers", float, Array)


class Scale(NamedTuple):
    """The line along which the values of a parameter are moved.

    Attributes
    ----------
    low, high
        Bounds that are never reached; infinite where there is none.
    """

    low: float
    high: float

    def onto(self, value: Numbers) -> Numbers:
        """Return where values lie on the line; infinite on a bound."""
        with np.errstate(divide="ignore"):
            place: Numbers = np.log(value - self.low) if isfinite(self.low) else value
            above: Numbers | float = np.log(self.high - value) if isfinite(self.high) else 0.0
        return place - above

    def back(self, place: Numbers) -> Numbers:
        """Return the values at places of the line."""
        if not isfinite(self.low):
            return place
        bounded = isfinite(self.high)
        above: Numbers = (self.high - self.low) * expit(place) if bounded else np.exp(place)
        return self.low + above


def scale_of(parameter: Parameter, operation: str) -> Scale:
    """Return the scale of a parameter's values, or of what they are multiplied by.

    Parameters
    ----------
    parameter
        The parameter.
    operation
        Of the row: what multiplies is a factor, whatever the parameter.
    """
    if operation == "multiply":
        return Scale(0.0, np.inf)
    if parameter.low < 0.0:
        return Scale(-np.inf, np.inf)
    return Scale(parameter.low, parameter.high)


def sides(parameter: Parameter, setting: Setting) -> tuple[float, float]:
    """Return how wide a row's range is below and above its value.

    Parameters
    ----------
    parameter
        The parameter.
    setting
        The row.

    Returns
    -------
    tuple of float
        Standard deviations on the parameter's scale; 0 where the row gives no finite end, and both
        where its value lies on a bound, from which no scale leads away.
    """
    scale = scale_of(parameter, setting.operation)
    return _widths(scale, setting.value, setting.low, setting.high)


@lru_cache(maxsize=4096)  # a row holds on many days
def _widths(scale: Scale, value: float, low: float, high: float) -> tuple[float, float]:
    middle = scale.onto(value)
    if not np.isfinite(middle):
        return 0.0, 0.0
    below, above = (
        abs(scale.onto(_inside(scale, end, value)) - middle) / Z90 if isfinite(end) else 0.0
        for end in (low, high)
    )
    return below, above


def _inside(scale: Scale, end: float, value: float) -> float:
    return end + NEAREST * (value - end) if end in scale else end


def sides_of_factor(parameter: Parameter, setting: Setting, values: Array) -> tuple[Array, Array]:
    """Return how wide the range of a row that multiplies is about the values that it leads to.

    Parameters
    ----------
    parameter
        The parameter.
    setting
        The row; it multiplies.
    values
        The parameter's values in force, with the row's factor in them.

    Returns
    -------
    tuple of numpy.ndarray
        Standard deviations below and above on the parameter's own scale: at `Z90` of them lie the
        values with the row's ``low`` and ``high`` in place of its ``value``, or just inside the
        bound that these would pass. 0 where values lie on a bound, or the row gives no finite end.
    """
    scale = Scale(parameter.low, parameter.high)
    below, above = (
        way(scale, times(parameter, values, end / setting.value), values) / Z90
        if setting.value > 0.0 and isfinite(end)
        else np.zeros_like(values)
        for end in (setting.low, setting.high)
    )
    return -below, above


def times(parameter: Parameter, values: Array, factor: float) -> Array:
    """Return a parameter's values multiplied by a factor: of some parameters their odds are."""
    return times_odds(values, factor) if parameter.odds else values * factor


def way(scale: Scale, ends: Array, values: Array) -> Array:
    """Return the way along the line to ends; to those past a bound, as far as just inside it."""
    with np.errstate(invalid="ignore"):
        near, far = (bound + NEAREST * (values - bound) for bound in scale)
        inside = np.where(ends <= scale.low, near, np.where(ends >= scale.high, far, ends))
        along = scale.onto(inside) - scale.onto(values)
    return np.where(np.isfinite(along), along, 0.0)


def value_at(parameter: Parameter, setting: Setting, z: float) -> float:
    """Return the value that lies some standard deviations from the middle of a row's range.

    Parameters
    ----------
    parameter
        The parameter.
    setting
        The row.
    z
        Standard deviations, upwards if positive.

    Returns
    -------
    float
        At ``-Z90`` and ``Z90`` the ends that the row states, unless these lie on a bound. From a
        value on a bound, such as a share of 0, the way to the other end is straight.
    """
    scale = scale_of(parameter, setting.operation)
    middle = scale.onto(setting.value)
    if not isfinite(middle):
        return _off_bound(scale, setting, z)
    below, above = sides(parameter, setting)
    shift = z * (above if z > 0.0 else below)
    return scale.back(middle + shift) if shift else setting.value


def _off_bound(scale: Scale, setting: Setting, z: float) -> float:
    """Return the value on the straight way from a bound to the other end of the range."""
    upwards = setting.value == scale.low
    end = setting.high if upwards else setting.low
    if setting.value not in scale or not isfinite(end):
        return setting.value
    share = max(z if upwards else -z, 0.0) / Z90
    value = setting.value + share * (end - setting.value)
    return float(np.clip(value, *scale))
