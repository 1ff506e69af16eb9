"""Pages of questions and of places: the answer, and the chapters of the corridor after it."""

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from rumbo.files.faults import Fault, Faults, choose
from rumbo.report.answer.answer import answer, answer_blocks, title
from rumbo.report.answer.first import first_screen, in_a_line
from rumbo.report.answer.flows import named
from rumbo.report.answer.place import place as place_section
from rumbo.report.corridor.limits import cite, limits
from rumbo.report.corridor.scenarios import scenarios
from rumbo.report.corridor.statements import run_page, warned
from rumbo.report.page.links import link_to
from rumbo.report.page.parts import Page, PageBlock, Text, led, sections
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
    blocks = warned(run, answer_blocks(run))
    return replace(page, title=title(run), answer=blocks) if blocks else page


def with_places(page: Page, run: Run, places: Iterable[tuple[str, str]]) -> Page:
    """Return a page of a run that tells, under its answer, of places that have pages of their own.

    Parameters
    ----------
    page, run
        The page of the run.
    places
        Ids of places, and the addresses of their pages.

    Returns
    -------
    Page
    """
    lines = [_line(run, place, to) for place, to in places]
    return replace(page, answer=[*page.answer[:1], *lines, *page.answer[1:]])


def _line(run: Run, place: str, to: str) -> PageBlock:
    """Return the first sentence of a place's page, and where the page is."""
    led_in = led(named(run, place), in_a_line(run, place))
    return Text(Markup("{} {}").format(led_in, link_to(run.words("here.whole"), to)))


def place_page(run: Run, place: str, back: str = "") -> Page:
    """Return the page of one place.

    Parameters
    ----------
    run
        A run of the corridor.
    place
        Id of a place.
    back
        Address of the run's own page; empty where there is none.

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
    first, *others = first_screen(run, place)
    report = [Text(link_to(run.words("here.back"), back))] if back else []
    page = run_page(run, "", (), heading, [first, *report, *others])
    return replace(page, sections=[here, *rest])
