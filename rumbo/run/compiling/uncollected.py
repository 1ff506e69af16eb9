"""Making many small objects that stay, without anybody looking through them meanwhile."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for reference cycles for a while.

    It looks through all objects again and again as they become more: of a corridor of 3,000 places
    that was a third of the time. None of them is part of a cycle. Afterwards it goes on as before.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
