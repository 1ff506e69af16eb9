"""Whose turn it is, and work that lasts: one worker process, which can be stopped.

What it finished stays in its run folder: the same question goes on from there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from typing import Any

from rumbo.files.faults import Faults
from rumbo.run.folder import is_finished, keep_run, open_run, write_result
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import MOST_THREADS, Progress
from rumbo.studio.wording import Refused, refused, told_faults

Work = Callable[..., str]
"""What a worker does: given its arguments and whom to tell how far it is, it returns a path."""

Event = tuple[str, Any]
"""``progress`` with runs done and in all, ``done`` with a path, or ``fault`` with what it is."""

LOOK = 0.2
"""Seconds between two looks at whether a newer question was asked."""


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


class Jobs:
    """The one piece of work that is going on, if any."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: BaseProcess | None = None

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
        context = get_context("spawn")
        mine, its = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(its, work, arguments), daemon=True)
        with self._lock:
            self._running = process
            process.start()
        its.close()
        try:
            yield from _events(mine, stale)
        finally:
            _end(process)
            mine.close()

    def stop(self) -> None:
        """Stop the work that is going on."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            _end(running)


def _events(said: Connection, stale: Stale) -> Iterator[Event]:
    """Go through what a process says, until it is done or no longer wanted."""
    while not stale():
        if not said.poll(LOOK):
            continue
        try:
            kind, value = said.recv()
        except (EOFError, OSError):  # it was stopped, or the system ended it
            raise refused("work.ended") from None
        if kind == "fault":
            raise Refused(value)
        yield kind, value
        if kind == "done":
            return


def _end(process: BaseProcess) -> None:
    """End a process of ours; what it finished stays."""
    if process.is_alive():
        process.terminate()
    process.join()


def _work(said: Connection, work: Work, arguments: tuple[object, ...]) -> None:
    """Do some work, in the process of its own."""
    try:
        said.send(("done", work(*arguments, lambda *far: said.send(("progress", far)))))
    except Faults as faults:
        said.send(("fault", told_faults(faults)))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        said.send(("fault", refused("work.disk", reason=reason).texts))


def simulated_members(spec: RunSpec, folder: Path, progress: Progress) -> str:
    """Run members of scenarios, or go on with them, and keep the result.

    Parameters
    ----------
    spec
        What is run.
    folder
        The run folder.
    progress
        Told how far it is.

    Returns
    -------
    str
        The folder.
    """
    with keep_run(folder, spec) as store:
        if not is_finished(folder):
            workers = min(os.cpu_count() or 1, MOST_THREADS)
            write_result(folder, execute(spec, workers, store, progress))
    return str(folder)


def written_report(folder: Path, languages: tuple[str, ...], _progress: Progress) -> str:
    """Write the full report of a run in some languages, and return the first one's path."""
    from rumbo.report import write_reports

    paths = {language: folder / f"report-{language}.html" for language in languages}
    return str(write_reports(open_run(folder), paths)[0])


def written_tables(folder: Path, _languages: tuple[str, ...], _progress: Progress) -> str:
    """Write the tables, maps and workbooks of a run, and return their folder."""
    from rumbo.exporting import export

    export(open_run(folder), folder / "export")
    return str(folder / "export")
