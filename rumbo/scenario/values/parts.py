"""Settings that are in force in part: how far they lead a value, and how unsure that makes it.

A deal that is being brought in, or kept in part, leads a value only some of the way. What is set is
mixed in a straight line with what would hold without the deal; what multiplies is raised to the
power of the part.
"""

from collections.abc import Iterator

import numpy as np

from rumbo.scenario.arrays import Array
from rumbo.scenario.parameters import Parameter
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.ranges import Z90, scale_of, way


def mixed(before: Array, value: float, part: float) -> Array:
    """Return values led some part of the way to another.

    Parameters
    ----------
    before
        What would hold otherwise.
    value, part
        What is set, and the share of the way to it: 0 leaves what was, 1 gives the value.
    """
    with np.errstate(invalid="ignore"):  # without limit: refused, see `mixing_faults`
        return before + part * (value - before)


def powered(setting: Setting) -> Setting:
    """Return a row that multiplies with its factor and the ends of its range as far as in force."""
    if setting.part == 1.0:
        return setting
    factors = (getattr(setting, name) ** setting.part for name in ("value", "low", "high"))
    value, low, high = factors
    return setting._replace(value=value, low=low, high=high, part=1.0)


def sides_of_mix(parameter: Parameter, setting: Setting, before: Array) -> tuple[Array, Array]:
    """Return how wide a row's own range is about the mix that it leads to.

    Parameters
    ----------
    parameter, setting
        The parameter, and a row that sets it in part.
    before
        What would hold without the deal.

    Returns
    -------
    tuple of numpy.ndarray
        Standard deviations below and above on the parameter's scale.
    """
    scale, middle = scale_of(parameter, "set"), mixed(before, setting.value, setting.part)
    below, above = (
        way(scale, mixed(before, end, setting.part), middle) / Z90
        if np.isfinite(end)
        else np.zeros_like(middle)
        for end in (setting.low, setting.high)
    )
    return -below, above


def sides_left(
    parameter: Parameter, setting: Setting, before: Array, sides: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Return what is left in a mix of the width that the values before it had.

    Parameters
    ----------
    parameter, setting, before
        As for `sides_of_mix`.
    sides
        Standard deviations below and above of the values before.

    Returns
    -------
    tuple of numpy.ndarray
    """
    scale, middle = scale_of(parameter, "set"), mixed(before, setting.value, setting.part)
    down, up = -sides[0], sides[1]
    with np.errstate(invalid="ignore"):
        ends = (scale.back(scale.onto(before) + Z90 * side) for side in (down, up))
        mixes = (mixed(end, setting.value, setting.part) for end in ends)
        below, above = (way(scale, mix, middle) / Z90 for mix in mixes)
    # Where nothing was unsure, onto the scale and back is the value but for its last bits.
    return np.where(down == 0.0, 0.0, -below), np.where(up == 0.0, 0.0, above)


def mixing_faults(setting: Setting, before: Array) -> Iterator[tuple[str, str]]:
    """Go through what keeps a row from being in force in part.

    Parameters
    ----------
    setting
        The row.
    before
        What would hold without the deal.

    Yields
    ------
    tuple of str
        What is wrong, and how to mend it.
    """
    cure = "Leave out its ramp, compliance and their range, or give both numbers"
    if setting.operation == "multiply":
        if setting.value == 0.0:
            message = f"{setting.parameter} is multiplied by 0, of which no part can be in force"
            yield message, "Write a small factor, or leave out its ramp, compliance and their range"
    elif np.isinf(setting.value):
        yield f"{setting.parameter} is without limit, so it cannot be in force in part", cure
    elif not np.isfinite(before).all():
        what = "unknown" if np.isnan(before).any() else "without limit"
        yield f"{setting.parameter} is {what} without the deal, so it cannot hold in part", cure
