"""Who may talk to the studio: tried without a server, then against one, with all that is wrong."""

import asyncio
import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import pytest
from helpers import three_places
from starlette.requests import ClientDisconnect

from rumbo.studio import guard
from rumbo.studio.app import application, of_faults
from rumbo.studio.guard import HEADERS, MOST, Guard, hosts_of
from rumbo.studio.sending import StepLines
from rumbo.studio.service import Service
from rumbo.studio.serving import listen, server
from rumbo.studio.wording import Refused

HOST, TOKEN = "127.0.0.1:80", "secret"

OWN = {"host": HOST, "x-rumbo-token": TOKEN}


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body."""
    body = (await receive())["body"] if scope["method"] == "POST" else b"page"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def ask(
    headers: dict[str, str] | list[tuple[str, str]],
    method: str = "GET",
    path: str = "/api/desk",
    parts: tuple[bytes, ...] = (b"",),
    inner: Any = echo,
) -> Reply:
    """Send one request through the guard."""
    pairs = [*headers.items()] if isinstance(headers, dict) else headers
    raw = [(name.encode(), value.encode("latin-1")) for name, value in pairs]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "query_string": b""}
    scope |= {"root_path": "", "http_version": "1.1", "scheme": "http"}
    more = [True] * (len(parts) - 1) + [False]
    bodies = iter(zip(parts, more, strict=True))
    sent: list[Any] = []

    async def receive() -> Any:
        body, rest = next(bodies)
        return {"type": "http.request", "body": body, "more_body": rest}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(inner, TOKEN, hosts_of(80))(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))


def test_a_body_that_trickles_in_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PATIENCE", 0.05)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in OWN.items()]
    scope = {"type": "http", "method": "POST", "path": "/api/answer", "headers": headers}
    asyncio.run(Guard(echo, TOKEN, hosts_of(80))(scope, receive, send))
    assert sent[0]["status"] == 413


def test_the_studios_own_page_is_answered() -> None:
    assert ask(OWN).status == 200
    own = {**OWN, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert ask(own, "POST", parts=(b"a", b"b")).body == b"ab"
    assert ask({"host": "localhost:80"}, path="/").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": HOST}, 403),
        ({**OWN, "x-rumbo-token": "other"}, 403),
        ({**OWN, "x-rumbo-token": "sécret"}, 403),
        ({**OWN, "host": "evil.example"}, 403),
        ({**OWN, "host": "127.0.0.1:81"}, 403),
        ({**OWN, "origin": "http://evil.example"}, 403),
        ({**OWN, "origin": "null"}, 403),
        ({**OWN, "sec-fetch-site": "cross-site"}, 403),
        ({**OWN, "sec-fetch-site": "same-site"}, 403),
        ({**OWN, "content-length": str(MOST + 1)}, 413),
        ({**OWN, "content-length": "9" * 5000}, 413),
        ({**OWN, "content-length": "-1"}, 400),
        ({"x-rumbo-token": TOKEN}, 403),
        ([*OWN.items(), ("host", HOST)], 403),
        ([*OWN.items(), ("x-rumbo-token", TOKEN)], 403),
    ],
)
def test_everybody_else_is_refused(headers: Any, status: int) -> None:
    reply = ask(headers)
    assert reply.status == status
    assert json.loads(reply.body)["faults"]
    assert reply.headers.items() >= HEADERS.items()


def test_other_methods_and_large_bodies_are_refused() -> None:
    assert ask(OWN, "DELETE").status == 405
    assert ask(OWN, "POST", parts=(b"x" * MOST, b"y")).status == 413


def test_nothing_from_elsewhere_and_no_eval_is_allowed() -> None:
    policy = ask(OWN).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_reader_is_refused_in_the_readers_language() -> None:
    reply = ask({"host": "evil.example", "accept-language": "es-MX,es"})
    assert "no es la del estudio" in json.loads(reply.body)["faults"][0]


def test_faults_of_a_corridor_are_listed_on_the_page() -> None:
    inner = of_faults([{"en": "places.csv: wrong.", "es": "places.csv: mal."}])
    reply = ask(OWN, inner=inner)
    assert reply.status == 422
    assert json.loads(reply.body)["faults"][0]["es"] == "places.csv: mal."


class Served(NamedTuple):
    """A studio that is served."""

    port: int

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body or None, headers)
            reply = line.getresponse()
            return Reply(reply.status, dict(reply.getheaders()), reply.read())
        finally:
            line.close()

    def post(self, name: str, content: object) -> Reply:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.send("POST", f"/api/{name}", {"x-rumbo-token": TOKEN}, body)

    def raw(self, data: bytes) -> int:
        """Send bytes as they are, and return the status; 400 where the line is cut."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            start = line.recv(64)
        return int(start.split()[1]) if start.startswith(b"HTTP/1.1 ") else 400


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    listening = listen(0)
    port = listening.getsockname()[1]
    service = Service(three_places(), tmp_path_factory.mktemp("studio"))
    one = server(Guard(application(service), TOKEN, hosts_of(port)))
    running = threading.Thread(target=one.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    while not one.started:
        time.sleep(0.05)
    yield Served(port)
    one.should_exit = True
    running.join()
    service.cancel()


def test_a_page_and_its_desk_are_served(served: Served) -> None:
    page = served.send("GET", "/", {})
    assert page.status == 200
    assert b"<html" in page.body.lower()
    assert b"unsafe" not in page.headers["content-security-policy"].encode()
    assert b"vegaEmbed" in served.send("GET", "/page/vega.js", {}).body
    desk = served.send("GET", "/api/desk", {"x-rumbo-token": TOKEN})
    assert json.loads(desk.body)["corridor"]["id"] == "three_places"


def test_steps_come_as_lines_and_a_file_comes_back(served: Served) -> None:
    asked = {"levers": [{"id": "bus-closure", "on": False}], "language": "es"}
    lines = served.post("answer", asked).body.splitlines()
    assert [json.loads(line)["step"] for line in (lines[0], lines[-1])] == ["draw", "done"]
    kept = json.loads(served.post("save", {"scenario": asked}).body)
    opened = json.loads(served.post("open", {"text": kept["text"]}).body)
    assert opened["scenario"]["levers"] == asked["levers"]
    assert served.post("cancel", {}).status == 200


@pytest.mark.parametrize("name", ["answer", "save", "open", "report", "export", "outlook", "weigh"])
def test_faults_are_told_in_the_language_asked(served: Served, name: str) -> None:
    scenario = {"language": "es", "place": "nowhere"}
    content = (
        scenario if name in ("answer", "outlook", "weigh") else {"scenario": scenario, "text": "{"}
    )
    reply = served.post(name, content)
    assert reply.status == 422
    told = "Este archivo no contiene" if name == "open" else "No"
    assert told in str(json.loads(reply.body)["faults"])


def malformed(rng: random.Random, port: int) -> Iterator[bytes]:
    """Go through requests that nobody should send, without an end."""
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    key = f"X-Rumbo-Token: {TOKEN}\r\n".encode()
    bodies = [
        b"[" * 50_000, b"{", b'{"beds": NaN}', b"\xff\xfe\x00", b'{"levers": [1]}', b"null",
        b'{"beds": [{"place": "north_port", "beds": 1e999}]}', b'{"place": "\\ud800"}', b"7",
        b'{"beds": [{"place": "north_port", "beds": -0.5}]}', b'{"members": 1e9}', b'"x"',
        b'{"weights": {"vote": [1]}}', b'{"weights": {"": {"yes": NaN}}}',
    ]  # fmt: skip
    paths = [
        b"/page/../../pyproject.toml", b"/page/%2e%2e/desk.py", b"/page/..%2fdesk.py",
        b"/etc/passwd", b"/page/desk.py", b"/api/nothing", b"//", b"/page/\x00", b"/api/desk/..",
    ]  # fmt: skip
    while True:
        body, path = rng.choice(bodies), rng.choice(paths)
        length = f"Content-Length: {len(body)}\r\n".encode()
        yield rng.choice(
            [
                rng.randbytes(rng.randint(1, 200)) + b"\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                b"GET /api/desk HTTP/1.1\r\n" + host + b"\r\n",
                b"GET / HTTP/1.1\r\n" + host + b"Origin: http://evil.example\r\n\r\n",
                b"GET " + path + b" HTTP/1.1\r\n" + host + key + b"\r\n",
                b"POST /api/answer HTTP/1.1\r\n" + host + key + length + b"\r\n" + body,
                b"POST /api/open HTTP/1.1\r\n" + host + key + length + b"\r\n" + body,
                b"POST /api/save HTTP/1.1\r\n" + host + key + b"Content-Length: 300000\r\n\r\n",
                b"PUT /api/desk HTTP/1.1\r\n" + host + key + b"\r\n",
                b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                b"POST /api/answer HTTP/1.1\r\n" + host + key + b"Content-Length: 50\r\n\r\nshort",
            ]
        )


def test_a_reader_who_leaves_lets_go_of_the_desk() -> None:
    closed = []

    def steps() -> Generator[dict[str, str], None, None]:
        try:
            while True:
                yield {"step": "draw"}
        finally:
            closed.append(True)

    async def gone(message: Any) -> None:
        if message["type"] == "http.response.body":
            raise OSError

    async def receive() -> Any:
        await asyncio.sleep(60)

    going = steps()
    scope = {"type": "http", "asgi": {"spec_version": "2.4"}}
    with pytest.raises(ClientDisconnect):
        asyncio.run(StepLines(going)(scope, receive, gone))
    assert closed


@pytest.mark.slow
def test_a_thousand_malformed_requests_are_refused_and_the_studio_lives(served: Served) -> None:
    requests = malformed(random.Random(17), served.port)
    found = [(served.raw(next_one), next_one[:60]) for _, next_one in zip(range(1000), requests)]  # noqa: B905
    assert [one for one in found if not 400 <= one[0] < 500] == []
    assert served.send("GET", "/", {}).status == 200


def test_a_port_in_use_is_told() -> None:
    with listen(0) as taken:
        taken.listen()
        with pytest.raises(Refused, match="is in use"):
            listen(taken.getsockname()[1])
    with pytest.raises(Refused, match="not allowed"):
        listen(70_000)
