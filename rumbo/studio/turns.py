"""One question at a time: the newest cancels the older."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

Stale = Callable[[], bool]
"""Says whether a newer question was asked, or this one was cancelled."""


class Turns:
    """Whose turn it is. May be asked from several threads."""

    def __init__(self) -> None:
        self._newest = 0
        self._lock = Lock()

    def take(self) -> Stale:
        """Cancel what is asked so far, and say later whether one was cancelled oneself."""
        with self._lock:
            self._newest += 1
            mine = self._newest
        return lambda: mine != self._newest

    def cancel(self) -> None:
        """Cancel what is asked so far."""
        self.take()


@contextmanager
def held(lock: Lock) -> Iterator[None]:
    """Hold a lock, which another thread may let go of: streams end where they were left."""
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
