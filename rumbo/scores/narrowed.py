"""By how much the record narrows the sizes of a policy: spread after a fit over spread before."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

SPEAKS, MUTE = 0.5, 0.8
"""Posterior over prior spread below which the figures may be said to speak, and above which what
was assumed does; between them it is not decided."""


class Narrowed(NamedTuple):
    """Spread after the fit over that before it, with the ends of its 90 % range."""

    ratio: float
    low: float
    high: float


def together(sizes: Sequence[Narrowed]) -> Narrowed | None:
    """Return what several sizes come to: the root of the mean of their squares, None of none.

    The ends are those of sizes that err all the same way, so the range is rather too wide.
    """
    if not sizes:
        return None
    return Narrowed(
        *(sqrt(sum(end**2 for end in ends) / len(ends)) for ends in zip(*sizes, strict=True))
    )
