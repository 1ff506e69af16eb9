"""The page of a run of displacement."""

from rumbo.report.corridor.limits import limits_section, run_citation
from rumbo.report.corridor.scenarios import scenarios
from rumbo.report.corridor.sources import parameters
from rumbo.report.corridor.statements import corridor_title, run_page
from rumbo.report.crisis.calendar import levers
from rumbo.report.crisis.camps import camps
from rumbo.report.crisis.costs import cost, differences
from rumbo.report.crisis.map import places
from rumbo.report.crisis.statements import answer, question, statements
from rumbo.report.page.parts import Page, Section
from rumbo.report.read.run import Run

LIMITS = (
    "limit.chance",
    "crisis.limit.given",
    "crisis.limit.rules",
    "crisis.limit.leaving",
    "crisis.limit.counts",
    "crisis.limit.capacity",
    "crisis.limit.coarse",
)


def limits(run: Run) -> Section:
    """Return the limits of a run of displacement."""
    return limits_section(run.words, LIMITS)


def cite(run: Run) -> Section:
    """Return how to cite a run of displacement, and its licences."""
    return run_citation(run, "cite.text", "crisis.licence", [run.words("licence.rumbo")])


CHAPTERS = (
    statements,
    scenarios,
    places,
    camps,
    differences,
    cost,
    levers,
    parameters,
    limits,
    cite,
)
"""Chapters of the page, in their order."""


def crisis_page(run: Run) -> Page:
    """Return the page of a run of displacement."""
    about = run.words.pick(run.background["corridor"].get("description"))
    return run_page(run, about, CHAPTERS, question(run, corridor_title(run)), answer(run))
