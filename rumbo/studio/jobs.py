"""Work that lasts: one process at a time does it, and can be stopped.

To start a process and import what it needs takes more than a second, so that one may wait for work.
"""

import signal
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from typing import Any, NamedTuple

from rumbo.files.faults import Faults
from rumbo.run.workers import unstoppable
from rumbo.studio.runs import Stale
from rumbo.studio.wording import Refused, refused, told_faults

Work = Callable[..., str]
"""What a worker does: given its arguments and whom to tell how far it is, it returns a path."""

Event = tuple[str, Any]
"""``progress`` with runs done and in all, ``done`` with a path, or ``fault`` with what it is."""

LOOK = 0.2
"""Seconds between two looks at whether a newer question was asked."""


class Worker(NamedTuple):
    """A process that does one piece of work, and the line to it."""

    process: BaseProcess
    line: Connection

    @classmethod
    def started(cls) -> "Worker":
        """Start one, which waits for its work."""
        context = get_context("spawn")
        mine, its = context.Pipe()
        process = context.Process(target=_wait_for_work, args=(its,), daemon=True)
        with unstoppable():
            process.start()
        its.close()
        return cls(process, mine)

    def end(self) -> None:
        """End it; what it finished stays."""
        if self.process.is_alive():
            self.process.terminate()
        self.process.join()
        self.line.close()


class Jobs:
    """The one piece of work that is going on, if any, and a process that waits for the next."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: Worker | None = None
        self._spare: Worker | None = None

    def make_ready(self) -> None:
        """Let a process wait for work, unless one does."""
        with self._lock:
            if self._spare is None:
                self._spare = Worker.started()

    def run(self, work: Work, *arguments: object, stale: Stale) -> Iterator[Event]:
        """Do some work in a process of its own, and tell how far it is.

        Parameters
        ----------
        work
            A function of a module.
        *arguments
            What it is given.
        stale
            Whether it is no longer wanted: the process is then stopped.

        Yields
        ------
        tuple
            How far it is.

        Raises
        ------
        Refused
            If it could not be done.
        """
        self.stop()
        with self._lock:
            spare, self._spare = self._spare, None
            worker = spare if spare and spare.process.is_alive() else Worker.started()
            self._running = worker
        try:
            yield from _events(worker.line, (work, arguments), stale)
        finally:
            worker.end()
            if spare:
                self.make_ready()

    def stop(self) -> None:
        """Stop the work that is going on."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.end()


def _events(line: Connection, given: object, stale: Stale) -> Iterator[Event]:
    """Give a process its work, and go through what it says until it is done or not wanted."""
    while not stale():
        try:
            if given is not None:
                line.send(given)
                given = None
            if not line.poll(LOOK):
                continue
            kind, value = line.recv()
        except (EOFError, OSError):  # it was stopped, or the system ended it
            raise refused("work.ended") from None
        if kind == "fault":
            raise Refused(value)
        yield kind, value
        if kind == "done":
            return


def _wait_for_work(line: Connection) -> None:
    """Do some work, once it is given, in the process of its own; Ctrl-C is for who started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        work, arguments = line.recv()
    except EOFError:  # whoever would have given it is gone
        return
    try:
        line.send(("done", work(*arguments, lambda *far: line.send(("progress", far)))))
    except Faults as faults:
        line.send(("fault", told_faults(faults)))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        line.send(("fault", refused("work.disk", reason=reason).texts))
