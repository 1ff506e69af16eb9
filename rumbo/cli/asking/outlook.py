"""The command that tells of the months ahead of a day, as it was known on it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.asking.voice import voice
from rumbo.cli.options import Corridor, Workers, a_file, a_folder
from rumbo.cli.terminal import Language, languages, progress_bar, say, stoppable
from rumbo.files.atomic import write_text

if TYPE_CHECKING:
    from rumbo.answers.outlook.outlook import MonthsAhead


def outlook(
    corridor: Corridor,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Day ahead of which; the last on which entries are known."),
    ] = None,
    months: Annotated[int, typer.Option("--months", help="Months ahead, 1 to 6.")] = 6,
    place: Annotated[
        str | None, typer.Option("--place", help="Place that is told of; the corridor's first.")
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="Event to branch on; every one ahead. Repeatable."),
    ] = None,
    members: Annotated[int, typer.Option("--members", min=20, help="Members run on.")] = 100,
    fit_members: Annotated[
        int, typer.Option("--fit-members", min=10, help="Size of a fit, where none is at hand.")
    ] = 160,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck of all.")] = 1,
    workers: Workers = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", callback=a_folder, help="Where fits, runs, tables and pages are kept."
        ),
    ] = Path("runs/outlook"),
    text: Annotated[
        Path | None,
        typer.Option("--text", callback=a_file, help="File for the page in Markdown as well."),
    ] = None,
    language: Annotated[Language, typer.Option("--language", help="Of the page.")] = Language.both,
) -> None:
    """Say who waits at a place in the months after a day, branch by branch; then what came."""
    from rumbo.answers.outlook.asked import OutlookSize, asked_of
    from rumbo.answers.outlook.outlook import outlook as look_ahead
    from rumbo.report import outlook_text, write_outlook
    from rumbo.scenario.scenario import load

    scenario, said, events = load(corridor), languages(language), tuple(event or ())
    spoken = voice(language).language
    # Refused before the line that says that work has begun.
    asked_of(scenario, as_of, months, place, events, spoken)
    with stoppable(out), progress_bar("of fit and runs") as progress:
        made = look_ahead(
            scenario,
            as_of,
            out,
            months=months,
            place=place,
            events=events,
            size=OutlookSize(fit_members, drawn=members, seed=seed),
            workers=workers,
            progress=progress,
            language=spoken,
        )
    about = made.write(out)
    say(f"Outlook: {about}")
    _tell_held(made)
    for one in said:
        page = out / f"outlook-{made.about['as_of']}-{one}.html"
        say(f"Report: {write_outlook(about, page, one.value)}")
    if text:
        text.parent.mkdir(parents=True, exist_ok=True)
        write_text(text, outlook_text(about, _command(made, members), said[0].value))
        say(f"Page: {text}")


def _tell_held(made: "MonthsAhead") -> None:
    """Say how much of what came since lies in the mixed 90 % ranges."""
    rows = made.held[~made.held["estimate"]]
    if rows.empty:
        say("Nothing of the months ahead has been published yet.")
        return
    for series, own in rows.groupby("series", sort=False):
        say(f"  {series:18} {int(own['inside_90'].sum())} of {len(own)} months within 90 %")
    say(f"Of all {len(rows)} figures that came since, {rows['inside_90'].mean():.0%} within 90 %")


def _command(made: "MonthsAhead", members: int) -> str:
    """Return the command that makes an outlook again."""
    about = made.about
    asked = f"--as-of {about['as_of']} --months {len(about['months'])} --place {about['place']}"
    return f"rumbo outlook {about['corridor']} {asked} --members {members} --seed {about['seed']}"
