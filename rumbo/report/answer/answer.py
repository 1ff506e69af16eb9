"""The answer to a named question: what it asks, the difference it makes, and who says so."""

from rumbo.report.answer.effects import Effect, asked_period, effect_card, over_asked
from rumbo.report.answer.sizes import sizes
from rumbo.report.corridor.statements import warnings
from rumbo.report.page.parts import Cards, PageBlock, Row, Section, Text
from rumbo.report.read.names import cautions
from rumbo.report.read.record import measure_title
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import simulated

FLOWS = ("zones", "gates", "stops", "waiting")
"""Quantities that an answer tells first."""

COSTS = ("transfers", "days_waited", "shelter_shortfall", "deaths")
"""Human cost that stands beside them."""

ASKED = 1
"""Number of the scenario with what is asked; the first is the one without."""


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
    words, keys = run.words, quantities(run)
    cards = [
        effect_card(run, effect_of(run, key), ASKED, main=number == 0)
        for number, key in enumerate(keys)
    ]
    blocks: list[PageBlock] = [Cards(cards[:1])]
    if cards[1:]:
        blocks += [Text(words("ask.beside")), Cards(cards[1:])]
    blocks += [Text(" ".join(filter(None, (words.column(question["words"], "about"), _when(run)))))]
    blocks += [*sizes(run, ASKED), *(Text(one, "warning") for one in warnings(run))]
    notes = [*cautions(run, keys), words("ask.assumptions"), words("mark.note")]
    return Section("answer", words("ask.part"), [*blocks, *(Text(one, "note") for one in notes)])


def title(run: Run) -> str:
    """Return the question that a run asks; empty if it asks none."""
    question: Row | None = run.background.get("question")
    return run.words.column(question["words"], "title") if question else ""


def quantities(run: Run) -> list[str]:
    """Return what an answer tells of: of beds the beds alone, else flows and human cost."""
    if run.background["question"]["about_beds"]:
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
