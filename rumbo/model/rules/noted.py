"""Values that note which of them are read, and remember what was worked out from them.

What a rule gives follows from the values that it reads and from nothing else, and so does each part
of it. So what was worked out once stands wherever these are the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from rumbo.engine.arrays import Array
from rumbo.model.rules.form import Values
from rumbo.model.rules.ground import Ground

Given = TypeVar("Given")

Work = Callable[[Values, Ground], Any]
"""Works something out from values, on a ground."""


class Recalled(NamedTuple):
    """What was worked out, and the values that it was worked out from."""

    read: dict[str, Array]
    given: Any

    def holds(self, values: Values) -> bool:
        """Whether the same would be worked out again."""
        return all(values[name] is array for name, array in self.read.items())


Memory = dict[Work, list[Recalled]]
"""What was worked out on one ground, by what did it."""


class Noted(Mapping[str, Array]):
    """Values that note which of them are read.

    Parameters
    ----------
    values
        The values; equal ones are one array.
    memory
        What was worked out from values before, on the same ground; it is added to.

    Attributes
    ----------
    read
        Those that were read.
    """

    def __init__(self, values: Values, memory: Memory) -> None:
        self._values, self._memory = values, memory
        self.read: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        """Return a value, which counts as read."""
        self.read[name] = self._values[name]
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names of all values, read or not."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self._values)

    def recall(self, work: Work, ground: Ground) -> Any:
        """Return what is remembered, or work it out; either way its values count as read."""
        known = self._memory.setdefault(work, [])
        found = next((one for one in known if one.holds(self._values)), None)
        if found is None:
            inner = Noted(self._values, self._memory)
            found = Recalled(inner.read, work(inner, ground))
            known.append(found)
        self.read |= found.read
        return found.given


def once(work: Callable[[Values, Ground], Given], values: Values, ground: Ground) -> Given:
    """Work something out, unless the values remember it.

    Parameters
    ----------
    work
        What works it out. It must be a function of a module: it is remembered by what it is.
    values
        Parameters in force.
    ground
        Facts of the network.
    """
    if isinstance(values, Noted):
        given: Given = values.recall(work, ground)
        return given
    return work(values, ground)
