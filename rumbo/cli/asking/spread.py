"""Where members are run: options for clusters, and the commands for runs in parts."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.options import Languages, Out
from rumbo.cli.terminal import Language, progress_bar, report_on, say, say_cost, stoppable
from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from rumbo.cli.requests import RunRequest
    from rumbo.run.spec import RunSpec


class Backend(StrEnum):
    """Who runs members."""

    local = "local"
    dask = "dask"


Backends = Annotated[
    Backend, typer.Option("--backend", help="This machine, or the workers of a dask cluster.")
]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", help="Address of the cluster's scheduler, or the file it wrote."),
]
PartOf = Annotated[
    str | None,
    typer.Option("--part", help="One part of the run alone, such as 3/20; see rumbo join."),
]


@contextmanager
def workers_of(backend: Backend, scheduler: str | None, workers: int | None) -> Iterator[None]:
    """Run members where a command was told to, as long as this lasts.

    Parameters
    ----------
    backend, scheduler, workers
        The options of these names.

    Raises
    ------
    Faults
        If they do not fit together, or the cluster cannot be used; nothing was written then.
    """
    if backend is Backend.local:
        if scheduler is not None:
            message = "a scheduler is of use with --backend dask alone"
            raise Faults([Fault("--scheduler", 0, message, "Add --backend dask")])
        yield
        return
    if scheduler is None:
        cure = "Add --scheduler and the address that it printed, such as tcp://node7:8786"
        raise Faults([Fault("--backend dask", 0, "it is not said which scheduler", cure)])
    if workers is not None:
        message = "a cluster uses the workers that it has"
        raise Faults([Fault("--workers", 0, message, "Leave it out with --backend dask")])
    from rumbo.run.cluster.connect import connected

    with connected(scheduler):
        yield


def run_one_part(spec: "RunSpec", asked: "RunRequest") -> None:
    """Run one part of what is asked for, and keep its members.

    Parameters
    ----------
    spec
        The whole run.
    asked
        What was asked for.
    """
    from rumbo.cli.arguments import default_folder
    from rumbo.run.parts.join import run_part
    from rumbo.run.parts.part import read_part

    part = read_part(asked.part or "")
    say_cost(spec, asked.workers, yes=asked.yes, members=-(-spec.size // part.of))
    whole = default_folder(spec)
    folder = asked.out or whole.with_name(f"{whole.name}-part-{part.number}-of-{part.of}")
    with stoppable(folder), progress_bar() as progress:
        run_part(spec, part, folder, asked.workers, progress)
    say(f"Part {part.number} of {part.of}: {folder}")
    say("Once all parts are there: rumbo join, with the folder of each")


def join(
    parts: Annotated[list[Path], typer.Argument(help="Folders of all parts, in any order.")],
    out: Out = None,
    language: Languages = Language.both,
) -> None:
    """Join the parts of a run to the whole run, and write its result and report."""
    from rumbo.cli.arguments import default_folder
    from rumbo.run.parts.join import join_parts, spec_of_parts

    spec = spec_of_parts(parts)
    folder = out or default_folder(spec)
    with stoppable(folder), progress_bar() as progress:
        result = join_parts(parts, spec, folder, progress)
    say(f"Result: {folder / 'result.nc'}")
    report_on(result, folder, language)
