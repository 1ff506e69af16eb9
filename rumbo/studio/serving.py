"""The studio served on this machine alone, and opened in a browser."""

import gc
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from rumbo.files.faults import Fault, Faults
from rumbo.scenario.scenario import Scenario, load
from rumbo.studio.app import application, of_faults
from rumbo.studio.guard import Application, Guard, hosts_of
from rumbo.studio.saved import with_own_fit
from rumbo.studio.service import Service
from rumbo.studio.wording import Refused, Spanish, Text, as_it_is, refused, said, told_faults

HOST = "127.0.0.1"
"""The only address that is listened on."""

PORT = 8642
"""Port where none is asked for; another free one, if it is in use."""

FOLDER = Path("runs/studio")
"""Where runs are kept."""

Say = Callable[[Text], None]
"""Tells whoever started it something."""


def serve(
    corridor: str | Path,
    port: int | None = None,
    *,
    say: Say,
    open_browser: bool = True,
    folder: Path = FOLDER,
    spanish: Spanish = as_it_is,
) -> None:
    """Serve the studio until it is stopped.

    Parameters
    ----------
    corridor
        Name of a bundled corridor, or the folder of one's own. Where it has faults, the page lists
        them.
    port
        Port to listen on; `PORT`, or another free one, if None.
    say
        Tells where the page is.
    open_browser
        Whether to open it in the browser.
    folder
        Where runs are kept.
    spanish
        Puts sentences of the package into Spanish.

    Raises
    ------
    Refused
        If the port is in use or cannot be had.
    """
    listening = listen(port)
    number, token = listening.getsockname()[1], secrets.token_urlsafe(24)
    service: Service | None = None
    try:
        service = Service(opened(corridor), folder, spanish)
        inner: Application = application(service)
        threading.Thread(target=_ready, args=(service,), daemon=True).start()
    except Faults as faults:
        texts = told_faults(faults, spanish)
        for text in texts:
            say(text)
        inner = of_faults(texts)
    address = f"http://{HOST}:{number}/#token={token}"
    say(said("serving", address=address))
    if open_browser:
        threading.Thread(target=_open, args=(address, say), daemon=True).start()
    try:
        server(Guard(inner, token, hosts_of(number))).run(sockets=[listening])
    finally:
        listening.close()
        if service is not None:
            service.cancel()


def opened(corridor: str | Path) -> Scenario:
    """Return a corridor with its own fit, if it has one.

    Parameters
    ----------
    corridor
        As in `serve`.

    Raises
    ------
    Faults
        If it has faults, or is recorded by day, which the page cannot draw.
    """
    base = with_own_fit(load(corridor))
    if base.header.record == "day":
        message, cure = "the corridor is recorded by day", "Open one that is recorded by months"
        raise Faults([Fault("corridor.yaml", 0, message, cure)])
    return base


def listen(port: int | None) -> socket.socket:
    """Return a socket of this machine alone, on a port.

    Parameters
    ----------
    port
        As in `serve`; 0 for any that is free.

    Raises
    ------
    Refused
        If it cannot be had.
    """
    for number in (PORT, 0) if port is None else (port,):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # on Windows it would let others take a port that is in use
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, number))
            one.listen()  # who comes before the server stands waits, and is not refused
        except (OSError, OverflowError):
            one.close()
        else:
            return one
    raise refused("port", port=port)


def server(guarded: Application) -> uvicorn.Server:
    """Return the server of an application; it says nothing of itself."""
    config = uvicorn.Config(
        guarded,
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def _ready(service: Service) -> None:
    """Make ready what questions need, and let it be passed over where memory is looked through.

    To look through it takes a fifth of a second, in the middle of an answer.
    """
    service.desk.ready()
    service.jobs.make_ready()
    gc.collect()
    gc.freeze()


def _open(address: str, say: Say) -> None:
    """Open the page; say so where no browser can be opened."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        say(said("browser"))


__all__ = ["FOLDER", "HOST", "PORT", "Refused", "listen", "serve", "server"]
