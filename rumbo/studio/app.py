"""The addresses of the studio: each hands on to the service."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rumbo.report.page.render import library
from rumbo.studio.jobs import Work
from rumbo.studio.question import members_in
from rumbo.studio.runs import written_report, written_tables
from rumbo.studio.saved import parsed
from rumbo.studio.sending import StepLines, as_json
from rumbo.studio.service import Service
from rumbo.studio.told import Told
from rumbo.studio.wording import LANGUAGES, Refused, Text, refused, said

KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""Kinds of files that the page is made of."""

DRAWING = "vega.js"

Endpoint = Callable[[Request], Awaitable[Response]]


@cache
def page_files() -> dict[str, tuple[bytes, str]]:
    """Return the files of the page and their kinds, by name; nothing else can be asked for."""
    folder = files("rumbo.studio").joinpath("page")
    found = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
    suffixes = {name: name[name.rfind(".") :] for name in found}
    own = {
        name: (content, KINDS[suffixes[name]])
        for name, content in found.items()
        if suffixes[name] in KINDS
    }
    return {**own, DRAWING: (library().encode(), KINDS[".js"])}


async def _index(_request: Request) -> Response:
    return _file("index.html")


async def _page(request: Request) -> Response:
    return _file(str(request.path_params["name"]))


PAGE = (Route("/", _index), Route("/page/{name}", _page))
"""Addresses of the page itself."""


def application(service: Service) -> Starlette:
    """Return what answers, without the guard.

    Parameters
    ----------
    service
        What the page may ask for.

    Returns
    -------
    Starlette
    """

    async def desk(_request: Request) -> Response:
        return as_json(await run_in_threadpool(lambda: service.desk.shown))

    async def answer(content: Told) -> Response:
        members = members_in(content.pop("members", None))
        asked = await run_in_threadpool(service.asked, content)
        return StepLines(service.answer(asked, members))

    async def outlook(content: Told) -> Response:
        asked = await run_in_threadpool(service.ahead, content)
        return StepLines(service.look_ahead(asked))

    async def weigh(content: Told) -> Response:
        asked = await run_in_threadpool(service.ahead, content)
        return as_json({"outlook": await run_in_threadpool(service.weighed, asked)})

    async def cancel(_content: Told) -> Response:
        await run_in_threadpool(service.cancel)
        return as_json({})

    async def save(content: Told) -> Response:
        asked = await run_in_threadpool(service.asked, content.get("scenario"))
        return as_json(service.saved(asked))

    async def opened(content: Told) -> Response:
        try:
            return as_json(await run_in_threadpool(service.opened, content.get("text")))
        except Refused as problem:
            return as_json({"faults": problem.texts}, 422)

    def writing(work: Work) -> Callable[[Told], Awaitable[Response]]:
        async def write(content: Told) -> Response:
            asked = await run_in_threadpool(service.asked, content.get("scenario"))
            path = await run_in_threadpool(service.written, work, asked, asked.language)
            return as_json({"path": path})

        return write

    posted = {
        "answer": answer,
        "outlook": outlook,
        "weigh": weigh,
        "cancel": cancel,
        "save": save,
        "open": opened,
        "report": writing(written_report),
        "export": writing(written_tables),
    }
    routes = [*PAGE, Route("/api/desk", desk)]
    routes += [
        Route(f"/api/{name}", _posted(work), methods=["POST"]) for name, work in posted.items()
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _nothing})


def of_faults(texts: Sequence[Text]) -> Starlette:
    """Return what answers where the corridor has faults: the page, which lists them.

    Parameters
    ----------
    texts
        The faults.

    Returns
    -------
    Starlette
    """

    async def desk(_request: Request) -> Response:
        return as_json({"faults": list(texts)}, 422)

    routes = [*PAGE, Route("/api/desk", desk)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _nothing})


def _posted(work: Callable[[Told], Awaitable[Response]]) -> Endpoint:
    """Return what reads a body and hands it on; faults are told in the language asked."""

    async def endpoint(request: Request) -> Response:
        try:
            content = parsed(await request.body() or b"{}")
        except ValueError:
            content = None
        language = _language(content)
        try:
            if not isinstance(content, dict):
                raise refused("guard.json")
            return await work(content)
        except Refused as problem:
            return as_json({"faults": [text[language] for text in problem.texts]}, 422)

    return endpoint


def _language(content: object) -> str:
    """Return the language in which something is asked, there or in the scenario that it holds."""
    for part in (content, content.get("scenario") if isinstance(content, dict) else None):
        if isinstance(part, dict) and part.get("language") in LANGUAGES:
            return str(part["language"])
    return LANGUAGES[0]


def _file(name: str) -> Response:
    if name not in page_files():
        raise HTTPException(404)
    content, kind = page_files()[name]
    return Response(content, media_type=f"{kind}; charset=utf-8")


async def _nothing(_request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    return as_json({"faults": [said("guard.nothing")[LANGUAGES[0]]]}, status)
