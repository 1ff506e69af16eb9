"""How answers are sent: as JSON, or step by step, a line each."""

import json
from collections.abc import Generator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from rumbo.studio.told import Told


def as_json(content: Any, status: int = 200) -> Response:
    """Return what is sent as JSON."""
    return Response(as_line(content), status, media_type="application/json")


def as_line(content: Any) -> str:
    """Return JSON in one line; numbers that it has no word for are no numbers."""
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


class StepLines(StreamingResponse):
    """Steps, a line each.

    A reader who leaves lets go of the desk at once: what is being reckoned holds a lock.

    Parameters
    ----------
    steps
        The steps; closed once they were sent or nobody takes them.
    """

    def __init__(self, steps: Generator[Told, None, None]) -> None:
        lines = (as_line(step) + "\n" for step in steps)
        super().__init__(lines, media_type="application/x-ndjson")
        self._steps = steps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._steps.close)
