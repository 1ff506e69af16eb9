"""The command that opens the studio, and runs of scenarios that were saved there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.options import CorridorOrFirst
from rumbo.cli.requests import RunRequest
from rumbo.cli.terminal import say
from rumbo.cli.words import language
from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario
    from rumbo.studio.wording import Text

INSTALL = Fault(
    "rumbo studio",
    0,
    "it needs packages that are not installed",
    "Install them with: pip install 'rumbo[studio]'",
)
"""What is said where the extra is missing."""


def studio(
    corridor: CorridorOrFirst = "",
    port: Annotated[
        int | None, typer.Option("--port", help="Port to listen on; a free one if 0.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, open no browser.")
    ] = False,
) -> None:
    """Open a page on this machine where a lever is moved and the corridor answers."""
    try:
        from rumbo.studio.serving import serve
    except ModuleNotFoundError:
        raise Faults([INSTALL]) from None
    from rumbo.cli.words import in_spanish
    from rumbo.scenario.corridor import corridors
    from rumbo.studio.wording import Refused

    try:
        serve(
            corridor or corridors()[0],
            port,
            say=_say,
            open_browser=not no_browser,
            spanish=in_spanish,
        )
    except Refused as problem:
        for text in problem.texts:
            typer.echo(text[language()], err=True)
        raise typer.Exit(2) from None


def _say(text: "Text") -> None:
    say(text[language()], error=True)


def saved_scenarios(asked: RunRequest) -> "list[Scenario]":
    """Return the scenarios of a file that the studio saved; none if no such file is asked for.

    Parameters
    ----------
    asked
        What is asked for.

    Raises
    ------
    Faults
        If the file holds no scenario, or options would change it.
    """
    path = Path(asked.corridor)
    if path.suffix != ".json" or not path.is_file():
        return []
    from rumbo.studio.saved import open_scenario

    named = {
        "--without": asked.without,
        "--with-rule": asked.with_rule,
        "--set": asked.changes,
        "--deal": asked.deals,
        "--branches": asked.branches,
        "--event": asked.event,
        "--start": asked.start,
        "--end": asked.end,
        "--posterior": asked.posterior,
    }
    if given := [option for option, value in named.items() if value]:
        cure = "Leave it out, or change the scenario in the studio"
        raise Faults([Fault(given[0], 0, "a saved scenario is run as it is", cure)])
    pair = open_scenario(path, language())
    if pair.note:
        _say(pair.note)
    return list(pair.scenarios)
