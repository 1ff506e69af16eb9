"""The studio: from its start to the first answer, and from a lever moved to each step of it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import cache, partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.bundled import CORRIDOR, DEAL
from benchmarks.table import Bench

PAIRS = 20
"""Stochastic pairs that are asked for."""

TOKEN = "#token="

LEVERS: tuple[dict[str, Any], ...] = (
    {"id": "june-2024-asylum-rule", "since": "2024-09-01"},
    {"id": DEAL, "on": False},
    {"id": "chnv-parole", "on": False},
)
"""Levers that are moved one after the other; the last is that of which pairs are asked."""


class Took(NamedTuple):
    """Seconds on the clock: to the first answer, and of levers to the steps of theirs.

    Attributes
    ----------
    first
        From the start of the command to the first answer about the corridor as it was.
    numbers, months, draws
        Of each lever, from asking to the first month, to all of them, and to the range of draws.
    pairs
        From the range of draws to that of pairs.
    """

    first: float
    numbers: list[float]
    months: list[float]
    draws: list[float]
    pairs: float


@cache
def took() -> Took:
    """Start the studio as a command, ask of it, and stop it."""
    words = (sys.executable, "-m", "rumbo", "studio", CORRIDOR, "--no-browser", "--port", "0")
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        around = os.environ | {"PYTHONPATH": str(Path.cwd()), "LC_ALL": "C.UTF-8"}
        studio = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True, env=around)
        try:
            assert studio.stderr is not None
            line = next(line for line in studio.stderr if TOKEN in line)
            address = next(word for word in line.split() if TOKEN in word)
            ask = partial(_steps, urlsplit(address).port or 0, address.partition(TOKEN)[2])
            first = ask({}, begun)["draw"][0]
            ask({}, begun)  # until the draws of the corridor as it was are at hand too
            moved = [ask({"levers": [one]}) for one in LEVERS]
            last = ask({"levers": [LEVERS[-1]], "members": PAIRS})
        finally:
            studio.terminate()
            studio.wait()
    numbers, months = ([one["draw"][n] for one in moved] for n in (0, -1))
    draws = [one["draws"][0] for one in moved]
    return Took(first, numbers, months, draws, last["members"][0] - last["draws"][0])


def _steps(port: int, token: str, asked: object, begun: float | None = None) -> dict[str, Any]:
    """Ask, and return after how many seconds lines of each step came."""
    begun = time.perf_counter() if begun is None else begun
    line = HTTPConnection("127.0.0.1", port, timeout=3600)
    line.request("POST", "/api/answer", json.dumps(asked), {"X-Rumbo-Token": token})
    came: dict[str, Any] = {}
    for step in line.getresponse():
        came.setdefault(json.loads(step)["step"], []).append(time.perf_counter() - begun)
    line.close()
    return came


def first_answer() -> tuple[str, float]:
    """Seconds from the start of the command to the first answer."""
    return f"{took().first:.1f} s", took().first


def most(of: str) -> tuple[str, float]:
    """Return the seconds of the slowest of the levers."""
    seconds = getattr(took(), of)
    return ", ".join(f"{one:.1f}" for one in seconds) + " s", max(seconds)


def numbers() -> tuple[str, float]:
    """Seconds to first numbers, lever by lever."""
    return most("numbers")


def months() -> tuple[str, float]:
    """Seconds to all months."""
    return most("months")


def draws() -> tuple[str, float]:
    """Seconds to the range of eight draws."""
    return most("draws")


def pairs() -> tuple[str, float]:
    """Seconds of stochastic pairs."""
    return f"{took().pairs:.1f} s", took().pairs


BENCHES = (
    Bench("studio-start", "studio: start to first answer, s", first_answer, 10, 4),
    Bench("studio-numbers", "studio: lever moved to first numbers, s", numbers, 1, 0.3),
    Bench("studio-months", "studio: lever moved to all months, s", months, 2, 1),
    Bench("studio-draws", "studio: lever moved to eight draws, s", draws, 15, 6),
    Bench("studio-pairs", f"studio: {PAIRS} stochastic pairs, s", pairs, 45, 20),
)
