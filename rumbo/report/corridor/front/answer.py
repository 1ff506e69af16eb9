"""The first screen: the question as the page's title, and its answer."""

from collections.abc import Sequence

from rumbo.report.corridor.branches import mixed, of_branch
from rumbo.report.corridor.differences import amount_of
from rumbo.report.corridor.front.effects import effect
from rumbo.report.corridor.front.sizes import sizes_fold
from rumbo.report.corridor.front.writing import writing
from rumbo.report.corridor.headline import headlines, period
from rumbo.report.page.parts import Answer, PageBlock, Statement
from rumbo.report.page.style import colour
from rumbo.report.read.contrast import Contrast, against, contrast, contrasts, with_it
from rumbo.report.read.names import outcomes_title
from rumbo.report.read.ranges import Amount
from rumbo.report.read.record import fails, measure_title
from rumbo.report.read.run import Run
from rumbo.report.read.simulated import simulated

ASKED = "zones"
"""Quantity that the question is about."""

BESIDE = ("transfers", "waiting", "deaths")
"""Quantities that stand beside the answer: what the same costs people."""


def question(run: Run) -> str:
    """Return what the page of a run of the corridor asks."""
    what = inside(run)
    if run.branches:
        return run.words("front.question.branches", measure=what)
    if len(run.scenarios) == 1:
        return run.words("front.question.one", measure=what, period=period(run))
    return asked_of(run, what)


def asked_of(run: Run, measure: str) -> str:
    """Return what scenarios are compared for, the measure being named inside a sentence."""
    asked = contrast(run, 1)
    if len(run.scenarios) > 2:
        return run.words("front.question.several", measure=measure)
    key = "front.question.lever" if asked.lever else "front.question.scenario"
    return run.words(key, what=asked.what, measure=measure)


def inside(run: Run) -> str:
    """Return what the question is about as it is called inside a sentence."""
    own = run.words.own
    if "front.zones" not in own and f"measure.{ASKED}" in own:
        return run.words(f"measure.{ASKED}")
    return run.words("front.zones")


def answer(run: Run) -> list[PageBlock]:
    """Return the answer of the page of a run of the corridor."""
    if run.branches:
        return [_of_branches(run)]
    if len(run.scenarios) == 1:
        first, *rest = headlines(run)
        return [Answer("", first, [each._replace(sentence="") for each in rest])]
    beside = [amount_of(run, key) for key in simulated(run, BESIDE)]
    return effects(run, amount_of(run, ASKED), beside)


def effects(run: Run, main: Amount, beside: Sequence[Amount]) -> list[PageBlock]:
    """Return an answer for each scenario after the first, and what to know before quoting it.

    Parameters
    ----------
    run
        A run of two scenarios or more.
    main, beside
        The quantity that is asked about, and those that stand beside it.

    Returns
    -------
    list of PageBlock
    """
    blocks = list[PageBlock]()
    for asked in contrasts(run):
        told = lead(run, asked)
        stood = [effect(run, asked, each, beside=True) for each in beside]
        blocks += [Answer(told, effect(run, asked, main), stood), *sizes_fold(run, asked)]
        blocks += writing(run, asked, [main, *beside], period(run))
    return blocks


def lead(run: Run, asked: Contrast) -> str:
    """Return how an answer begins: with what, compared with what, over which time."""
    if asked.lever and len(run.scenarios) == 2:
        return run.words("front.lead_it", period=period(run))
    told = {"with": with_it(run, asked), "against": against(run, asked)}
    return run.words("front.lead", period=period(run), **told)


def _of_branches(run: Run) -> Answer:
    """Return what is asked about over all branches by their weights, and in each of them."""
    words, weak, title = run.words, fails(run, ASKED), measure_title(run, ASKED)
    several = [
        Statement(outcomes_title(name, run), _span(run, n), "", colour(n), weak=weak)
        for n, name in enumerate(run.branches)
    ]
    ends = mixed(run, ASKED, 0)
    half = words.span(ends.low_half, ends.high_half)
    told = words("front.mixture", half=half, middle=words.count(ends.middle))
    lead = words("front.lead_branches", period=period(run))
    main = Statement(title, words.span(ends.low, ends.high), told, colour(0), weak=weak)
    return Answer(lead, main, several)


def _span(run: Run, number: int) -> str:
    ends = of_branch(run, ASKED, 0, number)
    return run.words.span(ends.low, ends.high)
