"""The answer to a named question: what it asks, the difference it makes, and who says so."""

from rumbo.report.answer.effects import (
    Effect,
    Held,
    about_beds,
    asked_period,
    effect_card,
    held,
    level_card,
    over_asked,
)
from rumbo.report.answer.sizes import sizes
from rumbo.report.corridor.statements import warnings
from rumbo.report.page.parts import Cards, PageBlock, Row, Section, Statement, Text
from rumbo.report.read.names import cautions, scenario_title
from rumbo.report.read.record import measure_title
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import simulated

FLOWS = ("zones", "gates", "stops", "waiting")
"""Quantities that an answer tells first."""

COSTS = ("transfers", "days_waited", "shelter_shortfall", "deaths")
"""Human cost that stands beside them."""


def answer(run: Run) -> Section | None:
    """Return the answer to the question that a run asks, or None where it asks none.

    Parameters
    ----------
    run
        A run of the corridor.

    Returns
    -------
    Section or None
        Told from the day on from which it is asked.
    """
    question = run.background.get("question")
    if not question:
        return None
    words, keys, (sides,) = run.words, quantities(run), held(run)
    cards = [
        effect_card(run, effect_of(run, key), sides, main=number == 0)
        for number, key in enumerate(keys)
    ]
    blocks: list[PageBlock] = [Cards([*_levels(run, sides), *cards[:1]])]
    if cards[1:]:
        blocks += [Text(words("ask.beside")), Cards(cards[1:])]
    blocks += [Text(" ".join(filter(None, (words.column(question["words"], "about"), _when(run)))))]
    blocks += [*sizes(run, sides.number), *(Text(one, "warning") for one in warnings(run))]
    notes = [*cautions(run, keys), words("ask.assumptions"), words("mark.note")]
    return Section("answer", words("ask.part"), [*blocks, *(Text(one, "note") for one in notes)])


def _levels(run: Run, sides: Held) -> list[Statement]:
    """Return how many beds are short, where beds are asked of: with those given, and those known.

    The number itself is the answer there, and the difference stands beside it.
    """
    if not about_beds(run):
        return []
    short = effect_of(run, "shelter_shortfall")
    titles = (scenario_title(run.scenarios[number], run) for number in sides)
    return [
        level_card(run, run.words("ask.of_side", side=side, measure=short.title), short.values, n)
        for n, side in zip(sides, titles, strict=True)
    ]


def title(run: Run) -> str:
    """Return the question that a run asks; empty if it asks none."""
    question: Row | None = run.background.get("question")
    return run.words.column(question["words"], "title") if question else ""


def quantities(run: Run) -> list[str]:
    """Return what an answer tells of: of beds the beds alone, else flows and human cost."""
    if about_beds(run):
        return ["shelter_shortfall"]
    return simulated(run, (*FLOWS, *COSTS))


def effect_of(run: Run, key: str) -> Effect:
    """Return a quantity of the corridor over the months asked about."""
    values = over_asked(run, run.series(key), QUANTITIES[key].what)
    return Effect(measure_title(run, key), values)


def _when(run: Run) -> str:
    """Say over which months is told, and from which day until which is asked."""
    words, question = run.words, run.background["question"]
    told = words("ask.over", period=asked_period(run))
    days = [
        words(key, day=words.day(question[name], short=False))
        for key, name in (("since", "since"), ("until", "until"))
        if question[name]
    ]
    return f"{words('ask.days', days=', '.join(days))} {told}" if days else told
