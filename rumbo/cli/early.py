"""What is needed before modules are loaded: the reader's language, and the end by Ctrl-C."""

import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

ENGLISH, SPANISH = "en", "es"

STOPPED = 130
"""Exit code after Ctrl-C."""

STOPPED_LINE = "Stopped. What was finished is kept; give the same command again."
"""What is said where nothing is known of what was under way."""

_stopped: list[int] = []
"""Ctrl-C so far."""


def language() -> str:
    """Return the language of the command line: of ``--language``, or else of the locale."""
    asked = _option(sys.argv[1:])
    if asked in (ENGLISH, SPANISH):
        return asked
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return SPANISH if next(filter(None, names), "").lower().startswith(SPANISH) else ENGLISH


def _option(words: list[str]) -> str:
    for number, word in enumerate(words):
        if word == "--language":
            return next(iter(words[number + 1 :]), "")
        if word.startswith("--language="):
            return word.partition("=")[2]
    return ""


def watch() -> None:
    """Let Ctrl-C end the program in one line from now on."""
    signal.signal(signal.SIGINT, _stop)


def write_utf8() -> None:
    """Print as UTF-8 also where the system's own encoding lacks letters, as in a redirected table.

    On Windows what goes to a file or another program would be cut to the letters of one region.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def was_stopped() -> bool:
    """Whether Ctrl-C was pressed."""
    return bool(_stopped)


def _stop(number: int, _frame: FrameType | None) -> None:
    if _stopped:  # the first was lost: Python drops what is raised while C calls it back
        end_stopped()
    _stopped.append(number)
    raise SystemExit(STOPPED)


def end_stopped() -> NoReturn:
    """Say in one line that the program was stopped, and end it at once.

    Threads and half-loaded libraries are not waited for: what they complain of helps nobody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = STOPPED_LINE if language() == ENGLISH else _in_spanish(STOPPED_LINE)
    sys.stdout.flush()
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
    os._exit(STOPPED)


def _in_spanish(line: str) -> str:
    """Return a line of the table of words; libraries that read it in full may be half loaded."""
    import csv
    from importlib.resources import files

    rows = files("rumbo.cli").joinpath("words.csv").read_text("utf-8").splitlines()
    return next(row["es"] for row in csv.DictReader(rows) if row["en"] == line)
