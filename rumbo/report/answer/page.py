"""Pages of questions and of places: the answer, and the chapters of the corridor after it."""

from dataclasses import replace

from rumbo.files.faults import Fault, Faults, choose
from rumbo.report.answer.answer import answer, answer_blocks, title
from rumbo.report.answer.flows import named
from rumbo.report.answer.place import effects_there
from rumbo.report.answer.place import place as place_section
from rumbo.report.corridor.limits import cite, limits
from rumbo.report.corridor.scenarios import scenarios
from rumbo.report.corridor.statements import run_page
from rumbo.report.page.parts import Page, sections
from rumbo.report.read.run import Run


def answered(page: Page, run: Run) -> Page:
    """Return a page of a run with the question as its title and the answer on its first screen.

    Parameters
    ----------
    page
        The page of the run.
    run
        The run; the page stays as it is where it asks no question.

    Returns
    -------
    Page
    """
    blocks = answer_blocks(run)
    return replace(page, title=title(run), answer=blocks) if blocks else page


def place_page(run: Run, place: str) -> Page:
    """Return the page of one place.

    Parameters
    ----------
    run
        A run of the corridor.
    place
        Id of a place.

    Returns
    -------
    Page

    Raises
    ------
    Faults
        If the corridor has no such place, or the run is not one of a corridor by months.
    """
    if run.dimension == "day" or run.learned:
        message, cure = "the run is recorded by day", "Give a run of a corridor by months"
        raise Faults([Fault("place", 0, message, cure)])
    if place not in run.places:
        cure = choose(place, [*run.places])
        raise Faults([Fault("place", 0, f"the corridor has no place '{place}'", cure)])

    rest = sections((answer, scenarios, limits, cite), run)
    asked, name = title(run), named(run, place)
    heading = run.words("here.title", place=name, question=asked) if asked else name
    here = place_section(run, place)
    page = run_page(run, "", (), heading, effects_there(run, place))
    return replace(page, sections=[here, *rest])
