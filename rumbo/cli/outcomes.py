"""Commands that put a corridor to the test, and tell of it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.options import Corridor, Json, PosteriorFile, Seed, Spoken, Workers, a_file, a_folder
from rumbo.cli.terminal import progress_bar, say, stoppable
from rumbo.cli.words import language as spoken
from rumbo.files.atomic import write_text

if TYPE_CHECKING:
    from rumbo.fitting.sensitivity import Sensitivity

SHOWN = {
    "effect": "what the encounters in destination zones differ by without {lever}",
    "waiting": "people waiting, mean of the last 12 months",
    "deaths": "deaths",
    "stops": "stops",
}
"""What the terminal calls the outputs."""


def sensitivity(
    corridor: Corridor,
    lever: Annotated[
        str, typer.Option("--lever", help="Whose effect; that of the hindcast if left out.")
    ] = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A parameter; all if left out. Repeatable.")
    ] = None,
    posterior: PosteriorFile = None,
    trajectories: Annotated[
        int, typer.Option("--trajectories", min=2, help="Times that each value is moved.")
    ] = 3,
    drawn: Annotated[
        int, typer.Option("--points", min=0, help="Base points for shares of variance; 0 for none.")
    ] = 32,
    seed: Seed = 0,
    workers: Workers = None,
    out: Annotated[
        Path, typer.Option("--out", callback=a_folder, help="Where points and table are kept.")
    ] = Path("runs/sensitivity"),
    as_json: Json = False,
) -> None:
    """Say on which values an effect hangs, moving every value along its range; can be stopped."""
    from rumbo.cli.arguments import ask
    from rumbo.fitting.sensitivity import sensitivity as study

    scenario = ask(corridor, posterior=posterior or True)
    with stoppable(out), progress_bar("points") as progress:
        found = study(
            scenario,
            lever,
            only=only or (),
            trajectories=trajectories,
            drawn=drawn,
            seed=seed,
            folder=out / "points",
            workers=workers,
            progress=progress,
        )
    path = out / "sensitivity.csv"
    write_text(path, found.table.to_csv(index=False, lineterminator="\n"))
    _tell(found)
    say(f"Table: {path} (rumbo tested {corridor} --add {path} puts it into the corridor)")
    if as_json:
        say(json.dumps(json.loads(found.table.to_json(orient="records"))))


def _tell(found: "Sensitivity") -> None:
    """Say what each output hangs on, and what could not be run."""
    from rumbo.scores.sensitivity import HANGS, strongest

    rows = found.table.to_dict("records")
    for output, named in SHOWN.items():
        hanging = strongest(rows, output)
        names = (" of ".join(filter(None, (r["parameter"], r["lever"]))) for r in hanging.rows)
        share = ""
        if hanging.share:
            middle, low, high = hanging.share
            share = f" (each alone, {middle:.0%} of its variance, {low:.0%} to {high:.0%})"
        count = "five" if len(hanging.rows) == HANGS else "values"
        title = named.format(lever=rows[0]["without"])
        say(f"{title[0].upper()}{title[1:]}: hangs on these {count}{share}: {', '.join(names)}.")
    first = found.table[found.table["output"] == "effect"]
    for row in first[(first["lowered"] > 0) | (first["impossible"] > 0)].itertuples():
        say(
            f"  {row.parameter} {row.lever}: lowered to what its parameter allows at {row.lowered} "
            f"points; no run was possible at {row.impossible} steps."
        )
    for reason in found.reasons:
        say(f"  Not run: {reason}")


def how_tested(
    corridor: Corridor,
    add: Annotated[
        list[Path] | None,
        typer.Option("--add", help="A sensitivity.csv or tested.csv to put into it; repeatable."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", callback=a_file, help="File for a page in Markdown; printed if left out."
        ),
    ] = None,
    language: Spoken = None,
) -> None:
    """Say how a corridor was put to the test, from the tables in its folder."""
    from rumbo.cli.arguments import ask
    from rumbo.report import page_of_tests
    from rumbo.run.about import background
    from rumbo.scenario.edit.outcomes import add_tests
    from rumbo.scenario.posterior import own_digest
    from rumbo.scenario.scenario import load

    folder = load(corridor).folder
    for table in add or ():
        say(f"Written: {add_tests(folder, table)}")
    scenario = ask(corridor, posterior=bool(own_digest(folder)))
    page = page_of_tests(json.loads(background([scenario])), spoken())
    if out is None:
        say(page)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    write_text(out, page)
    say(f"Page: {out}")
