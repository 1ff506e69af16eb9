"""The page of a run of the corridor."""

from collections.abc import Callable

from rumbo.report.corridor.branches import branches
from rumbo.report.corridor.differences import cost, differences
from rumbo.report.corridor.front.answer import answer, question
from rumbo.report.corridor.levers import levers
from rumbo.report.corridor.limits import cite, limits
from rumbo.report.corridor.map import corridor
from rumbo.report.corridor.mechanisms.caravans import caravans
from rumbo.report.corridor.mechanisms.deals import deals
from rumbo.report.corridor.mechanisms.prices import prices
from rumbo.report.corridor.minds import minds
from rumbo.report.corridor.observed import observed
from rumbo.report.corridor.outcomes import how_tested
from rumbo.report.corridor.record import record
from rumbo.report.corridor.scenarios import scenarios
from rumbo.report.corridor.sources import parameters
from rumbo.report.corridor.statements import run_page, statements
from rumbo.report.corridor.waiting import waiting
from rumbo.report.page.parts import Fold, Page, Section
from rumbo.report.read.run import Run

Chapter = Callable[[Run], Section | None]

SHOWN: dict[Chapter, tuple[str, int]] = {
    record: ("record.all", 3),
    minds: ("minds.all", 3),
    how_tested: ("results.all", 1),
}
"""Chapters of which only the first blocks are open, and what opens the others."""

CHAPTERS = (
    statements,
    scenarios,
    branches,
    corridor,
    observed,
    record,
    waiting,
    minds,
    deals,
    caravans,
    prices,
    differences,
    cost,
    levers,
    parameters,
    how_tested,
    limits,
    cite,
)
"""Chapters of the page, in their order."""


def corridor_page(run: Run) -> Page:
    """Return the page of a run of the corridor."""
    about = run.words.pick(run.background["corridor"].get("description"))
    return run_page(run, about, map(_shown, CHAPTERS), question(run), answer(run))


def _shown(chapter: Chapter) -> Chapter:
    """Return a chapter as the page shows it: of some the details are folded."""
    if chapter not in SHOWN:
        return chapter
    key, count = SHOWN[chapter]

    def told(run: Run) -> Section | None:
        section = chapter(run)
        if section is None or not (rest := section.blocks[count:]):
            return section
        return section._replace(blocks=[*section.blocks[:count], Fold(run.words(key), rest)])

    return told
