"""Chunks of members run by the workers of dask, on this machine or on others.

What runs chunks is sent to every worker once; each chunk is a task of its own. A chunk whose worker
is lost is run again by another one. Finished chunks come back to this process, which keeps them.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from rumbo.files.code import versions_now
from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from distributed import Client, Future

Item = TypeVar("Item")
Result = TypeVar("Result")

BACKEND = "dask"
"""What joblib calls it."""

AGAIN = 3
"""Times that what runs items is sent anew after workers were lost: all that had it, or one while it
was sent."""


class WorkersLost(RuntimeError):
    """A cluster that no longer runs what it was sent."""


def client_at_hand() -> "Client | None":
    """Return the client of the cluster that ``joblib.parallel_config`` names, or None.

    Returns
    -------
    distributed.Client or None
    """
    import joblib

    backend, _ = joblib.parallel.get_active_backend()
    return getattr(backend, "client", None)


def cores_of(client: "Client") -> int:
    """Return how many chunks a cluster runs at once."""
    return sum(client.ncores().values())


def run_there(
    client: "Client", waves: Iterator[list[tuple[Callable[[Item], Result], Item]]]
) -> Generator[tuple[Item, Result], None, None]:
    """Run jobs by a cluster's workers.

    Parameters
    ----------
    client
        The cluster.
    waves
        Lists of jobs: what runs an item, and the item. Those of one list run while the next is made
        ready; a list is emptied once it is sent.

    Yields
    ------
    tuple
        Each item, as it finishes, and what came of it.

    Raises
    ------
    Faults
        If a worker runs other code.
    WorkersLost
        If workers died again and again, or the scheduler is gone.
    """
    with losses_told():
        check_alike(client)
        yield from _run_there(client, waves)


@contextmanager
def losses_told() -> Iterator[None]:
    """Tell what a cluster raises that is gone, whichever way it went.

    Raises
    ------
    WorkersLost
        If workers died, or the scheduler is gone.
    """
    from distributed import KilledWorker

    try:
        yield
    except (KilledWorker, CancelledError) as lost:
        raise WorkersLost(_first_line(lost)) from None
    except OSError as refused:
        if not _is_gone(refused):
            raise
        raise WorkersLost(_first_line(refused)) from None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


def _is_gone(error: OSError) -> bool:
    """Whether a connection ended or never came about; no disk, which names a file or its error."""
    if error.filename or "errno = " in str(error):  # as libraries have it in their own words
        return False
    return error.errno is None or isinstance(error, ConnectionError | TimeoutError)


def _run_there(
    client: "Client", waves: Iterator[list[tuple[Callable[[Any], Any], Any]]]
) -> Generator[Any, None, None]:
    from distributed import as_completed

    done, ahead = as_completed(loop=client.loop), dict["Future", tuple[_Parcel, Any]]()

    def send(parcel: _Parcel, item: object) -> None:
        future = client.submit(_run_item, parcel.there(), item, pure=False)
        ahead[future] = parcel, item
        done.add(future)

    def back(future: "Future") -> Iterator[Any]:
        parcel, item = ahead.pop(future)
        try:
            result = future.result()
        except CancelledError:  # every worker that had the parcel is lost
            send(parcel, item)
        else:
            yield result

    for jobs in waves:
        parcels = {id(task): _Parcel(client, task) for task, _ in jobs}
        for task, item in jobs:
            send(parcels[id(task)], item)
        jobs.clear()
        for future in done.next_batch(block=False):
            yield from back(future)
    for future in done:
        yield from back(future)


class _Parcel:
    """What runs items, where all workers find it; kept to be sent again.

    A cluster keeps as few copies as its work needs, so that one worker's death may take the last.
    """

    def __init__(self, client: "Client", task: Callable[[Any], object]) -> None:
        self._client, self._task = client, task
        self._there: Future | None = None
        self._sent = 0

    def there(self) -> "Future":
        """Return it as the cluster holds it; sent if it does not."""
        if self._there is None or self._there.status != "finished":
            self._there = self._send()
        return self._there

    def _send(self) -> "Future":
        failed: Exception | None = None
        while self._sent <= AGAIN and self._client.status == "running":
            self._sent += 1
            try:
                return self._client.scatter(self._task, broadcast=True, hash=False)
            except (KeyError, ValueError) as lost:  # a worker, or the last one, while it is sent
                failed = lost
            except OSError as lost:
                if isinstance(lost, TimeoutError) or not _is_gone(lost):
                    raise
                failed = lost
        raise WorkersLost("all workers were lost, again and again") from failed


def _run_item(task: Callable[[Item], Result], item: Item) -> tuple[Item, Result]:
    """Run an item on one thread of linear algebra, which holds for all tasks of the process."""
    threadpool_limits(1)
    return item, task(item)


def check_alike(client: "Client") -> None:
    """See that every worker runs the same code with the same libraries as this process.

    Parameters
    ----------
    client
        The cluster.

    Raises
    ------
    Faults
        If one does not: its members would have other bytes.
    OSError
        If one is lost before it answers.
    """
    own = versions_now()
    told = client.run(versions_now, on_error="return")
    for worker, versions in sorted(told.items()):
        if isinstance(versions, OSError):  # it is lost, which says nothing of its code
            raise versions
        if line := _unlike(own, versions):
            cure = "Install the same on every machine, as constraints.txt or one image pins it"
            raise Faults([Fault(worker, 0, line, cure)])


def _unlike(own: Mapping[str, str], theirs: object) -> str:
    """Say in what a worker differs from this process; nothing where it does not."""
    if not isinstance(theirs, Mapping):
        return f"the worker cannot run rumbo ({type(theirs).__name__}: {theirs})"
    for name, version in own.items():
        known = str(theirs.get(name, "unknown"))
        if _counts(name, known) != _counts(name, version):
            return f"the worker has {name} {known:.12}, this process {version:.12}"
    return ""


def _counts(name: str, version: str) -> str:
    """Return what of a version may make two runs differ: the last part of Python's does not."""
    return version.rpartition(".")[0] if name == "python" else version
