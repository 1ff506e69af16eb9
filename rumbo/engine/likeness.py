"""Whether tables of two programs are the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rumbo.engine.arrays import Array
from rumbo.engine.rates import Room


def same_table(one: Array, other: Array) -> bool:
    """Whether two arrays are alike."""
    return one is other or np.array_equal(one, other)


def same_arrays(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    """Whether the same names have the same arrays; what nobody knows, NaN, is alike."""
    return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)


def _same(one: Array, other: Array) -> bool:
    return np.array_equal(one, other) or np.array_equal(one, other, equal_nan=True)


def same_room(one: Room, other: Room) -> bool:
    """Whether places put people off from the same numbers on."""
    return one.power == other.power and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("near", "full", "turns")
    )
