"""Arguments and options that commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rumbo.cli.terminal import Language, Mode
from rumbo.files.faults import Fault, Faults
from rumbo.files.reachable import no_folder


def a_folder(param: typer.CallbackParam, value: Path | None) -> Path | None:
    """Return the folder given to an option, once it can be written.

    Raises
    ------
    Faults
        If it cannot.
    """
    if value is not None and (wrong := no_folder(param.opts[0], value)):
        raise Faults(wrong)
    if value is not None and (value / CORRIDOR).is_file():
        message, cure = f"'{value}' is a corridor's own folder", "Give another folder"
        raise Faults([Fault(param.opts[0], 0, message, cure)])
    return value


def a_file(param: typer.CallbackParam, value: Path | None) -> Path | None:
    """Return the file given to an option, once it can be written.

    Raises
    ------
    Faults
        If it cannot.
    """
    if value is None:
        return None
    option = param.opts[0]
    if value.is_dir():
        message, cure = f"'{value}' is a folder, expected a file", "Give the name of a file in it"
        raise Faults([Fault(option, 0, message, cure)])
    if wrong := no_folder(option, value.absolute().parent):
        raise Faults(wrong)
    inside = (value.absolute().parent / name for name in (CORRIDOR, MANIFEST))
    if value.exists() and value.suffix != ".md" and any(map(Path.is_file, inside)):
        message = f"'{value}' is a file of a corridor or a run, and would be replaced"
        raise Faults([Fault(option, 0, message, "Give another name, or another folder")])
    return value


CORRIDOR, MANIFEST = "corridor.yaml", "manifest.json"
"""Files that say of a folder that it is a corridor's, or a run's: nothing in it is replaced."""


class Listing(StrEnum):
    """What can be listed."""

    corridors = "corridors"
    levers = "levers"
    outcomes = "outcomes"
    deals = "deals"
    rules = "rules"
    measures = "measures"
    parameters = "parameters"
    places = "places"
    links = "links"
    modes = "modes"
    groups = "groups"
    components = "components"


_SET = (
    "A changed value: parameter[@at][/group][:since[..until]]=value. May be repeated. rumbo list "
    "parameters, places, links, modes and groups name what can stand there."
)

_DEAL = (
    "A deal placed on days or kept in part: deal[:since[..until]] and, after it, ,ramp=days or "
    ",compliance=share, of one side ,compliance@actor=share. May be repeated."
)

WHOSE = "A bundled corridor or a folder; the first bundled one if left out."

Corridor = Annotated[str, typer.Argument(help="Name of a bundled corridor, or a folder.")]
CorridorOrFirst = Annotated[
    str, typer.Argument(help="Name of a bundled corridor, or a folder; the first bundled one.")
]
RunFolder = Annotated[Path, typer.Argument(help="Folder that rumbo run or rumbo compare wrote.")]
Without = Annotated[list[str] | None, typer.Option(help="Lever or rule to leave out; repeatable.")]
WithRule = Annotated[
    list[str] | None, typer.Option("--with-rule", help="Rule that the corridor does not list.")
]
Set = Annotated[list[str] | None, typer.Option("--set", help=_SET)]
Deals = Annotated[list[str] | None, typer.Option("--deal", help=_DEAL)]
Start = Annotated[str | None, typer.Option("--start", help="First day, such as 2023-07-01.")]
End = Annotated[str | None, typer.Option("--end", help="Last day.")]
Branches = Annotated[
    bool, typer.Option("--branches", help="Every way in which dated events may turn out.")
]
Event = Annotated[
    list[str] | None, typer.Option("--event", help="The same of this event alone; repeatable.")
]
Members = Annotated[int, typer.Option("--members", min=1, help="Runs of each scenario.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Names the luck of the whole run.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Cores to use; every one if left out.")
]
Fitted = Annotated[
    bool, typer.Option("--fitted", help="Members from the fit that comes with the corridor.")
]
PosteriorFile = Annotated[
    Path | None, typer.Option("--posterior", help="Members from the fit in this file.")
]
Modes = Annotated[Mode, typer.Option("--mode", help="Draws, or expected flows without draws.")]
AsOf = Annotated[str, typer.Option("--as-of", help="Day up to which figures count.")]
Out = Annotated[Path | None, typer.Option("--out", help="Run folder; under runs/ if left out.")]
Yes = Annotated[bool, typer.Option("--yes", help="Run even what is very large.")]
Scores = Annotated[Path, typer.Option("--out", callback=a_folder, help="Where forecasts are kept.")]
Targets = Annotated[
    list[str] | None, typer.Option("--target", help="A family of series to forecast; repeatable.")
]
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object in one line.")]
Languages = Annotated[
    Language, typer.Option("--language", help="Language of the report; es: of these lines too.")
]
Spoken = Annotated[Language | None, typer.Option("--language", help="Language of these lines.")]
Name = Annotated[
    str | None, typer.Option("--name", help="What the changed scenario is called in the report.")
]
