"""What the command line says, in the reader's language: one table of words, one of faults."""

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rumbo.cli.early import ENGLISH as ENGLISH
from rumbo.cli.early import language as language
from rumbo.exporting.names import catalogue
from rumbo.files.faults import Fault
from rumbo.scenario.parameters import PARAMETERS

TABLES = ("words.csv", "faults.csv")
"""Tables of texts in both languages; ``{}`` stands for what is filled in."""

HOLE = "{}"

_FUNCTIONS = {
    "as_known": "--as-of",
    "as_of": "--as-of",
    "ask": "rumbo ask",
    "between": "--start, --end",
    "branches": "--event",
    "change": "--set",
    "deal": "--deal",
    "figures": "--as-of",
    "given": "--event",
    "move": "rumbo ask",
    "outlook": "rumbo outlook",
    "with_rule": "--with-rule",
    "without": "--without",
    "posterior": "--posterior",
}
"""Functions of Python that faults are named after, and the options that ask for them."""

_DAYS = {"start is ": "--start", "end is ": "--end", "as_of is ": "--as-of"}
"""How messages begin that tell of one argument, and the option that gives it."""

_ASKED = {"since": "--from", "until": "--until"}
"""Arguments of a question, and the options that give them."""


def said(text: str) -> str:
    """Return a text in the reader's language; as it is where the tables lack it.

    Parameters
    ----------
    text
        English, with everything filled in.

    Returns
    -------
    str
    """
    return text if language() == ENGLISH else in_spanish(text)


@cache
def table() -> dict[str, str]:
    """Return the Spanish of every English text."""
    # What quantities and units are called stands with the exports already, and what parameters
    # are with these.
    found = {one.meaning_en: one.meaning_es for one in PARAMETERS.values()}
    found |= {text.en: text.es for text in catalogue().values()}
    for name in TABLES:
        rows = files("rumbo.cli").joinpath(name).read_text("utf-8").splitlines()
        found |= {row["en"]: row["es"] for row in csv.DictReader(rows)}
    return found


@cache
def _forms() -> list[tuple[re.Pattern[str], int, str]]:
    """Return the texts with something to fill in, those that say most first."""
    forms = [(len(text.replace(HOLE, "")), text) for text in table() if HOLE in text]
    forms.sort(key=lambda form: form[0], reverse=True)
    return [(_pattern(text), letters, table()[text]) for letters, text in forms]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, text.split(HOLE))), re.DOTALL)


def in_spanish(text: str) -> str:
    """Return a text in Spanish; as it is where the tables lack it."""
    if text in table():
        return table()[text]
    for pattern, letters, spanish in _forms():
        if letters < FEW and len(text) > SHORT:
            break
        if match := pattern.fullmatch(text):
            # Single words are names, as they stand in files.
            parts = [in_spanish(one) if " " in one else one for one in match.groups()]
            return _filled(spanish, parts)
    return text


FEW, SHORT = 6, 40
"""Forms of fewer letters, such as ``{} to {}``, are looked for in short texts alone."""


def _filled(form: str, parts: list[str]) -> str:
    """Put parts into a form's holes, one after another."""
    pieces = form.split(HOLE)
    return pieces[0] + "".join(map("".join, zip(parts, pieces[1:], strict=True)))


def fault_line(fault: Fault, option: str = "") -> str:
    """Return a fault as a line: after the option that was given, in the reader's language.

    Parameters
    ----------
    fault
        The fault, which may be named after a function of Python.
    option
        The option to name where one stands for what others call ``--without``.

    Returns
    -------
    str
    """
    file, message = _FUNCTIONS.get(fault.file, fault.file), fault.message
    if option and file == "--without":
        file = option
    days = _DAYS
    if fault.file in ("ask", "move"):
        days = _DAYS | {f"{name} is ": option for name, option in _ASKED.items()}
    for beginning, named in days.items():
        if message.startswith(beginning) and (fault.file in _FUNCTIONS or "." not in fault.file):
            file, message = named, message[len(beginning) - 3 :]
    row = "row" if language() == ENGLISH else "fila"
    where = f"{file}, {row} {fault.row}" if fault.row else file
    told = " ".join(sentence(said(part)) for part in (message, fault.cure))
    if file == "rumbo ask" or file in _ASKED.values():
        told = re.sub(rf"(?<!-)\b({'|'.join(_ASKED)})\b", lambda name: _ASKED[name[1]], told)
    return " ".join(f"{where}: {told}".split())


def sentence(text: str) -> str:
    """Return a text with a full stop at its end."""
    return f"{text}."


def fault_lines(faults: Iterable[Fault], option: str = "") -> str:
    """Return faults as lines."""
    return "\n".join(fault_line(fault, option) for fault in faults)
