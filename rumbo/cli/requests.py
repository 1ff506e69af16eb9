"""What commands are asked for: classes whose fields are the options of a command."""

from collections.abc import Callable
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, get_type_hints

import typer

from rumbo.cli.asking.spread import Backend, Backends, PartOf, Scheduler
from rumbo.cli.options import (
    Branches,
    Corridor,
    Deals,
    End,
    Event,
    Fitted,
    Json,
    Languages,
    Members,
    Modes,
    Name,
    Out,
    PosteriorFile,
    Seed,
    Set,
    Start,
    Without,
    WithRule,
    Workers,
    Yes,
    a_file,
    a_folder,
)
from rumbo.cli.terminal import Language, Mode


class RunRequest(NamedTuple):
    """What ``rumbo run`` and ``rumbo compare`` are asked for; as their options."""

    corridor: Corridor
    without: Without = None
    with_rule: WithRule = None
    changes: Set = None
    deals: Deals = None
    name: Name = None
    branches: Branches = False
    event: Event = None
    start: Start = None
    end: End = None
    members: Members = 50
    seed: Seed = 0
    workers: Workers = None
    backend: Backends = Backend.local
    scheduler: Scheduler = None
    part: PartOf = None
    mode: Modes = Mode.stochastic
    fitted: Fitted = False
    posterior: PosteriorFile = None
    out: Out = None
    language: Languages = Language.both
    yes: Yes = False


class CrisisRequest(NamedTuple):
    """What ``rumbo flee`` is asked for; as its options."""

    folder: Annotated[Path, typer.Argument(help="Folder of a crisis in Flee's format.")]
    settings: Annotated[
        Path | None, typer.Option("--settings", help="simsetting.yml; the folder's if left out.")
    ] = None
    learned: Annotated[
        bool, typer.Option("--learned", help="Share out by what counts published so far teach.")
    ] = False
    members: Annotated[int, typer.Option("--members", min=1, help="Runs.")] = 20
    seed: Seed = 0
    workers: Workers = None
    mode: Modes = Mode.stochastic
    out: Annotated[
        Path | None,
        typer.Option("--out", callback=a_folder, help="Run folder to keep, with reports."),
    ] = None
    language: Languages = Language.both
    as_json: Json = False
    yes: Yes = False


class AskRequest(NamedTuple):
    """What ``rumbo ask`` is asked for; as its options."""

    corridor: Corridor
    question: Annotated[
        str | None, typer.Argument(help="Id of a question; without one they are listed.")
    ] = None
    since: Annotated[str | None, typer.Option("--from", help="Day from which it is asked.")] = None
    until: Annotated[str | None, typer.Option("--until", help="First day after.")] = None
    places: Annotated[
        list[str] | None, typer.Option("--place", help="A place to tell of in a page; repeatable.")
    ] = None
    beds: Annotated[
        list[str] | None,
        typer.Option("--beds", help="Shelter places, PLACE=NUMBER or a CSV file; repeatable."),
    ] = None
    file: Annotated[
        Path | None, typer.Option("--file", help="Many questions, from a CSV or YAML file.")
    ] = None
    members: Members = 50
    seed: Seed = 0
    workers: Workers = None
    posterior: PosteriorFile = None
    out: Out = None
    language: Languages = Language.both
    as_json: Json = False
    yes: Yes = False


class OutlookRequest(NamedTuple):
    """What ``rumbo outlook`` is asked for; as its options."""

    corridor: Corridor
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Day ahead of which; the last on which entries are known."),
    ] = None
    months: Annotated[int, typer.Option("--months", help="Months ahead, 1 to 6.")] = 6
    place: Annotated[
        str | None, typer.Option("--place", help="Place that is told of; the corridor's first.")
    ] = None
    beds: Annotated[
        list[str] | None, typer.Option("--beds", help="Shelter places there, as PLACE=NUMBER.")
    ] = None
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="Event to branch on; every one ahead. Repeatable."),
    ] = None
    members: Annotated[int, typer.Option("--members", min=20, help="Members run on.")] = 100
    fit_members: Annotated[
        int, typer.Option("--fit-members", min=10, help="Size of a fit, where none is at hand.")
    ] = 160
    seed: Annotated[int, typer.Option(min=0, help="Names the luck of all.")] = 1
    workers: Workers = None
    out: Annotated[
        Path,
        typer.Option(
            "--out", callback=a_folder, help="Where fits, runs, tables and pages are kept."
        ),
    ] = Path("runs/outlook")
    text: Annotated[
        Path | None,
        typer.Option("--text", callback=a_file, help="File for the page in Markdown as well."),
    ] = None
    language: Annotated[Language, typer.Option("--language", help="Of the page.")] = Language.both


Request = TypeVar("Request", RunRequest, CrisisRequest, AskRequest, OutlookRequest)


def takes(request: type[Request]) -> Callable[[Callable[[Request], None]], Callable[..., None]]:
    """Give a command the fields of a class as its options, and hand it one of the class.

    Parameters
    ----------
    request
        The class; the library of the command line reads its annotations.

    Returns
    -------
    callable
        To decorate the command with.
    """
    hints = get_type_hints(request, include_extras=True)
    options = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=request._field_defaults.get(name, Parameter.empty),
            annotation=hints[name],
        )
        for name in request._fields
    ]

    def decorate(command: Callable[[Request], None]) -> Callable[..., None]:
        def asked(**values: Any) -> None:
            command(request(**values))

        asked.__name__, asked.__doc__ = command.__name__, command.__doc__
        asked.__annotations__ = hints
        asked.__dict__["__signature__"] = Signature(options)
        return asked

    return decorate
