"""Who may talk to the studio: pages of its own address that know its token, in small bodies.

Plain ASGI, tested without a server. The server listens on this machine alone; these checks keep
other pages, open in the same browser, from talking to it: an address that was made to point here
(Host), a form or script of another page (Origin, Sec-Fetch-Site), and whoever lacks the token.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from hmac import compare_digest
from typing import Any

from rumbo.studio.wording import said

MOST = 200_000
"""Most bytes of a body."""

PATIENCE = 10.0
"""Seconds in which a whole body has to arrive."""

TOKEN = "x-rumbo-token"
"""Header that carries the token."""

API = "/api/"

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every response: nothing from elsewhere, no eval, no script inside a page."""

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def hosts_of(port: int) -> frozenset[str]:
    """Return the names under which the studio answers on a port."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Lets through only what the studio's own page sends.

    Parameters
    ----------
    inner
        What answers.
    token
        The secret that the page was opened with.
    hosts
        Names of this server, with the port.
    """

    def __init__(self, inner: Application, token: str, hosts: Collection[str]) -> None:
        self._inner, self._token, self._hosts = inner, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        headers = [(key.decode("latin-1").lower(), value) for key, value in scope["headers"]]
        if (problem := self._problem(scope, headers)) is not None:
            await _refuse(send, *problem, _language(headers))
            return
        body = await _body(receive) if scope["method"] == "POST" else b""
        if body is None:
            await _refuse(send, 413, "guard.size", _language(headers))
            return

        sent = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> Message:
            return next(sent, None) or await receive()

        await self._inner(scope, replay, _with_headers(send))

    def _problem(self, scope: Scope, headers: list[tuple[str, bytes]]) -> tuple[int, str] | None:
        """Return the status and the key of why something is refused; None if it is not."""
        names = [name for name, _ in headers]
        told = {name: value.decode("latin-1") for name, value in headers}
        if scope["method"] not in ("GET", "POST"):
            return 405, "guard.method"
        if names.count("host") != 1 or told["host"].lower() not in self._hosts:
            return 403, "guard.host"
        origin = told.get("origin")
        if origin is not None and origin.lower() not in {f"http://{one}" for one in self._hosts}:
            return 403, "guard.origin"
        if told.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "guard.origin"
        if scope["path"].startswith(API):
            mine, theirs = self._token.encode(), told.get(TOKEN, "").encode()
            if names.count(TOKEN) != 1 or not compare_digest(mine, theirs):
                return 403, "guard.token"
        length = told.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, "guard.size"
        return (413, "guard.size") if int(length[:12]) > MOST else None


async def _body(receive: Receive) -> bytes | None:
    """Return a body; None if it is too large, or does not come."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _whole(receive)
    except TimeoutError:
        return None


async def _whole(receive: Receive) -> bytes | None:
    parts, size, more = list[bytes](), 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        parts, size, more = [*parts, part], size + len(part), bool(message.get("more_body"))
        if size > MOST:
            return None
    return b"".join(parts)


def _language(headers: list[tuple[str, bytes]]) -> str:
    first = next((value for name, value in headers if name == "accept-language"), b"")
    return "es" if first.lower().startswith(b"es") else "en"


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message["headers"] = [*message.get("headers", []), *own]
        await send(message)

    return sending


async def _refuse(send: Send, status: int, key: str, language: str) -> None:
    body = json.dumps({"faults": [said(key)[language]]}).encode()
    kind = [(b"content-type", b"application/json"), (b"connection", b"close")]
    start = {"type": "http.response.start", "status": status, "headers": kind}
    sending = _with_headers(send)
    await sending(start)
    await sending({"type": "http.response.body", "body": body})
