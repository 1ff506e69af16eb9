"""Whose turn it is, and work that lasts, which `rumbo.studio.jobs` gives a process of its own.

What was finished stays in its run folder: the same question goes on from there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from rumbo.run.folder import is_finished, keep_run, open_run, write_result
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.run.workers import MOST_THREADS, Progress

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
