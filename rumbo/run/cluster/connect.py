"""A cluster found by the address of its scheduler, before anything is written."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rumbo.files.faults import Fault, Faults
from rumbo.run.cluster.engine import BACKEND, check_alike, losses_told

if TYPE_CHECKING:
    from distributed import Client

ANSWER, READY = 5.0, 20.0
"""Seconds in which a scheduler answers, and in which it finds a worker."""

OPTION = "--scheduler"

_FORM = re.compile(r"([a-z]+://)?(\[[0-9a-f:.]+\]|[\w.-]+):[0-9]{1,5}", re.IGNORECASE | re.ASCII)
"""What addresses look like: a client that is given anything else is not cleared away quietly."""


@contextmanager
def connected(scheduler: str) -> Iterator[None]:
    """Run members by a cluster's workers as long as this lasts.

    Parameters
    ----------
    scheduler
        Address of its scheduler, such as ``tcp://node7:8786``, or the file that it wrote.

    Raises
    ------
    Faults
        If dask is not installed, the scheduler does not answer or has no worker, or one of its
        workers runs other code.
    WorkersLost
        If it is lost before it is known.
    """
    try:
        import distributed  # noqa: F401
        import joblib
    except ModuleNotFoundError:
        message = "it needs packages that are not installed"
        cure = "Install them with: pip install 'rumbo[cluster]'"
        raise Faults([Fault("--backend dask", 0, message, cure)]) from None
    with _client(scheduler) as client:
        with losses_told():
            _await_worker(client, scheduler)
            check_alike(client)
        with joblib.parallel_config(backend=BACKEND, client=client):
            yield


def _client(scheduler: str) -> "Client":
    from distributed import Client

    # What it says by itself of connections that fail is said by us in one line.
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        return Client(_address(scheduler), timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, KeyError, TypeError):
        message = f"no scheduler answers at '{scheduler}' within {ANSWER:g} seconds"
        cure = "Write the address that it printed, such as tcp://node7:8786, or its file"
        raise Faults([Fault(OPTION, 0, message, cure)]) from None


def _address(scheduler: str) -> str:
    """Return an address as it is, or as the file says that the scheduler wrote.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        If it is none.
    """
    from distributed.comm.registry import backends

    path = Path(scheduler)
    address = str(json.loads(path.read_bytes())["address"]) if path.is_file() else scheduler
    form = _FORM.fullmatch(address)
    if form is None or (form[1] or "tcp://").removesuffix("://").lower() not in backends:
        raise ValueError(address)
    return address


def _await_worker(client: "Client", scheduler: str) -> None:
    """Wait for one worker; a cluster that grows when it has work starts one for this."""
    try:
        client.submit(len, "", pure=False).result(timeout=READY)
    except TimeoutError:
        message = f"the scheduler at '{scheduler}' has no worker that answers"
        cure = "Start workers, and give the same command again"
        raise Faults([Fault(OPTION, 0, message, cure)]) from None
