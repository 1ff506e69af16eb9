"""What commands share: what they say, how far they are, a run kept and told."""

import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

import typer

from rumbo.cli.early import STOPPED
from rumbo.cli.words import said
from rumbo.files.direction import shown

if TYPE_CHECKING:
    import xarray as xr

    from rumbo.run.spec import RunSpec
    from rumbo.scenario.scenario import Scenario


class Mode(StrEnum):
    """How members are run."""

    stochastic = "stochastic"
    expected = "expected"


class Language(StrEnum):
    """Language of a report or of the command line."""

    en = "en"
    es = "es"
    both = "both"


def run_and_report(
    spec: "RunSpec",
    workers: int | None,
    out: Path | None,
    language: Language,
    *,
    yes: bool,
    begin: Callable[[], None] | None = None,
    places: Sequence[str] = (),
) -> "xr.Dataset":
    """Run scenarios, or go on with a run, keep the result and write its reports.

    Parameters
    ----------
    spec
        What to run.
    workers
        As in `rumbo.simulate`.
    out
        The run folder; one under ``runs`` if None.
    language
        Language of the reports.
    yes
        Whether to run even what is very large.
    begin
        Says what is run, once nothing is refused any more.
    places
        Places whose pages are about to be written beside the reports.

    Returns
    -------
    xarray.Dataset
        The result.
    """
    from rumbo.cli.arguments import default_folder
    from rumbo.run.folder import is_finished, keep_run, open_run, write_result
    from rumbo.run.simulate import execute

    say_ways(spec, workers, yes=yes)
    say_cost(spec, workers, yes=yes)
    folder = out or default_folder(spec)
    with keep_run(folder, spec) as store:
        if is_finished(folder):
            say(f"{folder} holds this run already.")
            result = open_run(folder)
        else:
            if begin:
                begin()
            with stoppable(folder), progress_bar() as progress:
                result = execute(spec, workers, store, progress)
            write_result(folder, result)
    say(f"Result: {folder / 'result.nc'}")
    report_on(result, folder, language, places)
    return result


def say_cost(
    spec: "RunSpec", workers: int | None, *, yes: bool, members: int | None = None
) -> None:
    """Say what a large run costs before it starts; see `rumbo.cli.cost.weigh`."""
    from rumbo.cli.cost import weigh

    if line := weigh(spec, workers, yes=yes, members=members):
        say(line, error=True)


def say_ways(spec: "RunSpec", workers: int | None, *, yes: bool) -> None:
    """Say what it costs that people of a crisis see far; see `rumbo.cli.cost.weigh_ways`."""
    from rumbo.cli.cost import weigh_ways

    if line := weigh_ways(spec, workers, yes=yes):
        say(line, error=True)


def languages(chosen: Language) -> list[Language]:
    """Return the languages that reports are written in."""
    return [Language.en, Language.es] if chosen is Language.both else [chosen]


def report_on(
    result: "xr.Dataset", folder: Path, language: Language, places: Sequence[str] = ()
) -> None:
    """Write a result's reports into a folder, linked to pages of places, and say where they are."""
    from rumbo.report import write_reports

    paths = pages_in(folder, "report", language)
    for path in write_reports(result, paths, places=_places_beside(folder, language, places)):
        say(f"Report: {path}")


def pages_in(folder: Path, name: str, language: Language) -> dict[str, Path]:
    """Return the files of a page in a folder, by language."""
    return {one.value: folder / f"{name}-{one}.html" for one in languages(language)}


def _places_beside(
    folder: Path, language: Language, named: Sequence[str]
) -> dict[str, dict[str, Path]]:
    """Return the pages of places that are in a folder or are about to be, by place and language."""
    found = (
        path.stem.removeprefix("place-")[:-3] for path in sorted(folder.glob("place-*-??.html"))
    )
    pages = {one: pages_in(folder, f"place-{one}", language) for one in (*named, *found)}
    return {
        one: {said: path for said, path in of.items() if one in named or path.is_file()}
        for one, of in pages.items()
    }


Counted = Literal["member runs", "points", "truths", "days", "forecasts", "steps"]
"""What a command counts of its work; steps are of several kinds, or parts of one."""


@contextmanager
def progress_bar(
    what: Counted = "member runs", doing: Literal["Simulating", "Writing"] = "Simulating"
) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the time left, fed with how many of what it counts are done and in all."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(said(doing)),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(said(f"{said(what)}, left:")),
        TimeRemainingColumn(),
    )
    screen = Console(stderr=True)
    lines = None if screen.is_terminal else _Lines(said(what))
    with Progress(*columns, console=screen, transient=True, disable=lines is not None) as bar:
        task = bar.add_task("")

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if lines:
                lines.tell(done, total)
            if _asked_to_stop:
                raise KeyboardInterrupt

        yield tell


class _Lines:
    """Tells how far a command is where there is no terminal: a line at its start, and now and then.

    Parameters
    ----------
    what
        What is counted, in the reader's language.
    """

    def __init__(self, what: str) -> None:
        self._what, self._began, self._told = what, monotonic(), monotonic()
        say("Working; a line a minute says how far it is.", error=True)

    def tell(self, done: int, total: int) -> None:
        """Print a line, unless the last is less than a minute ago."""
        now = monotonic()
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        minutes = (now - self._began) / 60
        say(f"{done} of {total} {self._what} after {minutes:.0f} min", error=True)


EVERY_SECONDS = 60.0
"""Seconds between lines that say how far a command is."""


@contextmanager
def stoppable(folder: Path | None) -> Iterator[None]:
    """Turn Ctrl-C into a plain ending that says how to go on, or that nothing was kept."""
    _asked_to_stop.clear()
    before = signal.signal(signal.SIGINT, _stop)
    try:
        # Said of the tasks that Ctrl-C leaves behind, whenever they happen to be collected.
        warnings.filterwarnings("ignore", message=".*tasks", category=UserWarning)
        yield
    except KeyboardInterrupt:
        notice = f"Finished members are kept in {folder}; the same command goes on from there."
        say(f"Stopped. {notice if folder else 'Nothing was written.'}", error=True)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)
        _asked_to_stop.clear()


_asked_to_stop: list[int] = []
"""Ctrl-C so far: Python loses an exception that is raised while it clears away an object, so it is
looked for again after every finished chunk."""


def _stop(number: int, _frame: object) -> None:
    _asked_to_stop.append(number)
    raise KeyboardInterrupt


def say(line: str, *, error: bool = False) -> None:
    """Print a line in the reader's language, to standard error if it is about an error."""
    typer.echo(shown(said(line)), err=error)


def warn(*scenarios: "Scenario") -> None:
    """Say what is dubious about scenarios, once each."""
    for warning in dict.fromkeys(one for each in scenarios for one in each.warnings):
        say(f"Warning: {warning}", error=True)
