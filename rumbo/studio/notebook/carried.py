"""A request carried to the studio's addresses by messages, without a server."""

import asyncio
from collections.abc import Callable
from typing import Any

from rumbo.studio.guard import Application, Message

Tell = Callable[[dict[str, Any]], None]
"""Tells whoever asked a piece of the reply."""

STREAMED = "2.4"
"""The version of ASGI in which a reply is streamed without asking whether somebody still listens:
a newer question cancels an older one anyway."""


def carry(inner: Application, path: str, body: str | None, tell: Tell) -> None:
    """Hand a request to an application, and tell its reply piece by piece.

    Parameters
    ----------
    inner
        What answers.
    path
        The address.
    body
        What is sent to it; None where something is only asked for.
    tell
        Told ``status`` first, then each ``text``, with whether it is the ``end``; of what breaks
        off, an end.
    """
    asyncio.run(_carry(inner, path, body, tell))


async def _carry(inner: Application, path: str, body: str | None, tell: Tell) -> None:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": STREAMED},
        "http_version": "1.1",
        "method": "GET" if body is None else "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": (body or "").encode(), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            tell({"status": message["status"]})
        else:
            text, more = message.get("body", b"").decode(), message.get("more_body", False)
            tell({"text": text, "end": not more})

    try:
        await inner(scope, receive, send)
    except Exception:
        # As where a connection drops: the page keeps what was asked, and asks again.
        tell({"text": "", "end": True})
        raise
