"""Commands that put the whole to the test; each can be interrupted, and goes on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.asking.spread import Backend, Backends, Scheduler, workers_of
from rumbo.cli.options import AsOf, Corridor, Seed, Workers, a_folder
from rumbo.cli.terminal import progress_bar, say, stoppable
from rumbo.files.atomic import write_text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from rumbo.forecasting.evaluate import Evaluation
    from rumbo.run.workers import Progress
    from rumbo.scenario.scenario import Scenario

Kept = Annotated[
    Path,
    typer.Option("--out", callback=a_folder, help="Where what is finished is kept, and tables."),
]
Families = Annotated[
    list[str] | None, typer.Option("--family", help="Family to leave out; every one if not given.")
]
Size = Annotated[int, typer.Option("--members", min=10, help="Size of each fit.")]


def left_out(
    corridor: Corridor,
    as_of: AsOf,
    out: Kept = Path("runs/left-out"),
    family: Families = None,
    members: Size = 200,
    seed: Seed = 0,
    workers: Workers = None,
) -> None:
    """Fit without one family of series after another, and hold each fit against what it missed."""
    import pandas as pd

    from rumbo.fitting.left_out import (
        held_by_family,
        leave_out,
        left_out_families,
        table_of_left_out,
    )
    from rumbo.scenario.posterior import own_digest
    from rumbo.scenario.scenario import load

    scenario = load(corridor)
    names = family or left_out_families(scenario, as_of)
    asked = "".join(f" --family {name}" for name in family or ())
    asked += f" --as-of {as_of} --members {members} --seed {seed}"
    tables = []
    with stoppable(out), progress_bar("steps") as progress:
        for n, name in enumerate(names):
            found = leave_out(
                scenario,
                as_of,
                name,
                members=members,
                seed=seed,
                workers=workers,
                folder=out / "fits",
                progress=_one_of(progress, n, len(names)),
            )
            tables.append(found)
            figures = pd.concat(tables, ignore_index=True)
            _write(figures, out / "figures.csv")
            told = held_by_family(figures)
            _write(told, out / "left-out.csv")
            rows = table_of_left_out(told, f"rumbo left-out {corridor}{asked}")
            _write(rows.assign(posterior=own_digest(scenario.folder)), out / "tested.csv")
    for row in told.itertuples():
        say(
            f"{row.family}: {row.held_90:.0%} of {row.n} figures within 90 % ranges; "
            f"log error {row.rmse:.2f}, bias {row.bias:+.2f}"
        )


def _one_of(progress: "Progress", number: int, jobs: int) -> "Progress":
    """Tell of one of several jobs of the same length."""
    return lambda done, all_: progress(number * all_ + done, jobs * all_)


def calibrate(
    corridor: Corridor,
    as_of: AsOf,
    out: Kept = Path("runs/calibrate"),
    lever: Annotated[str, typer.Option(help="Lever whose effect is among the quantities.")] = "",
    off: Annotated[str, typer.Option(help="Rule that truths do not have.")] = "",
    truths: Annotated[int, typer.Option(min=1, help="How many truths.")] = 100,
    members: Size = 60,
    seed: Seed = 0,
    workers: Workers = None,
) -> None:
    """Simulate truths, fit each like the record, and say whether ranges hold them."""
    from rumbo.fitting.calibration import Calibration, calibrated, table_of_calibration
    from rumbo.fitting.calibration import calibrate as find_ranks
    from rumbo.fitting.problem import set_up
    from rumbo.scenario.scenario import load

    scenario = load(corridor).fitted()
    assert scenario.posterior is not None
    problem = set_up(scenario, as_of).around(scenario.posterior)
    asked = Calibration(problem, lever, off, members, seed=seed)
    with stoppable(out), progress_bar("truths") as progress:
        ranks = find_ranks(asked, truths, workers=workers, folder=out / "truths", progress=progress)
    _write(ranks, out / "ranks.csv")
    table = calibrated(ranks)
    _write(table, out / "calibration.csv")
    size = f"--truths {truths} --members {members} --seed {seed}"
    named = "".join(f" --{n} {one}" for n, one in (("lever", lever), ("off", off)) if one)
    command = f"rumbo calibrate {corridor} --as-of {as_of}{named} {size}"
    rows = table_of_calibration(table, off, command)
    _write(rows.assign(posterior=scenario.posterior.digest), out / "tested.csv")
    for row in table.itertuples():
        say(
            f"{row.quantity}: {row.held_90:.0%} ({row.low:.0%}–{row.high:.0%}) of {row.n} truths "
            f"within 90 % ranges; evenness p {row.p:.2f}, corrected {row.holm:.2f}"
        )


def hindcast(
    corridor: Corridor,
    out: Kept = Path("runs/hindcast"),
    first: Annotated[str | None, typer.Option("--from", help="First origin month.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last origin month.")] = None,
    members: Size = 160,
    drawn: Annotated[int, typer.Option(min=10, help="Members that are run on.")] = 60,
    seed: Seed = 1,
    workers: Workers = None,
    backend: Backends = Backend.local,
    scheduler: Scheduler = None,
    tell: Annotated[
        str | None, typer.Option("--tell", help="Origin to tell apart, as CSV and a page.")
    ] = None,
) -> None:
    """Fit as of many days, run on, and hold each against what came; with later facts given, too."""
    from rumbo.cli.arguments import parse_month
    from rumbo.cli.fits import show_skill
    from rumbo.forecasting.corridor.hindcast import (
        hindcast_corridor,
        origins_between,
        place_of,
        table_of_hindcast,
    )
    from rumbo.forecasting.corridor.runs import HindcastSize
    from rumbo.scenario.posterior import own_digest
    from rumbo.scenario.scenario import load

    scenario = load(corridor)
    begin, end, told = (
        parse_month(option, text) if text else None
        for option, text in (("--from", first), ("--to", last), ("--tell", tell))
    )
    chosen = origins_between(scenario, begin, end)
    if told:
        # Asked for now rather than after hours of fits.
        place_of(chosen, told)
    size = HindcastSize(members, drawn=drawn, seed=seed)
    there = workers_of(backend, scheduler, workers)
    with there, stoppable(out), progress_bar("days") as progress:
        made = hindcast_corridor(
            scenario, out, origins=chosen, size=size, workers=workers, progress=progress
        )
    asked = f"--members {members} --drawn {drawn} --seed {seed}"
    command = f"rumbo hindcast {corridor} --from {chosen[0]} --to {chosen[-1]} {asked}"
    rows = table_of_hindcast(made.skill, command)
    _write(rows.assign(posterior=own_digest(scenario.folder)), out / "tested.csv")
    show_skill(made.skill)
    if told:
        command = f"rumbo hindcast {corridor} --from {told} --to {told} --tell {told} {asked}"
        _tell_origin(scenario, made, told, command, out)
    say(f"Tables: {out}")


def _tell_origin(
    scenario: "Scenario", made: "Evaluation", origin: "np.datetime64", command: str, out: Path
) -> None:
    """Write what was forecast from one origin, beside what came."""
    from rumbo.forecasting.corridor.hindcast import from_origin
    from rumbo.report import origin_page
    from rumbo.scenario.figures import HINDSIGHT, known

    later = known(scenario, HINDSIGHT)
    table = from_origin(made, later, origin)
    _write(table, out / f"origin-{origin}.csv")
    counts = scenario.components.set_index("id")["name_en"].to_dict()
    page = origin_page(table, str(origin), command, counts=counts)
    write_text(out / f"origin-{origin}.md", page)


def _write(table: "pd.DataFrame", path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
