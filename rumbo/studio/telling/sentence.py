"""What an answer says in words: the sentence that answers, and who speaks for it."""

from functools import partial
from typing import NamedTuple

from rumbo.report.answer.effects import asked_period, held
from rumbo.report.corridor.front.effects import effect, shared
from rumbo.report.corridor.headline import period
from rumbo.report.corridor.speaks import speaker, speaks
from rumbo.report.page.words import capital
from rumbo.report.read.beds import places_added
from rumbo.report.read.contrast import Contrast, against, with_it
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import Amount, spread
from rumbo.report.read.run import Run
from rumbo.studio.telling.amounts import amounts_told, beds_alone
from rumbo.studio.told import both
from rumbo.studio.wording import LANGUAGES, Text, said

DRAWS, CHANCE = "draws", "chance"
"""Kinds of members: draws of the fit without chance, and simulations with it."""


class Spoken(NamedTuple):
    """What an answer says: the sentence, in a smaller voice who speaks for it, and the rest.

    Attributes
    ----------
    sentence
        The number asked for, with its range.
    aside
        Who speaks for its size, in a few words; empty where no number is said.
    rest
        What is compared with what and over which time, and what else is told.
    """

    sentence: Text
    aside: Text
    rest: Text


SILENT: Text = dict.fromkeys(LANGUAGES, "")
"""Nothing said."""


def spoken(
    run: Run, kind: str, place: str | None, what: Text, *, speaks: Text, one: bool, beds: bool
) -> Spoken:
    """Return what an answer says.

    Parameters
    ----------
    run
        The result: of one scenario, or of two that are compared.
    kind
        `DRAWS` or `CHANCE`.
    place
        Id of a place that is told of first; None if none is.
    what
        What differs from the record, in short.
    speaks
        Who speaks for the size of what is told, in a few words.
    one
        Whether it is a single draw: no number is said of it, since it has no range.
    beds
        Whether beds are asked of: those who find none come before those who are there.
    """
    if one:
        draw = said("sentence.one" if kind == DRAWS else "sentence.one_run")
        return Spoken(draw, SILENT, SILENT)
    if beds and (added := places_added(run)):
        place = place or added[0]
    first = both(run, partial(_first, place, beds))
    rest = both(run, partial(_rest, place, beds, what))
    return Spoken(first, _bracketed(speaks), rest)


def _bracketed(text: Text) -> Text:
    return {language: f"({own.removesuffix('.')})" for language, own in text.items()}


def _told(run: Run, amounts: list[Amount]) -> list[str]:
    """Return amounts as phrases: of one scenario its range, of two that of their difference."""
    if len(run.scenarios) > 1:
        (asked,) = held(run)
        effects = (effect(run, asked, one, beside=True) for one in amounts)
        return [f"{one.topic}: {one.short}" for one in effects]
    ends = [spread(one.values.isel(scenario=0)) for one in amounts]
    spans = [run.words.span(each.low, each.high) for each in ends]
    return [f"{one.title}: {span}" for one, span in zip(amounts, spans, strict=True)]


def _first(place: str | None, beds: bool, run: Run) -> str:
    return [*beds_alone(place, beds, run), *_told(run, amounts_told(place, beds, run)[:1])][0]


def _rest(place: str | None, beds: bool, what: Text, run: Run) -> str:
    """Return what stands below: what is compared, in how many members alike, the other numbers."""
    first, *others = amounts_told(place, beds, run)
    if len(run.scenarios) == 1:
        return "; ".join([capital(period(run)), *_told(run, others)]) + "."
    (asked,) = held(run)
    if beds_alone(place, beds, run):
        parts = _told(run, [first, *others])
    else:
        parts = [shared(run, asked, first), *_told(run, others)]
    return f"{_lead(run, asked, what)} {'; '.join(parts)}."


def _lead(run: Run, asked: Contrast, what: Text) -> str:
    """Return how an effect begins: with what, compared with what, over which time."""
    if run.background.get("question"):
        sides = (asked.having, asked.lacking)
        having, lacking = (scenario_title(run.scenarios[n], run) for n in sides)
        over = asked_period(run)
        return run.words("ask.lead", having=having, lacking=lacking, period=over)
    changed = run.words("contrast.in", what=what[run.words.language])
    told = with_it(run, asked) if asked.lever else changed
    return run.words(
        "front.lead", period=period(run), against=against(run, asked), **{"with": told}
    )


def who(run: Run, day: str, *, beds: bool) -> Text:
    """Return who speaks for the size of what is told.

    Parameters
    ----------
    run
        The run.
    day
        Day as of which the corridor was fitted; empty if it was not.
    beds
        Whether nothing but shelter places differs: whoever asks speaks for these.
    """
    if len(run.scenarios) == 1:
        return said("who.fitted", day=day) if day else said("who.unfitted")
    return both(run, _of_beds if beds else _who)


def speaks_briefly(run: Run, day: str, *, beds: bool) -> Text:
    """Return the same in a few words; parameters as in `who`."""
    if len(run.scenarios) == 1:
        return said("speaks.fitted" if day else "speaks.unfitted")
    return both(run, _of_beds if beds else _briefly)


def _of_beds(run: Run) -> str:
    return run.words("ask.who_beds")


def _who(run: Run) -> str:
    (asked,) = held(run)
    return speaks(run, asked.number)


def _briefly(run: Run) -> str:
    (asked,) = held(run)
    return speaker(run, asked.number).label
