"""The command that looks ahead on the newest months, beside the outlook before."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rumbo.cli.options import Corridor, Languages, Workers, a_folder
from rumbo.cli.terminal import Language, progress_bar, say, stoppable

if TYPE_CHECKING:
    import pandas as pd

    from rumbo.answers.outlook.outlook import MonthsAhead
    from rumbo.updating.refresh import Refreshed

MOST_ROWS = 12
"""Ranges that are shown before and now; the table holds all."""


def refresh(
    corridor: Corridor,
    months: Annotated[int, typer.Option("--months", help="Months ahead, 1 to 6.")] = 6,
    place: Annotated[
        str | None, typer.Option("--place", help="Place that is told of; the corridor's first.")
    ] = None,
    members: Annotated[int, typer.Option("--members", min=20, help="Members run on.")] = 100,
    fit_members: Annotated[
        int, typer.Option("--fit-members", min=10, help="Size of a fit, where none is at hand.")
    ] = 160,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck of all.")] = 1,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", callback=a_folder, help="Where outlooks are kept; under runs/refresh if not."
        ),
    ] = None,
    language: Languages = Language.both,
) -> None:
    """Fit the newest months, look ahead, and say what moved and how the last outlook did."""
    from rumbo.answers.outlook.asked import OutlookSize, asked_of
    from rumbo.cli.asking.voice import voice
    from rumbo.scenario.scenario import load
    from rumbo.updating.refresh import refresh as look_again

    scenario, says = load(corridor), voice(language)
    folder = out or Path("runs") / "refresh" / Path(corridor).resolve().name
    # Refused before the line that says that work has begun.
    asked_of(scenario, None, months, place, (), says.language)
    with stoppable(folder), progress_bar("steps") as progress:
        found = look_again(
            scenario,
            folder,
            months=months,
            place=place,
            size=OutlookSize(fit_members, drawn=members, seed=seed),
            workers=workers,
            progress=progress,
            language=says.language,
        )
    _tell(found, folder, language)


def _tell(found: "Refreshed", folder: Path, language: Language) -> None:
    from rumbo.cli.asking.outlook import write_pages

    day = found.made.about["as_of"]
    say(f"The outlook is of {day}, the last day on which it is known who enters.")
    if found.unseen:
        say(
            f"Figures published after that day: {found.unseen:,}. Nothing is made from them; "
            "counts of people on the way would let it begin later."
        )
    if found.before is None:
        say("No outlook before this one is kept here.")
    else:
        _tell_before(found.before, folder)
        _tell_moved(found.moved, found.before.about["as_of"])
    for one in filter(None, (found.before, found.made)):
        write_pages(folder / f"outlook-{one.day_and_place}.json", language)


def _tell_before(before: "MonthsAhead", folder: Path) -> None:
    from rumbo.cli.asking.outlook import tell_held

    say(f"How the outlook of {before.about['as_of']} did:")
    tell_held(before, folder / f"outlook-{before.day_and_place}.json")


def _tell_moved(moved: "pd.DataFrame", before: str) -> None:
    from rumbo.cli.listing import print_table

    if moved.empty:
        say("It told of no month that this one tells of.")
        return
    apart = int(moved["apart"].sum())
    say(f"What moved since that of {before}: of {len(moved)} ranges, apart: {apart}")
    first = moved.sort_values("apart", ascending=False, kind="stable")[:MOST_ROWS]
    rows = [
        (
            f"{one.series} {one.place}".strip(),
            one.month,
            _range(one.low_90_before, one.middle_before, one.high_90_before),
            _range(one.low_90, one.middle, one.high_90),
        )
        for one in first.itertuples()
    ]
    print_table(("series", "month", "90 % range before (middle)", "90 % range now (middle)"), rows)


def _range(low: float, middle: float, high: float) -> str:
    return f"{low:,.0f} – {high:,.0f} ({middle:,.0f})"
