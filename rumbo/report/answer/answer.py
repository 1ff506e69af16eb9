"""The answer to a named question: the difference it makes, who says so, and what it costs."""

from rumbo.report.answer.effects import about_beds, asked_period, held, level, over_asked, told
from rumbo.report.corridor.front.sizes import sizes_fold
from rumbo.report.corridor.front.writing import writing
from rumbo.report.page.parts import Answer, PageBlock, Row, Section, Text
from rumbo.report.read.beds import has_beds, places_added, uncompared, within_known
from rumbo.report.read.contrast import Contrast
from rumbo.report.read.names import cautions, scenario_title
from rumbo.report.read.ranges import Amount
from rumbo.report.read.record import fails, marked
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import simulated

FLOWS = ("zones", "gates", "stops", "waiting")
"""Quantities that an answer tells first."""

COSTS = ("transfers", "days_waited", "shelter_shortfall", "deaths")
"""Human cost that stands beside them."""

SHORT = "shelter_shortfall"
"""What is told where beds are asked of."""


def answer(run: Run) -> Section | None:
    """Return the answer to the question that a run asks, or None where it asks none.

    Parameters
    ----------
    run
        A run of the corridor.

    Returns
    -------
    Section or None
        Told of the months in which its two sides differ.
    """
    blocks = answer_blocks(run)
    return Section("answer", run.words("ask.part"), blocks) if blocks else None


def answer_blocks(run: Run) -> list[PageBlock]:
    """Return the same as the blocks of a first screen; none where a run asks no question."""
    question = run.background.get("question")
    if not question:
        return []
    words, keys, (asked,) = run.words, quantities(run), held(run)
    amounts = [amount(run, key) for key in keys]
    may = writing(run, asked, amounts, asked_period(run))
    beds = [*uncompared(run), *within_known(run, asked)] if about_beds(run) else uncompared(run)
    notes = [*beds, *cautions(run, keys), words("ask.assumptions")]
    return [
        _of_beds(run, asked, amounts[0]) if about_beds(run) else told(run, asked, amounts),
        Text(f"{words.column(question['words'], 'about')} {_when(run)}".strip()),
        *sizes_fold(run, asked),
        *([] if about_beds(run) and places_added(run) else may),
        *(Text(one, "note") for one in notes),
    ]


def title(run: Run) -> str:
    """Return the question that a run asks; empty if it asks none."""
    question: Row | None = run.background.get("question")
    return run.words.column(question["words"], "title") if question else ""


def quantities(run: Run) -> list[str]:
    """Return what an answer tells of: of beds the beds alone, else flows and human cost."""
    return [SHORT] if about_beds(run) else simulated(run, (*FLOWS, *COSTS))


def amount(run: Run, key: str) -> Amount:
    """Return a quantity of the corridor over the months asked about."""
    words, what = run.words, QUANTITIES[key].what
    how = "sum_over" if what == "flow" else "mean_over"
    named = marked(run, words(how, title=words(f"measure.{key}")), key)
    return Amount(named, over_asked(run, run.series(key), what), fails(run, key))


def _of_beds(run: Run, asked: Contrast, short: Amount) -> Answer:
    """Return how many beds are short with those given, beside those known and the difference.

    Where places are known on one side alone the two stand beside each other and no more.
    """
    sides = (asked.having, asked.lacking)
    given, known = (level(run, _titled(run, n, short), short.values, n) for n in sides)
    change = told(run, asked, [short]).main
    having, lacking = (scenario_title(run.scenarios[n], run) for n in sides)
    period = asked_period(run)
    lead = run.words("ask.lead_beside", having=having, lacking=lacking, period=period)
    beside = [known] if places_added(run) else [known, change]
    return Answer(lead, given._replace(who=change.who), beside)


def _titled(run: Run, number: int, short: Amount) -> str:
    """Return what a level is of: its side, and all places with beds if there are several."""
    words, side = run.words, scenario_title(run.scenarios[number], run)
    several = sum(has_beds(run, place, number) for place in run.places) > 1
    measure = words("ask.all_places", measure=short.title) if several else short.title
    return words("ask.of_side", side=side, measure=measure)


def _when(run: Run) -> str:
    """Say over which months is told, and from which day until which is asked."""
    words, question = run.words, run.background["question"]
    over = words("ask.over", period=asked_period(run))
    ends = (("since", words.day), ("until", words.last_day))
    days = [words(end, day=of(question[end], short=False)) for end, of in ends if question[end]]
    return f"{words('ask.days', days=', '.join(days))} {over}" if days else over
