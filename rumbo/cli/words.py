"""What the command line says, in the reader's language: one table of words, one of faults."""

import csv
import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rumbo.exporting.names import catalogue
from rumbo.files.faults import Fault

ENGLISH, SPANISH = "en", "es"

TABLES = ("words.csv", "faults.csv")
"""Tables of texts in both languages; ``{}`` stands for what is filled in."""

HOLE = "{}"

_FUNCTIONS = {
    "between": "--start, --end",
    "branches": "--event",
    "change": "--set",
    "deal": "--deal",
    "given": "--event",
    "with_rule": "--with-rule",
    "without": "--without",
    "posterior": "--posterior",
}
"""Functions of Python that faults are named after, and the options that ask for them."""

_DAYS = {"start is ": "--start", "end is ": "--end", "as_of is ": "--as-of"}


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
    # What quantities and units are called stands with the exports already.
    found = {text.en: text.es for text in catalogue().values()}
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
    for beginning, named in _DAYS.items():
        if message.startswith(beginning) and (fault.file in _FUNCTIONS or "." not in fault.file):
            file, message = named, message[len(beginning) - 3 :]
    if language() == ENGLISH:
        return str(Fault(file, fault.row, message, fault.cure))
    where = f"{file}, fila {fault.row}" if fault.row else file
    parts = (sentence(in_spanish(part)) for part in (message, fault.cure))
    return " ".join(f"{where}: {' '.join(parts)}".split())


def sentence(text: str) -> str:
    """Return a text with a full stop at its end."""
    return f"{text}."


def fault_lines(faults: Iterable[Fault], option: str = "") -> str:
    """Return faults as lines."""
    return "\n".join(fault_line(fault, option) for fault in faults)
