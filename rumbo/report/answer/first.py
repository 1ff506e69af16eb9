"""The first screen of a place's page: beds short, who is there, and what is changed by what."""

from collections.abc import Iterator

import numpy as np

from rumbo.report.answer.effects import (
    asked_months,
    asked_period,
    beds_side,
    held,
    level,
    over_asked,
    told,
)
from rumbo.report.answer.flows import (
    at_place,
    coming,
    days_there,
    leaving,
    named,
    places_text,
    seekers,
    share_range,
    short_of_beds,
    short_with,
    waiting_at,
)
from rumbo.report.corridor.front.sizes import sizes_fold
from rumbo.report.corridor.front.writing import lowered
from rumbo.report.page.links import led_to
from rumbo.report.page.parts import DASH, Answer, PageBlock, Statement, Text
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range
from rumbo.report.read.beds import has_beds, places_added
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import LEVELS, Amount
from rumbo.report.read.record import fails, marked
from rumbo.report.read.run import Run


def first_screen(run: Run, place: str) -> list[PageBlock]:
    """Return what a planner reads first of a place.

    Parameters
    ----------
    run
        A run of the corridor.
    place
        Id of the place.

    Returns
    -------
    list of PageBlock
        How it is there, beds short before all; what each scenario changes, and who makes the
        sizes; which page tells of the months ahead.
    """
    none = [Text(run.words("here.beds.none", place=named(run, place)), "note")]
    return [
        how_it_is(run, place),
        *([] if has_beds(run, place) or place in places_added(run) else none),
        *effects_there(run, place),
        Text(_ahead(run, place), "note"),
    ]


def how_it_is(run: Run, place: str) -> Answer:
    """Return how many beds are short, with what is asked and without, and who is there.

    Parameters
    ----------
    run, place
        As in `first_screen`.

    Returns
    -------
    Answer
        Over the months asked about; who is there is of the first scenario.
    """
    first, *others = _sides(run)
    there = [*_there(run, place)]
    if not has_beds(run, place, first):
        there += [_short(run, place, n) for n in others if has_beds(run, place, n)]
    else:
        others = [n for n in others if has_beds(run, place, n)]
        shorts = [_short(run, place, number) for number in (first, *others)]
        main = shorts[0]._replace(topic=short_with(run, place, first))  # the lead names its side
        there = [main._replace(who=_assumed(run, place, first)), *shorts[1:], *there]
    told = {"place": named(run, place), "period": asked_period(run)}
    title = scenario_title(run.scenarios[first if has_beds(run, place, first) else 0], run)
    return Answer(run.words("here.lead", scenario=title, **told), there[0], there[1:])


def in_a_line(run: Run, place: str) -> str:
    """Return the first number of a place's page as a sentence, for the page of the question."""
    main = how_it_is(run, place).main
    who = main.who or run.words("here.beds.none", place=named(run, place))
    return run.words("here.line", topic=main.topic, short=main.short, who=who)


def effects_there(run: Run, place: str) -> list[PageBlock]:
    """Return what each scenario changes at the place, compared with the first; none of one alone.

    Parameters
    ----------
    run, place
        As in `first_screen`.

    Returns
    -------
    list of PageBlock
        Each effect, and then who makes its sizes.
    """
    blocks = list[PageBlock]()
    for asked in held(run):
        blocks += [told(run, asked, [*_changed(run, place)]), *sizes_fold(run, asked)]
    return blocks


def _sides(run: Run) -> list[int]:
    """Return scenarios in the order in which they are told: where beds are given, those first."""
    return list(dict.fromkeys([beds_side(run), *range(len(run.scenarios))]))


def _short(run: Run, place: str, number: int) -> Statement:
    """Return how many beds are short in a scenario, its number of places in the title."""
    side, title = scenario_title(run.scenarios[number], run), short_with(run, place, number)
    title = run.words("ask.of_side", side=side, measure=lowered(title))
    return level(run, title, over_asked(run, short_of_beds(run, place), "stock"), number)


def _assumed(run: Run, place: str, number: int) -> str:
    """Return on what the number of beds short rests: who seeks one, and who counted the places."""
    words, row = run.words, seekers(run, place, number)
    share = words("here.who.seek", **share_range(run, row)) if row else words("here.seek.all")
    return f"{share} {places_text(run, place, number)}"


def _there(run: Run, place: str) -> Iterator[Statement]:
    """Go through who is there in the first scenario, over the months asked about."""
    words, weak = run.words, fails(run, "waiting", place=place)
    wait = marked(run, words("here.waiting"), "waiting", place=place)
    yield level(run, wait, over_asked(run, waiting_at(run, place), "stock"), 0, weak=weak)
    for amount in _asking(run, place):
        yield level(run, amount.title, amount.values, 0, weak=amount.weak)
    for key, values in (("here.coming", coming), ("here.leaving", leaving)):
        yield level(run, words(key), over_asked(run, values(run, place), "flow"), 0)
    yield _stay(run, place)


def _stay(run: Run, place: str) -> Statement:
    """Return how long people are there: a length in days is no count, and has its own form."""
    words = run.words
    days = days_there(run, place, lambda each: asked_months(run, each).sum("month"))
    days = days.isel(scenario=0)
    if bool(np.isnan(days.values).all()):
        return Statement(words("here.stay"), DASH, words("here.stay.nobody"), colour(0))
    ends = Range(*map(float, np.nanquantile(days.values, LEVELS)))
    form = {name: words.value(float(f"{end:.2g}")) for name, end in ends._asdict().items()}
    short = words("here.days", low=form["low"], high=form["high"])
    said = words("here.range", **form)
    return Statement(words("here.stay"), short, said, colour(0))


def _changed(run: Run, place: str) -> Iterator[Amount]:
    """Go through the quantities of which differences are told, beds first."""
    words, weak = run.words, fails(run, "waiting", place=place)
    wait = marked(run, words("here.waiting"), "waiting", place=place)
    if has_beds(run, place) and place not in places_added(run):
        yield Amount(words("here.short"), over_asked(run, short_of_beds(run, place), "stock"))
    yield Amount(wait, over_asked(run, waiting_at(run, place), "stock"), weak)
    yield from _asking(run, place)
    flows = {"here.coming": coming(run, place), "here.leaving": leaving(run, place)}
    yield from (Amount(words(key), over_asked(run, each, "flow")) for key, each in flows.items())


def _asking(run: Run, place: str) -> Iterator[Amount]:
    """Give the people there who ask for an appointment: legal aid plans by them; none if nobody."""
    asking = at_place(run, "queue", place) if "queue" in run.data else None
    if asking is not None and asking.any():
        title = marked(run, run.words("here.asking"), "queue")
        yield Amount(title, over_asked(run, asking, "stock"), fails(run, "queue"))


def _ahead(run: Run, place: str) -> str:
    """Say that the months are past, which page tells of those ahead, and why middles differ."""
    words, fit = run.words, run.background.get("posterior")
    told = {"period": asked_period(run)}
    if fit:
        past = words("here.past.fitted", day=words.day(fit["as_of"], short=False), **told)
    else:
        past = words("here.past", **told)
    corridor = run.background["corridor"]["id"]
    return led_to(f"{past} {words('here.ahead')}", f"rumbo outlook {corridor} --place {place}")
