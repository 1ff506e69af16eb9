"""The commands as they are run: their help whole, with an example, in the reader's language."""

import csv
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, partial
from importlib.resources import files
from typing import Any

import typer

from rumbo.cli.options import Listing
from rumbo.cli.words import ENGLISH, in_spanish, language, said

OTHER_NAMES = {"simulate": "run", "serve": "report", "simular": "run", "lista": "list"}
"""What people try, and the command that does it."""

_TITLES = ("Usage", "Options", "Arguments", "Commands", "Example", "Examples")
_FRAME = (
    *(f"{title}:" for title in _TITLES),
    *("[required]", "[default:", "Show this message and exit.", "[OPTIONS]", "COMMAND [ARGS]..."),
)
"""Words that the library puts around what we say."""


@cache
def examples() -> dict[str, tuple[str, ...]]:
    """Return what one may type of each command; under no name, of all of them together."""
    text = files("rumbo").joinpath("corridors", "examples.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = dict.fromkeys(row["command"] for row in rows)
    return {name: tuple(row["example"] for row in rows if row["command"] == name) for name in names}


def spoken(app: typer.Typer) -> Any:
    """Return the command line with every text in the reader's language.

    Parameters
    ----------
    app
        The commands.

    Returns
    -------
    object
        The command to call ``main`` of.
    """
    command: Any = typer.main.get_command(app)
    _speak_all(command, "")
    return command


def _speak_all(command: Any, name: str) -> None:
    """Speak a command and those under it, which are named after it."""
    _speak(command, name)
    for under, one in getattr(command, "commands", {}).items():
        _speak_all(one, f"{name} {under}".strip())


def _speak(command: Any, name: str) -> None:
    command.help = said(command.help or "")
    # The library cuts what it shortens itself.
    command.short_help = command.help
    command.epilog = _examples(name)
    for param in command.params:
        if getattr(param, "help", None):
            param.help = said(param.help)
    command.get_help = partial(_framed, command.get_help)


def _examples(name: str) -> str:
    lines = examples().get(name, ())
    title = "Example:" if len(lines) == 1 else "Examples:"
    # The sign keeps the library from filling lines up.
    return "\b\n" + "\n".join((title, *(f"  {line}" for line in lines))) if lines else ""


def _framed(get_help: Callable[[Any], str], context: Any) -> str:
    """Return a help with the words around it in the reader's language."""
    text = get_help(context)
    if language() != ENGLISH:
        for words in _FRAME:
            text = text.replace(words, in_spanish(words))
    return text


def call(app: typer.Typer) -> int:
    """Run the command line with the words it was given, and return its exit code.

    Parameters
    ----------
    app
        The commands.

    Returns
    -------
    int
    """
    words = sys.argv[1:] or ["--help"]
    try:
        code = spoken(app).main(args=words, prog_name="rumbo", standalone_mode=False)
    except Exception as error:
        # The class of these moved between versions of the library; all can say what was wrong.
        if not hasattr(error, "format_message"):
            raise
        return _refused(error)
    return code if isinstance(code, int) else 0


def _refused(error: Any) -> int:
    """Say what was wrong with the words of a command."""
    context = getattr(error, "ctx", None)
    if context is not None:
        usage = context.get_usage()
        if language() != ENGLISH:
            for words in _FRAME:
                usage = usage.replace(words, in_spanish(words))
        typer.echo(usage, err=True)
        typer.echo(said(f"Try '{context.command_path} --help' for help."), err=True)
        typer.echo(err=True)
    message = said(error.format_message())
    typer.echo(f"{said('Error')}: {message}{_meant(error.format_message(), context)}", err=True)
    return int(getattr(error, "exit_code", 2))


def _meant(message: str, context: Any) -> str:
    """Return the command that an unknown one is meant to be, if that is plain."""
    if not message.startswith("No such command '") or context is None:
        return ""
    name = message.split("'")[1]
    if name in [*Listing]:
        return " " + said(f"Write: rumbo list {name}")
    known = list(context.command.commands)
    close = get_close_matches(name, known, n=1, cutoff=0.75)
    meant = OTHER_NAMES.get(name) or next(iter(close), "")
    return " " + said(f"Write: rumbo {meant}") if meant else ""
