"""The command line. Anything heavy is imported by the command that needs it: help stays quick."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.asking.ask import ask, place
from rumbo.cli.asking.claims import claims, claims_checked
from rumbo.cli.asking.outlook import outlook
from rumbo.cli.asking.spread import (
    Backend,
    Backends,
    Scheduler,
    join,
    run_one_part,
    workers_of,
)
from rumbo.cli.asking.studio import saved_scenarios, studio
from rumbo.cli.ending import FAILED, run_app
from rumbo.cli.folders import copy, new, rename, upgrade
from rumbo.cli.months.data import data
from rumbo.cli.months.refresh import refresh
from rumbo.cli.options import (
    WHOSE,
    AsOf,
    Corridor,
    Deals,
    End,
    Json,
    Languages,
    Listing,
    PosteriorFile,
    RunFolder,
    Scores,
    Seed,
    Set,
    Spoken,
    Start,
    Targets,
    Without,
    Workers,
    Yes,
    a_file,
    a_folder,
)
from rumbo.cli.outcomes import how_tested, sensitivity
from rumbo.cli.requests import CrisisRequest, RunRequest, takes
from rumbo.cli.terminal import Language, progress_bar, report_on, run_and_report, say, warn
from rumbo.cli.trials import calibrate, hindcast, left_out
from rumbo.files.code import __version__

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario

app = typer.Typer(
    # No frames: they cut what does not fit 80 columns. What an unknown command means, we say.
    rich_markup_mode=None,
    suggest_commands=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="Simulate how people move along a migration corridor, with and without a policy.",
)


@app.command()
@takes(RunRequest)
def run(asked: RunRequest) -> None:
    """Run one scenario, or one saved in the studio, and write its result and report."""
    from rumbo.cli.arguments import run_sides

    several = saved_scenarios(asked) or [run_sides(asked)[1]]
    _run(several, asked)


@app.command()
@takes(RunRequest)
def compare(asked: RunRequest) -> None:
    """Run the corridor as it was, and once more with all changes given, on the same luck."""
    from rumbo.cli.arguments import compared_sides
    from rumbo.scenario.questions.apart import outside

    base, other = compared_sides(asked)
    if outside(base, other):
        what = "no value in which the sides differ holds on a day of the run"
        say(f"Warning: {what}, {base.start} to {base.end}.", error=True)
    _run([base, other], asked)


def _run(scenarios: "list[Scenario]", asked: RunRequest) -> None:
    from rumbo.run.spec import Asked, RunSpec

    warn(*scenarios)
    several: Sequence[Asked] = scenarios
    if asked.branches or asked.event:
        several = [one.branches(*asked.event or ()) for one in scenarios]
    spec = RunSpec.of(several, asked.members, asked.seed, asked.mode.value)
    with workers_of(asked.backend, asked.scheduler, asked.workers):
        if asked.part is not None:
            run_one_part(spec, asked)
        else:
            run_and_report(spec, asked.workers, asked.out, asked.language, yes=asked.yes)


for command in (
    new, copy, rename, upgrade, sensitivity, left_out, calibrate, hindcast, ask, place, outlook,
    claims, studio, join, refresh,
):  # fmt: skip
    app.command()(command)
app.command("tested")(how_tested)
app.add_typer(data, name="data")


@app.command("list")
def list_(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    of: Annotated[str | None, typer.Argument(metavar="corridor", help=WHOSE)] = None,
    corridor: Annotated[str | None, typer.Option("--corridor", help="The same.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON array of objects.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    language: Spoken = None,
) -> None:
    """List places, links, groups, levers, rules, parameters and so on, with what they are."""
    from rumbo.cli.listing import listing

    listing(what.value, of or corridor, as_json=as_json, as_csv=as_csv)


@app.command()
def check(
    folder: Annotated[str, typer.Argument(help="Folder of a corridor, or a bundled name.")],
    language: Spoken = None,
) -> None:
    """List every fault of a corridor's files; exit code 2 if there is any. Nothing is run."""
    from rumbo.cli.show import could_add, tell_branches, tell_ranges
    from rumbo.run.check import compiled_ready, ranges_of
    from rumbo.updating.forms import check_forms

    ready = claims_checked(compiled_ready(folder))
    check_forms(ready.scenario.folder)
    warn(ready.scenario)
    say(f"{folder}: no fault found")
    tell_ranges(ranges_of(ready))
    tell_branches(ready.scenario)
    could_add(ready.scenario.folder)


@app.command()
def show(
    corridor: Corridor,
    without: Without = None,
    changes: Set = None,
    deals: Deals = None,
    start: Start = None,
    end: End = None,
    language: Spoken = None,
) -> None:
    """Show a scenario: its days, places, groups, rules, levers and changes."""
    from rumbo.cli.arguments import ask
    from rumbo.cli.show import describe

    describe(ask(corridor, start, end, without, changes, deals))


