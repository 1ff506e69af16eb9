"""Where each unknown stands in the long vector that a smoother moves."""

import math
from collections.abc import Mapping

import numpy as np

from rumbo.scenario.arrays import Array, Index


class Layout:
    """Named arrays laid end to end.

    Parameters
    ----------
    shapes
        Shape of each array, by name.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = dict(shapes)
        sizes = [math.prod(shape) for shape in self.shapes.values()]
        ends = np.cumsum([0, *sizes])
        self._slots = {n: slice(a, b) for n, a, b in zip(shapes, ends[:-1], ends[1:], strict=True)}
        self.size = int(ends[-1])

    def pack(self, arrays: Mapping[str, Array]) -> Array:
        """Return arrays of shape (R, ...) as one of shape (N, R)."""
        rows = [arrays[name].reshape(len(arrays[name]), -1) for name in self.shapes]
        return np.ascontiguousarray(np.concatenate(rows, axis=1).T)

    def unpack(self, vector: Array) -> dict[str, Array]:
        """Return the arrays, each of shape (R, ...), of a vector of shape (N, R)."""
        members = vector.shape[1]
        return {
            name: np.ascontiguousarray(vector[self._slots[name]].T).reshape(members, *shape)
            for name, shape in self.shapes.items()
        }

    def rows(self, name: str) -> Index:
        """Return the rows of an array, in its own shape."""
        slot = self._slots[name]
        return np.arange(slot.start, slot.stop).reshape(self.shapes[name])
