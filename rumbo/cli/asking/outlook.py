"""The command that tells of the months ahead of a day, as it was known on it."""

from pathlib import Path
from typing import TYPE_CHECKING

from rumbo.cli.asking.voice import voice
from rumbo.cli.requests import OutlookRequest, takes
from rumbo.cli.terminal import Language, languages, pages_in, progress_bar, say, stoppable
from rumbo.cli.words import language
from rumbo.files.atomic import write_text

if TYPE_CHECKING:
    from rumbo.answers.outlook.outlook import MonthsAhead


@takes(OutlookRequest)
def outlook(asked: OutlookRequest) -> None:
    """Say who waits at a place in the months after a day, branch by branch; then what came."""
    from rumbo.answers.outlook.asked import OutlookSize, asked_of
    from rumbo.answers.outlook.outlook import outlook as look_ahead
    from rumbo.cli.asking.beds import beds_of
    from rumbo.report import outlook_text
    from rumbo.scenario.scenario import load

    scenario, says = load(asked.corridor), voice(asked.language)
    events, out = tuple(asked.event or ()), asked.out
    beds = beds_of(asked.beds or (), says)
    # Refused before the line that says that work has begun.
    asked_of(scenario, asked.as_of, asked.months, asked.place, events, says.language, beds)
    with stoppable(out), progress_bar("steps") as progress:
        made = look_ahead(
            scenario,
            asked.as_of,
            out,
            months=asked.months,
            place=asked.place,
            events=events,
            size=OutlookSize(asked.fit_members, drawn=asked.members, seed=asked.seed),
            workers=asked.workers,
            progress=progress,
            language=says.language,
            beds=beds,
        )
    about = made.write(out)
    say(f"Outlook: {about}")
    tell_held(made, about)
    write_pages(about, asked.language)
    if asked.text:
        asked.text.parent.mkdir(parents=True, exist_ok=True)
        write_text(asked.text, outlook_text(about, languages(asked.language)[0].value))
        say(f"Page: {asked.text}")


def write_pages(about: Path, language: Language) -> None:
    """Write the pages and workbooks of an outlook, those too that are there in another language.

    Parameters
    ----------
    about
        The file that says what it is of.
    language
        Languages that were asked for; a page of an asking before must not stand beside them.
    """
    from rumbo.report import write_outlook, write_outlook_workbook

    asked = {one.value for one in languages(language)}
    every = pages_in(about.parent, about.stem, Language.both)
    pages = {one: page for one, page in every.items() if one in asked or page.is_file()}
    for one, page in pages.items():
        say(f"Report: {write_outlook(about, page, one, others=pages)}")
        say(f"Workbook: {write_outlook_workbook(about, page.with_suffix('.xlsx'), one)}")


def tell_held(made: "MonthsAhead", about: Path) -> None:
    """Say how much of what came since lies in the mixed 90 % ranges.

    Parameters
    ----------
    made
        An outlook.
    about
        The file that says what it is of.
    """
    from rumbo.report.page.words import Words
    from rumbo.report.read.outlook import read_outlook

    rows = made.held[~made.held["estimate"]]
    if rows.empty:
        say("Nothing of the months ahead has been published yet.")
        return
    table = read_outlook(about, Words(language()))
    for series, own in rows.groupby("series", sort=False):
        held, name = int(own["inside_90"].sum()), table.title(str(series))
        say(f"  {name:40} {held} of {len(own)} months within 90 %")
    say(f"Of all {len(rows)} figures that came since, {rows['inside_90'].mean():.0%} within 90 %")