@app.command()
def report(
    run: RunFolder,
    language: Languages = Language.both,
    to: Annotated[
        Path | None, typer.Option("--to", callback=a_folder, help="Folder; the run's if left out.")
    ] = None,
) -> None:
    """Write the report of a run: one HTML file in each language."""
    from rumbo.run.folder import open_run

    report_on(open_run(run), to or run, language)


@app.command()
def record(
    run: RunFolder,
    out: Annotated[
        Path | None,
        typer.Option("--out", callback=a_file, help="File: .csv for every series, else a page."),
    ] = None,
    as_json: Json = False,
    language: Spoken = None,
) -> None:
    """Hold a run against every figure there is, fitted or not, and say which series fail."""
    from rumbo.cli.record import show_record
    from rumbo.run.folder import open_run

    show_record(open_run(run), out, as_json=as_json)


@app.command()
def export(
    run: RunFolder,
    to: Annotated[
        Path | None,
        typer.Option("--to", callback=a_folder, help="Folder; export in the run's if left out."),
    ] = None,
) -> None:
    """Write a run's figures as CSV, workbooks, GeoPackage, hub files and data package."""
    from rumbo.cli.folders import export_run

    export_run(run, to or run / "export")


@app.command()
def rerun(run: RunFolder, workers: Workers = None) -> None:
    """Run once more from what the folder holds; say whether the bytes are the same."""
    from rumbo.run.folder import read_manifest
    from rumbo.run.rerun import repeat

    read_manifest(run)  # refused before the line that says that work has begun
    with progress_bar() as progress:
        lines = repeat(run, workers, progress)
    for line in lines:
        say(line, error=True)
    if lines:
        raise typer.Exit(FAILED)
    say(f"{run}: the same bytes")


@app.command()
@takes(CrisisRequest)
def flee(asked: CrisisRequest) -> None:
    """Run a crisis in Flee's format by Flee's rules, or learned ones, and score it."""
    from rumbo.cli.flee import run_crisis

    run_crisis(asked)


@app.command()
def score(
    what: Annotated[str, typer.Argument(help="A run's folder; or a corridor, to score forecasts.")],
    as_json: Json = False,
    workers: Workers = None,
    hindcasts: Annotated[bool, typer.Option("--hindcasts", help="And twins, a profile.")] = False,
    target: Targets = None,
    out: Scores = Path("runs/score"),
    language: Languages = Language.both,
) -> None:
    """Score a run against the record; or a corridor's forecasts, from one origin a month."""
    from rumbo.run.folder import MANIFEST, open_run

    if (Path(what) / MANIFEST).is_file():
        from rumbo.cli.flee import show_scores

        show_scores(open_run(what), as_json=as_json)
        return
    from rumbo.cli.fits import run_scores

    run_scores(what, target or (), workers, out, language, hindcasts=hindcasts)


@app.command()
def fit(
    corridor: Corridor,
    as_of: AsOf,
    out: Annotated[
        Path, typer.Option("--out", callback=a_folder, help="Where the posterior is written.")
    ],
    members: Annotated[int, typer.Option("--members", min=10, help="Size of the ensemble.")] = 1000,
    passes: Annotated[int, typer.Option(min=1, help="Times figures are used.")] = 2,
    seed: Seed = 0,
    workers: Workers = None,
    backend: Backends = Backend.local,
    scheduler: Scheduler = None,
    yes: Yes = False,
) -> None:
    """Fit a corridor to the figures published by a day; an interrupted fit goes on."""
    from rumbo.cli.fits import run_fit

    with workers_of(backend, scheduler, workers):
        run_fit(corridor, as_of, members, passes, seed, workers, out, yes=yes)


@app.command()
def forecast(
    corridor: Corridor,
    as_of: AsOf,
    horizon: Annotated[int, typer.Option(help="Months ahead, 1 to 6.")] = 6,
    target: Targets = None,
    workers: Workers = None,
    out: Scores = Path("runs/score"),
    language: Languages = Language.both,
) -> None:
    """Forecast encounters as the record stood on a day."""
    from rumbo.cli.fits import run_forecast

    run_forecast(corridor, as_of, horizon, target or (), workers, out, language)


@app.command()
def attribute(
    corridor: Corridor,
    lever: Annotated[list[str], typer.Option("--lever", help="A lever; may be repeated.")],
    first: Annotated[str, typer.Option("--from", help="First month, such as 2024-01.")],
    last: Annotated[str, typer.Option("--to", help="Last month.")],
    posterior: PosteriorFile = None,
    members: Annotated[int, typer.Option("--members", min=5, help="Draws to use.")] = 100,
    seed: Seed = 0,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", callback=a_folder, help="Folder for the tables.")
    ] = None,
) -> None:
    """Say what levers did to encounters, and whether figures or prior say so."""
    from rumbo.cli.arguments import ask
    from rumbo.cli.fits import run_attribution

    scenario = ask(corridor, posterior=posterior or True)
    run_attribution(scenario, lever, (first, last), members, seed, workers, out)


def main() -> None:
    """Run the command line; every failure a user can meet ends in one plain line."""
    run_app(app)


def _version(asked: bool) -> None:
    if asked:
        say(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Take options of the whole command."""
