"""The command line. Anything heavy is imported by the command that needs it: help stays quick."""

import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import rumbo

if TYPE_CHECKING:
    import xarray as xr

    from rumbo.scenario import Scenario

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Simulate how people move along a migration corridor, with and without a policy.",
)

BAD_INPUT, STOPPED, FAILED = 2, 130, 1
"""Exit codes: faults in what was asked; Ctrl-C; a disk or worker that failed, runs that differ."""


class Mode(StrEnum):
    """How members are run."""

    stochastic = "stochastic"
    expected = "expected"


class Language(StrEnum):
    """Language of a report."""

    en = "en"
    es = "es"
    both = "both"


class Listing(StrEnum):
    """What can be listed."""

    corridors = "corridors"
    levers = "levers"
    rules = "rules"
    measures = "measures"
    parameters = "parameters"


_SET = r'A changed value, "parameter\[@at]\[/group]\[:since\[..until]]=value"; may be repeated.'

Corridor = Annotated[str, typer.Argument(help="Name of a bundled corridor, or a folder.")]
RunFolder = Annotated[Path, typer.Argument(help="Folder that rumbo run or rumbo compare wrote.")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="A lever or rule to leave out; may be repeated."),
]
Set = Annotated[list[str] | None, typer.Option("--set", help=_SET)]
Start = Annotated[str | None, typer.Option("--start", help="First day, such as 2023-07-01.")]
End = Annotated[str | None, typer.Option("--end", help="Last day.")]
Members = Annotated[int, typer.Option("--members", min=1, help="Runs of each scenario.")]
Seed = Annotated[
    int,
    typer.Option("--seed", min=0, max=2**63 - 1, help="Names the luck of the whole run."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes; every core if left out.")
]
Modes = Annotated[Mode, typer.Option("--mode", help="Draws, or expected flows without draws.")]
Out = Annotated[Path | None, typer.Option("--out", help="Run folder; under runs/ if left out.")]
Languages = Annotated[Language, typer.Option("--language", help="Language of the report.")]


@app.command()
def run(
    corridor: Corridor,
    without: Without = None,
    changes: Set = None,
    start: Start = None,
    end: End = None,
    members: Members = 50,
    seed: Seed = 0,
    workers: Workers = None,
    mode: Modes = Mode.stochastic,
    out: Out = None,
    language: Languages = Language.both,
) -> None:
    """Run one scenario and write its result and report."""
    from rumbo.asking import ask

    scenario = ask(corridor, start, end, without, changes)
    _run_and_report([scenario], members, seed, workers, mode, out, language)


@app.command()
def compare(
    corridor: Corridor,
    without: Without = None,
    changes: Set = None,
    start: Start = None,
    end: End = None,
    members: Members = 50,
    seed: Seed = 0,
    workers: Workers = None,
    mode: Modes = Mode.stochastic,
    out: Out = None,
    language: Languages = Language.both,
) -> None:
    """Run the corridor as it was, and once more with all changes given, on the same luck."""
    from rumbo.asking import ask, nothing_to_compare

    if not (without or changes):
        raise nothing_to_compare()
    pair = [ask(corridor, start, end), ask(corridor, start, end, without, changes)]
    _run_and_report(pair, members, seed, workers, mode, out, language)


@app.command("list")
def list_(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    corridor: Annotated[str, typer.Option("--corridor", help="Whose levers.")] = (
        "darien-rio-bravo"
    ),
) -> None:
    """List corridors, levers, rules, measures or parameters."""
    from rumbo.listing import listing

    listing(what.value, corridor)


@app.command()
def check(
    folder: Annotated[str, typer.Argument(help="Folder of a corridor, or a bundled name.")],
) -> None:
    """List every fault of a corridor's files; exit code 2 if there is any."""
    from rumbo.scenario import check as faults_of

    faults = faults_of(folder)
    for fault in faults:
        _say(str(fault), error=True)
    if faults:
        raise typer.Exit(BAD_INPUT)
    _say(f"{folder}: no fault found")


@app.command()
def show(
    corridor: Corridor,
    without: Without = None,
    changes: Set = None,
    start: Start = None,
    end: End = None,
) -> None:
    """Show a scenario: its days, places, groups, rules, levers and changes."""
    from rumbo.asking import ask
    from rumbo.listing import describe

    describe(ask(corridor, start, end, without, changes))


@app.command()
def report(
    run: RunFolder,
    language: Languages = Language.both,
    to: Annotated[Path | None, typer.Option("--to", help="Folder; the run's if left out.")] = None,
) -> None:
    """Write the report of a run: one HTML file in each language."""
    from rumbo.runs import open_run

    _report(open_run(run), to or run, language)


@app.command()
def export(
    run: RunFolder,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder; export in the run's if left out.")
    ] = None,
) -> None:
    """Write a run's figures as CSV, Parquet, workbook, GeoPackage and data package."""
    from rumbo.export import export as write_export
    from rumbo.runs import open_run

    target = to or run / "export"
    written = write_export(open_run(run), target)
    _say(f"Exported to {target}:")
    for path in written:
        _say(f"  {path.name}")


