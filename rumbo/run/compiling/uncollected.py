"""Making many small objects that stay, without anybody looking through them meanwhile."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Makers:
    """Who is making objects now, in whatever thread, and whether to collect once nobody is."""

    def __init__(self) -> None:
        self._lock, self._many, self._collecting = Lock(), 0, False

    def begin(self) -> None:
        """Let the collector rest."""
        with self._lock:
            if not self._many:
                self._collecting = gc.isenabled()
                gc.disable()
            self._many += 1

    def end(self) -> None:
        """Leave the collector as it was before the first began, once the last has ended."""
        with self._lock:
            self._many -= 1
            if not self._many and self._collecting:
                gc.enable()


_MAKERS = _Makers()
"""The collector is one for all threads."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from looking for reference cycles for a while.

    It looks through all objects again and again as they become more, and hardly any of them is part
    of a cycle. Afterwards it goes on as before.
    """
    _MAKERS.begin()
    try:
        yield
    finally:
        _MAKERS.end()
