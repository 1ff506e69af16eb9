"""Chunks of members: those kept before are read, the others run in threads or processes.

Which, is chosen here alone: threads, beyond eight of them processes, and where joblib is told of a
cluster (``joblib.parallel_config(backend="dask")``) its workers. A thread that runs a chunk cannot
be stopped before the chunk is done; Ctrl-C does not wait for it.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from multiprocessing import resource_tracker
from typing import Protocol, TypeVar

from threadpoolctl import threadpool_limits

from rumbo.run.cluster.engine import client_at_hand, cores_of, run_there
from rumbo.run.result import Months

Progress = Callable[[int, int], None]
"""Told after each finished chunk: (member runs done, member runs in all)."""

MOST_THREADS = 8
"""Threads that share the interpreter well: a drawn day holds it for a sixteenth of its time."""

WATCH = 2.0
"""Seconds between two looks of a worker process at whether its parent lives."""

Members = tuple[int, ...]
"""Numbers of the members of a chunk, ascending."""

Task = Callable[[Members], list[Months]]
"""Runs a chunk of members: what is recorded in each scenario."""

Job = tuple[Task, Members]
"""A chunk, with what runs it."""

Waves = Callable[[Sequence[Members], int], Iterator[list[Job]]]
"""Chunks that are to run by so many workers, in lists to be run one after the other."""


Item = TypeVar("Item")
Result = TypeVar("Result")


class Store(Protocol):
    """Where finished chunks are kept, such as `rumbo.run.folder.ChunkStore`."""

    def has(self, scenario: str, members: Members) -> bool:
        """Whether these members of a scenario are there, whole."""

    def read(self, scenario: str, members: Members) -> Months:
        """Return them as they were written."""

    def write(self, scenario: str, members: Members, measures: Months) -> None:
        """Keep them."""


def run_chunks(
    waves: Waves,
    names: Sequence[str],
    chunks: Sequence[Members],
    workers: int | None,
    store: Store | None,
    progress: Progress | None,
) -> Generator[tuple[Members, list[Months]], None, None]:
    """Run chunks of members, or read those that are kept.

    Parameters
    ----------
    waves
        Finds what runs each chunk; where there are worker processes, that travels to them.
    names
        Names of the scenarios, in the task's order.
    chunks
        Numbers of the members of each chunk.
    workers
        Threads to use, beyond eight processes; None uses every core. Where a cluster is at hand its
        own number counts; but 1 always means this process.
    store
        Where finished chunks are kept, or None.
    progress
        Called once at the start and after every finished chunk.

    Yields
    ------
    tuple of tuple and list
        Each chunk, as it finishes, and what is recorded in each scenario.
    """
    stored = [c for c in chunks if store and all(store.has(name, c) for name in names)]
    done, every = len(names) * sum(map(len, stored)), len(names) * sum(map(len, chunks))
    report = progress or (lambda _done, _all: None)
    report(done, every)
    if store:
        yield from ((c, [store.read(name, c) for name in names]) for c in stored)
    with closing(_run(waves, [c for c in chunks if c not in stored], workers)) as runs:
        for chunk, months in runs:
            if store:
                for name, one in zip(names, months, strict=True):
                    store.write(name, chunk, one)
            done += len(names) * len(chunk)
            report(done, every)
            yield chunk, months


def _run(
    waves: Waves, chunks: Sequence[Members], workers: int | None
) -> Generator[tuple[Members, list[Months]], None, None]:
    """Run chunks, by several workers if there are any, yielding each as it finishes."""
    import joblib

    client = None if workers == 1 else client_at_hand()
    several = min(workers or joblib.cpu_count(), max(len(chunks), 1))
    if client is not None:
        yield from run_there(client, waves(chunks, 1))
    elif several == 1:
        yield from _one_by_one(waves(chunks, 1))
    elif several <= MOST_THREADS:
        yield from _in_threads(waves(chunks, 1), len(chunks), several)
    else:
        yield from _in_processes(waves(chunks, several), several)


def cores() -> int:
    """Return how many chunks run at once where nothing else is said: here, or by a cluster."""
    import joblib

    client = client_at_hand()
    return int(joblib.cpu_count()) if client is None else cores_of(client)


def run_each(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int | None
) -> Generator[tuple[Item, Result], None, None]:
    """Call a function for each of some items, in processes or by a cluster's workers.

    Parameters
    ----------
    work
        The function; it travels to where it is called, and so do items and what it returns.
    items
        What it is called with.
    workers
        Processes; one for each core if None. A cluster at hand is used unless it is 1.

    Yields
    ------
    tuple
        Each item, as it finishes, and what came of it.
    """
    import joblib

    client = None if workers == 1 else client_at_hand()
    if client is not None:
        yield from run_there(client, iter([[(work, item) for item in items]]))
        return
    call, me = joblib.delayed(_item_for), os.getpid()
    with joblib.Parallel(workers or -1, return_as="generator_unordered", batch_size=1) as pool:
        yield from pool(call(me, work, item) for item in items)


def _one_by_one(waves: Iterator[list[Job]]) -> Iterator[tuple[Members, list[Months]]]:
    for jobs in waves:
        yield from (_with_chunk(task, chunk) for task, chunk in jobs)
        jobs.clear()  # what ran them is large: it goes before the next is made


def _in_threads(
    waves: Iterator[list[Job]], count: int, threads: int
) -> Generator[tuple[Members, list[Months]], None, None]:
    """Run so many chunks in threads: programs and results lie in memory once."""
    import joblib

    call, shared = joblib.delayed(_next_chunk), _Shared(waves)
    with threadpool_limits(1):
        pool = joblib.Parallel(threads, "threading", return_as="generator_unordered", batch_size=1)
        yield from pool(call(shared) for _ in range(count))


class _Shared:
    """Chunks of which each thread takes the next when it is free for it: few are held at a time."""

    def __init__(self, waves: Iterator[list[Job]]) -> None:
        self._jobs = (job for jobs in waves for job in _taken_out(jobs))
        self._lock = threading.Lock()

    def take(self) -> Job:
        with self._lock:
            return next(self._jobs)


def _next_chunk(shared: _Shared) -> tuple[Members, list[Months]]:
    return _chunk_of(*shared.take())


def _taken_out(jobs: list[Job]) -> Iterator[Job]:
    while jobs:
        yield jobs.pop(0)


def _in_processes(
    waves: Iterator[list[Job]], processes: int
) -> Generator[tuple[Members, list[Months]], None, None]:
    """Run chunks in processes, which do not wait for each other between two days."""
    import joblib

    call = joblib.delayed(_run_for)
    with joblib.Parallel(processes, return_as="generator_unordered", batch_size=1) as pool:
        for jobs in waves:
            with unstoppable():
                results = pool(call(os.getpid(), task, chunk) for task, chunk in jobs)
            yield from results
            jobs.clear()


def _chunk_of(task: Task, chunk: Members) -> tuple[Members, list[Months]]:
    return chunk, task(chunk)


def _with_chunk(task: Task, chunk: Members) -> tuple[Members, list[Months]]:
    """Run a chunk on one thread of linear algebra: sums on more differ in the last bits."""
    with threadpool_limits(1):
        return _chunk_of(task, chunk)


def _run_for(parent: int, task: Task, chunk: Members) -> tuple[Members, list[Months]]:
    end_with(parent)
    return _with_chunk(task, chunk)


def _item_for(parent: int, work: Callable[[Item], Result], item: Item) -> tuple[Item, Result]:
    end_with(parent)
    return item, work(item)


@cache
def end_with(parent: int) -> None:
    """Let this worker process end soon after its parent does, however that ends.

    Parameters
    ----------
    parent
        Id of the process that is believed to have started this one; if another did, nothing
        happens.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    if os.getppid() == parent:
        threading.Thread(target=watch, daemon=True).start()


@contextmanager
def unstoppable() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one; it is acted on once they are started."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let Ctrl-C through again if started later
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