@app.command()
def rerun(run: RunFolder, workers: Workers = None) -> None:
    """Run once more from what the folder holds; say whether the bytes are the same."""
    from rumbo.again import repeat

    with _progress() as progress:
        lines = repeat(run, workers, progress)
    for line in lines:
        _say(line, error=True)
    if lines:
        raise typer.Exit(FAILED)
    _say(f"{run}: the same bytes")


def _run_and_report(
    scenarios: "list[Scenario]",
    members: int,
    seed: int,
    workers: int | None,
    mode: Mode,
    out: Path | None,
    language: Language,
) -> None:
    from rumbo.asking import default_folder
    from rumbo.runs import is_finished, keep_run, open_run, write_result
    from rumbo.simulate import simulate

    asked = {"members": members, "seed": seed, "mode": mode.value}
    folder = out or default_folder(scenarios, **asked)
    with keep_run(folder, scenarios, **asked) as store:
        if is_finished(folder):
            _say(f"{folder} holds this run already.")
            result = open_run(folder)
        else:
            with _stoppable(folder), _progress() as progress:
                result = simulate(
                    scenarios, workers=workers, store=store, progress=progress, **asked
                )
            write_result(folder, result)
    _say(f"Result: {folder / 'result.nc'}")
    _report(result, folder, language)


def _report(result: "xr.Dataset", folder: Path, language: Language) -> None:
    from rumbo.report import write_report

    chosen = [Language.en, Language.es] if language is Language.both else [language]
    for one in chosen:
        path = write_report(result, folder / f"report-{one}.html", language=one.value)
        _say(f"Report: {path}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the time left, fed with member runs done and in all."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("Simulating"), BarColumn(), MofNCompleteColumn(),
        TextColumn("member runs, left:"), TimeRemainingColumn(),
    )  # fmt: skip
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("")
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


@contextmanager
def _stoppable(folder: Path) -> Iterator[None]:
    """Turn Ctrl-C into a plain ending that says how to go on."""
    try:
        # Said of the tasks that Ctrl-C leaves behind, whenever they happen to be collected.
        warnings.filterwarnings("ignore", message=".*tasks", category=UserWarning)
        yield
    except KeyboardInterrupt:
        _say(
            f"Stopped. Finished members are kept in {folder}; the same command goes on from there.",
            error=True,
        )
        raise typer.Exit(STOPPED) from None


def _say(line: str, *, error: bool = False) -> None:
    typer.echo(line, err=error)


def _end(lines: str, code: int) -> NoReturn:
    _say(lines, error=True)
    sys.exit(code)


def main() -> None:
    """Run the command line; every failure a user can meet ends in one plain line."""
    from rumbo.faults import Faults

    try:
        app()
    except Faults as faults:
        _end(str(faults), BAD_INPUT)
    except BrokenProcessPool:
        _end(
            "A worker process was killed, often because memory ran out. Finished members are kept: "
            "give the same command again, with --workers 1 if it happens twice.",
            FAILED,
        )
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _end(
            f"The disk refused: {error.strerror or error}{where}. Finished members are kept: "
            "mend that and give the same command again.",
            FAILED,
        )


def _version(asked: bool) -> None:
    if asked:
        _say(rumbo.__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Take options of the whole command."""
